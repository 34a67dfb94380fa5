"""What a request is made for: the cost of a night is told by it, in the report and in `run_portals.purposes`."""

from __future__ import annotations

from enum import StrEnum


class Purpose(StrEnum):
    """Each request to a portal is made for one of these."""

    NEWS = "news"  # robots.txt, sitemap, feed, home page, listings for what is new on them, and the new articles
    RECHECK = "recheck"  # an article that is known: edited, withdrawn?
    SWEEP = "sweep"  # the weekly walk through all listings
    BACKFILL = "backfill"  # what a portal had before it was first crawled
    FILES = "files"  # attached files
