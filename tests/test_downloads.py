"""Downloading what a search found, from a real Datasette and, where the connection counts, from a real server."""

from __future__ import annotations

import csv
import http.client
import io
import json
import re
import socket
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from asking import answer_of
from edge_texts import FORMULAS, LONG, TEXTS, as_shown
from invented import invented, keep, many, the_articles
from openpyxl import load_workbook
from served import served

from archive.formats import reading
from archive.formats.columns import columns
from archive.formats.texts import restored
from archive.publish import publish
from archive.site import export
from archive.site.serve import site
from archive.withholding import withhold

EDGES = [
    invented(f"edge-{number}", unicodedata.normalize("NFC", text), unicodedata.normalize("NFC", text), day="2023-01-01")
    for number, text in enumerate((*FORMULAS, *TEXTS, *LONG))
]
FULL = next(article for article in the_articles() if article.key.endswith("/full"))
MANY = 450  # more than two batches


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("data")
    keep(folder, [*the_articles(), *EDGES, *many(MANY), invented("secret", "Bài không được giữ", "Chữ kín.")])
    with archive_of(folder) as archive:
        withhold(archive, [str(invented("secret", "", "").id)], "a person asked")
    publish(folder)
    return folder


def archive_of(folder: Path) -> Any:
    from archive.store import Archive

    return Archive(folder)


@pytest.fixture(scope="module")
def get(data_dir: Path) -> Any:
    datasette = site(data_dir)

    def fetch(path: str, method: str = "get") -> Any:
        return answer_of(datasette, path, method)

    return fetch


@pytest.fixture
def server(data_dir: Path) -> Iterator[tuple[str, int]]:
    with served(site(data_dir)) as address:
        yield address


def table(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def all_articles() -> int:
    return len(the_articles()) + len(EDGES) + MANY


@pytest.mark.parametrize("body", ["", "&body=1"])
def test_the_three_formats_hold_the_same_articles_in_the_same_order(get: Any, body: str) -> None:
    ids = [row["id"] for row in table(get(f"/export.csv?header=fields{body}"))]
    assert len(ids) == len(set(ids)) == all_articles()
    assert [json.loads(line)["id"] for line in get(f"/export.jsonl?{body}").text.splitlines()] == ids
    sheet = load_workbook(io.BytesIO(get(f"/export.xlsx?{body}").content)).worksheets[0]
    assert [cell.value for cell in sheet["A"]][1:] == ids
    names = [column.name for column in columns(body=bool(body))]
    assert list(table(get(f"/export.csv?header=fields{body}"))[0]) == names


def test_a_download_holds_exactly_what_the_results_page_shows(get: Any) -> None:
    for query in ("q=dan+van", "q=dan+van&words=apart", "q=l%C3%A0ng&year=2021&year=2015", "year=2022", "q=xyzzy"):
        shown: list[str] = []
        for page in range(1, 40):
            found = re.findall(r'<h2><a href="/a/(\d+)">', get(f"/search?{query}&page={page}").text)
            if not found:
                break
            shown += found
        answer = get(f"/export.csv?{query}&header=fields")
        assert [row["id"] for row in table(answer)] == shown, query
        assert answer.headers["x-total-count"] == str(len(shown))
        assert answer.headers["content-disposition"].endswith(f'_{len(shown)}-bai.csv"')


def test_every_text_of_the_archive_comes_out_as_it_went_in(get: Any) -> None:
    # What cannot be stored at all (a NUL in a title) is not there to be asked for.
    by_csv = {row["id"]: row for row in table(get("/export.csv?header=fields&body=1&year=2023"))}
    lines = get("/export.jsonl?body=1&year=2023").text.splitlines()
    by_line = {record["id"]: record for record in map(json.loads, lines)}
    assert len(by_csv) == len(by_line) == len(EDGES)
    for article in EDGES:
        assert by_line[str(article.id)]["body"] == article.body
        assert restored(by_csv[str(article.id)]["body"]) == as_shown(article.body)
        assert restored(by_csv[str(article.id)]["title"]) == as_shown(article.title)


def test_an_article_has_all_that_is_known_of_it(get: Any) -> None:
    record = json.loads(get("/export.jsonl?year=2022&body=1").text)
    assert record["id"] == str(FULL.id) and record["permalink"].endswith(f"/a/{FULL.id}")
    assert (record["title"], record["lead"], record["body"]) == (FULL.title, FULL.lead, FULL.body)
    assert record["sections"] == ["Nghề cũ", "Chuyện làng"] and record["tags"] == ["gốm", "làng nghề"]
    assert (record["author"], record["source"], record["url"]) == (FULL.author, FULL.source, FULL.url)
    assert (record["views"], record["comments"], record["revision_count"]) == (1424, 3, 1)
    assert record["published"] == "2022-03-13T08:30:00+07:00" and record["portal"] == "song_lam"
    assert record["portal_name"] == "Ban Dân vận Tỉnh ủy Sông Lam" and record["province"] == "Sông Lam"
    assert record["text_sha256"] == FULL.text_sha256
    assert record["gone"] is record["changed"] is record["reprint_of"] is None


def test_the_header_speaks_vietnamese_english_or_field_names(get: Any) -> None:
    def first_line(path: str) -> str:
        return str(get(path).content.decode("utf-8-sig").split("\r\n")[0])

    assert first_line("/export.csv?year=2022").startswith('"Mã bài viết","Địa chỉ cố định","Tiêu đề"')
    for path in ("/export.csv?year=2022&lang=en", "/export.csv?year=2022&header=en"):
        assert first_line(path).startswith('"Article ID","Permalink","Title"')
    assert first_line("/export.csv?year=2022&lang=en&header=fields").startswith('"id","permalink","title"')
    assert first_line("/export.csv?year=2022&header=nonsense").startswith('"Mã bài viết"')


def test_a_workbook_says_what_it_holds(get: Any) -> None:
    book = load_workbook(io.BytesIO(get("/export.xlsx?q=l%C3%A0ng&year=2022").content))
    notes = {name.value: text.value for name, text in book.worksheets[-1].iter_rows()}
    assert notes["Câu tìm"].endswith("/search?q=l%C3%A0ng&year=2022") and notes["Số bài viết"] == "1"
    assert "Kho lưu trữ tính đến" in notes and "Ô bị cắt bớt" not in notes
    long = load_workbook(io.BytesIO(get("/export.xlsx?body=1&year=2023&header=en").content))
    assert long.sheetnames[-1] == "About this file"
    assert any(name.value == "Cells cut" for name, _ in long.worksheets[-1].iter_rows())


def test_what_is_withheld_is_in_no_file(get: Any) -> None:
    for path in ("/export.csv?body=1", "/export.jsonl?body=1"):
        assert "Chữ kín" not in get(path).text


def test_the_count_stands_before_the_download(get: Any) -> None:
    page = get("/export?q=l%C3%A0ng&year=2022").text
    assert "Tệp tải về có đủ 1 bài viết" in page
    assert 'name="q" value="làng"' in page and 'name="year" value="2022"' in page
    assert 'href="/search?q=l%C3%A0ng&amp;year=2022"' in page
    for kind in ("xlsx", "csv", "jsonl"):
        assert f'formaction="/export.{kind}"' in page
    assert "The file holds the 1 article." in get("/export?year=2022&lang=en").text
    assert "Không có bài viết nào để tải về." in get("/export?q=xyzzy").text
    results = get("/search?q=l%C3%A0ng&year=2022").text
    assert "Tệp tải về có đủ 1 bài viết" in results and 'href="/export?q=l%C3%A0ng&amp;year=2022"' in results
    head = get("/export.csv?year=2022", "head")
    assert head.status_code == 200 and head.headers["x-total-count"] == "1" and head.content == b""


def test_nothing_that_is_typed_is_an_error(get: Any) -> None:
    for raw in ("%ff%fe", "%00", "a" * 3000, "%22" * 500, "%22%3Cscript%3E", "NEAR(", "-", "*", "th*", "%0d%0aX-Y:1"):
        for path in (f"/export.csv?q={raw}", f"/export?q={raw}", f"/export.jsonl?year={raw}&portal={raw}&body={raw}"):
            answer = get(path)
            assert answer.status_code == 200, path
            assert "<script>" not in answer.text or not path.startswith("/export?")
    assert get("/export.csv", "post").status_code in (403, 405)
    assert get("/export.exe").status_code == 404


def raw_answer(address: tuple[str, int], path: str, version: str = "1.1") -> bytes:
    with socket.create_connection(address, timeout=30) as connection:
        connection.sendall(f"GET {path} HTTP/{version}\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize("kind", ["csv", "xlsx", "jsonl"])
def test_a_file_cut_short_is_a_broken_transfer(
    server: tuple[str, int], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert raw_answer(server, f"/export.{kind}").endswith(b"0\r\n\r\n"), "a whole one has its end"
    whole = reading.batches

    def failing(*arguments: Any) -> Iterator[list[reading.Record]]:
        yield next(iter(whole(*arguments)))
        raise reading.Incomplete("the disk is gone")

    monkeypatch.setattr(reading, "batches", failing)
    assert not raw_answer(server, f"/export.{kind}").endswith(b"0\r\n\r\n")
    connection = http.client.HTTPConnection(*server, timeout=30)
    connection.request("GET", f"/export.{kind}")
    with pytest.raises(http.client.IncompleteRead):
        connection.getresponse().read()


def test_where_the_end_could_not_be_seen_nothing_is_sent(server: tuple[str, int]) -> None:
    answer = raw_answer(server, "/export.csv", version="1.0")
    assert b" 505 " in answer.split(b"\r\n")[0] and b"proxy_http_version 1.1" in answer


def test_a_slow_reader_keeps_nobody_waiting_and_sees_one_copy(
    data_dir: Path, server: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Readers who take nothing for a while: pages still come, a copy is published, and each file comes whole."""
    fold, whole, made = 8, reading.chosen, []
    monkeypatch.setattr(reading, "chosen", lambda *arguments: whole(*arguments) * fold)
    value = reading._value
    monkeypatch.setattr(reading, "_value", lambda *arguments: made.append(1) or value(*arguments))
    slow = []
    for _ in range(6):
        connection = socket.create_connection(server, timeout=30)
        connection.sendall(b"GET /export.jsonl?body=1 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        slow.append(connection)
    page = http.client.HTTPConnection(*server, timeout=30)
    page.request("GET", "/search?q=dan+van")
    assert page.getresponse().status == 200
    until_still(made)
    assert len(made) < 6 * fold * all_articles() * len(columns(body=True)), "not all is made before it is wanted"
    publish(data_dir)
    for connection in slow:
        with connection:
            answer = b"".join(iter(lambda connection=connection: connection.recv(1 << 20), b""))
        assert answer.endswith(b"0\r\n\r\n") and answer.count(b'"text_sha256"') == fold * all_articles()


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["csv", "xlsx", "jsonl"])
def test_a_hundred_thousand_articles_with_their_texts_cost_less_than_50_mb(
    server: tuple[str, int], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw_answer(server, f"/export.{kind}?year=2021&body=1")  # what is loaded once is loaded
    whole = reading.chosen
    monkeypatch.setattr(reading, "chosen", lambda *arguments: (whole(*arguments) * 1000)[:100_000])
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before = memory("VmRSS")
    connection = http.client.HTTPConnection(*server, timeout=60)
    connection.request("GET", f"/export.{kind}?q=l%C3%A0ng&body=1")
    answer, size = connection.getresponse(), 0
    while piece := answer.read(1 << 16):
        size += len(piece)
    more = memory("VmHWM") - before
    print(f"{kind}: {size / 1e6:.0f} MB sent, {more:.1f} MB more memory")
    assert answer.headers["x-total-count"] == "100000" and size > 20e6
    assert more < 50


def memory(name: str) -> float:
    """A line of /proc/self/status, in MB."""
    found = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) / 1000


def until_still(made: list[int]) -> None:
    """Wait until nothing more is being made."""
    deadline = time.monotonic() + 30
    before = -1
    while before != len(made):
        assert time.monotonic() < deadline
        before = len(made)
        time.sleep(0.5)


def test_a_reader_who_goes_away_is_written_for_no_longer(
    server: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    whole = reading.batches

    def counted(*arguments: Any) -> Iterator[list[reading.Record]]:
        for batch in whole(*arguments):
            made.append(len(batch))
            yield batch

    monkeypatch.setattr(reading, "AT_ONCE", 1)
    monkeypatch.setattr(reading, "batches", counted)
    with socket.create_connection(server, timeout=30) as connection:
        connection.sendall(b"GET /export.jsonl?body=1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        connection.recv(100)
    until_still(made)
    assert 0 < len(made) < all_articles()


def test_a_reader_who_takes_nothing_is_given_up(
    server: tuple[str, int], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(export, "STALLED", 0.3)
    monkeypatch.setattr(
        reading, "batches", lambda *_: ([tuple("x" * 100_000 for _ in columns(False))] for _ in range(99))
    )
    with socket.create_connection(server, timeout=30) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(b"GET /export.jsonl HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        deadline = time.monotonic() + 30
        while "broken off" not in caplog.text:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_other_sites_may_fetch_where_the_operator_says_so(data_dir: Path, get: Any) -> None:
    for path in ("/export.csv?year=2022", "/feed.atom?year=2022", "/archive/articles.json?year=2022"):
        assert "access-control-allow-origin" not in get(path).headers
        assert answer_of(site(data_dir, cors=True), path).headers["access-control-allow-origin"] == "*"
