"""A portal whose CMS is unknown: nothing is known beforehand, everything is learned from its pages."""

from __future__ import annotations

from crawler.cms.general import General, Traits
from crawler.portals import Portal

TRAITS = Traits("generic")


def family(portal: Portal) -> General:
    """The reader of one portal."""
    return General(TRAITS, portal)
