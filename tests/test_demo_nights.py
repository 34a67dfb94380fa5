"""What the demonstration rehearses: edits that are edits, an article that goes, reprints that come later."""

from __future__ import annotations

from crawler.demo import nights
from crawler.demo.content import load

ARTICLES = {article.id: article for article in load()}
PAST = nights.load()


def test_in_the_first_night_the_portal_stood_otherwise() -> None:
    before = PAST.before(ARTICLES.values())
    edited = {number for number, article in ARTICLES.items() if before[number].body != article.body}
    assert edited == set(PAST.edits) and edited
    assert set(before) - set(ARTICLES) == {article.id for article in PAST.withdrawn}
    assert len({article.title for article in before.values()}) == len(before)


def test_what_is_to_be_looked_at_again_is_young_enough_for_it() -> None:
    """Articles are read again at 1, 2, 4 days of age: what changes between the nights must be due in the second."""
    assert (PAST.second - PAST.first).days >= 1
    for article in [*PAST.withdrawn, *(ARTICLES[number] for number in PAST.edits)]:
        assert article.published < PAST.first and 2 * (PAST.first - article.published) < PAST.second - article.published


def test_the_second_portal_reprints_later_and_says_from_where() -> None:
    copies = PAST.copies(ARTICLES.values())
    assert len(copies) >= 4
    for number, copy in copies.items():
        assert copy.published > ARTICLES[number].published and copy.source and copy.body == ARTICLES[number].body
