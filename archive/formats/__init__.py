"""Articles as files that other programs read: which columns, how they are read from a copy, and one module a format."""
