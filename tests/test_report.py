"""What an operator finds in the morning: table, page, JSON, a message where a person is needed, a heartbeat.

Real runs of the command against portals on loopback, one of which falls ill and gets well again.
"""

from __future__ import annotations

import json
import re
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from receivers import Hook, Pulse, hook, mailbox

from archive.clock import now
from archive.store import Archive
from tests.loopback import Nightly, SickPortal, finished, free_port, is_a_sentence, kill, wait_until

SILENCE = b""  # the connection is cut before a byte of the answer


TODAY = now().date()  # the portals' articles are of the days before it


def day(number: int) -> str:
    """The day of a night, from tomorrow on: 1, 2, ..."""
    return (TODAY + timedelta(days=number)).isoformat()


def shown(number: int) -> str:
    """The same as a Vietnamese reader sees it."""
    return f"{TODAY + timedelta(days=number):%d/%m/%Y}"


def night(number: int, hour: int = 2) -> str:
    return f"{day(number)}T{hour:02}:00:00+07:00"


@dataclass
class Morning:
    """What one night left."""

    ended: CompletedProcess[str]
    report: dict[str, Any]
    messages: list[dict[str, Any]]
    beats: int
    names: set[str]

    @property
    def texts(self) -> str:
        return "\n".join(message["message"] for message in self.messages)


class Story:
    """Nights told once: a portal that is well throughout, and one that is silent for nine days."""

    def __init__(self, folder: Path, receiver: Hook) -> None:
        self.is_ill = False
        with SickPortal(lambda *_: None, 4) as well, SickPortal(self.mood, 4) as other, Pulse() as pulse:
            self.receiver, self.pulse = receiver, pulse
            self.nightly = Nightly(folder, {"NOTIFY_URLS": receiver.url, "HEARTBEAT_URL": pulse.url})
            self.nightly.register("khoe", url=well.url).register("benh", url=other.url)
            self.other = other.url
            self.first = self.run(night(1))
            self.is_ill = True
            self.ill = self.run(night(2))
            self.same_day = self.run(night(2, hour=14))
            pulse.status = 500
            self.still_ill = self.run(night(3))
            pulse.status = 200
            self.a_week_later = self.run(night(9))
            self.is_ill = False
            receiver.statuses.append(503)
            self.unheard = self.run(night(11))
            self.heard = self.run(night(12))

    def mood(self, path: str, n: int) -> bytes | None:
        return SILENCE if self.is_ill else None

    def run(self, when: str) -> Morning:
        messages, beats = len(self.receiver.messages), len(self.pulse.beats)
        ended = self.nightly.run(ARCHIVE_NOW=when)
        folder = self.nightly.data / "reports"
        return Morning(
            ended,
            json.loads((folder / "latest.json").read_text("utf-8")),
            self.receiver.messages[messages:],
            len(self.pulse.beats) - beats,
            {path.name for path in folder.iterdir()},
        )


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    with hook() as receiver:
        return Story(tmp_path_factory.mktemp("story"), receiver)


@pytest.fixture
def receiver() -> Iterator[Hook]:
    with hook() as running:
        yield running


def of(report: dict[str, Any], key: str) -> dict[str, Any]:
    (one,) = (portal for portal in report["portals"] if portal["portal"] == key)
    return dict(one)


# ---------------------------------------------------------------- a night as it should be


def test_a_good_night_leaves_a_page_and_json_and_tells_nobody(story: Story) -> None:
    first = story.first
    assert first.ended.returncode == 0, first.ended.stderr
    assert first.names == {f"{day(1)}.html", f"{day(1)}.json", "latest.html", "latest.json"}
    assert first.report["good"] is True and first.report["ending"] == "complete"
    assert first.report["totals"]["new"] == 8 and first.report["needs_a_person"] == []
    assert first.messages == []
    page = (story.nightly.data / f"reports/{day(1)}.html").read_text("utf-8")
    assert "Đêm thu thập tốt" in page


def test_the_table_has_a_line_a_portal_the_total_and_the_time_taken(story: Story) -> None:
    lines = story.first.ended.stdout.splitlines()
    head, *rows = lines
    assert head.split()[:7] == ["portal", "requests", "new", "changed", "unchanged", "withdrawn", "verdict"]
    said = {row.split()[0]: row.split() for row in rows if row.strip()}
    assert said["khoe"][2:7] == ["4", "0", "0", "0", "ok"]
    assert said["total"][2] == "8" and int(said["total"][1]) == int(said["khoe"][1]) + int(said["benh"][1])
    assert re.fullmatch(rf"complete after \d+ s; report: .*/reports/{day(1)}\.html", lines[-1])


def test_the_newest_articles_are_listed_with_their_addresses(story: Story) -> None:
    newest = story.first.report["newest"]
    assert len(newest) == 8 and {one["portal"] for one in newest} == {"khoe", "benh"}
    dates = [one["published"] for one in newest]
    assert dates == sorted(dates, reverse=True)
    stored = {row["url"] for row in story.nightly.archived.articles().values()}
    assert stored <= {one["url"] for one in newest}
    assert story.heard.report["newest"] == [], "what was known before is no news"


def test_the_heartbeat_is_heard_after_a_good_night(story: Story) -> None:
    assert story.first.beats == 1
    assert set(story.pulse.beats) == {"/ping/a-secret-word"}


# ---------------------------------------------------------------- a portal falls ill


def test_an_ill_portal_comes_first_and_in_a_sentence(story: Story) -> None:
    ill = story.ill
    assert ill.ended.returncode == 1
    lines = ill.ended.stdout.splitlines()
    assert lines[0] == "1 portal needs a person:"
    assert lines[1].startswith(f"  benh: gone since {day(2)} (1 night): ")
    assert lines[1].split()[-1].startswith(story.other), "a page of it"
    assert of(ill.report, "benh")["verdict"] == "gone" and of(ill.report, "benh")["errors"]["network_error"] > 0
    page = (story.nightly.data / f"reports/{day(2)}.html").read_text("utf-8")
    assert "1 việc cần xử lý" in page and "Cổng không trả lời" in page and f'href="{story.other}' in page


def test_what_needs_a_person_is_told_with_since_when_the_cause_and_the_page(story: Story) -> None:
    (message,) = story.ill.messages
    assert message["title"] == "Kho lưu trữ tin dân vận: 1 việc cần xử lý"
    text = message["message"]
    assert f"[Mới] Cổng benh (benh)\nCổng không trả lời, từ {shown(2)} (1 đêm)\nNguyên nhân có thể: " in text
    assert "\nSố liệu: không đọc được gì: máy báo “" in text
    assert story.other in text and "khoe" not in text
    assert str(story.nightly.data / f"reports/{day(2)}.html") in text


def test_an_alarm_is_told_once_and_again_after_a_week(story: Story) -> None:
    assert story.same_day.messages == story.still_ill.messages == []
    (reminder,) = story.a_week_later.messages
    assert "[Vẫn còn] Cổng benh (benh)" in reminder["message"] and f"từ {shown(2)}" in reminder["message"]


def test_a_portal_that_vanished_holds_no_heartbeat_back(story: Story) -> None:
    assert [one.beats for one in (story.ill, story.same_day, story.still_ill, story.a_week_later)] == [1, 1, 1, 1]


def test_a_heartbeat_that_is_not_taken_is_a_warning(story: Story) -> None:
    assert "nightly: heartbeat not taken: its host answered with status 500\n" in story.still_ill.ended.stderr
    assert story.still_ill.ended.returncode == story.ill.ended.returncode


def test_two_runs_of_a_day_have_a_report_each(story: Story) -> None:
    assert story.same_day.names - story.ill.names == {f"{day(2)}-2.html", f"{day(2)}-2.json"}
    first, second = (
        json.loads((story.nightly.data / f"reports/{name}.json").read_text("utf-8")) for name in (day(2), f"{day(2)}-2")
    )
    assert (first["run"], second["run"]) == (2, 3)


def test_the_days_before_stand_beside_each_portal_and_days_without_a_run_are_named(story: Story) -> None:
    days = {one["day"]: one for one in of(story.a_week_later.report, "benh")["days"]}
    assert len(days) == 30 and list(days)[-1] == day(9)
    assert (days[day(1)]["new"], days[day(1)]["read"]) == (4, True)
    assert (days[day(2)]["runs"], days[day(2)]["read"]) == (2, False)
    assert days[day(5)]["runs"] == 0
    assert story.a_week_later.report["days_without"] == [day(number) for number in range(4, 9)]


def test_a_message_that_could_not_be_sent_waits_for_the_next_night(story: Story) -> None:
    assert story.unheard.ended.returncode == 69, story.unheard.ended.stderr
    assert is_a_sentence(story.unheard.ended.stderr) and "recipient 1" in story.unheard.ended.stderr
    assert story.unheard.messages == [] and story.unheard.beats == 1
    (message,) = story.heard.messages
    assert message["title"] == "Kho lưu trữ tin dân vận: 1 việc đã ổn"
    assert f"[Đã ổn trở lại] Cổng benh (benh)\ntrước đó: Cổng không trả lời, từ {shown(2)}" in message["message"]
    assert story.heard.ended.returncode == 0 and story.heard.report["needs_a_person"] == []


def test_no_secret_is_repeated(story: Story) -> None:
    nights = [story.first, story.ill, story.same_day, story.still_ill, story.a_week_later, story.unheard, story.heard]
    said = "".join(one.ended.stdout + one.ended.stderr for one in nights)
    reports = [path.read_text("utf-8") for path in (story.nightly.data / "reports").iterdir()]
    for text in [said, *reports, (story.nightly.data / "alarms.db").read_bytes().decode("latin-1")]:
        assert "hush" not in text and "a-secret-word" not in text


# ---------------------------------------------------------------- runs that do not end as they should


def test_a_killed_run_repeats_its_message_once_and_is_named_in_the_next_report(tmp_path: Path, receiver: Hook) -> None:
    with SickPortal(lambda *_: SILENCE, 1) as dead, SickPortal(lambda *_: None, 1) as well:
        nightly = Nightly(tmp_path, {"NOTIFY_URLS": receiver.url})
        nightly.register("mat", url=dead.url).register("con", url=well.url)
        process = nightly.start(ARCHIVE_NOW=night(1))
        receiver.then = process.kill  # the message has come, and the run cannot know it
        process.communicate()
        assert process.returncode == -signal.SIGKILL and len(receiver.messages) == 1
        receiver.then = lambda: None
        nightly.run(ARCHIVE_NOW=night(1, hour=3))
        assert [one["message"].count("Cổng mat (mat)") for one in receiver.messages] == [1, 1]
        nightly.run(ARCHIVE_NOW=night(1, hour=4))
        assert len(receiver.messages) == 2


def test_a_run_whose_power_was_cut_is_named_in_the_next_report(tmp_path: Path) -> None:
    with SickPortal(lambda *_: None, 2) as portal, Pulse() as pulse:
        nightly = Nightly(tmp_path, {"HEARTBEAT_URL": pulse.url}).register(url=portal.url, delay=0.3)
        process = nightly.start(ARCHIVE_NOW=night(1))
        wait_until(lambda: nightly.archived.count() > 0, process)
        kill(process)
        assert not (nightly.data / "reports").exists() and pulse.beats == []
        process = nightly.start("--recheck", "all", ARCHIVE_NOW=night(2))
        asked = len(portal.requests)
        wait_until(lambda: len(portal.requests) > asked + 1, process)
        process.send_signal(signal.SIGINT)
        ended = finished(process)
    report = json.loads((nightly.data / "reports/latest.json").read_text("utf-8"))
    assert report["ending"] == "interrupted" and report["good"] is False and pulse.beats == []
    assert report["unfinished"] == [night(1)]
    assert "interrupted: the run was stopped when 0 of 1 portals were done" in ended.stdout
    page = (nightly.data / "reports/latest.html").read_text("utf-8")
    assert "Lần chạy bị dừng giữa chừng" in page and "không kết thúc" in page and "tốt" not in page.split("<main>")[0]


def test_an_archive_that_cannot_be_written_is_reported_and_told(tmp_path: Path, receiver: Hook) -> None:
    with SickPortal(lambda *_: None, 4) as portal, Pulse() as pulse:
        nightly = Nightly(tmp_path, {"NOTIFY_URLS": receiver.url, "HEARTBEAT_URL": pulse.url})
        nightly.register(url=portal.url)
        with Archive(nightly.data) as archive:
            archive.connection.execute(
                "create trigger full before insert on articles begin select raise(abort, 'disk is full'); end"
            )
        ended = nightly.run(REPORT_LANGUAGE="en")
    assert ended.returncode == 2 and pulse.beats == []
    report = json.loads((nightly.data / "reports/latest.json").read_text("utf-8"))
    assert (report["ending"], report["good"], report["exit_code"]) == ("store error", False, 2)
    assert "disk is full" in report["reason"]
    page = (nightly.data / "reports/latest.html").read_text("utf-8")
    assert '<html lang="en">' in page and "The archive could not be written" in page
    assert "good" not in page.partition("</style>")[2].lower()
    (message,) = receiver.messages
    assert message["title"] == "Dân vận news archive: 1 thing needs a person"
    assert "The archive could not be written" in message["message"] and "disk is full" in message["message"]


def test_a_run_that_cannot_start_is_reported_and_told_once(tmp_path: Path, receiver: Hook) -> None:
    with Pulse() as pulse:
        nightly = Nightly(tmp_path, {"NOTIFY_URLS": receiver.url, "HEARTBEAT_URL": pulse.url})
        nightly.register(url="http://127.0.0.1:1/", sectoins=["/a/"])
        nightly.data.mkdir()
        ended = [nightly.run(ARCHIVE_NOW=night(number)) for number in (1, 2)]
    assert [one.returncode for one in ended] == [3, 3] and pulse.beats == []
    assert all(is_a_sentence(one.stderr) and one.stdout == "" for one in ended)
    report = json.loads((nightly.data / f"reports/{day(2)}.json").read_text("utf-8"))
    assert (report["ending"], report["good"], report["run"]) == ("not started", False, None)
    assert "sectoins" in report["reason"]
    page = (nightly.data / f"reports/{day(2)}.html").read_text("utf-8")
    assert "Lần chạy không bắt đầu được" in page and "tốt" not in page
    (message,) = receiver.messages
    assert "sectoins" in message["message"]


def test_a_night_of_which_nothing_came_in_has_no_heartbeat(tmp_path: Path, receiver: Hook) -> None:
    dead = SickPortal(lambda *_: SILENCE, 1), SickPortal(lambda *_: SILENCE, 1)
    with dead[0] as one, dead[1] as two, Pulse() as pulse, mailbox(free_port()) as box:
        mail = f"mailto://127.0.0.1:{box.port}?from=kho@example.org&to=truc@example.org"
        nightly = Nightly(tmp_path, {"NOTIFY_URLS": f"{receiver.url} {mail}", "HEARTBEAT_URL": pulse.url})
        nightly.register("mot", url=one.url).register("hai", url=two.url)
        ended = nightly.run()
    assert ended.returncode == 1 and pulse.beats == []
    report = json.loads((nightly.data / "reports/latest.json").read_text("utf-8"))
    assert report["good"] is False
    (message,) = receiver.messages
    assert message["message"].startswith("[Mới] Lần chạy đêm\nKhông đọc được gì từ cổng nào")
    (letter,) = box.letters
    assert letter["subject"] == message["title"] == "Kho lưu trữ tin dân vận: 3 việc cần xử lý"
    assert "Cổng hai (hai)" in letter.get_content() and two.url in letter.get_content()
    assert "Không đọc được gì từ cổng nào" in (nightly.data / "reports/latest.html").read_text("utf-8")


def test_a_wrong_recipient_is_one_sentence_before_anybody_is_asked(tmp_path: Path) -> None:
    with SickPortal(lambda *_: None, 1) as portal:
        nightly = Nightly(tmp_path, {"NOTIFY_URLS": "json://127.0.0.1/ nowhere://s3cr3t"}).register(url=portal.url)
        ended = nightly.run()
    assert ended.returncode == 3 and portal.requests == []
    assert ended.stderr.startswith("nightly: NOTIFY_URLS: recipient 2 is no address")
    assert is_a_sentence(ended.stderr) and "s3cr3t" not in ended.stderr


def test_the_archive_itself_is_not_touched_by_a_report(story: Story) -> None:
    with closing(sqlite3.connect(story.nightly.data / "archive.db")) as db:
        runs = db.execute("select exit_code from runs order by id").fetchall()
    assert [code for (code,) in runs] == [0, 1, 1, 1, 1, 0, 0], "a message that waits is no part of the night"
