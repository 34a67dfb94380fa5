"""What some pages of one portal have in common is furniture, what differs is the article: learned from ten of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import etree

from crawler import boilerplate
from crawler.page import Page
from crawler.template.hints import Known
from crawler.template.learn import learn
from crawler.template.read import look
from tests.site_of_pages import (
    AUTHORS,
    HOST,
    NAME,
    Part,
    Site,
    Story,
    date_line,
    learned,
    links,
    others,
    read,
    story,
    strewn,
    text,
)

UNSEEN = 40  # a page that no layout here is learned from
PHRASES = Known.of({}, {}, boilerplate.load().for_portal("generic", "portal"))
BODY_BY_CSS = Known.of(row={"body": ".content"}, family={}, phrases=None)


@pytest.fixture(params=[False, True], ids=["classes", "bare"])
def bare(request: pytest.FixtureRequest) -> bool:
    """Whether the layout is one without a single class or id."""
    return bool(request.param)


def related(told: Story) -> str:
    """A list of other articles in a block of its own, each with its lead."""
    items = "".join(f'<div><a href="{one.url}">{one.title}</a> {one.lead}</div>' for one in others(told, 3))
    return f"<div><h4>Bài viết khác</h4>{items}</div>"


def banner(told: Story) -> str:
    """A block on four pages of ten, before another paragraph on each."""
    html = '<div><b>Chung tay vì người nghèo</b> <a href="/qc"><img src="/qc.png"></a></div>'
    return strewn(told, 1 + told.number % 3, html) if told.number % 5 in (0, 2) else text(told)


def slogan(told: Story) -> str:
    """A paragraph like those of the text, the same on every second page."""
    return strewn(told, 1 + told.number % 3, "<p>Chung tay vì người nghèo</p>") if told.number % 2 == 0 else text(told)


def under(heading: str, told: Story) -> str:
    """The text, then other articles' headlines without a block of their own."""
    return f"{text(told)}<p><b>{heading}</b></p>" + "".join(
        f'<p><a href="{one.url}">{one.title}</a></p>' for one in others(told, 3)
    )


IN_THE_CONTAINER: dict[str, Part] = {
    "counters that move": lambda told: f"{text(told)}<p>Lượt xem trong tuần: {7 * told.number}</p>",
    "counters before the text": lambda told: f"<div>Đang truy cập: {12 + told.number}</div>{text(told)}",
    "a line on all pages": lambda told: f"<p>Mời bạn đọc gửi bài cộng tác về tòa soạn</p>{text(told)}",
    "a line on half of the pages": slogan,
    "banners strewn into some bodies": banner,
    "teasers that differ on every page": lambda told: text(told) + related(told),
    "teasers amid the text": lambda told: strewn(told, 2, related(told)),
    "a list under a heading": lambda told: under("Tin liên quan", told),
    "a list under words of the portal's own": lambda told: under("Mời xem thêm chuyện làng", told),
    "a list without a heading": lambda told: f"{text(told)}<ul>{links(told, 3)}</ul>",
}


def test_the_bare_layout_has_no_class_and_no_id() -> None:
    page = Site(bare=True).page(0).text
    assert "class=" not in page and " id=" not in page


def test_container_title_date_lead_and_author_are_found(bare: bool) -> None:
    site = Site(bare=bare)
    template = learned(site, 10)
    article, told = read(site.page(UNSEEN), template), story(UNSEEN)
    assert template.paths.steps[template.container][1] == ("div" if bare else "div.content")
    assert (article.title, article.lead, article.body) == (told.title, told.lead, told.body)
    assert (article.author, article.published) == (told.author, told.published.isoformat())
    assert article.published_text == date_line(told)


def test_a_title_that_is_a_link_to_its_own_page_is_the_title(bare: bool) -> None:
    """As Joomla and many a WordPress theme write it."""
    site = Site(bare=bare)

    def linked(number: int) -> Page:
        page, told = site.page(number), story(number)
        return replace(page, text=page.text.replace(f">{told.title}</h", f'><a href="{told.url}">{told.title}</a></h'))

    template = learn([linked(number) for number in range(10)])
    assert template is not None
    assert look(linked(UNSEEN), template).parts.title == story(UNSEEN).title


@pytest.mark.parametrize("number", [0, 4, 9, UNSEEN])
@pytest.mark.parametrize("what", IN_THE_CONTAINER)
def test_what_is_not_the_articles_leaves_the_body(what: str, number: int, bare: bool) -> None:
    site = Site(bare=bare, within=IN_THE_CONTAINER[what])
    article = read(site.page(number), learned(site))
    assert article.body == story(number).body


@pytest.mark.parametrize("number", [3, UNSEEN])
def test_header_menu_and_footer_are_never_in_the_body(number: int, bare: bool) -> None:
    site = Site(bare=bare)
    article = read(site.page(number), learned(site))
    assert not any(words in article.body for words in (NAME, "Trang chủ", "Trụ sở", "Đang truy cập", "Tin mới"))


def test_a_banner_leaves_no_picture_behind() -> None:
    site = Site(within=banner)
    page = site.page(5)
    assert "qc.png" in page.text
    assert "qc.png" not in read(page, learned(site)).body_html


@pytest.mark.parametrize("number", [2, UNSEEN])
def test_a_number_in_a_long_sentence_is_the_articles_own(number: int, bare: bool) -> None:
    def sentence(told: Story) -> str:
        return f"Tính đến nay đã có {13 * told.number + 204} hộ dân hiến đất mở đường, nhiều nhất trong mười năm qua."

    site = Site(bare=bare, within=lambda told: f"{text(told)}<p>{sentence(told)}</p>")
    assert read(site.page(number), learned(site)).body == f"{story(number).body}\n\n{sentence(story(number))}"


def test_the_header_of_the_articles_own_tables_is_text(bare: bool) -> None:
    """On four pages of ten: too often to be there by chance, and still no furniture."""

    def within(told: Story) -> str:
        rows = [("Tên tổ", "Việc đã làm"), *((one.author, one.title) for one in others(told, 3))]
        table = "".join(f"<tr><td>{left}</td><td>{right}</td></tr>" for left, right in rows)
        return strewn(told, 2, f"<table>{table}</table>") if told.number % 5 in (0, 2) else text(told)

    site = Site(bare=bare, within=within)
    rows = ["Tên tổ Việc đã làm", *(f"{one.author} {one.title}" for one in others(story(UNSEEN), 3))]
    said = [*story(UNSEEN).paragraphs[:2], *rows, *story(UNSEEN).paragraphs[2:]]
    assert read(site.page(UNSEEN), learned(site)).body.split("\n\n") == said


def test_known_words_end_a_text_that_never_had_them_before(bare: bool) -> None:
    def within(told: Story) -> str:
        return f"{under('Tin liên quan', told)}<p>{others(told, 1)[0].lead}</p>"

    template = learned(Site(bare=bare), known=PHRASES)
    page = Site(bare=bare, within=within).page(UNSEEN)
    assert read(page, template, PHRASES).body == story(UNSEEN).body


def test_words_of_an_end_do_not_end_a_text_that_mostly_follows_them(bare: bool) -> None:
    site = Site(bare=bare, within=lambda told: strewn(told, 1, "<p>Tin liên quan</p>"))
    article = read(site.page(UNSEEN), learned(site, known=PHRASES), PHRASES)
    assert set(article.body.split("\n\n")) >= set(story(UNSEEN).paragraphs)


def test_a_name_below_most_articles_is_the_offices_not_the_writers(bare: bool) -> None:
    site = Site(bare=bare)

    def signed(number: int) -> Page:
        page, name = site.page(number), story(number).author
        return page if name == AUTHORS[0] else replace(page, text=page.text.replace(name, "Văn Phòng Ban"))

    template = learn([signed(number) for number in range(10)])
    assert template is not None
    assert read(signed(UNSEEN), template).author == ""
    assert read(signed(len(AUTHORS)), template).author == AUTHORS[0]


@pytest.mark.parametrize("count", [1, 2])
def test_one_or_two_pages_never_drop_lines_of_the_text(count: int) -> None:
    """On one page each line is on all of the pages, in two of the same campaign many are."""
    short = "<p>Số hộ góp công: 12</p><p>Nguyễn Thị Lụa, 61 tuổi</p><p>Cảnh đẹp quê mình</p>"
    site = Site(within=lambda _: f"{text(story(3))}{short}{text(story(4))}")
    template = learned(site, count, BODY_BY_CSS)
    kept = read(site.page(0), template, BODY_BY_CSS).body.split("\n\n")
    said = ["Số hộ góp công: 12", "Nguyễn Thị Lụa, 61 tuổi", "Cảnh đẹp quê mình"]
    assert kept == [*story(3).paragraphs, *said, *story(4).paragraphs]


def test_from_three_pages_on_a_line_on_all_of_them_is_furniture() -> None:
    site = Site(within=lambda told: f"<p>Mời bạn đọc gửi bài cộng tác về tòa soạn</p>{text(told)}")
    assert read(site.page(0), learned(site, 3, BODY_BY_CSS), BODY_BY_CSS).body == story(0).body


def strange() -> list[Page]:
    """Ten pages, each built of other elements than the rest."""
    outer = "div table section article main ul p form center dl".split()
    return [
        Page(f"{HOST}/{tag}", f"<html><body><{tag}>{text(story(number))}</{tag}></body></html>", Site().page(0).fetched)
        for number, tag in enumerate(outer)
    ]


NOTHING_SHARED: dict[str, list[Page]] = {
    "no pages": [],
    "empty pages": [replace(page, text="") for page in Site().pages(10)],
    "pages of scripts": [replace(page, text="<script>location = '/';</script>") for page in Site().pages(10)],
    "one page ten times": Site().pages(1) * 10,
    "ten pages unlike each other": strange(),
}


@pytest.mark.parametrize("pages", NOTHING_SHARED.values(), ids=NOTHING_SHARED)
def test_pages_with_nothing_in_common_give_no_layout(pages: list[Page]) -> None:
    assert learn(pages) is None


def test_learning_does_not_change_the_pages(bare: bool) -> None:
    pages = Site(bare=bare, within=lambda told: f"<!-- đầu bài -->{banner(told)}{related(told)} đuôi").pages(10)
    before = [etree.tostring(page.root) for page in pages]
    assert learn(pages, PHRASES) is not None
    assert [etree.tostring(page.root) for page in pages] == before
