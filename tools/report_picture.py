"""The picture of a report for docs/: an invented night in which two portals need a person.

    python tools/report_picture.py [--docs docs] [--keep FOLDER]

`--keep` leaves the page in both languages in a folder, to be looked at. Needs what tools/screenshots.py does.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
from screenshots import DESKTOP, PHONE, picture

from crawler.health.causes import Cause, because, english
from crawler.health.model import PortalHealth, Verdict
from crawler.reporting import page
from crawler.reporting.night import Day, Ending, Found, Night, PortalNight, Turn

NIGHT = date(2026, 3, 1)
BEGAN, ENDED = f"{NIGHT}T01:15:00+07:00", f"{NIGHT}T01:31:42+07:00"
SILENCE = "songdoc.example gave no answer within 45 seconds"
GAP = (11, 12)  # of the thirty nights, those on which nothing ran
chance = random.Random(4)


def past(most: int, silent: int) -> tuple[Day, ...]:
    """Thirty nights; the last `silent` ones gave nothing."""
    days = []
    for number in range(30):
        day = (NIGHT - timedelta(days=29 - number)).isoformat()
        if number in GAP:
            days.append(Day(day))
        elif number >= 30 - silent:
            days.append(Day(day, 1, 3))
        else:
            new = chance.choice((0, chance.randint(1, most)))
            days.append(Day(day, 1, chance.randint(4, 9), new, True))
    return tuple(days)


def portal(
    key: str, name: str, outcomes: dict[str, int], purposes: dict[str, int], *, silent: int = 0, **health: Any
) -> PortalNight:
    """A portal of the night; `health` as PortalHealth takes it, well where nothing is said."""
    known = PortalHealth(key, name, **({"verdict": Verdict.OK} | health))
    requests, days = sum(purposes.values()), past(5, silent)
    url = f"http://{key.replace('_', '')}.example/"
    return PortalNight(key, name, url, Turn.DONE, known.failed, requests, purposes, outcomes, known, days)


def said(cause: Cause) -> dict[str, Any]:
    """A cause as PortalHealth holds it."""
    return {"cause": english(cause), "cause_parts": cause}


def portals() -> list[PortalNight]:
    """Six of them: two need a person, one is watched, one is quiet."""
    gone = {"verdict": Verdict.GONE, "since": f"{NIGHT - timedelta(days=2)}T01:15:00+07:00", "nights": 3}
    broken = {"verdict": Verdict.BROKEN_LAYOUT, "since": BEGAN, "nights": 1, "is_alarm": True}
    quiet = {"verdict": Verdict.QUIET, "since": f"{NIGHT - timedelta(days=9)}T01:15:00+07:00", "nights": 9}
    return [
        portal("ben_tram", "Ban Dân vận Tỉnh ủy Bến Trám", {"new": 3, "unchanged": 6}, {"news": 5, "recheck": 6}),
        portal("nui_tho", "Ban Dân vận Tỉnh ủy Núi Thơ", {"misfit": 12, "listing": 5}, {"news": 17}, **broken,
               **said(because("kept", n=12, cause=because("redesigned", cause=because("misfits", bad=12, pages=12)))),
               example="http://nuitho.example/vi/news/duong-moi-214.html"),
        portal("song_doc", "Cổng thông tin Đảng bộ tỉnh Sông Dốc", {"network_error": 8}, {"news": 8}, silent=3, **gone,
               is_alarm=True, **said(because("nothing_read", cause=because("no_answer_as", said=SILENCE)))),
        portal("dao_hon", "Ban Dân vận Huyện ủy đảo Hòn", {"unchanged": 2, "listing": 5}, {"news": 5, "recheck": 2},
               **quiet),
        portal("cua_lach", "Khối Dân vận thành phố Cửa Lạch", {"flood": 6, "left": 13}, {"news": 7}, silent=1,
               verdict=Verdict.BLOCKED, since=BEGAN, nights=1),
        portal("go_sim", "Cổng thông tin điện tử Gò Sim", {"new": 11, "changed": 2, "withdrawn": 1, "http_error": 1},
               {"news": 16, "recheck": 34, "sweep": 12}),
    ]  # fmt: skip


def night() -> Night:
    """The whole of it."""
    titles = (
        "Đội thanh niên sửa lại lối ra bến cá",
        "Bà con xóm Dừa góp công dựng cầu",
        "Họp bàn chuyện nước ở Gò Sim",
    )
    found = [Found("go_sim", title, f"http://gosim.example/{n}", f"2026-02-28T0{9 - n}:00:00+07:00")
             for n, title in enumerate(titles)]  # fmt: skip
    without = [(NIGHT - timedelta(days=29 - number)).isoformat() for number in GAP]
    return Night(Ending.COMPLETE, 1, BEGAN, ENDED, 214, "", portals(), found, days_without=without)


def main() -> None:
    """Take the picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--docs", type=Path, default=Path(__file__).parents[1] / "docs")
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    invented = night()
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for language in ("vi", "en"):
            (folder / f"{language}.html").write_text(page.write(invented, language, f"{NIGHT}.json"), encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        address = (folder / "vi.html").resolve().as_uri()
        picture(browser, address, options.docs / "report.png", viewport=DESKTOP)
        picture(browser, address, options.docs / "report.phone.png", viewport=PHONE)
        browser.close()


if __name__ == "__main__":
    main()
