"""The fixture pages of the CMS families: tests/fixtures/<family>/<case>/.

page.html.gz    one page, in the shape that was seen or that the CMS gives, with invented words
meta.json       its address, the moment of its fetch, what it stands for; `select`: CSS of the portal's row;
                `site`: the addresses of further articles of the same portal
site/           those articles, from which the layout is learned
expected.json   what is read of it; `alone`: the fields that must be right without any other page of the portal;
                `unread`: what is left to do before it is an expectation (scrapy fixture)
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pytest

from archive.article import Article
from crawler.cms import FAMILIES, load
from crawler.cms.general import General
from crawler.page import Page
from crawler.portals import Portal
from crawler.template.learn import learn
from crawler.template.read import Reading, look, to_article

FIXTURES = Path(__file__).parent / "fixtures"
LEARNING = tuple(name for name in FAMILIES if name != "nukeviet")  # NukeViet has a reader and tests of its own
FIELDS = ("key", "title", "published", "lead", "paragraphs", "author", "source", "sections", "tags", "views")


@dataclass(frozen=True)
class Case:
    """One fixture page."""

    family: str
    name: str

    @property
    def folder(self) -> Path:
        return FIXTURES / self.family / self.name

    @cached_property
    def meta(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "meta.json").read_text(encoding="utf-8"))
        return found

    @cached_property
    def expected(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "expected.json").read_text(encoding="utf-8"))
        return found

    @property
    def is_article(self) -> bool:
        return bool(self.expected["outcome"] == "article")

    @cached_property
    def page(self) -> Page:
        return self._page("page.html.gz", self.meta)

    @cached_property
    def site(self) -> list[Page]:
        return [self._page(f"site/{name}", about) for name, about in self.meta["site"].items()]

    @cached_property
    def cms(self) -> General:
        return reader(self.family, self.meta["url"], self.meta.get("select", {}))

    @cached_property
    def learned(self) -> Reading:
        """The page by what its portal's other pages taught, and by what the family knew before."""
        template = learn(self.site, self.cms.known)
        assert template is not None
        return look(self.page, template, self.cms.known)

    @cached_property
    def article(self) -> Article:
        return to_article(self.learned, "portal", self.cms.key(self.page), self.cms.READER)

    @cached_property
    def alone(self) -> Article:
        """The page by itself, by the family's CSS where it has any."""
        return self.cms.read(self.page, "portal")

    def _page(self, name: str, about: dict[str, Any]) -> Page:
        text = gzip.decompress((self.folder / name).read_bytes()).decode("utf-8")
        return Page(about["url"], text, datetime.fromisoformat(about["fetched"]))


@cache
def cases() -> tuple[Case, ...]:
    """All fixtures of the families that the general reader reads."""
    return tuple(
        Case(family, folder.name)
        for family in LEARNING
        for folder in sorted((FIXTURES / family).glob("*/"))
        if (folder / "meta.json").exists()
    )


def refuse_unread(folder: Path) -> None:
    """Fails for a fixture that `scrapy fixture` has written and nobody has read yet."""
    files = (folder / name for name in ("expected.json", "meta.json"))
    expected, meta = (json.loads(file.read_text(encoding="utf-8")) for file in files)
    if "unread" in expected:
        pytest.fail(f"{folder / 'expected.json'}: {expected['unread']}", pytrace=False)
    if meta["note"].startswith("To be written"):
        pytest.fail(f"{folder / 'meta.json'}: the note must say what the page stands for", pytrace=False)


def reader(family: str, url: str = "https://portal.example/", select: dict[str, str] | None = None) -> General:
    """The reader of a portal of a family."""
    origin = "/".join([*url.split("/")[:3], ""])
    found = load(Portal("portal", "Portal", origin, cms=family, select=select or {}))
    assert isinstance(found, General)
    return found


def field_of(article: Article, name: str) -> Any:
    """A field of an article in the shape of expected.json."""
    if name == "paragraphs":
        return article.body.split("\n\n") if article.body else []
    value = getattr(article, name)
    return list(value) if isinstance(value, tuple) else value
