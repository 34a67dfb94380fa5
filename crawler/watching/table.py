"""The live table: one line a portal as long as the terminal has lines, the rest summed up, totals below.

At 80 x 24 all columns are there; what does not fit of a portal's key or state is cut.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table

from crawler.watching.state import Figures, Stage, State, total

NUMBERS = ("known", "to do", "new", "edits", "errors", "asked")
STYLES = {Stage.WAITING: "yellow", Stage.ENDED_BADLY: "red", Stage.TO_COME: "dim", Stage.ENDED: "dim"}
REST = {  # how portals that have no line of their own are called
    Stage.WAITING: "more wait",
    Stage.AT_WORK: "more at work",
    Stage.ENDED_BADLY: "more ended badly",
    Stage.TO_COME: "more to come",
    Stage.ENDED: "more done",
}
WIDE = 100  # columns of a terminal from which on there is room between the table's columns
BESIDE = 3  # lines beside those of portals: headings, totals, and the cursor's own


class LiveTable:
    """Renders states into whatever terminal it is shown on, also after that was resized."""

    def __init__(self, states: Sequence[State], elapsed: str = "") -> None:
        self.states = states
        self.elapsed = elapsed

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Called by rich."""
        shown, rest = fit(self.states, options.size.height - BESIDE)
        table = _table(options.max_width)
        for state in shown:
            table.add_row(state.key, *_numbers(state.figures), state.doing, style=STYLES.get(state.stage, ""))
        for stage, states in rest.items():
            table.add_row(f"… {len(states)} {REST[stage]}", *_numbers(total(states)), "", style=STYLES.get(stage, ""))
        table.add_row(_summary(self.states), *_numbers(total(self.states)), self.elapsed, style="bold")
        yield table


def fit(states: Sequence[State], lines: int) -> tuple[list[State], dict[Stage, list[State]]]:
    """Which portals get a line of their own in so many lines, and those that are summed up, by their stage.

    Those at work come first, so that what moves is seen; each stage that is cut costs one line.
    """
    ordered = sorted(states, key=lambda state: state.stage)
    if len(ordered) <= lines:
        return ordered, {}
    for shown in range(min(lines, len(ordered)), -1, -1):
        rest: dict[Stage, list[State]] = {}
        for state in ordered[shown:]:
            rest.setdefault(state.stage, []).append(state)
        if shown + len(rest) <= lines:
            return ordered[:shown], rest
    return [], {}


def _table(width: int) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2 if width >= WIDE else 1, 0, 0), header_style="bold")
    table.add_column("portal", no_wrap=True, overflow="ellipsis", min_width=14, ratio=3)
    for name in NUMBERS:
        table.add_column(name, justify="right", no_wrap=True, min_width=len(name))
    table.add_column("now", no_wrap=True, overflow="ellipsis", min_width=14, ratio=2)
    table.expand = width < WIDE
    return table


def _numbers(figures: Figures) -> list[str]:
    counted = (figures.known, figures.to_do, figures.new, figures.changed, figures.errors, figures.requests)
    return [short(number) for number in counted]


def short(number: int) -> str:
    """At most six characters: 12,345 and then 1.23M."""
    return f"{number:,}" if number < 100_000 else f"{number / 1e6:.2f}M"


def _summary(states: Sequence[State]) -> str:
    ended = sum(state.stage in (Stage.ENDED, Stage.ENDED_BADLY) for state in states)
    return f"{ended} of {len(states)} done"
