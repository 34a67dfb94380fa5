"""Tells people what needs them, once: what is new since the last run is written down, sent, struck out (alarms.py)."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from crawler.reporting.alarms import NAME, THE_RUN, Alarm, Alarms, Event, news
from crawler.reporting.messages import write
from crawler.reporting.night import Ending, Night, PortalNight

KIND_OF = {Ending.STORE_ERROR: "store_error", Ending.NOT_STARTED: "not_started"}


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom to tell, in which language. `portals`: all that are crawled, where that is known; else None."""

    targets: Sequence[str]
    language: str
    portals: Sequence[str] | None = None


def check(targets: Sequence[str]) -> None:
    """Nothing is sent. Raises ValueError, which names the recipient by position."""
    if not targets:
        return
    from archive import notify  # apprise is slow to import, and most runs have nobody to tell

    try:
        notify.check(targets)
    except notify.WrongTarget as error:
        raise ValueError(f"NOTIFY_URLS: {error}") from error


def tell(night: Night, audience: Audience, data_dir: Path, report: Path | None) -> bool:
    """Send what there is to tell; False where a message waits for the next run, which standard error says."""
    if not audience.targets:
        return True
    on, well = alarms_of(night), well_in(night)
    address = str(report.resolve()) if report else ""
    try:
        with closing(Alarms(data_dir / NAME)) as alarms:
            if audience.portals is not None:
                alarms.keep_only(audience.portals)
            alarms.note(news(alarms.known(), on, well, night.finished))
            return _send_waiting(alarms, audience, address)
    except sqlite3.Error as error:
        # The disk may be full, which is what they are to be told: say it, each night, rather than not at all.
        _say(f"what people were told could not be remembered in {data_dir / NAME}: {error}")
        events = news({}, on, (), night.finished)
        sent = [_sent(audience, target, n, events, address) for n, target in _numbered(audience) if events]
        return all(sent)


def alarms_of(night: Night) -> list[Alarm]:
    """What needs a person after a night."""
    found = []
    if night.ending in KIND_OF:
        found.append(Alarm(THE_RUN, KIND_OF[night.ending], "", night.started, cause=night.reason))
    elif night.is_in_order and night.nothing_was_read and len(night.portals) > 1:
        found.append(Alarm(THE_RUN, "nothing_read", "", night.started))
    return found + [_alarm(one) for one in night.needs_a_person]


def _alarm(one: PortalNight) -> Alarm:
    health = one.health
    assert health is not None
    page = health.example or one.url
    kind, parts = str(health.verdict), health.cause_parts
    return Alarm(one.portal, kind, one.name, health.since, health.nights, health.cause, page, parts)


def well_in(night: Night) -> set[str]:
    """The subjects that were found in order."""
    well = {one.portal for one in night.portals if one.is_well}
    return well | {THE_RUN} if night.is_good else well


def _send_waiting(alarms: Alarms, audience: Audience, report: str) -> bool:
    all_sent = True
    for number, target in _numbered(audience):
        waiting = alarms.waiting(target)
        if not waiting:
            continue
        if _sent(audience, target, number, waiting, report):
            alarms.tell(target, waiting)
        else:
            all_sent = False
    alarms.strike_out(audience.targets)
    return all_sent


def _sent(audience: Audience, target: str, number: int, events: Sequence[Event], report: str) -> bool:
    from archive.notify import NotifyError, notify

    message = write(events, audience.language, report)
    try:
        notify([target], message.title, message.text)
    except NotifyError:
        _say(f"recipient {number} of NOTIFY_URLS could not be reached; the next run tries again")
        return False
    return True


def _numbered(audience: Audience) -> list[tuple[int, str]]:
    return list(enumerate(audience.targets, 1))


def _say(line: str) -> None:
    print(f"nightly: {line}", file=sys.stderr)
