"""python -m archive withhold: keep an article out of every output, and put it back."""

from __future__ import annotations

import argparse

from archive.commands import archive_in, many
from archive.exits import GOOD
from archive.store import Archive
from archive.withholding import Withheld, WithholdingError, put_back, rows, withhold

WHAT = "keep articles out of every output from the next publish on (a takedown, a person's data), or put them back"
NEXT = "from the next publish on: python -m archive publish"


class WrongOptions(WithholdingError):
    """Options that do not go together."""


def add(parser: argparse.ArgumentParser) -> None:
    """Which articles, and what to do."""
    parser.add_argument("articles", nargs="*", metavar="ID", help="an id, a permalink (/a/ID), or the portal's address")
    parser.add_argument("--reason", help="why; kept with the row, never published")
    parser.add_argument("--back", action="store_true", help="withhold them no longer; the rows stay")
    parser.add_argument("--list", action="store_true", help="what is and was withheld, and why")


def run(options: argparse.Namespace) -> int:
    """Do one of the three. Raises WithholdingError, StoreError."""
    if sum((options.list, options.back, options.reason is not None)) != 1 or options.list == bool(options.articles):
        raise WrongOptions("say withhold ID [ID ...] --reason TEXT, withhold ID [ID ...] --back, or withhold --list")
    reason = " ".join((options.reason or "").split())
    if options.reason is not None and not reason:
        raise WrongOptions("--reason is empty: say why, for whoever asks in a year")
    archive_in(options.data_dir)
    with Archive(options.data_dir) as archive:
        if options.list:
            _list(rows(archive.connection))
        elif options.back:
            ended = put_back(archive, options.articles)
            print("\n".join(map(_line, ended)))
            print(f"{many(len(ended), 'article')} put back, {NEXT}")
        else:
            done = withhold(archive, options.articles, reason)
            print("\n".join(map(_line, done)))
            print(f"{many(len(done), 'article')} withheld, {NEXT}")
    return GOOD


def _line(row: Withheld) -> str:
    until = f" until {row.until[:16]}" if row.until else ""
    title = f" {row.portal}: {row.title}" if row.title else " (not in the archive at present)"
    return f"{row.article}{title}\n    since {row.since[:16]}{until}: {row.reason}"


def _list(found: list[Withheld]) -> None:
    for row in found:
        print(_line(row))
    lasting = sum(row.until is None for row in found)
    print(f"{many(lasting, 'article')} withheld, {len(found) - lasting} put back")
