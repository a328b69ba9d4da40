"""The pages of a school's own facts."""
