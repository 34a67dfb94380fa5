"""Answers as they really are: what a body is by its bytes, whether it is a page to read, and a page of it."""

from __future__ import annotations

from scrapy.http import Response

from archive import clock
from archive.snapshots import Headers
from crawler.cms import Unreadable
from crawler.middlewares.unpacking import GZIP, TRUNCATED, TooLarge, unpack
from crawler.outcomes import Outcome
from crawler.page import Page, decode, is_binary

# A tree takes some 250 bytes an element, so three megabytes of "<p>" would take 290. Real pages have 2,000 to 20,000.
MOST_TAGS = 200_000
LARGEST_XML = 50 * 2**20  # bytes: what the standard allows a sitemap, unpacked


def page_of(response: Response) -> Page:
    """The answer as a page: UTF-8 wherever it is valid. Of a body that is no page, or a bomb, there is no text."""
    kind = (response.headers.get("Content-Type") or b"").decode("latin-1")
    is_page = not is_binary(response.body) and response.body.count(b"<") <= MOST_TAGS
    text = decode(response.body, kind) if is_page else ""
    is_cut = TRUNCATED in response.flags
    return Page(response.url, text, clock.now(), response.status, response.body, headers_of(response), is_cut)


def headers_of(response: Response) -> Headers:
    """The headers of an answer, in their order; the cookies are ours alone."""
    named = ((name.decode("latin-1"), values) for name, values in response.headers.items())
    return tuple(
        (name, value.decode("latin-1")) for name, values in named if name.lower() != "set-cookie" for value in values
    )


def refuse_odd(page: Page) -> None:
    """Raises Unreadable for an answer under status 200 that is no page."""
    if page.raw.count(b"<") > MOST_TAGS:
        raise Unreadable(Outcome.TOO_LARGE, f"more than {MOST_TAGS} tags", page.status)
    if is_binary(page.raw):
        raise Unreadable(Outcome.NOT_PAGE, "other bytes than a page's", page.status)


def xml_of(response: Response) -> bytes:
    """The body of a sitemap or feed, taken out of a gzip file where it is one (sitemap.xml.gz). Raises Unreadable."""
    body, has_end = response.body, TRUNCATED not in response.flags
    if body.startswith(GZIP):
        try:
            body, has_end = unpack(body, b"gzip", LARGEST_XML)
        except TooLarge as error:
            raise Unreadable(Outcome.TOO_LARGE, str(error), response.status) from error
    if not has_end:
        raise Unreadable(Outcome.TRUNCATED, "the packed file has no end", response.status)
    return body
