"""check finds each kind of damage and says how bad it is; stats counts; neither minds a reader that goes away."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from command_line import ROOT, capture
from invented import PORTALS, invented, keep, many, the_articles

from archive.__main__ import main
from archive.article import Article
from archive.checks import Level, examine
from archive.publish import publish
from archive.store import Archive

NOW = "2022-03-14T02:00:00+07:00"


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sound archive, published."""
    monkeypatch.setenv("ARCHIVE_NOW", NOW)
    store(tmp_path, the_articles())
    publish(tmp_path)
    return tmp_path


def store(data_dir: Path, articles: list[Article]) -> None:
    with Archive(data_dir) as archive:
        archive.register_portals(PORTALS)
        with archive.transaction():
            for article in articles:
                archive.save(article, capture=capture(article, fetched=NOW))


def spoil(data_dir: Path, sql: str, file: str = "archive.db") -> None:
    with closing(sqlite3.connect(data_dir / file)) as db:
        db.executescript(sql)


def check(data_dir: Path, *arguments: str) -> int:
    return main(["check", *arguments, "--data-dir", str(data_dir)])


def test_a_sound_archive_is_called_so(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(data_dir) == check(data_dir, "--full") == 0
    said = capsys.readouterr().out
    assert said.endswith("\nall is sound\n") and max(map(len, said.splitlines())) < 80
    assert "by month  all  undated  10/21  11/21  12/21  01/22  02/22  03/22\n" in said
    assert "song_lam   11        ·      ·      ·      ·      ·      ·      1\n" in said
    check(data_dir, "--months", "1")
    assert "by month  all  undated  03/22\n" in capsys.readouterr().out


DAMAGE = [
    ("update articles set id = id + 1 where key glob '*kheo'", "id does not follow"),
    ("delete from revisions where article = (select max(id) from articles)", "without revision 1"),
    ("update articles set revision_count = 3 where key glob '*kheo'", "not the number of their revisions"),
    ("update articles set snapshot = 999 where key glob '*kheo'", "whose snapshot is not there"),
    ("update articles set snapshot = (select min(snapshot) from articles) where key glob '*full'", "another article's"),
    ("insert into urls values ('http://127.0.0.1:1/nowhere', 12)", "rows of urls that name what is"),
    ("update articles set portal = 'nobody' where key glob '*kheo'", "of articles that name what is not in portals"),
    ("insert into reprints values (1, 2, 0.5)", "rows of reprints that name in original"),
    ("insert into frontier (portal, kind, key, url, state, due, article) values ('', '', '', '', '', '', 5)", "front"),
]  # fmt: skip
FULL = [
    ("update articles set body = body || '.' where key glob '*kheo'", "articles whose text does not match"),
    ("update revisions set title = 'x' where article = (select max(article) from revisions)", "revisions whose text"),
    ("update revisions set snapshot = 77 where article = (select max(article) from revisions)", "whose snapshot is"),
    ("update articles set body = '', text_sha256 = 'x' where key glob '*kheo'", "another text than"),
]  # fmt: skip
LOOK = [
    ("update articles set published = '2031-01-01T00:00:00+07:00' where key glob '*kheo'", "date in the future"),
    ("update articles set published = 'hôm qua' where key glob '*kheo'", "whose date is none"),
]
NOTES = [
    ("update articles set published = null where key glob '*kheo'", "without a date: 1 ("),
    ("update articles set snapshot = null where key glob '*kheo'", "without a snapshot: 1 ("),
]


@pytest.mark.parametrize(
    ("sql", "said", "code", "full"),
    [*[(*row, 2, False) for row in DAMAGE], *[(*row, 2, True) for row in FULL], *[(*row, 1, False) for row in LOOK],
     *[(*row, 0, False) for row in NOTES]],
    ids=lambda value: value if isinstance(value, str) and " where " not in value and "insert" not in value else "",
)  # fmt: skip
def test_what_is_wrong_is_found_and_weighed(
    data_dir: Path, sql: str, said: str, code: int, full: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(data_dir, sql)
    assert check(data_dir, *["--full"] * full) == code
    assert said in " ".join(capsys.readouterr().out.split())


def test_pages_that_cannot_be_read_back_are_damage(data_dir: Path) -> None:
    spoil(data_dir, "update snapshots set body = x'00' where id = 3", "snapshots.db")
    assert check(data_dir) == 0 and check(data_dir, "--full") == 2


def test_lost_pages_are_damage(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data_dir / "snapshots.db").unlink()
    assert check(data_dir) == 2
    assert "whose snapshot is not there" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("name", ["archive.db", "snapshots.db"])
@pytest.mark.parametrize("bytes_", [b"\x07" * 4096, b"no database" * 900])
def test_a_damaged_file_is_damage_not_a_traceback(data_dir: Path, name: str, bytes_: bytes, capsys: Any) -> None:
    with open(data_dir / name, "r+b") as file:
        file.seek(0 if bytes_.startswith(b"no") else 8192)
        file.write(bytes_)
    assert check(data_dir) == 2
    said = capsys.readouterr().out
    assert "DAMAGED" in said and name in said


def test_a_portal_whose_pages_give_no_dates_is_looked_at(data_dir: Path) -> None:
    store(data_dir, [invented(f"u-{i}", f"Bài {i}", "Chữ.", portal="nui_tho", day="") for i in range(25)])
    (finding,) = [found for found in examine(data_dir).findings if found.where == "nui_tho"]
    assert (finding.level, finding.count) == (Level.ATTENTION, 25)


def test_a_copy_that_lags_behind_is_noted_and_after_two_days_looked_at(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ARCHIVE_NOW", "2022-03-15T02:00:00+07:00")
    keep(data_dir, many(3))
    assert check(data_dir) == 0
    assert "since the published copy was made (2022-03-14 02:00): 3" in " ".join(capsys.readouterr().out.split())
    monkeypatch.setenv("ARCHIVE_NOW", "2022-03-19T02:00:00+07:00")
    assert check(data_dir) == 1


def test_the_report_for_programs(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoil(data_dir, DAMAGE[0][0])
    capsys.readouterr()
    assert check(data_dir, "--json") == 2
    report = json.loads(capsys.readouterr().out)
    assert (report["severity"], report["exit_code"]) == ("damage", 2)
    assert report["portals"]["song_lam"]["months"]["2022-03"] == 1
    assert {"severity", "where", "what", "count", "examples"} == set(report["findings"][0])


def test_stats_count_everything(data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setenv("ARCHIVE_NOW", "2022-03-24T02:00:00+07:00")
    edited = invented("kheo", "Tựa mới", "Chữ mới.")
    with Archive(data_dir) as archive, archive.transaction() as db:
        archive.save(edited, capture=capture(edited))
        db.execute("insert into withdrawals values (?, '2022', '2022', null, 'not_found')", [edited.id])
    main(["withhold", str(edited.id), "--reason", "x", "--data-dir", str(data_dir)])
    capsys.readouterr()
    assert main(["stats", "--data-dir", str(data_dir)]) == 0
    said = capsys.readouterr().out
    for part in (
        "11 articles of 1 portal, 1 later version\n", "1 withdrawal by portals (1 last), 1 article withheld by us",
        "1 document cited 1 time", "12 raw pages", "sizes: archive.db ", "snapshots.db ", "published/ ",
        "in the last 10 days, a day: 1.1 new articles (0.1 of the day's own), 0.1 edits, ",
        "; in 30 days 11 new, ", "the portals publish a day: 0.0 (last 30 days) and ",
        "a guess, from 10 days of history", "are free on the disk: enough for more than 20 years", "backfills: done",
    ):  # fmt: skip
        assert part in said, said


def test_an_empty_archive_has_no_growth(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep(tmp_path, [])
    assert main(["stats", "--data-dir", str(tmp_path)]) == check(tmp_path) == 0
    assert "growth: nothing yet" in capsys.readouterr().out


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(
    "command", ["stats", "check", "check --json", "publish", "withhold --list", "backup {}/b", "--help"]
)
def test_a_reader_that_goes_away_is_no_error(data_dir: Path, command: str, unbuffered: str) -> None:
    line = (
        f"{sys.executable} -m archive {command.format(data_dir)} --data-dir {data_dir} | true; echo ${{PIPESTATUS[0]}}"
    )
    env = os.environ | {"PYTHONUNBUFFERED": unbuffered}
    done = subprocess.run(["bash", "-c", line], cwd=ROOT, env=env, capture_output=True, text=True)
    # What publish says beside its one line is for whoever reads the log.
    assert re.sub(r"(?m)^(\d+ changes to a kept copy|beside it .*)\n", "", done.stderr) == ""
    assert done.stdout.strip() in ("141", "0")
