"""The hits by year and month, as bars that are links, each with its share of all articles of that time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from archive.site.counting import Value
from archive.site.state import State

MONTHS_SHOWN = 36  # of a longer time the years are shown, and months of the chosen one


@dataclass(frozen=True, slots=True)
class Bar:
    """A year ("2022") or a month ("2022-03"). `height` in hundredths of the tallest, `share` of all its articles."""

    value: str
    n: int
    all: int
    height: int
    chosen: bool
    state: State  # the search narrowed to it, or set free where it is chosen
    label: str = ""  # below it, where there is room

    @property
    def share(self) -> float:
        """Between 0 and 1."""
        return self.n / self.all if self.all else 0.0


@dataclass(frozen=True, slots=True)
class Timeline:
    """Years, where there are several, and months, where they are few enough to be told apart."""

    years: Sequence[Bar]
    months: Sequence[Bar]


def timeline(state: State, values: Mapping[str, Sequence[Value]]) -> Timeline:
    """The bars of a search; `values` are those of the filters year and month, with all filters on time taken off."""
    years, months = ({value.value: value for value in values.get(name, ())} for name in ("year", "month"))
    shown_years = [str(year) for year in range(int(min(years)), int(max(years)) + 1)] if years else []
    shown_months = _months(state, months)
    return Timeline(
        _bars(state, "year", shown_years, years) if len(shown_years) > 1 else (),
        _bars(state, "month", shown_months, months),
    )


def undated(state: State) -> State:
    """The search without all that narrows the time."""
    return replace(state.with_filter("year").with_filter("month"), since="", until="")


def _months(state: State, months: Mapping[str, Value]) -> list[str]:
    """The months to show: of the chosen time where it is short enough, or of all of it."""
    for first, last in ((_first(state), _last(state)), (min(months, default=""), max(months, default=""))):
        if first and last:
            shown = list(_between(first, last))
            if 0 < len(shown) <= MONTHS_SHOWN:
                return shown
    return []


def _first(state: State) -> str:
    chosen = [state.since[:7], *state.filters.get("year", ()), *state.filters.get("month", ())]
    known = [value for value in chosen if _is_time(value)]
    return min(f"{value}-01" if len(value) == 4 else f"{value[:4]}-01" for value in known) if known else ""


def _last(state: State) -> str:
    chosen = [state.until[:7], *state.filters.get("year", ()), *state.filters.get("month", ())]
    known = [value for value in chosen if _is_time(value)]
    return max(f"{value[:4]}-12" for value in known) if known else ""


def _is_time(value: str) -> bool:
    digits = value.replace("-", "")
    return value[:4].isascii() and digits.isascii() and digits.isdigit() and len(digits) in (4, 6)


def _between(first: str, last: str) -> Iterable[str]:
    start, end = (int(value[:4]) * 12 + int(value[5:7]) - 1 for value in (first, last))
    return (f"{month // 12}-{month % 12 + 1:02}" for month in range(start, min(end, start + 12 * 200) + 1))


def _bars(state: State, name: str, shown: Sequence[str], values: Mapping[str, Value]) -> list[Bar]:
    tallest = max((values[one].n for one in shown if one in values), default=0)
    bars = []
    for one in shown:
        n = values[one].n if one in values else 0
        chosen = one in state.filters.get(name, ()) or _within(state, one)
        free = undated(state)
        target = free if one in state.filters.get(name, ()) else free.with_filter(name, one)
        height = max(2, round(100 * n / tallest)) if n and tallest else 0
        bars.append(Bar(one, n, values[one].all if one in values else 0, height, chosen, target))
    return [replace(bar, label=_label(bars, at)) for at, bar in enumerate(bars)]


def _label(bars: Sequence[Bar], at: int) -> str:
    """Months by number, or by their year in January; years all of them, or every third and those that are chosen."""
    value = bars[at].value
    if len(value) > 4:
        return str(int(value[5:])) if len(bars) <= 12 else value[:4] * value.endswith("-01")
    if len(bars) <= 8:
        return value
    if bars[at].chosen:
        return "" if at and bars[at - 1].chosen else value
    near = any(bar.chosen for bar in bars[max(0, at - 2) : at + 3])
    return "" if near or (len(bars) - 1 - at) % 3 else value


def _within(state: State, value: str) -> bool:
    """Whether a year or month lies in the range from-to."""
    if not state.since and not state.until:
        return False
    size = len(value)
    return (not state.since or value >= state.since[:size]) and (not state.until or value <= state.until[:size])
