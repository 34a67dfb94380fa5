"""Reading an article of a portal whose layouts are learned: by the one that fits, else by what a lone page shows.

The same for the crawl and for reparse: what is read tonight must be what is read again in ten years.
"""

from __future__ import annotations

from collections.abc import Callable

from archive.article import Article
from crawler.cms.general import General
from crawler.layouts import State
from crawler.page import Page
from crawler.template import fallback
from crawler.template.read import Reading, to_article


def read_by_layout(
    page: Page, reading: Reading | None, cms: General, alarmed: bool, furniture: Callable[[], frozenset[str]]
) -> tuple[Article, State]:
    """The article of a page, and whether it was read by a layout or is marked. Raises Unreadable where it has none.

    `alarmed`: the layouts are not to be trusted any more. `furniture`: tells the lines that other pages of the portal
    have; only the fallback asks, for to compare pages takes its time.
    """
    portal, key, name = cms.portal.key, cms.key(page), cms.READER
    if reading is not None and reading.fit.fits and not alarmed:
        return to_article(reading, portal, key, name), State.READ
    if reading is not None and not {"container", "title"} & set(reading.fit.missing) and not alarmed:
        # An unclosed tag has moved the date line; the text is where it always is.
        return fallback.with_date(to_article(reading, portal, key, f"{name} doubtful"), page), State.MARKED
    return fallback.read(page, portal, key, f"{name} fallback", cms.known, furniture()), State.MARKED
