"""`make bench`: the figures this project promises, measured on the machine at hand."""
