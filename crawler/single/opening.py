"""A page from a file: unpacked, told from what is no page, decoded, and given the address that it names itself."""

from __future__ import annotations

import gzip
import zlib
from datetime import datetime
from pathlib import Path

from lxml import etree
from w3lib.encoding import read_bom

from crawler.outcomes import Outcome
from crawler.page import Page, decode, file_kind

LARGEST = 32 * 1024 * 1024  # bytes, unpacked; no page of text is larger
GZIP = b"\x1f\x8b"
DATA = (b"{", b"[", b"<?xml", b"<rss", b"<feed", b"<urlset", b"<sitemapindex")  # how a page never begins
HEAD = 2048  # bytes in which a file shows what it is
CANONICAL = etree.XPath("//link[translate(@rel, 'CANOIL', 'canoil')='canonical']/@href")


class WrongArgument(ValueError):
    """What was asked for cannot be done; the message is a sentence."""


class NoPage(Exception):
    """There is no page; `outcome` is its name, the message a sentence that says what there is."""

    def __init__(self, outcome: Outcome, why: str) -> None:
        super().__init__(why)
        self.outcome = outcome


def open_file(path: Path, now: datetime) -> Page:
    """The page of an .html or .html.gz file; `now` stands for the moment of its fetch, which no file tells.

    Raises WrongArgument where there is no such file, NoPage where it is something else than a page.
    """
    text = decode(page_bytes(_content(path), "", path.name))
    page = Page(path.name.removesuffix(".gz"), text, now)
    return Page(own_address(page) or page.url, text, now)


def own_address(page: Page) -> str:
    """The address that a page names as its own, by its canonical link or og:url; "" where it names none."""
    named = [*CANONICAL(page.root), *page.meta.get("og:url", [])]
    return next((url.strip() for url in named if url.strip().startswith(("http://", "https://"))), "")


def page_bytes(data: bytes, kind: str, name: str) -> bytes:
    """The bytes of a page as they are. `kind`: the Content-Type that came with it. Raises NoPage by name."""
    if not data.strip():
        raise NoPage(Outcome.NOT_ARTICLE, f"{name} is empty")
    if what := _what_else(data, kind.lower()):
        raise NoPage(Outcome.NOT_ARTICLE, f"{name} is {what}, not a page")
    return data


def _content(path: Path) -> bytes:
    """The bytes of a file, unpacked. Raises WrongArgument and NoPage."""
    try:
        with path.open("rb") as file:
            packed = file.peek(len(GZIP)).startswith(GZIP)
            data = (gzip.GzipFile(fileobj=file) if packed else file).read(LARGEST + 1)
    except IsADirectoryError:
        why = "name one page, an .html or .html.gz file, or an http(s) address"
        raise WrongArgument(f"{path} is a folder: {why}") from None
    except FileNotFoundError:
        raise WrongArgument(f"there is no file {path}, and it is no http(s) address") from None
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise NoPage(Outcome.TRUNCATED, f"{path} cannot be unpacked: {error}") from error
    except (OSError, ValueError) as error:  # no permission; a name too long, or with a null byte
        raise WrongArgument(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if len(data) > LARGEST:
        raise NoPage(Outcome.NOT_ARTICLE, f"{path} holds more than {LARGEST // 2**20} MB: no page of text is so large")
    return data


def _what_else(data: bytes, kind: str) -> str:
    """What some bytes are where they are no page, in words; "" for a page."""
    if name := file_kind(data):
        return name
    if read_bom(data)[0] is None and b"\x00" in data[:HEAD]:
        return "a binary file"
    head = data[:HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(DATA) and b"<html" not in head and b"<!doctype html" not in head:
        return "data for programs (JSON or XML)"
    if kind and not kind.startswith(("text/html", "text/plain", "application/xhtml", "application/xml", "text/xml")):
        return f"of type {kind.partition(';')[0]}"
    return ""
