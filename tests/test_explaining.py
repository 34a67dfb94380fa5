"""Why a field is believed: where it stands, what says the same, what speaks against it; and what was left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import html
from lxml.cssselect import CSSSelector

from archive.article import Article
from crawler.explaining import FIELDS, Explained, explain, left_out
from crawler.explaining.dating import CLOCK, weekday
from crawler.explaining.model import Case
from crawler.explaining.places import css
from crawler.finders import text_of
from crawler.page import Page
from tests import family_pages
from tests import test_reading_nukeviet as nukeviet
from tests.site_of_pages import FETCHED, WEEKDAYS, Site, Story, date_line, learned, others, read, story, strewn

STORY = story(4)
UNCONFIRMED = "no other place on the page confirms it"


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


# ---- every field

NAMED = [
    (f"{case.family}-{case.name}", case.page, case.article) for case in family_pages.cases() if case.is_article
] + [(f"nukeviet-{case}", nukeviet.page(case), nukeviet.article(case)) for case in nukeviet.ARTICLES]
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


# ---- lead


def test_a_lead_between_title_and_text_says_where_it_stands() -> None:
    one = of(Site(), "lead")
    assert place(one).endswith("p.sapo") and one.confidence > 0.8


def test_a_lead_that_the_description_begins_with_is_sure() -> None:
    site = Site(head=lambda it: f'<meta name="description" content="{it.lead[:80]}...">')
    assert "meta description" in of(site, "lead").origin and of(site, "lead").word == "sure"


def test_without_a_lead_a_bold_first_paragraph_is_pointed_at() -> None:
    def within(it: Story) -> str:
        first, *rest = it.paragraphs
        return f"<p><b>{first}</b></p>" + "".join(f"<p>{one}</p>" for one in rest)

    page = Site(within=within).page(4)
    article = replace(read(page, learned(Site())), lead="", body=STORY.body)
    one = told(replace(page, text=page.text.replace(STORY.lead, "")), article, "lead")
    assert (one.value, one.word) == ("", "doubtful") and "bold" in one.doubts[0]


def test_a_lead_that_was_overlooked_is_pointed_at() -> None:
    one = of(Site(), "lead", lead="")
    assert (one.value, one.word) == ("", "doubtful")
    assert one.doubts == (f"between title and text stands: {STORY.lead[:80]}",)


# ---- body


def test_a_text_in_one_element_is_sure_and_names_it() -> None:
    one = of(Site(), "body")
    assert place(one).endswith("div.content") and one.word == "sure" and not one.doubts


def test_a_text_gathered_from_here_and_there_is_doubted() -> None:
    headlines = "\n\n".join(one.title for one in others(STORY, 4))
    one = of(Site(), "body", body=f"{STORY.paragraphs[0]}\n\n{headlines}")
    assert any("holds" in doubt and "other lines" in doubt for doubt in one.doubts)
    one = of(Site(), "body", body=f"{STORY.lead}\n\nTrụ sở: số 5 đường Bờ Hồ, Suối Ngọc")
    assert (one.word, one.origin) == ("doubtful", "")
    assert "no single element of the page holds its paragraphs" in one.doubts


def test_furniture_in_a_text_is_quoted() -> None:
    one = of(Site(), "body", body=f"{STORY.body}\n\nTin liên quan\n\nLượt xem: 17")
    assert [doubt for doubt in one.doubts if "“Tin liên quan”" in doubt]
    assert [doubt for doubt in one.doubts if "“Lượt xem: 17”" in doubt]


def test_a_text_of_links_is_doubted() -> None:
    def within(it: Story) -> str:
        return "".join(f'<p><a href="/{n}">{one}</a></p>' for n, one in enumerate(it.paragraphs))

    page = Site(within=within).page(4)
    article = replace(read(Site().page(4), learned(Site())))
    assert any("words are links" in doubt for doubt in told(page, article, "body").doubts)


def test_hardly_any_text_is_doubtful() -> None:
    one = of(Site(), "body", body="Chỉ có một câu ngắn thôi.")
    assert one.word == "doubtful" and "hardly any text (words: 6)" in one.doubts


def test_no_text_but_pictures_says_so() -> None:
    page, article = nukeviet.page("egov-images-only"), nukeviet.article("egov-images-only")
    one = told(page, article, "body")
    assert (one.value, one.doubts) == ("", ("no text, but 4 images and 0 files",))


def test_a_page_that_declares_itself_a_list_is_no_good_witness_of_a_text() -> None:
    page = Site().page(4)
    listing = replace(page, text=page.text.replace("<body>", '<body class="archive category">'))
    article = read(page, learned(Site()))
    assert told(listing, article, "body").confidence < told(page, article, "body").confidence / 1.9


# ---- what was left out


def test_what_stands_among_the_text_and_is_no_part_of_it_is_told() -> None:
    site = Site(within=lambda it: strewn(it, 2, "<div>Mời xem thêm ảnh của buổi lễ</div>"))
    page = site.page(4)
    article = replace(read(Site().page(4), learned(Site())))
    assert left_out(page, article) == ["Mời xem thêm ảnh của buổi lễ"]


def test_fields_of_the_article_are_not_called_left_out() -> None:
    for page, article in [(page, article) for _, page, article in NAMED]:
        fields = {article.title, article.author, article.source, *article.lead.split("\n\n")}
        assert not fields & set(left_out(page, article))


def test_the_cells_of_a_table_in_the_text_are_not_left_out() -> None:
    case = "egov-table-lists-headings"
    assert left_out(nukeviet.page(case), nukeviet.article(case)) == []


# ---- date


def test_a_date_with_its_weekday_beside_the_title_is_sure() -> None:
    one = of(Site(), "published")
    assert place(one).endswith("div.when") and one.word == "sure" and one.doubts == (UNCONFIRMED,)


def test_a_weekday_that_is_not_the_dates_is_told() -> None:
    def wrong(it: Story) -> str:
        return date_line(it).replace(WEEKDAYS[it.published.weekday()], WEEKDAYS[it.published.weekday() - 1])

    one = of(Site(date=wrong), "published")
    assert any("the weekday on the page does not match the date" in doubt for doubt in one.doubts)
    assert one.confidence < of(Site(), "published").confidence * 0.75


@pytest.mark.parametrize(
    ("said", "day"),
    [("Thứ hai", 0), ("thứ 4", 2), ("T7, ", 5), ("Thứ Năm", 3), ("Chủ nhật", 6), ("CN", 6), ("Thái độ", None)],
)
def test_weekdays_are_read_in_every_spelling(said: str, day: int | None) -> None:
    assert weekday(f"{said} 13/03/2022") == day


def test_a_head_that_says_the_same_day_confirms_it() -> None:
    site = Site(head=lambda it: f'<meta property="article:published_time" content="{it.published.isoformat()}">')
    one = of(site, "published")
    assert "meta article:published_time" in one.origin and UNCONFIRMED not in one.doubts


def test_a_head_that_says_another_day_is_told() -> None:
    def head(it: Story) -> str:
        other = it.published - timedelta(days=9)
        return f'<script type="application/ld+json">{{"datePublished": "{other.isoformat()}"}}</script>'

    one = of(Site(head=head), "published", published=STORY.published.isoformat(), published_text=date_line(STORY))
    assert any("JSON-LD datePublished says another day" in doubt for doubt in one.doubts)


def test_a_date_after_the_fetch_is_hardly_believed() -> None:
    later = (FETCHED + timedelta(days=2)).isoformat()
    one = of(Site(), "published", published=later, published_text="")
    assert one.confidence < 0.2 and "it lies after the moment of the fetch" in one.doubts


def test_the_clock_above_the_title_is_not_believed_for_long() -> None:
    clock = f"Thứ Năm, {FETCHED:%d/%m/%Y}"
    site = Site(top=lambda _: f"<p>{clock}</p><p>a</p><p>b</p><p>c</p><p>d</p>", date=lambda _: "")
    page = site.page(4)
    article = replace(
        read(Site().page(4), learned(Site())), published=f"{FETCHED:%Y-%m-%d}T00:00:00+07:00", published_text=clock
    )
    one = told(page, article, "published")
    assert one.word == "doubtful" and CLOCK in one.doubts


def test_a_date_that_was_overlooked_is_pointed_at() -> None:
    one = of(Site(), "published", published="", published_text="")
    assert (one.value, one.word) == ("", "doubtful") and date_line(STORY) in one.doubts[0]


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
