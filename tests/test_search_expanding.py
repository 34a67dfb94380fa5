"""What else may stand for the words of a query; and one form for every form of an address."""

from __future__ import annotations

import pytest

from archive import abbreviations, search
from archive.search.addresses import address_key, is_address
from archive.search.expanding import BEGINNINGS, CitedCode, Expanded, compact, expand, wanted


def expanded(typed: str, beginnings: dict[str, list[str]] | None = None, code: str = "") -> Expanded:
    codes = {compact(code): CitedCode(code, "c1")} if code else {}
    return expand(search.parse(typed), beginnings or {}, codes, abbreviations.load())


def as_typed(match: str) -> str:
    """An FTS5 expression, its folded words in letters that one can read."""
    return search.plain(match) or ""


def phrases(typed: str, **how: object) -> set[str]:
    """What the query is looked for as: all that stands in quotes."""
    query = expanded(typed, **how).query  # type: ignore[arg-type]
    return set(as_typed(query.match(folded=not query.accented)).lower().split('"')[1::2])


@pytest.mark.parametrize(
    ("typed", "looked_for"),
    [
        ("BĐBP", {"bđbp", "bộ đội biên phòng"}),
        ("bdbp", {"bdbp", "bo doi bien phong"}),
        ("tặng BĐBP tỉnh", {"tặng bđbp tỉnh", "tặng bộ đội biên phòng tỉnh"}),
        ("bộ đội biên phòng", {"bđbp", "bộ đội biên phòng"}),
        ('"bộ đội biên phòng"', {"bộ đội biên phòng"}),
        ("BCH", {"bch"}),
        ("từ", {"từ"}),
        ("tu", {"tu"}),
        ("TƯ", {"tư", "trung ương", "tw", "t ư", "t w"}),
    ],
)
def test_abbreviations_go_both_ways_and_ambiguous_ones_stay(typed: str, looked_for: set[str]) -> None:
    assert phrases(typed) == looked_for


def test_what_was_looked_for_as_well_and_what_may_be_meant_is_told() -> None:
    assert "Bộ đội Biên phòng" in expanded("BĐBP xã").aliases["BĐBP"]
    assert set(expanded("BCH xã").ambiguous["BCH"]) >= {"Ban Chấp hành", "Bộ Chỉ huy"}
    assert expanded("con trâu").aliases == {}


def test_many_abbreviations_do_not_multiply_without_end() -> None:
    match = expanded(" ".join(["TƯ MTTQ UBND"] * 12)).query.match(folded=False)
    assert match.count('"') <= 2 * 24


@pytest.mark.parametrize(
    "typed",
    ["25-NQ/TW", "25 - NQ/TW", "25–NQ/TW", "25NQTW", "25 nq tw", "25-NQ/TƯ", "25-nq/t.ư", "025-NQ/TW", "25.NQ-TW"],
)
def test_a_code_in_any_spelling_finds_the_articles_that_cite_it(typed: str) -> None:
    found = expanded(f"Nghị quyết {typed} về dân vận", code="25-NQ/TW")
    assert found.codes == ("25-NQ/TW",)
    match = found.query.match(folded=True)
    assert search.tokens_of_filters("c1") in match and '"25 nq tw"' in as_typed(match)
    assert search.tokens_of_filters("c1") not in found.query.match(folded=True, title=True), "a title does not cite"


def test_a_code_of_the_province_is_not_one_of_the_centre() -> None:
    assert expanded("25-NQ/TU", code="25-NQ/TW").codes == ()
    assert expanded("125-NQ/TW", code="25-NQ/TW").codes == ()
    assert not wanted(search.parse("25 2019 1")).codes, "numbers alone"


def test_a_beginning_is_written_out_and_said_where_it_is_cut_short() -> None:
    words = [f"ngh{i}" for i in range(BEGINNINGS + 1)]
    whole, cut = expanded("ngh*", {"ngh": words[:3]}), expanded("ngh*", {"ngh": words})
    assert as_typed(whole.query.match(folded=True)).count('"ngh') == 3 and whole.beginnings == ()
    assert as_typed(cut.query.match(folded=True)).count('"ngh') == BEGINNINGS and cut.beginnings == ("ngh",)
    assert " *" not in cut.query.match(folded=True)
    assert wanted(search.parse("nghị* con")).beginnings == {"nghị", "nghi"}


def test_words_typed_with_accents_keep_them_and_the_others_take_any() -> None:
    mixed = as_typed(search.parse("công tac dân vận").match(accents=search.MIXED))
    assert '"cong tac dan van"' in mixed and '"dân vận"' in mixed and '"công"' in mixed
    assert "tac dân" not in mixed
    levels = [reading.accents for reading in search.parse("công tac").readings()]
    assert levels == [search.EXACT, search.MIXED, search.EXACT, search.MIXED, search.FOLDED, search.FOLDED]
    assert {reading.accents for reading in search.parse("dân vận 25").readings()} == {search.EXACT, search.FOLDED}


@pytest.mark.parametrize(
    "form",
    [
        "https://www.danvan.example/Tin-tuc/bai-viet-25.html/",
        "http://danvan.example:80/tin-tuc//bai-viet-25.html?utm_source=zalo&fbclid=1#cuoi",
        "danvan.example/tin-tuc/bai-viet-25.html;jsessionid=9A?sid=77",
        "<https://m.danvan.example/tin-tuc/b%C3%A0i-viet-25.html>".replace("%C3%A0", "a"),
    ],
)
def test_all_forms_of_an_address_are_one(form: str) -> None:
    assert is_address(form)
    assert address_key(form) == "danvan.example/tin-tuc/bai-viet-25.html"


def test_what_tells_articles_apart_stays_in_an_address() -> None:
    assert address_key("http://a.example/?id=5&page=2") == address_key("a.example/index.php?page=2&id=5")
    assert address_key("http://a.example/?id=5") != address_key("http://a.example/?id=6")
    assert address_key("http://[::bad") == address_key("") == ""


@pytest.mark.parametrize("typed", ["dân vận", "25-NQ/TW", "59/2023/NĐ-CP", "T.Ư", "v.v.", "...", "a/b", "", "x@y.vn"])
def test_words_are_no_address(typed: str) -> None:
    assert not is_address(typed)
