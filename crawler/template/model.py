"""What is known of one layout of a portal's article pages, and how it is kept."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from crawler.template.keys import Keys
from crawler.template.outline import Paths

SHORT_LINE = 70  # letters; in a line up to this long a number is a counter's, in a longer one the article's own
NUMBER = re.compile(r"\d[\d.,]*")


def line_key(text: str) -> str:
    """A line reduced to what is the same when its counters move: "Đang truy cập: 12" and "...: 13" are one."""
    folded = text.casefold()
    return NUMBER.sub("0", folded) if len(folded) <= SHORT_LINE else folded


@dataclass(frozen=True, slots=True)
class DateSlot:
    """Where a date stands: a place, the attribute it is in ("" for the visible words), the how-manieth dated one there.

    `path` is None for what stands in the head: then `name` is that of the meta tag, or of the JSON-LD field.
    """

    path: int | None
    name: str
    ordinal: int


@dataclass(slots=True)
class Template:
    """One layout. Places are numbers of `paths`; shares are of the pages it was learned from.

    constants   line key -> share of the pages that have the line
    titles      places of the title, the best first
    dates       places of the publication date that agree with one another, the most exact first
    leads       places of the lead between title and container
    strong_lead whether a first paragraph all in bold is the lead
    inner_lead  place of a lead that stands first in the container
    inner       lines (by key) that the container has on half of the pages, and that are no text
    ends        lines (by key), and kinds of labels, behind which nothing of the article comes: "Tin liên quan"
    cuts        places of blocks in the container that are no text (share buttons, related articles)
    mixed       those of them where the articles' own lines stand as well
    always      places that nearly each page has: how a foreign page is told
    empties     whether some articles have nothing in the container: all that they say is their lead
    words       median of the words in the container that are the article's
    fellows     how many elements with words nine pages of ten have at the container's place at the most
    noise       share of the container's words that are constant or links
    default_authors  bylines on so many pages that they name the office, not the writer
    crumbs      place of the breadcrumb
    suffix      what the page's <title> has behind the article's
    """

    pages: int
    keys: Keys
    paths: Paths
    constants: dict[str, float]
    container: int
    titles: list[int] = field(default_factory=list)
    title_by_head: bool = True
    dates: list[DateSlot] = field(default_factory=list)
    leads: list[int] = field(default_factory=list)
    strong_lead: bool = False
    inner_lead: int | None = None
    inner: list[str] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)
    cuts: list[int] = field(default_factory=list)
    mixed: list[int] = field(default_factory=list)
    always: list[int] = field(default_factory=list)
    empties: bool = False
    words: int = 0
    fellows: int = 0
    noise: float = 0.0
    signed: bool = False
    labels: list[tuple[str, int]] = field(default_factory=list)  # ("author", place of a label without colon)
    default_authors: list[str] = field(default_factory=list)
    suffix: str = ""
    crumbs: int | None = None
    ordinal: int = 0  # which of several elements at the container's place won most often

    def to_json(self) -> str:
        """The template as text, for the archive's table of templates."""
        values = {name: getattr(self, name) for name in _PLAIN}
        values["dates"] = [[slot.path, slot.name, slot.ordinal] for slot in self.dates]
        values["keys"] = {"rank": self.keys.rank, "companions": self.keys.companions}
        values["paths"] = self.paths.steps[1:]
        return json.dumps(values, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Template:
        """The template that to_json() wrote. Raises ValueError or KeyError where it is none."""
        values: dict[str, Any] = json.loads(text)
        keys = Keys({t: (r[0], r[1]) for t, r in values["keys"]["rank"].items()}, values["keys"]["companions"])
        paths = Paths([(parent, key) for parent, key in values["paths"]])
        # A layout that an older version learned has not all the names: what it lacks is as by default.
        plain = {name: values[name] for name in _PLAIN if name in values}
        plain["labels"] = [(kind, place) for kind, place in values["labels"]]
        return cls(keys=keys, paths=paths, **plain | {"dates": [DateSlot(*slot) for slot in values["dates"]]})


_PLAIN = (
    "pages constants container titles title_by_head leads strong_lead inner_lead inner ends cuts mixed always empties "
    "words fellows noise signed labels default_authors suffix crumbs ordinal"
).split()
