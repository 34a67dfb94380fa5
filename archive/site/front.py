"""The front page: the box, what is here, where and when, what is new. Counts of publishing and bounded lists alone."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from archive import provinces
from archive.site import charts, document, find, places
from archive.site.rendering import Routes, render

NEWEST = 12  # articles
PORTALS_SHOWN = 12
DOCUMENTS_SHOWN = 8
SHADES = 5  # of a tile, by its share of the largest

TILES = Path(__file__).with_name("tiles.csv")


@dataclass(frozen=True, slots=True)
class Tile:
    """A province of today on the map of tiles: where it lies (column and row), how many articles, how dark."""

    slug: str
    name: str
    x: int
    y: int
    n: int
    shade: int


@cache
def _places() -> list[tuple[str, int, int]]:
    with TILES.open(encoding="utf-8", newline="") as rows:
        return [(row["slug"], int(row["x"]), int(row["y"])) for row in csv.DictReader(rows)]


def tiles(counts: Mapping[str, int]) -> list[Tile]:
    """The provinces of today in their places; shade 0 is none, SHADES the most."""
    known, most = provinces.load(), max(counts.values(), default=0)
    return [
        Tile(slug, known.by_slug[slug].name, x, y, n := counts.get(slug, 0), _shade(n, most))
        for slug, x, y in _places()
    ]


def _shade(n: int, most: int) -> int:
    return -(-SHADES * n // most) if n else 0


async def front(datasette: Datasette, request: Request) -> Response:
    """/."""
    names = ("articles", "portals", "provinces")
    sql = "select name, n from counts where name in ('articles', 'portals', 'provinces')"
    counts = dict.fromkeys(names, 0) | {row["name"]: row["n"] for row in await find.rows(datasette, sql)}
    months = await find.rows(datasette, "select month, n from month_counts where list = 'all' and month != ''")
    on_the_map = await places.today_counts(datasette)
    context = {
        "counts": counts,
        "build": (await find.rows(datasette, "select * from build"))[0],
        "timeline": charts.timeline({row["month"]: row["n"] for row in months}),
        "tiles": tiles(on_the_map),
        "on_the_map": bool(on_the_map),
        "off_the_map": await _off_the_map(datasette),
        "newest": await find.rows(
            datasette, f"select {find.LISTED} from articles a order by a.seq desc limit {NEWEST}"
        ),
        "documents": await document.most_cited(datasette, DOCUMENTS_SHOWN),
        "portals": await places.portals(datasette, limit=PORTALS_SHOWN),
    }
    return await render(datasette, request, "site_front.html", context)


async def _off_the_map(datasette: Datasette) -> list[tuple[str, int]]:
    """What portals call their province and is none: the Centre, an invented one. With articles, the most first."""
    sql = "select name, n from counts where name >= 'province/' and name < 'province0' order by n desc limit 200"
    named = [(row["name"].removeprefix("province/"), row["n"]) for row in await find.rows(datasette, sql)]
    return [(name, n) for name, n in named if provinces.load().nearest(name, date.max) is None]


ROUTES: Routes = [(r"^/$", front)]
