"""The date shapes that the CMS prints, its mistakes included: a crawler must live with them."""

from __future__ import annotations

from datetime import UTC, datetime

WEEKDAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def on_article(at: datetime) -> str:
    """`Chủ nhật - 13/03/2022 08:50`: the minute is all that a reader gets."""
    return f"{WEEKDAYS[at.weekday()]} - {at:%d/%m/%Y %H:%M}"


def in_list(at: datetime) -> str:
    """`18/08/2024 01:53:13 PM`."""
    half = "AM" if at.hour < 12 else "PM"
    return f"{at:%d/%m/%Y} {(at.hour % 12) or 12:02d}:{at:%M:%S} {half}"


def in_meta(at: datetime) -> str:
    """`2022-03-13+0708:50:00`: the CMS puts the time zone where the T belongs."""
    return f"{at:%Y-%m-%d}+07{at:%H:%M:%S}"


def in_feed(at: datetime) -> str:
    """`Sun, 13 Mar 2022 01:03:00 GMT`: the CMS prints the month in place of the minutes."""
    gmt = at.astimezone(UTC)
    day = f"{DAYS[gmt.weekday()]}, {gmt.day} {MONTHS[gmt.month - 1]} {gmt.year}"
    return f"{day} {gmt.hour:02d}:{gmt.month:02d}:{gmt.second:02d} GMT"


def in_header(at: datetime) -> str:
    gmt = at.astimezone(UTC)
    return f"{DAYS[gmt.weekday()]}, {gmt.day:02d} {MONTHS[gmt.month - 1]} {gmt.year} {gmt:%H:%M:%S} GMT"
