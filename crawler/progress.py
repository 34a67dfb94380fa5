"""What a person sees of a crawl while it runs: a line a portal. What stands there in the end is reporting/table.py."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.table import Table

from crawler.outcomes import Outcome
from crawler.runs import Run

COUNTED = (Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED)


class Progress:
    """A live table on a terminal, nothing where the output goes to a file."""

    def __init__(self, run: Run) -> None:
        self.run = run
        console = Console(stderr=True)
        self.live = Live(
            console=console,
            get_renderable=self.render,
            refresh_per_second=4,
            transient=True,
            redirect_stdout=False,
        )
        self.wanted = console.is_terminal

    def __enter__(self) -> Progress:
        if self.wanted:
            self.live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.wanted:
            self.live.stop()

    def render(self) -> Table:
        """The state of this moment; called from the display's own thread, so it only reads counters."""
        table = _table()
        for key, spider in list(self.run.spiders().items()):
            state = "done" if key in self.run.finished else "…"
            table.add_row(f"{key} {state}", *_cells(spider))
        return table


def _table() -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("portal", overflow="fold")
    for name in ("requests", *COUNTED):
        table.add_column(str(name), justify="right")
    table.add_column("other", overflow="fold")
    return table


def _cells(spider: Any) -> list[str]:
    tally = dict(spider.outcomes)
    other = ", ".join(f"{name} {n}" for name, n in sorted(tally.items()) if n and name not in COUNTED)
    return [str(spider.requests), *(str(tally.get(name, 0)) for name in COUNTED), other]
