"""Pages that stand in the place of a portal's own under status 200: challenges for browsers, parked names.

To store such a page as an article, or to take it for a listing without news, is how other crawlers stop in silence.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from crawler.finders import text_of
from crawler.outcomes import Outcome
from crawler.page import Page
from crawler.urls import absolute, netloc

STRANGERS = Path(__file__).with_name("strangers.toml")
LONGEST = 200_000  # letters of source; challenges carry long scripts, but not a portal's page
FEW_LETTERS = 1500  # of visible text
FEW_LINKS = 5  # within the portal
# A page without text whose script sets a cookie and asks again: walls of cookies have many names (D1N, __test, ...).
COOKIE_WALL = re.compile(r"document\.cookie\s*=(?s:.{0,2000}?)location(?:\.reload|\.href\s*=|\.replace|\s*=)", re.I)
NO_TEXT = 300  # letters, below which a page says nothing


@cache
def _signs() -> dict[str, tuple[str, ...]]:
    with STRANGERS.open("rb") as file:
        table: dict[str, list[str]] = tomllib.load(file)
    return {name: tuple(signs) for name, signs in table.items()}


def stands_in_the_way(page: Page) -> Outcome | None:
    """CHALLENGE or PARKED for a page that is not the portal's own; None for all others."""
    if len(page.text) > LONGEST:
        return None
    source = page.text.lower()
    found = next((name for name, signs in _signs().items() if any(sign in source for sign in signs)), "")
    is_wall = not found and "document.cookie" in source and COOKIE_WALL.search(source) is not None
    if not (found or is_wall):
        return None
    body = page.root.find("body")
    letters = len(text_of(body)) if body is not None else 0
    links = {netloc(absolute(page.url, link.get("href"))) for link in page.root.iter("a") if link.get("href")}
    own = sum(netloc(absolute(page.url, link.get("href") or "")) == netloc(page.url) for link in page.root.iter("a"))
    if letters > FEW_LETTERS or own > FEW_LINKS or (is_wall and letters > NO_TEXT):
        return None
    if found == "moved":
        return Outcome.PARKED if links - {netloc(page.url), ""} else None
    return Outcome.PARKED if found == "parked" else Outcome.CHALLENGE
