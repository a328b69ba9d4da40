"""The pages of admissions: the family's, the office's, and the builder of forms."""
