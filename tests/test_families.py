"""What is known of a content system beforehand: how it is recognised, and what is read of its pages with that."""

from __future__ import annotations

import json
import re
from importlib import import_module
from typing import Any

import pytest
from lxml.cssselect import CSSSelector

from crawler.cms import FAMILIES, Unreadable, load
from crawler.cms.general import General, Traits
from crawler.cms.wordpress import WordPress
from crawler.discovery import Listed
from crawler.outcomes import Outcome
from crawler.portals import SELECTABLE, Portal
from crawler.template.candidates import declared, looks_like_article
from tests.family_pages import FIELDS, LEARNING, Case, cases, field_of, reader, refuse_unread

ARTICLES = [case for case in cases() if case.is_article]
LISTINGS = [case for case in cases() if not case.is_article]
EVERY_FIELD = [(case, name) for case in ARTICLES for name in FIELDS]
ALONE = [(case, name) for case in ARTICLES for name in case.expected["alone"]]


def named(case: Case) -> str:
    return f"{case.family}-{case.name}"


def traits(family: str) -> Traits:
    found: Traits = import_module(f"crawler.cms.{family}").TRAITS
    return found


def signs(family: str, text: str) -> list[str]:
    """The names of a family's signs that a page's source shows."""
    return [name for pattern, name in traits(family).signs.items() if re.search(pattern, text, re.I)]


@pytest.mark.parametrize("case", cases(), ids=named)
def test_a_person_has_read_what_is_expected(case: Case) -> None:
    refuse_unread(case.folder)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_is_loaded_by_its_name(family: str) -> None:
    cms = load(Portal("portal", "Portal", "https://portal.example/", cms=family))
    assert cms.READER.startswith(family)


@pytest.mark.parametrize("family", LEARNING)
def test_a_family_without_pages_to_prove_it_does_not_count(family: str) -> None:
    assert sum(case.family == family for case in ARTICLES) >= 2
    assert any(case.family == family for case in LISTINGS)


@pytest.mark.parametrize("family", LEARNING)
def test_a_family_says_what_of_it_was_seen(family: str) -> None:
    if family == "generic":
        return
    assert traits(family).name == family and traits(family).evidence
    assert "videnced" in (import_module(f"crawler.cms.{family}").__doc__ or "") or family == "drupal"


@pytest.mark.parametrize("family", LEARNING)
def test_css_and_patterns_of_a_family_are_sound(family: str) -> None:
    known = traits(family)
    assert set(known.select) <= set(SELECTABLE)
    for css in (one for several in known.select.values() for one in several):
        CSSSelector(css, translator="html")
    for pattern in (*known.signs, *known.listing, *known.denied):
        re.compile(pattern)
    for pattern in known.article:
        assert set(re.compile(pattern).groupindex) <= {"within", "id"}


@pytest.mark.parametrize("case", cases(), ids=named)
def test_a_page_shows_the_signs_of_its_own_family_alone(case: Case) -> None:
    shown = {family: signs(family, case.page.text) for family in LEARNING}
    assert {family for family, found in shown.items() if found} == ({case.family} - {"generic"})


@pytest.mark.parametrize("case", ARTICLES, ids=named)
def test_an_expectation_states_every_field(case: Case) -> None:
    assert set(case.expected) == {"outcome", "alone", *FIELDS}
    assert len(case.site) >= 6 and case.page.url not in {page.url for page in case.site}


@pytest.mark.parametrize("case", ARTICLES, ids=named)
def test_an_article_fits_the_layout_of_its_portal(case: Case) -> None:
    assert case.learned.fit.fits, case.learned.fit
    assert case.cms.kind(case.page) is None


@pytest.mark.parametrize(
    ("case", "name"), EVERY_FIELD, ids=lambda value: named(value) if isinstance(value, Case) else value
)
def test_a_field_is_read_once_the_layout_is_learned(case: Case, name: str) -> None:
    assert field_of(case.article, name) == case.expected[name]


@pytest.mark.parametrize(("case", "name"), ALONE, ids=lambda value: named(value) if isinstance(value, Case) else value)
def test_a_field_is_read_of_a_page_alone(case: Case, name: str) -> None:
    assert field_of(case.alone, name) == case.expected[name]


@pytest.mark.parametrize("case", ARTICLES, ids=named)
def test_the_visitors_clock_is_never_the_date_of_an_article(case: Case) -> None:
    assert case.article.published[:10] != case.meta["fetched"][:10]


@pytest.mark.parametrize("case", LISTINGS, ids=named)
def test_a_listing_is_no_article(case: Case) -> None:
    assert not looks_like_article(case.page) and not declared(case.page)
    named_here = case.cms.address.parse(case.page.url)
    assert named_here is not None and not named_here.is_article


@pytest.mark.parametrize("case", LISTINGS, ids=named)
def test_a_listing_leads_to_its_articles_and_further_pages_and_into_no_trap(case: Case) -> None:
    links = case.cms.links(case.page)
    found = {kind: {_at(case, url) for url in getattr(links, kind)} for kind in ("articles", "pages")}
    assert found == {"articles": set(case.expected["articles"]), "pages": set(case.expected["pages"])}


def test_links_that_work_by_script_alone_are_counted() -> None:
    case = next(case for case in LISTINGS if case.name == "listing-postback")
    assert case.cms.links(case.page).postbacks == 2


def _at(case: Case, url: str) -> str:
    address = case.cms.address.parse(url)
    assert address is not None
    return case.cms.address.at(case.meta["url"], address)


# ---- WordPress's list of articles for machines

HOST = "https://portal.example"


def wordpress() -> WordPress:
    cms = reader("wordpress")
    assert isinstance(cms, WordPress)
    return cms


def posts(number: int) -> bytes:
    one: dict[str, Any] = {"date_gmt": "2024-05-01T01:00:00", "modified_gmt": "2024-05-03T02:11:45"}
    return json.dumps([{"id": n, "link": f"{HOST}/tin/bai-{n}/", **one} for n in range(number)]).encode()


def test_the_api_gives_addresses_with_the_moment_of_their_last_change_and_its_offset() -> None:
    found, further = wordpress().read_api(HOST + WordPress.API, posts(2))
    assert found[1] == Listed(f"{HOST}/tin/bai-1/", "2024-05-03T02:11:45+00:00")
    assert (len(found), further) == (2, "")


def test_a_full_page_of_the_api_has_a_next_one() -> None:
    found, further = wordpress().read_api(HOST + WordPress.API, posts(100))
    assert len(found) == 100
    assert further == HOST + WordPress.API.replace("&page=1&", "&page=2&")
    assert wordpress().read_api(further, b'{"code":"rest_post_invalid_page_number"}') == ([], "")


@pytest.mark.parametrize("modified", ["", "0000-00-00T00:00:00", None, "hôm qua"])
def test_a_post_without_a_moment_is_listed_without_one(modified: str | None) -> None:
    body = json.dumps([{"link": f"{HOST}/a/", "modified_gmt": modified}, {"id": 3}, "x"]).encode()
    assert wordpress().read_api(HOST + WordPress.API, body) == ([Listed(f"{HOST}/a/", "")], "")


@pytest.mark.parametrize(
    "body", [b"<html><body>404</body></html>", b"", b'{"code":"rest_disabled","message":"..."}', b"7", b'"x"']
)
def test_an_api_that_is_shut_says_so(body: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        wordpress().read_api(HOST + WordPress.API, body)
    assert refused.value.outcome is Outcome.NOT_ARTICLE


@pytest.mark.parametrize("family", [name for name in LEARNING if name != "wordpress"])
def test_no_other_family_has_an_api(family: str) -> None:
    cms: General = reader(family)
    assert cms.API == ""
    with pytest.raises(Unreadable):
        cms.read_api(HOST, b"[]")
