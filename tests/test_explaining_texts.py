"""Why lead and body are believed, and what of the page was left out of them."""

from __future__ import annotations

from dataclasses import replace

from crawler.explaining import left_out
from tests import test_reading_nukeviet as nukeviet
from tests.explained import NAMED, STORY, of, place, told
from tests.site_of_pages import Site, Story, learned, others, read, strewn

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
