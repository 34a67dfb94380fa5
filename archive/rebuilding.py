"""An article as its snapshots tell it: versions, withdrawals and times, from the observations by their times.

This is the one account of what makes a revision and what a withdrawal; store.py and presence.py write the same down
as it happens. Where archive.db is lost, or its reader was improved, the snapshots are read again and this says what
follows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from archive.article import Article
from archive.snapshots import RETURNED, Observation


@dataclass(slots=True)
class Version:
    """One version of an article's text, and the snapshot that shows it first."""

    seen: str
    snapshot: int
    article: Article


@dataclass(slots=True)
class Withdrawal:
    """A row of withdrawals: missed first, confirmed on another day, and back again ("" while it is not)."""

    noticed: str
    confirmed: str
    how: str
    returned: str = ""


@dataclass(slots=True)
class Rebuilt:
    """An article with its history. `article` is the newest reading, `snapshot` the page that it was read from.

    `missing`: time and name of an absence that no second night has confirmed. `unread`: snapshots that gave no article.
    """

    key: str
    versions: list[Version] = field(default_factory=list)
    withdrawals: list[Withdrawal] = field(default_factory=list)
    article: Article | None = None
    snapshot: int = 0
    last_seen: str = ""
    missing: tuple[str, str] | None = None
    urls: dict[str, None] = field(default_factory=dict)
    unread: int = 0

    @property
    def gone(self) -> str:
        """Since when the article is withdrawn; "" where it is there."""
        open_one = self.withdrawals and not self.withdrawals[-1].returned
        return self.withdrawals[-1].noticed if open_one else ""


def rebuild(observations: Iterable[Observation], read: Callable[[Observation], Article | None]) -> Rebuilt:
    """Tell an article's history from its observations, oldest first; `read` gives the article of a page, or None."""
    rebuilt = Rebuilt("")
    for seen in observations:
        rebuilt.key = seen.key
        if not seen.how:
            _take_page(rebuilt, seen, read(seen))
        elif seen.how == RETURNED:
            rebuilt.last_seen = seen.fetched
            _is_there(rebuilt, seen.fetched)
        else:
            _is_missing(rebuilt, seen)
    return rebuilt


def _take_page(rebuilt: Rebuilt, seen: Observation, article: Article | None) -> None:
    rebuilt.urls[seen.url] = None
    if article is None:
        rebuilt.unread += 1
        return
    _is_there(rebuilt, seen.fetched)
    rebuilt.article, rebuilt.snapshot, rebuilt.last_seen = article, seen.id, seen.fetched
    rebuilt.urls[article.url] = None
    if not rebuilt.versions or rebuilt.versions[-1].article.text_sha256 != article.text_sha256:
        rebuilt.versions.append(Version(seen.fetched, seen.id, article))


def _is_there(rebuilt: Rebuilt, when: str) -> None:
    rebuilt.missing = None
    if rebuilt.gone:
        rebuilt.withdrawals[-1].returned = when


def _is_missing(rebuilt: Rebuilt, seen: Observation) -> None:
    if rebuilt.gone:
        return
    if rebuilt.missing is None:
        rebuilt.missing = (seen.fetched, seen.how)
    elif rebuilt.missing[0][:10] != seen.fetched[:10]:
        rebuilt.withdrawals.append(Withdrawal(rebuilt.missing[0], seen.fetched, seen.how))
        rebuilt.missing = None
