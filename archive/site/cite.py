"""How an article is cited: in words, for reference managers, and in the head of its page.

BibTeX is ASCII-safe in its key alone: its texts are UTF-8, as biber and Zotero read them, with what TeX would take for
commands escaped. CSL-JSON is what Zotero, Mendeley and pandoc read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request, Response

from archive.i18n import Language
from archive.site import find
from archive.site.rendering import Routes

Row = Mapping[str, Any]
FIELDS = "id, title, lead, author, source, portal, portal_name, published, first_seen, last_seen, url, section"

_TEX = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
_TEX |= {character: f"\\{character}" for character in "&%$#_"}
_BLANK = re.compile(r"\s+")


def sentences(row: Row, permalink: str) -> dict[str, str]:
    """The citation in words, by language."""
    return {code: _sentence(row, permalink, Language(code)) for code in ("vi", "en")}


def _sentence(row: Row, permalink: str, t: Language) -> str:
    day = t.day(row["published"]) or str(t("undated"))
    by = f"{_line(row['author'])}, " if row["author"] else ""
    quoted = f"“{_line(row['title'])}”"
    saved = t("cite_saved", when=t.day(row["first_seen"]), archive=t("site"))
    return f"{by}{quoted}, {_line(row['portal_name'] or row['portal'])}, {day}, {row['url']}. {saved} {permalink}."


def bibtex(row: Row, permalink: str) -> str:
    """One @online entry."""
    entry = {
        "title": f"{{{_tex(row['title'])}}}",
        "author": f"{{{_tex(row['author'] or row['portal_name'] or row['portal'])}}}",
        "organization": _tex(row["portal_name"] or row["portal"]),
        "date": (row["published"] or "")[:10],
        "url": permalink,
        "urldate": (row["last_seen"] or "")[:10],
        "note": _tex(f"Original: {row['url']}"),
        "langid": "vietnamese",
    }
    lines = [f"  {name} = {{{value}}}" for name, value in entry.items() if value]
    return f"@online{{danvan{row['id']},\n" + ",\n".join(lines) + "\n}\n"


def csl(row: Row, permalink: str) -> str:
    """A CSL-JSON list of one item."""
    item: dict[str, Any] = {
        "id": f"danvan{row['id']}",
        "type": "article-newspaper",
        "title": _line(row["title"]),
        "container-title": _line(row["portal_name"] or row["portal"]),
        "URL": permalink,
        "archive": str(Language("vi")("site")),
        "archive_location": row["url"],
        "language": "vi",
        "accessed": {"date-parts": [_parts(row["last_seen"])]},
    }
    if row["author"]:
        item["author"] = [{"literal": _line(row["author"])}]
    if row["published"]:
        item["issued"] = {"date-parts": [_parts(row["published"])]}
    if row["section"]:
        item["section"] = _line(row["section"])
    if row["lead"]:
        item["abstract"] = _line(row["lead"])
    return json.dumps([item], ensure_ascii=False, indent=2) + "\n"


def plain(row: Row, permalink: str) -> str:
    """Both sentences, a line each."""
    return "\n".join(sentences(row, permalink).values()) + "\n"


def meta(row: Row, permalink: str) -> list[tuple[str, str, str]]:
    """What Zotero, library catalogues and messengers read in a page's head: (attribute, name, content)."""
    portal, day = _line(row["portal_name"] or row["portal"]), (row["published"] or "")[:10]
    named = {
        "citation_title": _line(row["title"]),
        "citation_author": _line(row["author"]),
        "citation_publication_date": day.replace("-", "/"),
        "citation_journal_title": portal,
        "citation_language": "vi",
        "citation_public_url": permalink,
        "DC.title": _line(row["title"]),
        "DC.creator": _line(row["author"]) or portal,
        "DC.publisher": portal,
        "DC.date": day,
        "DC.identifier": permalink,
        "DC.source": row["url"],
        "DC.language": "vi",
        "DC.type": "Text",
        "description": _line(row["lead"])[:300],
    }
    opened = {
        "og:type": "article",
        "og:title": _line(row["title"]),
        "og:site_name": str(Language("vi")("site")),
        "og:url": permalink,
        "og:locale": "vi_VN",
        "og:description": _line(row["lead"])[:300],
        "article:published_time": row["published"] or "",
    }
    pairs = [("name", *pair) for pair in named.items()] + [("property", *pair) for pair in opened.items()]
    return [one for one in pairs if one[2]]


FORMATS: dict[str, tuple[str, str, Callable[[Row, str], str]]] = {
    "txt": ("cite_plain", "text/plain; charset=utf-8", plain),
    "bib": ("BibTeX", "application/x-bibtex; charset=utf-8", bibtex),
    "json": ("CSL-JSON", "application/vnd.citationstyles.csl+json; charset=utf-8", csl),
}


async def download(datasette: Datasette, request: Request) -> Response:
    """/a/ID/cite.bib and the like, as a file to save."""
    id, ending = int(request.url_vars["id"]), request.url_vars["format"]
    held = await find.rows(datasette, f"select {FIELDS} from articles where id = :id", {"id": id})
    if not held:
        raise NotFound("no such article")
    permalink = str(datasette.absolute_url(request, datasette.urls.path(f"/a/{id}")))
    _, kind, write = FORMATS[ending]
    headers = {"content-disposition": f'attachment; filename="danvan-{id}.{ending}"'}
    return Response(write(held[0], permalink), headers=headers, content_type=kind)


def _parts(moment: str) -> list[int]:
    return [int(part) for part in moment[:10].split("-")]


def _line(text: str | None) -> str:
    return _BLANK.sub(" ", text or "").strip()


def _tex(text: str) -> str:
    return "".join(_TEX.get(character, character) for character in _line(text))


ROUTES: Routes = [(r"^/a/(?P<id>\d{1,16})/cite\.(?P<format>txt|bib|json)$", download)]
