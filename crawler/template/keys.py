"""Names for elements that hold on every page of a portal: the tag with those of its classes and ids that stay.

`post-123` and `category-tin-tuc` differ from page to page and must not part one place into many. A token counts as
stable when a twelfth of the pages have it, and belongs to an element's name when it always goes with the element's
commonest token.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml.html import HtmlElement

STABLE_SHARE = 0.08  # of the pages, and at least two of them
TOGETHER = 0.9  # how often a token must accompany the commonest one of its element
DIGITS = re.compile(r"\d+")


def tokens_of(identity: str, classes: str) -> list[str]:
    """An element's id and classes as tokens, numbers in them replaced: `#post-N`, `.entry`."""
    found = [f"#{DIGITS.sub('N', identity)}"] if identity else []
    if classes:
        found += [f".{DIGITS.sub('N', name)}" for name in classes.split()]
    return list(dict.fromkeys(found))


@dataclass
class Keys:
    """The stable tokens of a portal. `companions` holds for each of them the tokens that always go with it."""

    rank: dict[str, tuple[int, int]] = field(default_factory=dict)  # token -> (pages, -occurrences)
    companions: dict[str, list[str]] = field(default_factory=dict)
    _memo: dict[tuple[str, str | None, str | None], str] = field(default_factory=dict, repr=False)

    def of(self, element: HtmlElement) -> str:
        """The name of an element: its tag, then its stable tokens."""
        raw = (element.tag, element.get("id"), element.get("class"))
        key = self._memo.get(raw)
        if key is None:
            key = self._memo[raw] = self._name(raw[0], tokens_of(raw[1] or "", raw[2] or ""))
        return key

    def _name(self, tag: str, tokens: list[str]) -> str:
        stable = [token for token in tokens if token in self.rank]
        if not stable:
            return tag
        anchor = max(stable, key=lambda token: (*self.rank[token], token))
        kept = {anchor, *(token for token in stable if token in self.companions.get(anchor, ()))}
        return tag + "".join(sorted(kept))


def learn_keys(roots: Iterable[HtmlElement], share: float = STABLE_SHARE) -> Keys:
    """The stable tokens of some pages, given by their trees; `share`: on how many of the pages a token must be."""
    pages = 0
    seen_on: dict[tuple[str, str], set[int]] = defaultdict(set)
    count: Counter[tuple[str, str]] = Counter()
    for root in roots:
        pages += 1
        for element in root.iter("*"):
            raw = (element.get("id") or "", element.get("class") or "")
            if raw != ("", ""):
                count[raw] += 1
                seen_on[raw].add(pages)
    occurrences: Counter[str] = Counter()
    together: Counter[tuple[str, str]] = Counter()
    token_pages: dict[str, set[int]] = defaultdict(set)
    for raw, times in count.items():
        tokens = tokens_of(*raw)
        for token in tokens:
            occurrences[token] += times
            token_pages[token] |= seen_on[raw]
            for other in tokens:
                together[token, other] += times
    enough = max(2.0, share * pages)
    rank = {token: (len(on), -occurrences[token]) for token, on in token_pages.items() if len(on) >= enough}
    companions: dict[str, list[str]] = defaultdict(list)
    for (token, other), times in together.items():
        if token != other and token in rank and other in rank and times >= TOGETHER * occurrences[token]:
            companions[token].append(other)
    return Keys(rank, dict(companions))
