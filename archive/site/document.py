"""The pages of cited documents: who cites one, when and where, in which words; and which are cited most.

The address of a document is readable, /d/25-nq-tw-2013-06-03: code, issuer and date, which is what makes a document
one (documents.document_id), so that it can be typed from a newspaper and is the same on every machine. What is known of
a document may grow, and its address with it; so the beginning of an address stays good: /d/25-nq-tw leads to the only
document that it can mean, or lists those that it may. A number, /d/4711, is the document's id.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request, Response

from archive.search import fold
from archive.site import find
from archive.site.listing import listing
from archive.site.rendering import MAX_TYPED, Routes, render
from archive.tallying import SLUG

MANY = 50  # documents of a list
RELATED = 20

_ID = re.compile(r"\d{5,16}")
_KNOWN = (
    "select d.id, d.kind, d.number, d.code, d.issuer, d.date, n.slug, n.articles, n.first, n.newest "
    "from document_counts n join documents d on d.id = n.document"
)
# The slug itself, and those that go on behind it with another part.
_BEGINNING = (
    f"{_KNOWN} where n.slug = :slug or (n.slug > :slug || '-' and n.slug < :slug || '.') "
    f"order by n.articles desc limit {MANY}"
)

Row = Mapping[str, Any]


async def page(datasette: Datasette, request: Request) -> Response:
    """/d/DOCUMENT."""
    typed = unquote(request.url_vars["document"])[:MAX_TYPED]
    if _ID.fullmatch(typed) and (held := await find.rows(datasette, f"{_KNOWN} where d.id = :id", {"id": int(typed)})):
        return await _show(datasette, request, held[0], f"/d/{typed}")
    slug = slug_of(typed)
    held = await find.rows(datasette, _BEGINNING, {"slug": slug}) if slug else []
    if not held:
        raise NotFound("no such document")
    exact = [one for one in held if one["slug"] == slug]
    if len(exact) == 1 and typed == slug:
        return await _show(datasette, request, exact[0], f"/d/{slug}")
    if len(exact) == 1 or len(held) == 1:
        address = (exact or held)[0]["slug"]
        query = request.query_string
        return Response.redirect(datasette.urls.path(f"/d/{address}") + (f"?{query}" if query else ""))
    context = {"documents": held, "typed": typed, "choose": True, "n": len(held), "page": 1, "pages": 1}
    return await render(datasette, request, "site_documents.html", context)


def slug_of(typed: str) -> str:
    """What was typed in the form of an address: "Nghị quyết 25 - NQ/TW" keeps its words, 25-NQ/TW is 25-nq-tw."""
    return SLUG.sub("-", fold(typed).lower()).strip("-")


async def _show(datasette: Datasette, request: Request, document: Row, here: str) -> Response:
    values = {"id": document["id"], "code": document["code"]}
    found = await listing(datasette, request, f"document/{document['id']}", {"document": str(document["id"])})
    ids = [row["id"] for row in found.rows]
    quotes = await find.rows(
        datasette,
        "select article, quote from citations "
        "where document = :id and article in (select value from json_each(:articles))",
        values | {"articles": json.dumps(ids)},
    )
    context = {
        "document": document,
        "listing": found,
        "here": here,
        "quotes": {row["article"]: row["quote"] for row in quotes},
        "provinces": await find.rows(
            datasette,
            "select v.slug, v.name, p.n from document_provinces p join provinces v on v.slug = p.province "
            "where p.document = :id order by p.n desc, v.name",
            values,
        ),
        "forms": await find.rows(
            datasette,
            "select kind, issuer, date, n from document_forms where document = :id order by position",
            values,
        ),
        "related": await find.rows(
            datasette, f"{_KNOWN} where d.code = :code and d.id != :id order by n.articles desc limit {RELATED}", values
        ),
    }
    return await render(datasette, request, "site_document.html", context)


async def most_cited(datasette: Datasette, limit: int) -> Sequence[Row]:
    """The documents that most articles cite."""
    return await find.rows(
        datasette, f"{_KNOWN} order by n.articles desc, n.document desc limit :limit", {"limit": limit}
    )


async def index(datasette: Datasette, request: Request) -> Response:
    """/documents: the most cited; with ?q= those whose number begins so."""
    typed = request.args.get("q", "").strip()[:MAX_TYPED]
    slug = slug_of(typed)
    asked = request.args.get("page", "1")
    page = max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 1
    if slug:
        beginning = (
            f"{_KNOWN} where n.slug >= :slug and n.slug < :slug || '~' order by n.articles desc, d.code limit {MANY}"
        )
        documents = await find.rows(datasette, beginning, {"slug": slug})
        n, pages = len(documents), 1
    else:
        (counted,) = await find.rows(datasette, "select n from counts where name = 'table/document_counts'")
        n, pages = counted["n"], max(1, -(-counted["n"] // MANY))
        values = {"limit": MANY, "offset": (min(page, pages) - 1) * MANY}
        newest = f"{_KNOWN} order by n.articles desc, n.document desc limit :limit offset :offset"
        documents = await find.rows(datasette, newest, values)
    context = {
        "documents": documents,
        "typed": typed,
        "choose": False,
        "n": n,
        "page": min(page, pages),
        "pages": pages,
    }
    return await render(datasette, request, "site_documents.html", context)


ROUTES: Routes = [(r"^/d/(?P<document>.{1,400})$", page), (r"^/documents$", index)]
