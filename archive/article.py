"""Article: the one shape that every step passes on, from the reader of a page to the tables of the archive."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Image:
    """An image of an article, by its address; the caption as the page gives it, else empty."""

    url: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """An attachment or linked document (PDF, Word, ...), with the name that the page gives it."""

    url: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """What one article page says, cleaned. Texts are NFC; an absent text is "", an absent number None.

    `key` is unique within the portal (NukeViet: "lang/module/number"). `body` holds a paragraph a line with
    a blank line between; `body_html` has passed the sanitizer. `published` is ISO 8601 at +07:00 or "".
    `topic` is "dan-van", "other", or "" where the portal's row keeps all; `relevance` from 0 to 1, `relevance_why` the
    words that decided it, `relevance_rules` the version of the rules.
    """

    portal: str
    key: str
    url: str
    title: str
    lead: str = ""
    body: str = ""
    body_html: str = ""
    published: str = ""
    published_text: str = ""
    author: str = ""
    source: str = ""
    sections: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    views: int | None = None
    comments: int | None = None
    image: str = ""
    images: tuple[Image, ...] = ()
    files: tuple[File, ...] = ()
    reader: str = ""
    topic: str = ""
    relevance: float | None = None
    relevance_why: str = ""
    relevance_rules: str = ""

    @property
    def id(self) -> int:
        """The permalink number: see article_id()."""
        return article_id(self.portal, self.key)

    @property
    def text_sha256(self) -> str:
        """SHA-256 of UTF-8 `title \\n lead \\n body`: what makes a revision, and what proves a text."""
        return hashlib.sha256(f"{self.title}\n{self.lead}\n{self.body}".encode()).hexdigest()


def article_id(portal: str, key: str) -> int:
    """A 53-bit integer from portal and key: the same on every machine, exact in JavaScript and in JSON.

    53 bits of SHA-256: among a million articles two meet by chance with a probability of about 1 in 18,000;
    the store refuses such a meeting by name instead of overwriting.
    """
    digest = hashlib.sha256(f"{portal}\n{key}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 11
