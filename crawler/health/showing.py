"""The health of all portals for a person at a terminal: a table, then a sentence on each that is not well."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from crawler.health.measuring import FIELDS
from crawler.health.model import PortalHealth, Verdict
from crawler.health.verdicts import last_judged
from crawler.portals import Portal

STYLES = {Verdict.OK: "green", Verdict.QUIET: "cyan", Verdict.THIN: "yellow"}
BAD = "bold red"
WIDE = 110  # columns of a terminal from which on the fill rates that fell stand in the table
MOST_LOST = 0.15  # of a fill rate, below what is usual, from which on it is shown


@dataclass(frozen=True, slots=True)
class Shown:
    """One line: the portal as it was judged last, None where it never was; `last_good`: ISO 8601 or ""."""

    portal: Portal
    health: PortalHealth | None
    last: str = ""
    last_good: str = ""

    def as_json(self) -> dict[str, Any]:
        """The line for programs."""
        if self.health is None:
            return {"portal": self.portal.key, "name": self.portal.name, "verdict": None}
        known = asdict(self.health) | {"figures": dict(self.health.figures)}
        return known | {"url": self.portal.url, "last": self.last, "last_good": self.last_good}


def lines(db: sqlite3.Connection, portals: Iterable[Portal]) -> list[Shown]:
    """What is known of some portals, in their order. Raises sqlite3.Error."""
    found = []
    for portal in portals:
        last, good = db.execute(
            "select max(started), max(case when verdict in (?, ?) then started end) from run_portals where portal = ?",
            [Verdict.OK, Verdict.QUIET, portal.key],
        ).fetchone()
        found.append(Shown(portal, last_judged(db, portal.key), last or "", good or ""))
    return found


def show(shown: list[Shown], console: Console, now: datetime) -> None:
    """Print them."""
    console.print(_table(shown, console.width >= WIDE))
    for one in shown:
        health = one.health
        if health is None or health.verdict is Verdict.OK:
            continue
        mark = "! " if health.is_alarm else ""
        console.print(Text(f"\n{mark}{health.portal}: {health.verdict}", _style(health)))
        console.print(Text(f"  {health.cause}"))
        if health.example:
            console.print(Text(f"  {health.example}", "dim"), soft_wrap=True)
    console.print(f"\n{_summary(shown, now)}", highlight=False)


def _table(shown: list[Shown], is_wide: bool) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0) if is_wide else (0, 1, 0, 0))
    table.add_column("portal", overflow="fold")
    for name in ("verdict", "since"):
        table.add_column(name, no_wrap=True)
    table.add_column("nights", justify="right", no_wrap=True)
    table.add_column("last good", no_wrap=True)
    table.add_column("new in 7 days" if is_wide else "7 days", justify="right", no_wrap=True)
    table.add_column("usual", justify="right", no_wrap=True)
    if is_wide:
        table.add_column("fell", overflow="fold")
    for one in shown:
        table.add_row(*_cells(one, is_wide))
    return table


def _cells(one: Shown, is_wide: bool) -> list[str | Text]:
    health = one.health
    if health is None:
        return [one.portal.key, Text("never judged", "dim")]
    figures = health.figures
    cells: list[str | Text] = [
        one.portal.key,
        Text(f"{health.verdict}{' !' if health.is_alarm else ''}", _style(health)),
        health.since[:10],
        str(health.nights or ""),
        one.last_good[:10] or "never",
        f"{figures['new a week']:g}" if "new a week" in figures else "",
        f"{float(figures['usual new a week']):.3g}" if "usual new a week" in figures else "",
    ]
    return [*cells, ", ".join(fallen(health))] if is_wide else cells


def fallen(health: PortalHealth) -> list[str]:
    """The fill rates of the night that are well below what is usual: "lead 20% of 95%"."""
    found = []
    for name in FIELDS:
        rate, usual = health.figures.get(name), health.figures.get(f"usual {name}")
        if isinstance(rate, float | int) and isinstance(usual, float | int) and rate < usual - MOST_LOST:
            found.append(f"{name} {rate:.0%} of {usual:.0%}")
    return found


def _style(health: PortalHealth) -> str:
    return STYLES.get(health.verdict, BAD if health.nights else "yellow")


def _ago(ago: timedelta, last: str) -> str:
    """How long ago; by its own time where the clock of this machine is behind it."""
    hours = round(ago.total_seconds() / 3600)
    if hours < 0:
        return f"at {last}, which is later than now by this machine's clock"
    return f"{hours} hours ago" if hours < 48 else f"{ago.days} days ago"


def _summary(shown: list[Shown], now: datetime) -> str:
    judged = [one.health for one in shown if one.health is not None]
    alarms = sum(health.is_alarm for health in judged)
    last = max((one.last for one in shown), default="")
    when = _ago(now - datetime.fromisoformat(last), last)
    need = (
        "nobody is needed" if not alarms else "1 needs a person (!)" if alarms == 1 else f"{alarms} need a person (!)"
    )
    return f"{len(judged)} of {len(shown)} portals were judged, the last night began {when}; {need}."
