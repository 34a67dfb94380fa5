"""What a person sees when a crawl is done: the table of the run. While it runs: crawler/watching/."""

from __future__ import annotations

import sys
from typing import Any

from rich.console import Console
from rich.table import Table

from crawler.outcomes import Outcome
from crawler.runs import Run

COUNTED = (Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED)


def print_report(run: Run) -> None:
    """The table of the run on standard output, with every other outcome by its name."""
    table = _table()
    for key, spider in run.spiders().items():
        table.add_row(key, *_cells(spider))
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else 120).print(table)


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
