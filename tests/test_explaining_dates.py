"""Why a date is believed: beside the title, with its weekday, in the head; and never the visitor's clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from crawler.explaining.dating import CLOCK, weekday
from tests.explained import STORY, UNCONFIRMED, of, place, told
from tests.site_of_pages import FETCHED, WEEKDAYS, Site, Story, date_line, learned, read


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
