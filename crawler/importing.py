"""Captured pages into the archive: each article told anew by all that was ever seen of it, in the order of time; then
the files attached to them.

A page older than what the archive has becomes an earlier version, and overwrites nothing. A page that says nothing new
beside its neighbours in time is not kept. So the same file again adds nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from archive.store import Archive
from crawler.capture_index import CaptureIndex, Owners
from crawler.captured_files import take_files
from crawler.cms import load
from crawler.filing import Filing
from crawler.portals import Portal
from crawler.relevance import Rules
from crawler.sifting import address_of, sift
from crawler.urls import absolute, at_origin
from crawler.warc_files import FILE, Files, Recorded, WarcError, scan

NEVER_ASKED = "never_asked"  # an address that the crawl would not ask for: a form, a file, a part that the row denies


@dataclass(slots=True)
class Imported:
    """What came of one portal.

    `records`: at its hosts; `pages`: read as articles; `files`: attached to them; then articles; then records.
    """

    portal: str
    records: int = 0
    pages: int = 0
    files: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    failures: int = 0  # pages on which the reader itself failed


@dataclass(slots=True)
class Import:
    """One import: what came of each portal, records of no portal, and what is wrong with which file."""

    portals: dict[str, Imported] = field(default_factory=dict)
    strangers: int = 0
    broken: list[str] = field(default_factory=list)


def take_in(archive: Archive, paths: Sequence[Path], rows: Sequence[Portal], rules: Rules) -> Import:
    """Import the pages of some portals from WARC files. Raises StoreError, SnapshotError, AmbiguousHost, WarcError.

    What is wrong with a file stands in the result; what it holds before the break is imported.
    """
    done = Import()
    with TemporaryDirectory(prefix="import-", dir=archive.path.parent) as name, Files(list(paths)) as files:
        index = CaptureIndex(Path(name) / "captures.db")
        try:
            _look_through(index, paths, rows, done)
            for row in rows:
                if index.times(row.key) is not None:
                    _portal(archive, row, rules, index, files, Path(name) / row.key, done.portals[row.key])
                if (told := done.portals.get(row.key)) is not None:
                    told.files = take_files(archive, row, index, files)
                    told.skipped[FILE] -= told.files
        finally:
            index.close()
    return done


def _look_through(index: CaptureIndex, paths: Sequence[Path], rows: Sequence[Portal], done: Import) -> None:
    """Every record of every file: into the index, or counted by what it is."""
    owners, families = Owners(rows), {row.key: load(row) for row in rows}
    for number, path in enumerate(paths):
        for found in _whole(path, done):
            row = owners.of(found.url, found.portal)
            if row is None:
                done.strangers += 1
                continue
            told = done.portals.setdefault(row.key, Imported(row.key))
            told.records += 1
            named = address_of(row, families[row.key], found.url)
            if found.skip == FILE:
                index.add_file(row.key, at_origin(absolute(row.url, found.url), row.url), number, found)
            if found.skip or named is None:
                told.skipped[found.skip or NEVER_ASKED] += 1
                continue
            index.add(row.key, named.key, number, found if found.portal == row.key else replace(found, key=""))
    index.number()


def _whole(path: Path, done: Import) -> Iterator[Recorded]:
    """The records of a file up to where it breaks."""
    try:
        yield from scan(path)
    except (WarcError, OSError) as error:
        done.broken.append(str(error))


def _portal(
    archive: Archive, row: Portal, rules: Rules, index: CaptureIndex, files: Files, folder: Path, done: Imported
) -> None:
    sifted = sift(row, index, files, folder, archive.connection)
    filing = Filing(archive, row, rules, files, sifted)
    for key, captures in index.by_article(row.key):
        with archive.transaction():
            outcome = filing.file(key, captures)
        if outcome:
            setattr(done, outcome, getattr(done, outcome) + 1)
    done.pages = filing.pages
    done.skipped.update(filing.skipped)
    done.skipped.update(dict(index.no_articles(row.key)))
    done.failures = sifted.failures
