"""What a reader of the site can rely on, asked of a real Datasette on a real published copy."""

from __future__ import annotations

import asyncio
import json
import random
import re
import socket
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from asking import answer_of
from invented import invented, keep, many, the_articles

from archive.publish import publish
from archive.site import counting, find, memory, serve
from archive.site.serve import ServeError, site

SITE = Path(serve.__file__).parent
FULL = next(article for article in the_articles() if article.key.endswith("/full"))
FORMULA = next(article for article in the_articles() if article.key.endswith("/formula"))
UNSAFE = invented(
    "unsafe",
    "Bài có mã lạ",
    "Chữ hiền lành.",
    body_html=(
        '<h1>Đầu đề</h1><p onclick="x()">Chữ hiền lành.</p><script>alert(1)</script>'
        '<img src="http://127.0.0.1:1/anh/a.jpg" alt="Cầu &quot;tre&quot;">'
        '<img src="data:image/png;base64,AA">'
        '<a href="javascript:alert(1)">bấm</a><iframe src="http://127.0.0.1:1/"></iframe>'
    ),
)


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("data")
    keep(folder, [*the_articles(), UNSAFE, *many(60)])
    publish(folder)
    return folder


@pytest.fixture(scope="module")
def get(data_dir: Path) -> Any:
    """Fetch a page of the site in process; every answer is looked over for what no page may have."""
    datasette = site(data_dir)

    def fetch(path: str, method: str = "get") -> Any:
        answer = answer_of(datasette, path, method)
        assert answer.status_code < 500, (path, answer.text)
        assert "content-security-policy" in answer.headers, path
        assert "set-cookie" not in answer.headers or path.startswith("/language/"), path
        return answer

    return fetch


def search_page(get: Any, **arguments: str) -> str:
    return str(get(f"/search?{urlencode(arguments)}").text)


def test_the_front_page_has_the_box_the_numbers_and_the_newest_articles(get: Any) -> None:
    page = get("/").text
    assert 'lang="vi"' in page and "autofocus" in page and "Tìm trong kho lưu trữ" in page
    assert f"<strong>{len(the_articles()) + 61}</strong> bài viết" in page
    assert "Sông Lam" in page and "Ban Dân vận Tỉnh ủy Sông Lam" in page
    assert "Cập nhật lần cuối" in page
    days = re.findall(r'<time datetime="(\d{4}-\d\d-\d\d)', page)
    assert days == sorted(days, reverse=True) and len(days) == 12 and days[0] == FULL.published[:10]


@pytest.mark.parametrize("typed", ["dan van kheo", "dân vận khéo", "DAN VAN KHEO"])
def test_a_search_marks_the_words_in_the_accented_text(get: Any, typed: str) -> None:
    page = search_page(get, q=typed)
    assert "1 bài viết có cụm từ này" in page
    assert "<mark>dân vận khéo</mark>" in page


def test_a_document_number_is_marked_as_it_was_written(get: Any) -> None:
    assert "<mark>25 – NQ/TW</mark>" in search_page(get, q="25-NQ/TW")


def test_the_looser_result_is_one_step_away_and_says_how_many_more(get: Any) -> None:
    page = search_page(get, q="dan van", section="Chuyện làng")
    step = re.search(r'href="([^"]*words=apart[^"]*)">Tìm rời từng từ: thêm ([\d.]+) bài', page)
    assert step
    looser = get(step[1].replace("&amp;", "&")).text
    assert "bài viết có đủ các từ này" in looser and "Chợ phiên đầu xuân" in looser
    assert "Chợ phiên đầu xuân" not in page


def test_accents_that_nothing_has_are_ignored_with_a_word_saying_so(get: Any) -> None:
    page = search_page(get, q="nước chẻ")
    assert "không phân biệt dấu" in page and "<mark>nước chè</mark>" in page
    assert "kết quả không phân biệt dấu" not in search_page(get, q="nước chè")


def test_nothing_found_says_so(get: Any) -> None:
    assert "Không tìm thấy bài viết nào." in search_page(get, q="xyzzy")


def test_counts_that_are_not_exact_say_so(get: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find, "CAPPED", 2)
    monkeypatch.setattr(counting, "DIVIDED", 2)
    memory.forget()
    page = search_page(get, q="làng")
    assert "hơn 2 bài viết" in page and "tính trên 2 kết quả mới nhất" in page
    memory.forget()


def test_without_words_the_filters_alone_list_articles(get: Any) -> None:
    page = search_page(get, year="2022", section="Nghề cũ")
    assert FULL.title in page and "1 bài viết" in page


def test_filters_narrow_and_can_be_taken_off(get: Any) -> None:
    page = search_page(get, q="làng", year="2022")
    assert f"/a/{FULL.id}" in page and "Mây" not in page
    assert 'href="/search?q=l%C3%A0ng"' in page, "the way back"


def test_results_are_newest_first_in_pages_without_gap_or_double(get: Any) -> None:
    ids: list[str] = []
    for page in range(1, 5):
        ids += re.findall(r'<h2><a href="/a/(\d+)">', search_page(get, page=str(page)))
    assert len(ids) == len(set(ids)) == len(the_articles()) + 61
    beyond = search_page(get, page="99999")
    assert "<h2><a" not in beyond
    for wrong in ("-1", "x", "0", "²", "9" * 30):
        assert re.search(r'<h2><a href="/a/(\d+)">', search_page(get, page=wrong))[1] == ids[0]  # type: ignore[index]


def test_an_article_page_shows_all_that_was_kept(get: Any) -> None:
    page = get(f"/a/{FULL.id}").text
    shown = (FULL.title, FULL.lead, FULL.body, FULL.author, FULL.source, "gốm", "Lò nung lúc chiều", "1.424")
    for text in (
        *shown,
        "Kế hoạch lò gốm.pdf",
        "Chủ Nhật, 13/03/2022, 08:30",
        "Nghề cũ",
        "Sông Lam",
        FULL.url,
    ):
        assert text in page, text
    assert "Lượt xem khi lưu" in page
    assert "<img" not in page, "images are links: a page fetches nothing from another host"
    assert f"/a/{FULL.id}" in page


def test_markup_in_texts_stays_text(get: Any) -> None:
    for path in (f"/a/{FORMULA.id}", "/search?q=b%E1%BA%ABy", "/", "/archive/articles?_search=b%E1%BA%ABy"):
        page = get(path).text
        assert "<script>alert(1)" not in page, path
    typed = '"><script>alert(2)</script>'
    for path in (f"/search?q={quote(typed)}", f"/archive/articles?_search={quote(typed)}"):
        assert "<script>alert(2)" not in get(path).text


def test_stored_html_is_cleaned_once_more(get: Any) -> None:
    page = get(f"/a/{UNSAFE.id}").text
    assert page.count("<h1") == 1
    assert "Chữ hiền lành." in page
    for bad in ("onclick", "alert(1)", "javascript:", "<iframe", "data:image", "<script"):
        assert bad not in page, bad
    assert 'href="http://127.0.0.1:1/anh/a.jpg"' in page and "Ảnh: Cầu &#34;tre&#34;" in page


def test_pages_of_the_site_need_no_script_and_no_other_host(get: Any) -> None:
    for path in ("/", "/search?q=dan", f"/a/{FULL.id}", "/nothing"):
        answer = get(path)
        assert "default-src 'none'; style-src 'self'" in answer.headers["content-security-policy"]
        assert not re.search(r"<script(?! src=\"/-/static-plugins/archive.site/)[^>]*>", answer.text), path
        assert "style=" not in answer.text and "<style" not in answer.text
        for style in re.findall(r'<link rel="stylesheet" href="([^"]+)"', answer.text):
            assert style.startswith("/-/static-plugins/archive.site/")
            assert get(style).status_code == 200


def test_english_is_at_a_click_and_stays(get: Any) -> None:
    page = get(f"/search?q={quote('dân vận')}").text
    other = re.search(r'class="language" href="([^"]+)"', page)
    assert other
    english = get(get(other[1].replace("&amp;", "&")).headers["location"]).text
    assert 'lang="en"' in english and "articles with this phrase" in english
    inner = [link for link in re.findall(r'href="(/(?:search|a/|\?)[^"]*)"', english) if 'lang="vi"' not in link]
    without = [link for link in inner if "lang=en" not in link]
    assert without == [], "without a cookie the address carries the language on"
    assert "1 article with this phrase" in search_page(get, q="dan van kheo", lang="en")


def test_the_table_page_takes_the_same_queries(get: Any) -> None:
    page = get("/archive/articles?_search=dan+van").text
    assert "dân vận khéo" in page and "Chợ phiên đầu xuân" not in page
    step = re.search(r'class="words-apart" href="([^"]+)"', page)
    assert step and "_words=apart" in step[1]
    assert "Chợ phiên đầu xuân" in get(step[1].replace("&amp;", "&")).text
    rows = get("/archive/articles.json?_search=dan+van+kheo&_shape=array").json()
    assert [row["key"] for row in rows] == ["vi/news/kheo"]
    assert get(f"/archive/articles.csv?_search={quote('Tỉnh uỷ')}").text.count("Giếng khoan") == 2


def test_the_table_page_has_its_facets_and_no_bodies(get: Any) -> None:
    page = get("/archive/articles").text
    for facet in ("portal", "province", "section", "year"):
        assert f'data-column="{facet}"' in page, facet
    assert "Lò nung cuối cùng" not in page
    assert f'href="/a/{FULL.id}"' in page
    days = re.findall(r'data-label="published">(\d{4}-\d\d-\d\d)', page)
    assert len(days) == 50 and days == sorted(days, reverse=True), "newest first"


@pytest.mark.parametrize(
    "path",
    [
        *("/archive/articles_fts", "/archive/articles_fts.json", "/archive/articles_fts_data"),
        *(f"/archive/articles_fts_{part}.json" for part in ("data", "idx", "docsize", "config")),
        *("/archive/articles_search", "/archive?sql=select+1", "/archive.json?sql=select+1"),
        *("/archive/articles?_where=1%3D1", "/archive.db"),
    ],
)
def test_what_is_not_for_strangers_is_closed(get: Any, path: str) -> None:
    assert get(path).status_code == 403, path


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/a/1", 404),
        ("/a/9999999999999999", 404),
        ("/a/99999999999999999999999", 404),
        ("/a/abc", 404),
        ("/nothing/here/at/all", 404),
        ("/archive/nothing", 404),
        ("/archive/articles?_sort=nothing", 400),
    ],
)
def test_wrong_addresses_get_a_page_of_the_site(get: Any, path: str, status: int) -> None:
    answer = get(path)
    assert answer.status_code == status
    assert "Kho lưu trữ tin dân vận" in answer.text


def test_pages_are_for_reading_only(get: Any) -> None:
    for path in ("/", "/search", f"/a/{FULL.id}"):
        assert get(path, "post").status_code in (403, 405)
        assert get(path, "head").status_code == 200


def test_no_query_is_an_error_on_any_page(get: Any) -> None:
    chance = random.Random(5)
    pieces = [
        *"\"'*-()[]:^%&#+;<>\\/\x00\t",
        "dân",
        "vận",
        "OR",
        "NOT ",
        "NEAR(",
        "th*",
        "25-NQ/TW",
        "😀",
        "\u0301",
    ]
    for _ in range(150):
        typed = "".join(chance.choices(pieces, k=chance.randint(0, 14)))
        for path in ("/search?q=", "/archive/articles.json?_size=1&_search="):
            assert get(path + quote(typed, safe="")).status_code == 200, typed
    for raw in ("%ff%fe", "%ED%A0%80", "%00", "a" * 3000, "%22" * 2000):
        assert get(f"/search?q={raw}").status_code == 200
        assert get(f"/search?year={raw}&portal={raw}").status_code == 200
        assert get(f"/archive/articles.json?_search={raw}").status_code == 200


def test_a_search_that_takes_too_long_is_said_and_no_error(data_dir: Path) -> None:
    datasette = site(data_dir, sql_time_limit_ms=1)

    async def ask() -> tuple[int, str]:
        await datasette.invoke_startup()
        database = datasette.get_database("archive")
        original = database.execute

        async def slow(sql: str, *rest: Any, **named: Any) -> Any:
            if "match" in sql:
                sql = (
                    "with recursive n(i) as (select 1 union all select i + 1 from n where i < 1e9) "
                    "select max(i) as n from n"
                )
                rest = ({},)
            return await original(sql, *rest, **named)

        database.execute = slow
        answer = await datasette.client.get("/search?q=dan")
        return answer.status_code, answer.text

    status, text = asyncio.run(ask())
    assert status == 200 and "mất quá nhiều thời gian" in text


def test_metadata_describes_every_table_and_column_in_both_languages(get: Any, data_dir: Path) -> None:
    metadata = json.loads((SITE.parents[1] / "metadata.json").read_text("utf-8"))
    described = metadata["databases"]["archive"]["tables"]
    tables = {table["name"]: table for table in get("/archive.json").json()["tables"]}
    assert {name for name, table in described.items() if not table.get("hidden")} == set(tables)
    for name, table in tables.items():
        assert set(described[name]["columns"]) == set(table["columns"]), name
        for text in (described[name]["title"], *described[name]["columns"].values()):
            assert " / " in text, (name, text)


def test_without_a_copy_there_is_no_site(tmp_path: Path) -> None:
    with pytest.raises(ServeError, match="archive publish"):
        site(tmp_path)


def test_a_connection_that_is_kept_open_waits_for_nothing() -> None:
    """asyncio turns Nagle's algorithm off where the listening socket names its protocol, and nowhere else."""
    with closing(serve._listen(0)) as listening:
        assert listening.proto == socket.IPPROTO_TCP
