"""The report on the terminal: what needs a person, a line a portal, the total, the time taken; in English."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from rich.table import Table
from rich.text import Text

from crawler.outcomes import Outcome
from crawler.printing import Paper, for_a_reader
from crawler.reporting.night import Ending, Night, PortalNight, Turn
from crawler.reporting.words import duration, language

WIDTH = 120  # where the output goes to a file
COUNTED = (Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED, Outcome.WITHDRAWN)
MOST = 20  # portals that are named as needing a person; the others stand in the table


def show(night: Night, report: Path | None) -> None:
    """Print a night on standard output; `report`: where its page stands.

    Where nobody reads it any more (| head) nothing is lost: all of it stands in the page.
    """
    with for_a_reader():
        _show(night, report)


def _show(night: Night, report: Path | None) -> None:
    for line in sentences(night):
        print(line)
    console = Paper(file=sys.stdout, width=None if sys.stdout.isatty() else WIDTH, highlight=False)
    console.print(_table(night))
    where = f"; report: {report}" if report else ""
    print(f"{_ended(night)} after {duration(language('en'), night.seconds)}{where}")


def sentences(night: Night) -> list[str]:
    """What needs a person, a sentence each."""
    ill = night.needs_a_person
    if not ill:
        return []
    lines = [f"{len(ill)} portal{' needs' if len(ill) == 1 else 's need'} a person:"]
    lines += [f"  {_sentence(one)}" for one in ill[:MOST]]
    return lines if len(ill) <= MOST else [*lines, f"  and {len(ill) - MOST} more"]


def _sentence(one: PortalNight) -> str:
    health = one.health
    assert health is not None
    nights = f"{health.nights} night{'s' if health.nights != 1 else ''}"
    since = f" since {health.since[:10]} ({nights})" if health.since else ""
    cause = f": {' '.join(health.cause.split())}" if health.cause else ""
    return f"{one.portal}: {health.verdict}{since}{cause} {health.example or one.url}".rstrip()


def _ended(night: Night) -> str:
    if night.is_in_order and night.nothing_was_read:
        return "nothing could be read of any portal"
    if night.ending is Ending.COMPLETE:
        return "complete"
    return f"{night.ending}: {night.reason}"


def _table(night: Night) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", show_footer=len(night.portals) > 1)
    table.add_column("portal", overflow="fold", footer="total")
    table.add_column("requests", justify="right", footer=str(night.requests))
    for name in COUNTED:
        table.add_column(str(name), justify="right", footer=str(night.total(name)))
    table.add_column("verdict", overflow="fold")
    if night.purposes:
        table.add_column("asked for", overflow="fold", footer=_named(night.purposes))
    table.add_column("errors", overflow="fold")
    table.add_column("other", overflow="fold")
    for one in night.portals:
        table.add_row(*_cells(one, with_purposes=bool(night.purposes)))
    return table


def _cells(one: PortalNight, *, with_purposes: bool) -> list[Text]:
    errors = one.errors
    other = {name: n for name, n in one.outcomes.items() if name not in COUNTED and name not in errors}
    verdict = _verdict(one)
    ill = "bold red" if one.needs_a_person else ""
    cells = [Text(one.portal, ill), Text(str(one.requests)), *(Text(str(one.count(name))) for name in COUNTED)]
    cells.append(Text(verdict, ill))
    if with_purposes:
        cells.append(Text(_named(one.purposes)))
    return [*cells, Text(_named(errors), "red"), Text(_named(other), "dim")]


def _verdict(one: PortalNight) -> str:
    if one.turn is not Turn.DONE:
        return {Turn.STOPPED: "stopped", Turn.WAITING: "not asked"}[one.turn]
    return str(one.health.verdict) if one.health else ("failed" if one.failed else "")


def _named(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {n}" for name, n in sorted(counts.items()) if n)
