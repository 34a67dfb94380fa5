"""The lines that some pages of a portal have in common, where they are too few to learn a layout from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from crawler.page import Page
from crawler.template.keys import Keys
from crawler.template.model import NUMBER, line_key
from crawler.template.outline import Paths, outline

ON_PAGES = 0.6  # share of the pages, and at least three, on which a line is furniture
WEEKDAY = re.compile(r"\b(?:thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật)\b", re.I)


def shared_lines(pages: Sequence[Page]) -> frozenset[str]:
    """The lines, by shared_key(), that most of the pages have; none of fewer than three pages."""
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({shared_key(line.text) for line in outline(page.root, Keys(), Paths()).lines})
    enough = max(3.0, ON_PAGES * len(pages))
    return frozenset(key for key, times in seen.items() if times >= enough)


def shared_key(text: str) -> str:
    """As line_key(); the clock of another day is the same line as well."""
    key = line_key(text)
    return WEEKDAY.sub("thứ", key) if NUMBER.search(key) else key
