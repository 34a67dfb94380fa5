"""Where authors are named without a label, whether articles are signed, and which name is the office's."""

from __future__ import annotations

from collections import Counter

from crawler.template import labels
from crawler.template.learning.learner import LABELLED, Learner
from crawler.template.parts import fold
from crawler.template.trimming import trim

SIGNED = 0.08  # of the pages whose text must end in a name
DEFAULT_AUTHOR = 0.4  # of the pages that must name an author, for it to be the office that puts everything in


def learn_bylines(learner: Learner) -> None:
    """Where authors are named without a colon, whether articles are signed, and which name is the office's."""
    template, count = learner.template, learner.count
    places: Counter[int] = Counter()
    names: Counter[str] = Counter()
    signed = 0
    for parts in learner.parts:
        here: set[str] = set()
        for line in [*parts.between(), *parts.behind(40)]:
            name = labels.byline_of(line, parts.outline)
            if name is not None and line.words <= 24:
                places[line.path] += 1
                here.add(fold(name))
        names.update(name for name in here if name)
        kept = trim(parts, template).kept if parts.container is not None else []
        if len(kept) > 1 and labels.is_sign_off(kept[-1], parts.outline, parts.container or 0):
            signed += 1
    template.labels = [
        ("author", path) for path, times in places.items() if times >= min(count, max(2, LABELLED * count))
    ]
    template.signed = signed >= max(3, SIGNED * count)
    template.default_authors = [name for name, times in names.items() if times >= max(4, DEFAULT_AUTHOR * count)]
