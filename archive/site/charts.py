"""The numbers of the small inline charts: where a bar stands and how tall it is. The templates draw them as SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

HEIGHT = 100  # of a chart, in its own units
WIDTH = 720  # of a timeline, whatever its span
CURVE = 300  # width of a curve
MONTHS_AT_MOST = 12 * 60


@dataclass(frozen=True, slots=True)
class Month:
    """One month with articles: its name (YYYY-MM), their number, and the bar."""

    month: str
    n: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Year:
    """A year of a timeline with its months; one without articles is there as well, so that gaps are seen."""

    year: int
    n: int
    x: float
    months: list[Month]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Articles by month over years that follow one another. Empty where nothing is dated."""

    years: list[Year] = field(default_factory=list)
    tallest: int = 0
    n: int = 0

    @property
    def year_width(self) -> float:
        """In the chart's own units, which are WIDTH across."""
        return WIDTH / max(len(self.years), 4)

    @property
    def step(self) -> int:
        """Every how many years there is room for a label."""
        return 1 + (len(self.years) - 1) // 16


def timeline(counts: Mapping[str, int]) -> Timeline:
    """Of counts by month ("2022-03"); of a span of more than sixty years, which a wrong date makes, the last sixty."""
    months = sorted(month for month in counts if len(month) == 7)
    if not months:
        return Timeline()
    last = int(months[-1][:4])
    first = max(int(months[0][:4]), last - MONTHS_AT_MOST // 12 + 1)
    shown = {month: counts[month] for month in months if int(month[:4]) >= first}
    tallest = max(shown.values())
    years, across = [], WIDTH / max(last - first + 1, 4)
    for index, year in enumerate(range(first, last + 1)):
        own = [_month(month, n, index * across, across, tallest) for month, n in shown.items() if _year(month) == year]
        years.append(Year(year, sum(one.n for one in own), round(index * across, 2), own))
    return Timeline(years, tallest, sum(shown.values()))


def _year(month: str) -> int:
    return int(month[:4])


def _month(month: str, n: int, start: float, across: float, tallest: int) -> Month:
    height = max(3.0, round(HEIGHT * n / tallest, 1))
    step = across / 12
    x = start + (int(month[5:]) - 0.9) * step
    return Month(month, n, round(x, 2), round(HEIGHT - height, 1), round(step * 0.8, 2), height)


@dataclass(frozen=True, slots=True)
class Curve:
    """A number over time: the points of a polyline, with the first and the last value and when they were seen."""

    points: str
    first: tuple[str, int]
    last: tuple[str, int]


def curve(seen: Sequence[tuple[str, int]]) -> Curve | None:
    """Of (ISO 8601 time, number) in the order of time; None of fewer than two."""
    if len(seen) < 2:
        return None
    times = [datetime.fromisoformat(when).timestamp() for when, _ in seen]
    numbers = [number for _, number in seen]
    span, low, high = times[-1] - times[0] or 1, min(numbers), max(numbers)
    points = (
        f"{CURVE * (when - times[0]) / span:.1f},{HEIGHT - HEIGHT * (number - low) / ((high - low) or 1):.1f}"
        for when, number in zip(times, numbers, strict=True)
    )
    return Curve(" ".join(points), seen[0], seen[-1])
