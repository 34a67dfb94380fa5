"""Reading by a learned layout: what fits, what does not and why; and the page is afterwards as it was."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import etree

from crawler.page import Page
from crawler.template.model import Template
from crawler.template.read import look, to_article
from tests.site_of_pages import HOST, NAME, Site, Story, date_line, learned, links, others, read, story, strewn, text

UNSEEN = 40
PICTURE = '<p><img src="/anh/ben-song.jpg"></p>'
BANNER = '<div><b>Chung tay vì</b> người nghèo <a href="/qc"><img src="/qc.png"></a></div> đuôi của băng'


@pytest.fixture(params=[False, True], ids=["classes", "bare"])
def site(request: pytest.FixtureRequest) -> Site:
    """A portal with classes, and one without any."""
    return Site(bare=request.param)


def changed(page: Page, old: str, new: str) -> Page:
    """A page with other words in one place."""
    assert page.text.count(old) == 1
    return replace(page, text=page.text.replace(old, new))


def missing(page: Page, template: Template) -> list[str]:
    """What of a layout a page lacks; `fits` says the same."""
    fit = look(page, template).fit
    assert fit.fits is (not fit.missing)
    return fit.missing


def title_of(told: Story, site: Site) -> str:
    return f"<h2>{told.title}</h2>" if site.bare else f'<h1 class="title">{told.title}</h1>'


def container_of(told: Story, site: Site) -> str:
    return f"<div>{text(told)}</div>" if site.bare else f'<div class="content">{text(told)}</div>'


# ---- what fits


@pytest.mark.parametrize("number", [0, 9, UNSEEN, 150])
def test_an_own_article_fits(site: Site, number: int) -> None:
    fit = look(site.page(number), learned(site)).fit
    assert fit.fits and fit.path_share == 1.0


def test_an_article_of_pictures_alone_fits(site: Site) -> None:
    page = changed(site.page(UNSEEN), text(story(UNSEEN)), PICTURE)
    article = read(page, learned(site))
    assert [image.url for image in article.images] == [f"{HOST}/anh/ben-song.jpg"]


def test_a_banner_before_the_text_moves_nothing(site: Site) -> None:
    """A place is no count of siblings: what is put in front of it leaves it where it was."""
    page = changed(
        site.page(UNSEEN), title_of(story(UNSEEN), site), f"<div>Mừng xuân</div>{title_of(story(UNSEEN), site)}"
    )
    article = read(page, learned(site))
    assert (article.title, article.body) == (story(UNSEEN).title, story(UNSEEN).body)


# ---- what does not


def test_a_page_of_a_foreign_layout_does_not_fit(site: Site) -> None:
    foreign = Site(bare=not site.bare).page(UNSEEN)
    assert "container" in missing(foreign, learned(site))


def like_articles(told: Story, site: Site) -> str:
    """Other articles in the elements of one: title, date and text of each."""
    title, date, box = (
        ("h2", "i", "div") if site.bare else ('h1 class="title"', 'div class="when"', 'div class="content"')
    )
    return "".join(
        f'<{title}><a href="{one.url}">{one.title}</a></{title[:2]}>'
        f"<{date}>{date_line(one)}</{date.split()[0]}><{box}>{text(one)}</div>"
        for one in others(told, 8)
    )


def test_a_listing_of_the_same_portal_does_not_fit(site: Site) -> None:
    assert "container" in missing(site.listing(), learned(site))


def test_a_listing_that_looks_like_articles_does_not_fit(site: Site) -> None:
    told = story(UNSEEN)
    page = changed(site.page(UNSEEN), container_of(told, site), like_articles(told, site))
    page = changed(page, title_of(told, site), "")
    assert {"container", "title"} <= set(
        missing(changed(page, f"<title>{told.title}", "<title>Tin tức"), learned(site))
    )


def test_a_listing_in_the_articles_container_does_not_fit(site: Site) -> None:
    told = story(UNSEEN)
    items = "".join(f'<p><a href="{one.url}">{one.title}</a></p><p>{one.lead}</p>' for one in others(told, 8))
    page = changed(site.page(UNSEEN), text(told), items)
    page = replace(page, text=page.text.replace(told.title, "Tin tức"))
    assert missing(changed(page, date_line(told), ""), learned(site)) == ["date"]


@pytest.mark.parametrize("instead", ["", "Tin trong vùng", "Thứ Hai, 31/02/2022 - 08:15"])
def test_a_page_without_date_does_not_fit(site: Site, instead: str) -> None:
    page = changed(site.page(UNSEEN), date_line(story(UNSEEN)), instead)
    assert missing(page, learned(site)) == ["date"]


def test_a_page_without_title_does_not_fit(site: Site) -> None:
    page = changed(site.page(UNSEEN), title_of(story(UNSEEN), site), "")
    assert "title" in missing(page, learned(site))


def test_a_page_without_container_does_not_fit(site: Site) -> None:
    page = changed(site.page(UNSEEN), container_of(story(UNSEEN), site), "")
    assert "container" in missing(page, learned(site))


@pytest.mark.parametrize("instead", ["", "<p>&nbsp;</p>", "<script>tai_noi_dung();</script>"])
def test_a_page_with_an_emptied_container_does_not_fit(site: Site, instead: str) -> None:
    page = changed(site.page(UNSEEN), text(story(UNSEEN)), instead)
    assert missing(page, learned(site))


ODD = {
    "empty": "",
    "blank": " \n\t ",
    "no body": "<html></html>",
    "script alone": "<script>location = '/';</script>",
    "frames": "<frameset cols='20%,80%'><frame src='a'><frame src='b'></frameset>",
    "bytes": "%PDF-1.4 \x00\x01\x02 \ufffd obj",
    "the portal's name alone": f"<title>{NAME}</title><body>{NAME}</body>",
    "a body without an end": "<html><body><table><tr><td><div",
    "deep": "<div>" * 3000,
}


@pytest.mark.parametrize("source", ODD.values(), ids=ODD)
def test_odd_pages_do_not_fit_and_break_nothing(site: Site, source: str) -> None:
    assert missing(replace(site.page(UNSEEN), text=source), learned(site))


# ---- the page afterwards, and the layout kept as text


def crowded(told: Story) -> str:
    """A container with everything in it that reading takes out for a while: lines, blocks, pictures, files, labels."""
    return (
        f"<!-- mở đầu --><script>var so = {told.number};</script>{strewn(told, 2, BANNER)}"
        f"<p>Dòng riêng của bài {told.title}<br>xuống dòng<br><br>lại xuống <b>đậm</b> và <i>nghiêng</i> đuôi</p>"
        f'<p>Tải về: <a href="/tep/{told.number}.pdf">Kế hoạch của {told.title}</a></p>'
        f'<p style="text-align:right"><b>{told.author}</b></p><p>Lượt xem: {told.number}</p>'
        f"<div><h4>Bài viết khác</h4><ul>{links(told, 3)}</ul></div> chữ đứng sau <!-- hết -->"
        '<p>Từ khóa: <a href="/tu-khoa/kheo">khéo</a>, <a href="/tu-khoa/lang">làng</a></p>'
    )


@pytest.fixture
def crowd(site: Site) -> Site:
    return replace(site, within=crowded)


def test_reading_leaves_the_page_as_it_was(crowd: Site) -> None:
    template, page = learned(crowd), crowd.page(UNSEEN)
    before = etree.tostring(page.root)
    reading = look(page, template)
    assert etree.tostring(page.root) == before
    article = to_article(reading, "portal", page.url, "generic")
    assert etree.tostring(page.root) == before
    assert "qc.png" not in article.body_html and "Bài viết khác" not in article.body_html  # and yet they were taken out


def test_a_misfit_leaves_the_page_as_it_was(crowd: Site) -> None:
    template, page = learned(crowd), changed(crowd.page(UNSEEN), date_line(story(UNSEEN)), "")
    before = etree.tostring(page.root)
    assert missing(page, template) == ["date"]
    assert etree.tostring(page.root) == before


@pytest.mark.parametrize("number", [0, UNSEEN])
def test_a_layout_kept_as_text_reads_a_page_exactly_alike(crowd: Site, number: int) -> None:
    template = learned(crowd)
    kept = Template.from_json(template.to_json())
    assert read(crowd.page(number), kept) == read(crowd.page(number), template)
    assert look(crowd.page(number), kept).fit == look(crowd.page(number), template).fit
    assert kept.to_json() == template.to_json()


@pytest.mark.parametrize("kept", ["", "{}", "không phải bố cục"])
def test_what_is_no_layout_says_so(kept: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        Template.from_json(kept)


@pytest.mark.parametrize("hiding", ['style="display:none"', 'class="d-none"'])
def test_hidden_words_are_not_in_the_text(site: Site, hiding: str) -> None:
    page = Site(bare=site.bare, within=lambda told: strewn(told, 2, f"<p {hiding}>Lời ẩn</p>")).page(UNSEEN)
    assert "Lời ẩn" in page.text
    assert read(page, learned(site)).body == story(UNSEEN).body


@pytest.mark.parametrize("hiding", ['style="display:none"', 'class="d-none"'])
def test_hidden_words_are_not_in_what_is_shown_either(site: Site, hiding: str) -> None:
    page = Site(bare=site.bare, within=lambda told: strewn(told, 2, f"<p {hiding}>Lời ẩn</p>")).page(UNSEEN)
    assert "Lời ẩn" not in read(page, learned(site)).body_html
