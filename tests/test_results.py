"""The results page beyond its words: filters with counts, the timeline, order, reprints, how a query was read."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from asking import answer_of
from invented import PORTALS, invented, keep

from archive.publish import publish
from archive.site import memory, results
from archive.site.serve import site
from archive.store import Archive

REAL = [
    {**PORTALS[0], "key": "binh_phuoc", "name": "Ban Dân vận Tỉnh ủy Bình Phước", "province": "Bình Phước"},
    {**PORTALS[0], "key": "dong_nai", "name": "Ủy ban MTTQ Việt Nam tỉnh Đồng Nai", "province": "Đồng Nai"},
]
LONG = (
    "Mưa đầu mùa về sớm, bà con bản Sậy bàn nhau nạo vét con mương chung trước khi xuống giống. Nhà nào có trâu góp "
    "trâu, nhà nào có xe góp xe, ai không có gì thì nấu cơm. Ba ngày sau nước chảy tới ruộng cuối cùng của bản, và "
    "người già kể lại rằng từ thuở lập làng chưa năm nào mương sạch như năm nay."
)


def articles() -> list[Any]:
    """Few articles, each with something to narrow by; and one that another portal had first."""
    return [
        invented("a", "Mương chung bản Sậy", LONG, portal="binh_phuoc", day="2019-03-04"),
        invented("b", "Mương chung bản Sậy (đăng lại)", LONG, portal="dong_nai", day="2019-05-06"),
        invented(
            "c", "Chợ phiên Lộc Ninh", "Theo Nghị quyết số 25-NQ/TW, xã dời chợ.", portal="binh_phuoc", day="2020-01-15"
        ),
        invented(
            "d",
            "Đội văn nghệ tỉnh Bình Phước sang thăm",
            "Chợ phiên có tiếng đàn.",
            portal="dong_nai",
            day="2020-02-20",
        ),
        invented(
            "e", "Chuyện cũ viết lại", "Chợ xưa họp đêm. Phiên nay họp ngày.", portal="dong_nai", day="2025-12-01"
        ),
        invented(
            "f", "Phiên tòa giả định ở chợ huyện", "Học sinh đóng vai hội thẩm.", portal="dong_nai", day="2021-06-07"
        ),
        invented("g", "Sương sớm", "Người bản gọi nhau ra chợ phiên.", portal="dong_nai", day="2022-06-07"),
    ]


@pytest.fixture(scope="module")
def get(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A page of results as text, by its arguments."""
    folder: Path = tmp_path_factory.mktemp("data")
    with Archive(folder) as archive:
        archive.register_portals(REAL)
    keep(folder, articles())
    with Archive(folder) as archive, archive.transaction() as db:
        db.execute("update articles set revision_count = 2 where key = 'vi/news/c'")
        db.execute("update articles set gone = last_seen where key = 'vi/news/d'")
    publish(folder)
    datasette = site(folder)

    def fetch(*pairs: tuple[str, str], **arguments: str) -> str:
        answer = answer_of(datasette, f"/search?{urlencode([*pairs, *arguments.items()])}")
        assert answer.status_code == 200, answer.text
        return str(answer.text)

    return fetch


def listed(page: str) -> list[str]:
    """The keys of the articles of a page, in its order."""
    names = {str(one.id): one.key.removeprefix("vi/news/") for one in articles()}
    return [names[id] for id in re.findall(r'<h2><a href="/a/(\d+)">', page)]


def filters(page: str) -> dict[str, int]:
    """What can be chosen beside the hits, with its count."""
    aside = page[page.index('<aside class="filters"') :]
    found = re.findall(r"<li><a [^>]*>([^<]+)</a> <small>([\d.]+)</small></li>", aside)
    return {html.unescape(label): int(n.replace(".", "")) for label, n in found}


def test_filters_stand_beside_the_hits_with_their_counts(get: Any) -> None:
    found = filters(get(q="chợ"))
    assert found["Ban Dân vận Tỉnh ủy Bình Phước"] == 1 and found["Ủy ban MTTQ Việt Nam tỉnh Đồng Nai"] == 4
    assert found["Ban Dân vận"] == 1 and found["Mặt trận Tổ quốc"] == 4
    assert found["Nghị quyết 25-NQ/TW"] == 1
    assert found["Bài đã sửa sau khi đăng"] == 1 and found["Bài đã bị gỡ"] == 1


def test_a_province_is_meant_in_three_ways(get: Any) -> None:
    assert set(listed(get(q="chợ", province="dong-nai"))) == {"c", "d", "e", "f", "g"}, "as it is now"
    assert listed(get(q="chợ", province_then="binh-phuoc")) == ["c"], "as it was"
    assert listed(get(q="chợ", province_named="binh-phuoc")) == ["d"], "as the text names it"
    assert listed(get(q="chợ", province="binh-phuoc")) == ["c"], "one that has ceased to be"
    assert listed(get(q="chợ", province="Bình Phước")) == ["c"]
    assert set(listed(get(q="chợ", province="Đồng Nai"))) == {"c", "d", "e", "f", "g"}, "by its name"


def test_several_values_of_a_filter_are_either_and_several_filters_both(get: Any) -> None:
    assert set(listed(get(("year", "2020"), ("year", "2021"), q="chợ"))) == {"c", "d", "f"}
    assert listed(get(("year", "2020"), ("year", "2021"), q="chợ", portal="binh_phuoc")) == ["c"]


def test_other_values_of_a_filter_that_is_set_stay_in_reach(get: Any) -> None:
    page = get(q="chợ", portal="binh_phuoc")
    assert filters(page)["Ủy ban MTTQ Việt Nam tỉnh Đồng Nai"] == 4
    assert filters(page)["Ban Dân vận Tỉnh ủy Bình Phước ×"] == 1


@pytest.mark.parametrize("name", ["dong-nai", "Đồng Nai"])
def test_a_filter_that_is_set_can_be_taken_off_beside_the_hits_and_above_them(get: Any, name: str) -> None:
    page = get(q="chợ", province=name)
    off = re.findall(r'<a [^>]*href="([^"]+)" title="Bỏ lọc">', page)
    assert len(off) == 2 and {html.unescape(address) for address in off} == {"/search?q=ch%E1%BB%A3"}


def test_edited_withdrawn_and_reprints_can_be_asked_for_and_left_out(get: Any) -> None:
    assert listed(get(edited="yes")) == ["c"]
    assert listed(get(withdrawn="yes")) == ["d"]
    assert listed(get(reprint="yes")) == ["b"]
    assert "b" not in listed(get(reprint="no")) and "a" in listed(get(reprint="no"))
    assert "d" not in listed(get(q="chợ", withdrawn="no"))


def test_a_document_can_be_asked_for(get: Any) -> None:
    page = get(q="chợ")
    address = re.search(r'href="([^"]*document=[^"]*)"', page)
    assert address
    number = re.search(r"document=(\d+)", address[1])
    assert number and listed(get(document=number[1])) == ["c"]


def test_a_span_of_time_is_taken_to_the_day(get: Any) -> None:
    assert set(listed(get(("from", "2020-01"), ("to", "2020-02"), q="chợ"))) == {"c", "d"}
    assert listed(get(("from", "2020-01-16"), ("to", "2020"), q="chợ")) == ["d"]
    assert listed(get(("to", "2020-01-15"), q="chợ")) == ["c"]
    assert listed(get(month="2020-02", q="chợ")) == ["d"]


def test_the_timeline_says_the_share_of_all_articles_and_each_bar_narrows(get: Any) -> None:
    page = get(q="chợ")
    assert "2020: 2 kết quả, bằng 100% của 2 bài viết" in page
    bar = re.search(r'<a href="([^"]*)" title="2020: ', page)
    assert bar and html.unescape(bar[1]) == "/search?q=ch%E1%BB%A3&year=2020"
    of_2020 = get(q="chợ", year="2020")
    assert "02/2020: 1 kết quả" in of_2020 and "2022: 1 kết quả" in of_2020, "its months, and the other years"


def test_best_first_puts_titles_above_texts_and_phrases_above_words(get: Any) -> None:
    assert listed(get(q="chợ phiên")) == ["g", "d", "c"], "newest first, and as a phrase"
    assert listed(get(q="chợ phiên", order="best")) == ["c", "f", "g", "d", "e"]
    assert listed(get(q="chợ phiên -hội", order="best")) == ["c", "g", "d", "e"], "an unwanted word of the text"


def test_a_reprint_stands_under_its_original_and_can_be_set_free(get: Any) -> None:
    page = get(q="nạo vét con mương")
    assert listed(page) == ["a"] and "1 bản đăng lại" in page
    assert listed(get(q="nạo vét con mương", reprints="all")) == ["b", "a"]
    assert listed(get(q="nạo vét con mương", portal="dong_nai")) == ["b"], "where its original is no hit"
    assert listed(get(q="mương đăng lại")) == ["b"]
    assert listed(get(q="nạo vét con mương", order="best")) == ["a"]


def test_abbreviations_are_shown_and_can_be_left_alone(get: Any) -> None:
    page = get(q="nghị quyết")
    assert "Tìm cả: NQ" in page
    switch = re.search(r'href="([^"]*short=as-typed[^"]*)"', page)
    assert switch and "Tìm cả: NQ" not in get(q="nghị quyết", short="as-typed")


def test_an_ambiguous_abbreviation_is_offered_and_not_expanded(get: Any) -> None:
    page = get(q="BCH chợ")
    assert "BCH có thể là:" in page and "Ban Chấp hành" in page
    assert 'q=%22Ban+Ch%E1%BA%A5p+h%C3%A0nh%22+ch%E1%BB%A3"' in page


def test_accents_typed_in_part_are_said(get: Any) -> None:
    page = get(q="Chợ phien Lộc Ninh")
    assert listed(page) == ["c"] and "tìm với mọi dấu" in page


def test_a_document_that_is_cited_is_said(get: Any) -> None:
    page = get(q="25NQTW")
    assert listed(page) == ["c"] and "trích dẫn văn bản 25-NQ/TW" in page
    assert "<mark>25-NQ/TW</mark>" in page


def test_only_unwanted_words_leave_all_others(get: Any) -> None:
    left = set(listed(get(q="-chợ")))
    assert {"a"} <= left and not left & {"c", "d", "e", "f", "g"}


def test_wrong_values_narrow_to_nothing_and_are_no_error(get: Any) -> None:
    for name in ("province", "portal", "year", "month", "document", "section"):
        assert listed(get(**{name: "không có"})) == [], name
        assert "Không tìm thấy bài viết nào." in get(**{name: "không có"})
    for name, value in (("edited", "perhaps"), ("from", "2020-13"), ("to", "x"), ("order", "y"), ("page", "-1")):
        assert len(listed(get((name, value)))) > 5, name
    assert listed(get(("from", "2020-02-31"), ("to", "2020-02-31"))) == []


def test_the_words_of_the_next_search_keep_the_filters(get: Any) -> None:
    page = get(("from", "2020-01"), q="chợ", portal="dong_nai", order="best", words="apart")
    kept = set(re.findall(r'<input type="hidden" name="([^"]+)"', page[: page.index("</form>")]))
    assert kept == {"portal", "from", "order"}


def test_a_large_number_of_further_articles_is_counted_to_a_bound(get: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "FURTHER", 2)
    memory.forget()
    assert "thêm 2 bài viết có đủ các từ này" in get(q="chợ phiên")
    monkeypatch.setattr(results, "FURTHER", 1)
    memory.forget()
    assert "còn hơn 1 bài viết có đủ các từ này" in get(q="chợ phiên")
    memory.forget()
