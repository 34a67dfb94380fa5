"""What happened at the demonstration portal before tonight: an article rewritten, one taken down, and a second portal
that reprinted some.

An archive remembers only what it saw. So a fresh demonstration first rehearses two nights of the past, with the clock
of those nights (ARCHIVE_NOW): in the first the portal stands as it did before the editors changed their minds.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.demo.content import DemoArticle

FILE = Path(__file__).with_name("nights.toml")


@dataclass(frozen=True, slots=True)
class Past:
    """`first` and `second`: when the two nights were. The edits are undone in the first, the withdrawn are there."""

    first: datetime
    second: datetime
    edits: dict[int, list[tuple[str, str]]]  # article: (as it was, as it is)
    withdrawn: list[DemoArticle]
    reprinted: list[tuple[int, str, int]]  # article, the other portal's title ("" for the same), days later

    def before(self, articles: Iterable[DemoArticle]) -> dict[int, DemoArticle]:
        """The portal's articles as they stood in the first night."""
        then = {article.id: self._unedited(article) for article in articles}
        return then | {article.id: article for article in self.withdrawn}

    def copies(self, articles: Iterable[DemoArticle]) -> dict[int, DemoArticle]:
        """What the second portal has: some articles of the first, days later, with their source."""
        known = {article.id: article for article in articles}
        return {
            number: replace(
                known[number],
                title=title or known[number].title,
                published=known[number].published + timedelta(days=days, minutes=37),
                source="danvan.thachgiang.example",
                tags=(),
                files=(),
                comments=(),
                views=known[number].views // 7,
            )
            for number, title, days in self.reprinted
        }

    def _unedited(self, article: DemoArticle) -> DemoArticle:
        body = article.body
        for was, now in self.edits.get(article.id, []):
            if now not in body:
                raise ValueError(f"article {article.id} does not hold what was edited: {now}")
            body = body.replace(now, was)
        return replace(article, body=body)


def load() -> Past:
    """What nights.toml says."""
    with FILE.open("rb") as file:
        said: dict[str, Any] = tomllib.load(file)
    edits: dict[int, list[tuple[str, str]]] = {}
    for edit in said["edit"]:
        edits.setdefault(edit["article"], []).append((edit["was"], edit["now"]))
    withdrawn = [
        DemoArticle(**{**one, "sections": tuple(one["sections"]), "body": one["body"].strip()})
        for one in said["withdrawn"]
    ]
    reprinted = [(one["article"], one.get("title", ""), one["days"]) for one in said["reprint"]]
    return Past(said["first"], said["second"], edits, withdrawn, reprinted)
