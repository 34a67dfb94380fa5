"""Where a portal writes the date of an article: the slot whose dates other slots bear witness to.

A page is full of dates: the visitor's clock in its header, the dates of related articles, those in the text. The
publication date is at one place on nearly every page, differs from page to page, never lies after the fetch, and
other places (a meta tag, a time element) mostly say the same day.
"""

from __future__ import annotations

import json
import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from lxml.html import HtmlElement

from crawler import dates
from crawler.dates import Found
from crawler.page import Page
from crawler.template.model import DateSlot
from crawler.template.parts import Parts

LONGEST_LINE = 260  # letters of a line that may be a date line
LONGEST_INSIDE = 16  # words of one within the article's text
HEADLINE = 4  # words of a link beside its date that make it another article's headline
COVERAGE = 0.6
SAME_VALUE = 0.34  # one value on more of the pages is a clock or the date of the site
LATE = 0.1  # share of dates after the fetch that rules a slot out
AGREE = 0.97
LISTED_DAYS = 3
YEAR = re.compile(r"(?:19|20)\d\d")
META_NAMES = (
    "article:published_time",
    "pubdate",
    "date",
    "dc.date",
    "dc.date.issued",
    "datepublished",
    "article:modified_time",
)
SLACK = timedelta(minutes=10)  # clocks differ
MODIFIED = re.compile(r"modified|updated", re.I)
UPDATE_COSTS = 3.0  # what a slot of updates loses against one of publications; alone it is still better than none
CLOCK = 0.9  # share of dates on the day of the fetch that makes a slot a clock, unless it stands at the title
CLOCK_PAGES = 3
AT_TITLE = 8  # lines below the title within which a date of today is an article's of today


@dataclass(slots=True)
class Dated:
    """One date on one page, and the line that it stands in (None for an attribute or the head).

    `is_update`: the page calls it the last edit's.
    """

    found: Found
    line: int | None = None
    is_update: bool = False


def dated(page: Page, parts: Parts) -> dict[DateSlot, Dated]:
    """Every date of a page by its slot."""
    slots: dict[DateSlot, Dated] = {}
    ordinals: Counter[int] = Counter()
    for number, line in enumerate(parts.outline.lines):
        if (date := _in_line(parts, number)) is not None:
            slots[DateSlot(line.path, "", ordinals[line.path])] = date
            ordinals[line.path] += 1
    return slots | _in_attributes(parts) | in_head(page)


def _in_line(parts: Parts, number: int) -> Dated | None:
    """The date of a line; None for one in a long line, in the text itself, or beside another article's headline."""
    line = parts.outline.lines[number]
    if len(line.text) > LONGEST_LINE or not YEAR.search(line.text):
        return None
    if parts.is_inside(number) and line.words > LONGEST_INSIDE:
        return None
    found = dates.find(line.text)
    if found is None or line.link_words - len(found.text.split()) >= HEADLINE or _is_anothers(parts, number):
        return None
    return Dated(found, number, dates.is_update(line.text, found))


def _is_anothers(parts: Parts, number: int) -> bool:
    """Whether a line behind the beginning of the text follows another article's headline: the date is that one's."""
    lines = parts.outline.lines
    if parts.container is None or number == 0 or number < parts.first:
        return False
    made, headline = parts.outline, lines[number - 1]
    if not headline.is_teaser or number - 1 == parts.title_line or dates.find(headline.text) is not None:
        return False
    # An item of a list has its date in it; what follows the list is the article's own again.
    item = made.item_around(headline.owner)
    return not item or made.inside(lines[number].owner, item)


def _in_attributes(parts: Parts, places: set[int] | None = None) -> dict[DateSlot, Dated]:
    """The dates in attributes, of all places or of some."""
    slots: dict[DateSlot, Dated] = {}
    ordinals: Counter[tuple[int, str]] = Counter()
    for index, name, value in _attributes(parts, places):
        if (found := dates.from_attribute(value)) is not None:
            place = parts.outline.paths[index]
            is_update = bool(MODIFIED.search(_names(parts.outline.elements[index])))
            slots[DateSlot(place, name, ordinals[place, name])] = Dated(found, is_update=is_update)
            ordinals[place, name] += 1
    return slots


def _names(element: HtmlElement) -> str:
    """What an element with a date is called, where that does not also call it published (WordPress's usual theme)."""
    names = f"{element.get('class') or ''} {element.get('itemprop') or ''}"
    return "" if "publish" in names.lower() else names


def dated_at(page: Page, parts: Parts, slots: list[DateSlot]) -> Dated | None:
    """The first of some slots that has a date on a page."""
    ordinals: Counter[int] = Counter()
    places = {slot.path for slot in slots if slot.path is not None and not slot.name}
    found: dict[DateSlot, Dated] = {}
    for number, line in enumerate(parts.outline.lines):
        if line.path in places and (date := _in_line(parts, number)) is not None:
            found[DateSlot(line.path, "", ordinals[line.path])] = date
            ordinals[line.path] += 1
    for slot in slots:
        if slot.path is None:
            found |= in_head(page)
        elif slot.name and slot not in found:
            found |= _in_attributes(parts, {slot.path})
        if slot in found:
            return found[slot]
    return None


def in_head(page: Page) -> dict[DateSlot, Dated]:
    """The dates of meta tags and of JSON-LD."""
    slots: dict[DateSlot, Dated] = {}
    for name in META_NAMES:
        if (moment := dates.from_meta(page.first_meta(name))) is not None:
            found = Found(moment, page.first_meta(name), True)
            slots[DateSlot(None, name, 0)] = Dated(found, is_update=bool(MODIFIED.search(name)))
    for name, value in _linked_data(page):
        if (said := dates.from_attribute(value)) is not None:
            slots.setdefault(DateSlot(None, f"ld:{name}", 0), Dated(said, is_update=bool(MODIFIED.search(name))))
    return slots


def date_slots(pages: list[Page], found: list[dict[DateSlot, Dated]], titles: list[int | None]) -> list[DateSlot]:
    """The slots of the publication date, the most exact first; none where no slot will do.

    `found`: dated() of each page; `titles`: the line of each page's title.
    """
    listed = _listed_places(found)
    values: dict[DateSlot, dict[int, Dated]] = defaultdict(dict)
    for number, slots in enumerate(found):
        for slot, date in slots.items():
            if slot.path is None or slot.path not in listed:
                values[slot][number] = date
    count = len(pages)
    fit = {
        slot: dates
        for slot, dates in values.items()
        if _may_be(dates, pages, count) and not _is_clock(dates, pages, titles)
    }
    if not fit:
        return []
    every = {slot: dates for slot, dates in values.items() if len(dates) >= count / 2}
    best = max(fit, key=lambda slot: (_score(slot, fit[slot], every, titles, count), slot.path is not None, slot.name))
    same = [slot for slot in fit if slot == best or _agreement(fit[best], fit[slot])[0] >= AGREE]
    return sorted(same, key=lambda slot: _exactness(slot, fit, same, count))


def _attributes(parts: Parts, places: set[int] | None) -> Iterator[tuple[int, str, str]]:
    for index, element in enumerate(parts.outline.elements):
        if places is not None and parts.outline.paths[index] not in places:
            continue
        for name in ("datetime", "content", "title"):
            value = element.get(name)
            if (
                value
                and len(value) <= 60
                and YEAR.search(value)
                and (name != "title" or element.tag in ("abbr", "span"))
            ):
                yield index, name, value


def _linked_data(page: Page) -> Iterator[tuple[str, str]]:
    for script in page.root.iter("script"):
        if (script.get("type") or "").lower() == "application/ld+json":
            try:
                yield from _published(json.loads(script.text or ""))
            except (
                ValueError,
                RecursionError,
            ):  # written by hand, cut by a plugin, nested without end: it says nothing
                continue


def _published(node: object) -> Iterator[tuple[str, str]]:
    """The dates in a piece of JSON-LD, outermost first; without recursion, for some nest without end."""
    nodes = [node]
    for one in nodes:
        if isinstance(one, dict):
            yield from (
                (name, one[name]) for name in ("datePublished", "dateModified") if isinstance(one.get(name), str)
            )
            nodes += one.values()
        elif isinstance(one, list):
            nodes += one


def _listed_places(found: list[dict[DateSlot, Dated]]) -> set[int]:
    """Places with several dates of several days on a page: lists of other articles."""
    listed: Counter[int] = Counter()
    for slots in found:
        days: dict[int, set[object]] = defaultdict(set)
        for slot, date in slots.items():
            if slot.path is not None:
                days[slot.path].add(date.found.moment.date())
        listed.update(place for place, at in days.items() if len(at) >= LISTED_DAYS)
    return {place for place, times in listed.items() if times >= max(2, len(found) / 10)}


def _may_be(dates: dict[int, Dated], pages: list[Page], count: int) -> bool:
    if len(dates) < COVERAGE * count:
        return False
    commonest = Counter(date.found.moment for date in dates.values()).most_common(1)[0][1]
    if commonest > max(1, SAME_VALUE * count):
        return False
    return sum(is_late(date.found.moment, pages[n]) for n, date in dates.items()) <= LATE * len(dates)


def _is_clock(dates: dict[int, Dated], pages: list[Page], titles: list[int | None]) -> bool:
    """The visitor's clock: always the day of the fetch, at the top or the bottom of the page.

    Where it is an attribute, always its minute: a portal that is crawled every night has articles of the day.
    """
    if len(dates) < CLOCK_PAGES:
        return False
    now = 0
    for number, date in dates.items():
        moment, fetched, title = date.found.moment, pages[number].fetched, titles[number]
        if date.line is None:
            now += date.found.has_time and abs(moment - fetched) <= SLACK
        else:
            near = title is not None and 0 < date.line - title <= AT_TITLE
            now += moment.date() == fetched.astimezone(moment.tzinfo).date() and not near
    return now >= CLOCK * len(dates)


def is_late(moment: datetime, page: Page) -> bool:
    """Whether a date lies after the fetch of its page, and so cannot be the publication's."""
    return moment > page.fetched + SLACK


def _agreement(one: dict[int, Dated], other: dict[int, Dated]) -> tuple[float, float]:
    """On how many of their common pages two slots say the same day; how often the first is not the later one."""
    common = one.keys() & other.keys()
    if not common:
        return 0.0, 0.0
    same = sum(one[n].found.moment.date() == other[n].found.moment.date() for n in common)
    before = sum(_not_later(one[n].found, other[n].found) for n in common)
    return same / len(common), before / len(common)


def _not_later(one: Found, other: Found) -> bool:
    if one.has_time and other.has_time:
        return one.moment <= other.moment
    return one.moment.date() <= other.moment.date()


def _score(
    slot: DateSlot,
    dates: dict[int, Dated],
    every: dict[DateSlot, dict[int, Dated]],
    titles: list[int | None],
    count: int,
) -> float:
    witnesses = 0
    for other, theirs in every.items():
        if other == slot or (other.path == slot.path and slot.path is not None):
            continue
        same, before = _agreement(dates, theirs)
        witnesses += same >= AGREE or (before >= AGREE and same > 0.5)
    distances = [
        abs(date.line - title)
        for n, date in dates.items()
        if date.line is not None and (title := titles[n]) is not None
    ]
    nearness = 1 / (1 + statistics.median(distances)) if distances else 0.0
    updates = sum(date.is_update for date in dates.values()) / len(dates)
    return witnesses + 2 * len(dates) / count + nearness - UPDATE_COSTS * updates


def _exactness(
    slot: DateSlot, fit: dict[DateSlot, dict[int, Dated]], same: list[DateSlot], count: int
) -> tuple[bool, float, bool, bool, str]:
    """For sorting slots that agree: with a time, the earliest to the minute, on every page, visible."""
    dates = fit[slot]
    timed = sum(date.found.has_time for date in dates.values()) > len(dates) / 2
    later = 0.0
    if timed:
        later = max((_later_than(dates, fit[other]) for other in same if other != slot), default=0.0)
    return not timed, round(later, 1), len(dates) < count, bool(slot.name), slot.name


def _later_than(dates: dict[int, Dated], other: dict[int, Dated]) -> float:
    """On which share of the common pages another slot has an earlier time of the same day."""
    common = [n for n in dates.keys() & other.keys() if other[n].found.has_time]
    earlier = sum(other[n].found.moment < dates[n].found.moment for n in common)
    return earlier / len(common) if common else 0.0
