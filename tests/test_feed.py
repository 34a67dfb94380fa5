"""Following a search: /feed.atom, as feed readers see it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from asking import answer_of
from edge_texts import as_shown
from invented import invented, keep, many, the_articles

from archive.publish import publish
from archive.site import feed
from archive.site.serve import site
from archive.store import Archive

FULL = next(article for article in the_articles() if article.key.endswith("/full"))
ODD = invented("odd", "Giá <b>lúa & ngô</b> ]]> \u202e 😀 \x07", "Chữ \x0c lạ.", day="2019-02-03", lead="Mở \x01 đầu.")
LONG = invented("long", "Bài dài không mở đầu", "từng chữ một " * 200, day="2018-02-03")
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("data")
    keep(folder, [*the_articles(), ODD, LONG, *many(120)])
    with Archive(folder) as archive, archive.transaction() as db:
        db.execute(
            "update articles set changed = ?, gone = ? where id = ?",
            ["2099-01-01T00:00:00+07:00", "2099-02-01T00:00:00+07:00", LONG.id],
        )
    publish(folder)
    return folder


@pytest.fixture(scope="module")
def get(data_dir: Path) -> Any:
    datasette = site(data_dir)

    def fetch(path: str, **headers: str) -> Any:
        return answer_of(datasette, path, headers={k.replace("_", "-"): v for k, v in headers.items()})

    return fetch


def entries(get: Any, path: str) -> Any:
    read = feedparser.parse(get(path).content)
    assert not read.bozo, read.get("bozo_exception")
    assert read.version == "atom10"
    return read


def test_a_feed_is_the_newest_of_what_the_results_page_shows(get: Any) -> None:
    for query in ("q=dan+van", "q=l%C3%A0ng", "year=2022", "q=l%C3%A0ng&words=apart"):
        shown = re.findall(r'<h2><a href="/a/(\d+)">', get(f"/search?{query}").text)
        read = entries(get, f"/feed.atom?{query}")
        followed = [entry.link.rpartition("/")[2] for entry in read.entries]
        assert followed[: len(shown)] == shown and len(followed) <= feed.ENTRIES, query
    assert len(entries(get, "/feed.atom").entries) == 50
    assert entries(get, "/feed.atom?q=xyzzy").entries == []


def test_an_entry_says_what_a_follower_wants_to_know(get: Any) -> None:
    read = entries(get, "/feed.atom?year=2022&q=g%E1%BB%91m")
    (entry,) = read.entries
    assert entry.title == FULL.title and entry.summary == FULL.lead
    assert entry.link == f"http://localhost/a/{FULL.id}"
    assert {link.rel: link.href for link in entry.links}["via"] == FULL.url
    assert entry.published == FULL.published and entry.author == "Ban Dân vận Tỉnh ủy Sông Lam"
    assert {tag.label for tag in entry.tags} == {"Ban Dân vận Tỉnh ủy Sông Lam", "Sông Lam", "Nghề cũ"}
    assert read.feed.title == "gốm · 2022 – Kho lưu trữ tin dân vận" and read.feed.language == "vi"
    links = {link.rel: link.href for link in read.feed.links}
    assert links["self"] == "http://localhost/feed.atom?q=g%E1%BB%91m&year=2022"
    assert links["alternate"] == "http://localhost/search?q=g%E1%BB%91m&year=2022"


def test_every_feed_has_what_the_standard_demands(get: Any) -> None:
    for path in ("/feed.atom", "/feed.atom?q=xyzzy", "/feed.atom?q=dan+van&lang=en"):
        root = ElementTree.fromstring(get(path).content)
        ids = [element.text for element in root.iter(f"{ATOM}id")]
        assert len(ids) == len(set(ids)) and all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", id or "") for id in ids)
        for part in (root, *root.iter(f"{ATOM}entry")):
            for name in ("id", "title", "updated", "author"):
                assert len(part.findall(f"{ATOM}{name}")) == 1, name
            moment = part.findtext(f"{ATOM}updated") or ""
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", moment)


def test_an_entry_is_the_same_in_every_feed_and_another_from_every_other(get: Any) -> None:
    ids = [
        {entry.link: entry.id for entry in entries(get, path).entries}
        for path in ("/feed.atom?year=2022", "/feed.atom")
    ]
    (link,) = (link for link in ids[0] if link.endswith(f"/{FULL.id}"))
    assert ids[0][link] == ids[1][link]
    assert entries(get, "/feed.atom?year=2022").feed.id != entries(get, "/feed.atom").feed.id


def test_what_happened_to_an_article_last_makes_it_new_to_followers(get: Any) -> None:
    (entry,) = entries(get, "/feed.atom?q=%22d%C3%A0i+kh%C3%B4ng+m%E1%BB%9F+%C4%91%E1%BA%A7u%22").entries
    assert entry.updated == "2099-02-01T00:00:00+07:00" and "Đã bị gỡ" in {tag.label for tag in entry.tags}
    assert entry.summary.endswith("…") and len(entry.summary) <= feed.SUMMARY + 1


def test_odd_characters_do_not_break_a_feed(get: Any) -> None:
    (entry,) = entries(get, "/feed.atom?year=2019&q=ng%C3%B4").entries
    title = ElementTree.fromstring(get("/feed.atom?year=2019&q=ng%C3%B4").content).findtext(f"{ATOM}entry/{ATOM}title")
    assert title == as_shown(ODD.title) and entry.summary == as_shown(ODD.lead)
    for typed in ("%00", "%ff", "%22%3C%2Ffeed%3E", "]]%3E", "a" * 3000):
        feedparser_result = entries(get, f"/feed.atom?q={typed}")
        assert feedparser_result.feed.title


def test_who_has_the_feed_already_is_not_sent_it_again(get: Any) -> None:
    first = get("/feed.atom?q=dan+van")
    etag, time = first.headers["etag"], first.headers["last-modified"]
    assert first.headers["content-type"].startswith("application/atom+xml")
    for headers in ({"if_none_match": etag}, {"if_none_match": f'"x", W/{etag}'}, {"if_modified_since": time}):
        again = get("/feed.atom?q=dan+van", **headers)
        assert again.status_code == 304 and again.content == b"" and again.headers["etag"] == etag, headers
    for headers in (
        {"if_none_match": '"other"'},
        {"if_none_match": '"other"', "if_modified_since": time},
        {"if_modified_since": "Thu, 01 Jan 1970 00:00:00 GMT"},
        {"if_modified_since": "yesterday"},
    ):
        assert get("/feed.atom?q=dan+van", **headers).status_code == 200, headers
    assert get("/feed.atom?q=lang").headers["etag"] != etag


def test_pages_say_where_their_feed_is(get: Any) -> None:
    for page, address in (
        ("/", "/feed.atom"),
        ("/search?q=l%C3%A0ng&year=2022", "/feed.atom?q=l%C3%A0ng&amp;year=2022"),
        ("/search?q=l%C3%A0ng&lang=en", "/feed.atom?q=l%C3%A0ng&amp;lang=en"),
    ):
        link = re.search(
            r'<link rel="alternate" type="application/atom\+xml" title="[^"]+" href="([^"]+)">', get(page).text
        )
        assert link and link[1] == address
