"""What the search box promises, asked of a real index made by a real publishing."""

from __future__ import annotations

import random
import sqlite3
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from invented import keep, the_articles

from archive import search
from archive.publish import publish


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    data_dir: Path = tmp_path_factory.mktemp("data")
    keep(data_dir, the_articles())
    connection = sqlite3.connect(f"file:{publish(data_dir).path}?mode=ro", uri=True)
    yield connection
    connection.close()


def hits(copy: sqlite3.Connection, match: str) -> set[str]:
    sql = "select key from articles where seq in (select rowid from articles_fts where articles_fts match ?)"
    return {key.removeprefix("vi/news/") for (key,) in copy.execute(sql, [match])}


def answer(copy: sqlite3.Connection, typed: str, **step: bool) -> tuple[set[str], search.Reading | None]:
    """What a reader gets: the hits of the first reading that has any."""
    for reading in search.parse(typed).readings(**step):
        if found := hits(copy, reading.match):
            return found, reading
    return set(), None


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("dan van kheo", {"kheo"}),
        ("dân vận khéo", {"kheo"}),
        ("DÂN VẬN KHÉO", {"kheo"}),
        ("Đảng", {"party"}),
        ("Ðảng", {"party"}),  # U+00D0, from old keyboards
        ("dang", {"party", "now"}),
        ("đang", {"now"}),
        ("dâng", {"now"}),
        ("25-NQ/TW", {"number"}),
        ("25 – NQ/TW", {"number"}),
        ("25 nq tw", {"number"}),
        ("25 -NQ/TW", {"number"}),
        ("Tỉnh uỷ", {"committee"}),
        ("Tỉnh ủy", {"committee"}),
        ("tinh uy", {"committee"}),
        ("hòa vui", {"committee"}),
        ("hoà vui", {"committee"}),
        ('"nước chè"', {"kheo"}),
        ("“nước chè”", {"kheo"}),
        ("chuối OR gốm", {"apart", "full"}),
        ("làng -gốm", {"party", "central"}),
        ("làng NOT gốm", {"party", "central"}),
        ('làng -"làng chài"', {"party", "full"}),
        ("nghị quy*", {"number"}),
        ("chuo*", {"apart"}),
    ],
)
def test_finds_what_it_should(copy: sqlite3.Connection, typed: str, expected: set[str]) -> None:
    found, _ = answer(copy, typed)
    assert found == expected


def test_typed_in_decomposed_letters_finds_the_same(copy: sqlite3.Connection) -> None:
    found, reading = answer(copy, unicodedata.normalize("NFD", "dân vận khéo"))
    assert found == {"kheo"}
    assert reading is not None and not reading.folded


def test_words_without_quotes_are_a_phrase_first_and_apart_one_step_away(copy: sqlite3.Connection) -> None:
    found, reading = answer(copy, "dân vận")
    assert "apart" not in found, "a text with nhân dân and vận động, but not dân vận"
    assert reading is not None and not reading.apart
    looser, reading = answer(copy, "dân vận", apart=True)
    assert found | {"apart"} == looser
    assert reading is not None and reading.apart


def test_a_phrase_across_two_words_is_found_too_which_is_a_known_limit(copy: sqlite3.Connection) -> None:
    # người dân | vận chuyển: the words do stand side by side, and no segmentation tells them apart.
    found, _ = answer(copy, "dân vận")
    assert found == {"kheo", "carrier"}


def test_words_that_never_stand_together_are_found_apart(copy: sqlite3.Connection) -> None:
    found, reading = answer(copy, "cam lá chuối")
    assert found == {"apart"}
    assert reading is not None and reading.apart


def test_accents_that_nothing_has_are_ignored_and_it_is_said(copy: sqlite3.Connection) -> None:
    found, reading = answer(copy, "nước chẻ")
    assert found == {"kheo"}
    assert reading is not None and reading.folded


def test_central_and_provincial_stay_apart_with_and_without_accents(copy: sqlite3.Connection) -> None:
    assert answer(copy, "cong tac BCH TW")[0] == {"central"}
    assert answer(copy, "BCH TƯ")[0] == {"central"}
    assert "central" not in answer(copy, "tu")[0]
    assert "provincial" in answer(copy, "tu")[0]
    assert "provincial" not in answer(copy, "tw")[0]


def test_the_syllable_tu_in_capitals_is_not_the_central_committee() -> None:
    assert search.fold("ĐẦU TƯ XÂY DỰNG, TƯ TƯỞNG") == "DAU TU XAY DUNG, TU TUONG"
    assert search.fold("25-NQ/TƯ, T.Ư Đảng, BCH TƯ ĐẢNG") == "25-NQ/TW, T.W Dang, BCH TW DANG"


def test_one_form_for_every_tone_placement() -> None:
    assert search.normalise("uỷ hoà khoẻ UỶ HOÀ thuý") == "ủy hòa khỏe ỦY HÒA thúy"
    assert search.normalise("quý hoàn huỳnh quả toàn") == "quý hoàn huỳnh quả toàn"


def test_normalising_and_folding_keep_length_and_words() -> None:
    chance = random.Random(3)
    letters = [chr(c) for c in (*range(32, 0x250), *range(0x1EA0, 0x1F00), 0x2013, 0x201C)]
    for _ in range(500):
        text = search.visible("".join(chance.choices(letters, k=60)) + " TƯ uỷ T.Ư")
        for form in (search.normalise, search.fold):
            assert len(form(text)) == len(text)
            assert len(search.words(form(text))) == len(search.words(text))


def test_invisible_characters_hide_nothing() -> None:
    assert search.normalise("dân\u200b v\u00adận") == "dân vận"
    assert search.words(search.normalise("kh\ufefféo")) == ["khéo"]


HOSTILE = [
    *(
        "",
        " ",
        '"',
        '""',
        '"""',
        "'",
        "*",
        "**",
        "-",
        "--",
        "- -",
        "()",
        "(",
        ")",
        "((((",
        "AND",
        "OR",
        "NOT",
    ),
    *("OR OR", "AND NOT OR", "NEAR(", "NEAR(dân vận, 2)", "dân NEAR", "^dân", "{title}:dân", "title:dân"),
    *(
        "dân AND",
        "OR dân",
        "NOT dân",
        "dân OR -vận",
        '-"',
        '-"dân',
        "dân*vận",
        "*dân",
        "d*",
        '"dân*"',
        "+dân",
    ),
    *("dân -vận", "T.Ư", "25-NQ/TW", "%", "_", "\\", ";", "--; drop table articles", "dân\x00vận", "\x00"),
    *(
        "\ud800",
        "dân \udfff vận",
        "😀",
        "👨‍👩‍👧",
        "\u202edân",
        "ﬁ",
        "Ⅳ",
        "²",
        "a\u0301\u0323\u0332",
        "İ",
        "ß",
    ),
    *("dân " * 2500, '"' * 10_000, "(" * 10_000, "a OR " * 2000, "-a " * 3000, "x" * 10_000, "a-" * 5000),
    *("NOT " * 2500, "dân -" * 2000, '"a" ' * 2000, "th* " * 2000),
]


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_no_query_is_an_error(copy: sqlite3.Connection, typed: str) -> None:
    for reading in search.parse(typed).readings():
        hits(copy, reading.match)


def test_no_random_query_is_an_error(copy: sqlite3.Connection) -> None:
    chance = random.Random(20)
    pieces = [
        *"\"'*-+()[]{}:^~!@#$%&|\\/<>,.;?=_` \t\n\x00\x1b",
        *("AND", "OR", "NOT", "NEAR", "NEAR(", "title", "title:", "body_f", " OR ", " -", '" ', "* "),
        *("dân", "vận", "khéo", "Đảng", "TƯ", "25-NQ/TW", "uỷ", "\u0323", "\u200b", "\ud800", "😀", "–", "“"),
    ]
    for _ in range(4000):
        typed = "".join(chance.choices(pieces, k=chance.randint(1, 25)))
        for reading in search.parse(typed).readings():
            hits(copy, reading.match)
    for _ in range(1000):
        typed = "".join(chr(chance.randrange(0x110000)) for _ in range(chance.randint(1, 40)))
        for reading in search.parse(typed).readings():
            hits(copy, reading.match)


def test_what_is_left_of_other_words_without_their_accents_is_not_read_for_a_word_that_has_none(
    copy: sqlite3.Connection,
) -> None:
    """The words of the folded columns are others than those of the columns as typed; so are the tokens of filters."""
    copy.execute("create virtual table temp.places using fts5vocab(main, articles_fts, col)")
    columns: dict[str, set[str]] = {}
    for term, column in copy.execute("select term, col from temp.places"):
        columns.setdefault(term, set()).add(column)
    kinds = [{name for name in search.COLUMNS if name in ("title", "lead", "body", "files")}]
    kinds += [{f"{name}_f" for name in kinds[0]}, {"filters"}, {"grams"}]
    assert all(any(held <= kind for kind in kinds) for held in columns.values())
    assert search.folded_words("cho") in columns and "cho" in columns


def test_nobody_can_type_a_word_that_only_the_index_has(copy: sqlite3.Connection) -> None:
    for word in (search.folded_words("dan van"), search.tokens_of_filters("a"), "\ue000\ue001"):
        assert search.parse(word).match() == search.parse(f'"{word}"').match(folded=True) == search.NOTHING
        assert answer(copy, f"{word} kheo")[0] == {"kheo"}, "as if it were not there"
    bullets = "\uf0b7\uf0a7\uf076"  # of Wingdings, in texts that were pasted from Word
    assert search.plain(bullets) == bullets == search.folded_words(bullets)


def test_a_short_beginning_is_not_expanded() -> None:
    assert " *" not in search.parse("th* d* 25*").match(folded=True, apart=True)
    assert f'"{search.folded_words("thu")}" *' in search.parse("thu*").match(folded=True, apart=False)
