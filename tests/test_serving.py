"""The site in service: a new copy is taken up by itself, no request is dropped, no page shows two copies."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
from bisect import bisect_right
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from invented import invented, keep, many, the_articles
from serving import PAGES, ROOT, Readers, Server, publish_wave

from archive import clock
from archive.publish import current_copy, publish
from archive.store import Archive

NIGHT = datetime(2026, 3, 1, 2, 30, tzinfo=clock.VIETNAM)


def night(data_dir: Path, finished: datetime, code: int = 0, read: int = 1, verdict: str | None = None) -> None:
    """A night of the crawl, as it stands in the archive."""
    with Archive(data_dir) as archive, archive.transaction() as db:
        times = [clock.stamp(finished - timedelta(hours=1)), clock.stamp(finished)]
        number = db.execute(
            "insert into runs (started, finished, command, exit_code) values (?, ?, 'nightly', ?)", [*times, code]
        ).lastrowid
        db.execute(
            "insert into run_portals (run, portal, new, changed, unchanged, verdict) "
            "values (?, 'song_lam', ?, 0, 0, ?)",
            [number, read, verdict],
        )


def read_through(data_dir: Path, requests: int, publishings: int) -> None:
    """So many requests while so many copies are published: what issue and operators are promised of them."""
    switched = [publish_wave(data_dir, 0)]
    with Server(data_dir) as server:
        for path in PAGES * 12:  # until every thread has its connection and its caches
            server.get(path)
        before = server.descriptors(), server.memory()
        readers = Readers(server.port, requests)
        threads = readers.start()
        while len(switched) <= publishings:
            switched.append(publish_wave(data_dir, len(switched)))
            while len(readers.answers) < requests * len(switched) / publishings - 20 and not readers.broken:
                time.sleep(0.02)  # spread over the whole of it
        readers.over.set()
        for thread in threads:
            thread.join()
        time.sleep(1)
        after = server.descriptors(), server.memory()
    assert readers.broken == []
    assert len(readers.answers) >= requests
    assert {answer.status for answer in readers.answers} == {200}
    for answer in readers.answers:
        assert len(answer.waves) == 1, f"{answer.path} shows the copies {answer.waves}"
        oldest = bisect_right(switched, answer.begun - 1) - 1
        assert min(answer.waves) >= oldest, f"{answer.path} was stale a second after the switch"
    assert after[0] <= before[0] + 2, f"descriptors: {before[0]} before, {after[0]} after"
    assert after[1] < before[1] + 25, f"megabytes: {before[1]:.0f} before, {after[1]:.0f} after"


def test_copies_are_taken_up_under_readers_without_a_dropped_stale_or_mixed_page(tmp_path: Path) -> None:
    read_through(tmp_path, requests=300, publishings=6)


@pytest.mark.soak
def test_ten_thousand_requests_across_fifty_publishings(tmp_path: Path) -> None:
    read_through(tmp_path, requests=10_000, publishings=50)


def test_an_answer_that_is_being_sent_comes_whole_from_the_copy_it_began_on(tmp_path: Path) -> None:
    keep(tmp_path, many(300))
    publish(tmp_path)
    with Server(tmp_path) as server:
        whole = server.get("/archive/articles.csv?_size=max")[1]
        with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)) as slow:
            slow.request("GET", "/archive/articles.csv?_size=max")
            answer = slow.getresponse()
            first = answer.read(100)
            for number in range(3):  # the copy it began on is removed meanwhile
                keep(tmp_path, [invented(f"late-{number}", f"Bài thứ {number}", "Chuyện khác.", day="2024-05-04")])
                publish(tmp_path)
                assert f"Bài thứ {number}" in server.get("/")[1]
            assert (first + answer.read()).decode() == whole


def test_a_server_that_nobody_asks_lets_go_of_the_old_copy(tmp_path: Path) -> None:
    keep(tmp_path, the_articles())
    old = publish(tmp_path).path.resolve()
    with Server(tmp_path) as server:
        server.get("/")
        publish(tmp_path)
        end = time.monotonic() + 20
        folder = Path(f"/proc/{server.process.pid}/fd")
        while any(str(old) in os.readlink(fd) for fd in folder.iterdir() if fd.is_symlink()):
            assert time.monotonic() < end, "the old copy is still open"
            time.sleep(0.1)


def test_a_copy_that_does_not_fit_is_refused_and_the_old_one_stays(tmp_path: Path) -> None:
    keep(tmp_path, the_articles())
    good = publish(tmp_path).path
    link = tmp_path / "published" / "archive.db"
    with Server(tmp_path) as server:
        (tmp_path / "published" / "archive-29990101T000000.db").write_bytes(b"no database" * 500)
        link.unlink()
        link.symlink_to("archive-29990101T000000.db")
        time.sleep(1)
        for path in ("/", "/search?q=kheo"):
            assert server.get(path)[0] == 200
        link.unlink()
        assert server.get("/")[0] == 200
        link.symlink_to(good.name)
        assert json.loads(server.get("/-/health")[1])["copy"] == good.stem
    assert server.said.count("still serving") == 1


def test_health_is_good_until_36_hours_after_the_last_good_night(tmp_path: Path) -> None:
    keep(tmp_path, the_articles())
    night(tmp_path, NIGHT)
    publish(tmp_path)
    for hours, status in ((1, 200), (35.9, 200), (36.1, 503), (1000, 503)):
        with Server(tmp_path, ARCHIVE_NOW=clock.stamp(NIGHT + timedelta(hours=hours))) as server:
            said, text, headers = server.get("/-/health")
            health = json.loads(text)
            assert said == status, (hours, text)
            assert health["status"] == ("ok" if status == 200 else "stale")
            assert health["last_good_night"] == clock.stamp(NIGHT) and health["hours"] == round(hours, 1)
            assert health["articles"] == len(the_articles())
            assert headers["cache-control"] == "no-store" and headers["content-type"].startswith("application/json")
            for path in ("/", "/search?q=kheo", f"/a/{the_articles()[0].id}", "/nothing", "/archive/articles"):
                stale = "Kho lưu trữ chưa được cập nhật kể từ" in server.get(path)[1]
                assert stale == (status == 503), (hours, path)
            assert ("has not been updated since" in server.get("/?lang=en")[1]) == (status == 503)
            assert ("has not been updated since" in server.get("/archive")[1]) == (status == 503)


@pytest.mark.parametrize(
    ("code", "read", "verdict", "status"),
    [(0, 0, None, 200), (1, 3, None, 200), (1, 0, "gone", 503), (1, 0, "ok", 200), (2, 3, None, 503)],
    ids=["all well", "one portal failed", "every portal failed", "one failed and one has no news", "not written"],
)  # fmt: skip
def test_a_night_counts_when_something_came_in(
    tmp_path: Path, code: int, read: int, verdict: str | None, status: int
) -> None:
    keep(tmp_path, the_articles())
    night(tmp_path, NIGHT - timedelta(days=9))
    night(tmp_path, NIGHT, code, read, verdict)
    publish(tmp_path)
    with Server(tmp_path, ARCHIVE_NOW=clock.stamp(NIGHT)) as server:
        assert server.get("/-/health")[0] == status


def test_an_archive_that_never_saw_a_crawl_is_not_called_stale(tmp_path: Path) -> None:
    keep(tmp_path, the_articles())
    publish(tmp_path)
    with Server(tmp_path) as server:
        status, text, _ = server.get("/-/health")
        assert status == 200 and json.loads(text)["last_good_night"] is None


ABOUT_ITSELF = [
    *("versions", "settings", "config", "threads", "actor", "plugins", "databases", "metadata", "permissions"),
    *("allow-debug", "messages", "patterns", "logout", "auth-token", "whatever-comes"),
]


def test_strangers_see_no_sql_no_file_and_nothing_of_datasette_itself(tmp_path: Path) -> None:
    keep(tmp_path, the_articles())
    publish(tmp_path)
    with Server(tmp_path) as server:
        for page in ABOUT_ITSELF:
            for path in (f"/-/{page}", f"/-/{page}.json", f"/%2D/{page}", f"/-/{page}?x=/-/static/"):
                status, _, headers = server.get(path)
                if status == 302:  # to the one form that an address has
                    status = server.get(headers["location"])[0]
                assert status in (403, 404), path
        for path in ("/archive?sql=select+1", "/archive.json?sql=select+1", "/archive.db", "/_internal", "/_memory"):
            assert server.get(path)[0] in (403, 404), path
        assert server.get("/-/static/app.css")[0] == 200


def test_the_operator_has_sql_and_the_debug_pages_but_no_index_tables_and_from_this_machine_only(
    tmp_path: Path,
) -> None:
    keep(tmp_path, the_articles())
    publish(tmp_path)
    with Server(tmp_path, "--operator") as server:
        status, text, _ = server.get("/archive.json?sql=select+count(*)+as+n+from+articles&_shape=array")
        assert (status, json.loads(text)) == (200, [{"n": len(the_articles())}])
        assert server.get("/-/versions.json")[0] == 200
        assert server.get("/archive/articles_fts_data")[0] == 403
        assert server.get("/archive/articles_fts_data.json")[0] == 403
        assert server.get("/", X_Forwarded_For="203.0.113.7")[0] == 403
        assert server.get("/", Host="evil.example:8001")[0] == 403
        assert server.get("/", Host=f"localhost:{server.port}")[0] == 200


def test_every_answer_has_safe_headers_and_no_inline_script_is_allowed_anywhere(tmp_path: Path) -> None:
    keep(tmp_path, the_articles())
    publish(tmp_path)
    with Server(tmp_path) as server:
        for path in (*PAGES, f"/a/{the_articles()[0].id}", "/archive", "/-/static/app.css", "/-/versions", "/nothing"):
            _, text, headers = server.get(path)
            policy = headers["content-security-policy"]
            assert "default-src 'none'" in policy and "script-src 'self';" in policy, path
            assert "frame-ancestors 'none'" in policy and headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "no-referrer"
            if not path.startswith(("/archive", "/-/")):
                assert "unsafe" not in policy, path
            if "text/html" in headers["content-type"]:
                assert text.count("<script") == text.count("<script src="), path
                assert " onclick=" not in text
                assert "http://" not in policy and "https://" not in policy


def test_nothing_that_a_reader_asks_for_is_written_down(tmp_path: Path) -> None:
    keep(tmp_path, the_articles())
    publish(tmp_path)
    secret = "chuyenrieng"
    with Server(tmp_path) as server:
        for path in (
            f"/search?q={secret}",
            f"/archive/articles?_search={secret}",
            f"/archive/articles.json?{secret}=1",
            f"/archive/articles?_sort={secret}",
            f"/archive/articles?id__gt={secret}&_facet={secret}",
            f"/archive/articles?title__glob=[{secret}",
            f"/archive/articles.json?_through={secret}",
            f"/archive/articles/{secret}",
            f"/{secret}",
        ):
            assert server.get(path)[0] < 500, path
    assert secret not in server.said


def test_metadata_alone_works_with_plain_datasette(tmp_path: Path) -> None:
    keep(tmp_path, the_articles())
    publish(tmp_path)

    def get(path: str) -> tuple[int, str]:
        command = [Path(sys.executable).with_name("datasette"), "published/archive.db", "-m", ROOT / "metadata.json"]
        done = subprocess.run([*command, "--get", path], cwd=tmp_path, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    code, page = get("/archive/articles")
    assert code == 0 and "Bài viết / Articles" in page and "Làng gốm đón khách phương xa" in page
    assert "Số cố định của bài viết" in page, "columns are described"
    for path in ("/", "/archive", "/archive/revisions", f"/archive/articles/{the_articles()[0].id}"):
        assert get(path)[0] == 0, path
    assert json.loads(get("/archive/articles.json?_shape=array&_size=1")[1])[0]["key"] == "vi/news/full"
    for path in ("/archive/articles_fts_data.json", "/archive/articles_search", "/archive?sql=select+1"):
        assert get(path)[0] != 0, path


def test_the_server_says_which_copy_it_serves(tmp_path: Path) -> None:
    keep(tmp_path, the_articles())
    publish(tmp_path)
    with Server(tmp_path) as server:
        assert str(current_copy(tmp_path)) in server.said
