"""The pages of years, classes, subjects and teaching groups."""
