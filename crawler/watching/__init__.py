"""Watching a crawl: the state of each portal, as a live table on a terminal or as lines in the log elsewhere."""

from crawler.watching.watch import Watch

__all__ = ["Watch"]
