"""Puts a backup back: checked against its manifest byte by byte, never over an archive that is there.

With `force` that archive is moved aside first, whole, to DATA_DIR/before-restore-YYYYMMDDTHHMMSS/, and what was
withheld in it stays withheld: a takedown is not undone by a restore. The published copy is not part of a backup.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from archive import clock, withholding
from archive.backup import FORMAT, MANIFEST, BackupError, check_room, problem_of
from archive.lock import held
from archive.moment import FILES
from archive.store import Archive
from archive.upgrading import sync, unknown

BESIDE = ("", "-wal", "-shm", "-journal")  # a database is what stands beside it as well
CHUNK = 1 << 20


class RestoreError(RuntimeError):
    """Nothing was put back, and what was there is as it was; the message is one clear sentence."""


class NoBackup(RestoreError):
    """The folder is no backup, or one of a newer version."""


class ArchiveInTheWay(RestoreError):
    """There is an archive already."""


class BackupDamaged(RestoreError):
    """A file of the backup is not what the manifest says."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What restore() did. `aside`: where the archive before stands now; `withheld`: how many of its rows came along,
    None where it could not be read."""

    made: str
    articles: int
    aside: Path | None
    withheld: int | None


def restore(folder: Path, data_dir: Path, force: bool = False) -> Restored:
    """Make a backup the archive of DATA_DIR. Raises RestoreError, StoreError, and Busy while a crawl is at work."""
    manifest = _manifest(folder)
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        with held(data_dir / "nightly.lock"):
            there = [path for file in FILES.values() for path in _files(data_dir / file)]
            if there and not force:
                raise ArchiveInTheWay(
                    f"there is an archive in {data_dir} already ({there[0].name}): "
                    "--force moves it aside, or name another folder by --data-dir"
                )
            work = _copy(folder, manifest, data_dir)
            aside = _put_in_place(work, there, data_dir)
            withheld = _keep_withheld(data_dir, aside)
    except sqlite3.Error as error:
        raise BackupDamaged(f"{folder} could not be put back: SQLite says: {error}") from error
    except (OSError, BackupError) as error:
        raise RestoreError(f"{folder} could not be put back: {error}") from error
    return Restored(manifest["made"], manifest["files"][FILES["main"]]["rows"]["articles"], aside, withheld)


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        version, migrations, files = manifest["format"], manifest["migrations"], manifest["files"]
        sizes = {name: files[name]["bytes"] for name in files}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NoBackup(
            f"{folder} is no backup: name a folder dan-van-YYYYMMDDTHHMMSS with a {MANIFEST} in it"
        ) from error
    if version != FORMAT or unknown(migrations):
        raise NoBackup(f"{folder} was made by a newer version of this software: update the software first")
    if FILES["main"] not in sizes or not set(sizes) <= set(FILES.values()):
        raise NoBackup(f"the manifest of {folder} names other files than {' and '.join(FILES.values())}")
    for name, size in sizes.items():
        if not (folder / name).is_file() or (folder / name).stat().st_size != size:
            raise BackupDamaged(f"{folder / name} is missing or cut short: its manifest says {size:,} bytes")
    return dict(manifest)


def _files(path: Path) -> list[Path]:
    return [found for suffix in BESIDE if (found := path.with_name(path.name + suffix)).exists()]


def _copy(folder: Path, manifest: dict[str, Any], data_dir: Path) -> Path:
    """The files of a backup in a hidden folder of DATA_DIR, each found to be what it should be."""
    work = data_dir / ".restore.tmp"
    shutil.rmtree(work, ignore_errors=True)  # of a restore that was killed
    check_room(data_dir, sum(file["bytes"] for file in manifest["files"].values()))
    work.mkdir()
    try:
        for name, file in manifest["files"].items():
            if _copy_file(folder / name, work / name) != file["sha256"]:
                raise BackupDamaged(f"{folder / name} is not the file that its manifest describes: its SHA-256 differs")
            if problem := problem_of(work / name):
                raise BackupDamaged(f"{folder / name} is damaged: {problem}")
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    return work


def _copy_file(source: Path, target: Path) -> str:
    """Copy a file and sync it; returns its SHA-256."""
    digest = hashlib.sha256()
    with source.open("rb") as read, target.open("wb") as written:
        while chunk := read.read(CHUNK):
            digest.update(chunk)
            written.write(chunk)
    sync(target)
    return digest.hexdigest()


def _put_in_place(work: Path, there: list[Path], data_dir: Path) -> Path | None:
    """Move what is there aside and the copies in, by renames; returns where the old files are now."""
    aside = _folder_aside(data_dir) if there else None
    moved: list[tuple[Path, Path]] = []
    try:
        if aside is not None:
            for path in there:
                moved.append((path, path.rename(aside / path.name)))
        for path in sorted(work.iterdir(), reverse=True):  # archive.db, which commands look for, last
            moved.append((path, path.rename(data_dir / path.name)))
    except OSError:
        for before, now in reversed(moved):
            now.rename(before)
        raise
    work.rmdir()
    sync(data_dir)
    return aside


def _folder_aside(data_dir: Path) -> Path:
    moment = clock.now()
    while (aside := data_dir / f"before-restore-{moment:%Y%m%dT%H%M%S}").exists():
        moment += timedelta(seconds=1)
    aside.mkdir()
    return aside


def _keep_withheld(data_dir: Path, aside: Path | None) -> int | None:
    """Bring what was withheld in the archive before into this one. In doubt an article stays withheld."""
    with Archive(data_dir) as archive:
        if aside is None or not (aside / FILES["main"]).is_file():
            return 0
        try:
            with closing(sqlite3.connect(aside / FILES["main"])) as old:
                if not old.execute("select 1 from sqlite_master where name = 'withheld'").fetchone():
                    return 0
                rows = old.execute(f"select {withholding.COLUMNS} from withheld").fetchall()
        except sqlite3.Error:
            return None
        return withholding.take_over(archive, rows)
