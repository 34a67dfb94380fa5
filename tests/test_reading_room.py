"""What the pages around the search promise: articles with their history, documents, portals, provinces, languages."""

from __future__ import annotations

import hashlib
import json
import random
import re
import sqlite3
from contextlib import closing
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from asking import answer_of
from reading_room import (
    BACK,
    CITING,
    COPY,
    EDITED,
    GONE,
    ORIGINAL,
    PORTALS,
    REWRITTEN,
    SECOND,
    UNDATED,
    WITHHELD,
    fill,
    page,
)

from archive.site import charts, differences
from archive.site.front import tiles
from archive.site.places import areas_of_today
from archive.site.serve import site


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("data")
    fill(folder)
    return folder


@pytest.fixture(scope="module")
def get(data_dir: Path) -> Any:
    datasette = site(data_dir)

    def fetch(path: str, **cookies: str) -> Any:
        answer = answer_of(datasette, path, cookies=cookies)
        assert answer.status_code < 500, (path, answer.text)
        return answer

    return fetch


def text_of(page: str) -> str:
    """What a reader reads of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_an_edited_article_says_so_and_leads_to_what_changed(get: Any) -> None:
    page = get(f"/a/{EDITED.id}").text
    assert REWRITTEN.title in page and "2 phiên bản" in page
    step = re.search(r'href="(/a/\d+/diff)">Xem phần đã sửa', page)
    assert step and get(step[1]).status_code == 200


def test_two_versions_are_compared_word_by_word_and_what_did_not_change_is_folded(get: Any) -> None:
    page = get(f"/a/{EDITED.id}/diff?from=1&to=2").text
    bare = re.sub(r'<span class="unseen"[^>]*>[^<]*</span>', "", page)
    assert "<del>hai</del> <ins>lăm</ins> hộ ký giấy" in bare, "one word, not the sentence"
    assert "<del>huyện hỗ trợ một nửa, phần còn lại dân góp.</del> <ins>dân góp toàn bộ.</ins>" in bare
    assert "[thêm:" in page and "[bớt:" in page, "said to those who do not see colours"
    assert "4 đoạn không đổi" in text_of(page)
    backwards = get(f"/a/{EDITED.id}/diff?from=2&to=1").text
    assert "lăm" in re.findall(r"<del>.*?</del>", backwards, re.S)[1]
    assert "giống hệt nhau" in get(f"/a/{EDITED.id}/diff?from=2&to=2").text
    assert get(f"/a/{EDITED.id}/diff?from=x&to=2").status_code == 200
    assert get(f"/a/{EDITED.id}/diff?from=7&to=9").status_code == 404
    assert "một phiên bản" in get(f"/a/{CITING.id}/diff").text


def test_a_withdrawn_article_and_one_that_came_back_say_when(get: Any) -> None:
    gone = text_of(get(f"/a/{GONE.id}").text)
    assert "không còn trên cổng thông tin (phát hiện ngày 03/03/2026)" in gone
    back = text_of(get(f"/a/{BACK.id}").text)
    assert "từng bị gỡ (03/03/2026) rồi được đăng trở lại (07/03/2026)" in back
    assert "Không còn trên cổng thông tin" in back and "Đăng trở lại" in back


def test_cited_documents_lead_to_who_else_cites_them(get: Any) -> None:
    article = get(f"/a/{CITING.id}").text
    step = re.search(r'href="(/d/[^"]+)"', article)
    assert step and step[1] == "/d/25-nq-tw-2013-06-03" and re.search(r"\d bài viết trích dẫn", text_of(article))
    document = get(step[1]).text
    assert document.index(CITING.title) < document.index(GONE.title), "newest first"
    assert "Nghị quyết số 25 – NQ/TW" in document, "in the words of the article"
    assert "tháng" in document and "<svg" in document
    assert re.search(r'/province/dong-nai">Đồng Nai</a> <small>1</small>', document), "by province of today"


@pytest.mark.parametrize("typed", ["25-NQ/TW", "25-nq-tw", "25%20-%20NQ/TW", "25-NQ-TW-2013"])
def test_a_document_is_found_by_any_spelling_of_its_number(get: Any, typed: str) -> None:
    answer = get(f"/d/{typed}")
    assert answer.status_code == 302 and answer.headers["location"] == "/d/25-nq-tw-2013-06-03"


def test_documents_are_listed_and_searched(get: Any) -> None:
    assert "25-NQ/TW" in get("/documents").text
    assert "25-NQ/TW" in get("/documents?q=25+NQ/TW").text
    assert "Không bài viết nào" in get("/documents?q=99-XX/YY").text
    assert get("/d/99-xx-yy").status_code == get("/d/-").status_code == 404


def test_a_reprint_names_who_was_first_and_how_alike_they_are(get: Any) -> None:
    copy, original = get(f"/a/{COPY.id}").text, get(f"/a/{ORIGINAL.id}").text
    assert "đăng lại nội dung" in copy and f"/a/{ORIGINAL.id}" in copy
    assert "giống 100 %" in text_of(original) and f"/a/{COPY.id}" in original
    assert "bài đang xem, 02/01/2023 · bài đăng đầu tiên" in text_of(original)


def test_views_over_time_are_drawn_and_said(get: Any) -> None:
    page = get(f"/a/{EDITED.id}").text
    assert "<polyline" in page and "từ 120 (01/03/2026) đến 180 (03/03/2026)" in page


def test_earlier_and_later_of_the_portal(get: Any) -> None:
    page = get(f"/a/{GONE.id}").text
    assert re.search(rf'rel="prev"[^>]+/a/{EDITED.id}"', page) and re.search(rf'rel="next"[^>]+/a/{BACK.id}"', page)


def test_the_captured_page_is_there_with_time_and_hash_and_nothing_of_it_can_run(get: Any) -> None:
    kept = page(REWRITTEN, SECOND).body
    about = get(f"/a/{EDITED.id}/raw/2").text
    assert hashlib.sha256(kept).hexdigest() in about and "03/03/2026, 02:00" in about
    assert "bimat" not in about, "a session is nobody's business"
    source = get(f"/a/{EDITED.id}/raw/2.txt")
    assert source.text == kept.decode() and source.headers["content-type"] == "text/plain; charset=utf-8"
    shown = get(f"/a/{EDITED.id}/raw/2.html")
    for answer in (source, shown):
        policies = answer.headers.get_list("content-security-policy")
        assert len(policies) == 1 and policies[0].startswith("sandbox; default-src 'none'")
        assert "allow-" not in policies[0] and answer.headers["x-content-type-options"] == "nosniff"
    assert "<script" not in shown.text and "preconnect" not in shown.text and "http-equiv" not in shown.text
    assert f'<base href="{EDITED.url}">' in shown.text and REWRITTEN.title in shown.text
    assert get(f"/a/{EDITED.id}/raw/3").status_code == 404


def test_what_is_withheld_is_nowhere(get: Any) -> None:
    for path in ("", "/diff", "/raw/1", "/raw/1.html", "/raw/1.txt", "/cite.bib", "/cite.json", "/cite.txt"):
        assert get(f"/a/{WITHHELD.id}{path}").status_code == 404, path
        assert get(f"/a/12345{path}").status_code == 404, path
    for path in ("/", "/portal/binh_phuoc", "/province/binh-phuoc", "/search?q=Xo%C3%A0i"):
        assert "cô Xoài" not in get(path).text


def test_an_article_is_cited_in_words_and_for_reference_managers(get: Any) -> None:
    shown = get(f"/a/{EDITED.id}").text
    assert "06/05/2024" in shown and "6 May 2024" in shown
    bib = get(f"/a/{EDITED.id}/cite.bib")
    assert "attachment" in bib.headers["content-disposition"] and r"Bông \& \{Hội\}" in bib.text
    assert f"http://localhost/a/{EDITED.id}" in bib.text and "date = {2024-05-06}" in bib.text
    (item,) = json.loads(get(f"/a/{EDITED.id}/cite.json").text)
    assert item["issued"]["date-parts"] == [[2024, 5, 6]] and item["title"] == REWRITTEN.title
    assert "issued" not in json.loads(get(f"/a/{UNDATED.id}/cite.json").text)[0]
    assert "không rõ ngày" in get(f"/a/{UNDATED.id}/cite.txt").text
    for name in ("citation_title", "citation_publication_date", "DC.title", "DC.date", "DC.publisher"):
        assert re.search(rf'<meta name="{name}" content="[^"]+">', shown), name
    assert '<meta property="og:type" content="article">' in shown


def test_a_portal_shows_how_fresh_it_is_and_what_it_withdrew_and_edited(get: Any) -> None:
    page = get("/portal/binh_phuoc").text
    read = text_of(page)
    assert (
        "Bài mới nhất 08/07/2024" in read and "Lần thu thập gần nhất 07/03/2026 Tình trạng Cập nhật bình thường" in read
    )
    assert "Bài đã bị gỡ 1" in read and "Bài đã sửa sau khi lưu 1" in read
    assert 'href="/province/binh-phuoc">Bình Phước' in page and 'href="/province/dong-nai">Đồng Nai' in page
    assert EDITED.url.rsplit("/", 3)[0] in page
    only = get("/portal/binh_phuoc?year=2023").text
    assert COPY.title in only and GONE.title not in only.split("<aside")[0]
    assert get("/portal/nothing").status_code == 404
    assert all(str(portal["name"]) in get("/portals").text for portal in PORTALS)


def test_a_portal_that_does_not_answer_says_so_and_since_when_in_both_languages(get: Any) -> None:
    read = text_of(get("/portal/song_lam").text)
    assert "Lần thu thập gần nhất 07/03/2026 Lần cuối đọc được 03/03/2026" in read
    assert "Tình trạng Cổng không trả lời từ 05/03/2026" in read
    english = text_of(get("/portal/song_lam?lang=en").text)
    assert "Last read 3 March 2026 State The portal does not answer since 5 March 2026" in english
    for path in ("/", "/portals"):
        assert "Cổng không trả lời từ 05/03/2026" in text_of(get(path).text), path
        assert text_of(get(path).text).count("Cập nhật bình thường") == 1, path


def test_what_the_crawl_measures_and_suspects_of_a_portal_is_not_published(get: Any) -> None:
    table = get("/archive/run_portals.json?_shape=objects").json()
    assert {row["verdict"] for row in table["rows"]} == {"ok", "gone"}
    assert not {"measured", "health"} & set(table["columns"])
    for path in ("/", "/portals", "/portal/song_lam", "/archive/run_portals"):
        assert "nghi ngờ" not in get(path).text, path


def test_a_copy_of_an_older_version_is_shown_until_the_next_is_made(tmp_path: Path) -> None:
    fill(tmp_path)
    copy = (tmp_path / "published" / "archive.db").resolve()
    copy.chmod(0o644)
    with closing(sqlite3.connect(copy)) as db:
        for column in ("since", "read"):
            db.execute(f"alter table portal_counts drop column {column}")
        db.commit()
    datasette = site(tmp_path)
    for path in ("/", "/portals", "/portal/song_lam"):
        assert "Cổng không trả lời" in answer_of(datasette, path).text, path


def test_a_province_says_what_became_of_it_and_lists_its_articles_and_those_that_name_it(get: Any) -> None:
    then = get("/province/binh-phuoc").text
    assert "đến hết ngày 30/06/2025; từ ngày 01/07/2025 thuộc Đồng Nai" in text_of(then)
    assert GONE.title in then and CITING.title not in then
    today = get("/province/dong-nai").text
    assert 'href="/province/binh-phuoc"' in today and GONE.title in today
    old = re.search(r'href="(/province/dong-nai-[^"]+)"', today)
    assert old and GONE.title in get(old[1] + "?list=named").text, "named while the old Đồng Nai was there"
    assert "Bình Phước" in get("/provinces").text
    assert get("/province/atlantis").status_code == 404


def test_no_list_has_a_page_that_fails(get: Any) -> None:
    for path in ("/portal/song_lam", "/province/dong-nai", "/d/25-nq-tw-2013-06-03", "/documents", "/provinces"):
        for query in ("page=2", "page=99999999", "page=-1", "page=x", "year=0", "year=9999", "year=%00", "list=%FF"):
            assert get(f"{path}?{query}").status_code == 200, (path, query)


def test_the_front_page_tells_where_when_and_how_fresh(get: Any) -> None:
    page = get("/").text
    assert "autofocus" in page
    assert 'aria-label="Đồng Nai: 4 bài viết"' in page and 'href="/province/dong-nai"' in page
    assert 'href="/search?year=2024" aria-label="2024:' in page
    assert 'href="/portal/binh_phuoc"' in page
    assert 'href="/d/25-nq-tw-2013-06-03"' in page
    assert "Sông Lam <small>" in page, "what is on no map is named beside it"


def test_every_province_of_today_has_its_tile() -> None:
    placed = tiles({"dong-nai": 10, "ha-noi": 1})
    assert {tile.slug for tile in placed} == {area.slug for area in areas_of_today()}
    assert len({(tile.x, tile.y) for tile in placed}) == len(placed) == 34
    shades = {tile.slug: tile.shade for tile in placed}
    assert (shades["dong-nai"], shades["ha-noi"], shades["hue"]) == (5, 1, 0)


def test_english_is_kept_in_the_one_cookie_and_vietnamese_needs_none(get: Any) -> None:
    page = get(f"/a/{EDITED.id}?x=1").text
    switch = unescape(re.search(r'class="language" href="([^"]+)"', page)[1])  # type: ignore[index]
    answer = get(switch)
    cookie = answer.headers["set-cookie"]
    assert answer.status_code == 302 and answer.headers["location"] == f"/a/{EDITED.id}?x=1&lang=en"
    assert cookie.startswith("lang=en;") and "SameSite=lax" in cookie and "HttpOnly" in cookie
    english = get(f"/a/{EDITED.id}", lang="en")
    assert '<html lang="en">' in english.text and "6 May 2024" in english.text and "set-cookie" not in english.headers
    assert "lang=en" not in english.text, "what the cookie says need not stand in the links"
    assert '<html lang="vi">' in get("/?lang=vi", lang="en").text and "lang=vi" in get("/?lang=vi", lang="en").text
    assert "lang=en" in get("/?lang=en").text, "without a cookie the links carry it on"
    assert "Max-Age=0" in get("/language/vi?back=/about").headers["set-cookie"]
    assert '<html lang="vi">' in get("/", lang="fr").text
    assert "Cookie" in get("/").headers["vary"]


@pytest.mark.parametrize("back", ["//evil.example/", "https://evil.example/", "/\\evil.example", "/%0d%0aX: 1", "x"])
def test_the_language_switch_leads_nowhere_else(get: Any, back: str) -> None:
    assert get(f"/language/vi?back={back}").headers["location"] == "/"


def test_about_says_whom_to_write_to(get: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONTACT", "luutru@example.org")
    vietnamese, english = get("/about").text, get("/about?lang=en").text
    assert 'href="mailto:luutru@example.org"' in vietnamese and "Dữ liệu cá nhân" in vietnamese
    assert "taken down" in english and "Personal data" in english
    monkeypatch.setenv("CONTACT", "https://example.org/lien-he")
    assert 'href="https://example.org/lien-he"' in get("/about").text
    monkeypatch.delenv("CONTACT")
    assert "chưa ghi địa chỉ liên hệ" in get("/about").text


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("một hai ba", "một hai ba", "một hai ba"),
        ("một hai ba", "một bốn ba", "một -hai- +bốn+ ba"),
        ("a b c d e f g", "x b y d e f g", "-a b c- +x b y+ d e f g"),
        ("", "mới", "+mới+"),
        ("cũ", "", "-cũ-"),
    ],
)
def test_differences_are_grouped_as_a_person_would(old: str, new: str, wanted: str) -> None:
    mark = {"same": "", "del": "-", "ins": "+"}
    shown = [
        f"{mark[piece.kind]}{piece.text.strip()}{mark[piece.kind]}"
        for one in differences.compare(old, new)
        for piece in one.pieces
    ]
    assert " ".join(shown) == wanted


def test_a_paragraph_that_was_moved_or_cut_is_shown_whole() -> None:
    old = "Đoạn một kể chuyện này.\n\nĐoạn hai hoàn toàn khác hẳn.\n\nĐoạn ba nói việc kia."
    new = "Đoạn một kể chuyện này.\n\nĐoạn ba nói việc kia."
    (changed,) = [one for one in differences.compare(old, new) if one.changed]
    assert [(piece.kind, piece.text) for piece in changed.pieces] == [("del", "Đoạn hai hoàn toàn khác hẳn.")]


def test_a_timeline_shows_its_gaps_and_bears_wrong_dates() -> None:
    chart = charts.timeline({"2020-03": 4, "2023-12": 2})
    assert [year.year for year in chart.years] == [2020, 2021, 2022, 2023]
    assert [year.n for year in chart.years] == [4, 0, 0, 2]
    assert all(month.x >= 0 and month.x + month.width <= charts.WIDTH for year in chart.years for month in year.months)
    assert len(charts.timeline({"0001-01": 1, "2024-01": 5}).years) == 60
    assert charts.timeline({}).years == [] and charts.curve([("2026-03-01T00:00:00+07:00", 3)]) is None


def test_no_address_of_these_pages_is_an_error(get: Any) -> None:
    chance = random.Random(11)
    pieces = "/ - . ~ ? & = %25 %00 %ff %2F .. d 25-nq-tw ấ 1 99999999999999999999 ' \" <".split()
    starts = (
        "/d/",
        "/portal/",
        "/province/",
        f"/a/{EDITED.id}/",
        f"/a/{EDITED.id}/raw/",
        "/language/en?back=",
        "/documents?q=",
    )
    for _ in range(300):
        path = chance.choice(starts) + "".join(chance.choices(pieces, k=chance.randint(0, 8)))
        get(path)  # which takes no 5xx
