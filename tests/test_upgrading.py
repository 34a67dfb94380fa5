"""An archive of any age is brought to today's schema with all that it holds, and a copy is put aside before."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections import namedtuple
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from command_line import ROOT, run
from invented import keep, the_articles

from archive import search, upgrading
from archive.__main__ import main
from archive.publish import PublishError, publish
from archive.store import Archive, StoreError

SCHEMAS = sorted((Path(__file__).parent / "schemas").glob("*.sql"))
NAMES = [migration.name for migration in upgrading.schema.migrations._migrations]
OLD = [path for path in SCHEMAS if any(f"'{name}'" not in path.read_text("utf-8") for name in NAMES)]
NOW = "2026-03-02T02:00:00+07:00"


def old_archive(data_dir: Path, schema: Path) -> dict[str, list[dict[str, Any]]]:
    """Make the archive.db that the SQL tells of; returns its rows."""
    data_dir.mkdir(exist_ok=True)
    with closing(sqlite3.connect(data_dir / "archive.db")) as db:
        db.execute("pragma journal_mode = wal")  # as every archive is
        db.executescript(schema.read_text("utf-8"))
    return everything(data_dir / "archive.db")


def everything(path: Path) -> dict[str, list[dict[str, Any]]]:
    with closing(sqlite3.connect(path)) as db:
        db.row_factory = sqlite3.Row
        tables = [row[0] for row in db.execute("select name from sqlite_master where type = 'table'")]
        return {
            name: sorted((dict(row) for row in db.execute(f"select * from [{name}]")), key=str)
            for name in tables
            if not name.startswith(("_", "sqlite_"))
        }


def shape(path: Path) -> dict[str, set[tuple[Any, ...]]]:
    """The columns of each table and the indexes, whatever their order."""
    with closing(sqlite3.connect(path)) as db:
        entries = db.execute("select type, name from sqlite_master where name not glob 'sqlite_*'").fetchall()
        return {
            f"{kind} {name}": {row[1:4] + row[5:] for row in db.execute(f"pragma table_info([{name}])")}
            if kind == "table"
            else {row[2:] for row in db.execute(f"pragma index_info([{name}])")}
            for kind, name in entries
        }


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARCHIVE_NOW", NOW)


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda path: path.stem)
def test_every_schema_that_ever_was_is_brought_up_to_date_with_all_it_holds(tmp_path: Path, schema: Path) -> None:
    before = old_archive(tmp_path / "old", schema)
    with Archive(tmp_path / "old"), Archive(tmp_path / "new"):
        pass
    after = everything(tmp_path / "old" / "archive.db")
    for table, rows in before.items():
        if table == "provinces":  # which are data of ours
            continue
        assert [{name: new[name] for name in old} for old, new in zip(rows, after[table], strict=True)] == rows, table
    assert shape(tmp_path / "old" / "archive.db") == shape(tmp_path / "new" / "archive.db")
    with closing(sqlite3.connect(tmp_path / "old" / "archive.db")) as db:
        assert db.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert db.execute("pragma foreign_key_check").fetchall() == []
    copies = list((tmp_path / "old").glob("backups/*"))
    if schema in OLD:
        assert [copy.name for copy in copies] == ["before-migration-20260302T020000.db"]
        assert everything(copies[0]) == before
    assert not (tmp_path / "new" / "backups").exists(), "of a new archive nothing is put aside"


@pytest.mark.parametrize("schema", OLD, ids=lambda path: path.stem)
@pytest.mark.parametrize("command", ["publish", "check", "stats", "withhold --list"])
def test_any_command_brings_an_old_archive_up_to_date(
    tmp_path: Path, schema: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    old_archive(tmp_path, schema)
    assert main([*command.split(), "--data-dir", str(tmp_path)]) == 0, capsys.readouterr()
    assert len(list((tmp_path / "backups").iterdir())) == 1
    assert main(["publish", "--data-dir", str(tmp_path)]) == 0
    assert main(["check", "--full", "--data-dir", str(tmp_path)]) == 0, capsys.readouterr()
    assert len(list((tmp_path / "backups").iterdir())) == 1, "and only once"


def test_a_backup_copies_an_old_archive_as_it_is_and_it_can_be_restored(tmp_path: Path) -> None:
    before = old_archive(tmp_path / "data", SCHEMAS[0])
    assert main(["backup", str(tmp_path / "to"), "--data-dir", str(tmp_path / "data")]) == 0
    (folder,) = (tmp_path / "to").glob("dan-van-*")
    assert everything(folder / "archive.db") == before
    assert main(["restore", str(folder), "--data-dir", str(tmp_path / "again")]) == 0
    assert len(everything(tmp_path / "again" / "archive.db")["articles"]) == len(before["articles"])


def test_two_processes_that_open_an_old_archive_at_once_bring_it_up_to_date_once(tmp_path: Path) -> None:
    old_archive(tmp_path, SCHEMAS[0])
    command = [sys.executable, "-m", "archive", "stats", "--data-dir", str(tmp_path)]
    environment = {name: value for name, value in os.environ.items() if name != "ARCHIVE_NOW"}
    both = [subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    errors = [process.communicate()[1] for process in both]
    assert [process.returncode for process in both] == [0, 0, 0], errors
    assert len(list((tmp_path / "backups").iterdir())) == 1


def test_a_kill_between_two_migrations_is_made_good_by_the_next_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old_archive(tmp_path, SCHEMAS[0])
    last = upgrading.schema.migrations._migrations[-1]
    monkeypatch.setattr(last, "fn", lambda db: (_ for _ in ()).throw(sqlite3.OperationalError("power cut")))
    with pytest.raises(StoreError, match="power cut"):
        Archive(tmp_path)
    monkeypatch.undo()
    monkeypatch.setenv("ARCHIVE_NOW", NOW)
    with Archive(tmp_path) as archive:
        assert archive.connection.execute("select count(*) from withheld").fetchone()[0] == 0
    assert len(list((tmp_path / "backups").iterdir())) == 2, "and nothing that was put aside is overwritten"


def test_without_room_for_the_copy_nothing_is_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = old_archive(tmp_path, SCHEMAS[0])
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(1, 1, 1000))
    with pytest.raises(StoreError, match=r"left as it is.*1,000 are free"):
        Archive(tmp_path)
    with pytest.raises(PublishError, match="left as it is"):
        publish(tmp_path)
    assert everything(tmp_path / "archive.db") == before


def test_an_archive_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    keep(tmp_path, the_articles())
    with closing(sqlite3.connect(tmp_path / "archive.db")) as db:
        db.execute(
            "insert into _sqlite_migrations (migration_set, name, applied_at) values ('archive', 'holograms', '')"
        )
        db.commit()
    with pytest.raises(StoreError, match=r"newer version.*holograms"):
        Archive(tmp_path)
    for command in (["publish"], ["stats"], ["check"], ["withhold", "--list"]):
        code, out, err = run(*command, "--data-dir", tmp_path)
        assert (code, out, err.count("\n")) == (2, "", 1) and "update the software" in err, err


def test_a_copy_of_another_index_version_is_not_served_in_silence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(tmp_path, the_articles())
    publish(tmp_path)
    monkeypatch.setattr(search, "NORMALISER_VERSION", search.NORMALISER_VERSION + 1)
    assert main(["serve", "--data-dir", str(tmp_path)]) == 3
    assert "make a new one with python -m archive publish" in capsys.readouterr().err
    assert main(["check", "--data-dir", str(tmp_path)]) == 1
    publish(tmp_path)
    assert main(["check", "--data-dir", str(tmp_path)]) == 0
