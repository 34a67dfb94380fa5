"""Fifteen nights over a recorded portal that lives on: edits, withdrawals and news are noticed when promised.

Needs RECORDED_PORTALS; see tests/recorded.py. What each night cost: pytest -s -m soak tests/test_fifteen_nights.py
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from urllib.request import urlopen

import pytest

from archive.clock import VIETNAM, stamp
from tests.loopback import Nightly, finished
from tests.recorded import DEFAULT, EGOV, VISIBLE, needs_recorded, replayed, truth
from tests.test_purposes import purposes

pytestmark = [needs_recorded, pytest.mark.soak]

START = datetime(2025, 12, 11, 1, 15, tzinfo=VIETNAM)  # hours after the recording's newest article
NIGHTS = 16
TURNS = 60  # so many old articles a night, that each is looked at once in the second week
ADDED = " Đoạn này được sửa sau khi đăng."
CASES = [(EGOV, "nukeviet"), (DEFAULT, "generic")]


@dataclass
class Life:
    """What happens at the portal, by an overlay that is read at every request."""

    url: str
    file: Path
    changes: dict[str, dict[str, Any]] = field(default_factory=dict)

    def _change(self, path: str, key: str, value: Any) -> None:
        self.changes.setdefault(path, {})[key] = value
        self.file.write_text(json.dumps(self.changes, ensure_ascii=False), encoding="utf-8")

    def _replace(self, path: str, old: str, new: str) -> None:
        known = self.changes.get(path, {}).get("replace", [])
        self._change(path, "replace", [*known, [old, new]])

    def page(self, path: str) -> str:
        with urlopen(self.url.rstrip("/") + quote(path, safe="/%-._")) as answer:
            return str(answer.read().decode())

    def edit(self, record: dict[str, Any]) -> None:
        """An editor adds a sentence to a paragraph."""
        page = self.page(record["path"])
        pieces = (text[at : at + 30] for text in record["paragraphs"] for at in range(0, len(text) - 30, 10))
        words = next(piece for piece in pieces if page.count(piece) == 1)
        self._replace(record["path"], words, words + ADDED)

    def withdraw(self, record: dict[str, Any]) -> None:
        self._change(record["path"], "status", 404)

    def publish(self, number: int, like: dict[str, Any], when: datetime, *places: str) -> None:
        """A new article after the pattern of another, with a link to it in some places."""
        path = re.sub(r"-\d+\.html$", f"-{number}.html", like["path"])
        page = self.page(like["path"]).replace(like["path"], path).replace(quote(like["path"]), path)
        old = datetime.fromisoformat(like["published"]).astimezone(VIETNAM)
        page = page.replace(f"{old:%d/%m/%Y %H:%M}", f"{when:%d/%m/%Y %H:%M}")
        page = page.replace(f"{old:%Y-%m-%d}", f"{when:%Y-%m-%d}").replace(f"{old:%H:%M}:", f"{when:%H:%M}:")
        page = page.replace(like["paragraphs"][-1][:20], f"Bài số {number} viết thêm. {like['paragraphs'][-1][:20]}")
        self._change(path, "body", page)
        for place in places:
            entry = f"<url><loc>{self.url.rstrip('/')}{path}</loc><lastmod>{when.isoformat()}</lastmod></url></urlset>"
            link = f'<h3><a href="{path}" title="Bài số {number}">Bài số {number} vừa đăng hôm nay</a></h3></body>'
            self._replace(place, *(("</urlset>", entry) if place.endswith(".xml") else ("</body>", link)))


@dataclass
class Told:
    """A portal's fifteen nights: what each cost, and on which night what was noticed."""

    costs: list[Counter[str]]
    edits: dict[int, int]
    withdrawals: dict[int, int]
    news: dict[int, int]
    sections: list[int]


def tell(name: str, cms: str, folder: Path) -> tuple[Told, dict[str, int]]:
    records = {number: record | {"path": urlsplit(record["url"]).path} for number, record in truth(name).items()}
    young = max(records, key=lambda number: records[number]["published"])
    plain = [
        number
        for number in sorted(records)
        if max(map(len, records[number]["paragraphs"]), default=0) > 120 and number != young
        and records[number]["published"] < "2025-01"
    ]  # fmt: skip
    old, gone, pattern = plain[10], plain[60], plain[100]
    overlay = folder / "overlay.json"
    with replayed(name, "--overlay", str(overlay)) as url:
        life = Life(url, overlay)
        nightly = Nightly(folder).register(url=url, cms=cms)
        told = Told([], {}, {}, {}, [])
        sitemap = "/sitemap-vi.news.xml"
        events = {
            3: lambda: life.edit(records[young]),
            5: lambda: life.publish(9001, records[pattern], START + timedelta(days=4.5), sitemap),
            6: lambda: (life.edit(records[old]), life.withdraw(records[gone])),
            12: lambda: life.publish(9002, records[pattern], START + timedelta(days=11.5), "/"),
        }
        seen = 0
        for night in range(NIGHTS):
            events.get(night, lambda: None)()
            when = stamp(START + timedelta(days=night))
            run = finished(nightly.start(ARCHIVE_NOW=when, ROTATION=str(TURNS)), patience=900)
            assert run.returncode == 0, run.stderr
            with urlopen(f"{url}__replay__/log", timeout=10) as answer:
                log = [row for row in json.load(answer) if "DanVanArchive" in row[3]]  # without this file's own looks
            told.costs.append(purposes(nightly.archived))
            assert told.costs[-1].total() == len(log) - seen
            listings = [row[2] for row in log[seen:] if re.fullmatch(r"/(?:vi/news/)?[\w-]+/", row[2])]
            told.sections.append(len(listings))
            seen = len(log)
            _note(nightly, night, told)
    return told, {"young": young, "old": old, "gone": gone}


def _note(nightly: Nightly, night: int, told: Told) -> None:
    for row in nightly.archived.articles().values():
        number = int(re.findall(r"-(\d+)\.html", row["url"])[0])
        if row["changed"]:
            told.edits.setdefault(number, night)
        if row["gone"]:
            told.withdrawals.setdefault(number, night)
        if number > 9000:
            told.news.setdefault(number, night)


@pytest.fixture(scope="module", params=CASES, ids=["-".join(case) for case in CASES])
def life(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Told, dict[str, int]]:
    told, names = tell(*request.param, tmp_path_factory.mktemp("nights"))
    print(f"\n{' '.join(request.param)}\nnight  news recheck sweep backfill files")
    for night, cost in enumerate(told.costs):
        print(f"{night:5}" + "".join(f"{cost[one]:7}" for one in ("news", "recheck", "sweep", "backfill", "files")))
    return told, names


def test_the_first_night_brings_all_and_a_quiet_night_costs_five_requests_at_most(
    life: tuple[Told, dict[str, int]],
) -> None:
    costs = life[0].costs
    assert costs[0]["backfill"] > VISIBLE
    for night in (1, 2, 3, 4, 6, 7, 8, 9, 10, 11):
        assert costs[night]["news"] <= 5
        assert not costs[night]["backfill"] + costs[night]["files"]
    assert not any(cost["sweep"] for cost in costs[:7])


def test_old_articles_are_read_in_turn_and_never_more_than_the_setting_says(life: tuple[Told, dict[str, int]]) -> None:
    costs = life[0].costs
    assert max(cost["recheck"] for cost in costs[1:7]) <= 6
    assert TURNS <= max(cost["recheck"] for cost in costs[7:]) <= TURNS + 6


def test_each_edit_and_withdrawal_is_noticed_when_promised_and_nothing_else(life: tuple[Told, dict[str, int]]) -> None:
    told, names = life
    assert told.edits.pop(names["young"]) <= 4, "by its age, or as the article that shows whether the layout fits"
    assert 7 <= told.edits.pop(names["old"]) <= 14
    assert told.edits == {}
    assert 8 <= told.withdrawals.pop(names["gone"]) <= 15
    assert told.withdrawals == {}


def test_new_articles_are_read_the_same_night_by_the_sitemap_or_by_the_home_page_alone(
    life: tuple[Told, dict[str, int]],
) -> None:
    told, _ = life
    assert told.news == {9001: 5, 9002: 12}
    assert told.sections[13] >= 6 > told.sections[5], "the sitemap kept one back: the sections are asked every night"


def test_the_sweep_takes_its_share_each_night(life: tuple[Told, dict[str, int]]) -> None:
    sweeps = [cost["sweep"] for cost in life[0].costs]
    assert sum(sweeps) > 15 and max(sweeps) < sum(sweeps) / 2
