"""The date: which places of the page say the same day, and what speaks against it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from lxml.html import HtmlElement

from archive.article import Article
from crawler import dates
from crawler.explaining.model import Case, Explained, absent
from crawler.explaining.places import Places, css, letters
from crawler.explaining.titling import title_line
from crawler.finders import text_of
from crawler.template.dating import LONGEST_LINE, YEAR, in_head, is_late

VISIBLE, WEEKDAY, NEAR, HEAD, ATTRIBUTE, ADDRESS = 0.75, 0.7, 0.3, 0.7, 0.5, 0.6
BEFORE_TITLE, AFTER_TITLE = 4, 12  # lines around the title in which its date stands
CLOCK = "it is the day of the fetch and stands above the title: it may be the visitor's clock"
WEEKDAYS = {"hai": 0, "2": 0, "ba": 1, "3": 1, "tư": 2, "4": 2, "năm": 3, "5": 3, "sáu": 4, "6": 4, "bảy": 5, "7": 5}
SAID_WEEKDAY = re.compile(r"\bthứ\s+(hai|ba|tư|năm|sáu|bảy|[2-7])\b|\bt([2-7])\b|\b(?:chủ\s+nhật|cn)\b", re.I)
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def published(places: Places, article: Article) -> Explained:
    """The date of publication, heard against every other date that the page gives for itself."""
    if not article.published:
        return _none(places, article)
    case = Case("published", article.published)
    moment = datetime.fromisoformat(article.published)
    line = _line(places, article)
    if line is not None:
        _visible(case, places, article, moment, line)
    _others(case, places, moment)
    if f"{moment:%Y/%m/%d}" in article.url or f"{moment:%Y%m%d}" in article.url:
        case.witness(ADDRESS, "address")
    if is_late(moment, places.page):
        case.doubt("it lies after the moment of the fetch", 0.2)
    if case.witnesses == 1:
        case.doubt("no other place on the page confirms it")
    if not case.witnesses:
        case.witness(0.4)
        case.doubt("no place on the page could be found that says it")
    return case.closed()


def _visible(case: Case, places: Places, article: Article, moment: datetime, line: int) -> None:
    """A line that shows it: does its weekday fit, does it stand near the title, may it be a clock?"""
    text = places.lines()[line].text
    found = dates.find(text)
    shown = (
        article.published_text if letters(article.published_text) in places.keys[line] else found.text if found else ""
    )
    case.witness(VISIBLE, css(places.within(line, shown)))
    if (said := weekday(shown)) is not None:
        if said == moment.weekday():
            case.witness(WEEKDAY)
        else:
            real = f"{moment:%d/%m/%Y} is a {DAY_NAMES[moment.weekday()]}"
            case.doubt(f"the weekday on the page does not match the date: it says {DAY_NAMES[said]}, {real}", 0.6)
    if found is not None and found.moment.date() != moment.date():
        case.doubt("another date stands before it in the same line", 0.9)
    title = title_line(places, article)
    if title is not None and title - BEFORE_TITLE <= line <= title + AFTER_TITLE:
        case.witness(NEAR)
    elif title is not None and line < title and moment.date() == places.page.fetched.date():
        case.doubt(CLOCK, 0.5)
    elif title is not None:
        case.doubt("it stands far from the title", 0.9)


def _others(case: Case, places: Places, moment: datetime) -> None:
    """What the page's head and its attributes say: the same day, or another."""
    for slot, date in in_head(places.page).items():
        name = f"JSON-LD {slot.name[3:]}" if slot.name.startswith("ld:") else f"meta {slot.name}"
        edited = "modified" in slot.name.lower()
        if date.found.moment.date() == moment.date():
            case.witness(HEAD if not edited else ATTRIBUTE, name)
        elif edited and date.found.moment < moment:
            case.doubt(f"the last edit is said to be earlier: {name} says {date.found.moment:%d/%m/%Y}", 0.8)
        elif not edited:
            case.doubt(f"{name} says another day: {date.found.moment:%d/%m/%Y}", 0.7)
    for element, name, found in _attributes(places):
        if found.moment.date() == moment.date():
            shown = dates.find(text_of(element))
            says = shown is not None and shown.moment.date() == moment.date()
            if says and not case.witnesses:  # its line has another date beside it, without a blank between
                case.witness(VISIBLE, css(element))
            case.witness(ATTRIBUTE, f"{css(element)}[{name}]")
            break


def _attributes(places: Places) -> Iterator[tuple[HtmlElement, str, dates.Found]]:
    """The dates of <time datetime> and of microdata: element, attribute, date."""
    for element in places.page.root.iter("time", "meta", "span", "abbr"):
        for name in ("datetime", "content"):
            value = element.get(name) or ""
            wanted = element.tag == "time" or "date" in (element.get("itemprop") or "").lower()
            if wanted and value and YEAR.search(value) and (found := dates.from_attribute(value)) is not None:
                yield element, name, found


def _line(places: Places, article: Article) -> int | None:
    """The line that shows the words of the date; of several the one nearest to the title."""
    wanted = letters(article.published_text)
    lines = [number for number, key in enumerate(places.keys) if wanted and wanted in key]
    title = title_line(places, article) or 0
    if not lines:  # read from an attribute: the page may still show the day beside the title
        near = range(max(0, title - BEFORE_TITLE), min(title + AFTER_TITLE, len(places.keys)))
        lines = [number for number in near if _says_day(places.lines()[number].text, article.published[:10])]
    return min(lines, key=lambda number: abs(number - title), default=None)


def _says_day(text: str, day: str) -> bool:
    found = dates.find(text) if len(text) <= LONGEST_LINE else None
    return found is not None and f"{found.moment:%Y-%m-%d}" == day


def _none(places: Places, article: Article) -> Explained:
    """No date: is there one near the title, or in the head, after all?"""
    title = title_line(places, article)
    near = places.lines()[max(0, (title or 0) - BEFORE_TITLE) : (title or 0) + AFTER_TITLE]
    said = [found.text for line in near if len(line.text) <= LONGEST_LINE and (found := dates.find(line.text))]
    said += [date.found.text for date in in_head(places.page).values()]
    said += [found.text for _, _, found in _attributes(places)]
    if said:
        return absent("published", 0.3, [f"a date stands near the title, or for programs: {said[0]}"])
    return absent("published", 0.8, [])


def weekday(text: str) -> int | None:
    """The weekday that a text names, Monday 0; None where it names none."""
    match = SAID_WEEKDAY.search(text)
    if match is None:
        return None
    return WEEKDAYS.get((match[1] or match[2] or "").lower(), 6)
