"""The benchmarks run, and the synthetic corpus is the same everywhere and searchable like any other archive."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import statistics
import unicodedata
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from archive import search
from archive.publish import current_copy, publish
from benchmarks import corpus, reading, reading_room, reprints, searching, searching_peers, searching_queries

# Of the first 50 articles of seed 1. Figures measured on another corpus can't be compared: change it knowingly.
FIRST_FIFTY = "1d4ac3d22cdf1b5df7addfa744bcacce32abf0d8f853c1a44418a5f5691228f0"


def test_the_same_seed_gives_the_same_corpus_everywhere() -> None:
    fifty = list(corpus.articles(50))
    said = [[a.portal, a.url, a.title, a.lead, a.body, a.published, a.sections, a.tags] for a in fifty]
    assert hashlib.sha256(json.dumps(said).encode()).hexdigest() == FIRST_FIFTY
    assert list(corpus.articles(80))[:50] == fifty
    assert next(corpus.articles(1, seed=2)) != fifty[0]


def test_the_corpus_is_like_a_portals_articles() -> None:
    made = list(corpus.articles(2_000))
    assert 500 < statistics.mean(len(article.body.split()) for article in made) < 700
    assert {article.portal for article in made} <= {row["key"] for row in corpus.portals()}
    assert {article.published[:4] for article in made} >= {"2010", "2018", "2026"}
    assert max(article.published for article in made) < corpus.CRAWLED
    assert len({article.id for article in made}) == len({article.url for article in made}) == len(made)
    texts = [text for article in made for text in (article.title, article.lead, article.body)]
    assert all(unicodedata.is_normalized("NFC", text) for text in texts)
    assert any("NQ/TW" in text for text in texts)
    assert any("Tỉnh uỷ" in text for text in texts)
    counted = sorted((sum(a.portal == row["key"] for a in made) for row in corpus.portals()), reverse=True)
    assert counted[0] > 5 * counted[20]
    assert any(one.title == other.title for one, other in pairwise(sorted(made, key=lambda a: a.title)))  # reprints


def test_a_written_corpus_is_published_and_found(tmp_path: Path) -> None:
    assert corpus.main(["--articles", "300", "--data-dir", str(tmp_path), "--seed", "3"]) == 0
    assert publish(tmp_path).articles == 300
    copy = current_copy(tmp_path)
    assert copy is not None
    db = sqlite3.connect(f"file:{copy}?mode=ro", uri=True)
    for words, folded in (("dân vận khéo", False), ("dan van kheo", True), ("Tỉnh ủy", False)):
        match = search.parse(words).match(folded=folded, apart=False)
        (hits,) = db.execute("select count(*) from articles_fts where articles_fts match ?", [match]).fetchone()
        assert hits > 10, words
    article = next(corpus.articles(1, seed=3))
    stored = db.execute("select title, body, text_sha256, province from articles where id = ?", [article.id]).fetchone()
    assert stored[:3] == (article.title, article.body, article.text_sha256)
    assert stored[3]
    db.close()


def test_a_corpus_never_takes_the_place_of_an_archive(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "archive.db").write_bytes(b"kept")
    assert corpus.main(["--articles", "3", "--data-dir", str(tmp_path)]) == 3
    assert (tmp_path / "archive.db").read_bytes() == b"kept"
    assert "is there already" in capsys.readouterr().err


def test_reading_is_measured_beside_trafilatura(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RECORDED_PORTALS", raising=False)
    figures = tmp_path / "figures.json"
    assert reading.main(["--pages", "3", "--rounds", "1", "--json", str(figures)]) == 0
    (row,) = json.loads(figures.read_text())
    assert row["pages"] == 3
    assert row["ratio"] > 0
    assert abs(row["parse"] + row["fields"] + row["clean"] - row["ours"]) < 0.01
    assert "tests and demonstration" in capsys.readouterr().out


def test_reprints_are_measured_among_articles_that_share_stock_phrases(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reprints, "TRIED", 8)
    figures = tmp_path / "figures.json"
    assert reprints.main(["--articles", "400", "--each", "10", "--scale", "1000", "--json", str(figures)]) == 0
    measured = json.loads(figures.read_text())
    assert measured["ours"]["recall"] >= 0.98
    assert measured["ours"]["precision"] >= 0.99
    assert measured["scale"]["near_found"] == 8
    assert "another headline" in capsys.readouterr().out


def test_searching_is_measured_by_whole_pages_and_known_items(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = searching.prepare(tmp_path, 200)
    with closing(sqlite3.connect(f"file:{copy}?mode=ro", uri=True)) as db:
        pool = searching_queries.Pool(db)
        pool.known = searching_queries.known_items(db, 20)
    kinds = [(kind, readers, asked[:4]) for kind, readers, asked, *_ in searching._kinds(pool)]
    assert len({kind for kind, _, _ in kinds}) == len(kinds) > 10
    monkeypatch.setattr(searching, "_kinds", lambda pool: kinds[:1] + kinds[-1:])
    measured = searching.speeds(tmp_path, pool)
    assert measured["a mix, sixteen readers"]["a second"] > 0 and measured["commonest words"]["p95"] > 0
    with searching.served(tmp_path) as port:
        assert searching.mrr(searching.found_by_site(port, copy, pool)) > 0.5


def test_the_peer_of_the_search_benchmark_finds_known_items_too(tmp_path: Path) -> None:
    pytest.importorskip("tantivy")
    copy = searching.prepare(tmp_path, 200)
    with closing(sqlite3.connect(f"file:{copy}?mode=ro", uri=True)) as db:
        known = searching_queries.known_items(db, 20)
    with closing(searching_peers.Tantivy(copy, tmp_path / "tantivy")) as peer:
        assert searching.mrr([peer.place(typed, article) for typed, article in known]) > 0.5


def test_the_pages_around_the_search_are_measured_beside_datasettes_own(tmp_path: Path) -> None:
    measured = reading_room.measure(tmp_path, 200)
    assert {"front page", "article", "portal", reading_room.PEER} <= set(measured)
    assert all(times["p95"] > 0 for times in measured.values())
