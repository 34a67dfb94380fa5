"""The provinces, old and new: areas, each with the days on which it was one, what it became, and its spellings.

A name is not an area: "Lâm Đồng" until 2025-06-30 and "Lâm Đồng" since 2025-07-01 (with Đắk Nông and Bình Thuận) are
two. So everything here is asked with a day. The areas are rows of provinces.csv; `load()` reads them once.

Sources of the rows: Resolution 202/2025/QH15 (63 to 34, at work from 2025-07-01), 175/2024/QH15 (Huế, from
2025-01-01), 15/2008/QH12 (Hà Tây into Hà Nội, from 2008-08-01); codes of the statistics office. History begins with
the 64 of 2004: an open `valid_from` stands for "as long as there have been portals". Districts and communes that
changed hands alone (Mê Linh, 2008) make no new area.
"""

from __future__ import annotations

import csv
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path

from archive import clock, search
from archive.place_names import Finder, Mention

ROWS = Path(__file__).with_name("provinces.csv")
COLUMNS = ("slug", "code", "name", "type", "valid_from", "valid_to", "became", "today", "spellings")

COMING = timedelta(days=366)  # how long before its first day an area may be spoken of as "Lâm Đồng (mới)"

_PREFIX = re.compile(r"(?:tỉnh|thành phố|tp)[\s.]+", re.IGNORECASE)
_NO_LETTER = re.compile(r"[\W_]+")


class ProvincesError(ValueError):
    """provinces.csv contradicts itself; the message names the area by its slug."""


@dataclass(frozen=True, slots=True)
class Area:
    """One area while it was a province; first and last day inclusive, None where open.

    `slug` is its permanent address: ASCII, given once, never given to another area. `became` is the name of the area
    it belongs to from the day after `valid_to`.
    """

    slug: str
    code: str
    name: str
    type: str
    valid_from: date | None
    valid_to: date | None
    became: str
    spellings: tuple[str, ...]

    @property
    def first(self) -> date:
        """The first day, for comparing."""
        return self.valid_from or date.min

    @property
    def last(self) -> date:
        """The last day, for comparing."""
        return self.valid_to or date.max

    def valid_on(self, day: date) -> bool:
        """Whether it was a province on that day."""
        return self.first <= day <= self.last


class Provinces:
    """All areas, and what their names meant on a day. Nothing here changes after it was made."""

    def __init__(self, areas: tuple[Area, ...]) -> None:
        """Raises ProvincesError: two areas share a slug or, on one day, a name; or `became` leads nowhere."""
        self.areas = areas
        self.by_slug = {area.slug: area for area in areas}
        self._named: dict[str, list[Area]] = {}
        for area in sorted(areas, key=lambda area: area.first):
            for key in dict.fromkeys(_key(name) for name in (area.name, *area.spellings)):
                self._named.setdefault(key, []).append(area)
        self._check()

    def valid_on(self, day: date) -> tuple[Area, ...]:
        """The provinces of that day, in the order of the file."""
        return tuple(area for area in self.areas if area.valid_on(day))

    def area(self, name: str, on: date) -> Area | None:
        """The area that bore the name (in any spelling or letter case, "tỉnh" before it or not) on that day."""
        return next((area for area in self._bearers(name) if area.valid_on(on)), None)

    def nearest(self, name: str, on: date) -> Area | None:
        """As area(); else the last that bore the name before that day; else the first that did after it."""
        return _nearest(self._bearers(name), on)

    def at(self, area: Area, on: date) -> Area:
        """What the area belonged to on that day: `became`, followed. One that is yet to come stays itself."""
        while area.last < on:
            following = self._following(area)
            if following is None:
                break
            area = following
        return area

    def today(self, area: Area, day: date | None = None) -> Area:
        """What the area belongs to now: at(), by the clock of the run unless a day is given."""
        return self.at(area, day or clock.now().date())

    def formed_from(self, area: Area) -> tuple[Area, ...]:
        """The areas that became this one; empty for one that has been there from the start."""
        return tuple(old for old in self.areas if old.became and self._following(old) == area)

    def named_in(self, text: str, on: date) -> tuple[Area, ...]:
        """The areas that a text of that day names, each once, in the order of the text.

        A name means the area of that day; one that had ceased to be means the area that had borne it last ("Bình
        Phước" in 2026); "Lâm Đồng cũ" means the one before, "Lâm Đồng (mới)" one that begins within a year. What is no
        name of a province though written like one is the business of place_names.py.
        """
        meant = (self._meant(mention, on) for mention in self._finder.find(text))
        return tuple(dict.fromkeys(area for area in meant if area))

    def _meant(self, mention: Mention, on: date) -> Area | None:
        bearers = self._bearers(mention.name)
        if mention.former:
            bearers = [area for area in bearers if area.last < on][-1:] or bearers
        elif mention.coming:
            bearers = [area for area in bearers if on < area.first and area.first - on <= COMING][:1] or bearers
        return _nearest(bearers, on)

    def _bearers(self, name: str) -> list[Area]:
        """The areas that ever bore a name, in the order of time."""
        found = self._named.get(_key(name))
        if found is None and (prefix := _PREFIX.match(search.visible(name))):
            found = self._named.get(_key(search.visible(name)[prefix.end() :]))
        return found or []

    def _following(self, area: Area) -> Area | None:
        if area.valid_to is None:
            return None
        return self.area(area.became, area.valid_to + timedelta(days=1))

    @cached_property
    def _finder(self) -> Finder:
        return Finder(name for area in self.areas for name in (area.name, *area.spellings))

    def _check(self) -> None:
        if len(self.by_slug) != len(self.areas):
            raise ProvincesError("two areas share a slug")
        for bearers in self._named.values():
            for earlier, later in pairwise(bearers):
                if later.first <= earlier.last:
                    raise ProvincesError(f"{earlier.slug} and {later.slug} bear one name on the same day")
        for area in self.areas:
            if (area.valid_to is None) == bool(area.became) or (area.became and self._following(area) is None):
                raise ProvincesError(f"{area.slug}: valid_to and became do not name the area that followed")


def _nearest(bearers: list[Area], on: date) -> Area | None:
    """The last that had begun by that day, else the first of all; None of none."""
    begun = [area for area in bearers if area.first <= on]
    return begun[-1] if begun else next(iter(bearers), None)


@cache
def load(path: Path = ROWS) -> Provinces:
    """The areas of a file of the shape of provinces.csv. Raises ProvincesError; ValueError for a date that is none."""
    with open(path, encoding="utf-8", newline="") as rows:
        return Provinces(tuple(_read(rows)))


def _read(lines: Iterator[str]) -> Iterator[Area]:
    for row in csv.DictReader(lines):
        yield Area(
            slug=row["slug"],
            code=row["code"],
            name=row["name"],
            type=row["type"],
            valid_from=date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
            valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            became=row["became"],
            spellings=tuple(filter(None, row["spellings"].split("|"))),
        )


def fill(connection: sqlite3.Connection) -> None:
    """Bring the table `provinces` up to provinces.csv, in the caller's transaction; writes only where they differ.

    An open `valid_from` is '' (before every day), an open `valid_to` null; `became` is a name, null while the area
    stands; `today` is the slug of what it belongs to now; `spellings` stand apart by "|".
    """
    if is_filled(connection):
        return
    connection.execute("delete from provinces")
    marks = ", ".join("?" * len(COLUMNS))
    connection.executemany(f"insert into provinces ({', '.join(COLUMNS)}) values ({marks})", _rows())


def is_filled(connection: sqlite3.Connection) -> bool:
    """Whether the table `provinces` is as provinces.csv has it today. Only reads."""
    held = connection.execute(f"select {', '.join(COLUMNS)} from provinces order by slug")
    return [tuple(row) for row in held] == sorted(_rows())


def _rows() -> list[tuple[str | None, ...]]:
    """The table as it should be, in the order of the file."""
    known = load()
    return [_record(area, known.today(area)) for area in known.areas]


def _record(area: Area, today: Area) -> tuple[str | None, ...]:
    """The row of an area, in the order of COLUMNS."""
    return (
        area.slug,
        area.code,
        area.name,
        area.type,
        area.valid_from.isoformat() if area.valid_from else "",
        area.valid_to.isoformat() if area.valid_to else None,
        area.became or None,
        today.slug,
        "|".join(area.spellings),
    )


def _key(name: str) -> str:
    """What all spellings of a name share: its letters, in one case and one tone placement, nothing between them."""
    return _NO_LETTER.sub("", search.normalise(name)).casefold()
