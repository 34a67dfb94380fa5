"""What people are told: a title, and what needs them with since when, the likely cause and the page, in plain text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archive.i18n import Language
from crawler.health.causes import told
from crawler.reporting.alarms import THE_RUN, Event, What
from crawler.reporting.words import language

MOST = 30  # events that a message describes; a chat refuses longer ones


@dataclass(frozen=True, slots=True)
class Message:
    """One message."""

    title: str
    text: str


def write(events: Sequence[Event], code: str, report: str) -> Message:
    """All events in one message, in a language ("vi" or "en"). `report`: where the page of the report stands, or ""."""
    t = language(code)
    ill = sum(event.what is not What.OVER for event in events)
    archive = _text(t, "archive_name")
    title = _text(t, "message_needs" if ill else "message_over", n=ill or len(events), archive=archive)
    # What is over last: it can wait.
    ordered = sorted(events, key=lambda event: event.what is What.OVER)
    parts = ["\n".join(_lines(t, event)) for event in ordered[:MOST]]
    if len(ordered) > MOST:
        parts.append(_text(t, "and_more", n=len(ordered) - MOST))
    if report:
        parts.append(_text(t, "report_is_at", path=report))
    return Message(title, "\n\n".join(parts))


def _lines(t: Language, event: Event) -> list[str]:
    alarm, kind = event.alarm, event.alarm.kind.replace(" ", "_")
    name = f"{alarm.name} ({alarm.subject})" if alarm.subject != THE_RUN else _text(t, "of_the_run")
    head, state = f"[{_text(t, f'event_{event.what}')}] {name}", f"{_state(t, alarm.kind)}{_since(t, event)}"
    if event.what is What.OVER:
        return [head, _text(t, "was", what=state)]
    lines = [head, state]
    if event.before:
        lines.append(_text(t, "was", what=_state(t, event.before)))
    hint = {"nothing_read": "hint_nothing"}.get(kind, f"hint_{kind}")
    for label, key in (("cause", f"cause_{kind}"), ("to_do", f"do_{kind}"), ("to_do", hint)):
        if key in t:
            lines.append(f"{_text(t, label)}: {_text(t, key)}")
    if alarm.cause:
        label = "measured" if alarm.subject != THE_RUN else "machine_says"
        lines.append(f"{_text(t, label)}: {told(alarm.cause, alarm.cause_parts, t).striptags()}")
    return [*lines, alarm.example] if alarm.example else lines


def _state(t: Language, kind: str) -> str:
    key = f"kind_{kind}"
    return _text(t, key) if key in t else t.verdict(kind).unescape()


def _since(t: Language, event: Event) -> str:
    since, nights = event.alarm.since, event.alarm.nights
    if not since:
        return ""
    key = "since_nights" if nights else "since_when"
    return ", " + _text(t, key, when=t.day(since), **({"n": nights} if nights else {}))


def _text(t: Language, key: str, **values: object) -> str:
    """A text of the table as plain text."""
    return t(key, **values).unescape()
