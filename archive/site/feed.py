"""/feed.atom: the newest articles of any search as an Atom feed (RFC 4287), so that a search can be followed."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

from datasette.app import Datasette
from datasette.database import QueryInterrupted
from datasette.utils.asgi import Request, Response

from archive.formats.texts import shown
from archive.i18n import DEFAULT, Language
from archive.site import find
from archive.site.rendering import Routes
from archive.site.state import State

ENTRIES = 50
SUMMARY = 400  # characters, where an article has no lead
ATOM = "http://www.w3.org/2005/Atom"
TYPE = "application/atom+xml; charset=utf-8"

# Entries keep their ids when the archive moves to another host: no feed reader shows an article twice for it.
NAMES = uuid.UUID("6f2b1a0e-6a0c-5f5e-9c50-2d6f3a8c7e11")

SQL = f"""
    select a.id, a.title, a.lead, substr(a.body, 1, {SUMMARY + 100}) as body, a.published, a.first_seen, a.changed,
        a.gone, a.portal, coalesce(a.portal_name, a.portal) as portal_name, a.province, a.section, a.url
    from articles_fts f cross join articles a on a.seq = f.rowid
    where f.articles_fts match :match and f.rowid between :low and :high order by f.rowid desc limit {ENTRIES}
"""

ElementTree.register_namespace("", ATOM)


async def feed(datasette: Datasette, request: Request) -> Response:
    """/feed.atom; answers 304 to who has it already."""
    state, t = State.of(request.args), Language(request.args.get("lang", DEFAULT))
    try:
        articles = await _newest(datasette, state)
    except QueryInterrupted:
        return Response.text(str(t("too_slow")), status=503, headers={"cache-control": "no-store"})
    built = (await find.rows(datasette, "select built from build"))[0]["built"]
    base = str(datasette.absolute_url(request, datasette.urls.path("/"))).rstrip("/")
    document = _document(state, articles, base, built, t)
    made = datetime.fromisoformat(built).astimezone(UTC)
    headers = {
        "etag": f'"{hashlib.sha256(document).hexdigest()[:32]}"',
        "last-modified": format_datetime(made, usegmt=True),
        "cache-control": f"max-age={datasette.setting('default_cache_ttl')}",
    }
    if datasette.cors:
        headers["access-control-allow-origin"] = "*"
    if _is_known(request, headers["etag"], made):
        return Response("", status=304, headers=headers, content_type=TYPE)
    return Response(document, headers=headers, content_type=TYPE)


async def _newest(datasette: Datasette, state: State) -> list[Mapping[str, Any]]:
    """The newest of what a state names: the index gives them first, so that it costs the same however many they are.

    Raises QueryInterrupted.
    """
    understood = await find.understand(datasette, state)
    if understood is not None and understood.reading is None:
        return []
    narrowing = await find.narrowed(datasette, state)
    return await find.rows(datasette, SQL, find.hits_of(understood.reading if understood else None, narrowing))


def _is_known(request: Request, etag: str, made: datetime) -> bool:
    """Whether the reader has this very feed; the tag counts before the time (RFC 9110, 13.2.2)."""
    if tags := request.headers.get("if-none-match"):
        return any(tag.strip().removeprefix("W/") in (etag, "*") for tag in tags.split(","))
    try:
        since = parsedate_to_datetime(request.headers.get("if-modified-since", ""))
    except ValueError:
        return False
    return made <= (since if since.tzinfo else since.replace(tzinfo=UTC))


def _document(state: State, articles: list[Mapping[str, Any]], base: str, built: str, t: Language) -> bytes:
    pairs = state.pairs() + ([("lang", t.code)] if t.code != DEFAULT else [])
    query = f"?{urlencode(pairs)}" if pairs else ""
    words = " · ".join(value for _, value in state.pairs())
    root = _element(None, "feed")
    root.set("{http://www.w3.org/XML/1998/namespace}lang", "vi")
    _element(root, "id", _id(f"feed?{urlencode(state.pairs())}"))
    _element(root, "title", str(t("feed_title", words=words, site=t("site"))) if words else str(t("site")))
    _element(root, "subtitle", str(t("about")))
    _element(root, "updated", max((_updated(article) for article in articles), default=built))
    _element(root, "link", rel="self", type="application/atom+xml", href=f"{base}/feed.atom{query}")
    _element(root, "link", rel="alternate", type="text/html", href=f"{base}/search{query}")
    _element(_element(root, "author"), "name", str(t("site")))
    for article in articles:
        _entry(root, article, base, t)
    return bytes(ElementTree.tostring(root, "utf-8", xml_declaration=True))


def _entry(root: ElementTree.Element, article: Mapping[str, Any], base: str, t: Language) -> None:
    entry = _element(root, "entry")
    _element(entry, "id", _id(f"a/{article['id']}"))
    _element(entry, "title", article["title"])
    _element(entry, "link", rel="alternate", type="text/html", href=f"{base}/a/{article['id']}")
    _element(entry, "link", rel="via", type="text/html", href=article["url"])
    _element(entry, "updated", _updated(article))
    if article["published"]:
        _element(entry, "published", article["published"])
    _element(_element(entry, "author"), "name", article["portal_name"])
    _element(entry, "category", term=f"portal:{article['portal']}", label=article["portal_name"])
    for name in ("province", "section"):
        if article[name]:
            _element(entry, "category", term=f"{name}:{article[name]}", label=article[name])
    if article["gone"]:
        _element(entry, "category", term="gone", label=str(t("gone")))
    if summary := article["lead"] or _beginning(article["body"] or ""):
        _element(entry, "summary", summary, type="text")


def _element(parent: ElementTree.Element | None, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
    """An element of Atom; what XML cannot hold is shown as U+FFFD."""
    clean = {key: shown(value) for key, value in attributes.items()}
    qualified = f"{{{ATOM}}}{name}"
    element = ElementTree.Element(qualified, clean)
    if parent is not None:
        parent.append(element)
    element.text = shown(text) if text else None
    return element


def _id(name: str) -> str:
    return uuid.uuid5(NAMES, name).urn


def _updated(article: Mapping[str, Any]) -> str:
    """The last thing that happened to an article: found, changed, taken down. All are times of Vietnam."""
    return max(article[name] or "" for name in ("first_seen", "changed", "gone"))


def _beginning(text: str) -> str:
    """The first words of a text."""
    words = " ".join(text.split())
    return words if len(words) <= SUMMARY else f"{words[:SUMMARY].rsplit(' ', 1)[0]}…"


ROUTES: Routes = [(r"^/feed\.atom$", feed)]
