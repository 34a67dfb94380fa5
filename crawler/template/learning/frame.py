"""What of a page stands around the text: the breadcrumb, and the places by which a foreign page is told."""

from __future__ import annotations

from collections import Counter
from itertools import islice

from crawler.template.fields import is_crumb_bar
from crawler.template.outline import Outline, Paths

ALWAYS = 0.9  # of the pages that must have a place
NO_FRAME = frozenset("li a p span option svg path dd dt b i em strong br img input label".split())
MOST_ALWAYS = 60
CRUMB_PAGES = 0.4  # of the pages that must have the breadcrumb at its place


def crumbs_of(outlines: list[Outline]) -> int | None:
    """The place of the breadcrumb; None where most pages have none."""
    places: Counter[int] = Counter()
    for made in outlines:
        bars = (path for element, path in zip(made.elements, made.paths, strict=True) if is_crumb_bar(element))
        places.update(list(islice(bars, 1)))
    place, times = places.most_common(1)[0] if places else (0, 0)
    return place if times >= CRUMB_PAGES * len(outlines) else None


def always_of(outlines: list[Outline], paths: Paths) -> list[int]:
    """The outermost places that nearly each page has: enough to tell a foreign page, and quick to look for."""
    seen: Counter[int] = Counter()
    for made in outlines:
        seen.update(set(made.paths))
    common = [path for path, times in seen.items() if times >= ALWAYS * len(outlines)]
    frame = [path for path in common if not any(paths.tag(step) in NO_FRAME for step in paths.above(path))]
    return sorted(frame, key=lambda path: (sum(1 for _ in paths.above(path)), path))[:MOST_ALWAYS]
