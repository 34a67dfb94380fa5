"""stats says what comes: from what portals publish, not from how quickly their past was read."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.__main__ import main
from archive.clock import VIETNAM, stamp
from archive.forecasting import Backfill, Disk, Measured, Window, forecast
from archive.store import Archive
from tests.command_line import capture
from tests.invented import PORTALS, invented
from tests.loopback import ROOT

NOW = datetime(2026, 6, 30, 2, 0, tzinfo=VIETNAM)
ROOMY = Disk(archive=1_000_000, everything=4_000_000, published=2_000_000, newest_copy=1_000_000, free=100_000_000)


def days_ago(days: float) -> str:
    return stamp(NOW - timedelta(days=days))


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two portals: one read in one night, years of it; one that is published and crawled every other day for 40 days.

    60 addresses of the first wait, at 3 seconds a request.
    """
    data_dir = tmp_path_factory.mktemp("grown")
    with pytest.MonkeyPatch.context() as patch, Archive(data_dir) as archive:
        archive.register_portals(PORTALS)
        patch.setenv("ARCHIVE_NOW", days_ago(10))
        with archive.transaction():
            for i in range(200):
                old = invented(f"cu-{i}", f"Bài cũ {i}", "Chuyện xưa. " * 50, day=days_ago(400 + i)[:10])
                archive.save(old, capture=capture(old, fetched=days_ago(10)))
        for day in range(40, 0, -2):
            patch.setenv("ARCHIVE_NOW", days_ago(day))
            with archive.transaction():
                new = invented(f"m-{day}", f"Bài mới {day}", "Tin. " * 50, portal="nui_tho", day=days_ago(day)[:10])
                archive.save(new, capture=capture(new, fetched=days_ago(day - 0.1)))
        with archive.transaction() as db:
            db.execute("insert into runs (id, started, command) values (1, ?, 'nightly')", [days_ago(1)])
            db.execute(
                "insert into run_portals (run, portal, started, finished, requests) values (1, 'song_lam', ?, ?, 1200)",
                [days_ago(1), stamp(NOW - timedelta(days=1) + timedelta(hours=1))],
            )
            for i in range(60):
                db.execute(
                    "insert into frontier (portal, kind, key, url, state, due, tries, found) "
                    "values ('song_lam', 'article', ?, 'http://127.0.0.1:1/x', 'waiting', '2026', 0, '2026')", [str(i)],
                )  # fmt: skip
    return data_dir


def stats(data_dir: Path, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ARCHIVE_NOW", stamp(NOW))
        assert main(["stats", "--data-dir", str(data_dir), *options]) == 0
    return capsys.readouterr().out


def test_a_past_read_in_one_night_is_no_rate_of_growth(grown: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = stats(grown, capsys)
    assert "the portals publish a day: 0.5 (last 30 days) and 0.2 (last 90 days) articles; in a year about 462 " in said
    assert "(now 220)" in said and "a guess" not in said
    assert "backfills: 60 known addresses wait; song_lam needs longest, 0.1 h of crawling at its pace" in said
    assert "are free on the disk: enough" in said


def test_each_portal_says_what_it_brought(grown: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = {line.strip().split(":")[0]: line for line in stats(grown, capsys).splitlines() if "; in 30 days" in line}
    assert "; in 30 days 200 new, " in lines["Ban Dân vận Tỉnh ủy Sông Lam"]
    assert "; in 30 days 15 new, " in lines["Cổng thông tin tỉnh Núi Thơ"]


def test_programs_get_the_same_numbers(grown: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report: dict[str, Any] = json.loads(stats(grown, capsys, "--json"))
    names = {"portals", "counts", "files", "disk", "nights", "last_days", "backfills", "forecast", "published"}
    assert set(report) == names
    assert report["nights"] == pytest.approx(39.9)
    assert [window["published"] for window in report["last_days"]] == [15, 20]
    by_key = {portal["key"]: portal for portal in report["portals"]}
    assert [window["articles"] for window in by_key["nui_tho"]["last_days"]] == [15, 20]
    pages = [portal["last_days"][0]["pages"] for portal in by_key.values()]
    assert all(pages) and sum(pages) == report["last_days"][0]["pages"]
    (waits,) = report["backfills"]
    assert (waits["portal"], waits["articles"], waits["addresses"]) == ("song_lam", 60, 60)
    assert waits["hours"] == pytest.approx(60 * 3 / 3600)
    assert report["forecast"]["articles_in_a_year"] == pytest.approx(220 + 60 + 365 / 2)
    assert report["forecast"]["days_left"] > 0 and report["forecast"]["is_guess"] is False


def test_a_reader_that_goes_away_is_no_error(grown: Path) -> None:
    line = f"{sys.executable} -m archive stats --json --data-dir {grown} | head -n 1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", line], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr == "" and done.stdout.splitlines()[0] == "{"
    assert done.stdout.splitlines()[1] in ("0", "141")


def measured(a_day: int = 10, nights: float = 100, backfill: int = 0) -> Measured:
    windows = tuple(Window(days, a_day * days, a_day * days, 0, a_day * days * 4_000, 0) for days in (30, 90))
    waits = (Backfill("portal", backfill, backfill, 1.0),) if backfill else ()
    return Measured(nights, {"": windows}, waits)


def test_a_year_is_what_is_there_what_waits_and_what_comes() -> None:
    found = forecast(measured(backfill=500), 1_000, ROOMY)
    # An article: 1,000 bytes in archive.db, twice that in two copies, 4,000 of its page.
    assert found.bytes_a_day == pytest.approx(10 * 7_000)
    assert found.bytes_in_a_year == pytest.approx(4_000_000 + 500 * 7_000 + 365 * 70_000)
    assert found.articles_in_a_year == 1_000 + 500 + 3_650


def test_the_disk_is_full_when_the_next_copy_finds_no_room() -> None:
    found = forecast(measured(backfill=500), 1_000, ROOMY)
    assert found.days_left == pytest.approx((100_000_000 - 1_150_000 - 3_500_000) / 70_000)
    tight = Disk(archive=1_000_000, everything=4_000_000, published=2_000_000, newest_copy=1_000_000, free=2_000_000)
    assert forecast(measured(backfill=500), 1_000, tight).days_left == 0.0
    assert forecast(measured(a_day=0), 1_000, ROOMY).days_left is None


def test_little_history_is_called_a_guess() -> None:
    assert forecast(measured(nights=13), 1_000, ROOMY).is_guess
    assert not forecast(measured(nights=14), 1_000, ROOMY).is_guess
    assert forecast(Measured(0, {}, ()), 0, Disk(0, 0, 0, 0, 0)).days_left == 0.0
