"""A backup is of one moment, whole or not there; a restore gives back what was, and overwrites nothing."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import time
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from command_line import capture, run, start, writer
from invented import PORTALS, invented, keep, many, the_articles

from archive.__main__ import main
from archive.backup import BackupError, back_up
from archive.lock import held
from archive.publish import publish
from archive.recovery import ArchiveInTheWay, BackupDamaged, NoBackup, RestoreError, restore
from archive.store import Archive
from archive.withholding import put_back, rows, withhold


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """Articles with their pages."""
    folder = tmp_path / "data"
    with Archive(folder) as archive:
        archive.register_portals(PORTALS)
        with archive.transaction():
            for article in the_articles():
                archive.save(article, capture=capture(article))
    return folder


def ask(path: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        return db.execute(sql).fetchall()


def everything(folder: Path) -> dict[str, list[Any]]:
    return {
        f"{file} {table}": ask(folder / file, f"select * from [{table}] order by 1, 2")
        for file in ("archive.db", "snapshots.db")
        for (table,) in ask(folder / file, "select name from sqlite_master where type = 'table'")
    }


def folders(dest: Path) -> list[str]:
    """All that is in a folder but the lock."""
    return sorted(path.name for path in dest.iterdir() if path.name != ".lock")


def test_a_backup_holds_everything_and_says_so(data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARCHIVE_NOW", "2026-03-01T02:00:00+07:00")
    code, out, _ = run("backup", tmp_path / "to", "--data-dir", data_dir)
    assert code == 0 and "backed up 11 articles and 11 snapshots" in out and "python -m archive restore" in out
    folder = tmp_path / "to" / "dan-van-20260301T020000"
    assert folders(folder) == ["SHA256SUMS", "archive.db", "manifest.json", "snapshots.db"]
    assert everything(folder) == everything(data_dir)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["files"]["archive.db"]["rows"]["articles"] == 11
    assert manifest["files"]["snapshots.db"]["rows"]["snapshots"] == 11
    assert manifest["made"] == "2026-03-01T02:00:00+07:00" and "core_tables" in manifest["migrations"]
    assert subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=folder).returncode == 0
    assert ask(folder / "archive.db", "pragma journal_mode") == [("delete",)]
    assert folders(folder) == ["SHA256SUMS", "archive.db", "manifest.json", "snapshots.db"], "and reading leaves none"


def test_no_backup_is_ever_overwritten(data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARCHIVE_NOW", "2026-03-01T02:00:00+07:00")
    made = [back_up(data_dir, tmp_path / "to").folder.name for _ in range(3)]
    assert made == [f"dan-van-20260301T02000{i}" for i in range(3)] == folders(tmp_path / "to")


def test_while_a_crawl_writes_both_files_are_of_one_moment(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    crawl = writer(data_dir)
    try:
        made = [back_up(data_dir, tmp_path / "to") for _ in range(8)]
        assert crawl.poll() is None
    finally:
        crawl.kill()
        crawl.communicate()
    assert made[0].articles < made[-1].articles
    for done in made:
        archive, pages = done.folder / "archive.db", done.folder / "snapshots.db"
        assert ask(archive, "pragma integrity_check") == ask(pages, "pragma integrity_check") == [("ok",)]
        assert ask(archive, "select count(*), max(snapshot) from revisions") == ask(
            pages, "select count(*), max(id) from snapshots"
        ), "each text has its page, and no page is of a later text"
        assert ask(archive, "select sum(revision_count) from articles") == ask(
            archive, "select count(*) from revisions"
        )
        assert restore(done.folder, tmp_path / "again" / done.folder.name).articles == done.articles
    assert main(["check", "--full", "--data-dir", str(tmp_path / "again" / made[-1].folder.name)]) == 0


def test_a_backup_waits_until_nobody_is_inside_a_transaction(data_dir: Path, tmp_path: Path) -> None:
    late = invented("late", "Bài đến muộn", "Chữ.")
    with ThreadPoolExecutor() as pool, Archive(data_dir) as archive:
        with archive.transaction():
            archive.save(late, capture=capture(late))
            done = pool.submit(back_up, data_dir, tmp_path / "to")
            time.sleep(0.3)
            assert not done.done()
        assert (done.result().articles, done.result().snapshots) == (12, 12)


def test_killed_half_way_it_leaves_nothing_that_looks_like_a_backup(data_dir: Path, tmp_path: Path) -> None:
    keep(data_dir, many(1500))
    dest = tmp_path / "to"
    for seen in ("archive.db", "snapshots.db", "manifest.json"):
        process = start("backup", dest, "--data-dir", data_dir)
        deadline = time.monotonic() + 30
        while not list(dest.glob(f".dan-van-*.tmp/{seen}")) and process.poll() is None:
            assert time.monotonic() < deadline
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        whole = [name for name in folders(dest) if name.startswith("dan-van-")]
        assert process.returncode == 0 or not whole, "a folder with a name is a whole one"
        for name in whole:
            shutil.rmtree(dest / name)
    made = back_up(data_dir, dest)
    assert folders(dest) == [made.folder.name], "what was left is cleared away"


def test_a_full_disk_is_one_sentence_before_anything_is_written(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(1, 1, 70_000))
    assert main(["backup", str(tmp_path / "to"), "--data-dir", str(data_dir)]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "70,000 bytes free" in said
    assert folders(tmp_path / "to") == []


def test_a_disk_that_fills_meanwhile_leaves_nothing_either(data_dir: Path, tmp_path: Path) -> None:
    keep(data_dir, many(300))
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, limit[1]))
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        with pytest.raises(BackupError, match="could not be backed up"):
            back_up(data_dir, tmp_path / "to")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        signal.signal(signal.SIGXFSZ, before)
    assert folders(tmp_path / "to") == []


def test_two_backups_to_one_place_are_one(data_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "to").mkdir()
    with held(tmp_path / "to" / ".lock"):
        assert main(["backup", str(tmp_path / "to"), "--data-dir", str(data_dir)]) == 75


def test_without_an_archive_or_a_place_it_says_so(tmp_path: Path, data_dir: Path) -> None:
    assert main(["backup", str(tmp_path / "to"), "--data-dir", str(tmp_path / "nothing")]) == 3
    (tmp_path / "file").write_text("in the way")
    assert main(["backup", str(tmp_path / "file"), "--data-dir", str(data_dir)]) == 2


def test_a_damaged_archive_is_not_called_a_backup(tmp_path: Path) -> None:
    keep(tmp_path / "data", many(50))
    with open(tmp_path / "data" / "archive.db", "r+b") as file:
        file.seek(40_960)
        file.write(b"\x07" * 40_960)
    with pytest.raises(BackupError):
        back_up(tmp_path / "data", tmp_path / "to")
    assert folders(tmp_path / "to") == []


# ---------------------------------------------------------------- restore


def test_what_is_restored_is_what_was(data_dir: Path, tmp_path: Path) -> None:
    folder = back_up(data_dir, tmp_path / "to").folder
    before = everything(data_dir)
    code, out, err = run("restore", folder, "--data-dir", tmp_path / "new")
    assert code == 0 and "restored 11 articles" in out, err
    assert everything(tmp_path / "new") == before
    assert publish(tmp_path / "new").articles == 11
    assert main(["check", "--full", "--data-dir", str(tmp_path / "new")]) == 0


def test_plain_copying_restores_as_well(data_dir: Path, tmp_path: Path) -> None:
    folder = back_up(data_dir, tmp_path / "to").folder
    (tmp_path / "new").mkdir()
    for name in ("archive.db", "snapshots.db"):
        shutil.copy(folder / name, tmp_path / "new")
    assert back_up(tmp_path / "new", tmp_path / "to").articles == 11
    with Archive(tmp_path / "new") as archive, archive.transaction():
        archive.save(the_articles()[0])
    assert main(["check", "--full", "--data-dir", str(tmp_path / "new")]) == 0


def test_an_archive_in_the_way_is_refused_or_moved_aside_whole(data_dir: Path, tmp_path: Path) -> None:
    folder = back_up(data_dir, tmp_path / "to").folder
    keep(data_dir, many(5))
    before = everything(data_dir)
    with pytest.raises(ArchiveInTheWay, match="--force"):
        restore(folder, data_dir)
    assert everything(data_dir) == before
    done = restore(folder, data_dir, force=True)
    assert done.articles == 11 and done.aside is not None
    assert everything(done.aside) == before
    assert ask(data_dir / "archive.db", "select count(*) from articles") == [(11,)]


def test_what_was_withheld_since_stays_withheld(data_dir: Path, tmp_path: Path) -> None:
    first, second = the_articles()[:2]
    with Archive(data_dir) as archive:
        withhold(archive, [str(first.id)], "trước")
    folder = back_up(data_dir, tmp_path / "to").folder
    with Archive(data_dir) as archive:
        put_back(archive, [str(first.id)])
        withhold(archive, [str(second.id)], "sau")
    assert restore(folder, data_dir, force=True).withheld == 1
    with Archive(data_dir) as archive:
        lasting = {row.article for row in rows(archive.connection) if row.until is None}
    assert lasting == {first.id, second.id}, "in doubt it stays withheld"


def test_a_damaged_archive_gives_way_to_a_backup(data_dir: Path, tmp_path: Path, capsys: Any) -> None:
    folder = back_up(data_dir, tmp_path / "to").folder
    (data_dir / "archive.db").write_bytes(b"\x07" * 9000)
    assert main(["check", "--data-dir", str(data_dir)]) == 2
    capsys.readouterr()
    assert main(["restore", str(folder), "--force", "--data-dir", str(data_dir)]) == 0
    assert "could not be read" in capsys.readouterr().out
    assert main(["check", "--full", "--data-dir", str(data_dir)]) == 0


@pytest.mark.parametrize("damage", ["flip", "cut", "missing"])
def test_a_damaged_backup_is_refused_before_anything_is_moved(data_dir: Path, tmp_path: Path, damage: str) -> None:
    folder = back_up(data_dir, tmp_path / "to").folder
    path, before = folder / "snapshots.db", everything(data_dir)
    whole = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]) if damage == "flip" else whole[:-4096])
    with pytest.raises(BackupDamaged):
        restore(folder, data_dir, force=True)
    assert everything(data_dir) == before
    assert not [name for name in folders(data_dir) if "restore" in name]
    assert main(["restore", str(folder), "--force", "--data-dir", str(data_dir)]) == 2


def test_a_rename_that_fails_puts_everything_back(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = back_up(data_dir, tmp_path / "to").folder
    keep(data_dir, many(5))
    before, rename = everything(data_dir), Path.rename

    def failing(self: Path, target: Path) -> Path:
        if self.parent.name == ".restore.tmp" and self.name == "archive.db":
            raise OSError(5, "the disk has had enough")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(RestoreError, match="had enough"):
        restore(folder, data_dir, force=True)
    assert everything(data_dir) == before


def test_what_is_no_backup_is_a_wrong_configuration(data_dir: Path, tmp_path: Path) -> None:
    with pytest.raises(NoBackup):
        restore(tmp_path, tmp_path / "new")
    folder = back_up(data_dir, tmp_path / "to").folder
    manifest = json.loads((folder / "manifest.json").read_text())
    for change in ({"format": 2}, {"migrations": ["holograms"]}, {"files": {"../x": {"bytes": 1}}}, {"files": []}):
        (folder / "manifest.json").write_text(json.dumps(manifest | change))
        assert main(["restore", str(folder), "--data-dir", str(tmp_path / "new")]) == 3
    assert not (tmp_path / "new").exists()


def test_a_crawl_at_work_is_not_restored_over(data_dir: Path, tmp_path: Path) -> None:
    folder = back_up(data_dir, tmp_path / "to").folder
    with held(data_dir / "nightly.lock"):
        assert main(["restore", str(folder), "--force", "--data-dir", str(data_dir)]) == 75
