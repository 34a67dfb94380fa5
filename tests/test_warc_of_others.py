"""WARC files of other tools: whatever way a page went over the wire, it becomes the article of the crawl."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import brotli
import pytest

from archive.article import Article, article_id
from archive.clock import VIETNAM, at, now, stamp
from archive.snapshots import Capture
from archive.store import Archive
from crawler.capture_index import AmbiguousHost, Owners
from crawler.portals import Portal
from crawler.warc_files import zstd
from tests.loopback import Nightly, SickPortal
from tests.recorded import EGOV, needs_recorded, replayed
from tests.warc_tools import (
    by_wget,
    empty,
    imported,
    pages_of,
    record,
    rows,
    write,
)


@pytest.fixture(scope="module")
def nukeviet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Nightly, str, Path]]:
    """A crawl of the demonstration portal, its address, and what warcio's recorder saw of it."""
    folder = tmp_path_factory.mktemp("nukeviet")
    with SickPortal(lambda path, n: None, articles=12) as portal:
        nightly = Nightly(folder).register(url=portal.url)
        assert nightly.run().returncode == 0
        paths = dict.fromkeys(request.path for request in portal.requests)
        record(folder / "seen.warc.gz", [portal.url.rstrip("/") + path for path in paths])
        yield nightly, portal.url, folder / "seen.warc.gz"


def test_a_family_with_its_own_reader_reads_what_another_tool_recorded(
    nukeviet: tuple[Nightly, str, Path], tmp_path: Path
) -> None:
    nightly, _, file = nukeviet
    new = empty(nightly, tmp_path / "new")
    told = imported(new, file)
    assert rows(new) == rows(nightly) and len(rows(new)) == 12
    assert "not_html" in told


def chunked(body: bytes) -> bytes:
    return (
        b"".join(b"%x\r\n%s\r\n" % (len(body[i : i + 900]), body[i : i + 900]) for i in range(0, len(body), 900))
        + b"0\r\n\r\n"
    )


def test_pages_are_unpacked_whatever_way_they_went_over_the_wire(
    nukeviet: tuple[Nightly, str, Path], tmp_path: Path
) -> None:
    nightly, _, file = nukeviet
    ways = [
        ("response", [], lambda body: body),
        ("response", [("Content-Encoding", "gzip")], gzip.compress),
        ("response", [("Content-Encoding", "br")], brotli.compress),
        (
            "response",
            [("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")],
            lambda b: chunked(gzip.compress(b)),
        ),
        (
            "response",
            [("Content-Encoding", "zstd"), ("Transfer-Encoding", "chunked")],
            lambda b: chunked(zstd.compress(b)),
        ),
        ("response", [("Content-Encoding", "gzip")], lambda body: body),  # unpacked by the tool, and not said
        ("resource", [], lambda body: body),
    ]
    said = [("Content-Type", "text/html; charset=UTF-8")]
    pages = [
        (kind, url.replace("http://127", "https://127"), said + more, pack(body))
        for number, (url, body) in enumerate(pages_of(file))
        for kind, more, pack in [ways[number % len(ways)]]
    ]
    for packed in (True, False):
        new = empty(nightly, tmp_path / f"new{packed}")
        write(tmp_path / "f.warc", pages, packed)
        imported(new, tmp_path / "f.warc")
        assert rows(new) == rows(nightly)
        assert set(rows(new, "first_seen, last_seen")) == {("2027-05-03T09:00:00+07:00",) * 2}
        assert all(dict(head)["Content-Type"].startswith("text/html") for head in headers_kept(new))


def headers_kept(nightly: Nightly) -> list[Any]:
    with Archive(nightly.data) as archive:
        numbers = [row[0] for row in archive.connection.execute("select id from snap.snapshots")]
        return [archive.snapshots.read(number).headers for number in numbers]


def test_an_address_is_the_portals_whose_host_and_path_it_has() -> None:
    one, two = Portal("one", "1", "https://a.example/"), Portal("two", "2", "https://a.example/hai/")
    owners = Owners([one, two, Portal("old", "3", "http://b.example/"), Portal("new", "4", "http://b.example/")])
    assert owners.of("http://www.a.example:80/x") == one and owners.of("https://a.example/hai/x") == two
    assert owners.of("http://c.example/") is None and owners.of("metadata://gnu.org/x") is None
    with pytest.raises(AmbiguousHost, match="old and new"):
        owners.of("http://b.example/x")
    said = owners.of("http://b.example/x", "new")
    assert said is not None and said.key == "new"


# ---- what it rests on


def test_the_clock_stands_at_a_capture_for_a_while() -> None:
    then = datetime(2019, 3, 1, 8, 30, 5, 999, tzinfo=UTC)
    with at(then):
        assert now() == then.replace(microsecond=0) and now().tzinfo is VIETNAM
        with at(then + timedelta(days=1)):
            assert now().day == 2
        assert now().day == 1
    assert now().year > 2019


def test_an_old_page_does_not_bring_back_what_is_missing_since(tmp_path: Path) -> None:
    article = Article("p", "k", "http://a.example/k", "Tên", body="Thân")
    page = Capture(article.url, "2026-01-01T01:00:00+07:00", 200, (), b"<p>")
    with Archive(tmp_path) as archive:
        archive.register_portals([{"key": "p", "name": "P", "url": "http://a.example/", "cms": "generic"}])
        for day, what in ((2, "missed"), (3, "missed"), (4, "old page"), (5, "new page")):
            with archive.transaction(), at(datetime(2026, 1, day, 1, tzinfo=VIETNAM)):
                if day == 2:
                    archive.save(article, capture=page)
                if what == "missed":
                    archive.presence.missed(article.id, "not_found", 404, article.url)
                else:
                    fetched = page.fetched if what == "old page" else stamp(now())
                    archive.save(article, capture=Capture(article.url, fetched, 200, (), b"<p>"))
            gone = archive.presence.gone_since(article_id("p", "k"))
            assert bool(gone) == (day in (3, 4))


@needs_recorded
@pytest.mark.soak
def test_a_recorded_portal_recorded_by_another_tool_is_imported_to_the_articles_of_the_crawl(tmp_path: Path) -> None:
    nightly = Nightly(tmp_path)
    with replayed(EGOV) as url:
        nightly.register(url=url)
        assert nightly.run().returncode == 0
        asked = nightly.archived.rows("select url from frontier where fetched is not null")
        by_wget(tmp_path / "wget", [one for (one,) in asked])
    new = empty(nightly, tmp_path / "new")
    imported(new, tmp_path / "wget.warc.gz")
    assert rows(new) == rows(nightly)
