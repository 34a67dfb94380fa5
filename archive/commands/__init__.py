"""The commands of `python -m archive`, a file each: WHAT says what it does, add() its options, run() does it.

run() returns an exit code of archive/exits.py or raises an error that has one there (see __main__.py).
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Protocol

from archive.publish import NoArchive


class Command(Protocol):
    """What a module of this package offers."""

    WHAT: str

    def add(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's own options."""

    def run(self, options: argparse.Namespace) -> int:
        """Do it; returns the exit code."""


def archive_in(data_dir: Path) -> Path:
    """The archive.db of a folder. Raises NoArchive."""
    path = data_dir / "archive.db"
    if not path.is_file():
        raise NoArchive(f"there is no archive at {path} yet: crawl first (scrapy nightly)")
    return path


def many(number: int, thing: str) -> str:
    """1 article, 2 articles, 12,345 articles."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def size(bytes_: float) -> str:
    """A size as a person reads it: 812 bytes, 4.2 MB."""
    if bytes_ < 1000:
        return f"{bytes_:.0f} bytes"
    power = next((power for power in (1, 2) if bytes_ < 1000 ** (power + 1)), 3)
    return f"{bytes_ / 1000**power:,.1f} {('KB', 'MB', 'GB')[power - 1]}"
