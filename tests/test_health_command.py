"""scrapy health: what a person sees of the nights, in the terminals that people have."""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console

from archive.clock import VIETNAM
from archive.store import Archive
from crawler.health.showing import lines, show
from crawler.portals import Portal
from tests.loopback import Nightly, free_port, is_a_sentence
from tests.redesigned import RedesignedPortal

NOW = datetime(2026, 3, 5, 9, 0, tzinfo=VIETNAM)
LONG = "tinh_uy_thach_giang_ban_dan_van"
STORIES = {  # key: verdict, health
    "go_may": ("ok", {"since": "", "nights": 0, "is_alarm": False, "cause": "2 new", "example": ""}),
    LONG: (
        "broken layout",
        {"since": "2026-03-04T01:15:00+07:00", "nights": 2, "is_alarm": True,
         "cause": "3 of 3 article pages did not fit", "example": "https://danvan.thachgiang.example/vi/news/bai-7.html"},
    ),
    "suoi_ngoc": ("quiet", {"since": "2026-02-20T01:15:00+07:00", "nights": 13, "is_alarm": False,
                            "cause": "nothing new since 2026-02-01", "example": ""}),
}  # fmt: skip
FIGURES = {"new a week": 2, "usual new a week": 3.5, "lead": 0.2, "usual lead": 0.95, "body": 1.0, "usual body": 1.0}


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive(tmp_path) as archive:
        archive.register_portals(portal.record() for portal in portals())
        with archive.transaction() as db:
            for run, day in ((1, "2026-03-03"), (2, "2026-03-04"), (3, "2026-03-05")):
                db.execute("insert into runs (id, started) values (?, ?)", [run, day])
                for key, (verdict, health) in STORIES.items():
                    good = run == 1 and key == LONG
                    db.execute(
                        "insert into run_portals (run, portal, started, verdict, health) values (?, ?, ?, ?, ?)",
                        [run, key, f"{day}T01:15:00+07:00", "ok" if good else verdict,
                         json.dumps(health | {"figures": FIGURES})],
                    )  # fmt: skip
        yield archive


def portals() -> list[Portal]:
    return [Portal(key, f"Cổng {key}", f"https://{key.replace('_', '')}.example/") for key in [*STORIES, "nua_dem"]]


def shown(archive: Archive, width: int) -> str:
    out = io.StringIO()
    show(lines(archive.connection, portals()), Console(file=out, width=width), NOW)
    return out.getvalue()


@pytest.mark.parametrize("width", [80, 120])
def test_the_table_fits_the_terminal_and_says_what_why_and_since_when(archive: Archive, width: int) -> None:
    said = shown(archive, width)
    assert max(map(len, said.splitlines())) <= width
    row = next(line for line in said.splitlines() if line.startswith(LONG[:20]))
    for cell in ("broken layout !", "2026-03-04", "2026-03-03", "3.5"):
        assert cell in row
    assert ("lead 20% of 95%" in row) == (width == 120)
    for sentence in ("3 of 3 article pages did not fit", "nothing new since 2026-02-01", "bai-7.html"):
        assert sentence in said
    assert "never judged" in said
    assert "3 of 4 portals were judged, the last night began 8 hours ago; 1 needs a person (!)." in " ".join(
        said.split()
    )


def test_a_clock_that_is_behind_the_last_night_is_said(archive: Archive) -> None:
    out = io.StringIO()
    before = NOW - timedelta(days=30)
    show(lines(archive.connection, portals()), Console(file=out, width=200), before)
    assert "later than now by this machine's clock" in out.getvalue() and "ago" not in out.getvalue()


def test_programs_get_every_figure(archive: Archive) -> None:
    found = {one["portal"]: one for one in (line.as_json() for line in lines(archive.connection, portals()))}
    assert found["nua_dem"]["verdict"] is None
    broken = found[LONG]
    assert (broken["verdict"], broken["nights"], broken["is_alarm"]) == ("broken layout", 2, True)
    assert broken["last_good"] == "2026-03-03T01:15:00+07:00" and broken["figures"]["lead"] == 0.2
    assert json.loads(json.dumps(found)) == found


def test_the_command_ends_with_1_while_a_portal_needs_a_person(tmp_path: Path) -> None:
    nightly = Nightly(tmp_path)
    with RedesignedPortal(3) as portal:
        nightly.register("well", url=portal.url).register("gone", url=f"http://127.0.0.1:{free_port()}/")
        nothing = nightly.run_command("health")
        assert (
            nothing.returncode == 3 and is_a_sentence(nothing.stderr) and "run scrapy nightly first" in nothing.stderr
        )
        assert nightly.run().returncode == 1
    ended = nightly.run_command("health")
    assert ended.returncode == 1 and "connection was refused" in ended.stdout and "1 needs a person" in ended.stdout
    well = nightly.run_command("health", "well", "--json")
    assert well.returncode == 0 and [one["verdict"] for one in json.loads(well.stdout)] == ["ok"]
    unknown = nightly.run_command("health", "nobody")
    assert unknown.returncode == 3 and is_a_sentence(unknown.stderr)


def test_an_archive_without_a_judged_night_says_so(tmp_path: Path) -> None:
    nightly = Nightly(tmp_path).register(url="http://127.0.0.1:1/")
    with Archive(nightly.data):
        pass
    ended = nightly.run_command("health")
    assert ended.returncode == 0 and is_a_sentence(ended.stdout) and "No night was judged yet" in ended.stdout
    with closing(sqlite3.connect(nightly.data / "archive.db")) as db:
        db.execute("alter table run_portals drop column health")
    assert nightly.run_command("health").stdout == ended.stdout, "nor does one of an older version break it"
