"""The pages of families: the guardian's sheet, the office's queue, the rounds."""
