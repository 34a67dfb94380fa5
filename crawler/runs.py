"""A run of the crawl: what each portal came to, live for the progress display, kept in the archive afterwards."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from scrapy.crawler import Crawler

from archive.clock import now, stamp
from archive.exits import INTERRUPTED, STORE_FAILED
from archive.store import Archive, StoreError
from crawler.health.model import PortalHealth
from crawler.health.verdicts import judge_run
from crawler.outcomes import PASSING, Outcome
from crawler.portals import Portal
from crawler.spider import PortalSpider

GOES_ON = timedelta(hours=2)  # in which a run that was cut off is gone on with; later it is all asked anew


class Run:
    """One run over many portals."""

    def __init__(self, archive: Archive, command: str) -> None:
        self.archive = archive
        self.crawlers: dict[str, Crawler] = {}
        self.finished: set[str] = set()
        self.started = stamp(now())
        self.begun: dict[str, str] = {}
        self.cut_off = cut_off(archive.connection, command, now())
        self.health: dict[str, PortalHealth] = {}
        with archive.transaction() as db:
            cursor = db.execute("insert into runs (started, command) values (?, ?)", [self.started, command])
            assert cursor.lastrowid is not None
            self.id = cursor.lastrowid

    @property
    def store_error(self) -> StoreError | None:
        """The first error of the archive in this run; None where there was none."""
        errors = (spider.store_error for spider in self.spiders().values())
        return next(filter(None, errors), None)

    def spiders(self) -> dict[str, PortalSpider]:
        """The spiders that have been made so far, by portal key."""
        found = {key: crawler.spider for key, crawler in list(self.crawlers.items())}
        return {key: spider for key, spider in found.items() if isinstance(spider, PortalSpider)}

    def moment(self) -> tuple[datetime, bool]:
        """From which moment on pages count as asked in this run, and whether that is of a run that was cut off."""
        return datetime.fromisoformat(self.cut_off or self.started), bool(self.cut_off)

    def last_asked(self) -> dict[str, str]:
        """When a crawl that asked anything of a portal ended last, by portal key."""
        sql = "select portal, max(finished) from run_portals where requests > 0 group by portal"
        return dict(self.archive.connection.execute(sql).fetchall())

    def begin(self, key: str, crawler: Crawler) -> None:
        """A portal's crawl starts."""
        self.crawlers[key] = crawler
        self.begun[key] = stamp(now())

    def end(self, key: str) -> None:
        """A portal's crawl ended: its row of the run is written."""
        self.finished.add(key)
        spider = self.spiders().get(key)
        if spider is None or spider.store_error is not None:
            return
        tally = {str(outcome): n for outcome, n in sorted(spider.outcomes.items()) if n}
        values: dict[str, Any] = {
            "run": self.id,
            "portal": key,
            "started": self.begun[key],
            "finished": stamp(now()),
            "requests": spider.requests,
            "new": spider.outcomes[Outcome.NEW],
            "changed": spider.outcomes[Outcome.CHANGED],
            "unchanged": spider.outcomes[Outcome.UNCHANGED],
            "failed": sum(spider.outcomes[outcome] for outcome in PASSING),
            "outcomes": json.dumps(tally),
            "purposes": json.dumps({str(purpose): n for purpose, n in sorted(spider.purposes.items()) if n}),
        }
        try:
            with self.archive.transaction() as db:
                # Where the run that was cut off had asked all, this one tells nothing.
                tells_nothing = self.stopped(key) or _only_ends_another(spider)
                measured = spider.measure.record(db, key, spider.frontier.now, tells_nothing)
                values["measured"] = json.dumps(measured, ensure_ascii=False)
                names, marks = ", ".join(values), ", ".join("?" * len(values))
                db.execute(f"insert into run_portals ({names}) values ({marks})", list(values.values()))
        except StoreError as error:
            spider.store_error = error

    def end_all(self) -> None:
        """Those that a second Ctrl-C did not wait for have ended as well."""
        for key in self.crawlers.keys() - self.finished:
            self.end(key)

    def stopped(self, key: str) -> bool:
        """Whether a portal's crawl was ended from outside (Ctrl-C), so that nothing new should begin."""
        stats = self.crawlers[key].stats
        return stats is not None and str(stats.get_value("finish_reason")) == "shutdown"

    def judge(self, portals: Mapping[str, Portal]) -> None:
        """The verdict on every portal that was crawled; `portals`: the registry. Raises StoreError."""
        with self.archive.transaction() as db:
            self.health = {one.portal: one for one in judge_run(db, self.id, portals)}

    def failed(self, key: str) -> bool:
        """Whether a portal failed what is expected of it, or was never begun."""
        spider = self.spiders().get(key)
        if spider is not None and _only_ends_another(spider):
            return False
        return key not in self.health or self.health[key].failed

    def finish(self, code: int, reason: str = "") -> int:
        """The run ended, where not by itself by `reason`; returns its exit code."""
        if self.store_error is None:
            with self.archive.transaction() as db:
                values = [stamp(now()), code, reason or None, self.id]
                db.execute("update runs set finished = ?, exit_code = ?, reason = ? where id = ?", values)
        return code


def cut_off(db: sqlite3.Connection, command: str, moment: datetime) -> str:
    """When the run began that was cut off (killed, interrupted, out of disk) and that this one goes on with; else "".

    Of several that were cut off one after another it is the first.
    """
    began = ""
    rows = db.execute("select started, finished, exit_code from runs where command = ? order by id desc", [command])
    for started, finished, code in rows:
        was_cut = finished is None or code in (INTERRUPTED, STORE_FAILED)
        if not was_cut or not timedelta(0) <= moment - datetime.fromisoformat(started) <= GOES_ON:
            break
        began = started
    return began


def _only_ends_another(spider: PortalSpider) -> bool:
    """Whether all pages were asked by a run that was cut off, and nothing but files is left to this one."""
    return spider.is_resumed and not spider.endurance.has_asked
