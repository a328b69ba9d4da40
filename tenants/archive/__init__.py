"""A school as one file: a whole copy for restoring, or a portable export; written, checked, loaded, compared."""
