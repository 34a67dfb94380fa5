"""A text's documents are found in all the forms that editors write, each once, and nothing else is taken for one."""

from __future__ import annotations

import unicodedata

import pytest

from archive.citing.find import Citation, find

# Forms: the words, and what must be found, as "code" or "code | kind | date | issuer" (an empty part is not asked).
PARTY = [
    ("Cả bản nghe đọc Nghị quyết số 31-NQ/TW bên bếp lửa", ["31-NQ/TW | Nghị quyết | | Trung ương"]),
    ("Bà con bàn Nghị quyết 31 – NQ/TW", ["31-NQ/TW"]),
    ("Bà con bàn Nghị quyết 31 —NQ / TW", ["31-NQ/TW"]),
    ("Nghị quyết số: 31- NQ/TW dán ở nhà văn hóa", ["31-NQ/TW"]),
    ("Nghị quyết 31NQ/TW dán ở nhà văn hóa", ["31-NQ/TW"]),
    ("Nghị quyết 31-NQTW dán ở nhà văn hóa", ["31-NQ/TW"]),
    ("Nghị quyết 31 NQ TW và 31-NQ TW", ["31-NQ/TW"]),
    ("Kết luận 62 KL/TW được chép tay", ["62-KL/TW | Kết luận"]),
    ("Chỉ thị số 33/CT/TW và Chỉ thị số 34/CT-TW", ["33-CT/TW | Chỉ thị", "34-CT/TW | Chỉ thị"]),
    ("Nghị quyết 22-TW của Bộ Chính trị", ["22-NQ/TW | | | Bộ Chính trị"]),
    ("Chỉ thị số 37-CT/T.Ư của Ban Bí thư", ["37-CT/TW | Chỉ thị | | Ban Bí thư"]),
    ("Chỉ thị số 37-CT/TƯ, Chỉ thị số 37-CT/TU", ["37-CT/TW", "37-CT/TU | | | Tỉnh ủy Sông Lam"]),
    ("NQ số 31-NQ/TW; KL 62-KL/TW", ["31-NQ/TW | Nghị quyết", "62-KL/TW | Kết luận"]),
    ("nghị quyết số 31-nq/tw viết chữ thường", ["31-NQ/TW"]),
    ("NGHỊ QUYẾT SỐ 31-NQ/TW - TỪ GIẤY RA ĐỒNG RUỘNG", ["31-NQ/TW | Nghị quyết"]),
    ("Quy định số 14-QÐi/TW", ["14-QĐi/TW | Quy định"]),  # Ð is U+00D0
    ("Quyết định số 61 QĐ/TWĐTN", ["61-QĐ/TWĐTN"]),
    ("Kế hoạch số 19- KH/TƯH", ["19-KH/TWH"]),
    ("Hướng dẫn 11-HD/BDVTW của Ban Dân vận", ["11-HD/BDVTW | Hướng dẫn | | Ban Dân vận Trung ương"]),
    ("Kế hoạch 71-KH/BTGDVTU", ["71-KH/BTGDVTU | | | Ban Tuyên giáo và Dân vận Tỉnh ủy Sông Lam"]),
    ("Nghị quyết 06-NQ/HU của Huyện ủy Suối Mơ về rừng", ["06-NQ/HU | | | Huyện ủy Suối Mơ"]),
    ("Nghị quyết 06-NQ/ThU, Kế hoạch 41-KH/QU", ["06-NQ/ThU | | | Thành ủy (Sông Lam)", "41-KH/QU"]),
    ("Nghị quyết 88-NQ/ĐUBP", ["88-NQ/ĐUBP | | | Đảng ủy Bộ đội Biên phòng tỉnh Sông Lam"]),
    ("Thông báo kết luận số 93-TB/TU", ["93-TB/TU | Thông báo kết luận"]),
    ("Chương trình hành động số 27-CTr/TU", ["27-CTr/TU | Chương trình hành động"]),
    ("Chương trình số 27-Ctr/TU", ["27-CTr/TU | Chương trình"]),
    ("Nghị quyết chuyên đề số 09-NQ/TU", ["09-NQ/TU | Nghị quyết"]),
    ("Thông tri số 16-TT/TU", ["16-TT/TU | Thông tri"]),
    ("gửi kèm 16-TT/TU", ["16-TT/TU | Thông tri"]),
    ("Văn bản số 501-CV/TU và Giấy mời số 7-GM/TU", ["501-CV/TU | Công văn", "7-GM/TU | Giấy mời"]),
]
STATE = [
    ("Nghị định 15/2017/NĐ - CP, ngày 9/2/2017", ["15/2017/NĐ-CP | Nghị định | 2017-02-09 | Chính phủ"]),
    ("Quyết định số 47/2016/QĐ-TTg", ["47/2016/QĐ-TTg | Quyết định | 2016 | Thủ tướng Chính phủ"]),
    ("QUYẾT ĐỊNH SỐ 471/QĐ-TTG", ["471/QĐ-TTg"]),
    ("Quyết định số 471-QĐ/TTg", ["471/QĐ-TTg"]),
    ("Luật số 17/2023/QH15", ["17/2023/QH15 | Luật | 2023 | Quốc hội"]),
    ("Luật Hợp tác xã (số 17/2023/QH15)", ["17/2023/QH15 | Luật"]),
    ("Nghị quyết số 43/2022/QH15", ["43/2022/QH15 | Nghị quyết"]),
    ("Bộ luật Dân sự số 91/2015/QH13", ["91/2015/QH13 | Bộ luật"]),
    ("Pháp lệnh 02/2020/PL-UBTVQH14", ["02/2020/PL-UBTVQH14 | Pháp lệnh | | Ủy ban Thường vụ Quốc hội"]),
    ("Công văn số 318/UBDT-CSDT", ["318/UBDT-CSDT | Công văn | | Ủy ban Dân tộc"]),
    ("Công văn 77/SNV-TCBC&CC của Sở Nội vụ", ["77/SNV-TCBC&CC | Công văn"]),
    ("Kế hoạch số 64-KH/UBND", ["64/KH-UBND | | | Ủy ban nhân dân tỉnh Sông Lam"]),
    ("Nghị quyết 23/2019/NQ-HĐND của HĐND tỉnh", ["23/2019/NQ-HĐND"]),
    ("Kế hoạch 64/KH-UBND của UBND huyện Suối Mơ", ["64/KH-UBND | | | Ủy ban nhân dân huyện Suối Mơ"]),
    ("Chỉ thị số 08/CT-CTUBND", ["08/CT-CTUBND | | | Chủ tịch Ủy ban nhân dân tỉnh Sông Lam"]),
    ("Tờ trình số 212/TTr-BDT, Báo cáo số 99/BC-SYT", ["212/TTr-BDT | Tờ trình", "99/BC-SYT | Báo cáo"]),
    ("Nghị quyết số 70.12/2026/NQ-CP", ["70.12/2026/NQ-CP"]),
    ("Nghị định 26/CP thời bao cấp", ["26/CP | Nghị định"]),
    ("Nghị định số 55/TTg, Công văn số 9/TTg-TH", ["55/TTg | Nghị định", "9/TTg-TH | Công văn"]),
    ("theo TT 08/2021/TT-BNV", ["08/2021/TT-BNV | Thông tư | 2021 | Bộ Nội vụ"]),
    ("Thông tư liên tịch số 03/2014/TTLT-BTP-BNV", ["03/2014/TTLT-BTP-BNV | Thông tư liên tịch"]),
]
FRONT_AND_JOINT = [
    ("Nghị quyết số 12/NQ/ĐCT-MTTW", ["12/NQ-ĐCT-MTTW"]),
    ("Hướng dẫn số 33/HD - MTTW - BTT ngày 2-3-2016", ["33/HD-MTTW-BTT | Hướng dẫn | 2016-03-02"]),
    ("Thông tri số 28/TTr-MTTW-BTT", ["28/TTr-MTTW-BTT | Thông tri"]),
    ("Kế hoạch số 05/KH- UBH", ["05/KH-UBH"]),
    ("Quy chế phối hợp số 04-QCPH/BDVTU-CA", ["04-QCPH/BDVTU-CA | Quy chế phối hợp"]),
    ("Quy chế số 05-QC/BTCTU-BDVTU", ["05-QC/BTCTU-BDVTU | Quy chế"]),
    ("Chương trình phối hợp 13/CTr-BCA-TTTW", ["13/CTr-BCA-TTTW | Chương trình phối hợp"]),
    ("Nghị quyết liên tịch 06/2011/NQLT-CP-UBTWMTTQ", ["06/2011/NQLT-CP-UBTWMTTQ | Nghị quyết liên tịch"]),
    ("Kế hoạch liên tịch số 17-KHLT/BDV-CA-BCHQS", ["17-KHLT/BDV-CA-BCHQS | Kế hoạch liên tịch"]),
]
TOGETHER = [
    ("Quyết định 315, 316-QĐ/TW", ["315-QĐ/TW", "316-QĐ/TW"]),
    ("Quyết định 315 và 316-QĐ/TW", ["315-QĐ/TW", "316-QĐ/TW"]),
    ("các Quyết định số 315,316 - QĐ/TW", ["315-QĐ/TW", "316-QĐ/TW"]),
    ("các quyết định số 315, số 316 và số 317-QĐ/TW", ["315-QĐ/TW", "316-QĐ/TW", "317-QĐ/TW"]),
    ("Quyết định 315-QĐ, 316-QĐ/TW", ["315-QĐ/TW", "316-QĐ/TW"]),
    ("Quyết định 315-QĐ/TW và 316 của Bộ Chính trị", ["315-QĐ/TW", "316-QĐ/TW"]),
    ("Quyết định 315, 316 của Bộ Chính trị", ["315-QĐ/TW | | | Bộ Chính trị", "316-QĐ/TW"]),
    ("Quy định 81-QĐ/TW, 82-QĐ/TW", ["81-QĐ/TW | Quy định", "82-QĐ/TW | Quy định"]),
    ("Thông tư 02 và 03/2020/TT-BNV", ["02/2020/TT-BNV", "03/2020/TT-BNV"]),
    ("Nghị định 21/2014, 22/2015/NĐ-CP", ["21/2014/NĐ-CP", "22/2015/NĐ-CP"]),
    ("Quyết định 315 và 316-QĐ/TW ngày 1/2/2014", ["315-QĐ/TW | | 2014-02-01", "316-QĐ/TW | | 2014-02-01"]),
    ("Nghị quyết 41-NQ/TW và 42-NQ/TW ngày 5/6/2018", ["41-NQ/TW | | 2018-06-05", "42-NQ/TW | | 2018-06-05"]),
]
SHORT = [
    ("Chỉ thị 09 của Thủ tướng Chính phủ", ["09/CT-TTg | Chỉ thị | | Thủ tướng Chính phủ"]),
    ("Chỉ thị số 09 của Bộ Chính trị", ["09-CT/TW"]),
    ("Chỉ thị 73 của Đảng ủy BĐBP", ["73-CT/ĐU | | | Đảng ủy BĐBP (Sông Lam)"]),
    ("NQ31 của Ban Chấp hành Trung ương", ["31-NQ/TW | Nghị quyết | | Ban Chấp hành Trung ương"]),
    ("Nghị quyết số 12 của Ban Thường vụ Tỉnh ủy", ["12-NQ/TU | | | Tỉnh ủy Sông Lam"]),
    ("Ban Thường vụ Tỉnh ủy Hà Nam đã ban hành Chỉ thị 26", ["26-CT/TU | | | Tỉnh ủy Hà Nam"]),
    ("Nghị định 58/2020 cho phép", ["58/2020/NĐ-CP"]),
    ("Nghị quyết số 119/2020 của Quốc hội khóa XIV", ["119/2020/QH14 | Nghị quyết"]),
    ("Quyết định 19/2018 của Thủ tướng", ["19/2018/QĐ-TTg"]),
    ("Hướng dẫn số 4 của Ban Tổ chức Trung ương", ["4-HD/BTCTW"]),
    ("Đọc NQ8B trong chiều đông", ["8B-NQ/HNTW | Nghị quyết | 1990-03-27"]),
    ("Nghị quyết 30a về huyện nghèo", ["30a/2008/NQ-CP"]),
    ("Nghị quyết 44 và Chỉ thị 17 đi vào lòng dân", []),  # anybody's
    ("Nghị quyết 44-NQ/TU ra đời. Sau ba năm, Nghị quyết 44 và NQ44 đã bén rễ", ["44-NQ/TU"]),
    ("Chương trình 135 và Đề án 06 của Chính phủ", []),  # programmes
]
NO_DOCUMENTS = [
    "Giấy phép số 35/GP-STTTT", "Gọi 0261.3999.888 hoặc 0261-3999", "Đội Bến Gỗ thắng 3-1 lúc 16h30",
    "Biểu quyết 21/25, đạt 98,5 % trong 03/2019", "Xe 47B-123.45 chở 30 bao", "Quyết định số và dấu đỏ",
    "theo số 12/2015, khóa QH15", "https://vi-du.invalid/van-ban/31-NQ/TW.html", "Tệp: 31-NQ-TW.pdf",
    "Kế hoạch 5 năm 2021-2025 của Chính phủ", "Nghị quyết Trung ương 4 khóa XII", "15 chỉ thị, 3 nghị quyết",
    "20 TB-CP, kênh 5-HD/TV",
    "Mã số 12-TB/PC, mẫu 02-TT", "Sư đoàn 3/QK1, QL14-ĐT, tổ 5-KP2", "cấp 5 GB/CT và 12 TB NSNN",
    "Kết luận 3 nội dung của Bộ Chính trị", "Luật Đất đai, Điều lệ Đảng", "thửa đất số 25-BĐ/HT, lô 12/QH",
]  # fmt: skip
FORMS = [*PARTY, *STATE, *FRONT_AND_JOINT, *TOGETHER, *SHORT]


def cited(text: str, province: str = "Sông Lam", published: str = "") -> list[Citation]:
    return find(text, province=province, published=published)


def as_asked(citation: Citation, asked: str) -> str:
    """A citation written as far as it is asked for."""
    said = (citation.code, citation.kind, citation.date, citation.issuer)
    parts = [part.strip() for part in asked.split("|")]
    return " | ".join(own if part else "" for own, part in zip(said, parts, strict=False))


def check(text: str, expected: list[str], found: list[Citation]) -> None:
    assert [citation.code for citation in found] == [each.split("|")[0].strip() for each in expected], text
    for citation, asked in zip(found, expected, strict=True):
        assert as_asked(citation, asked) == " | ".join(part.strip() for part in asked.split("|"))


@pytest.mark.parametrize(("text", "expected"), FORMS, ids=[text for text, _ in FORMS])
def test_a_document_is_found_in_every_form(text: str, expected: list[str]) -> None:
    check(text, expected, cited(text))


@pytest.mark.parametrize("text", NO_DOCUMENTS)
def test_what_looks_like_a_code_is_none(text: str) -> None:
    assert cited(text) == []


@pytest.mark.parametrize(
    "disguise",
    [
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: text.replace(" ", "\u00a0"),
        lambda text: text.replace("Đ", "\u00d0"),
        lambda text: text.replace("-", "\u2013"),
        lambda text: text.replace("số", "\u200bsố\u00ad"),
        lambda text: text.replace("- ", "-\n"),
        lambda text: f"Sáng nay, bà con quét sân.\n\n{text}.\n\nChiều có mưa.",
    ],
    ids=["NFD", "no-break blanks", "Icelandic D", "en dashes", "invisible", "line breaks", "amid a text"],
)
def test_how_it_was_typed_makes_no_difference(disguise: object) -> None:
    assert callable(disguise)
    for text, expected in FORMS:
        typed = disguise(text)
        found = cited(typed)
        check(text, expected, found)
        for citation in found:
            assert citation.quote in typed
            assert typed[citation.start : citation.end] in citation.quote


DATES = [
    ("Chỉ thị 52-CT/TU ngày 25/9/2015", "2015-09-25"), ("Chỉ thị 52-CT/TU, ngày 05-3-2003", "2003-03-05"),
    ("Chỉ thị 52-CT/TU ngày 1.5.2022", "2022-05-01"), ("Chỉ thị 52-CT/TU (28/2/2025)", "2025-02-28"),
    ("Chỉ thị 52-CT/TU ngày 03 tháng 6 năm 2013", "2013-06-03"), ("Chỉ thị 52-CT/TU tháng 4-2007", "2007-04"),
    ("Chỉ thị 52-CT/TU (tháng 4 năm 2007)", "2007-04"), ("Chỉ thị 52-CT/TU năm 2011", "2011"),
    ("Chỉ thị 52-CT/TU (năm 2011)", "2011"), ("Chỉ thị 52-CT/TU ngày 12 / 3/ 2003", "2003-03-12"),
    ("Chỉ thị 52-CT/TU của Ban Thường vụ Tỉnh ủy ngày 13/2/2018", "2018-02-13"),
    ("Chỉ thị 52-CT/TU (khóa IX), ngày 13/2/2018", "2018-02-13"), ("Chỉ thị 52-CT/TU … ngày 13/2/2018", "2018-02-13"),
    ("Chỉ thị 52-CT/TU được ban hành ngày 13/2/2018", "2018-02-13"),
    ("Ngày 25/9/2015, Tỉnh ủy ban hành Chỉ thị số 52-CT/TU", "2015-09-25"),
    ("Sáng 12/4/2022, huyện tổng kết Chỉ thị 52-CT/TU", ""), ("Chỉ thị 52-CT/TU, năm 2022, xã đã làm", ""),
    ("Chỉ thị 52-CT/TU ngày 31/2/2015", ""), ("Chỉ thị 52-CT/TU ngày 20/3", ""),
    ("Chỉ thị 52-CT/TU. Ngày 2/3/2020, họp xã", ""), ("Chỉ thị 52-CT/TU vừa tròn 3 năm; 5/6/2020 họp", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "date"), DATES, ids=[text for text, _ in DATES])
def test_its_date_is_the_one_that_is_said_of_it(text: str, date: str) -> None:
    assert [(citation.code, citation.date) for citation in cited(text)] == [("52-CT/TU", date)]


def test_a_day_without_year_is_the_last_one_before_the_article() -> None:
    text = "Thông báo số 18/TB-VPCP ngày 20/12"
    assert cited(text, published="2020-02-01T08:00:00+07:00")[0].date == "2019-12-20"
    assert cited(text, published="2020-12-20T08:00:00+07:00")[0].date == "2020-12-20"


def test_the_day_of_the_meeting_is_not_the_day_of_the_plan() -> None:
    text = "Thực hiện Kế hoạch 12-KH/BDVTU, ngày 15/3/2022, Ban Dân vận tổ chức hội thi."
    assert cited(text, published="2022-03-16T08:00:00+07:00")[0].date == ""
    old = "Thực hiện Kế hoạch 12-KH/BDVTU, ngày 15/3/2019, các xã đã tổ chức hội thi."
    assert cited(old, published="2022-03-16T08:00:00+07:00")[0].date == "2019-03-15"


ISSUERS = [
    ("Gia Lai", "Chỉ thị 52-CT/TU", "Tỉnh ủy Gia Lai"),
    ("Gia Lai", "Chỉ thị 52-CT/TU của Tỉnh uỷ Hà Nam về đê", "Tỉnh ủy Hà Nam"),
    ("Gia Lai", "Tỉnh ủy Bắc Giang ban hành Chỉ thị 52-CT/TU", "Tỉnh ủy Bắc Giang"),
    ("Gia Lai", "Chỉ thị 52-CT/TU của Thị ủy Ngã Ba", "Thị ủy Ngã Ba"),
    ("Hà Nội", "Chỉ thị 52-CT/TU", "Thành ủy Hà Nội"),
    ("TP Hồ Chí Minh", "Chỉ thị 52-CT/TU", "Thành ủy TP Hồ Chí Minh"),
    ("Quảng Nam", "Chỉ thị 52-CT/TU của Thành ủy Đà Nẵng", "Thành ủy Đà Nẵng"),
    ("Trung ương", "Chỉ thị 52-CT/TU", "Tỉnh ủy"),
    ("", "Chỉ thị 52-CT/TW, ngày 2/3/2004 của BBT", "Ban Bí thư"),
    ("", "Bộ Chính trị ban hành Chỉ thị 52-CT/TW", "Bộ Chính trị"),
    ("", "Chỉ thị 52-CT/TW (Bộ Chính trị, 27/9/2019)", "Bộ Chính trị"),
    ("Gia Lai", "Chỉ thị 52-CT/ĐU của Đảng ủy xã Ia Mây", "Đảng ủy xã Ia Mây (Gia Lai)"),
]


@pytest.mark.parametrize(("province", "text", "issuer"), ISSUERS, ids=[text for _, text, _ in ISSUERS])
def test_the_issuer_is_read_from_code_words_and_province(province: str, text: str, issuer: str) -> None:
    assert [citation.issuer for citation in cited(text, province)] == [issuer]


def test_the_type_word_decides_the_kind_and_the_letters_only_where_none_stands() -> None:
    kinds = {
        text: cited(text)[0].kind
        for text in (
            "Quy định 63-QĐ/TW", "Quyết định 63-QĐ/TW", "nêu tại 63-QĐ/TW", "Quy định về nêu gương (63-QĐ/TW)",
            "Quy chế số 63-QĐ/TW",
        )
    }  # fmt: skip
    assert list(kinds.values()) == ["Quy định", "Quyết định", "Quyết định", "Quy định", "Quy chế"]


def test_a_document_cited_often_is_cited_once_and_a_later_mention_completes_it() -> None:
    text = "Nghị quyết 31-NQ/TW mở lối. Nghị quyết số 31 – NQ/TW, ngày 3/6/2013 của Ban Chấp hành Trung ương còn mới."
    (citation,) = cited(text)
    assert (citation.date, citation.issuer) == ("2013-06-03", "Ban Chấp hành Trung ương")
    assert citation.quote == "Nghị quyết 31-NQ/TW mở lối"


def test_the_same_number_of_two_terms_is_two_documents() -> None:
    text = "Nghị quyết 10-NQ/TW ngày 18/1/2002 rồi Nghị quyết 10-NQ/TW ngày 3/6/2017"
    assert [citation.date for citation in cited(text)] == ["2002-01-18", "2017-06-03"]


def test_a_quote_is_the_clause_as_written_and_no_longer_than_a_breath() -> None:
    text = f"Trời mưa. {'Bà con ' * 60}theo Chỉ thị số  52 -CT/TU {'vui cấy lúa ' * 60}. Hết."
    (citation,) = cited(text)
    assert citation.quote in text
    assert "Chỉ thị số  52 -CT/TU vui" in citation.quote
    assert len(citation.quote) <= 210
    assert not citation.quote.startswith("on")


def test_texts_without_numbers_and_empty_ones_cite_nothing() -> None:
    assert cited("") == cited("Bà con quét sân.") == cited("2024 2025 – / 7") == []
