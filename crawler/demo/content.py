"""What the demonstration portal has to say: `articles/<section-alias>.toml`, one file a section.

The texts are data, so an article can be added or mended without touching the server.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

ARTICLES = Path(__file__).parent / "articles"
NEWS = "/vi/news/"


@dataclass(frozen=True)
class Comment:
    """What a reader wrote under an article: page furniture, never the article's text."""

    name: str
    at: datetime
    text: str


@dataclass(frozen=True)
class Section:
    """A news category; `login_only` hides its articles from visitors, but lists their titles all the same."""

    alias: str
    title: str
    description: str
    position: int
    login_only: bool = False

    @property
    def path(self) -> str:
        return f"{NEWS}{self.alias}/"


@dataclass(frozen=True)
class DemoArticle:
    """One article as the editors filed it. `body` is HTML as pasted, good or bad."""

    id: int
    sections: tuple[str, ...]
    title: str
    published: datetime
    lead: str
    body: str
    edited: datetime | None = None
    views: int = 0
    author: str = ""
    source: str = ""
    tags: tuple[str, ...] = ()
    image: str = ""
    image_caption: str = ""
    image_position: str = "center"
    files: tuple[str, ...] = ()
    comments: tuple[Comment, ...] = ()
    rating: tuple[int, int] = (0, 0)
    copyright: bool = False
    draft: bool = False
    external: str = ""

    @cached_property
    def slug(self) -> str:
        return slug(self.title)

    @property
    def section(self) -> str:
        """The main section: its address is the canonical one."""
        return self.sections[0]

    @property
    def path(self) -> str:
        return self.view("")

    def view(self, name: str) -> str:
        """The address of the article ('') or of its 'print', 'savefile' and 'sendmail' variants."""
        middle = f"{name}/" if name else ""
        return f"{NEWS}{middle}{self.section}/{self.slug}-{self.id}.html"

    @property
    def changed(self) -> datetime:
        return self.edited or self.published

    def is_future(self, now: datetime) -> bool:
        """An article dated ahead is listed everywhere, while its own page does not exist yet."""
        return self.published > now


def slug(title: str) -> str:
    """The CMS's address of a title: ASCII letters with their case, everything else a hyphen."""
    plain = unicodedata.normalize("NFD", title).replace("đ", "d").replace("Đ", "D")
    ascii_only = "".join(c for c in plain if not unicodedata.combining(c))
    return re.sub(r"[^A-Za-z0-9]+", "-", ascii_only).strip("-")


def tag_alias(tag: str) -> str:
    """Tags keep their Vietnamese letters in the address; spaces become hyphens."""
    return unicodedata.normalize("NFC", tag).lower().replace(" ", "-")


def sections() -> list[Section]:
    """The news sections in the order of the menu."""
    found = [_section(path.stem, _read(path)) for path in ARTICLES.glob("*.toml")]
    return sorted(found, key=lambda section: section.position)


def load() -> list[DemoArticle]:
    """Every article, newest first; drafts and other hidden ones too (the server decides what to show)."""
    files = [(path.stem, _read(path)) for path in ARTICLES.glob("*.toml")]
    found = [_article(alias, table) for alias, file in files for table in file["article"]]
    numbers = [article.id for article in found]
    twice = {number for number in numbers if numbers.count(number) > 1}
    if twice:
        raise ValueError(f"article id given twice: {sorted(twice)}")
    return sorted(found, key=lambda article: (article.published, article.id), reverse=True)


def _read(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)


def _section(alias: str, table: dict[str, Any]) -> Section:
    return Section(
        alias,
        table["title"],
        table["description"],
        table["position"],
        table.get("login_only", False),
    )


def _article(alias: str, table: dict[str, Any]) -> DemoArticle:
    """`form = "NFD"` decomposes here, not in the file: text editors quietly compose what they save."""
    values = dict(table)
    form = values.pop("form", "")
    if form:
        for key in ("title", "lead", "body"):
            values[key] = unicodedata.normalize(form, values[key])
    values["sections"] = (alias, *values.pop("also_in", []))
    values["tags"] = tuple(values.get("tags", []))
    values["files"] = tuple(values.get("files", []))
    values["comments"] = tuple(Comment(**comment) for comment in values.get("comments", []))
    if "rating" in values:
        points, votes = values["rating"]
        values["rating"] = (points, votes)
    values["lead"] = values["lead"].strip()
    values["body"] = values["body"].strip()
    return DemoArticle(**values)
