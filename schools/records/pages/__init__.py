"""The pages of a student's file."""
