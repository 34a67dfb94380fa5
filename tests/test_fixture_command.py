"""`scrapy fixture`: a page of a portal becomes a fixture, politely, and fails the tests until a person has read it."""

from __future__ import annotations

import gzip
import json
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from archive.exits import GOOD, PORTAL_FAILED, WRONG_CONFIGURATION
from crawler.cms import load
from crawler.page import Page
from crawler.portals import Portal
from crawler.single.opening import WrongArgument
from crawler.single.recording import (
    FEWEST,
    UNREAD,
    Recorded,
    case_name,
    files_of,
    folder_of,
    is_article,
    packed,
    same_text,
    write,
)
from tests import family_pages
from tests import test_reading_nukeviet as nukeviet
from tests.family_pages import refuse_unread
from tests.loopback import SickPortal, is_a_sentence
from tests.one_page import Desk, article_path
from tests.site_of_pages import HOST, Site, story
from tests.unknown_portal import UnknownPortal


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def stored(folder: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / name).read_text(encoding="utf-8"))
    return found


def person_reads(folder: Path) -> None:
    """What the marker asks for."""
    expected, meta = stored(folder, "expected.json"), stored(folder, "meta.json")
    del expected["unread"]
    meta["note"] = "Một trang để thử."
    for name, values in (("expected.json", expected), ("meta.json", meta)):
        (folder / name).write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")


# ---- by the command


def test_a_page_is_recorded_with_its_place_and_time_and_waits_for_its_reader(desk: Desk) -> None:
    with SickPortal(lambda path, n: None) as portal:
        article, path = portal.site.articles[portal.numbers[0]], article_path(portal)
        desk.register(portal.url, "nukeviet")
        url = f"{portal.url}{path.lstrip('/')}"
        into = str(desk.folder / "fixtures")
        done = desk.scrapy("fixture", "portal", url, "--name", "egov-moi", "--into", into)
        assert (done.returncode, done.stderr) == (GOOD, ""), done
        assert portal.paths() == ["/robots.txt", path]
        folder = desk.folder / "fixtures" / "nukeviet" / "egov-moi"
        assert str(folder) in done.stdout
        again = desk.scrapy("fixture", "portal", url, "--name", "egov-moi", "--into", into)
        assert again.returncode == WRONG_CONFIGURATION and "fixtures are not overwritten" in again.stderr
        assert len(portal.requests) == 2, "what is not to be kept is not asked for"
    assert sorted(one.name for one in folder.iterdir()) == ["expected.json", "meta.json", "page.html.gz"]
    expected, meta = stored(folder, "expected.json"), stored(folder, "meta.json")
    assert set(expected) == {"unread", "outcome", *nukeviet.FIELDS} and expected["title"] == article.title
    assert set(meta) == set(nukeviet.meta("egov-plain")) and meta["url"] == url
    assert article.title in unescape(gzip.decompress((folder / "page.html.gz").read_bytes()).decode())


def test_of_a_portal_that_must_be_learned_its_further_articles_are_recorded_too(desk: Desk) -> None:
    with UnknownPortal("classes", 20) as portal:
        wanted = portal.newest()[3]
        desk.register(portal.origin + "/")
        done = desk.scrapy("fixture", "portal", portal.origin + wanted.path, "--into", str(desk.folder))
        assert (done.returncode, done.stderr) == (GOOD, ""), done
        assert len(portal.requests) <= 14
        folder = desk.folder / "generic" / case_name(wanted.path)
    expected, meta = stored(folder, "expected.json"), stored(folder, "meta.json")
    assert set(expected) == {"unread", "outcome", "alone", *family_pages.FIELDS}
    fields = {name: expected[name] for name in ("title", "lead", "author")}
    assert fields == {name: wanted.fields[name] for name in fields}
    assert "\n\n".join(expected["paragraphs"]) == wanted.fields["body"]
    assert "lead" not in expected["alone"], "the lead is told from the text by the portal's other pages only"
    assert len(meta["site"]) == len(list((folder / "site").iterdir())) >= FEWEST
    assert not any("/in/" in about["url"] for about in meta["site"].values()), "a print version teaches no layout"


@pytest.mark.parametrize(
    ("key", "url", "said"),
    [
        ("other", "http://127.0.0.1:9/bai-1.html", "no portal has the key other; known are portal"),
        ("portal", "http://127.0.0.1:8/bai-1.html", "is at no host of portal"),
    ],
)
def test_what_cannot_be_recorded_is_refused_before_a_request(desk: Desk, key: str, url: str, said: str) -> None:
    done = desk.register("http://127.0.0.1:9/").scrapy("fixture", key, url, "--into", str(desk.folder / "f"))
    assert done.returncode == WRONG_CONFIGURATION and said in done.stderr and is_a_sentence(done.stderr)
    assert not (desk.folder / "f").exists()


def test_a_portal_of_too_few_articles_leaves_no_half_fixture(desk: Desk) -> None:
    with UnknownPortal("classes", 4) as portal:
        desk.register(portal.origin + "/")
        done = desk.scrapy(
            "fixture", "portal", portal.origin + portal.newest()[0].path, "--into", str(desk.folder / "f")
        )
    assert done.returncode == PORTAL_FAILED and "a layout is learned from 6" in done.stderr
    assert not (desk.folder / "f").exists()


# ---- the marker


def recorded(folder: Path, page: Page, site: list[Page], portal: Portal) -> Path:
    write(folder, files_of(Recorded(page, site=site), portal))
    return folder


def test_the_first_expectation_fails_until_a_person_has_read_it(tmp_path: Path) -> None:
    site = Site()
    portal = Portal("portal", "Cổng thử", f"{HOST}/")
    folder = recorded(tmp_path / "bai", site.page(0), site.pages(8, first=1), portal)
    with pytest.raises(pytest.fail.Exception, match="Compare every field with what stands on the page"):
        refuse_unread(folder)
    expected = stored(folder, "expected.json")
    assert next(iter(expected.items())) == ("unread", UNREAD), "it is the first that a person sees"
    person_reads(folder)
    refuse_unread(folder)


def test_a_note_that_nobody_wrote_fails_as_well(tmp_path: Path) -> None:
    site = Site()
    folder = recorded(tmp_path / "bai", site.page(0), site.pages(8, first=1), Portal("portal", "x", f"{HOST}/"))
    expected = stored(folder, "expected.json")
    del expected["unread"]
    (folder / "expected.json").write_text(json.dumps(expected), encoding="utf-8")
    with pytest.raises(pytest.fail.Exception, match="the note must say"):
        refuse_unread(folder)


# ---- what is written


def test_a_learned_article_is_written_as_it_is_read() -> None:
    site, told = Site(), story(0)
    portal = Portal("portal", "Cổng thử", f"{HOST}/", select={"lead": "p.sapo"})
    files = files_of(Recorded(site.page(0), site=site.pages(8, first=1)), portal)
    expected, meta = json.loads(files["expected.json"]), json.loads(files["meta.json"])
    assert (expected["title"], expected["lead"], expected["author"]) == (told.title, told.lead, told.author)
    assert expected["paragraphs"] == list(told.paragraphs)
    assert expected["published"] == told.published.isoformat()
    assert meta["select"] == {"lead": "p.sapo"} and meta["site"]["8.html.gz"]["url"] == story(8).url
    assert set(files) == {"page.html.gz", "meta.json", "expected.json", *(f"site/{n}.html.gz" for n in range(1, 9))}


def test_a_listing_is_written_as_where_it_leads() -> None:
    case = next(case for case in family_pages.cases() if (case.family, case.name) == ("generic", "listing-section"))
    files = files_of(Recorded(case.page), case.cms.portal)
    assert json.loads(files["expected.json"]) == {"unread": UNREAD} | case.expected


@pytest.mark.parametrize("case", nukeviet.CASES)
def test_what_the_reader_makes_of_a_nukeviet_page_is_written_in_the_shape_of_its_fixtures(case: str) -> None:
    portal = Portal("portal", "Cổng thử", "https://portal.example/", cms="nukeviet")
    files = files_of(Recorded(nukeviet.page(case)), portal)
    assert json.loads(files["expected.json"]) == {"unread": UNREAD} | nukeviet.expected(case)


def test_the_same_page_makes_the_same_bytes() -> None:
    assert packed("<p>Chào</p>") == packed("<p>Chào</p>")
    assert packed("x")[4:8] == b"\0\0\0\0", "no time in it"
    assert gzip.decompress(packed("<p>Chào</p>")).decode() == "<p>Chào</p>"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://a.example/vi/news/Dan-van-kheo/Pa-Con-co-cau-336.html", "pa-con-co-cau-336"),
        ("https://a.example/tin/%C4%90%C6%B0%E1%BB%9Dng-m%E1%BB%9Bi/", "duong-moi"),
        ("https://a.example/", "home"),
        ("https://a.example/" + "rat-dai-" * 20 + "9.html", "-".join(["rat", "dai"] * 7 + ["rat"])),
    ],
)
def test_a_case_is_named_by_its_address(url: str, name: str) -> None:
    assert case_name(url) == name


@pytest.mark.parametrize("name", ["A B", "../x", "", "-x", "x/y"])
def test_a_name_is_plain(tmp_path: Path, name: str) -> None:
    with pytest.raises(WrongArgument):
        folder_of(tmp_path, "generic", name)


def test_a_folder_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "generic").write_text("a file where a folder should be", encoding="utf-8")
    with pytest.raises(OSError):
        write(tmp_path / "generic" / "bai", {"page.html.gz": b"x"})
    assert [one.name for one in tmp_path.iterdir()] == ["generic"]


def test_articles_are_told_from_listings_and_from_their_own_prints() -> None:
    site = Site()
    cms: Any = load(Portal("portal", "x", f"{HOST}/"))
    assert is_article(site.page(0), cms) and not is_article(site.listing(), cms)
    print_version = Page(
        f"{HOST}/in/0", f"<body><p>{'</p><p>'.join(story(0).paragraphs)}</p></body>", site.page(0).fetched
    )
    assert same_text(site.page(0), print_version) and not same_text(site.page(0), site.page(1))
