"""The page of an article: everything that the archive knows of it, asked in one go."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request, Response

from archive import tallying
from archive.site import charts, cite, downloads, find
from archive.site.html import article_body
from archive.site.rendering import Routes, language_of, render

MOST = 50  # of any list beside the text that could be long: reprints, versions
VIEWS = 400  # points of the curve of views

_BRIEF = "a.id, a.title, a.published, a.first_seen, a.portal, a.portal_name, a.gone"
LISTS = {
    "sections": "select section from article_sections where article = :id order by position",
    "tags": "select tag from article_tags where article = :id order by position",
    "images": "select url, caption from article_images where article = :id order by position",
    "citations": "select d.id, d.code, d.issuer, d.date, c.quote, coalesce(nullif(c.kind, ''), d.kind) as kind, "
    "n.slug, n.articles from citations c join documents d on d.id = c.document "
    "join document_counts n on n.document = d.id where c.article = :id order by n.articles desc, d.code",
    "provinces": "select p.how, v.name, v.slug from article_provinces p join provinces v on v.slug = p.province "
    "where p.article = :id order by v.name",
    "original": f"select {_BRIEF}, r.similarity from reprints r join articles a on a.id = r.original "
    "where r.article = :id",
    "revisions": "select number, seen, snapshot, text_sha256 from revisions where article = :id order by number desc "
    f"limit {MOST}",
    "withdrawals": "select noticed, confirmed, returned, how from withdrawals where article = :id order by noticed",
    "views": "select seen, views from view_counts where article = :id and views is not null order by seen "
    f"limit {VIEWS}",
}
# The others of the same text, the first of them first: those that name the same original.
REPRINTS = (
    f"select {_BRIEF}, r.similarity from reprints r join articles a on a.id = r.article where r.original = :original "
    f"and r.article != :id order by coalesce(a.published, a.first_seen), a.id limit {MOST}"
)
NEIGHBOUR = (
    "select id, title, published from articles where portal = :portal and seq {beyond} :seq order by seq {way} limit 1"
)


@dataclass(slots=True)
class Known:
    """An article, and the rows that hang on it by the names of LISTS."""

    row: dict[str, Any]
    lists: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def original(self) -> dict[str, Any] | None:
        """The article that this one reprints; None where it is the first, or alone."""
        return next(iter(self.lists["original"]), None)


def known(connection: sqlite3.Connection, id: int) -> Known | None:
    """What the copy holds of an article; None where it is not published."""
    found = _rows(connection, "select * from articles where id = :id", {"id": id})
    if not found:
        return None
    article = Known(found[0])
    article.lists = {name: _rows(connection, sql, {"id": id}) for name, sql in LISTS.items()}
    original = article.original["id"] if article.original else id
    article.lists["reprints"] = _rows(connection, REPRINTS, {"id": id, "original": original})
    for name, beyond, way in (("earlier", "<", "desc"), ("later", ">", "asc")):
        sql = NEIGHBOUR.format(beyond=beyond, way=way)
        article.lists[name] = _rows(connection, sql, article.row)
    return article


def _rows(connection: sqlite3.Connection, sql: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    cursor = connection.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


async def get(datasette: Datasette, request: Request) -> Known:
    """The article that an address names. Raises NotFound: there is none, or not for readers."""
    id = int(request.url_vars["id"])
    found: Known | None = await find.copy(datasette).execute_fn(lambda connection: known(connection, id))
    if found is None:
        raise NotFound("no such article")
    return found


async def page(datasette: Datasette, request: Request) -> Response:
    """The permalink of an article."""
    article = await get(datasette, request)
    row, lists = article.row, article.lists
    t = language_of(request)
    files = await downloads.files_of(datasette, row["id"])
    lead_image = await downloads.lead_image(datasette, row)
    shown = (row["body_html"] or "", lead_image["url"] if lead_image else "")
    permalink = permalink_of(datasette, request, row["id"])
    context = {
        **lists,
        "row": row,
        "body": article_body(row["body_html"], row["body"], str(t("image"))),
        "lead": "" if (row["body"] or "").startswith(row["lead"] or "\0") else row["lead"],
        "files": files,
        "lead_image": lead_image,
        "images": [one for one in lists["images"] if one["url"] not in shown[0] and one["url"] != shown[1]],
        "original": article.original,
        "history": history(article),
        "curve": charts.curve([(one["seen"], one["views"]) for one in lists["views"]]),
        "places": {how: [one for one in lists["provinces"] if one["how"] == how] for how in tallying.HOWS},
        "permalink": permalink,
        "cited_as": cite.sentences(row, permalink),
        "meta": cite.meta(row, permalink),
        "formats": cite.FORMATS,
    }
    return await render(datasette, request, "site_article.html", context)


def permalink_of(datasette: Datasette, request: Request, id: int) -> str:
    """The whole address of an article, to be cited."""
    return str(datasette.absolute_url(request, datasette.urls.path(f"/a/{id}")))


def history(article: Known) -> list[tuple[str, str, dict[str, Any]]]:
    """What happened to an article as (time, name of what happened, details), in the order of time."""
    events: list[tuple[str, str, dict[str, Any]]] = []
    for one in article.lists["revisions"]:
        events.append((one["seen"], "event_first" if one["number"] == 1 else "event_changed", one))
    for one in article.lists["withdrawals"]:
        events.append((one["noticed"], "event_gone", one))
        if one["returned"]:
            events.append((one["returned"], "event_returned", one))
    return sorted(events, key=lambda event: event[0])


ROUTES: Routes = [(r"^/a/(?P<id>\d{1,16})$", page)]  # 53 bits are 16 digits
