"""Reports are kept for REPORTS_DAYS days, and nothing that is no report is ever removed."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.retention import DAYS, WrongDays, days_of, remove_old_reports
from tests.loopback import Nightly, SickPortal

OLD = ("2025-10-21.html", "2025-10-21.json", "2025-10-21-2.html", "2025-10-21-2.json", "2024-02-29.html")
KEPT = ("2025-10-22.html", "2026-11-26.json", "2026-11-26-11.html")
NO_REPORTS = (
    *("2025-10-21.html.bak", "my 2025-10-21.html", "2025-10-21-x.html", "2025-02-31.html", "2025-10-21.txt"),
    *("notes.html", ".2025-10-21.html", "2025-10-21-2-3.json"),
)


@pytest.fixture
def reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ARCHIVE_NOW", "2026-11-26T03:00:00+07:00")
    folder = tmp_path / "reports"
    (folder / "2025-10-20.html").mkdir(parents=True)  # a folder of somebody's
    for name in (*OLD, *KEPT, *NO_REPORTS):
        (folder / name).write_text("x")
    (folder / "2020-01-01.html").symlink_to(folder / "notes.html")
    (folder / "latest.html").symlink_to("2026-11-26-11.html")
    return folder


def test_reports_of_older_days_are_removed_and_nothing_else_is(reports: Path) -> None:
    before = {path.name for path in reports.iterdir()}
    removed = remove_old_reports(reports.parent, 400)
    assert {path.name for path in removed} == set(OLD)
    assert before - {path.name for path in reports.iterdir()} == set(OLD)


def test_0_keeps_all_reports_and_without_any_nothing_happens(reports: Path, tmp_path: Path) -> None:
    assert remove_old_reports(reports.parent, 0) == []
    assert (reports / "2024-02-29.html").exists()
    assert remove_old_reports(tmp_path / "nowhere", 400) == []


def test_a_run_removes_them_at_its_end(reports: Path) -> None:
    nightly = Nightly(reports.parent.parent / reports.parent.name, {"ARCHIVE_NOW": "2026-11-26T03:00:00+07:00"})
    nightly.data.mkdir()
    moved = reports.rename(nightly.data / "reports")
    with SickPortal(lambda path, n: None, articles=1) as portal:
        ended = nightly.register(url=portal.url).run(REPORTS_DAYS="30")
    assert ended.returncode == 0, ended.stderr
    kept = {path.name for path in moved.iterdir()}
    assert not kept & {*OLD, "2025-10-22.html"} and {"2026-11-26.json", *NO_REPORTS} <= kept


def test_the_setting_is_a_number_of_days(tmp_path: Path) -> None:
    assert (days_of(""), days_of("30"), days_of("0")) == (DAYS, 30, 0)
    for wrong in ("-1", "a year", "4.5", "²"):
        with pytest.raises(WrongDays, match="REPORTS_DAYS"):
            days_of(wrong)
    refused = Nightly(tmp_path).register(url="http://127.0.0.1:9/").run(REPORTS_DAYS="soon")
    assert refused.returncode == 3 and "REPORTS_DAYS is 'soon'" in refused.stderr
