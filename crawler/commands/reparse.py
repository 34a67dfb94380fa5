"""scrapy reparse [KEY ...] [--dry-run]: decide again, without network, which articles are about mass mobilization."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table
from scrapy.commands import ScrapyCommand

from archive.exits import BUSY, GOOD, STORE_FAILED, WRONG_CONFIGURATION
from archive.store import Archive, StoreError
from crawler.lock import Busy, held
from crawler.portals import Portal, RegistryError, load
from crawler.relevance import RelevanceError
from crawler.relevance import load as load_rules
from crawler.reparsing import Decided, reparse

TOPICS = {"": "not judged", "dan-van": "on topic", "other": "off topic"}


class Command(ScrapyCommand):
    """Judges the archived articles by today's relevance.toml; exit codes as in archive/exits.py."""

    requires_project = True

    def syntax(self) -> str:
        """Called by Scrapy."""
        return "[KEY ...] [--dry-run]"

    def short_desc(self) -> str:
        """Called by Scrapy."""
        return "Decide again, without network, which archived articles are on topic"

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
            rows = _chosen(load(Path(settings["PORTALS_FILE"])), args)
            rules = load_rules()
            if not (data_dir / "archive.db").exists():
                raise RegistryError(f"there is no archive in {data_dir}: run scrapy nightly first")
            with held(data_dir / "nightly.lock"), Archive(data_dir) as archive:
                decided = reparse(archive, rows, rules, opts.dry_run)
        except (RegistryError, RelevanceError) as error:
            self._refuse(WRONG_CONFIGURATION, error)
        except Busy as error:
            self._refuse(BUSY, error)
        except (StoreError, OSError) as error:
            self._refuse(STORE_FAILED, error)
        else:
            _show(decided, opts.dry_run)
            self.exitcode = GOOD

    def _refuse(self, code: int, error: Exception) -> None:
        print(f"reparse: {error}", file=sys.stderr)
        self.exitcode = code


def _chosen(portals: dict[str, Portal], keys: list[str]) -> list[Portal]:
    if unknown := [key for key in keys if key not in portals]:
        raise RegistryError(f"no portal has the key {', '.join(unknown)}; known are {', '.join(portals)}")
    return [portals[key] for key in keys] if keys else list(portals.values())


def _show(decided: list[Decided], dry_run: bool) -> None:
    """A line a portal that has articles, then one sentence."""
    table = Table(box=None, pad_edge=False)
    for name, justify in (("portal", "left"), ("articles", "right"), ("changed", "left")):
        table.add_column(name, justify="right" if justify == "right" else "left")
    for portal in decided:
        if portal.judged:
            changes = [f"{n} {TOPICS[old]} → {TOPICS[new]}" for (old, new), n in portal.changed.most_common()]
            table.add_row(portal.portal, f"{portal.judged:,}", ", ".join(changes) or "none")
    Console().print(table)
    changed = sum(sum(portal.changed.values()) for portal in decided)
    print(f"{changed} would change; nothing was written" if dry_run else f"{changed} changed")
