"""The archive: what an article is, how it is kept, and how it is published. Knows no HTML selector."""
