"""The recorded portals read as if nobody knew their CMS: whole, and with their templates damaged.

Damaged templates stand for the portals that are not recorded: no classes, no headings, banners anywhere.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from lxml import html
from lxml.html import HtmlElement

from archive.clock import VIETNAM
from crawler import boilerplate
from crawler.layouts import learn_layouts
from crawler.page import Page
from crawler.template.hints import Known
from crawler.template.model import Template
from crawler.template.read import Reading, look, to_article
from crawler.text import squeeze
from tests.loopback import Nightly
from tests.recorded import DEFAULT, EGOV, PORTALS, VISIBLE, graded, needs_recorded, pages, replayed, truth

pytestmark = [needs_recorded, pytest.mark.soak]

FETCHED = datetime(2026, 11, 25, 9, 0, tzinfo=VIETNAM)
LEARNED, READ = 40, 120
KNOWN = Known.of({}, {}, boilerplate.load().for_portal("generic", "portal"))
NAMES = ("class", "id", "itemprop", "itemtype", "itemscope", "datetime")
MEANT = "article main section header footer nav aside figure figcaption h1 h2 h3 h4 h5 h6".split()
Damage = Callable[[HtmlElement, random.Random], None]


def whole(_: HtmlElement, __: random.Random) -> None:
    """As it was recorded."""


def old(root: HtmlElement, dice: random.Random) -> None:
    """As a portal of the year 2005 has it: nothing but div and span, no names; with banners strewn in."""
    for element in root.iter("*"):
        for name in NAMES:
            element.attrib.pop(name, None)
        if element.tag in MEANT:
            element.tag = "div"
        elif element.tag == "time":
            element.tag = "span"
    for script in root.xpath("//script[@type='application/ld+json'] | //meta[@property]"):
        script.drop_tree()
    for element in list(root.find("body").iter("div")):
        if element.getparent() is not None and dice.random() < 0.1:
            element.addprevious(html.fragment_fromstring("<div><a href='/qc'><img src='/qc.png'></a></div>"))


def hashed(root: HtmlElement, dice: random.Random) -> None:
    """As a portal whose class names are made anew for each page."""
    for element in root.iter("*"):
        element.attrib.pop("id", None)
        if element.get("class"):
            element.set("class", f"sc-{dice.randrange(16**6):06x}")


DAMAGES: dict[str, Damage] = {"whole": whole, "old": old, "hashed": hashed}
FLOORS = {
    "whole": {"f1": 0.995, "same_words": 0.98, "paragraph_f1": 0.99, "title": 0.99, "day": 0.98, "minute": 0.95},
    "old": {"f1": 0.97, "paragraph_f1": 0.93, "title": 0.99, "day": 0.98},
    "hashed": {"f1": 0.97, "paragraph_f1": 0.93, "title": 0.99, "day": 0.98},
}
CEILINGS = {"whole": 0.01, "old": 0.05, "hashed": 0.05}


class Bag:
    """Some pages of one portal, damaged, with the layouts learned from others of them."""

    def __init__(self, name: str, damage: Damage) -> None:
        dice = random.Random(name)
        numbers = sorted(pages(name))
        dice.shuffle(numbers)
        self.pages = {number: self.page(name, number, damage) for number in numbers[: LEARNED + READ]}
        self.unseen = numbers[LEARNED : LEARNED + READ]
        self.layouts: list[Template] = learn_layouts([self.pages[number] for number in numbers[:LEARNED]], KNOWN)

    @staticmethod
    def page(name: str, number: int, damage: Damage) -> Page:
        url, text = pages(name)[number]
        root = html.document_fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8"))
        damage(root, random.Random(number))
        return Page(url, html.tostring(root, encoding="unicode"), FETCHED)

    def look(self, page: Page) -> Reading:
        return look(page, self.layouts[0], KNOWN)


@pytest.fixture(scope="module", params=[(name, damage) for name in PORTALS for damage in DAMAGES], ids="-".join)
def damaged(request: pytest.FixtureRequest) -> tuple[str, str, Bag]:
    name, damage = request.param
    return name, damage, Bag(name, DAMAGES[damage])


def test_one_layout_is_learned_and_each_unseen_page_fits_it(damaged: tuple[str, str, Bag]) -> None:
    _, _, bag = damaged
    assert len(bag.layouts) == 1
    misfits = [number for number in bag.unseen if not bag.look(bag.pages[number]).fit.fits]
    assert len(misfits) <= 0.02 * READ


def test_unseen_pages_are_read_as_they_were_written(damaged: tuple[str, str, Bag], tmp_path: Path) -> None:
    name, damage, bag = damaged
    found = []
    for number in bag.unseen:
        article = to_article(bag.look(bag.pages[number]), "portal", str(number), "generic/1")
        fields = ("title", "published", "lead", "body", "author", "source", "tags")
        found.append({"url": number} | {field: getattr(article, field) for field in fields})
    means = graded([truth(name)[number] for number in bag.unseen], found, tmp_path / "grades")
    assert {metric: means[metric] for metric, floor in FLOORS[damage].items() if means[metric] < floor} == {}
    assert means["leak"] <= CEILINGS[damage]


def test_no_page_of_another_portal_fits(damaged: tuple[str, str, Bag]) -> None:
    name, damage, bag = damaged
    other = DEFAULT if name == EGOV else EGOV
    for number in sorted(pages(other))[::10]:
        for harm in (DAMAGES[damage], whole):
            assert not bag.look(Bag.page(other, number, harm)).fit.fits


@pytest.mark.parametrize("name", PORTALS)
def test_a_crawl_that_knows_nothing_finds_every_article_and_nothing_else(tmp_path: Path, name: str) -> None:
    with replayed(name) as url:
        nightly = Nightly(tmp_path)
        nightly.registry.write_text(f'[portal]\nname = "Chưa ai biết"\nurl = "{url}"\ndelay = 0\n')
        assert nightly.run().returncode == 0
    found = nightly.archived.rows("select url, title from articles")
    paths = sorted(address.removeprefix(url.rstrip("/")) for address, _ in found)
    assert len(paths) == VISIBLE
    assert sorted(title for _, title in found) == sorted(squeeze(record["title"]) for record in truth(name).values())
