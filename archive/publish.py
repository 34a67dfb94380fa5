"""Makes the read-only copy that readers see: the articles to be published, with their search index.

A copy is made under a temporary name from one moment of archive.db (which may be written meanwhile), checked, renamed,
and only then does the link published/archive.db point at it. Whoever is killed half-way leaves the old copy in place.
It is made by changing the copy before the last one where nobody reads it any more, else a copy of the last one
(changing.py); in full (build.py) where that cannot be, and where the changed one fails its checks.
"""

from __future__ import annotations

import fcntl
import os
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from archive import changing, clock, origin, verify, whole
from archive.build import build
from archive.copying import NoRoom, copy_file, is_open_elsewhere, see_to_room
from archive.upgrading import UpgradeError, bring_up_to_date

KEPT_COPIES = 2
GROWTH = 1.15  # the next copy beside the last one, at most
OF_ARCHIVE = 1.6  # the first copy beside archive.db, at most
ROOM = 1 << 20  # bytes left over
COPY_NAME = re.compile(r"archive-(\d{8}T\d{6})\.db")


class PublishError(RuntimeError):
    """No new copy was made, and the old one still stands; the message is one clear sentence."""


class NoArchive(PublishError):
    """There is no archive.db to publish from."""


class PublishBusy(PublishError):
    """Another publishing is at work in the same DATA_DIR."""


@dataclass(frozen=True, slots=True)
class Published:
    """What publish() made. `changed`: articles of the last copy that were put in or taken out, None where it was
    built in full; `why` it was."""

    path: Path
    articles: int
    portals: int
    seconds: float
    changed: int | None
    why: str


def write_files(data_dir: Path) -> list[Path]:
    """Write the files of the whole archive beside the copy of the moment; returns them. Raises PublishError."""
    copy = current_copy(data_dir)
    if copy is None:
        raise NoArchive(f"there is no published copy in {data_dir} yet")
    try:
        with _lock(copy.parent):
            return whole.write(copy)
    except (OSError, sqlite3.Error) as error:
        said = str(error) if isinstance(error, NoRoom) else f"they could not be written: {error}"
        raise PublishError(f"{copy.name} is published, but of the files of the whole archive: {said}") from error


@dataclass(frozen=True, slots=True)
class _Made:
    """A copy under its temporary name, checked."""

    articles: int
    portals: int
    changed: int | None
    why: str


def publish(data_dir: Path, full: bool = False) -> Published:
    """Make, check and switch to a new copy of DATA_DIR/archive.db; `full`: not by changing the last one.

    Raises PublishError.
    """
    started = time.monotonic()
    source, folder = data_dir / "archive.db", data_dir / "published"
    if not source.is_file():
        raise NoArchive(f"there is no archive at {source} yet: crawl first (scrapy nightly)")
    try:
        folder.mkdir(exist_ok=True)
        with _lock(folder):
            for leftover in folder.glob(".*.tmp*"):  # of a publishing that was killed
                leftover.unlink()
            bring_up_to_date(data_dir)
            last = current_copy(data_dir)
            see_to_room(folder, _estimate(source, last), f"the copy of {source}")
            moment = _next_moment(folder)
            unfinished = folder / f".archive-{moment:%Y%m%dT%H%M%S}.tmp"
            try:
                made = _make(source, last, unfinished, clock.stamp(moment), full)
                path = _switch(folder, unfinished, f"archive-{moment:%Y%m%dT%H%M%S}.db")
            finally:
                unfinished.unlink(missing_ok=True)
            _remove_old(folder)
    except (UpgradeError, NoRoom) as error:
        raise PublishError(str(error)) from error
    except sqlite3.Error as error:
        raise PublishError(f"the copy in {folder} could not be made from {source}: {error}") from error
    except OSError as error:
        raise PublishError(f"the copy in {folder} could not be written: {error.strerror or error}") from error
    return Published(path, made.articles, made.portals, time.monotonic() - started, made.changed, made.why)


def _make(source: Path, last: Path | None, unfinished: Path, built: str, full: bool) -> _Made:
    """A copy that may be served: changed, else built. Raises PublishError where neither passes its checks."""
    token = origin.note(source)
    why = "as was asked" if full else "there was none before"
    for take in () if full else (_take_spare, _copy_last):
        if last is None or not take(last, unfinished):
            continue
        try:
            done = changing.change(source, unfinished, last, built, token)
            found = verify.problems(unfinished, done.put_in)
            if not found:
                return _Made(done.articles, done.portals, len(done.put_in) + done.taken_out, "")
            why = f"the last copy, brought up to date, failed its checks: {found[0]}"
        except changing.NotToBeChanged as error:
            why = str(error)
        except sqlite3.DatabaseError as error:
            why = f"the last copy could not be changed: {error}"
        unfinished.unlink()
    articles, portals = build(source, unfinished, built, token)
    _check(unfinished)
    return _Made(articles, portals, None, why)


def _take_spare(last: Path, unfinished: Path) -> bool:
    """Take the copy before the last one to be changed, two nights at once: copying gigabytes is most of a night's work.

    Not while a reader has it open: what he reads must not change. First it loses its name, then he is looked for.
    """
    copies = [path for path in _copies(last.parent) if path.name < last.name]
    if not copies:
        return False
    spare = copies[-1]
    spare.rename(unfinished)
    if is_open_elsewhere(unfinished):
        unfinished.rename(spare)
        return False
    return True


def _copy_last(last: Path, unfinished: Path) -> bool:
    copy_file(last, unfinished)
    return True


def _copies(folder: Path) -> list[Path]:
    """The copies of a folder, the oldest first."""
    return sorted(path for path in folder.iterdir() if COPY_NAME.fullmatch(path.name))


def _estimate(source: Path, last: Path | None) -> int:
    """About how many bytes the next copy takes."""
    if last is not None:
        return int(last.stat().st_size * GROWTH) + ROOM
    return int(source.stat().st_size * OF_ARCHIVE) + ROOM


def current_copy(data_dir: Path) -> Path | None:
    """The copy that readers see at this moment, by its own name; None before the first publishing."""
    link = data_dir / "published" / "archive.db"
    return link.resolve() if link.exists() else None


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """Hold the folder for one publishing; the system lets go of it when the process dies."""
    with open(folder / ".lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PublishBusy(f"another publishing is at work in {folder}") from None
        yield


def _next_moment(folder: Path) -> datetime:
    """Now, or one second after the newest copy: a name that was ever served is never used again."""
    moment = clock.now()
    names = [found[1] for path in folder.iterdir() if (found := COPY_NAME.fullmatch(path.name))]
    if names:
        newest = datetime.strptime(max(names), "%Y%m%dT%H%M%S").replace(tzinfo=clock.VIETNAM)
        moment = max(moment, newest + timedelta(seconds=1))
    return moment


def _check(path: Path) -> None:
    if found := verify.problems(path):
        raise PublishError(f"the new copy failed its checks, the old one stays: {'; '.join(found)}")


def _switch(folder: Path, unfinished: Path, name: str) -> Path:
    """Give the finished copy its name, and point the link at it, each by one rename."""
    with open(unfinished, "rb") as copy:
        os.fsync(copy.fileno())
    path = folder / name
    unfinished.rename(path)
    link = folder / ".link.tmp"
    link.unlink(missing_ok=True)
    link.symlink_to(name)
    link.rename(folder / "archive.db")
    folder_handle = os.open(folder, os.O_RDONLY)
    os.fsync(folder_handle)
    os.close(folder_handle)
    return path


def _remove_old(folder: Path) -> None:
    copies = _copies(folder)
    served = (folder / "archive.db").resolve()
    for path in copies[:-KEPT_COPIES]:
        if path.resolve() != served:
            with suppress(OSError):  # the new copy stands; an old one more does no harm
                path.unlink()
