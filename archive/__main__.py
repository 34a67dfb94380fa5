"""python -m archive: publish the archive, serve it, check it, and say what it holds."""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import NoReturn

from archive import exporting, verify
from archive.clock import ClockError
from archive.exits import BUSY, GOOD, STORE_FAILED, WRONG_CONFIGURATION
from archive.publish import NoArchive, PublishBusy, PublishError, current_copy, publish

NUMBERS = """
    select coalesce(p.name, a.portal), count(*), min(a.published), max(a.published), max(a.last_seen),
        sum(a.topic = 'other'), sum(a.gone is not null)
    from articles a left join portals p on p.key = a.portal group by a.portal order by 2 desc
"""


class _Parser(argparse.ArgumentParser):
    """A wrong command line is a wrong configuration: exit code 3, not argparse's 2."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(WRONG_CONFIGURATION, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except (PublishBusy, exporting.ExportBusy) as error:
        return _fail(BUSY, error)
    except (NoArchive, ClockError, exporting.WrongChoice) as error:
        return _fail(WRONG_CONFIGURATION, error)
    except (PublishError, exporting.ExportError) as error:
        return _fail(STORE_FAILED, error)


def _parser() -> argparse.ArgumentParser:
    shared = _Parser(add_help=False)
    shared.add_argument(
        "--data-dir",
        type=Path,
        default=Path(os.environ.get("DATA_DIR") or "data"),
        help="where archive.db and published/ are (environment: DATA_DIR; default: data)",
    )
    parser = _Parser(prog="python -m archive", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, run, what in (
        ("publish", _publish, "make a new read-only copy with its search index, and switch to it"),
        ("serve", _serve, "serve the published copy on this machine"),
        ("check", _check, "look whether the archive and the published copy are sound"),
        ("stats", _stats, "say what the archive holds"),
        ("export", exporting.run, "write what is kept in a format that others read"),
    ):
        command = commands.add_parser(name, parents=[shared], help=what, description=what)
        command.set_defaults(run=run)
        if name == "export":
            exporting.add_arguments(command)
        if name == "serve":
            command.add_argument("--port", type=_port, default=8001, help="default: 8001")
    return parser


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65_536:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: 1 to 65535")
    return int(text)


def _publish(options: argparse.Namespace) -> int:
    done = publish(options.data_dir)
    print(
        f"published {_many(done.articles, 'article')} of {_many(done.portals, 'portal')} "
        f"to {done.path} in {done.seconds:.1f} s"
    )
    return GOOD


def _serve(options: argparse.Namespace) -> int:
    from archive.site.serve import ServeError, serve  # Datasette is slow to import; the others do without

    try:
        serve(options.data_dir, options.port)
    except ServeError as error:
        return _fail(WRONG_CONFIGURATION, error)
    return GOOD


def _check(options: argparse.Namespace) -> int:
    archive, copy = options.data_dir / "archive.db", current_copy(options.data_dir)
    if not archive.is_file():
        raise NoArchive(f"there is no archive at {archive} yet: crawl first (scrapy nightly)")
    said = _quick_check(archive)
    print(f"{archive}: {'sound' if said == 'ok' else said}")
    if copy is None:
        print("no copy is published yet: make one with python -m archive publish")
        return GOOD if said == "ok" else STORE_FAILED
    found = verify.problems(copy)
    print(f"{copy}: {'; '.join(found) or 'sound, and its search finds what it should'}")
    return GOOD if said == "ok" and not found else STORE_FAILED


def _quick_check(archive: Path) -> str:
    try:
        with closing(_read_only(archive)) as db:
            return str(db.execute("pragma quick_check(1)").fetchone()[0])
    except sqlite3.Error as error:
        return f"SQLite says: {error}"


def _stats(options: argparse.Namespace) -> int:
    archive = options.data_dir / "archive.db"
    if not archive.is_file():
        raise NoArchive(f"there is no archive at {archive} yet: crawl first (scrapy nightly)")
    try:
        with closing(_read_only(archive)) as db:
            portals = db.execute(NUMBERS).fetchall()
            (revisions,) = db.execute("select count(*) from revisions where number > 1").fetchone()
    except sqlite3.Error as error:
        return _fail(STORE_FAILED, f"{archive} cannot be read: {error}")
    total = sum(row[1] for row in portals)
    later = _many(revisions, "later version")
    print(f"{_many(total, 'article')} of {_many(len(portals), 'portal')}, {later}")
    for name, articles, first, last, seen, other, gone in portals:
        print(
            f"  {name}: {_many(articles, 'article')}, published {(first or '?')[:10]} to "
            f"{(last or '?')[:10]}, last seen {seen[:10]}, {other or 0} on other topics, {gone} taken down"
        )
    copy = current_copy(options.data_dir)
    print(f"published: {copy or 'nothing yet'}")
    return GOOD


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


def _many(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _fail(code: int, error: object) -> int:
    print(error, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
