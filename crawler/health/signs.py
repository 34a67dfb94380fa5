"""What a portal's pages are known by: names on all its listings, and the places where its articles' text stands.

Kept in the table portal_signs. A listing is asked for every night: when a name that stood on all of them is on none
any more, the theme has changed, and some known articles are asked for to see whether they can still be read.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter

from crawler.health.limits import KNOWN_SHARE, RARE, SETTLED

NAMED = re.compile(r"""\s(?:class|id)\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)')""", re.I)
DIGIT = re.compile(r"\d")
MOST_NAMES = 200  # that are remembered of the listings


def names(text: str) -> frozenset[str]:
    """The class names and ids in the source of a page; those with a digit are left out, as made anew for each page."""
    found: set[str] = set()
    for match in NAMED.finditer(text):
        found.update((match[1] or match[2] or "").split())
    return frozenset(name for name in found if not DIGIT.search(name))


class Signs:
    """The signs of one portal; writes happen in the caller's transactions."""

    def __init__(self, connection: sqlite3.Connection, portal: str) -> None:
        self.db = connection
        self.portal = portal
        sql = "select sign, pages from portal_signs where portal = ? and kind = ?"
        self.on_listings = {row[0] for row in connection.execute(sql, [portal, "listing"])}
        self.places: Counter[str] = Counter({row[0]: row[1] for row in connection.execute(sql, [portal, "article"])})

    @property
    def are_settled(self) -> bool:
        """Whether enough articles were read, nearly all of them in the same few places."""
        pages = self.places.total()
        usual = sum(number for number in self.places.values() if self._is_usual(number))
        return pages >= SETTLED and usual >= KNOWN_SHARE * pages

    def knows(self, place: str) -> bool:
        """Whether the text of articles stands there; "" is a place that its name tells."""
        return place == "" or self._is_usual(self.places[place])

    def _is_usual(self, number: int) -> bool:
        return number > max(1, RARE * self.places.total())

    def learn(self, places: Counter[str], now: str) -> None:
        """These many articles were read in these places."""
        self.places.update(places)
        for place, number in places.items():
            self._add("article", place, number, now)

    def learn_listings(self, common: frozenset[str], now: str) -> None:
        """These names stood on all listings of a night: what was on all of them before and is not is forgotten."""
        common = frozenset(sorted(common)[:MOST_NAMES])
        both = self.on_listings & common
        if self.on_listings and 2 * len(both) >= len(common):
            common = frozenset(both)
        if common == self.on_listings:
            return
        self.on_listings = set(common)
        self.db.execute("delete from portal_signs where portal = ? and kind = 'listing'", [self.portal])
        for name in sorted(common):
            self._add("listing", name, 1, now)

    def _add(self, kind: str, sign: str, pages: int, now: str) -> None:
        self.db.execute(
            "insert into portal_signs (portal, kind, sign, pages, seen) values (?, ?, ?, ?, ?) "
            "on conflict (portal, kind, sign) do update set pages = pages + excluded.pages, seen = excluded.seen",
            [self.portal, kind, sign, pages, now],
        )
