"""The shapes of an explanation, and how witnesses and contradictions make a number."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

SURE, LIKELY = 0.9, 0.7  # confidence from which on a value is called so
MOST = 0.99  # nothing that a page says of itself is beyond doubt
MOST_PLACES = 4  # named in an origin; how many more there are is said


@dataclass(frozen=True, slots=True)
class Explained:
    """One field of an article: its value as text ("" where the page has none), and why it is believed.

    `confidence` from 0 to 1; of an absent field: how sure it is that the page has none. `origin`: where the value
    stands, as CSS of the innermost element or a name ("meta og:title", "<title>", "JSON-LD headline"), then the
    further places that say the same. `doubts`: English sentences without a full stop.
    """

    field: str
    value: str
    confidence: float
    origin: str
    doubts: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """How sure the value is, in a word: sure, likely or doubtful."""
        return "sure" if self.confidence >= SURE else "likely" if self.confidence >= LIKELY else "doubtful"


@dataclass(slots=True)
class Case:
    """A field while its witnesses are heard.

    Each witness of weight w leaves 1 - w of the doubt that there was, as if it erred independently of the others; a
    contradiction leaves a share of the confidence.
    """

    field: str
    value: str
    places: list[str] = dataclasses.field(default_factory=list)
    doubts: list[str] = dataclasses.field(default_factory=list)
    witnesses: int = 0
    open: float = 1.0  # the doubt that is left
    share: float = 1.0  # of the confidence that contradictions leave

    def witness(self, weight: float, place: str = "") -> None:
        """Something on the page that speaks for the value; `place` where it stands, "" where it is a property."""
        self.open *= 1 - weight
        self.witnesses += bool(place)
        if place and place not in self.places:
            self.places.append(place)

    def doubt(self, why: str, share: float = 1.0) -> None:
        """Something that speaks against the value."""
        self.doubts.append(why)
        self.share *= share

    def closed(self) -> Explained:
        """The explanation."""
        return Explained(
            self.field,
            self.value,
            round(min(1 - self.open, MOST) * self.share, 2),
            origin(self.places),
            tuple(self.doubts),
        )


def absent(name: str, confidence: float, doubts: list[str]) -> Explained:
    """A field that the page does not have; `doubts`: what on the page looks as if it had."""
    return Explained(name, "", confidence, "", tuple(doubts))


def origin(places: list[str]) -> str:
    """The first place, and in brackets the others that say the same."""
    if len(places) < 2:
        return "".join(places)
    more = f" and {len(places) - MOST_PLACES} more" if len(places) > MOST_PLACES else ""
    return f"{places[0]} (also {', '.join(places[1:MOST_PLACES])}{more})"
