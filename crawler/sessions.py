"""Sessions in addresses, whatever their name: `?phien=3f9a` on each link of a page, another value on the next page.

A portal with such links has no end: each visit of a page brings addresses that nobody has seen. A parameter that most
links of a page have, with one value, and that the next page's links have with another one, names no page.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

ON_LINKS = 0.7  # of a page's links, at least so many
FEW_LINKS = 6
PAGES = 2  # with different values, from which it is believed


class Sessions:
    """What one run learned of a portal's sessions. `names`: the parameters to leave out of each address.

    `seen`: where to note the parameters that may be one, each as `name=value`.
    """

    def __init__(self, seen: Counter[str] | None = None) -> None:
        self.names: set[str] = set()
        self._seen: Counter[str] = seen if seen is not None else Counter()

    def recall(self) -> None:
        """Know again what was noted by the run that this one goes on with."""
        self.names |= {name for name, values in self._values().items() if values >= PAGES}

    def _values(self) -> Counter[str]:
        """How many values each parameter had that may be a session."""
        return Counter(name for pair in self._seen for name, _ in parse_qsl(pair, keep_blank_values=True))

    def watch(self, urls: Iterable[str]) -> bool:
        """Look at the links of a page; whether a session was found by them."""
        total = 0
        values: dict[str, Counter[str]] = defaultdict(Counter)
        for url in urls:
            total += 1
            for name, value in parse_qsl(urlsplit(url).query):
                values[name][value] += 1
        if total < FEW_LINKS:
            return False
        found = set()
        for name, counts in values.items():
            if name not in self.names and len(counts) == 1 and counts.total() >= ON_LINKS * total:
                self._seen[urlencode([(name, next(iter(counts)))])] = 1
                if self._values()[name] >= PAGES:
                    found.add(name)
        self.names |= found
        return bool(found)

    def strip(self, url: str) -> str:
        """The address without its session."""
        if not self.names or "?" not in url:
            return url
        parts = urlsplit(url)
        kept = [(n, v) for n, v in parse_qsl(parts.query, keep_blank_values=True) if n not in self.names]
        query = "&".join(f"{quote(name, safe='')}={quote(value, safe='/:,')}" for name, value in kept)
        return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))
