"""A page's fields as they are explained: what the tests of crawler.explaining ask with."""

from __future__ import annotations

from dataclasses import replace

from archive.article import Article
from crawler.explaining import Explained, explain
from crawler.page import Page
from tests import family_pages
from tests import test_reading_nukeviet as nukeviet
from tests.site_of_pages import Site, learned, read, story

STORY = story(4)
UNCONFIRMED = "no other place on the page confirms it"
# Every article of the fixtures: its name, its page, and what a person has read there.
NAMED = [
    (f"{case.family}-{case.name}", case.page, case.article) for case in family_pages.cases() if case.is_article
] + [(f"nukeviet-{case}", nukeviet.page(case), nukeviet.article(case)) for case in nukeviet.ARTICLES]


def told(page: Page, article: Article, name: str) -> Explained:
    """The explanation of one field."""
    return next(one for one in explain(page, article) if one.field == name)


def of(site: Site, name: str, **changed: object) -> Explained:
    """The explanation of one field of the site's page, its article read by the layout, perhaps misread."""
    page = site.page(STORY.number)
    return told(page, replace(read(page, learned(site)), **changed), name)


def place(one: Explained) -> str:
    """The first place that an origin names."""
    return one.origin.partition(" (also ")[0]
