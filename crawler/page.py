"""A fetched page as the readers see it: parsed once, shared by the links and the reader."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from lxml import etree, html
from lxml.html import HtmlElement
from w3lib.encoding import html_to_unicode, read_bom

from archive.clock import stamp
from archive.snapshots import Capture, Headers

# utf-8 by decision, not by the header: pages announce windows-1252 and are UTF-8. recover is lxml's default.
# No \b in front: with a literal beginning the search is ten times quicker.
VARIABLES = re.compile(r"nv_(\w+)\s*=\s*[\"']([^\"'<>]*)[\"']")
# The control characters of a Word paste (vertical tab for a new line) are blanks: lxml reads them, and then refuses
# to write them when a tag beside them is taken out.
CONTROLS = bytes(code if code > 31 or code in b"\t\n\f\r" else 32 for code in range(256))
OLD_VIETNAMESE = "windows-1258"  # of pages that declare nothing and are no UTF-8
NEARLY = 0.1  # of the letters beyond ASCII that may be broken in a page that is UTF-8 all the same
RELATED = etree.XPath("//a[@rel]")
# How files begin that are no pages.
MAGIC = {
    b"%PDF": "a PDF document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"PK\x03\x04": "an Office document or an archive",
    b"\xd0\xcf\x11\xe0": "an Office document",
}
HEAD = 2048  # bytes in which a body shows what it is
NO_TEXT = bytes(code for code in range(32) if code not in b"\t\n\v\f\r\x1b")
BINARY = 0.05  # of the head that may be such bytes in a page: editors paste a few
PARSER = html.HTMLParser(encoding="utf-8", huge_tree=True)


def decode(body: bytes, content_type: str = "") -> str:
    """The text of a page: UTF-8 wherever it is valid or nearly so, else what header, mark or meta tags declare.

    One byte cut in the middle of a letter, on a page that calls itself windows-1252, must not spoil all the others.
    """
    if (wide := wide_charset(body)) is not None:
        return body.decode(wide, "replace")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("utf-8-sig", "replace")
    strange = sum(letter > "\x7f" for letter in text)
    if read_bom(body)[0] is None and text.count("\ufffd") <= NEARLY * strange:
        return text
    return str(html_to_unicode(content_type or None, body, default_encoding=OLD_VIETNAMESE)[1])


def wide_charset(body: bytes) -> str | None:
    """The kind of UTF-16 that a page without a mark is in: half of its head are zeros. None where it is not."""
    head = body[:HEAD]
    if b"\x00" not in head or read_bom(body)[0] is not None:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    most = len(head) // 2 * 0.6
    return "utf-16-le" if odd > most > even else "utf-16-be" if even > most > odd else None


def is_binary(body: bytes) -> bool:
    """Whether a body is none to read as a page: a known file, or other bytes than text has."""
    if file_kind(body):
        return True
    head = body[:HEAD]
    if read_bom(body)[0] is not None or wide_charset(body) is not None or b"<html" in head.lower():
        return False
    return len(head) - len(head.translate(None, NO_TEXT)) > BINARY * len(head)


def file_kind(body: bytes) -> str:
    """What a body is by its first bytes, in words for a person; "" where they are of no known file."""
    return next((name for start, name in MAGIC.items() if body.startswith(start)), "")


def by_name(headers: Headers) -> dict[str, list[str]]:
    """Headers as Scrapy takes them: each name with its values in order."""
    found: dict[str, list[str]] = {}
    for name, value in headers:
        found.setdefault(name, []).append(value)
    return found


@dataclass(frozen=True)
class Page:
    """One answer of a portal. `text` is decoded; `fetched` is the moment of the answer, at +07:00.

    `raw` and `headers`: the answer as it came, for the archive to keep; none where a text was all there was.
    `is_cut`: it came packed, and its packed stream has no end.
    """

    url: str
    text: str
    fetched: datetime
    status: int = 200
    raw: bytes = b""
    headers: Headers = ()
    is_cut: bool = False

    @classmethod
    def of(cls, capture: Capture) -> Page:
        """A page that was kept as it came."""
        kind = next((value for name, value in capture.headers if name.lower() == "content-type"), "")
        moment = datetime.fromisoformat(capture.fetched)
        return cls(capture.url, decode(capture.body, kind), moment, capture.status, capture.body, capture.headers)

    @property
    def capture(self) -> Capture:
        """The answer as the archive keeps it."""
        body = self.raw or self.text.encode("utf-8", "replace")
        return Capture(self.url, stamp(self.fetched), self.status, self.headers, body)

    @cached_property
    def root(self) -> HtmlElement:
        """The tree of the page; an empty document gives an empty <html>."""
        try:
            root = html.document_fromstring(self.text.encode("utf-8", "replace").translate(CONTROLS), parser=PARSER)
        except (etree.ParserError, etree.XMLSyntaxError):  # "Document is empty"
            root = html.document_fromstring("<html><body></body></html>")
        return root

    @cached_property
    def meta(self) -> dict[str, list[str]]:
        """The meta tags by property or name, in lower case; each with its contents in order."""
        found: dict[str, list[str]] = {}
        for tag in self.root.iter("meta"):
            name = (tag.get("property") or tag.get("name") or "").lower()
            if name and tag.get("content"):
                found.setdefault(name, []).append(tag.get("content"))
        return found

    @cached_property
    def variables(self) -> dict[str, str]:
        """The plain JavaScript strings of the page that are named nv_..., by name (NukeViet says there what it is)."""
        return {found[1]: found[2] for found in VARIABLES.finditer(self.text)}

    @cached_property
    def title(self) -> str:
        """What stands in <title>, as it is written; "" without one."""
        return self.root.findtext(".//title") or ""

    @cached_property
    def related(self) -> list[HtmlElement]:
        """The links that say by rel what they lead to: section, tag, author."""
        return list(RELATED(self.root))

    @cached_property
    def own(self) -> frozenset[str]:
        """The addresses that the page has, and gives itself in its head."""
        said = [link.get("href") for link in self.root.iter("link") if link.get("rel") == "canonical"]
        return frozenset(filter(None, (self.url, *said, self.first_meta("og:url"))))

    def first_meta(self, name: str) -> str:
        """The first content of a meta tag, or ""."""
        return self.meta.get(name, [""])[0]
