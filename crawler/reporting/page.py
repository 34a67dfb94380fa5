"""The report as a page: one file that asks nobody for anything, without script; report.html is its template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from crawler.health.causes import told
from crawler.reporting.night import Day, Night
from crawler.reporting.words import duration, language

STEP = 6  # across of a day's bar, in the chart's own units
NEW_HEIGHT, REQUESTS_HEIGHT, BETWEEN = 28, 14, 3
LEAST = 2.0  # height of a bar of one, whatever the tallest

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Bar:
    """One day in the chart: where, and how tall both bars are; `missed` where the portal could not be read."""

    day: str
    new: int
    requests: int
    x: int
    new_height: float
    requests_height: float
    missed: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """The bars of a portal's last days, and the tallest of both kinds."""

    bars: Sequence[Bar]
    most_new: int
    most_requests: int

    width = property(lambda self: STEP * len(self.bars))
    height = NEW_HEIGHT + BETWEEN + REQUESTS_HEIGHT
    middle = NEW_HEIGHT
    missed = property(lambda self: sum(bar.missed for bar in self.bars))


def chart(days: Sequence[Day]) -> Chart:
    """The chart of some days, the oldest left."""
    most_new, most_requests = (max((getattr(day, name) for day in days), default=0) for name in ("new", "requests"))
    bars = [
        Bar(
            day.day,
            day.new,
            day.requests,
            STEP * number,
            _height(day.new, most_new, NEW_HEIGHT),
            _height(day.requests, most_requests, REQUESTS_HEIGHT),
            bool(day.runs) and not day.was_read,
        )
        for number, day in enumerate(days)
    ]
    return Chart(bars, most_new, most_requests)


def _height(n: int, most: int, tallest: int) -> float:
    return round(max(LEAST, tallest * n / most), 1) if n else 0.0


def headline(night: Night) -> tuple[str, int]:
    """The sentence that says what became of the night: its key, and its number. "Good" only where it was."""
    ill, watched = len(night.needs_a_person), len(night.watched)
    if not night.is_in_order:
        return f"night_{night.ending.replace(' ', '_')}", 0
    if night.nothing_was_read:
        return "night_nothing", 0
    if ill:
        return "night_needs", ill
    if not night.is_good:
        return "night_failed", 0
    return ("night_watched", watched) if watched else ("night_good", 0)


def write(night: Night, code: str, json_name: str) -> str:
    """The page in a language ("vi" or "en"); `json_name`: the file beside it that says the same."""
    t = language(code)
    said, number = headline(night)
    return _templates.get_template("report.html").render(
        night=night,
        t=t,
        headline=t(said, n=number),
        is_good=said in ("night_good", "night_watched"),
        hint="hint_" + said.removeprefix("night_"),
        took=duration(t, night.seconds),
        charts={one.portal: chart(one.past) for one in night.portals if one.past},
        json_name=json_name,
        told=told,
        is_web=is_web,
        spans=spans,
    )


def spans(days: Sequence[str]) -> list[tuple[str, str]]:
    """Days in order as first and last of each row of days without a gap."""
    found: list[tuple[str, str]] = []
    for day in days:
        before = date.fromisoformat(day) - timedelta(days=1)
        if found and found[-1][1] == before.isoformat():
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def is_web(address: str) -> bool:
    """Whether an address may be a link: what strangers' pages say may be javascript: as well."""
    return urlsplit(address).scheme in ("http", "https")
