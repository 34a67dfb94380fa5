"""What an answer says before its page is read: where it leads, how long to wait, whether it is whole."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from scrapy.http import Response

from crawler.urls import absolute

FLOODED = (b"floodblocker", b'id="secField"')  # NukeViet's page; the latter with the words that refuse us
REFUSING = "Hệ thống đang từ chối truy cập".encode()
DEFAULT_WAIT = 60  # seconds, where a flood page names none
# "Hãy đợi <span id="secField">55</span> giây..."; the timeout notice of every page has the same id, so only
# the flood page itself is searched.
SECONDS = re.compile(r'id="secField"[^>]*>\s*([0-9]{1,9})')


def redirect_target(response: Response) -> str | None:
    """The absolute address that a redirect leads to; None where the answer is none."""
    location = response.headers.get("Location")
    if response.status not in (301, 302, 303, 307, 308) or not location:
        return None
    return absolute(response.url, location.decode("utf-8", "replace"))


def flood_wait(response: Response) -> int:
    """Seconds to wait: by Retry-After (seconds or date), else by the page itself, else a minute.

    A date counts by the server's own clock, which many a portal has wrong by hours.
    """
    header = (response.headers.get("Retry-After") or b"").decode("ascii", "replace").strip()
    shown = SECONDS.search(response.body.decode("utf-8", "replace"))
    if header.isdigit():
        seconds = int(header[:9])  # a number of thousands of digits is a long time as well
    elif header and (moment := _http_date(header)) is not None:
        date = (response.headers.get("Date") or b"").decode("ascii", "replace")
        seconds = int((moment - (_http_date(date) or datetime.now(UTC))).total_seconds()) + 1
    else:
        seconds = int(shown[1]) if shown else DEFAULT_WAIT
    return max(1, seconds)


def is_flood(response: Response) -> bool:
    """Whether an answer is NukeViet's waiting page, whatever was asked for."""
    blocker, seconds = FLOODED
    return blocker in response.body or (seconds in response.body and REFUSING in response.body)


def is_whole(text: str) -> bool:
    """Whether a page reached its end: a truncated gzip gives half a page under status 200, without a sign."""
    return "</html" in text[-4000:].lower()


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
