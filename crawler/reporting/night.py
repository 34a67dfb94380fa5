"""A night as data: how the run ended, what became of each portal, what needs a person. Table, page and JSON show it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from crawler.health.model import PortalHealth
from crawler.outcomes import ABSENT, ARTICLES, Outcome

READ = ARTICLES | {Outcome.LISTING, Outcome.SITEMAP, Outcome.FEED}  # what a portal in any health gives

# Outcomes that are no trouble. Whatever has another name is shown as an error, so that a new one is seen.
PEACEFUL: frozenset[str] = (
    ARTICLES
    | ABSENT
    | {Outcome.LISTING, Outcome.SITEMAP, Outcome.FEED, Outcome.WITHDRAWN, Outcome.FILE, Outcome.REDIRECT}
    | {Outcome.COPY, Outcome.NOT_ARTICLE, Outcome.NOT_FILE, Outcome.HELD, Outcome.FUTURE_DATED}
    | {Outcome.EXTERNAL_REDIRECT}
    | {Outcome.OUT_OF_TIME, Outcome.OUT_OF_PAGES}  # a budget was spent: the next run goes on
)


class Ending(StrEnum):
    """How a run ended."""

    COMPLETE = "complete"  # every portal had its turn
    OUT_OF_TIME = "out of time"  # the time of a whole night was up: in order, and gone on with by the next
    INTERRUPTED = "interrupted"  # by Ctrl-C or a signal
    STORE_ERROR = "store error"  # the archive could not be written
    NOT_STARTED = "not started"  # wrong configuration, or an archive that does not open


class Turn(StrEnum):
    """How far a portal's turn came."""

    DONE = "done"
    STOPPED = "stopped"
    WAITING = "waiting"  # it was not asked at all


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a portal's past: `day` as YYYY-MM-DD, `runs` 0 where nothing ran, `was_read` whether it answered."""

    day: str
    runs: int = 0
    requests: int = 0
    new: int = 0
    was_read: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """An article that this run found."""

    portal: str
    title: str
    url: str
    published: str  # ISO 8601, "" where the page has no date


@dataclass(frozen=True, slots=True)
class Certificate:
    """What is wrong with the certificate of a portal's host: `faults` one word each; pages are taken all the same."""

    portal: str
    host: str
    faults: tuple[str, ...]
    since: str  # ISO 8601, when it was first seen to be so
    expires: str  # ISO 8601, or ""


@dataclass(frozen=True, slots=True)
class PortalNight:
    """What a run came to at one portal; `purposes` and `outcomes` count requests and what they turned out to be."""

    portal: str
    name: str
    url: str
    turn: Turn
    failed: bool  # what was expected of it
    requests: int = 0
    purposes: Mapping[str, int] = field(default_factory=dict)
    outcomes: Mapping[str, int] = field(default_factory=dict)
    health: PortalHealth | None = None  # None where the run did not come so far that it could be judged
    past: Sequence[Day] = ()

    @property
    def errors(self) -> dict[str, int]:
        """What went wrong, by name."""
        return {name: n for name, n in self.outcomes.items() if name not in PEACEFUL}

    @property
    def needs_a_person(self) -> bool:
        """Whether somebody must look at it."""
        return self.health is not None and self.health.is_alarm

    @property
    def is_well(self) -> bool:
        """Whether it was found in order."""
        return self.health is not None and not self.failed and not self.health.is_alarm

    @property
    def was_read(self) -> bool:
        """Whether it gave anything at all."""
        return any(self.outcomes.get(name) for name in READ)

    def count(self, name: str) -> int:
        """How many requests came to an outcome."""
        return self.outcomes.get(name, 0)


@dataclass(frozen=True, slots=True)
class Night:
    """A run that ended, in whatever way. Times are ISO 8601 with offset; `run` is its row in `runs`, None of none."""

    ending: Ending
    exit_code: int
    started: str
    finished: str
    run: int | None = None
    reason: str = ""  # one sentence, where the ending is not complete
    portals: Sequence[PortalNight] = ()
    newest: Sequence[Found] = ()
    certificates: Sequence[Certificate] = ()
    days_without: Sequence[str] = ()  # of the last thirty, those on which nothing ran
    unfinished: Sequence[str] = ()  # when runs began that never ended: killed, or the power was cut

    @property
    def seconds(self) -> int:
        """How long it took; a clock that was set back counts as none."""
        span = datetime.fromisoformat(self.finished) - datetime.fromisoformat(self.started)
        return max(0, int(span.total_seconds()))

    @property
    def nothing_was_read(self) -> bool:
        """Whether no portal gave anything."""
        return not any(one.was_read for one in self.portals)

    @property
    def is_good(self) -> bool:
        """Whether the run ended in order and not everything failed.

        A portal that vanishes for ever does not make a night a bad one: of a hundred there is always one.
        """
        return self.is_in_order and any(not one.failed for one in self.portals)

    @property
    def is_in_order(self) -> bool:
        """Whether nothing and nobody ended the run before its time."""
        return self.ending in (Ending.COMPLETE, Ending.OUT_OF_TIME)

    @property
    def watched(self) -> list[PortalNight]:
        """The portals that failed and may be well again tomorrow: nobody need look at them yet."""
        return [one for one in self.portals if one.failed and not one.needs_a_person]

    @property
    def needs_a_person(self) -> list[PortalNight]:
        """The portals that somebody must look at, the longest ill first."""
        ill = [one for one in self.portals if one.needs_a_person]
        return sorted(ill, key=lambda one: (one.health.since if one.health else "", one.portal))

    @property
    def by_need(self) -> list[PortalNight]:
        """All portals: those that need a person, those that failed, the others in their order."""
        return sorted(self.portals, key=lambda one: (not one.needs_a_person, not one.failed))

    def total(self, name: str) -> int:
        """An outcome over all portals."""
        return sum(one.count(name) for one in self.portals)

    @property
    def requests(self) -> int:
        """Requests over all portals."""
        return sum(one.requests for one in self.portals)

    @property
    def purposes(self) -> dict[str, int]:
        """Requests by purpose over all portals."""
        return dict(sum((Counter(one.purposes) for one in self.portals), Counter()))
