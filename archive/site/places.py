"""The pages of portals and of provinces: how fresh, how many, what stood there and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request, Response

from archive import provinces
from archive.provinces import Area
from archive.site import find
from archive.site.listing import listing, some
from archive.site.rendering import Routes, render

RUNS = 14  # nights of a portal
FEW = 10  # withdrawn and edited articles of a portal

# Under which filter of the search the articles of an area stand, by `how` of article_provinces.
FILTER_OF = {"today": "province", "portal": "province_then", "named": "province_named"}

Row = Mapping[str, Any]

# All that is counted, not name by name: a copy of an older version says less, and is served until the next one is made.
PORTALS = "select p.*, n.* from portals p join portal_counts n on n.portal = p.key"


async def portals(datasette: Datasette, *, limit: int = 1_000) -> list[Row]:
    """The portals with their counts and their area, those of most articles first."""
    return await find.rows(datasette, f"{PORTALS} order by n.articles desc, p.name limit :limit", {"limit": limit})


def area_of(portal: Row) -> Area | None:
    """The area of a portal in its own time: its province's name as the day of its first article has it."""
    return provinces.load().nearest(portal["province"] or "", _day(portal["first"]) or date.max)


def _day(moment: str | None) -> date | None:
    return date.fromisoformat(moment[:10]) if moment else None


async def portal(datasette: Datasette, request: Request) -> Response:
    """/portal/KEY."""
    key = request.url_vars["key"]
    held = await find.rows(datasette, f"{PORTALS} where p.key = :key", {"key": key})
    if not held:
        raise NotFound("no such portal")
    area = area_of(held[0])
    context = {
        "portal": held[0],
        "area": area,
        "area_today": provinces.load().today(area) if area else None,
        "here": f"/portal/{key}",
        "listing": await listing(datasette, request, f"from/{key}", {"portal": key}),
        "gone": await some(datasette, {"portal": key, "withdrawn": "yes"}, limit=FEW),
        "edited": await some(datasette, {"portal": key, "edited": "yes"}, limit=FEW),
        "runs": await find.rows(
            datasette,
            'select started, finished, requests, "new", changed, failed, verdict from run_portals '
            f"where portal = :key order by run desc limit {RUNS}",
            {"key": key},
        ),
        "successors": await find.rows(
            datasette, "select key, name from portals where succeeds = :key order by key", {"key": key}
        ),
        "predecessor": await find.rows(
            datasette, "select key, name from portals where key = :key", {"key": held[0]["succeeds"]}
        ),
    }
    return await render(datasette, request, "site_portal.html", context)


async def all_portals(datasette: Datasette, request: Request) -> Response:
    """/portals."""
    return await render(datasette, request, "site_portals.html", {"portals": await portals(datasette)})


async def province(datasette: Datasette, request: Request) -> Response:
    """/province/SLUG: an area of any time; ?list=named lists the articles that name it."""
    known = provinces.load()
    area = known.by_slug.get(request.url_vars["slug"])
    if area is None:
        raise NotFound("no such province")
    today = known.today(area)
    how = "today" if area == today else "portal"
    chosen = "named" if request.args.get("list") == "named" else how
    counts = await totals(datasette, [f"{how}/{area.slug}", f"named/{area.slug}"])
    formed = known.formed_from(area)
    here = [one for one in await portals(datasette) if (of := area_of(one)) and area in (of, known.today(of))]
    context = {
        "area": area,
        "area_today": today,
        "formed": formed,
        "formed_counts": await totals(datasette, [f"portal/{one.slug}" for one in formed]),
        "later": known.at(area, area.valid_to + timedelta(days=1)) if area.valid_to else None,
        "here": f"/province/{area.slug}",
        "by_name": chosen == "named",
        "n_belongs": counts.get(f"{how}/{area.slug}", 0),
        "n_named": counts.get(f"named/{area.slug}", 0),
        "filter": FILTER_OF[chosen],
        "listing": await listing(datasette, request, f"{chosen}/{area.slug}", {FILTER_OF[chosen]: area.slug}),
        "portals": here,
    }
    return await render(datasette, request, "site_province.html", context)


async def totals(datasette: Datasette, lists: Iterable[str]) -> dict[str, int]:
    """How many articles are on each of some lists; those of none are missing."""
    values = {f"l{i}": name for i, name in enumerate(lists)}
    marks = ", ".join(f":{name}" for name in values) or "null"
    sql = f"select list, n from month_counts where month = '' and list in ({marks})"
    return {row["list"]: row["n"] for row in await find.rows(datasette, sql, values)}


async def today_counts(datasette: Datasette) -> dict[str, int]:
    """Articles by area of today, by its slug."""
    found = await totals(datasette, (f"today/{area.slug}" for area in areas_of_today()))
    return {name.removeprefix("today/"): n for name, n in found.items()}


def areas_of_today() -> Sequence[Area]:
    """The provinces as they are now."""
    known = provinces.load()
    return [area for area in known.areas if known.today(area) == area]


async def all_provinces(datasette: Datasette, request: Request) -> Response:
    """/provinces: those of today with what they were formed from."""
    known = provinces.load()
    areas = areas_of_today()
    context = {
        "areas": [(area, known.formed_from(area)) for area in sorted(areas, key=lambda area: area.slug)],
        "counts": await today_counts(datasette),
        "then": await totals(datasette, (f"portal/{area.slug}" for area in known.areas)),
    }
    return await render(datasette, request, "site_provinces.html", context)


ROUTES: Routes = [
    (r"^/portal/(?P<key>[a-z0-9_]{1,100})$", portal),
    (r"^/portals$", all_portals),
    (r"^/province/(?P<slug>[a-z0-9-]{1,100})$", province),
    (r"^/provinces$", all_provinces),
]
