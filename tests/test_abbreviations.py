"""The field's abbreviations work both ways, and what is ambiguous is never expanded blindly."""

from __future__ import annotations

import unicodedata

import pytest

from archive import abbreviations, search
from archive.abbreviations import Abbreviations, AbbreviationsError, Row

KNOWN = abbreviations.load()


@pytest.mark.parametrize(
    ("abbr", "expansions"),
    [
        ("UBND", ("Ủy ban nhân dân",)),
        ("ubnd", ("Ủy ban nhân dân",)),
        ("BCĐ", ("Ban Chỉ đạo",)),
        ("BCD", ("Ban Chỉ đạo",)),  # typed without accents
        ("hdnd", ("Hội đồng nhân dân",)),
        ("KT-XH", ("kinh tế xã hội",)),
        ("KT – XH", ("kinh tế xã hội",)),
        ("CNH,HĐH", ("công nghiệp hóa hiện đại hóa",)),
        ("BTCTU", ("Ban Tổ chức Tỉnh ủy", "Ban Tổ chức Thành ủy")),  # one thing at two levels
        ("BDVTW", ("Ban Dân vận Trung ương",)),
        ("XYZ", ()),
        ("", ()),
    ],
)
def test_an_abbreviation_is_written_out(abbr: str, expansions: tuple[str, ...]) -> None:
    assert KNOWN.expansions(abbr) == expansions


@pytest.mark.parametrize(
    ("phrase", "abbrs"),
    [
        ("Ban Chỉ đạo", ("BCĐ",)),
        ("ban chi dao", ("BCĐ",)),
        ("quốc phòng - an ninh", ("QPAN", "QP-AN")),
        ("cán bộ, đảng viên", ("CBĐV", "CB, ĐV")),
        ("Mặt trận Tổ quốc", ("MTTQ",)),
        ("xây dựng nông thôn mới", ("XDNTM", "XD NTM")),
        ("dân vận khéo", ("DVK",)),
        ("Ban Chỉ đạo tỉnh", ()),
        ("", ()),
    ],
)
def test_a_phrase_is_shortened(phrase: str, abbrs: tuple[str, ...]) -> None:
    assert KNOWN.abbreviations(phrase) == abbrs


@pytest.mark.parametrize(
    "abbr", ["BCH", "BTV", "TT", "CT", "TU", "QĐ", "HD", "TB", "KH", "ĐV", "CĐ", "BTG", "HCM", "DV"]
)
def test_an_ambiguous_one_is_expanded_only_for_the_reader_to_choose(abbr: str) -> None:
    assert KNOWN.is_ambiguous(abbr)
    assert KNOWN.expansions(abbr) == ()
    meanings = KNOWN.expansions(abbr, ambiguous=True)
    assert len(meanings) > 1
    for meaning in meanings:
        assert abbr not in KNOWN.abbreviations(meaning)
        assert abbr in KNOWN.abbreviations(meaning, ambiguous=True)


def test_the_two_meanings_of_bch_are_told() -> None:
    assert KNOWN.expansions("BCH", ambiguous=True) == ("Ban Chấp hành", "Bộ Chỉ huy", "Ban Chỉ huy")


def test_an_ambiguous_one_typed_without_accents_stays_ambiguous() -> None:
    assert KNOWN.is_ambiguous("QD") and KNOWN.expansions("QD") == ()
    assert "quyết định" in KNOWN.expansions("QD", ambiguous=True)


def test_the_province_and_the_centre_stay_apart() -> None:
    for central in ("TW", "TƯ", "T.Ư", "tw", unicodedata.normalize("NFD", "TƯ")):
        assert KNOWN.expansions(central) == ("Trung ương",)
    assert KNOWN.abbreviations("Trung ương") == ("TW", "TƯ", "T.Ư", "T.W")
    assert KNOWN.expansions("TU", ambiguous=True) == ("Tỉnh ủy", "Thành ủy", "Thị ủy")
    assert "Ủy viên Trung ương" not in KNOWN.expansions("UVTU", ambiguous=True)
    assert KNOWN.expansions("UBTU MTTQ") == ()


@pytest.mark.parametrize("word", ["tu", "tư", "thu", "Thu", "THU", "hu", "qu", "đu", "du", "da", "Da"])
def test_a_word_is_no_abbreviation(word: str) -> None:
    assert KNOWN.expansions(word, ambiguous=True) == ()


def test_one_that_could_be_a_word_counts_as_it_is_written() -> None:
    assert (KNOWN.expansions("ThU"), KNOWN.expansions("QU")) == (("Thành ủy",), ("Quận ủy",))


def test_every_row_is_whole_and_stands_once() -> None:
    seen = [(row.abbr, row.expansion) for row in KNOWN.rows]
    assert len(seen) == len(set(seen)) > 200
    for row in KNOWN.rows:
        for text in (row.abbr, row.expansion, row.group):
            assert text and text == text.strip() == search.normalise(text)
        assert row.expansion in KNOWN.expansions(row.abbr, ambiguous=True)
        assert row.abbr in KNOWN.abbreviations(row.expansion, ambiguous=True)
        # So that phrases meet however they are punctuated, and ambiguity is never left out by accident:
        assert "," not in row.expansion and " - " not in row.expansion
        if row.ambiguous:
            assert len(KNOWN.expansions(row.abbr, ambiguous=True)) > 1, row.abbr


def test_rows_that_disagree_on_ambiguity_are_refused() -> None:
    with pytest.raises(AbbreviationsError, match="BCH"):
        Abbreviations([Row("BCH", "Ban Chấp hành", "party", True), Row("BCH", "Ban Chỉ huy", "military", False)])
