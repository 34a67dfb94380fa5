"""`scrapy read`: one page from a file or a portal, every field with its reasons; one sentence where there is none."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import unicodedata
from dataclasses import fields, replace
from pathlib import Path

import pytest

from archive.article import Article
from archive.clock import now
from archive.exits import GOOD, PORTAL_FAILED, WRONG_CONFIGURATION
from crawler.cms import FAMILIES
from crawler.explaining import FIELDS
from crawler.outcomes import Outcome
from crawler.page import Page, decode
from crawler.single.asked import arguments, is_address
from crawler.single.opening import LARGEST, NoPage, WrongArgument, open_file
from crawler.single.reading import portal_for, portal_of, read
from crawler.text import squeeze
from tests import test_reading_nukeviet as nukeviet
from tests.family_pages import Case, cases
from tests.loopback import ROOT, Nightly, SickPortal, is_a_sentence
from tests.one_page import Desk, article_path, expected, fixture_file
from tests.unknown_portal import UnknownPortal

NUKEVIET = fixture_file("nukeviet", "egov-images-files")
JOURNAL = fixture_file("mat_tran", "journal")
NOT_IN_JSON = {"portal", "topic", "relevance", "relevance_why", "relevance_rules"}  # of the crawl, not of the page
TONES = "\u0300\u0301\u0303\u0309\u0323"
VIETNAMESE = "Đội thủy nông xã Bến Gỗ họp bàn việc tưới, mỗi nhà góp một ngày công."


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def refused(done: subprocess.CompletedProcess[str], code: int) -> str:
    """The sentence of a run that came to nothing."""
    assert done.returncode == code, done
    assert done.stdout == "" and is_a_sentence(done.stderr), done
    return done.stderr


# ---- from a file


def test_a_file_is_read_as_a_person_has_read_it_and_json_holds_nothing_else(desk: Desk) -> None:
    found, known = desk.read(NUKEVIET, "--cms", "nukeviet"), expected("nukeviet", "egov-images-files")
    names = {one.name for one in fields(Article)} - NOT_IN_JSON
    assert set(found) == names | {"section", "fields", "dropped"}
    assert {name: found[name] for name in known if name in names} == {
        name: known[name] for name in known if name in names
    }
    assert found["body"].split("\n\n") == known["paragraphs"] and found["section"] == known["sections"][0]
    assert tuple(found["fields"]) == FIELDS
    assert all(set(one) == {"value", "confidence", "origin", "doubts"} for one in found["fields"].values())
    assert found["fields"]["title"]["origin"].startswith("div.panel-body > h1.title")


def test_a_person_sees_each_field_how_sure_it_is_and_where_it_stands(desk: Desk) -> None:
    done = desk.scrapy("read", JOURNAL)
    assert (done.returncode, done.stderr) == (GOOD, "")
    lines = done.stdout.splitlines()
    assert "read by the general extractor: no layout of the portal is known" in done.stdout
    assert [line.split()[0] for line in lines if line[:1].strip()][-len(FIELDS) - 2 : -2] == list(FIELDS)
    assert any(line.startswith("title") and "sure 0.9" in line and "h1.tit" in line for line in lines)
    assert "5 paragraphs, " in done.stdout and "Đoàn hẹn trở lại khi nước rút." in done.stdout
    assert "doubtful    lead: the first paragraph" in done.stdout and "left out    Bài liên quan" in done.stdout
    assert max(map(len, lines)) <= 100 and "\x1b" not in done.stdout


def test_a_file_is_read_without_a_reactor(desk: Desk) -> None:
    code = (
        "import sys, scrapy.cmdline\n"
        "try:\n scrapy.cmdline.execute(['scrapy', 'read', sys.argv[1], '--json', '--cms', 'generic'])\n"
        "finally:\n print('twisted.internet.reactor' in sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, JOURNAL], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (GOOD, "False\n")


@pytest.mark.parametrize("case", [case for case in cases() if case.is_article], ids=lambda case: case.family)
def test_lead_and_body_together_are_complete_for_a_page_of_which_nothing_is_known(case: Case) -> None:
    page = Page(case.page.url, case.page.text, now())
    article = read(page, portal_for(page.url, "generic")).article
    found = f"{article.lead}\n\n{article.body}"
    texts = [case.expected["lead"], *case.expected["paragraphs"]]
    sentences = [text for text in texts if text.endswith((".", "!", "?", "”"))]
    assert [text for text in sentences if text not in found] == []


@pytest.mark.parametrize("case", ["egov-plain", "default45-attachments", "v3-default", "mobile-egov"])
def test_a_lead_in_an_element_of_its_own_is_not_lost_where_nothing_is_known(case: str) -> None:
    article = read(nukeviet.page(case), portal_for(nukeviet.page(case).url, "generic")).article
    assert article.lead == nukeviet.expected(case)["lead"] and article.lead not in article.body


# ---- what a file is, and in which charset


@pytest.mark.parametrize(
    ("data", "outcome", "what"),
    [
        (b"", Outcome.NOT_ARTICLE, "is empty"),
        (b" \n ", Outcome.NOT_ARTICLE, "is empty"),
        (b"%PDF-1.7 ...", Outcome.NOT_ARTICLE, "a PDF document"),
        (b"\x89PNG\r\n\x1a\n", Outcome.NOT_ARTICLE, "a picture"),
        (b"PK\x03\x04...", Outcome.NOT_ARTICLE, "an Office document or an archive"),
        (b"abc\x00\x01\x02", Outcome.NOT_ARTICLE, "a binary file"),
        (b'{"title": "x"}', Outcome.NOT_ARTICLE, "data for programs"),
        (b'<?xml version="1.0"?><rss></rss>', Outcome.NOT_ARTICLE, "data for programs"),
        (gzip.compress(b"<html>" + bytes(range(200)))[:-20], Outcome.TRUNCATED, "cannot be unpacked"),
        (b"\x1f\x8bnonsense", Outcome.TRUNCATED, "cannot be unpacked"),
        (gzip.compress(b" " * (LARGEST + 1)), Outcome.NOT_ARTICLE, "more than 32 MB"),
    ],
)
def test_what_is_no_page_is_called_what_it_is(tmp_path: Path, data: bytes, outcome: Outcome, what: str) -> None:
    path = tmp_path / "tin.html"
    path.write_bytes(data)
    with pytest.raises(NoPage, match=what) as refusal:
        open_file(path, now())
    assert refusal.value.outcome is outcome


@pytest.mark.parametrize("name", ["khong-co.html", "", "x" * 300, "a\0b"])
def test_a_file_that_cannot_be_opened_is_a_wrong_argument(tmp_path: Path, name: str) -> None:
    with pytest.raises(WrongArgument):
        open_file(tmp_path / name, now())


@pytest.mark.parametrize(
    ("declared", "charset"),
    [
        ("", "utf-8"),
        ("", "utf-8-sig"),
        ("windows-1252", "utf-8"),  # what it declares is wrong: UTF-8 is valid, and cannot be so by chance
        ("windows-1258", "windows-1258"),
        ("", "windows-1258"),
        ("", "utf-16"),
    ],
)
def test_words_are_read_whatever_the_charset(declared: str, charset: str) -> None:
    said = f'<meta charset="{declared}">' if declared else ""
    text = f"<html><head>{said}</head><body><p>{VIETNAMESE}</p></body></html>"
    data = (tones_apart(text) if charset == "windows-1258" else text).encode(charset)
    assert VIETNAMESE in squeeze(decode(data))


def tones_apart(text: str) -> str:
    """A text as windows-1258 writes it: a letter with hat or hook, its tone behind it."""
    letters = [unicodedata.normalize("NFD", letter) for letter in text]
    return "".join(
        unicodedata.normalize("NFC", "".join(mark for mark in apart if mark not in TONES))
        + "".join(mark for mark in apart if mark in TONES)
        for apart in letters
    )


def test_a_page_cut_within_a_letter_is_utf_8_still() -> None:
    data = f"<p>{VIETNAMESE * 3}ế".encode()[:-1]
    assert decode(data).startswith(f"<p>{VIETNAMESE}")


@pytest.mark.parametrize(
    ("head", "name", "url"),
    [
        ('<link rel="canonical" href="https://a.example/x-1.html">', "tin.html", "https://a.example/x-1.html"),
        ('<meta property="og:url" content="https://a.example/y">', "tin.html", "https://a.example/y"),
        ('<link rel="canonical" href="/x-1.html">', "tin-12.html", "tin-12.html"),
        ("", "tin-12.html.gz", "tin-12.html"),
    ],
)
def test_a_file_is_of_the_address_that_it_names_else_of_its_own_name(
    tmp_path: Path, head: str, name: str, url: str
) -> None:
    path = tmp_path / name
    text = f"<html><head>{head}</head><body>x</body></html>".encode()
    path.write_bytes(gzip.compress(text) if name.endswith("gz") else text)
    assert open_file(path, now()).url == url


# ---- wrong arguments


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["khong-co-o-day.html"], "there is no file khong-co-o-day.html"),
        ([JOURNAL, "--cms", "nukevit"], f"known are {', '.join(FAMILIES)}"),
        (["https://portal.example/bai-1.html"], "CONTACT is not set"),
    ],
)
def test_a_wrong_argument_is_one_sentence(desk: Desk, asked: list[str], said: str) -> None:
    assert said in refused(desk.scrapy("read", *asked, CONTACT=""), WRONG_CONFIGURATION)


@pytest.mark.parametrize("said", [[], ["a.html", "b.html"], ["--jsn", "a.html"]])
def test_one_thing_is_read_at_a_time(said: list[str]) -> None:
    with pytest.raises(WrongArgument):
        arguments(said, "one address or file")


@pytest.mark.parametrize(
    "said", ["ftp://a.example/x", "file:///etc/hosts", "http://", "http://ai:mk@a.example/", "http://[::1/"]
)
def test_what_is_no_http_address_is_never_asked(said: str) -> None:
    with pytest.raises(WrongArgument):
        is_address(said)


def test_a_file_that_is_no_article_is_one_sentence_with_the_outcomes_name(desk: Desk) -> None:
    done = desk.scrapy("read", fixture_file("nukeviet", "section-list"), "--cms", "nukeviet", "--json")
    assert refused(done, PORTAL_FAILED).startswith("read: listing: ")


# ---- from a portal


def test_a_page_of_a_registered_portal_is_asked_for_once_and_read_by_its_family(desk: Desk) -> None:
    with SickPortal(lambda path, n: None) as portal:
        path = article_path(portal)
        desk.register(portal.url, "nukeviet")
        found = desk.read(f"{portal.url}{path.lstrip('/')}")
        assert portal.paths() == ["/robots.txt", path]
        wanted = portal.site.articles[portal.numbers[0]]
        assert (found["title"], found["lead"]) == (wanted.title, wanted.lead)
        assert found["published"] == wanted.published.replace(second=0).isoformat()
        assert found["reader"].startswith("nukeviet/") and found["key"] == f"vi/news/{wanted.id}"


def test_robots_txt_is_obeyed(desk: Desk) -> None:
    with UnknownPortal("classes", 6) as portal:
        said = refused(desk.scrapy("read", f"{portal.origin}/noi-bo/bien-ban-3.html"), PORTAL_FAILED)
        assert said.startswith("read: forbidden: robots.txt of 127.0.0.1")
        assert portal.requests == ["/robots.txt"]


def test_a_silent_portal_is_one_sentence(desk: Desk) -> None:
    said = refused(desk.scrapy("read", "http://127.0.0.1:9/bai-1.html"), PORTAL_FAILED)
    assert said == "read: network_error: nothing listens at 127.0.0.1:9: the connection was refused\n"


def test_a_portal_that_nightly_has_learned_is_read_by_its_layout(tmp_path: Path) -> None:
    with UnknownPortal("classes", 14) as portal:
        desk, wanted = Desk(tmp_path).register(portal.origin + "/"), portal.newest()[0]
        assert Nightly(tmp_path).run().returncode == GOOD
        portal.requests.clear()
        held = sorted(path.name for path in (tmp_path / "data").iterdir())
        found = desk.read(portal.origin + wanted.path)
        assert {name: found[name] for name in wanted.fields} == wanted.fields
        assert found["reader"] == "generic/1" and portal.requests == ["/robots.txt", wanted.path]
        assert sorted(path.name for path in (tmp_path / "data").iterdir()) == held
        said = refused(desk.scrapy("read", portal.origin + "/"), PORTAL_FAILED)
        assert "not_article" in said and "it does not fit the layout learned of portal" in said


def test_a_row_is_found_by_host_and_by_the_nearest_path() -> None:
    rows = {name: portal_for(f"https://{name}.example/", "generic") for name in ("a", "b")}
    rows["c"] = replace(rows["a"], url="https://a.example/dan-van/")
    assert portal_of("https://www.a.example/bai-1.html", rows) is rows["a"]
    assert portal_of("https://a.example/dan-van/bai-1.html", rows) is rows["c"]
    assert portal_of("https://d.example/bai-1.html", rows) is None


def test_an_archive_that_cannot_be_read_is_told_and_the_page_is_read_without(desk: Desk) -> None:
    (desk.folder / "data").mkdir()
    (desk.folder / "data" / "archive.db").write_text("no database", encoding="utf-8")
    done = desk.scrapy("read", JOURNAL, "--json")
    assert done.returncode == GOOD and json.loads(done.stdout)["reader"] == "generic/1 fallback"
    assert "the page is read without a learned layout" in done.stderr and is_a_sentence(done.stderr)
