"""scrapy health [KEY ...] [--json]: how each portal is, by its last nights; nothing is asked of anybody."""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from scrapy.commands import ScrapyCommand

from archive.clock import now
from archive.exits import GOOD, PORTAL_FAILED, STORE_FAILED, WRONG_CONFIGURATION
from crawler.health.showing import Shown, lines, show
from crawler.portals import RegistryError, chosen, load
from crawler.printing import Paper, for_a_reader

UNKNOWN_WIDTH = 120  # columns, where the output goes to a file


class Command(ScrapyCommand):
    """Shows the verdicts that the nights have left in the archive; ends with 1 where a portal needs a person."""

    requires_project = True

    def syntax(self) -> str:
        """Called by Scrapy."""
        return "[KEY ...] [--json]"

    def short_desc(self) -> str:
        """Called by Scrapy."""
        return "How each enabled portal is, or those with the given keys: verdict, since when, and the likely cause"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Called by Scrapy."""
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="for programs: a list of objects, one a portal")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy."""
        settings = self.settings
        assert settings is not None
        try:
            rows = [row for row in chosen(load(Path(settings["PORTALS_FILE"])), args) if args or row.enabled]
            path = Path(settings["DATA_DIR"]) / "archive.db"
            if not path.exists():
                raise RegistryError(f"there is no archive in {path.parent} yet: run scrapy nightly first")
            with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
                found = lines(db, rows) if _is_judged(db) else []
        except RegistryError as error:
            self._refuse(WRONG_CONFIGURATION, error)
        except sqlite3.Error as error:
            self._refuse(STORE_FAILED, error)
        else:
            self._tell(found, opts.json)

    def _refuse(self, code: int, error: Exception) -> None:
        print(f"health: {error}", file=sys.stderr)
        self.exitcode = code

    def _tell(self, found: list[Shown], as_json: bool) -> None:
        with for_a_reader():
            if as_json:
                print(json.dumps([one.as_json() for one in found], ensure_ascii=False, indent=2))
            elif not any(one.health for one in found):
                print("No night was judged yet: the first one tells how the portals are.")
            else:
                show(found, Paper(width=None if sys.stdout.isatty() else UNKNOWN_WIDTH), now())
        self.exitcode = PORTAL_FAILED if any(one.health and one.health.is_alarm for one in found) else GOOD


def _is_judged(db: sqlite3.Connection) -> bool:
    """Whether the archive has verdicts at all: it is of this version, and a night was finished in it."""
    columns = {row[1] for row in db.execute("pragma table_info(run_portals)")}
    return (
        "health" in columns and db.execute("select 1 from run_portals where health is not null").fetchone() is not None
    )
