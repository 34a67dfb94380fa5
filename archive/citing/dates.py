"""The date of a cited document, where its code is followed or preceded by one: FIELD's four shapes and their halves.

A day (25/9/2015, 12-3-2003, 1.5.2022, ngày 03 tháng 6 năm 2013), a month (tháng 4-2007), a year (năm 2011); a day
without its year (ngày 20/3) is the last such day before the article, where that is known.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from archive.citing.shadow import Shadow

_MARK = r"\s?[/.\-]\s?"
_YEAR = r"(?:19|20)\d\d"
DAY = rf"(?P<d>\d{{1,2}}){_MARK}(?P<m>\d{{1,2}}){_MARK}(?P<y>{_YEAR}|\d\d)(?!\d)(?!{_MARK}\d)"
IN_WORDS = (
    rf"(?:ngày\s+)?(?:mùng\s+|mồng\s+)?(?P<d2>\d{{1,2}})\s+tháng\s+(?P<m2>\d{{1,2}})\s*,?\s*(?:năm\s+)?(?P<y2>{_YEAR})"
)
MONTH = rf"tháng\s+(?P<m3>\d{{1,2}})(?:{_MARK}|\s*,?\s*năm\s+)(?P<y3>{_YEAR})(?!\d)"
YEAR = rf"năm\s+(?P<y4>{_YEAR})(?!\d)"
NO_YEAR = rf"ngày\s+(?P<d5>\d{{1,2}}){_MARK}(?P<m5>\d{{1,2}})(?!\d)(?!{_MARK}\d)"
_DATES = rf"(?:{IN_WORDS}|(?:ngày\s*:?\s*)?(?:mùng\s+)?{DAY}|{NO_YEAR}|{MONTH}|{YEAR})"
_ISSUED = r"(?:(?:được\s+|đã\s+)?(?:ban\s+hành|ký|ra)\s+)?"

# Behind a code: ", ngày 25/9/2015", "(28/2/2025)", "… ngày 13/2/2018", " tháng 4-2007", "(năm 2016)", "(2016)".
AFTER = re.compile(
    rf"(?P<lead>\s*[,;]?\s*(?P<open>[(\[])?\s*(?:(?:…|\.{{3}})\s*)?){_ISSUED}(?:{_DATES}|(?<=[(\[])(?P<y6>{_YEAR})(?=[)\]]))",
    re.IGNORECASE,
)
# In front: "Ngày 25/9/2015, Tỉnh ủy ban hành Chỉ thị số ..." is when it was issued; any other date there is not.
BEFORE = re.compile(
    rf"ngày\s+(?:{IN_WORDS}|(?:mùng\s+)?{DAY})\s*,?\s*(?P<who>[^.;:\d\n]{{3,90}}?)\s+"
    r"(?:đã\s+|vừa\s+)?(?:ban\s+hành|ký\s+ban\s+hành|thông\s+qua|ký|ra|có)\s*(?:các\s+)?\Z",
    re.IGNORECASE,
)
# ", ngày 15/3/2022, Ban Dân vận tổ chức ...": the day of an event, where the article is no older than a month.
EVENT = re.compile(
    r"\s*,\s*(?!(?:cua|ve|do|khoa|so)\b)[^.;\n]{0,90}?\b(?:to chuc|khai mac|tien hanh|da|dien ra|phoi hop|hop|tham|du"
    r"|chu tri|lam viec|phat dong|trao|ra mat|be mac)\b"
)
_OF = re.compile(r"\s*,?\s*của\b")
FRESH = timedelta(days=31)


def after(shade: Shadow, position: int, published: str) -> tuple[str, int] | None:
    """The date right behind a position, as ISO 8601 ("" where it cannot be told), and where it ends."""
    found = AFTER.match(shade.text, position)
    if found is None:
        return None
    by_comma = "," in found["lead"] and not found["open"]
    if by_comma and (found["y4"] or found["m3"]) and not _OF.match(shade.text, found.end()):
        return None  # "…, năm 2022, huyện đã": when something else happened
    iso = _iso(found, published)
    if by_comma and len(iso) == 10 and published and EVENT.match(shade.folded(found.end(), found.end() + 130)):
        day, printed = date.fromisoformat(iso), _day(published)
        if printed is not None and day >= printed - FRESH:
            return None
    return iso, found.end()


def before(shade: Shadow, position: int, published: str) -> str:
    """The date of "Ngày 25/9/2015, Tỉnh ủy ban hành" right in front of a position; else ""."""
    start = max(0, position - 150)
    last = None
    for mark in re.finditer(r"ngày", shade.text[start:position], re.IGNORECASE):
        last = start + mark.start()
    found = BEFORE.match(shade.text[:position], last) if last is not None else None
    return _iso(found, published) if found else ""


def _iso(found: re.Match[str], published: str) -> str:
    groups = found.groupdict()
    for suffix in ("", "2"):
        if groups.get(f"y{suffix}"):
            year = int(groups[f"y{suffix}"])
            century = 0 if year > 99 else 2000 if year < 50 else 1900
            return _valid(year + century, int(groups[f"m{suffix}"]), int(groups[f"d{suffix}"]))
    if groups.get("y3"):
        month = int(groups["m3"])
        return f"{groups['y3']}-{month:02}" if 1 <= month <= 12 else groups["y3"]
    if groups.get("m5"):
        return _last_such_day(int(groups["m5"]), int(groups["d5"]), published)
    return groups.get("y4") or groups.get("y6") or ""


def _valid(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def _last_such_day(month: int, day: int, published: str) -> str:
    printed = _day(published)
    if printed is None:
        return ""
    for year in (printed.year, printed.year - 1):
        iso = _valid(year, month, day)
        if iso and iso <= printed.isoformat():
            return iso
    return ""


def _day(moment: str) -> date | None:
    try:
        return date.fromisoformat(moment[:10])
    except ValueError:
        return None
