"""scrapy reparse [KEY ...] [--dry-run]: read every article again from its snapshots, without network."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rich.table import Table
from scrapy.commands import ScrapyCommand

from archive.exits import BUSY, GOOD, STORE_FAILED, WRONG_CONFIGURATION
from archive.lock import Busy, held
from archive.snapshots import SnapshotError
from archive.store import Archive, StoreError
from crawler.health.mending import mend
from crawler.portals import RegistryError, chosen, load
from crawler.printing import Paper, for_a_reader
from crawler.relevance import RelevanceError
from crawler.relevance import load as load_rules
from crawler.reparsing import Reparsed, reparse

TOPICS = {"": "not judged", "dan-van": "on topic", "other": "off topic"}


class Command(ScrapyCommand):
    """Rebuilds the archive by today's readers and today's relevance.toml; exit codes as in archive/exits.py."""

    requires_project = True

    def syntax(self) -> str:
        """Called by Scrapy."""
        return "[KEY ...] [--dry-run]"

    def short_desc(self) -> str:
        """Called by Scrapy."""
        return "Read every article again from its snapshots, without network, and decide again what is on topic"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Called by Scrapy."""
        super().add_options(parser)
        parser.add_argument("--dry-run", action="store_true", help="show what would change, and write nothing")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy: under the lock of the nightly run, so that the two never write at once."""
        settings = self.settings
        assert settings is not None
        data_dir = Path(settings["DATA_DIR"])
        try:
            rows = chosen(load(Path(settings["PORTALS_FILE"])), args)
            rules = load_rules()
            if not any((data_dir / name).exists() for name in ("archive.db", "snapshots.db")):
                raise RegistryError(f"there is no archive in {data_dir}: run scrapy nightly first")
            with held(data_dir / "nightly.lock"), Archive(data_dir) as archive:
                archive.register_portals(row.record() for row in rows)
                archive.make_ready()
                mended = 0 if opts.dry_run else sum(sum(mend(archive, row, rules)) for row in rows)
                done = [_said(one) for one in reparse(archive, rows, rules, opts.dry_run)]
                if not opts.dry_run:
                    archive.settle()
        except (RegistryError, RelevanceError) as error:
            self._refuse(WRONG_CONFIGURATION, error)
        except Busy as error:
            self._refuse(BUSY, error)
        except (StoreError, SnapshotError, OSError) as error:
            self._refuse(STORE_FAILED, error)
        else:
            with for_a_reader():
                _show(done, opts.dry_run)
                if mended:
                    print(f"{mended} pages that were kept unread are read now")
            self.exitcode = GOOD

    def _refuse(self, code: int, error: Exception) -> None:
        print(f"reparse: {error}", file=sys.stderr)
        self.exitcode = code


def _said(done: Reparsed) -> Reparsed:
    """Say that a portal is done: many take an hour."""
    if done.articles and sys.stderr.isatty():
        print(f"{done.portal}: {done.articles:,} articles read", file=sys.stderr)
    return done


def _show(done: list[Reparsed], dry_run: bool) -> None:
    """A line a portal that has articles, then one sentence."""
    table = Table(box=None, pad_edge=False)
    for name in ("portal", "articles", "changed"):
        table.add_column(name, justify="right" if name != "portal" else "left")
    table.add_column("in")
    for portal in done:
        if portal.articles:
            table.add_row(portal.portal, f"{portal.articles:,}", f"{portal.changed:,}", ", ".join(_changes(portal)))
    Paper().print(table)
    changed, unread = sum(portal.changed for portal in done), sum(portal.unread for portal in done)
    print(f"{changed} would change; nothing was written" if dry_run else f"{changed} changed")
    if unread:
        print(f"{unread} snapshots give no article any more: what was read of them before stays")


def _changes(portal: Reparsed) -> list[str]:
    """What changed, the commonest first: "body 12", "off topic → on topic 3"."""
    fields = [f"{name} {times}" for name, times in portal.fields.most_common()]
    topics = [f"{TOPICS[old]} → {TOPICS[new]} {times}" for (old, new), times in portal.topics.most_common()]
    without = portal.articles - portal.rebuilt
    return [*fields, *topics, *([f"{without} without snapshot, judged alone"] if without else [])]
