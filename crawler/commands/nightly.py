"""scrapy nightly [KEY ...]: crawl every enabled portal, each host at its own pace, and say what came of it."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from scrapy.commands import ScrapyCommand

from archive.clock import ClockError, now
from archive.exits import BUSY, GOOD, INTERRUPTED, PORTAL_FAILED, STORE_FAILED, WRONG_CONFIGURATION
from archive.lock import Busy, held
from archive.retention import WrongDays, days_of, remove_old_reports
from archive.store import Archive, StoreError
from crawler import logs
from crawler.cms import load as load_family
from crawler.common import Common, LimitError, Limits
from crawler.pace import grouped
from crawler.portals import Portal, RegistryError, chosen, load
from crawler.relevance import RelevanceError
from crawler.relevance import load as load_rules
from crawler.reporting.reporter import Reporter, WrongSetting
from crawler.revisiting import RotationError, rotation
from crawler.runs import Run
from crawler.side_by_side import CrawlOfGroup, crawl_all
from crawler.user_agent import ContactMissing, user_agent
from crawler.watching import Watch

# What is wrong before anything is asked: exit code 3.
WRONG = (ClockError, ContactMissing, LimitError, RegistryError, RelevanceError, RotationError, WrongDays, WrongSetting)


class Command(ScrapyCommand):
    """The nightly crawl; exit codes as in archive/exits.py."""

    requires_project = True

    def syntax(self) -> str:
        """Called by Scrapy."""
        return "[KEY ...] [--recheck due|all|none] [--full]"

    def short_desc(self) -> str:
        """Called by Scrapy."""
        return "Crawl all enabled portals, or those with the given keys, and archive their articles"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Called by Scrapy."""
        super().add_options(parser)
        parser.add_argument("--recheck", choices=("due", "all", "none"), default="due",
                            help="which known articles to read again (default: those that are due)")  # fmt: skip
        parser.add_argument("--full", action="store_true", help="walk every listing to its end")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy: checks the configuration, then crawls under the lock."""
        settings = self.settings
        assert settings is not None
        if settings.get("ARCHIVE_NOW"):
            os.environ["ARCHIVE_NOW"] = settings["ARCHIVE_NOW"]
        data_dir = Path(settings["DATA_DIR"])
        self.reporter = Reporter(data_dir)
        self.is_whole = not args  # whether all enabled portals are crawled
        try:
            now()
            self.reporter.configure(settings)
            reports_days = days_of(settings["REPORTS_DAYS"])
            load_rules()
            rotation(settings["ROTATION"])
            limits = Limits.of(settings)
            rows = _to_crawl(load(Path(settings["PORTALS_FILE"])), args)
            agents = {row.key: user_agent(settings["CONTACT"], row) for row in rows}
            data_dir.mkdir(parents=True, exist_ok=True)
            with held(data_dir / "nightly.lock"), Archive(data_dir) as archive:
                archive.register_portals(row.record() for row in rows)
                archive.make_ready()
                self.exitcode = self._crawl(rows, agents, archive, opts, limits)
                remove_old_reports(data_dir, reports_days)
        except WRONG as error:
            self._refuse(WRONG_CONFIGURATION, error)
        except Busy as error:
            self._refuse(BUSY, error)
        except (StoreError, OSError) as error:
            self._refuse(STORE_FAILED, error)

    def _refuse(self, code: int, error: Exception) -> None:
        print(f"nightly: {error}", file=sys.stderr)
        self.exitcode = code
        if code != BUSY:  # the run at work will leave its own report
            self.reporter.refused(code, error)

    def _crawl(
        self, rows: list[Portal], agents: dict[str, str], archive: Archive, opts: argparse.Namespace, limits: Limits
    ) -> int:
        assert self.settings is not None
        log_is_kept = bool(self.settings.get("LOG_FILE")) or self.settings.getbool("LOG_JSON")
        logs.install(self.settings)
        run = Run(archive, "nightly")
        self.reporter.began(run, rows, is_whole=self.is_whole)
        common = Common(limits)
        options = {"archive": archive, "recheck": opts.recheck, "full": opts.full, "common": common}
        crawls = [
            CrawlOfGroup(run, common, options, [(row, self._settings(row, agents[row.key], group)) for row in members])
            for group, members in grouped(rows).items()
        ]
        with Watch(run, rows, log_is_kept):
            crawl_all(self.crawler_process, crawls, common)
        run.end_all()
        if run.store_error is None:
            archive.settle()
            run.judge({row.key: row for row in rows})
        code = run.finish(_exit_code(run, rows, common), common.reason)
        return self.reporter.concluded(code, common.reason)

    def _settings(self, row: Portal, agent: str, group: str) -> Any:
        """The portal's own settings: its delay replaces the family's exactly, its turn is its group's."""
        assert self.settings is not None
        settings = self.settings.copy()
        delay = row.delay if row.delay is not None else load_family(row).DELAY
        for name in ("DOWNLOAD_DELAY", "AUTOTHROTTLE_START_DELAY"):
            settings.set(name, delay, "cmdline")
        settings.set("USER_AGENT", agent, "cmdline")
        settings.set("PACE_GROUP", group, "cmdline")
        return settings


def _to_crawl(portals: dict[str, Portal], keys: list[str]) -> list[Portal]:
    """The rows to crawl: those named (enabled or not), else all enabled. Raises RegistryError."""
    rows = [row for row in chosen(portals, keys) if keys or row.enabled]
    if not rows:
        raise RegistryError("the registry has no enabled portal")
    return rows


def _exit_code(run: Run, rows: list[Portal], common: Common) -> int:
    if run.store_error is not None:
        print(f"nightly: {run.store_error}", file=sys.stderr)
        return STORE_FAILED
    if common.is_interrupted:
        return INTERRUPTED
    return PORTAL_FAILED if any(run.failed(row.key) for row in rows) else GOOD
