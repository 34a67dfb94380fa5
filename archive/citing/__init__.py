"""Finding the party and state documents that a text cites; archive/documents.py keeps what is found."""
