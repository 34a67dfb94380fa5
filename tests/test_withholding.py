"""What we withhold is in no output from the next publish on, whatever happens to the archive meanwhile."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from command_line import ROOT, capture, run, writer
from invented import PORTALS, invented, keep, the_articles
from loopback import Nightly

from archive.__main__ import main
from archive.article import Article, File, Image
from archive.publish import current_copy, publish
from archive.store import Archive
from archive.withholding import UnknownArticle, find, rows

PRIVATE = invented(
    "private",
    "Chuyện riêng của cô Xoài",
    "Địa chỉ nhà cô Xoài ở ngõ Cau.",
    tags=("cô Xoài",),
    images=(Image("http://127.0.0.1:1/anh/co-xoai.jpg", "Cô Xoài"),),
    files=(File("http://127.0.0.1:1/tep/co-xoai.pdf"),),
    views=7,
)


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archive with one article that must go, and a row in every table that may name it."""
    monkeypatch.setenv("ARCHIVE_NOW", "2026-03-01T02:00:00+07:00")
    keep(tmp_path, [*the_articles(), PRIVATE])
    other = the_articles()[0]
    with Archive(tmp_path) as archive, archive.transaction() as db:
        db.execute("insert into documents (id, number) values (1, '7-NQ/TU')")
        db.execute("insert into citations (article, document, quote) values (?, 1, 'cô Xoài')", [PRIVATE.id])
        db.execute("insert into reprints (article, original, similarity) values (?, ?, 1)", [other.id, PRIVATE.id])
        db.execute("insert into withdrawals (article, noticed, how) values (?, '2026', 'not_found')", [PRIVATE.id])
        archive.add_addresses(PRIVATE.id, ["http://127.0.0.1:1/cu/co-xoai"])
    return tmp_path


def traces(data_dir: Path, article: Article) -> list[str]:
    """The tables of the published copy, its index among them, in which anything of an article stands."""
    copy = current_copy(data_dir)
    assert copy is not None
    found = []
    with closing(sqlite3.connect(copy)) as db:
        for (table,) in db.execute("select name from sqlite_master where type in ('table', 'view')").fetchall():
            for row in db.execute(f"select * from [{table}]"):
                if article.id in row or any("Xoài" in str(cell) or "co-xoai" in str(cell) for cell in row):
                    found.append(table)
                    break
        hits = db.execute("select count(*) from articles_fts where articles_fts match '\"riêng của cô\"'").fetchone()[0]
    return [*found, *["hits"] * hits]


def withhold(data_dir: Path, *arguments: object) -> int:
    return main(["withhold", *map(str, arguments), "--data-dir", str(data_dir)])


def test_it_is_absent_from_every_table_and_comes_back(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    publish(data_dir)
    assert {"articles", "urls", "citations", "reprints", "hits"} <= set(traces(data_dir, PRIVATE))
    assert withhold(data_dir, PRIVATE.id, "--reason", "người nhà xin gỡ") == 0
    assert "from the next publish on: python -m archive publish" in capsys.readouterr().out
    assert main(["check", "--data-dir", str(data_dir)]) == 1
    assert "withheld articles that still stand in the copy" in " ".join(capsys.readouterr().out.split())
    assert publish(data_dir).articles == len(the_articles())
    assert traces(data_dir, PRIVATE) == []
    with Archive(data_dir) as archive:
        assert archive.connection.execute("select count(*) from articles").fetchone()[0] == len(the_articles()) + 1
    assert main(["check", "--data-dir", str(data_dir)]) == 0
    assert withhold(data_dir, PRIVATE.id, "--back") == 0
    publish(data_dir)
    assert "articles" in traces(data_dir, PRIVATE)
    capsys.readouterr()
    assert withhold(data_dir, "--list") == 0
    said = capsys.readouterr().out
    assert "người nhà xin gỡ" in said and "until 2026-03-01T02:00" in said and "0 articles withheld, 1 put back" in said


@pytest.mark.parametrize(
    "name",
    ["{id}", "/a/{id}", "https://tin.example.vn/a/{id}?lang=en#top", "http://127.0.0.1:1/vi/news/private.html",
     "https://127.0.0.1:1/vi/news/private.html#bl", "http://127.0.0.1:1/cu/co-xoai/"],
)  # fmt: skip
def test_an_article_has_many_names(data_dir: Path, name: str) -> None:
    with Archive(data_dir) as archive:
        assert find(archive.connection, name.format(id=PRIVATE.id)) == PRIVATE.id


@pytest.mark.parametrize(
    "name", ["1", "/a/1", "http://127.0.0.1:1/khong-co", "cô Xoài", "٣", "", "http://[::", "9" * 30]
)
def test_an_unknown_one_is_refused_and_with_it_all_that_were_named(
    data_dir: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert withhold(data_dir, PRIVATE.id, name, "--reason", "x") == 3
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "nothing was changed" in said
    with Archive(data_dir) as archive:
        assert rows(archive.connection) == []
        with pytest.raises(UnknownArticle):
            find(archive.connection, name)


@pytest.mark.parametrize(
    "arguments",
    [["1"], [], ["--reason", "x"], ["1", "--reason", " "], ["1", "--reason", "x", "--back"], ["--list", "1"]],
    ids=" ".join,
)
def test_options_that_say_nothing_are_a_wrong_configuration(data_dir: Path, arguments: list[str]) -> None:
    assert withhold(data_dir, *arguments) == 3


def test_twice_is_once_and_again_after_back_is_a_second_row(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert withhold(data_dir, PRIVATE.id, "--back") == 3
    assert withhold(data_dir, PRIVATE.id, "--reason", "một") == 0
    assert withhold(data_dir, PRIVATE.id, "--reason", "hai") == 0
    with Archive(data_dir) as archive:
        assert [row.reason for row in rows(archive.connection)] == ["một"]
    assert withhold(data_dir, PRIVATE.id, "--back") == 0
    monkeypatch.setenv("ARCHIVE_NOW", "2026-03-05T02:00:00+07:00")
    assert withhold(data_dir, PRIVATE.id, "--reason", "ba") == 0
    with Archive(data_dir) as archive:
        assert [(row.reason, row.until is None) for row in rows(archive.connection)] == [("ba", True), ("một", False)]


def test_it_takes_effect_while_a_crawl_writes(data_dir: Path) -> None:
    crawl = writer(data_dir)
    try:
        code, _, err = run("withhold", PRIVATE.id, "--reason", "x", "--data-dir", data_dir)
        assert code == 0, err
        assert crawl.poll() is None
        assert run("publish", "--data-dir", data_dir)[0] == 0
    finally:
        crawl.kill()
        crawl.communicate()
    assert traces(data_dir, PRIVATE) == []


def test_it_survives_a_reparse_and_the_loss_of_the_archive(tmp_path: Path) -> None:
    nightly = Nightly(tmp_path).register("song_lam", url="http://127.0.0.1:1/", cms="generic")
    with Archive(nightly.data) as archive:
        archive.register_portals(PORTALS)
        with archive.transaction():
            archive.save(PRIVATE, capture=capture(PRIVATE))
    assert withhold(nightly.data, PRIVATE.id, "--reason", "x") == 0
    for name in ("archive.db", "archive.db-wal", "archive.db-shm"):
        (nightly.data / name).unlink(missing_ok=True)
    with Archive(nightly.data) as archive:
        archive.register_portals(PORTALS)
        with archive.transaction():
            archive.save(PRIVATE)  # found again
        assert [row.article for row in rows(archive.connection)] == [PRIVATE.id]
    ours = {"PORTALS_FILE": str(nightly.registry), "DATA_DIR": str(nightly.data)}
    command = [sys.executable, "-m", "scrapy", "reparse"]
    reparsed = subprocess.run(command, cwd=ROOT, env={**os.environ, **ours}, capture_output=True, text=True)
    assert reparsed.returncode == 0, reparsed.stderr
    with Archive(nightly.data) as archive:
        assert [row.until for row in rows(archive.connection)] == [None]
    publish(nightly.data)
    assert traces(nightly.data, PRIVATE) == []


def test_an_article_that_is_withheld_may_be_undone_and_found_again(data_dir: Path) -> None:
    assert withhold(data_dir, PRIVATE.id, "--reason", "x") == 0
    with Archive(data_dir) as archive:
        with archive.transaction():
            archive.undo(PRIVATE.id)
        assert [row.title for row in rows(archive.connection)] == [""]
        with archive.transaction():
            archive.save(PRIVATE)
    publish(data_dir)
    assert traces(data_dir, PRIVATE) == []


def test_copies_of_what_is_withheld_are_copies_of_the_earliest_of_them(tmp_path: Path) -> None:
    """And when it comes back, it is the original once more."""
    text = " ".join(f"Câu thứ {number} của bài về con đê làng Trám." for number in range(12))
    first, second, third = (
        invented(name, f"Tựa của bài {name}", text, published=f"2022-03-1{day}T08:00:00+07:00")
        for day, name in enumerate(("mot", "hai", "ba"), 1)
    )
    keep(tmp_path, [first, second, third])

    def told() -> dict[int, int]:
        with closing(sqlite3.connect(tmp_path / "archive.db")) as db:
            return dict(db.execute("select article, original from reprints"))

    assert told() == {second.id: first.id, third.id: first.id}
    assert withhold(tmp_path, first.id, "--reason", "x") == 0
    assert told() == {third.id: second.id}
    with Archive(tmp_path) as archive, archive.transaction():
        archive.save(first)  # read again by the next night
    assert told() == {third.id: second.id}
    assert withhold(tmp_path, first.id, "--back") == 0
    assert told() == {second.id: first.id, third.id: first.id}
