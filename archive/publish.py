"""Makes the read-only copy that readers see: the articles to be published, with their search index.

A copy is built under a temporary name from one moment of archive.db (which may be written meanwhile),
checked, renamed, and only then does the link published/archive.db point at it. Whoever is killed half-way
leaves the old copy in place. What the copy holds is the business of build.py.
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

from archive import clock, verify
from archive.build import build
from archive.upgrading import UpgradeError, bring_up_to_date

KEPT_COPIES = 3
COPY_NAME = re.compile(r"archive-(\d{8}T\d{6})\.db")


class PublishError(RuntimeError):
    """No new copy was made, and the old one still stands; the message is one clear sentence."""


class NoArchive(PublishError):
    """There is no archive.db to publish from."""


class PublishBusy(PublishError):
    """Another publishing is at work in the same DATA_DIR."""


@dataclass(frozen=True, slots=True)
class Published:
    """What publish() made."""

    path: Path
    articles: int
    portals: int
    seconds: float


def publish(data_dir: Path) -> Published:
    """Build, check and switch to a new copy of DATA_DIR/archive.db. Raises PublishError."""
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
            moment = _next_moment(folder)
            unfinished = folder / f".archive-{moment:%Y%m%dT%H%M%S}.tmp"
            try:
                articles, portals = build(source, unfinished, clock.stamp(moment))
                _check(unfinished)
                path = _switch(folder, unfinished, f"archive-{moment:%Y%m%dT%H%M%S}.db")
            finally:
                unfinished.unlink(missing_ok=True)
            _remove_old(folder)
    except UpgradeError as error:
        raise PublishError(str(error)) from error
    except sqlite3.Error as error:
        raise PublishError(f"the copy in {folder} could not be made from {source}: {error}") from error
    except OSError as error:
        raise PublishError(f"the copy in {folder} could not be written: {error.strerror or error}") from error
    return Published(path, articles, portals, time.monotonic() - started)


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
    copies = sorted(path for path in folder.iterdir() if COPY_NAME.fullmatch(path.name))
    served = (folder / "archive.db").resolve()
    for path in copies[:-KEPT_COPIES]:
        if path.resolve() != served:
            with suppress(OSError):  # the new copy stands; an old one more does no harm
                path.unlink()
