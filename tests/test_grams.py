"""Phrases of common words are found by the grams of the index, and always the very articles that hold them."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from invented import invented, keep

from archive import grams, indexing, search, verify
from archive.article import Article
from archive.publish import PublishError, publish
from archive.search.grams import Grams, choose
from archive.store import Archive
from benchmarks import corpus

ARTICLES = 240
SEPARATED = "x{0}y z {0} w{0} "  # a character within a word, as one, and behind one


def made(number: int = ARTICLES) -> list[Article]:
    """Articles of which each holds most of the common words."""
    return list(corpus.articles(number))


def filled(folder: Path, articles: list[Article]) -> None:
    with Archive(folder) as archive:
        archive.register_portals(corpus.portals())
    keep(folder, articles)


@pytest.fixture(autouse=True)
def few_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grams, "LEAST", 100)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("grams")
    filled(folder, made())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grams, "LEAST", 100)
        return publish(folder).path


@pytest.fixture
def copy(published: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"file:{published}?mode=ro", uri=True)) as db:
        yield db


def found(copy: sqlite3.Connection, match: str) -> list[int]:
    rows = copy.execute("select rowid from articles_fts where articles_fts match ? order by rowid", [match])
    return [seq for (seq,) in rows]


def typed(copy: sqlite3.Connection, number: int) -> Iterator[str]:
    """Phrases of the articles, and common words in any order: with accents, without, in quotes, begun only."""
    chance = random.Random(4)
    bodies = [search.words(body) for (body,) in copy.execute("select body from articles order by seq limit 100")]
    common = [word for (word,) in copy.execute("select word from vocabulary order by n desc, word limit 150")]
    for i in range(number):
        size = chance.randint(2, 6)
        body = chance.choice([body for body in bodies if len(body) > size])
        start = chance.randrange(len(body) - size)
        phrase = " ".join(body[start : start + size] if i % 2 else chance.sample(common, min(size, 3)))
        phrase = search.fold(phrase) if i % 3 == 0 else phrase
        phrase = f"{phrase}*" if i % 5 == 0 else phrase
        yield f'"{phrase}"' if i % 7 == 0 else f"chung -{phrase}" if i % 11 == 0 else phrase


def test_every_phrase_finds_what_it_finds_without_grams(copy: sqlite3.Connection) -> None:
    of_copy = grams.of_copy(copy)
    assert len(of_copy.words) > 100 and any(len(row) == 4 for row in of_copy.rows)
    by_grams, none = 0, 0
    for text in typed(copy, 400):
        query = search.parse(text)
        with_grams = replace(query, grams=of_copy)
        for one, other in zip(query.readings(), with_grams.readings(), strict=True):
            hits = found(copy, one.match)
            assert found(copy, other.match) == hits, (text, other.match)
            by_grams += one.match != other.match
            none += one.match != other.match and not hits
    assert by_grams > 300 and none > 100


def test_wherever_the_index_sees_two_words_side_by_side_the_grams_do(tmp_path: Path) -> None:
    """The index cuts words by the letters that Unicode had when FTS5 was written; no character hides a row."""
    characters = [chr(code) for code in (*range(1, 0xD800), *range(0xE000, 0x20000))]
    texts = ["".join(SEPARATED.format(one) for one in characters[i : i + 128]) for i in range(0, len(characters), 128)]
    folded = [search.fold(text) for text in texts]
    known = Grams({word: chr(0xE000 + at) for at, word in enumerate(("x", "y", "z", "w", "xs", "sy", "ws"))})
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("create virtual table f using fts5(t, tokenize='unicode61 remove_diacritics 0')")
        db.executemany("insert into f (rowid, t) values (?, ?)", enumerate(folded))
        for first in known.words:
            for last in known.words:
                rows = db.execute("select rowid from f where f match ?", [f'"{first} {last}"']).fetchall()
                for (at,) in rows:
                    assert known.words[first] + known.words[last] in known.of_texts([folded[at]]).split()


def test_what_is_folded_in_two_ways_and_what_is_begun_only_is_no_part_of_a_gram() -> None:
    """TƯ is in the folded text TW, or TU among capitals."""
    known = Grams({word: chr(0xE000 + at) for at, word in enumerate(("dau", "tu", "ban", "thu", "tinh"))})
    assert known.of_phrase(("Ban", "TƯ", "Tỉnh"), folded=False) == []
    assert known.of_phrase(("ban", "tu", "tinh"), folded=True) == ["\ue002\ue001", "\ue001\ue004"]
    query = replace(search.parse("ban thu*"), grams=known)
    assert "\ue003" not in query.match(apart=False) + query.match(folded=True)


def test_a_row_within_which_another_is_rare_is_no_gram_of_its_own() -> None:
    texts = [["nha nong nha nong"]] * 39 + [["nong nha vui"]]
    known = choose(texts)
    assert set(known.words) == {"nha", "nong"}
    nha, nong = known.words["nha"], known.words["nong"]
    assert nha + nong in known.rows and nong + nha in known.rows and nha + nong + nha in known.rows
    assert known.of_texts(["nha nha nong"]).split() == [nha + nha]
    assert known.of_texts(["nong nha nong nha"]).split() == [nong + nha + nong + nha]
    assert known.of_texts(["nha", "nha"]) == ""  # two texts of one article


def test_grams_are_no_words_of_the_vocabulary(copy: sqlite3.Connection) -> None:
    assert copy.execute("select count(*) from common_rows").fetchone()[0] > 100
    assert not copy.execute("select 1 from vocabulary where unicode(word) between 57344 and 63743").fetchone()


def test_after_a_night_the_copy_holds_what_it_held_if_built_by_the_same_common_words(tmp_path: Path) -> None:
    articles = made()
    filled(tmp_path, articles[:200])
    first = publish(tmp_path)
    edited = [replace(article, body=f"{article.body}\n\nCông dân vận tỉnh họp.") for article in articles[:9]]
    keep(tmp_path, [*edited, *articles[200:]])
    night = publish(tmp_path)
    assert night.changed and not verify.problems(night.path)
    with closing(sqlite3.connect(night.path)) as db:
        of_copy = grams.of_copy(db)
        with closing(sqlite3.connect(first.path)) as old:
            assert of_copy == grams.of_copy(old)
        db.execute("create virtual table temp.v using fts5vocab(main, articles_fts, instance)")
        held: dict[int, set[str]] = {}
        for term, seq in db.execute("select term, doc from temp.v where col = 'grams'"):
            held.setdefault(seq, set()).add(term)
        texts = db.execute("select seq, title, lead, body from articles_search").fetchall()
    for seq, *fields in texts:
        folded = [search.fold(field) for field in fields if field]
        assert held.get(seq, set()) == set(of_copy.of_texts(folded).split())


def test_few_articles_have_no_grams_and_twice_as_many_are_built_in_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = made(120)
    monkeypatch.setattr(grams, "LEAST", 110)
    filled(tmp_path, articles[:60])
    first = publish(tmp_path)
    with closing(sqlite3.connect(first.path)) as db:
        assert grams.of_copy(db) == search.NO_GRAMS
    keep(tmp_path, articles[60:])
    grown = publish(tmp_path)
    assert grown.changed is None and "common words" in grown.why
    with closing(sqlite3.connect(grown.path)) as db:
        assert grams.of_copy(db).words
    keep(tmp_path, [invented("one", "Thêm một bài", "Chữ.")])
    assert publish(tmp_path).changed == 1


def test_an_index_that_lacks_grams_is_not_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(tmp_path, made(120))
    index_rows = indexing.index_rows

    def without_grams(db: sqlite3.Connection, seqs: list[int]) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Grams, "of_texts", lambda self, folded: "")
            index_rows(db, seqs)

    monkeypatch.setattr(indexing, "index_rows", without_grams)
    with pytest.raises(PublishError, match="common words"):
        publish(tmp_path)
