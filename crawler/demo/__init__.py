"""A small party portal of the project's own: an invented province, invented people, real page shapes.

`portal.py` serves it on loopback: the whole way of an article can be rehearsed, no real server is asked.
"""
