"""Publication dates as Vietnamese portals write them. A date is read where the page states it, never guessed.

The shapes come from real portals: "Chủ nhật - 13/03/2022 08:50", "Thứ Tư, 29/06/2022, 09:50",
"16/10/2020 02:48:00 AM", "09/05/2025 3:25 CH", "04:35 15/03/2016", "21:30, ngày 06-11-2018".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from archive.clock import VIETNAM
from crawler.text import squeeze

DAY = r"(?P<day>\d{1,2})\s?[/.\-]\s?(?P<month>\d{1,2})\s?[/.\-]\s?(?P<year>(?:19|20)\d\d)"
TIME = r"(?P<hour>\d{1,2})(?::|h|g|giờ\s)(?P<minute>\d\d)(?::\d\d)?(?:\s?(?P<half>AM|PM|SA|CH)\b)?"
WEEKDAY = r"(?:(?:Thứ\s+(?:hai|ba|tư|năm|sáu|bảy|[2-7])|Chủ\s+nhật|T[2-7]|CN)\b[\s,\-–|]*)?(?:ngày\s+)?"
GAP = r"(?:[\s,\-–|]|lúc|vào|ngày)*"

# The whole line, so that published_text is what stood on the page: weekday, day, time in either order.
DAY_FIRST = re.compile(rf"(?<![\d/]){WEEKDAY}{DAY}(?:(?!\d){GAP}{TIME})?(?![\d/])", re.I)
TIME_FIRST = re.compile(rf"(?<![\d:/])(?:{WEEKDAY})?{TIME}{GAP}{WEEKDAY}{DAY}(?![\d/])", re.I)

# NukeViet's article:published_time is made with PHP's "Y-m-dTH:i:s", whose T prints the zone's abbreviation:
# "2022-03-13+0708:50:00", elsewhere "2022-03-13ICT08:50:00". The clock time in it is local.
META = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T|ICT|\+07(?!:))(\d\d):(\d\d)(?::\d\d)?")


@dataclass(frozen=True, slots=True)
class Found:
    """A date found in a text: the moment (seconds :00), the words that said so, whether they had a time of day."""

    moment: datetime
    text: str
    has_time: bool


def find(text: str) -> Found | None:
    """The first date line in a text, or None. A day alone gives midnight and has_time False."""
    text = squeeze(text)
    matches = [m for m in (TIME_FIRST.search(text), DAY_FIRST.search(text)) if m]
    # "Thứ ba - 05/02/2019 07:00 08/02": the earlier start wins; of two at one place, the longer.
    for match in sorted(matches, key=lambda m: (m.start(), -len(m[0]))):
        if (moment := _moment(match)) is not None:
            return Found(moment, match[0].strip(" ,-–|"), match["hour"] is not None)
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


def _moment(match: re.Match[str]) -> datetime | None:
    hour, minute = int(match["hour"] or 0), int(match["minute"] or 0)
    half = (match["half"] or "").upper()
    if half in ("PM", "CH") and hour < 12:
        hour += 12
    elif half in ("AM", "SA") and hour == 12:
        hour = 0
    try:
        return datetime(int(match["year"]), int(match["month"]), int(match["day"]), hour, minute, tzinfo=VIETNAM)
    except ValueError:  # 31/02, 25:00: no date
        return None
