"""The whole archive as Parquet and CSV beside the copy: all of it, or nothing under its name."""

from __future__ import annotations

import csv
import gzip
import io
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet
import pytest
from command_line import run
from invented import keep, many, the_articles
from serving import Server

from archive import whole
from archive.formats.columns import columns
from archive.publish import PublishError, publish, write_files

FULL = next(article for article in the_articles() if article.key.endswith("/full"))
MEASURE = """
import resource, sys
from pathlib import Path
from archive import whole
import pyarrow.parquet
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
whole.write(Path(sys.argv[1]))
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
"""


def rows(path: Path) -> list[dict[str, str]]:
    text = gzip.decompress(path.read_bytes()).decode()
    assert text.startswith("\ufeff"), "or Excel reads it in another alphabet"
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_publishing_writes_the_whole_archive_beside_the_copy(tmp_path: Path) -> None:
    keep(tmp_path, the_articles())
    code, out, err = run("publish", "--data-dir", tmp_path)
    assert code == 0 and out.count("\n") == 1 and "archive.parquet" in err and "archive-full.csv.gz" in err
    folder = tmp_path / "published"
    table = pyarrow.parquet.read_table(folder / "archive.parquet").to_pylist()
    assert {row["id"] for row in table} == {article.id for article in the_articles()}
    row = next(row for row in table if row["id"] == FULL.id)
    assert (row["title"], row["body"], row["published"]) == (FULL.title, FULL.body, FULL.published)
    assert row["sections"] == "Nghề cũ; Chuyện làng" and row["permalink"] == f"/a/{FULL.id}" and row["views"] == 1424
    short, full = rows(folder / "archive.csv.gz"), rows(folder / "archive-full.csv.gz")
    assert [one["id"] for one in short] == [one["id"] for one in full] == [str(one["id"]) for one in table]
    assert "body" not in short[0] and {one["body"] for one in full} == {article.body for article in the_articles()}
    assert any(one["title"].startswith("'=HYPERLINK") for one in short), "no cell is a formula"


def test_the_columns_are_those_of_the_downloads_in_their_order(tmp_path: Path) -> None:
    keep(tmp_path, the_articles())
    publish(tmp_path)
    parquet, short, full = write_files(tmp_path)
    names = [column.name for column in columns(body=True)]
    table = pyarrow.parquet.read_table(parquet)
    assert table.column_names == list(rows(full)[0]) == names and list(rows(short)[0]) == names[:-1]
    numbers = {field.name for field in table.schema if str(field.type) == "int64"}
    assert numbers == {"id", "views", "comments", "revision_count", "reprint_of"}
    codes = {row["id"]: row["documents"] for row in table.to_pylist()}
    assert "25-NQ/TW" in codes.values() and None in codes.values()


def test_without_files_none_are_written(tmp_path: Path) -> None:
    keep(tmp_path, the_articles())
    assert run("publish", "--without-files", "--data-dir", tmp_path)[0] == 0
    assert not list((tmp_path / "published").glob("*.parquet"))


def test_a_file_that_could_not_be_finished_leaves_the_last_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(tmp_path, the_articles())
    publish(tmp_path)
    write_files(tmp_path)
    folder = tmp_path / "published"
    before = {name: (folder / name).read_bytes() for name in whole.FILES}

    def torn(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(whole, "_cell", torn)
    monkeypatch.setitem(whole.FILES, "archive.parquet", lambda db, target: (target.write_bytes(b"PAR1"), torn()))  # type: ignore[arg-type,return-value]
    with pytest.raises(PublishError, match="is published, but"):
        write_files(tmp_path)
    assert {name: (folder / name).read_bytes() for name in whole.FILES} == before
    assert not list(folder.glob(".*.tmp"))


def test_without_room_the_files_are_not_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(tmp_path, the_articles())
    publish(tmp_path)
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("Disk", (), {"free": 12})())
    with pytest.raises(PublishError, match=r"is published, but .*was not begun: about [\d,]+ bytes are needed"):
        write_files(tmp_path)


def test_memory_does_not_grow_with_the_archive(tmp_path: Path) -> None:
    keep(tmp_path, many(6000))
    copy = publish(tmp_path).path
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, copy], capture_output=True, text=True, cwd=Path(__file__).parents[1], check=True
    )
    assert copy.stat().st_size > 50e6
    assert float(done.stdout) < 60, "megabytes more than before"


def test_the_site_links_to_them_and_gives_them_out_whole_or_from_where_a_download_broke_off(tmp_path: Path) -> None:
    keep(tmp_path, the_articles())
    publish(tmp_path)
    with Server(tmp_path) as server:
        assert server.get("/download/archive.parquet")[0] == 404, "not written yet"
        assert "/download/" not in server.get("/")[1]
        write_files(tmp_path)
        page = server.get("/")[1]
        for name in whole.FILES:
            size = (tmp_path / "published" / name).stat().st_size
            assert f'href="/download/{name}"' in page
            status, _, headers = server.get(f"/download/{name}")
            assert (status, headers["content-length"]) == (200, str(size))
            assert name in headers["content-disposition"]
            assert server.get(f"/download/{name}", If_None_Match=headers["etag"])[0] == 304
            status, _, part = server.get(f"/download/{name}", Range=f"bytes=10-{size}", If_Range=headers["etag"])
            assert (status, part["content-range"]) == (206, f"bytes 10-{size - 1}/{size}")
            assert part["content-length"] == str(size - 10)
            assert server.get(f"/download/{name}", Range="bytes=-5")[2]["content-length"] == "5"
            assert server.get(f"/download/{name}", Range="bytes=99999999999-")[0] == 416
            assert server.get(f"/download/{name}", Range="bytes=10-", If_Range='"other"')[0] == 200
        for wrong in ("archive.db", ".lock", "archive-full.csv", "..", "%2e%2e"):
            assert server.get(f"/download/{wrong}")[0] in (302, 404), wrong
