"""Every list as a file to take home: CSV, Excel or paper, with the filters and the rights of its page."""
