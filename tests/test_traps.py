"""Portals without end, as NukeViet's reader meets them: calendars, sessions, orders, nesting paths, endless pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crawler.cms.nukeviet_address import parse
from crawler.demo.routes import Answer
from crawler.discovery import read_xml
from tests.loopback import Nightly, SickPortal

PAGE = re.compile(r"^/vi/news/(?P<section>[A-Za-z-]+)/page-(?P<number>\d+)/?$")


@pytest.mark.parametrize(
    "path",
    [
        "/vi/news/a/vi/news/a/vi/news/a/",  # a relative link that nests in itself
        "/vi/news/a/b/c/d/e/f/",
        "/vi/news/a/vi/news/a/vi/news/a/bai-viet-12.html",
        "/index.php?nv=news&op=main&thang=5",  # a calendar
        "/index.php?second=cronjobs&p=1",
    ],
)
def test_addresses_without_end_name_nothing(path: str) -> None:
    assert parse(f"http://127.0.0.1{path}") is None


@pytest.mark.parametrize("query", ["?PHPSESSID=abc", "?sort=desc", "?nv_redirect=xyz", "?thang=5&nam=2019"])
def test_sessions_orders_and_calendars_in_a_query_are_the_same_page(query: str) -> None:
    for path in ("/vi/news/Dan-van-kheo/", "/vi/news/Dan-van-kheo/bai-viet-12.html"):
        named, bare = parse(f"http://127.0.0.1{path}{query}"), parse(f"http://127.0.0.1{path}")
        assert named is not None and bare is not None and named.key == bare.key and named.path == bare.path


def test_ordinary_listings_are_no_traps() -> None:
    for path in ("/vi/news/Dan-van-kheo/page-12/", "/news/news/"):
        assert parse(f"http://127.0.0.1{path}") is not None


def test_a_portal_whose_last_page_has_a_next_one_for_ever_has_an_end(tmp_path: Path) -> None:
    """Beyond the last page this portal shows the last one again, with links to the next, to a session and deeper."""

    def mood(path: str, n: int) -> Answer | None:
        page = portal.healthy(path)
        bare = path.partition("?")[0]
        if "html" not in page.kind or not bare.startswith("/vi/news/") or bare.endswith(".html"):
            return None
        found = PAGE.match(bare)
        section = found["section"] if found else bare.strip("/").rpartition("/")[2]
        number = int(found["number"]) if found else 1
        shown = portal.healthy(f"/vi/news/{section}/") if page.status != 200 else page
        lures = f"/vi/news/{section}/page-{number + 1}/", f"{bare}vi/news/{section}/", f"{bare}?PHPSESSID={n}{number}"
        links = "".join(f'<a href="{lure}">tiếp</a>' for lure in lures)
        return Answer(shown.body.replace(b"</body>", f"{links}</body>".encode()), shown.kind)

    portal = SickPortal(mood, articles=6)
    with portal:
        nightly = Nightly(tmp_path).register(url=portal.url)
        ended = nightly.run()
    assert ended.returncode == 0, ended.stderr
    assert nightly.archived.numbers() == portal.numbers
    pages = [int(found["number"]) for path in portal.paths() if (found := PAGE.match(path))]
    assert pages and max(pages) <= 4
    assert not any("PHPSESSID" in path or path.count("/vi/") > 1 for path in portal.paths())


def test_entities_of_a_sitemap_are_neither_multiplied_nor_read_from_files() -> None:
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    sitemap = (
        f'<?xml version="1.0"?><!DOCTYPE u [<!ENTITY a0 "ha">{laughs}<!ENTITY file SYSTEM "file:///etc/passwd">]>'
        "<urlset><url><loc>http://127.0.0.1/vi/news/a/bai-1.html</loc></url>"
        "<url><loc>http://127.0.0.1/&a9;</loc></url><url><loc>&file;</loc></url></urlset>"
    )
    found = [listed.url for listed in read_xml(sitemap.encode())]
    assert found[:1] == ["http://127.0.0.1/vi/news/a/bai-1.html"]
    assert all(len(url) < 100 and "root:" not in url for url in found)
