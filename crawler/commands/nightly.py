"""scrapy nightly [KEY ...]: crawl every enabled portal, each host at its own pace, and say what came of it."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path
from typing import Any

from scrapy.commands import ScrapyCommand
from scrapy.crawler import Crawler

from archive.clock import ClockError, now
from archive.exits import BUSY, GOOD, PORTAL_FAILED, STORE_FAILED, WRONG_CONFIGURATION
from archive.lock import Busy, held
from archive.store import Archive, StoreError
from crawler.cms import load as load_family
from crawler.learning_spider import spider_for
from crawler.portals import Portal, RegistryError, chosen, load
from crawler.progress import Progress, print_report
from crawler.relevance import RelevanceError
from crawler.relevance import load as load_rules
from crawler.revisiting import RotationError, rotation
from crawler.runs import Run
from crawler.user_agent import ContactMissing, user_agent


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
        try:
            now()
            load_rules()
            rotation(settings["ROTATION"])
            rows = _to_crawl(load(Path(settings["PORTALS_FILE"])), args)
            agents = {row.key: user_agent(settings["CONTACT"], row) for row in rows}
            data_dir.mkdir(parents=True, exist_ok=True)
            with held(data_dir / "nightly.lock"), Archive(data_dir) as archive:
                archive.register_portals(row.record() for row in rows)
                archive.make_ready()
                self.exitcode = self._crawl(rows, agents, archive, opts)
        except (RegistryError, RelevanceError, ContactMissing, ClockError, RotationError) as error:
            self._refuse(WRONG_CONFIGURATION, error)
        except Busy as error:
            self._refuse(BUSY, error)
        except (StoreError, OSError) as error:
            self._refuse(STORE_FAILED, error)

    def _refuse(self, code: int, error: Exception) -> None:
        print(f"nightly: {error}", file=sys.stderr)
        self.exitcode = code

    def _crawl(self, rows: list[Portal], agents: dict[str, str], archive: Archive, opts: argparse.Namespace) -> int:
        process = self.crawler_process
        assert process is not None
        groups: dict[str, list[Portal]] = {}
        for row in rows:
            groups.setdefault(row.pace_group, []).append(row)
        run = Run(archive, "nightly")
        options = {"archive": archive, "recheck": opts.recheck, "full": opts.full}
        for group in groups.values():
            _crawl_in_turn(process, [(row, self._settings(row, agents[row.key])) for row in group], options, run)
        with Progress(run):
            process.start()
        if run.store_error is None:
            archive.settle()
            run.judge({row.key: row for row in rows})
        print_report(run)
        return run.finish(_exit_code(run, rows))

    def _settings(self, row: Portal, agent: str) -> Any:
        """The portal's own settings: its delay replaces the family's exactly."""
        assert self.settings is not None
        settings = self.settings.copy()
        delay = row.delay if row.delay is not None else load_family(row).DELAY
        for name in ("DOWNLOAD_DELAY", "AUTOTHROTTLE_START_DELAY"):
            settings.set(name, delay, "cmdline")
        settings.set("USER_AGENT", agent, "cmdline")
        return settings


def _crawl_in_turn(process: Any, rows: list[tuple[Portal, Any]], options: dict[str, Any], run: Run) -> None:
    """Portals of one group one after another: they share a host, and so its pace."""
    (portal, settings), *rest = rows
    crawler = Crawler(spider_for(portal), settings)
    run.begin(portal.key, crawler)

    def next_one(_: asyncio.Future[None]) -> None:
        run.end(portal.key)
        stopped = run.stopped(portal.key)
        if rest and not stopped:
            _crawl_in_turn(process, rest, options, run)

    process.crawl(crawler, portal=portal, **options).add_done_callback(next_one)


def _to_crawl(portals: dict[str, Portal], keys: list[str]) -> list[Portal]:
    """The rows to crawl: those named (enabled or not), else all enabled. Raises RegistryError."""
    rows = [row for row in chosen(portals, keys) if keys or row.enabled]
    if not rows:
        raise RegistryError("the registry has no enabled portal")
    return rows


def _exit_code(run: Run, rows: list[Portal]) -> int:
    if run.store_error is not None:
        print(f"nightly: {run.store_error}", file=sys.stderr)
        return STORE_FAILED
    return PORTAL_FAILED if any(run.failed(row.key) for row in rows) else GOOD
