"""Why a field is believed: where it stands, what says the same, what speaks against it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import html
from lxml.cssselect import CSSSelector

from archive.article import Article
from crawler.explaining import FIELDS, Explained, explain, left_out
from crawler.explaining.model import Case
from crawler.explaining.places import css
from crawler.finders import text_of
from crawler.page import Page
from tests import family_pages
from tests import test_reading_nukeviet as nukeviet
from tests.explained import NAMED, STORY, of, place, told
from tests.site_of_pages import FETCHED, Site, learned, read

# ---- every field

everywhere = pytest.mark.parametrize(("page", "article"), [one[1:] for one in NAMED], ids=[one[0] for one in NAMED])


@everywhere
def test_every_field_is_explained_once_and_in_order(page: Page, article: Article) -> None:
    explained = explain(page, article)
    assert tuple(one.field for one in explained) == FIELDS
    for one in explained:
        assert 0 <= one.confidence <= 0.99
        assert bool(one.value) == bool(getattr(article, one.field) not in ("", None, ()))
        assert one.value or not one.origin
        assert one.origin or one.doubts or not one.value, one


@everywhere
def test_a_place_is_css_that_a_row_could_select_by(page: Page, article: Article) -> None:
    for name in ("title", "body", "published"):
        one = told(page, article, name)
        if one.value:
            assert CSSSelector(place(one).partition("[")[0], translator="html")(page.root), one


@everywhere
def test_what_is_right_is_not_called_doubtful(page: Page, article: Article) -> None:
    """The fixtures' articles are right in every field. Their portals may give one witness only, but that one speaks."""
    one = told(page, article, "published")
    assert one.confidence >= 0.7 or not one.value
    assert told(page, article, "title").confidence >= 0.5


@everywhere
def test_explaining_leaves_the_page_as_it_was(page: Page, article: Article) -> None:
    before = html.tostring(page.root)
    explain(page, article)
    left_out(page, article)
    assert html.tostring(page.root) == before


def test_two_witnesses_leave_the_doubt_that_both_leave() -> None:
    case = Case("title", "Tên bài")
    case.witness(0.6, "h1")
    case.witness(0.6, "<title>")
    assert (case.closed().confidence, case.closed().origin) == (0.84, "h1 (also <title>)")
    case.doubt("it is cut", 0.5)
    assert (case.closed().confidence, case.closed().doubts) == (0.42, ("it is cut",))


@pytest.mark.parametrize(("confidence", "word"), [(0.99, "sure"), (0.9, "sure"), (0.7, "likely"), (0.69, "doubtful")])
def test_confidence_has_a_word(confidence: float, word: str) -> None:
    assert Explained("title", "x", confidence, "h1").word == word


def test_an_origin_names_a_few_places_and_how_many_more_there_are() -> None:
    case = Case("images", "...")
    for number in range(7):
        case.witness(0.1, f"img.i{number}")
    assert case.closed().origin == "img.i0 (also img.i1, img.i2, img.i3 and 3 more)"


def test_a_place_passes_over_numbers_and_the_grid() -> None:
    source = '<div id="tin"><div class="row"><p class="col-md-9 post-8123 ten">Chào</p></div></div>'
    page = Page("https://x/", f"<body>{source}</body>", FETCHED)
    assert css(page.root.find(".//p")) == "div#tin p.ten"


# ---- title


def test_a_title_that_heading_and_head_say_is_sure() -> None:
    one = of(Site(), "title")
    assert one.origin == "div#wrapper h1.title (also <title>)" or place(one).endswith("h1.title")
    assert one.word == "sure" and "<title>" in one.origin and not one.doubts


def test_a_title_that_the_head_does_not_repeat_is_less_sure_and_says_why() -> None:
    page = Site().page(4)
    page = replace(page, text=page.text.replace(f"<title>{STORY.title}", "<title>Trang tin điện tử"))
    one = told(page, read(Site().page(4), learned(Site())), "title")
    assert one.confidence < of(Site(), "title").confidence
    assert any("<title> says something else: Trang tin điện tử" in doubt for doubt in one.doubts)


def test_a_title_that_stands_nowhere_is_doubtful() -> None:
    one = of(Site(), "title", title="Một tên bài không có trên trang này")
    assert one.word == "doubtful" and "no line of the page says it" in one.doubts


def test_an_address_that_spells_the_title_is_a_witness() -> None:
    page = replace(Site().page(4), url="https://portal.example/doi-van-nghe-lang-chuom-mo-lop-day-dan-lat-4.html")
    article = replace(read(page, learned(Site())), title="Đội văn nghệ làng Chuôm mở lớp dạy đan lát", url=page.url)
    assert "address" in told(page, article, "title").origin


# ---- the rest


def test_an_author_behind_a_label_says_which() -> None:
    one = of(Site(), "author")
    assert one.origin.startswith("div.entry > p.byline behind “Tác giả:”") and one.word in ("likely", "sure")


def test_an_author_whom_the_page_does_not_name_is_doubtful() -> None:
    one = of(Site(), "author", author="Nguyễn Không Có")
    assert one.word == "doubtful" and "the page does not show it in these words" in one.doubts


def test_a_label_without_an_author_is_pointed_at() -> None:
    one = of(Site(), "author", author="")
    assert one.word == "doubtful" and one.doubts[0].startswith("a line begins as one: Tác giả:")


def test_a_signature_has_no_label_and_says_so() -> None:
    case = next(case for case in family_pages.cases() if (case.family, case.name) == ("liferay", "asset-publisher"))
    one = told(case.page, case.article, "author")
    assert one.origin.endswith(", to the right") and "no label calls it the author" in one.doubts


@pytest.mark.parametrize(
    ("shown", "origin", "word"),
    [
        ("<p class=dem>Lượt xem: 1.684</p>", "p.dem", "likely"),
        ('<p class=dem><i class="fa fa-eye"></i> 1684</p>', "p.dem > i.fa-eye", "likely"),
        ("<p class=dem>1684</p>", "", "doubtful"),
    ],
)
def test_a_count_is_believed_by_the_word_or_the_icon_beside_it(shown: str, origin: str, word: str) -> None:
    page = Site(behind=lambda _: shown).page(4)
    one = told(page, replace(read(page, learned(Site())), views=1684), "views")
    assert one.value == "1684" and one.origin.endswith(origin) and one.word == word


def test_people_online_are_no_views() -> None:
    page = Site(behind=lambda _: "<p>Đang xem: 12 người</p>").page(4)
    one = told(page, replace(read(page, learned(Site())), views=None), "views")
    assert (one.value, one.doubts) == ("", ())


def test_sections_tags_and_images_name_the_places_that_say_them() -> None:
    page, article = nukeviet.page("egov-images-files"), nukeviet.article("egov-images-files")
    assert "breadcrumbs" in told(page, article, "sections").origin
    assert told(page, article, "tags").origin.startswith("meta article:tag")
    assert told(page, article, "image").origin.startswith("meta og:image (also ")
    assert told(page, article, "images").value.count("\n") == len(article.images) - 1
    assert "div#news-bodyhtml a" in told(page, article, "files").origin


def test_a_section_that_only_a_menu_shows_is_doubtful() -> None:
    one = of(Site(), "sections", sections=("Tin tức",))
    assert one.word == "doubtful" and "only a link shows it, which may be the menu's" in one.doubts


def test_an_element_is_shown_by_the_words_that_it_holds() -> None:
    page = Site().page(4)
    one = told(page, read(page, learned(Site())), "title")
    assert text_of(CSSSelector(place(one), translator="html")(page.root)[0]) == STORY.title
