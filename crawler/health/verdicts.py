"""The verdict on each portal of a finished run, by what the run measured and by the portal's own last nights."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from crawler.health import causes, limits
from crawler.health.causes import Cause, because
from crawler.health.expecting import news, usual
from crawler.health.findings import RULES, Case, Finding
from crawler.health.history import Night, nights
from crawler.health.measuring import FIELDS
from crawler.health.model import PortalHealth, Verdict
from crawler.portals import Portal

REMEMBERED = ("counted", "alarm since")  # figures of a bad night that the next one goes on from
SEVERAL = 3  # portals of a run that are all unreachable, from which on it is this machine's own network


def judge_run(connection: sqlite3.Connection, run: int, portals: Mapping[str, Portal]) -> list[PortalHealth]:
    """The health of every portal of a finished run, in the order of the rows of `run_portals`.

    Writes run_portals.verdict and run_portals.health (what must be remembered: since when, since when an alarm), in
    the caller's transaction if there is one; judging a run again says the same again. `portals`: the registry by key;
    a portal that left it is judged by its history alone. Raises sqlite3.Error where the archive cannot be written.
    """
    rows = connection.execute("select portal from run_portals where run = ? order by rowid", [run]).fetchall()
    judged = [_judge(connection, run, key, portals.get(key)) for (key,) in rows]
    judged = [_of_our_own_network(health, judged) for health in judged]
    for health in judged:
        connection.execute(
            "update run_portals set verdict = ?, health = ? where run = ? and portal = ?",
            [health.verdict, json.dumps(_remembered(health), ensure_ascii=False), run, health.portal],
        )
    return judged


def last_judged(connection: sqlite3.Connection, portal: str) -> PortalHealth | None:
    """The health of a portal as it was judged last; None where it never was."""
    sql = "select run from run_portals where portal = ? and health is not null order by run desc limit 1"
    row = connection.execute(sql, [portal]).fetchone()
    return remembered(connection, row[0], portal) if row is not None else None


def remembered(connection: sqlite3.Connection, run: int, portal: str) -> PortalHealth | None:
    """The health of a portal as it was judged after a run; None where it was not."""
    row = connection.execute(
        "select r.verdict, r.health, coalesce(p.name, r.portal) from run_portals r left join portals p "
        "on p.key = r.portal where r.run = ? and r.portal = ? and r.health is not null",
        [run, portal],
    ).fetchone()
    if row is None:
        return None
    known: dict[str, Any] = json.loads(row[1])
    return PortalHealth(portal, row[2], Verdict(row[0]), **known)


def _remembered(health: PortalHealth) -> dict[str, Any]:
    names = ("since", "nights", "is_alarm", "cause", "example")
    known = {name: getattr(health, name) for name in names}
    return known | {"figures": dict(health.figures), "cause_parts": dict(health.cause_parts)}


def _saying(health: PortalHealth, cause: Cause) -> PortalHealth:
    return replace(health, cause=causes.english(cause), cause_parts=cause)


def _judge(db: sqlite3.Connection, run: int, key: str, portal: Portal | None) -> PortalHealth:
    """One portal: the first rule that finds something, else all is well."""
    night, *past = nights(db, key, run)
    last = next((one for one in past if one.health), None)
    case = Case(night, usual(past), news(db, key, night.end), portal.expect if portal is not None else {}, last)
    name = portal.name if portal is not None else _name(db, key)
    health = PortalHealth(key, name, Verdict.OK, figures=_figures(case))
    if night.measured.get("stopped"):
        return _as_before(health, last)
    finding = next(filter(None, (rule(case) for rule in RULES)), None)
    if finding is None:
        return _saying(health, _all_is_well(case))
    return _found(health, finding, night, last)


def _name(db: sqlite3.Connection, key: str) -> str:
    row = db.execute("select name from portals where key = ?", [key]).fetchone()
    return str(row[0]) if row is not None else key


def _as_before(health: PortalHealth, last: Night | None) -> PortalHealth:
    """A run that was stopped by a person says nothing: what was known stays."""
    if last is None:
        return _saying(health, because("stopped"))
    kept = {name: last.health[name] for name in ("since", "nights", "is_alarm", "example")}
    alarm = {name: last.health["figures"][name] for name in REMEMBERED if name in last.health["figures"]}
    health = replace(health, verdict=Verdict(last.verdict), figures={**health.figures, **alarm}, **kept)
    before = causes.without(causes.remembered(last.health), "before")
    return _saying(health, because("before", cause=before))


def _found(health: PortalHealth, finding: Finding, night: Night, last: Night | None) -> PortalHealth:
    """What was found, as one more of the bad nights before it, or as the first."""
    health = _saying(replace(health, verdict=finding.verdict, example=finding.example), finding.cause)
    if finding.is_settled:
        return health
    before = last.health if last is not None and _goes_on(finding, last) else {}
    since, number, counted = night.started, 1, night.started
    if before:
        counted = str(before["figures"].get("counted", before["since"]))
        is_another = datetime.fromisoformat(night.started) - datetime.fromisoformat(counted) >= limits.NIGHT
        since, number = str(before["since"]), int(before["nights"]) + is_another
        counted = night.started if is_another else counted
    is_alarm = finding.at_once or (finding.verdict is not Verdict.QUIET and number >= limits.BAD_NIGHTS)
    kept = {"counted": counted}
    if is_alarm:
        kept["alarm since"] = str(before.get("figures", {}).get("alarm since", night.started))
    return replace(health, since=since, nights=number, is_alarm=is_alarm, figures={**health.figures, **kept})


def _goes_on(finding: Finding, last: Night) -> bool:
    """Whether the night before was bad as well; to be quiet is another matter than to be sick."""
    was_quiet, is_quiet = last.verdict == Verdict.QUIET, finding.verdict is Verdict.QUIET
    return int(last.health["nights"]) > 0 and was_quiet == is_quiet


def _all_is_well(case: Case) -> Cause:
    night, newest = case.night, case.news.newest
    cause = because("well", n=night.new, known=night.articles - night.new)
    return because("newest", cause=cause, newest=newest) if newest else cause


def _figures(case: Case) -> dict[str, float | str]:
    """What was measured beside what was expected."""
    night, usual, news = case.night, case.usual, case.news
    figures: dict[str, float | str] = {
        "requests": night.requests, "read": night.figure("read"), "new": night.new,
        "new a week": news.week, "usual new a week": case.expect.get("new_a_week", news.usual),
        "newest": news.newest, "length": night.figure("length"), "usual length": usual.length,
        "dropped": night.figure("dropped"), "usual dropped": usual.dropped,
        "fits": night.figure("fits"), "misfits": night.figure("misfits"), "kept unread": night.figure("kept"),
    }  # fmt: skip
    if read := night.figure("read"):
        for name in FIELDS:
            figures[name] = round(night.table("filled").get(name, 0) / read, 3)
            if (expected := case.expect.get(name, usual.rates.get(name))) is not None:
                figures[f"usual {name}"] = round(expected, 3)
    return figures


def _of_our_own_network(health: PortalHealth, all_of_them: Sequence[PortalHealth]) -> PortalHealth:
    """Where no portal at all can be reached, the likely cause is not the portals."""
    silent = [one for one in all_of_them if one.verdict is Verdict.GONE and not one.figures["read"]]
    if len(all_of_them) < SEVERAL or len(silent) < len(all_of_them):
        return health
    return _saying(health, because("our_network", n=len(silent), cause=health.cause_parts))
