"""Page furniture is known by its words, a sentence that merely contains them never is, and bad data is named."""

from __future__ import annotations

import time
import unicodedata
from pathlib import Path

import pytest

import crawler
from crawler import boilerplate
from crawler.boilerplate import KINDS, LEAD_IN, PAGE_KINDS, BoilerplateError, Phrases, load
from crawler.portals import load as load_portals

ANYWHERE = load().for_portal("generic", "any")

LINES = {
    "Đang truy cập8": "counter",
    "Hôm nay1,682": "counter",
    "Đang truy cập8 Hôm nay1,682 Tháng hiện tại40,233 Tổng lượt truy cập1,444,456": "counter",
    "THỐNG KÊ TRUY CẬP": "counter",
    "Trực tuyến : 5814 Đã truy cập : 43584994": "counter",
    "- Lượt xem: 24342": "counter",
    "1384 Lượt xem": "counter",
    "Đã xem: 254   Phản hồi: 0": "counter",
    "Tổng số lượt truy cập:": "counter",
    "In ra": "tool",
    "A- A A+ | Chia sẻ bài viết lên facebook Chia sẻ bài viết lên twitter Tăng tương phản": "tool",
    "URL của bản tin này: https://danvan.example/tin-12.html": "tool",
    "Chia sẻ:": "tool",
    "Xem tiếp...": "tool",
    "» Các tin khác": "related",
    "TIN CÙNG CHUYÊN MỤC": "related",
    "Tin liên quan:": "related",
    "CÓ THỂ BẠN QUAN TÂM": "related",
    "Viết bình luận": "comments",
    "Bình luận (12)": "comments",
    "Bình luận Tối thiểu 10 chữ Tiếng việt có dấu Không chứa liên kết": "comments",
    "Tổng số điểm của bài viết là: 9 trong 2 đánh giá Click để đánh giá bài viết": "rating",
    "Xếp hạng: 4.5 - 2 phiếu bầu": "rating",
    "Thời gian chờ: 60 giây": "session",
    "© Bản quyền thuộc về Hội Mây Trắng": "footer",
    "Ghi rõ nguồn “Tờ tin làng” khi phát hành lại thông tin từ trang này": "footer",
    "Giấy phép xuất bản số: 7/GP của Sở Gió Nước": "licence",
    "Trang chủ » Chuyện làng » Nghề cũ": "breadcrumb",
    "Bạn đang ở đây": "breadcrumb",
    "Dữ liệu đang được cập nhật...": "placeholder",
    "Tác giả bài viết: Mây Trắng": "label",
    "Nguồn tin:": "label",
    "Cập nhật lúc 22:18, Thứ Tư, 03/08/2016 (GMT+7)": "label",
    "Đăng ngày 15-05-2022 10:48": "label",
    "(Mặt trận) -": "lead-in",
}

SENTENCES = (
    "Chia sẻ với bà con, ông Lụa nói rằng con đường này là của cả làng.",
    "Bình luận về buổi họp, các cụ đều khen trà ngon.",
    "Hôm nay, 25 hộ trong bản góp công sửa cầu.",
    "Hôm nay 25 hộ trong bản góp công sửa cầu",
    "Trực tuyến 20",
    "Tin liên quan đến con trâu lạc đã bay khắp xã.",
    "Tác giả bài viết mong ai nhặt được chiếc nón thì trả lại.",
    "Nguồn tin cho hay cây gạo đầu làng vừa nở hoa.",
    "Trang chủ của cổng nay có màu xanh lá.",
    "Bản quyền thuộc về ban tổ chức hội thi nấu cơm.",
    "Ghi rõ nguồn gốc từng bao thóc trước khi nhập kho.",
    "Giấy phép xuất bản được trao cho tờ tin làng.",
    "Cập nhật lúc 17:00 chiều nay, nước đã rút khỏi sân đình.",
    "Đọc nhiều, viết nhiều là cách thầy dạy học trò.",
    "Bài viết tốt được treo ở nhà văn hóa thôn.",
    "Thứ ba, 21/05/2024",
    "221 0",
    "A A",
    "12",
    "",
    "Thống kê truy cập " + "của tờ tin làng " * 40,
)


def furniture(folder: Path, text: str) -> Path:
    path = folder / "boilerplate.toml"
    path.write_text(text, encoding="utf-8")
    return path


def phrases_of(folder: Path, text: str, family: str = "generic", key: str = "any") -> Phrases:
    return load(furniture(folder, text)).for_portal(family, key)


# ---------------------------------------------------------------- lines


@pytest.mark.parametrize(("line", "kind"), LINES.items())
def test_a_line_of_furniture_is_known_with_its_kind(line: str, kind: str) -> None:
    assert ANYWHERE.kind_of(line) == kind


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_that_contains_the_words_is_no_furniture(sentence: str) -> None:
    assert ANYWHERE.kind_of(sentence) is None


@pytest.mark.parametrize(
    "line",
    [
        "hủy trả lời",
        "HUỶ TRẢ LỜI",
        unicodedata.normalize("NFD", "Huỷ trả lời"),
        "  Hủy\u00a0 trả\tlời ... ",
        "▪ Hủy trả lời →",
        "\u200bHủy trả lời:",
    ],
)
def test_case_tone_placement_blanks_bullets_and_dots_do_not_matter(line: str) -> None:
    assert ANYWHERE.kind_of(line) == "comments"


def test_every_kind_of_line_has_an_example_here() -> None:
    seen_at_portals_only = {"clock"}
    assert set(LINES.values()) | seen_at_portals_only | set(PAGE_KINDS) == set(KINDS)


def test_a_label_needs_its_colon_before_other_words(tmp_path: Path) -> None:
    phrases = phrases_of(tmp_path, '[everywhere]\nlabel = ["Người kể: *"]\n')
    assert [phrases.kind_of(line) for line in ("Người kể: bà Lụa", "Người kể:", "Người kể")] == ["label"] * 3
    assert phrases.kind_of("Người kể chuyện ngồi bên bếp") is None


def test_a_number_may_be_glued_and_grouped_but_must_be_there(tmp_path: Path) -> None:
    phrases = phrases_of(tmp_path, '[everywhere]\ncounter = ["Khách: #", "# người"]\n')
    for line in ("Khách: 8", "Khách8", "Khách : 1.682", "Khách (8)", "1,444,456 người", "8người", "Khách: 8 | 9 người"):
        assert phrases.kind_of(line) == "counter", line
    for line in ("Khách", "Khách: tám", "8", "Khách 8 lần"):
        assert phrases.kind_of(line) is None, line


def test_a_sources_mark_is_parted_from_the_sentence() -> None:
    assert ANYWHERE.source_tag("(Mặt trận) - Sáng nay, cả bản ra đồng.") == ("Mặt trận", "Sáng nay, cả bản ra đồng.")
    assert ANYWHERE.source_tag("(TUAG)- Sáng nay") == ("TUAG", "Sáng nay")
    assert ANYWHERE.source_tag("BHG – Sáng nay") == ("BHG", "Sáng nay")
    assert ANYWHERE.kind_of("(Mặt trận) - Sáng nay, cả bản ra đồng.") is None
    for plain in ("Mặt trận - nơi bà con tìm đến", "bhg - sáng nay", "Sáng nay (Mặt trận) - chiều qua"):
        assert ANYWHERE.source_tag(plain) == ("", plain)


def test_a_long_line_that_fails_at_its_end_takes_no_time() -> None:
    phrases = load().for_portal("liferay", "any")
    lines = ["Trực tuyến: 1 Đã truy cập: 1 " * 13 + "x", "Hôm nay" + "1,1" * 120 + "x", "Hôm nay 1.1" * 36 + "x"]
    begun = time.process_time()
    assert [phrases.kind_of(line) for line in lines for _ in range(20)] == [None] * 60
    assert time.process_time() - begun < 0.1


# ---------------------------------------------------------------- pages


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<p>Hệ thống đang từ chối truy cập của bạn.</p>", "flood"),
        ("<h1>KHÔNG TÌM THẤY TRANG</h1>", "soft404"),
        ("<div>Bạn không được phép&nbsp;xem bài viết</div>", "login"),
        (unicodedata.normalize("NFD", "Chú ý: Bài viết này chưa được xuất bản, xin đợi."), "draft"),
    ],
)
def test_a_page_says_what_it_is_wherever_the_words_stand(text: str, kind: str) -> None:
    assert ANYWHERE.in_page(f"<html><body>{text}<p>Tờ tin làng</p></body></html>") == {kind}


def test_a_page_may_say_several_things_or_nothing() -> None:
    assert ANYWHERE.in_page("Page not found. Vui lòng đăng nhập để xem.") == {"soft404", "login"}
    assert ANYWHERE.in_page("Hãy đợi đấy, thỏ con nói với sói.") == frozenset()


# ---------------------------------------------------------------- scopes


def test_what_was_seen_in_one_family_holds_in_that_family_only() -> None:
    leak = "Banner Ban dân vận tỉnh ủy sub-site-1"
    assert load().for_portal("nghe_an", "any").kind_of(leak) == "placeholder"
    assert ANYWHERE.kind_of(leak) is None


def test_what_was_seen_on_one_portal_holds_on_that_portal_only() -> None:
    for clock in ("Thứ Sáu, 10/1/2025", "Chủ nhật, 5/10/2025", "CN, 5/10/2025"):
        assert load().for_portal("aspnet_mvc", "trung_uong_dan_van").kind_of(clock) == "clock"
        assert load().for_portal("aspnet_mvc", "tuyen_quang_tinh_uy").kind_of(clock) is None
    at_home = load().for_portal("nukeviet", "binh_phuoc_dan_van")
    assert at_home.kind_of("bien dao01bien dao02") == "placeholder"
    assert at_home.kind_of("Liên kết") == "footer" and at_home.kind_of("In ra") == "tool"


def test_a_portals_own_word_on_a_phrase_is_the_last(tmp_path: Path) -> None:
    tables = (("everywhere", "related"), ("family.joomla", "tool"), ("portal.lam", "footer"))
    text = "".join(f'[{table}]\n{kind} = ["Đọc thêm"]\n' for table, kind in tables)
    furnished = load(furniture(tmp_path, text))
    kinds = [furnished.for_portal(*who).kind_of("Đọc thêm") for who in (("x", "y"), ("joomla", "y"), ("joomla", "lam"))]
    assert kinds == ["related", "tool", "footer"]


def test_portals_without_furniture_of_their_own_share_one_set() -> None:
    assert load().for_portal("generic", "a") is load().for_portal("generic", "b")
    assert load() is load()


def test_no_furniture_at_all_is_allowed(tmp_path: Path) -> None:
    nothing = phrases_of(tmp_path, "")
    assert nothing.kind_of("In ra") is None and nothing.in_page("Page not found") == frozenset()
    assert nothing.source_tag("(TUAG) - a") == ("", "(TUAG) - a")


# ---------------------------------------------------------------- the shipped data

WRITTEN = [
    (scope, family, key, kind, phrase)
    for scope, family, key, table in [
        ("everywhere", "generic", "any", load().everywhere),
        *(("family", name, "any", table) for name, table in load().family.items()),
        *(("portal", "generic", name, table) for name, table in load().portal.items()),
    ]
    for kind, phrases in table.items()
    for phrase in phrases
]


@pytest.mark.parametrize(("scope", "family", "key", "kind", "phrase"), WRITTEN)
def test_every_phrase_of_the_data_finds_itself(scope: str, family: str, key: str, kind: str, phrase: str) -> None:
    phrases = load().for_portal(family, key)
    line = phrase.replace("#", "1.682").replace("@", "Thứ ba").replace("*", "ba cây bưởi")
    if kind in PAGE_KINDS:
        assert kind in phrases.in_page(f"<p>{line}.</p>")
    elif kind == LEAD_IN:
        assert phrases.source_tag(f"{line} Sáng nay") == (line.strip("() -"), "Sáng nay")
    else:
        assert phrases.kind_of(line) == kind and phrases.kind_of(line.upper()) == kind


def test_the_data_speaks_of_registered_portals_in_clean_text() -> None:
    assert set(load().portal) <= set(load_portals(Path(crawler.__file__).with_name("portals.toml")))
    assert all(phrase == unicodedata.normalize("NFC", phrase.strip()) for *_, phrase in WRITTEN)


# ---------------------------------------------------------------- bad data


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[everywhere]\ncounters = ["Khách: #"]', ["[everywhere] counters", "unknown kind", "counter"]),
        ('[everywhere]\ntool = "In ra"', ["[everywhere] tool", "list"]),
        ("[everywhere]\ntool = [3]", ["[everywhere] tool", "3"]),
        ('[everywhere]\ncounter = ["# #"]', ["[everywhere] counter", "# #"]),
        ('[everywhere]\ntool = [""]', ["[everywhere] tool"]),
        ('[everywhere]\ntool = ["In ra *#"]', ["[everywhere] tool", "In ra *#"]),
        ('[everywhere]\ntool = ["In ra", "IN RA:"]', ["[everywhere] tool", "IN RA:", "twice"]),
        ('[everywhere]\ntool = ["In ra"]\nfooter = ["In ra"]', ["[everywhere] footer", "already in tool"]),
        ('[everywhere]\nflood = ["Hãy đợi # giây"]', ["[everywhere] flood", "plain words"]),
        ('[everywhere]\nlead-in = ["(Làng)"]', ["[everywhere] lead-in", "dash"]),
        ('[family.nukeveit]\ntool = ["In ra"]', ["[family.nukeveit]", "nukeviet"]),
        ('[portal.lam]\nprint = ["In ra"]', ["[portal.lam] print"]),
        ('[portals.lam]\ntool = ["In ra"]', ["[portals]"]),
        ("everywhere = 3", ["[everywhere]", "table"]),
        ("family = 3", ["[family]", "tables"]),
        ("[portal]\nlam = 3", ["[portal.lam]", "table"]),
        ("[everywhere]\ntool = [In ra]", ["line 2"]),
    ],
)
def test_bad_data_is_named_with_file_and_place(tmp_path: Path, text: str, words: list[str]) -> None:
    path = furniture(tmp_path, text)
    with pytest.raises(BoilerplateError) as refused:
        load(path)
    message = str(refused.value)
    assert str(path) in message and len(message.splitlines()) == 1
    assert all(word in message for word in words), message


def test_a_file_that_is_not_there_or_no_text_is_named(tmp_path: Path) -> None:
    garbage = tmp_path / "garbage.toml"
    garbage.write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "none.toml", tmp_path, garbage):
        with pytest.raises(BoilerplateError) as refused:
            boilerplate.load(path)
        assert str(path) in str(refused.value)
