"""What is said of a portal's health: the one shape that judging, the command, the report and the messages share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """What a night of a portal came to."""

    OK = "ok"  # read as it should be
    QUIET = "quiet"  # read, but it brings less new than it usually does: it may sleep, it may be dying
    THIN = "thin"  # read, but its articles lack what they always had
    BLOCKED = "blocked"  # answers, and refuses us: flood pages, 403, 429, a challenge in place of the page
    CLOSED = "closed"  # its robots.txt forbids all; obeyed
    BROKEN_LAYOUT = "broken layout"  # its article pages are there and do not fit the reader any more
    GONE = "gone"  # does not answer under its address any more, or something else does


@dataclass(frozen=True, slots=True)
class PortalHealth:
    """The health of one portal after one run.

    portal    its key in the registry
    name      as the registry writes it
    verdict   see Verdict
    since     ISO 8601 time at which the first of the bad nights in a row began; "" where the last night was good
    nights    bad nights in a row, this one counted; 0 where it was good. Of a quiet portal: the quiet nights
    is_alarm  whether a person is needed now: two bad nights make an alarm, one where nothing was read at all or a
              layout stopped fitting; a portal that is quiet only after a long time
    cause     one English sentence: the likely cause, with numbers
    example   address of a page that shows it, or ""
    figures   what was measured beside what was expected, by name ("new a week", "usual new a week", "lead",
              "usual lead", ...); fill rates are shares from 0 to 1, lengths are letters, "newest" and "alarm since"
              are ISO 8601 times: the latter is the start of the run whose verdict first was an alarm, so that one
              message a story can be sent
    cause_parts  the cause once more, to be said in another language (causes.py); {} of older versions
    """

    portal: str
    name: str
    verdict: Verdict
    since: str = ""
    nights: int = 0
    is_alarm: bool = False
    cause: str = ""
    example: str = ""
    figures: Mapping[str, float | str] = field(default_factory=dict)
    cause_parts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Whether the portal failed what is expected of it, so that the run ends with exit code 1.

        One that is quiet did not: it was read, and well. Nor one whose new layout was learned in the same run.
        """
        return self.nights > 0 and self.verdict is not Verdict.QUIET
