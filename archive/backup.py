"""Puts archive.db and snapshots.db aside while a crawl may be writing: a dated folder of plain files, or nothing.

DEST/dan-van-YYYYMMDDTHHMMSS/ holds the two files as they were at one moment (moment.py says what else could happen
between them), `manifest.json` (sizes, SHA-256, rows of each table, the schema) and `SHA256SUMS`, for which no software
of ours is needed. The folder is made under a hidden name, its copies are checked and synced, and one rename gives it
its name: whoever is killed half-way leaves no folder that looks like a backup. recovery.py is the way back.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from archive import clock, search
from archive.lock import held
from archive.moment import FILES, databases, one_moment
from archive.upgrading import ROOM, applied, copy_database, size_of, sync

MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
FORMAT = 1


class BackupError(RuntimeError):
    """No backup was made, and what was there before is as it was; the message is one clear sentence."""


class NothingToBackUp(BackupError):
    """There is no archive.db."""


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What back_up() made. `size` in bytes."""

    folder: Path
    articles: int
    snapshots: int
    size: int
    seconds: float


def back_up(data_dir: Path, dest: Path) -> BackedUp:
    """Make DEST/dan-van-YYYYMMDDTHHMMSS/. Raises BackupError, and Busy while another backup to DEST is made."""
    started = time.monotonic()
    if not (data_dir / FILES["main"]).is_file():
        raise NothingToBackUp(f"there is no archive at {data_dir / FILES['main']} yet: crawl first (scrapy nightly)")
    try:
        dest.mkdir(parents=True, exist_ok=True)
        with held(dest / ".lock"):
            for leftover in dest.glob(".dan-van-*.tmp"):  # of a backup that was killed
                shutil.rmtree(leftover)
            moment = _free_moment(dest)
            folder = dest / f"dan-van-{moment:%Y%m%dT%H%M%S}"
            with _unfinished(folder) as work:
                manifest = _fill(data_dir, work, clock.stamp(moment))
                work.rename(folder)
            sync(dest)
    except sqlite3.Error as error:
        raise BackupError(f"{data_dir} could not be backed up to {dest}: SQLite says: {error}") from error
    except OSError as error:
        raise BackupError(f"{data_dir} could not be backed up to {dest}: {error.strerror or error}") from error
    counts: dict[str, int] = {}
    for file in manifest["files"].values():
        counts |= file["rows"]
    size = sum(file["bytes"] for file in manifest["files"].values())
    seconds = time.monotonic() - started
    return BackedUp(folder, counts.get("articles", 0), counts.get("snapshots", 0), size, seconds)


def problem_of(path: Path) -> str:
    """What SQLite finds wrong with a copy; "" where it is sound."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
        (said,) = db.execute("pragma quick_check(1)").fetchone()
    return "" if said == "ok" else str(said)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_room(folder: Path, needed: int) -> None:
    """Raises BackupError where a folder's disk has not so many bytes free."""
    free = shutil.disk_usage(folder).free
    if needed + ROOM > free:
        raise BackupError(f"{folder} has {free:,} bytes free and {needed + ROOM:,} are needed: nothing was written")


def _free_moment(dest: Path) -> datetime:
    moment = clock.now()
    while (dest / f"dan-van-{moment:%Y%m%dT%H%M%S}").exists():
        moment += timedelta(seconds=1)
    return moment


@contextmanager
def _unfinished(folder: Path) -> Iterator[Path]:
    """A hidden folder that is gone afterwards, unless it was given its name."""
    work = folder.with_name(f".{folder.name}.tmp")
    work.mkdir()
    try:
        yield work
    finally:
        if work.exists():
            shutil.rmtree(work, ignore_errors=True)


def _fill(data_dir: Path, work: Path, made: str) -> dict[str, Any]:
    """Copy what there is, check it and describe it; returns the manifest."""
    with one_moment(data_dir) as db:
        names = databases(db)
        check_room(work, sum(size_of(db, name) for name in names))
        for name in names:
            copy_database(db, name, work / FILES[name])
    files = {FILES[name]: _described(work / FILES[name]) for name in names}
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "made": made,
        "migrations": _migrations(work / FILES["main"]),
        "normaliser_version": search.NORMALISER_VERSION,
        "sqlite": sqlite3.sqlite_version,
        "files": files,
    }
    (work / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    sums = "".join(f"{file['sha256']}  {name}\n" for name, file in files.items())
    (work / SUMS).write_text(sums, encoding="utf-8")
    for path in (work / MANIFEST, work / SUMS, work):
        sync(path)
    return manifest


def _described(path: Path) -> dict[str, Any]:
    """A file's row of the manifest. Raises BackupError where the copy, and so the archive, is damaged."""
    if problem := problem_of(path):
        raise BackupError(
            f"{path.name} is damaged ({problem}), and so no backup was made of it: "
            "older backups are untouched, and cp keeps its bytes as they are"
        )
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
        tables = db.execute("select name from sqlite_master where type = 'table' and name not glob 'sqlite_*'")
        rows = {name: db.execute(f"select count(*) from [{name}]").fetchone()[0] for (name,) in tables.fetchall()}
    return {"bytes": path.stat().st_size, "sha256": sha256_of(path), "rows": rows}


def _migrations(path: Path) -> list[str]:
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
        return applied(db)
