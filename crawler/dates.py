"""Publication dates as Vietnamese portals write them. A date is read where the page states it, never guessed.

The shapes come from real portals: "Chủ nhật - 13/03/2022 08:50", "Thứ Tư, 29/06/2022, 09:50",
"16/10/2020 02:48:00 AM", "09/05/2025 3:25 CH", "04:35 15/03/2016", "21:30, ngày 06-11-2018",
"Thứ ba, 13 Tháng 10 2015 09:10", "18:00 |22/05/2022", "Thứ 5, 19.11.2020 | 09:25:22",
"Thứ Bảy, ngày 29 tháng 2 năm 2020 - 8:28:19 PM", "13 Tháng Ba, 2022".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from archive.clock import VIETNAM
from crawler.text import squeeze

MONTHS = ("một", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười", "mười một", "mười hai")
MONTH_WORDS = {name: number for number, name in enumerate(MONTHS, 1)} | {"giêng": 1, "bốn": 4, "chạp": 12}
IN_WORDS = "|".join(sorted(MONTH_WORDS, key=len, reverse=True))
DAY = (
    r"(?P<day>\d{1,2})(?:\s?[/.\-]\s?(?P<month>\d{1,2})\s?[/.\-]\s?"
    rf"|[\s,]+tháng\s+(?P<month_said>\d{{1,2}}|{IN_WORDS})\b(?:,|\s|năm)*)(?P<year>(?:19|20)\d\d)"
)
TIME = (
    r"(?P<hour>\d{1,2})(?::|h|g|\s?giờ\s)(?P<minute>\d\d)(?:\s?phút)?(?::\d\d)?"
    r"(?:\s?(?P<half>AM|PM|SA|CH|sáng|chiều|tối)\b)?"
)
WEEKDAY = r"(?:(?:Thứ\s+(?:hai|ba|tư|năm|sáu|bảy|[2-7])|Chủ\s+nhật|T[2-7]|CN)\b[\s,\-–|]*)?(?:ngày\s+)?"
GAP = r"(?:[\s,\-–|]|lúc|vào|ngày)*"

# The whole line, so that published_text is what stood on the page: weekday, day, time in either order.
DAY_FIRST = re.compile(rf"(?<![\d/]){WEEKDAY}{DAY}(?:(?!\d){GAP}{TIME})?(?![\d/])", re.I)
TIME_FIRST = re.compile(rf"(?<![\d:/])(?:{WEEKDAY})?{TIME}{GAP}{WEEKDAY}{DAY}(?![\d/])", re.I)

# WordPress left at its own date format, in Vietnamese and in English: "Tháng Hai 26, 2016", "March 13, 2022", and the
# day first; then the form of databases, "2016-02-26 09:30".
ENGLISH = "january february march april may june july august september october november december".split()
MONTH_WORDS |= {name: number for number, name in enumerate(ENGLISH, 1)}
NAMED = rf"(?:tháng\s+(?P<month_said>\d{{1,2}}|{IN_WORDS})|(?P<month_named>{'|'.join(ENGLISH)}))"
YEAR = r"(?P<year>(?:19|20)\d\d)"
MONTH_FIRST = re.compile(rf"\b{NAMED}\s+(?P<day>\d{{1,2}}),?\s+{YEAR}(?:(?!\d){GAP}{TIME})?(?![\d/])", re.I)
DAY_NAMED = re.compile(
    rf"(?<![\d/])(?P<day>\d{{1,2}})\s+(?P<month_named>{'|'.join(ENGLISH)}),?\s+{YEAR}(?:(?!\d){GAP}{TIME})?(?![\d/])",
    re.I,
)
YEAR_FIRST = re.compile(rf"(?<![\d/-]){YEAR}-(?P<month>\d\d)-(?P<day>\d\d)(?:(?:T|(?!\d){GAP}){TIME})?(?![\d/-])", re.I)
SHAPES = (TIME_FIRST, DAY_FIRST, MONTH_FIRST, DAY_NAMED, YEAR_FIRST)

# NukeViet's article:published_time is made with PHP's "Y-m-dTH:i:s", whose T prints the zone's abbreviation:
# "2022-03-13+0708:50:00", elsewhere "2022-03-13ICT08:50:00". The clock time in it is local.
META = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T|ICT|\+07(?!:))(\d\d):(\d\d)(?::\d\d)?")

# Right before a date: it is the last edit's. Many portals show no other, so it is refused only for a better one.
UPDATED = re.compile(r"(?:cập nhật|chỉnh sửa|sửa đổi|lần cuối|updated|modified)[^\d|]{0,24}$", re.I)
PUBLISHED = re.compile(r"(?:đăng|xuất bản|phát hành|ngày tạo|published|posted)[^\d|]{0,24}$", re.I)
ANY_YEAR = re.compile(r"(?:19|20)\d\d")
ISO = re.compile(r"\d{4}-\d\d-\d\d(?P<time>[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?(?!\d)")


@dataclass(frozen=True, slots=True)
class Found:
    """A date found in a text: the moment (seconds :00), the words that said so, whether they had a time of day."""

    moment: datetime
    text: str
    has_time: bool


def find(text: str) -> Found | None:
    """The first date line in a text, or None. A day alone gives midnight and has_time False.

    Of several dates of a line the one called the publication's goes before one called the update's:
    "Cập nhật: 15/03/2022 09:00 | Ngày đăng: 13/03/2022 08:50".
    """
    text = squeeze(text)
    if not ANY_YEAR.search(text):
        return None
    found = _first(text, 0)
    if found is None or not UPDATED.search(text, 0, found[1]):
        return found[0] if found is not None else None
    behind = found[1] + len(found[0].text)
    second = _first(text, behind)
    if second is not None and PUBLISHED.search(text, behind, second[1]):
        return second[0]
    return found[0]


def is_update(line: str, found: Found) -> bool:
    """Whether a line calls a date in it the update's: "Cập nhật lúc 22:18, Thứ Tư, 03/08/2016"."""
    return bool(UPDATED.search(line[: max(0, line.find(found.text))]))


def _first(text: str, start: int) -> tuple[Found, int] | None:
    """The first date from some place of a text on, and where it begins."""
    matches = [match for shape in SHAPES if (match := shape.search(text, start))]
    # "Thứ ba - 05/02/2019 07:00 08/02": the earlier start wins; of two at one place, the longer.
    for match in sorted(matches, key=lambda m: (m.start(), -len(m[0]))):
        if (moment := _moment(match)) is not None:
            return Found(moment, match[0].strip(" ,-–|"), match["hour"] is not None), match.start()
    return None


def from_meta(text: str) -> datetime | None:
    """The moment in an article:published_time, malformed or not; seconds :00. None where there is none."""
    try:
        sane = datetime.fromisoformat(text.strip())
    except ValueError:
        sane = None
    if sane is not None and sane.tzinfo is not None:
        return sane.astimezone(VIETNAM).replace(second=0, microsecond=0)
    match = META.search(text)
    if match is None:
        return None
    try:
        year, month, day, hour, minute = (int(part) for part in match.groups())
        return datetime(year, month, day, hour, minute, tzinfo=VIETNAM)
    except ValueError:
        return None


def from_attribute(text: str) -> Found | None:
    """The moment in a datetime attribute or a meta tag; without an offset it is local. None where there is none."""
    match = ISO.match(text.strip())
    if match is None:
        return find(text)
    try:
        moment = datetime.fromisoformat(match[0].replace("Z", "+00:00"))
    except ValueError:
        return None
    local = moment.astimezone(VIETNAM) if moment.tzinfo else moment.replace(tzinfo=VIETNAM)
    return Found(local.replace(second=0, microsecond=0), match[0], match["time"] is not None)


def _moment(match: re.Match[str]) -> datetime | None:
    said = match.groupdict()
    hour, minute = int(match["hour"] or 0), int(match["minute"] or 0)
    half = (match["half"] or "").upper()
    if half in ("PM", "CH", "CHIỀU", "TỐI") and hour < 12:
        hour += 12
    elif half in ("AM", "SA", "SÁNG") and hour == 12:
        hour = 0
    name = (said.get("month_said") or said.get("month_named") or "").lower()
    month = int(said.get("month") or MONTH_WORDS.get(name) or name)
    try:
        return datetime(int(match["year"]), month, int(match["day"]), hour, minute, tzinfo=VIETNAM)
    except ValueError:  # 31/02, 25:00: no date
        return None
