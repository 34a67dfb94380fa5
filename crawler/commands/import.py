"""scrapy import FILE.warc.gz ...: articles from web archives, read as the crawl reads them; nothing is fetched.

Scrapy names a command by its module and loads it by that name, so that Python's keyword is no hindrance.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rich.table import Table
from scrapy.commands import ScrapyCommand

from archive.exits import BUSY, GOOD, PORTAL_FAILED, STORE_FAILED, WRONG_CONFIGURATION
from archive.lock import Busy, held
from archive.snapshots import SnapshotError
from archive.store import Archive, StoreError
from crawler.capture_index import AmbiguousHost
from crawler.importing import Import, take_in
from crawler.portals import RegistryError, chosen, load
from crawler.printing import Paper, for_a_reader
from crawler.relevance import RelevanceError
from crawler.relevance import load as load_rules
from crawler.warc_files import WarcError


class Command(ScrapyCommand):
    """Imports WARC files; exit codes as in archive/exits.py: 1 where a file is broken or brings nothing."""

    requires_project = True
    requires_crawler_process = False  # nothing is asked for

    def syntax(self) -> str:
        """Called by Scrapy."""
        return "FILE.warc.gz ... [--portal KEY ...]"

    def short_desc(self) -> str:
        """Called by Scrapy."""
        return "Read the articles of the registry's portals from WARC files, without network"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Called by Scrapy."""
        super().add_options(parser)
        parser.add_argument("--portal", action="append", default=[], metavar="KEY",
                            help="this portal only; may be given again (default: all, enabled or not)")  # fmt: skip

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy: under the lock of the nightly run, so that the two never write at once."""
        settings = self.settings
        assert settings is not None
        data_dir = Path(settings["DATA_DIR"])
        try:
            paths = _files(args)
            # Portals that are gone are disabled, and theirs is what stands in web archives: all are meant.
            rows = chosen(load(Path(settings["PORTALS_FILE"])), opts.portal)
            rules = load_rules()
            data_dir.mkdir(parents=True, exist_ok=True)
            with held(data_dir / "nightly.lock"), Archive(data_dir) as archive:
                archive.register_portals(row.record() for row in rows)
                done = take_in(archive, paths, rows, rules)
        except (RegistryError, RelevanceError, AmbiguousHost) as error:
            self._refuse(WRONG_CONFIGURATION, error)
        except Busy as error:
            self._refuse(BUSY, error)
        except WarcError as error:
            self._refuse(PORTAL_FAILED, error)
        except (StoreError, SnapshotError, OSError) as error:
            self._refuse(STORE_FAILED, error)
        else:
            self.exitcode = _tell(done)

    def _refuse(self, code: int, error: Exception) -> None:
        print(f"import: {error}", file=sys.stderr)
        self.exitcode = code


def _files(args: list[str]) -> list[Path]:
    if not args:
        raise RegistryError("name the WARC files to import")
    paths = [Path(said) for said in args]
    if missing := [str(path) for path in paths if not path.is_file()]:
        raise RegistryError(f"there is no file {', '.join(missing)}")
    return paths


def _tell(done: Import) -> int:
    """A line a portal, then what is wrong; returns the exit code."""
    table = Table(box=None, pad_edge=False)
    for name in ("portal", "records", "pages", "files", "new", "changed", "unchanged"):
        table.add_column(name, justify="right" if name != "portal" else "left")
    table.add_column("skipped", overflow="fold")
    for one in done.portals.values():
        numbers = (one.records, one.pages, one.files, one.new, one.changed, one.unchanged)
        skipped = ", ".join(f"{name} {times:,}" for name, times in one.skipped.most_common() if times)
        table.add_row(one.portal, *(f"{number:,}" for number in numbers), skipped)
    with for_a_reader():
        if done.portals:
            Paper().print(table)
        if done.strangers:
            print(f"{done.strangers:,} records are of no portal asked for")
    for broken in done.broken:
        print(f"import: {broken}", file=sys.stderr)
    if not done.portals and not done.broken:
        print("import: the files hold no record of a portal in the registry", file=sys.stderr)
    failed = done.broken or not done.portals or any(one.failures for one in done.portals.values())
    return PORTAL_FAILED if failed else GOOD
