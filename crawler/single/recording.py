"""A page of a portal as a fixture of the tests: the page, where it is from, and what the reader made of it.

What the reader made of it is no expectation until a person has read it: the file says so, and fails the tests.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from shutil import rmtree
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import html

from archive.article import Article
from archive.clock import stamp
from crawler.cms import Family, Unreadable, load
from crawler.cms.general import General
from crawler.outcomes import Outcome
from crawler.page import Page
from crawler.portals import Portal
from crawler.single.fetching import Asker
from crawler.single.opening import NoPage, WrongArgument
from crawler.single.reading import by_status
from crawler.single.showing import record
from crawler.template.candidates import declared, looks_like_article
from crawler.template.keys import Keys
from crawler.template.learn import learn
from crawler.template.outline import Paths, outline
from crawler.template.read import look, to_article

UNREAD = (
    "The reader wrote this itself. Compare every field with what stands on the page, put invented words in the place "
    "of the portal's (CONTRIBUTING.md), write the note in meta.json, then delete this line."
)
NOTE = "To be written: what this page stands for. Evidenced by a page recorded on {day}."
# What the tests compare, by the reader: see tests/test_reading_nukeviet.py and tests/family_pages.py.
NUKEVIET = (
    *("key", "title", "published", "published_text", "lead", "paragraphs", "author", "source", "sections", "tags"),
    *("views", "comments", "image", "images", "files", "embeds"),
)
LEARNED = ("key", "title", "published", "lead", "paragraphs", "author", "source", "sections", "tags", "views")
SITE, FEWEST, MOST_ASKED = 8, 6, 12  # further articles to keep, at the least, to ask for: a layout is learned of them
LONGEST_NAME = 60  # letters
PROSE = 12  # words outside links that make a line prose


@dataclass(slots=True)
class Recorded:
    """What was asked for: the page, the headers of its answer, and further articles of its portal."""

    page: Page
    headers: dict[str, str] = field(default_factory=dict)
    site: list[Page] = field(default_factory=list)


def case_name(url: str) -> str:
    """A name for the fixture by the last words of its address: a-z, 0-9 and dashes."""
    last = unquote(urlsplit(url).path).rstrip("/").rsplit("/", 1)[-1]
    bare = unicodedata.normalize("NFD", re.sub(r"\.\w{2,5}$", "", last).casefold()).replace("đ", "d")
    plain = "".join(letter for letter in bare if not unicodedata.combining(letter))
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return (words if len(words) <= LONGEST_NAME else words[:LONGEST_NAME].rsplit("-", 1)[0]) or "home"


def folder_of(into: Path, family: str, name: str) -> Path:
    """The fixture's folder, which must not be there yet. Raises WrongArgument."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", name):
        raise WrongArgument(f"--name {name}: a case is named by a-z, 0-9 and dashes")
    folder = into / family / name
    if folder.exists():
        raise WrongArgument(f"{folder} exists, and fixtures are not overwritten: give this one another --name")
    return folder


async def gather(asker: Asker, url: str, portal: Portal) -> Recorded:
    """The page, and as many articles that it leads to as a layout is learned of. Raises NoPage, Unreadable."""
    page = await asker.page(url)
    recorded = Recorded(page, dict(asker.headers))
    cms = load(portal)
    if not isinstance(cms, General):
        return recorded
    if (outcome := by_status(page.status) or cms.kind(page)) is not None:
        raise Unreadable(outcome, f"a fixture of {portal.cms} is an article or a listing")
    if not is_article(page, cms):
        return recorded
    for further in _further(page, cms)[:MOST_ASKED]:
        if len(recorded.site) == SITE:
            break
        other = await asker.page(further)
        good = other.status == 200 and cms.kind(other) is None and is_article(other, cms)
        if good and not same_text(page, other):
            recorded.site.append(other)
    if len(recorded.site) < FEWEST:
        few = f"it leads to {len(recorded.site)} further articles of its portal"
        raise NoPage(Outcome.NOT_ARTICLE, f"{few}, and a layout is learned from {FEWEST}: try another article")
    return recorded


def files_of(recorded: Recorded, portal: Portal) -> dict[str, bytes]:
    """The fixture's files by their paths within its folder. Raises Unreadable."""
    cms = load(portal)
    expected = _expected(recorded, portal, cms)
    files = {"page.html.gz": packed(recorded.page.text)}
    files |= {f"site/{name}": packed(page.text) for name, page in _numbered(recorded.site).items()}
    files["meta.json"] = _json(_meta(recorded, portal, cms))
    files["expected.json"] = _json({"unread": UNREAD} | expected)
    return files


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make the folder whole or not at all. Raises OSError."""
    part = folder.with_name(f".{folder.name}.part")
    rmtree(part, ignore_errors=True)
    try:
        for name, content in files.items():
            path = part / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        part.rename(folder)
    finally:
        rmtree(part, ignore_errors=True)


def packed(text: str) -> bytes:
    """A page in gzip, the same bytes for the same text: without name and time."""
    out = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=out, mtime=0) as file:
        file.write(text.encode("utf-8", "replace"))
    return out.getvalue()


def is_article(page: Page, cms: General) -> bool:
    """Whether a page is an article rather than a listing: by what it says, by its address, by its look."""
    if (says := declared(page)) is not None:
        return says
    named = cms.address.parse(page.url)
    return looks_like_article(page) or (named is not None and named.is_article)


def same_text(page: Page, other: Page) -> bool:
    """Whether half of a page's prose stands on another one too: its version for the printer teaches no layout."""
    made, prints = (outline(one.root, Keys(), Paths()).lines for one in (page, other))
    prose = {line.text for line in made if line.words - line.link_words >= PROSE}
    return bool(prose) and len(prose & {line.text for line in prints}) * 2 >= len(prose)


def _further(page: Page, cms: General) -> list[str]:
    """The addresses of other articles that a page leads to, each article once."""
    own = cms.address.parse(page.url)
    found: dict[str, str] = {}
    for url in cms.links(page).articles:
        named = cms.address.parse(url)
        if named is not None and (own is None or named.key != own.key):
            found.setdefault(named.key, cms.address.at(page.url, named))
    return list(found.values())


def _expected(recorded: Recorded, portal: Portal, cms: Family) -> dict[str, Any]:
    page = recorded.page
    if isinstance(cms, General):
        return _learned(recorded, portal, cms) if recorded.site else _listing(page, cms)
    if page.status in (404, 410):
        return {"outcome": Outcome.NOT_FOUND}
    if (kind := cms.kind(page)) is not None:
        return {"outcome": kind}
    if (outcome := by_status(page.status)) is not None:
        raise Unreadable(outcome, f"the portal answers with status {page.status}")
    try:
        article = cms.read(page, portal.key)
    except Unreadable as verdict:
        return {"outcome": verdict.outcome}
    return {"outcome": "article"} | {name: _value(article, name) for name in NUKEVIET}


def _learned(recorded: Recorded, portal: Portal, cms: General) -> dict[str, Any]:
    """The article by the layout of its portal's pages; `alone`: the fields that are the same without them."""
    alone = cms.read(recorded.page, portal.key)
    template = learn(recorded.site, cms.known)
    reading = look(recorded.page, template, cms.known) if template is not None else None
    fits = reading is not None and not {"container", "title"} & set(reading.fit.missing)
    article = to_article(reading, portal.key, alone.key, cms.READER) if fits and reading is not None else alone
    values = {name: _value(article, name) for name in LEARNED}
    same = [name for name in LEARNED if _value(alone, name) == values[name]]
    return {"outcome": "article", **values, "alone": same}


def _listing(page: Page, cms: General) -> dict[str, Any]:
    """Where a listing leads, at its own address."""
    links = cms.links(page)
    found: dict[str, Any] = {"outcome": "listing"}
    for kind, urls in (("articles", links.articles), ("pages", links.pages)):
        named = [address for url in urls if (address := cms.address.parse(url)) is not None]
        found[kind] = sorted({cms.address.at(page.url, address) for address in named})
    return found


def _value(article: Article, name: str) -> Any:
    """A field in the shape of expected.json."""
    if name == "paragraphs":
        return article.body.split("\n\n") if article.body else []
    return _embeds(article) if name == "embeds" else record(article)[name]


def _embeds(article: Article) -> list[str]:
    """The addresses of videos and documents that stand in the text: links that show where they lead."""
    tree = html.fragment_fromstring(article.body_html, create_parent="div")
    return [link.get("href") for link in tree.iter("a") if link.get("href") and link.text == link.get("href")]


def _meta(recorded: Recorded, portal: Portal, cms: Family) -> dict[str, Any]:
    page = recorded.page
    meta: dict[str, Any] = {"url": page.url, "status": page.status, "fetched": stamp(page.fetched)}
    if not isinstance(cms, General):
        meta["headers"] = recorded.headers
    elif portal.select:
        meta["select"] = dict(portal.select)
    meta["note"] = NOTE.format(day=f"{page.fetched:%Y-%m-%d}")
    if recorded.site:
        meta["site"] = {
            name: {"url": one.url, "fetched": stamp(one.fetched)} for name, one in _numbered(recorded.site).items()
        }
    return meta


def _numbered(site: list[Page]) -> dict[str, Page]:
    return {f"{number}.html.gz": page for number, page in enumerate(site, 1)}


def _json(values: Mapping[str, Any]) -> bytes:
    return f"{json.dumps(values, ensure_ascii=False, indent=1)}\n".encode()
