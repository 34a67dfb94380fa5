"""The publication date of a layout: where the others bear witness to it; never a clock, never another article's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from crawler.template.read import look
from tests.site_of_pages import (
    FETCHED,
    WEEKDAYS,
    Part,
    Site,
    Story,
    date_line,
    learned,
    nothing,
    others,
    read,
    story,
    text,
)

UNSEEN = 40
NUMBERS = (2, 9, UNSEEN, 45)  # of the morning, of the afternoon, and of pages that the layout is not learned from


@pytest.fixture(params=[False, True], ids=["classes", "bare"])
def bare(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def published(site: Site) -> dict[int, str]:
    """What is read of some pages by the layout of the first ten."""
    template = learned(site)
    return {number: read(site.page(number), template).published for number in NUMBERS}


def as_told(hour: bool = True) -> dict[int, str]:
    """What must be read: day and minute, or the day alone."""
    moments = {number: story(number).published for number in NUMBERS}
    return {n: (m if hour else m.replace(hour=0, minute=0)).isoformat() for n, m in moments.items()}


UNDATED = dict.fromkeys(NUMBERS, "")


def on_twelve(moment: datetime, before_noon: str, after_noon: str) -> str:
    """The time on a clock of twelve hours: "3:25 CH"."""
    return f"{moment.hour % 12 or 12}:{moment:%M} {before_noon if moment.hour < 12 else after_noon}"


Shape = Callable[[datetime], str]
SHAPES: dict[str, Shape] = {
    "Thứ Ba, 12/03/2024 - 08:15": lambda d: f"{WEEKDAYS[d.weekday()]}, {d:%d/%m/%Y - %H:%M}",
    "13 Tháng 10 2015 09:10": lambda d: f"{d.day} Tháng {d.month} {d:%Y %H:%M}",
    "09/05/2025 3:25 CH": lambda d: f"{d:%d/%m/%Y} {on_twelve(d, 'SA', 'CH')}",
    "20/01/2020 - 8:28:04 AM": lambda d: f"{d:%d/%m/%Y} - {on_twelve(d, ':04 AM', ':04 PM').replace(' ', '', 1)}",
    "12.03.2024 08:15": lambda d: f"{d:%d.%m.%Y %H:%M}",
    "12-03-2024 08:15": lambda d: f"{d:%d-%m-%Y %H:%M}",
    "Cập nhật lúc: 08:15 12/03/2024": lambda d: f"Cập nhật lúc: {d:%H:%M %d/%m/%Y}",
    "8h15, ngày 3 tháng 12 năm 2024": lambda d: f"{d.hour}h{d:%M}, ngày {d.day} tháng {d.month} năm {d.year}",
    "8 giờ 15, ngày 12/03/2024": lambda d: f"{d.hour} giờ {d:%M}, ngày {d:%d/%m/%Y}",
    "8 giờ 15 phút ngày 12/03/2024": lambda d: f"{d.hour} giờ {d:%M} phút ngày {d:%d/%m/%Y}",
    "<time datetime>": lambda d: f'<time datetime="{d.isoformat()}">hôm ấy</time>',
    "<time datetime> of Greenwich": lambda d: (
        f'<time datetime="{d - timedelta(hours=7):%Y-%m-%dT%H:%M:%SZ}">{d:%d/%m/%Y}</time>'
    ),
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_day_and_minute_are_found_in_every_shape(shape: Shape, bare: bool) -> None:
    assert published(Site(bare=bare, date=lambda told: shape(told.published))) == as_told()


def test_a_day_alone_is_midnight(bare: bool) -> None:
    assert published(Site(bare=bare, date=lambda told: f"{told.published:%d/%m/%Y}")) == as_told(hour=False)


def meta(name: str, moment: datetime) -> str:
    return f'<meta property="article:{name}_time" content="{moment.isoformat()}">'


@pytest.mark.parametrize("visible", [nothing, lambda told: f"{told.published:%d/%m/%Y}"], ids=["no line", "the day"])
def test_the_head_gives_the_minute_that_no_line_gives(visible: Part, bare: bool) -> None:
    assert published(Site(bare=bare, date=visible, head=lambda told: meta("published", told.published))) == as_told()


def test_a_date_in_the_container_is_found_and_is_no_text(bare: bool) -> None:
    site = Site(bare=bare, date=nothing, within=lambda told: f"<p>{date_line(told)}</p>{text(told)}")
    assert published(site) == as_told()
    assert read(site.page(UNSEEN), learned(site)).body == story(UNSEEN).body


# ---- clocks, and what lies ahead


def clock(moment: datetime) -> str:
    return f"<div>Hôm nay: {WEEKDAYS[moment.weekday()]}, {moment:%d/%m/%Y}</div>"


def nightly(told: Story) -> datetime:
    """Pages of a portal that is crawled over many nights."""
    return FETCHED - timedelta(days=2 * told.number)


OWN_DATES: dict[str, dict[str, Any]] = {
    "below the title": {},
    "behind the article": {"date": nothing, "behind": lambda told: f"<p>{date_line(told)}</p>"},
    "nowhere": {"date": nothing},
}


@pytest.mark.parametrize("own", OWN_DATES)
def test_the_clock_of_one_day_is_never_chosen(own: str, bare: bool) -> None:
    site = Site(bare=bare, top=lambda _: clock(FETCHED), **OWN_DATES[own])
    assert published(site) == (UNDATED if own == "nowhere" else as_told())


@pytest.mark.parametrize("own", OWN_DATES)
def test_the_clock_of_many_nights_is_never_chosen(own: str, bare: bool) -> None:
    """Its days differ from page to page as a publication's do; but each is the day of the fetch."""
    site = Site(bare=bare, top=lambda told: clock(nightly(told)), fetched=nightly, **OWN_DATES[own])
    assert published(site) == (UNDATED if own == "nowhere" else as_told())


def test_a_date_after_the_fetch_is_refused(bare: bool) -> None:
    site = Site(bare=bare)
    early = replace(site.page(UNSEEN), fetched=story(UNSEEN).published - timedelta(hours=1))
    article = read(early, learned(site))
    assert (article.published, article.published_text) == ("", "")
    assert look(early, learned(site)).date is None


def test_clocks_may_differ_by_some_minutes(bare: bool) -> None:
    site = Site(bare=bare)
    early = replace(site.page(UNSEEN), fetched=story(UNSEEN).published - timedelta(minutes=5))
    assert read(early, learned(site)).published == story(UNSEEN).published.isoformat()


def test_days_to_come_are_no_publications(bare: bool) -> None:
    """A calendar of events right below the title."""

    def event(told: Story) -> str:
        return f"<p>Ngày hội: {FETCHED + timedelta(days=5 + told.number):%d/%m/%Y}</p>"

    site = Site(bare=bare, date=event, behind=lambda told: f"<p>{date_line(told)}</p>")
    assert published(site) == as_told()


# ---- other articles' dates


def in_their_lines(told: Story, count: int) -> str:
    items = (f'<li><a href="{one.url}">{one.title}</a> ({one.published:%d/%m/%Y})</li>' for one in others(told, count))
    return f"<div><h4>Tin khác</h4><ul>{''.join(items)}</ul></div>"


def in_lines_of_their_own(told: Story, count: int) -> str:
    items = (
        f'<div><a href="{one.url}">{one.title}</a></div><div>{one.published:%d/%m/%Y %H:%M}</div>'
        for one in others(told, count)
    )
    return f"<div><h4>Tin khác</h4>{''.join(items)}</div>"


LISTS = pytest.mark.parametrize("listed", [in_their_lines, in_lines_of_their_own])
Listed = Callable[[Story, int], str]


@LISTS
@pytest.mark.parametrize("count", [1, 2, 3, 6])
def test_the_date_of_a_related_article_is_never_chosen(listed: Listed, count: int, bare: bool) -> None:
    behind = Site(bare=bare, behind=lambda told: listed(told, count))
    inside = Site(bare=bare, within=lambda told: text(told) + listed(told, count))
    assert published(behind) == as_told()
    assert published(inside) == as_told()


@LISTS
@pytest.mark.parametrize("count", [3, 6])
def test_a_list_dates_no_article_that_has_no_date(listed: Listed, count: int, bare: bool) -> None:
    assert published(Site(bare=bare, date=nothing, behind=lambda told: listed(told, count))) == UNDATED


@pytest.mark.parametrize("count", [1, 2])
def test_a_short_list_dates_no_article_that_has_no_date(count: int, bare: bool) -> None:
    site = Site(bare=bare, date=nothing, behind=lambda told: in_lines_of_their_own(told, count))
    assert published(site) == UNDATED


# ---- published and updated


def same_day(told: Story) -> datetime:
    return told.published + timedelta(minutes=90 + told.number)


def days_later(told: Story) -> datetime:
    return told.published + timedelta(days=1 + told.number % 4, minutes=30)


def lines(told: Story, updated: Callable[[Story], datetime]) -> list[str]:
    return [f"Ngày đăng: {told.published:%d/%m/%Y %H:%M}", f"Cập nhật: {updated(told):%d/%m/%Y %H:%M}"]


UPDATES = pytest.mark.parametrize("updated", [same_day, days_later])
Updated = Callable[[Story], datetime]


@UPDATES
@pytest.mark.parametrize("join", ["</div><div>", " | "], ids=["two lines", "one line"])
def test_published_is_chosen_where_updated_follows(updated: Updated, join: str, bare: bool) -> None:
    assert published(Site(bare=bare, date=lambda told: f"<div>{join.join(lines(told, updated))}</div>")) == as_told()


@UPDATES
def test_published_is_chosen_of_the_head(updated: Updated, bare: bool) -> None:
    def head(told: Story) -> str:
        return meta("modified", updated(told)) + meta("published", told.published)

    assert published(Site(bare=bare, date=nothing, head=head)) == as_told()


def test_published_is_chosen_where_updated_of_the_same_day_stands_before_it(bare: bool) -> None:
    site = Site(bare=bare, date=lambda told: f"<div>{'</div><div>'.join(lines(told, same_day)[::-1])}</div>")
    assert published(site) == as_told()


BEFORE: dict[str, Part] = {
    "in one line, the same day": lambda told: " | ".join(lines(told, same_day)[::-1]),
    "in one line, days later": lambda told: " | ".join(lines(told, days_later)[::-1]),
    "in two lines, days later": lambda told: f"<div>{'</div><div>'.join(lines(told, days_later)[::-1])}</div>",
}


@pytest.mark.parametrize("line", BEFORE.values(), ids=BEFORE)
def test_published_is_chosen_where_updated_stands_before_it(line: Part, bare: bool) -> None:
    assert published(Site(bare=bare, date=line)) == as_told()


def test_published_of_the_head_is_chosen_where_the_page_shows_updated_alone(bare: bool) -> None:
    site = Site(
        bare=bare,
        date=lambda told: lines(told, days_later)[1],
        head=lambda told: meta("published", told.published) + meta("modified", days_later(told)),
    )
    assert published(site) == as_told()
