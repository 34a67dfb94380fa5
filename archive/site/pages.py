"""The site's own pages: front page, search, article."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request, Response
from pluggy import HookimplMarker

from archive.site import downloads, find, health, results, whole
from archive.site.guarding import closed_routes
from archive.site.html import article_body
from archive.site.i18n import DEFAULT, Language
from archive.site.rendering import Routes, readable, render

NEWEST = 12  # articles on the front page
PORTALS_SHOWN = 70

hookimpl = HookimplMarker("datasette")


async def front(datasette: Datasette, request: Request) -> Response:
    """The search box, what is here, and the newest articles."""
    counts = {row["name"]: row["n"] for row in await find.rows(datasette, "select name, n from counts")}
    build = (await find.rows(datasette, "select * from build"))[0]
    newest = await find.rows(datasette, f"select {find.LISTED} from articles a order by a.seq desc limit {NEWEST}")
    names = {r["key"]: r["name"] for r in await find.rows(datasette, "select key, name from portals")}
    groups = {name: _group(counts, name) for name in ("province", "portal", "year")}
    portals = [(key, names.get(key, key), n) for key, n in groups["portal"][:PORTALS_SHOWN]]
    context = {
        "counts": counts,
        "build": build,
        "newest": newest,
        "portals": portals,
        "provinces": groups["province"],
        "years": _bars(groups["year"]),
    }
    return await render(datasette, request, "site_front.html", context)


def _group(counts: Mapping[str, int], name: str) -> list[tuple[str, int]]:
    """The counts of one filter that were made at publishing, the largest first."""
    found = [(key.removeprefix(f"{name}/"), n) for key, n in counts.items() if key.startswith(f"{name}/")]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def _bars(years: list[tuple[str, int]]) -> list[dict[str, Any]]:
    """The years in order, gaps included, with the height of each bar in hundredths of the tallest."""
    numbers = {int(year): n for year, n in years}
    if not numbers:
        return []
    tallest = max(numbers.values())
    return [
        {"year": year, "n": numbers.get(year, 0), "height": round(100 * numbers.get(year, 0) / tallest)}
        for year in range(min(numbers), max(numbers) + 1)
    ]


async def article(datasette: Datasette, request: Request) -> Response:
    """The permalink of an article."""
    values = {"id": int(request.url_vars["id"])}
    held = await find.rows(datasette, "select * from articles where id = :id", values)
    if not held:
        raise NotFound("no such article")
    row = held[0]
    parts = {
        name: await find.rows(datasette, f"select * from article_{name} where article = :id order by position", values)
        for name in ("sections", "tags", "images")
    }
    parts["files"] = await downloads.files_of(datasette, row["id"])
    t = Language(request.args.get("lang", DEFAULT))
    body = article_body(row["body_html"], row["body"], str(t("image")))
    shown_inline = row["body_html"] or ""
    lead_image = await downloads.lead_image(datasette, row)
    kept = lead_image["url"] if lead_image else None
    parts["images"] = [one for one in parts["images"] if one["url"] not in shown_inline and one["url"] != kept]
    context = {
        "row": row,
        "body": body,
        "lead": "" if (row["body"] or "").startswith(row["lead"] or "\0") else row["lead"],
        "lead_image": lead_image,
        "permalink": datasette.absolute_url(request, datasette.urls.path(f"/a/{row['id']}")),
        **parts,
    }
    return await render(datasette, request, "site_article.html", context)


ROUTES: Routes = [
    (r"^/$", front),
    (r"^/a/(?P<id>\d{1,16})$", article),  # 53 bits are 16 digits
]
MODULES = (
    ROUTES,
    downloads.ROUTES,
    health.ROUTES,
    whole.ROUTES,
    results.ROUTES,
)


@hookimpl
def register_routes(datasette: Datasette) -> Routes:
    """The routes of every module of pages, then what is closed; a plugin's are tried before Datasette's own."""
    return [(path, readable(page)) for routes in MODULES for path, page in routes] + closed_routes(datasette)
