"""An article is kept for what it is about: not for a section's name, nor for two syllables that meet by chance."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pytest

from crawler.relevance import SHIPPED, Relevance, RelevanceError, judge, load

RULES = load()
# Party prose without a word of this work: what a note or a report is filled with.
PROSE = (
    "Sáng thứ hai, tại hội trường huyện, các phòng chuyên môn đã trình bày kết quả nửa năm. Phần lớn chỉ tiêu đạt mức "
    "đề ra, vài chỉ tiêu còn chậm do thiếu nhân lực. Các ý kiến tập trung vào nguyên nhân và cách tháo gỡ. "
)


def of(
    title: str = "", lead: str = "", body: str = "", sections: Sequence[str] = (), tags: Sequence[str] = ()
) -> Relevance:
    return judge(RULES, title, lead, body, sections, tags)


def is_kept(verdict: Relevance) -> bool:
    assert 0 <= verdict.score <= 1
    return {"dan-van": True, "other": False}[verdict.topic]


# ---------------------------------------------------------------- the work by its name

STRONG = [
    "Dân vận khéo ở bản Nậm Lúc", "Đổi mới công tác dân vận vùng lòng hồ", "Dân vận chính quyền: từ họp đến làm",
    "Dân vận của cơ quan nhà nước", "Khối Dân vận xã họp giao ban", "Tổ dân vận xóm Chài", "Người cán bộ dân vận ở đảo",
    "Hệ thống dân vận trước yêu cầu mới", "Ban Dân vận Thị ủy ra mắt", "Ban Tuyên giáo và Dân vận Tỉnh ủy họp",
    "Ban Tuyên vận phường đi vào nề nếp", "Ngày truyền thống công tác dân vận của Đảng", "Năm dân vận chính quyền 2024",
    "Hội thi Dân vận khéo lần thứ ba", "Mô hình “Dân vận khéo” nuôi ong", "Ba điển hình Dân vận khéo",
    "Đơn vị dân vận tốt", "Sửa quy chế công tác dân vận của hệ thống chính trị",
    "Kỷ niệm chương “Vì sự nghiệp dân vận”",
    "Đọc lại bài báo “Dân vận”", "Trọng dân, gần dân, hiểu dân, học dân và có trách nhiệm với dân",
    "Óc nghĩ, mắt trông, tai nghe, chân đi, miệng nói, tay làm", "Kế hoạch số 12-KH/BDVTU và Khối Dân vận",
]  # fmt: skip


@pytest.mark.parametrize("title", STRONG)
def test_one_strong_term_in_the_title_is_enough(title: str) -> None:
    assert is_kept(of(title))


def test_one_strong_term_is_enough_in_a_lead_and_in_a_note() -> None:
    assert is_kept(of("Tin vắn", "Xã vừa lập thêm hai tổ dân vận.", PROSE))
    assert is_kept(of("Tin vắn", "", PROSE + "Cuối buổi, hội nghị bàn về phong trào thi đua “Dân vận khéo”."))


def test_a_mention_in_a_long_report_is_not_its_topic() -> None:
    assert not is_kept(of("Kết quả nửa năm", "", PROSE * 12 + "Công tác dân vận được chú trọng. " + PROSE * 12))


def test_a_long_report_that_comes_back_to_it_is_about_it() -> None:
    assert is_kept(of("Báo cáo", "", (PROSE + "Công tác dân vận cần gắn với cơ sở. ") * 40))


# ---------------------------------------------------------------- false friends

FALSE_FRIENDS = [
    "Người dân vận chuyển mía qua suối", "Nông dân vận hành máy cấy", "Nhân dân vận động nhẹ mỗi sáng",
    "Giúp dân vận chuyển lúa về kho", "Ngư dân vận dụng máy dò cá", "Các hộ dân vận tải hàng bằng ghe",
    "Tổ dân vận hành bơm",
    "Người dân, vận may và tấm vé số", "Cư dân vận áo dài đi chợ", "Vận động viên nhí về nhất", "Sân vận động mới",
    "Vận động hành lang ở nghị viện", "Vận động bầu cử vòng hai", "Bài tập vận động thể lực",
    "Tin từ mặt trận Vị Xuyên",
    "Mặt trận văn hóa", "Trên mặt trận sản xuất", "Đoàn công tác của bộ", "Khối thi đua số 2 ký giao ước",
    "Chuyện ở khối phố 5",
    "Đoàn tàu chở hàng", "Lịch sử dân tộc qua hiện vật", "Nước Việt Nam Dân chủ Cộng hòa", "Dân chủ tư sản là gì",
    "Người thợ khéo tay", "Ứng xử khéo léo", "Vận đơn điện tử",
]  # fmt: skip


@pytest.mark.parametrize("title", FALSE_FRIENDS)
def test_a_false_friend_speaks_for_nothing(title: str) -> None:
    verdict = of(title, title + ".", f"{title}. {PROSE}{title}.")
    assert not is_kept(verdict) and verdict.score == 0


def test_the_syllables_that_meet_by_chance_do_not_hide_the_work_beside_them() -> None:
    verdict = of("Người dân vận chuyển nông sản", "Nhờ dân vận khéo, có đường mới.")
    assert is_kept(verdict) and "dân vận khéo" in verdict.why and "dân vận chuyển" not in verdict.why


# ---------------------------------------------------------------- its fields, not named

FIELDS = [
    "Xã niêm yết công khai theo quy chế dân chủ ở cơ sở để dân biết, dân bàn, dân làm.",
    "Bí thư đối thoại với nhân dân, ghi lại tâm tư, nguyện vọng của bà con.",
    "Ủy ban MTTQ tỉnh nêu ba kiến nghị tại hội nghị phản biện xã hội.",
    "Chức sắc, chức việc và đồng bào có đạo sống tốt đời, đẹp đạo.",
    "Người có uy tín cùng già làng khuyên bỏ hủ tục.",
    "Ngày hội Đại đoàn kết, trao nhà Đại đoàn kết cho hai hộ.",
    "Nhà bà Lý hiến đất làm đường, cả xóm góp 90 ngày công.",
    "Công an xã dựng phong trào toàn dân bảo vệ an ninh Tổ quốc với tổ tự quản.",
    "Đảng viên đồn biên phòng phụ trách hộ gia đình, giữ nếp bốn cùng.",
    "Lớp bồi dưỡng cốt cán; ngăn Hội thánh Đức Chúa Trời Mẹ lôi kéo người dân.",
    "Cà phê sáng với người dân; tổ hòa giải ở cơ sở báo cáo.",
    "Đồn và bản ký kết nghĩa, củng cố thế trận lòng dân.",
]


@pytest.mark.parametrize("text", FIELDS)
def test_its_fields_are_the_work_though_nobody_names_it(text: str) -> None:
    assert "dân vận" not in text.casefold()
    assert is_kept(of("Tin ở xã", "", text))


def test_soldiers_helping_people_are_the_work_without_its_words() -> None:
    title = "Chiến sĩ đồn Pa Vệ giúp bà con chuyển nhà khỏi vùng sạt"
    assert is_kept(of(title, "", "Các anh ở lại ba ngày. Mưa vẫn chưa dứt."))


def test_one_medium_term_is_not_enough_two_are() -> None:
    one = "Xã tuyên truyền, vận động phòng cháy rừng. "
    assert not is_kept(of("Tin ở xã", "", PROSE + one))
    assert is_kept(of("Tin ở xã", "", one + "Vùng đồng bào dân tộc thiểu số đổi thay."))


def test_one_medium_term_with_an_actor_is_enough_the_actor_alone_is_nothing() -> None:
    actor = "Dự án do Hội Nông dân xã và Ủy ban MTTQ xã trông coi. "
    assert is_kept(of("Tin ở xã", "", "Việc gì cũng để cho người có uy tín nói trước. " + actor))
    assert of("Hội Nông dân xã họp", "Công an xã, Ủy ban MTTQ xã cùng dự.", PROSE + actor).score == 0


# ---------------------------------------------------------------- other topics, passing mentions

SPORT = "Vận động viên hai đội tranh tài suốt bốn hiệp, tỷ số sát nút; trận chung kết đông kín sân cỏ. "


@pytest.mark.parametrize(
    ("title", "lead"),
    [
        ("Giải bóng chuyền chào mừng Ngày truyền thống công tác dân vận của Đảng", "Tám đội dự giải."),
        (
            "Khai mạc giải cầu lông",
            "Giải nhằm kỷ niệm Ngày truyền thống ngành Dân vận, do Ban Dân vận Tỉnh ủy tài trợ.",
        ),
        ("Đội bóng Ban Dân vận vô địch", "Huấn luyện viên gửi lời cảm ơn Ban Dân vận Huyện ủy."),
    ],
)
def test_sport_that_mentions_the_work_is_sport(title: str, lead: str) -> None:
    verdict = of(title, lead, SPORT * 2)
    assert not is_kept(verdict) and "−" in verdict.why


def test_guests_thanks_and_occasions_make_no_article_of_the_work() -> None:
    guests = "Dự buổi lễ có lãnh đạo các phòng, đại diện Ban Dân vận Huyện ủy. "
    verdict = of("Khánh thành chợ mới", "", guests + "Tiểu thương gửi lời cảm ơn Ban Dân vận Huyện ủy. " + PROSE)
    assert not is_kept(verdict) and "(nhắc qua)" in verdict.why


def test_a_row_of_the_partys_fields_is_a_passing_mention_in_a_body_and_none_in_a_title() -> None:
    row = "công tác xây dựng Đảng, công tác dân vận"
    assert is_kept(of(f"Kết quả {row}"))
    assert not is_kept(of("Kinh tế tháng chín", "", f"Hội nghị nghe báo cáo {row}. {PROSE}"))


def test_the_work_may_speak_of_sport() -> None:
    assert is_kept(of("Hội thi Dân vận khéo", "Bảy đội tranh tài ba phần thi.", "Khán giả chật hội trường."))
    assert is_kept(of("Dân vận khéo để có sân vận động", "Mười hộ hiến đất.", "Trẻ em đá bóng mỗi chiều."))
    assert is_kept(of("Ngày hội Đại đoàn kết xóm Bãi", "Sau lễ là thi đấu bóng chuyền.", "Bữa cơm đoàn kết vui vẻ."))


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Giá vàng lại tăng", "Thị trường sôi động; người dân vận dụng mọi nguồn để mua."),
        ("Không khí lạnh tăng cường", "Nhiệt độ giảm sâu, cán bộ hướng dẫn bà con che chắn mạ."),
        ("Tai nạn giao thông ở đèo", "Xe tải va chạm xe khách; công an huyện phân luồng."),
        ("Khởi tố năm bị can lừa đảo", "Công an xã tuyên truyền, vận động người dân cảnh giác."),
        ("Đêm nhạc bên hồ", "Ca sĩ hát mười ca khúc, khán giả vỗ tay. Đại diện Ban Dân vận Thành ủy tặng hoa."),
        ("Ủy ban Kiểm tra họp", "Cảnh cáo một chi ủy viên; Đảng ủy xã rút kinh nghiệm."),
    ],
)
def test_other_topics_stay_out(title: str, body: str) -> None:
    assert not is_kept(of(title, "", body))


# ---------------------------------------------------------------- section and tags


def test_section_and_tags_alone_decide_nothing() -> None:
    names = ("Công tác dân vận", "Dân vận khéo")
    assert not is_kept(of("Chợ phiên cuối năm", "Đông vui.", PROSE, names, names))
    assert not is_kept(of("Giải bóng đá nhi đồng", "", SPORT, names, names))
    assert is_kept(of("Tổ dân vận xóm Chài", "", PROSE, ("Thể thao",), ("bóng đá",)))


# ---------------------------------------------------------------- spelling


@pytest.mark.parametrize(
    "title",
    [
        "Ban Dân vận Tỉnh uỷ và đồng bào Hoà Hảo", "Ban Dân vận Tỉnh ủy và đồng bào Hòa Hảo",
        "BAN DÂN VẬN TỈNH UỶ VÀ ĐỒNG BÀO HÒA HẢO", "Ban Dân vận Tỉnh ủy và Ðồng bào Hòa Hảo",
        "Ban  Dân\u00a0vận Tỉnh ủy và đồng bào Hòa Hảo", "Ban Dân\u00ad vận Tỉnh\u200b ủy và đồng bào Hòa Hảo",
        unicodedata.normalize("NFD", "Ban Dân vận Tỉnh ủy và đồng bào Hòa Hảo"),
    ],
)  # fmt: skip
def test_spelling_makes_no_difference(title: str) -> None:
    assert of(title).score == of("Ban Dân vận Tỉnh ủy và đồng bào Hòa Hảo").score > 0.6


@pytest.mark.parametrize("dash", ["-", " - ", "–", " – ", "—", "‑", " "])
def test_kinds_of_dashes_and_quotes_make_no_difference(dash: str) -> None:
    assert is_kept(of(f"Ban Tuyên giáo{dash}Dân vận Huyện ủy"))
    assert is_kept(of(f"Kết quả thực hiện Nghị quyết số 25{dash}NQ/TW"))
    assert is_kept(of("Phong trào ‘Dân vận khéo’")) and is_kept(of('Phong trào "Dân vận khéo"'))


def test_odd_texts_are_judged_too() -> None:
    for text in ("", " ", "\n\n", "…", "İİİ", "<b>", "\x00", "a" * 100_000, "dân " * 9_000):
        assert of(text, text, text, (text,), (text,)).topic == "other"


# ---------------------------------------------------------------- why, and by which rules


def test_why_says_the_words_as_written_by_place_and_how_often() -> None:
    body = "Đối thoại với Nhân dân ở ba xã.\nLại đối thoại với Nhân dân.\nTrận đấu giao hữu."
    verdict = of("Công tác DÂN VẬN năm mới", "Khối Dân vận họp.", body, ("Dân vận khéo",), ("kinh tế",))
    assert verdict.why == (
        "tiêu đề: Công tác DÂN VẬN; sapo: Khối Dân vận; "
        "nội dung: Đối thoại với Nhân dân ×2, −Trận đấu; chuyên mục: Dân vận khéo"
    )
    assert "không có từ nào" in of("Chợ phiên").why


def test_rules_have_a_version_that_changes_with_their_content(tmp_path: Path) -> None:
    copy = tmp_path / "relevance.toml"
    copy.write_bytes(SHIPPED.read_bytes())
    assert load(copy).version == RULES.version != ""
    other = tmp_path / "other.toml"
    other.write_bytes(SHIPPED.read_bytes() + b"\n# one more line\n")
    assert load(other).version != RULES.version


# ---------------------------------------------------------------- bad data

METHOD = SHIPPED.read_text(encoding="utf-8").split("[group.", maxsplit=1)[0]


@pytest.mark.parametrize(
    ("group", "words"),
    [
        ("", ["[group]", "at least one"]),
        ("[groups.x]\nside = 'for'", ["[groups]", "unknown"]),
        ("[group]\nx = 3", ["[group.x]", "table"]),
        ("[group.x]\nside = for", ["line"]),
        ("[group.x]\nside = 'for'\nweight = 1", ["[group.x]", "terms", "list"]),
        ("[group.x]\nside = 'for'\nweight = 1\nterms = []", ["[group.x]", "terms", "list"]),
        ("[group.x]\nside = 'for'\nweight = 1\nterms = 'dân vận'", ["[group.x]", "terms", "list"]),
        ("[group.x]\nside = 'for'\nweight = 1\nterms = [3]", ["[group.x]", "3 is no text"]),
        ("[group.x]\nside = 'for'\nweight = 1\nterms = ['']", ["[group.x]", "terms"]),
        ("[group.x]\nside = 'for'\nweight = 1\nterms = ['dân (vận']", ["[group.x]", "dân (vận", "brackets"]),
        ("[group.x]\nside = 'for'\nweight = 1\nterms = ['dân (a(b|c))']", ["[group.x]", "brackets"]),
        ("[group.x]\nside = 'for'\nweight = 1\nterms = ['dân.*[vận']", ["[group.x]", "brackets"]),
        ("[group.x]\nside = 'for'\nweight = 1\nterms = ['(|a)']", ["[group.x]", "no row of words"]),
        ("[group.x]\nside = 'for'\nweight = 1\nterms = ['dân …']", ["[group.x]", "no row of words"]),
        ("[group.x]\nside = 'for'\nweight = 1\nterms = ['dân|vận']", ["[group.x]", "no row of words"]),
        ("[group.x]\nside = 'for'\nweight = 1\nterms = ['Dân vận']", ["[group.x]", "Dân vận", "small letters"]),
        ("[group.x]\nside = 'for'\nweight = 1\nterms = ['tỉnh uỷ']", ["[group.x]", "tỉnh uỷ", "normalised"]),
        ("[group.x]\nside = 'both'\nweight = 1\nterms = ['a']", ["[group.x]", "both"]),
        ("[group.x]\nside = 'for'\nweight = 2\nterms = ['a']", ["[group.x]", "weight", "2"]),
        ("[group.x]\nside = 'for'\nweight = true\nterms = ['a']", ["[group.x]", "weight"]),
        ("[group.x]\nside = 'for'\nweight = 1\nterms = ['a']\npassing_in_title = 0", ["[group.x]", "passing_in_title"]),
        ("[group.x]\nside = 'for'\nweight = 1\nterms = ['a']\nafter = ['b']", ["[group.x]", "after", "unknown"]),
        ("[group.x]\nside = 'for'\nweight = 1\nterms = ['a']\nnot_followed_by = []", ["[group.x]", "not_followed_by"]),
        (
            "[group.x]\nside = 'for'\nweight = 1\nterms = ['a']\n[group.y]\nside = 'with'\nweight = 1\nterms = ['a']",
            ["[group.y]", "twice", "already in x"],
        ),
    ],
)
def test_bad_groups_are_named_with_file_and_place(tmp_path: Path, group: str, words: list[str]) -> None:
    refused = refusal(tmp_path, METHOD + group)
    assert all(word in refused for word in words), refused


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("doubt =", "doubts =", ["[method] [doubts]", "unknown"]),
        ("doubt = 2.0", "", ["[method] [doubt]", "None"]),
        ("doubt = 2.0", "doubt = 'two'", ["[method] [doubt]", "'two'"]),
        ("doubt = 2.0", "doubt = 0", ["[method] [doubt]", "above 0"]),
        ("reach = 160", "reach = 1.5", ["[method] [reach]", "whole"]),
    ],
)
def test_bad_numbers_are_named_with_file_and_place(tmp_path: Path, old: str, new: str, words: list[str]) -> None:
    assert old in METHOD
    refused = refusal(tmp_path, METHOD.replace(old, new) + "[group.x]\nside = 'for'\nweight = 1\nterms = ['a']")
    assert all(word in refused for word in words), refused


def refusal(folder: Path, text: str) -> str:
    path = folder / "relevance.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RelevanceError) as refused:
        load(path)
    assert str(path) in str(refused.value) and len(str(refused.value).splitlines()) == 1
    return str(refused.value)


def test_a_file_that_is_not_there_or_no_text_is_named(tmp_path: Path) -> None:
    garbage = tmp_path / "garbage.toml"
    garbage.write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "none.toml", tmp_path, garbage):
        with pytest.raises(RelevanceError) as refused:
            load(path)
        assert str(path) in str(refused.value)


def test_what_a_term_needs_beside_it_is_looked_for_in_its_sentence(tmp_path: Path) -> None:
    path = tmp_path / "relevance.toml"
    group = "[group.x]\nside = 'for'\nweight = 1\nterms = ['kết nghĩa']\nneeds_one_of = ['(thôn|bản)']"
    path.write_text(METHOD + group, encoding="utf-8")
    rules = load(path)
    assert judge(rules, "Bản trên kết nghĩa bản dưới", "", "").topic == "dan-van"
    assert judge(rules, "Hai thành phố kết nghĩa. Bản đồ mới", "", "").topic == "other"


# ---------------------------------------------------------------- the shipped data


@pytest.mark.parametrize("name", tomllib.loads(SHIPPED.read_text(encoding="utf-8"))["group"])
def test_every_group_of_the_data_has_its_comment(name: str) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    assert text.split(f"[group.{name}]\n")[1].startswith("#")
