"""The report's parts each by itself: names that are never taken twice, what is told when, the page, the settings."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from receivers import Pulse, hook

from archive.store import Archive
from crawler.health.model import PortalHealth, Verdict
from crawler.reporting import gathering, heartbeat, page, record, shelf, telling, words
from crawler.reporting.alarms import NAME, THE_RUN, Alarm, Alarms, What, news
from crawler.reporting.messages import MOST, write
from crawler.reporting.night import Certificate, Day, Ending, Found, Night, PortalNight, Turn
from crawler.reporting.reporter import Reporter, WrongSetting
from tests.loopback import free_port

ROOT = Path(__file__).parent.parent
FIRST, SECOND = "2026-03-01T02:00:00+07:00", "2026-03-02T02:00:00+07:00"


def ill(key: str = "song_lam", verdict: Verdict = Verdict.BROKEN_LAYOUT) -> PortalNight:
    """A portal that needs a person; its name and its page say what strangers might."""
    health = PortalHealth(key, "", verdict, FIRST, 2, True, "0 of 12 pages fit", "http://127.0.0.1:1/bai-1.html")
    name = "Ban Dân vận <Sông> & Lam"
    return PortalNight(key, name, "http://127.0.0.1:1/", Turn.DONE, True, 9, {"news": 6}, {"misfit": 3}, health)


def well(key: str = "nui_tho") -> PortalNight:
    health = PortalHealth(key, "", Verdict.OK)
    days = tuple(Day(f"2026-02-{number:02}", 1, 5, number % 4, number != 9) for number in range(1, 29))
    outcomes = {"new": 2, "listing": 4, "withdrawn": 1}
    return PortalNight(
        key, "Ban Dân vận Núi Thơ", "http://127.0.0.1:2/", Turn.DONE, False, 7, {}, outcomes, health, days
    )


NIGHT = Night(
    *(Ending.COMPLETE, 1, FIRST, SECOND, 7, "", (ill(), well())),
    newest=(
        Found("nui_tho", "Bài <b>mới</b> & đẹp", "http://127.0.0.1:2/bai.html", "2026-02-28T08:00:00+07:00"),
        Found("nui_tho", "Bài có địa chỉ lạ", "javascript:alert(1)", ""),
    ),
    certificates=(Certificate("nui_tho", "nuitho.example", ("expired", "odd"), FIRST, "2026-02-01T00:00:00+07:00"),),
    days_without=("2026-02-13", "2026-02-20", "2026-02-27", "2026-02-28", "2026-03-01"),
    unfinished=("2026-02-21T02:00:00+07:00",),
)


# ---------------------------------------------------------------- names


def test_a_name_is_never_taken_twice_not_even_at_once(tmp_path: Path) -> None:
    texts = [f'{{"n": {number}}}' for number in range(12)]
    threads = [
        threading.Thread(target=shelf.put, args=(tmp_path, "2026-03-01", text, lambda name: f"page of {name}"))
        for text in texts
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    folder = tmp_path / "reports"
    kept = sorted(path for path in folder.glob("2026-03-01*.json"))
    assert sorted(path.read_text() for path in kept) == sorted(texts)
    assert {path.name for path in kept} == {"2026-03-01.json", *(f"2026-03-01-{n}.json" for n in range(2, 13))}
    for path in kept:
        assert path.with_suffix(".html").read_text() == f"page of {path.name}"
    assert (folder / "latest.html").is_symlink() and not list(folder.glob(".*"))


def test_a_page_that_fails_leaves_nothing_half_written(tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("in the way")
    with pytest.raises(shelf.ReportError, match="could not be written"):
        shelf.put(tmp_path, "2026-03-01", "{}", lambda _: "")


# ---------------------------------------------------------------- what is told when


def alarm(kind: str = "gone", subject: str = "song_lam", since: str = FIRST) -> Alarm:
    return Alarm(subject, kind, "Sông Lam", since, 1)


def told(alarms: Alarms, on: list[Alarm], well: set[str], now: str) -> list[What]:
    """What a night has to tell, written down as a run does it."""
    events = news(alarms.known(), on, well, now)
    alarms.note(events)
    return [event.what for event in events]


def test_an_alarm_begins_turns_is_reminded_of_and_ends_once_each(tmp_path: Path) -> None:
    with closing(Alarms(tmp_path / NAME)) as alarms:
        nights = [
            (told(alarms, on, well, f"2026-03-{day:02}T02:00:00+07:00"), day)
            for day, on, well in (
                (1, [alarm()], set()),
                (2, [alarm()], set()),
                (3, [alarm("broken layout")], set()),
                (9, [alarm("broken layout")], set()),
                (10, [alarm("broken layout")], {"another"}),
                (11, [], set()),  # neither ill nor well: it was not asked
                (12, [], {"song_lam"}),
                (13, [], {"song_lam"}),
                (14, [alarm()], set()),
            )
        ]
    assert [(what, day) for what, day in nights if what] == [
        ([What.BEGUN], 1),
        ([What.TURNED], 3),
        ([What.REMINDER], 10),
        ([What.OVER], 12),
        ([What.BEGUN], 14),
    ]


def test_what_one_recipient_missed_waits_for_that_one_alone(tmp_path: Path) -> None:
    here, there = "tgram://a-token/1", "mailtos://me:a-password@host"
    with closing(Alarms(tmp_path / NAME)) as alarms:
        told(alarms, [alarm()], set(), FIRST)
        (event,) = alarms.waiting(here)
        alarms.tell(here, [event])
        alarms.strike_out([here, there])
        assert alarms.waiting(here) == [] and alarms.waiting(there) == [event]
        kept = (tmp_path / NAME).read_bytes()
        assert b"a-token" not in kept and b"a-password" not in kept
        alarms.tell(there, [event])
        alarms.strike_out([here, there])
        assert alarms.waiting(there) == alarms.waiting("a newcomer") == []


def test_a_portal_that_left_the_registry_is_not_told_of_again(tmp_path: Path) -> None:
    with closing(Alarms(tmp_path / NAME)) as alarms:
        told(alarms, [alarm(), alarm("store_error", THE_RUN)], set(), FIRST)
        alarms.keep_only(["nui_tho"])
        assert set(alarms.known()) == {THE_RUN}


def test_where_nothing_can_be_remembered_it_is_told_all_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / NAME).mkdir()
    with hook() as receiver:
        assert telling.tell(NIGHT, telling.Audience([receiver.url], "vi"), tmp_path, None)
    assert len(receiver.messages) == 1
    assert "could not be remembered" in capsys.readouterr().err


def test_a_message_says_what_since_when_why_and_where(tmp_path: Path) -> None:
    events = news({}, telling.alarms_of(NIGHT), set(), FIRST)
    assert write(events, "vi", "/r.html").text.split("\n") == [
        "[Mới] Ban Dân vận <Sông> & Lam (song_lam)",
        "Giao diện cổng đã đổi, đang chờ chỉnh lại, từ 01/03/2026 (2 đêm)",
        "Nguyên nhân có thể: cổng đã đổi giao diện hoặc phần mềm, bộ đọc không còn khớp.",
        "Nên làm: đọc thử trang trên bằng scrapy read, sửa bộ đọc (hoặc một dòng select), rồi chạy scrapy reparse: "
        "trang gốc đã được giữ.",
        "Số liệu: 0 of 12 pages fit",
        "http://127.0.0.1:1/bai-1.html",
        "",
        "Báo cáo: /r.html",
    ]
    english = write(events, "en", "").text
    assert "The portal’s layout has changed" in english and "since 1 March 2026 (2 nights)" in english


def test_a_message_about_all_portals_at_once_stays_short() -> None:
    everything = [alarm(subject=f"portal_{number}") for number in range(100)]
    message = write(news({}, everything, set(), FIRST), "vi", "")
    assert message.title.endswith("100 việc cần xử lý")
    assert message.text.count("[Mới]") == MOST and f"và {100 - MOST} việc nữa" in message.text


# ---------------------------------------------------------------- the heartbeat


def test_a_heartbeat_is_one_request_and_its_troubles_have_names() -> None:
    with Pulse() as pulse:
        heartbeat.beat(pulse.url)
        assert pulse.beats == ["/ping/a-secret-word"]
        pulse.status = 404
        with pytest.raises(heartbeat.HeartbeatError, match="status 404"):
            heartbeat.beat(pulse.url)
    with pytest.raises(heartbeat.HeartbeatError, match="no answer") as raised:
        heartbeat.beat(f"http://127.0.0.1:{free_port()}/ping/a-secret-word")
    assert "secret" not in str(raised.value) and raised.value.__cause__ is None


# ---------------------------------------------------------------- the page and the JSON


def test_a_page_asks_nobody_and_runs_nothing() -> None:
    html = page.write(NIGHT, "vi", "2026-03-01.json")
    assert "<script" not in html and "default-src 'none'" in html
    assert not re.search(r'(?:src|srcset|@import|url\()\s*=?\s*["\']?http', html)
    assert re.findall(r"<link|<img|<iframe|javascript:", html) == []
    assert "Bài &lt;b&gt;mới&lt;/b&gt; &amp; đẹp" in html and "Ban Dân vận &lt;Sông&gt; &amp; Lam" in html


def test_days_without_a_run_in_a_row_are_named_by_the_first_and_the_last() -> None:
    assert "13/02/2026, 20/02/2026, 27/02/2026–01/03/2026<" in page.write(NIGHT, "vi", "")
    assert "13 February 2026, 20 February 2026, 27 February 2026–1 March 2026<" in page.write(NIGHT, "en", "")


@pytest.mark.parametrize("code", ["vi", "en"])
@pytest.mark.parametrize("ending", [Ending.INTERRUPTED, Ending.STORE_ERROR, Ending.NOT_STARTED])
def test_a_night_that_was_not_good_never_says_so(ending: Ending, code: str) -> None:
    night = replace(NIGHT, ending=ending, portals=(well(),), reason="the disk is full")
    assert record.record(night)["good"] is False
    said = page.write(night, code, "").partition("</style>")[2]
    assert not re.search(r"\bgood\b|\btốt\b|class=\"night good", said) and "the disk is full" in said


def test_a_night_is_good_while_not_everything_failed() -> None:
    for portals, good, said in (
        ((well(),), True, "night_good"),
        ((well(), replace(ill(), health=None)), True, "night_watched"),
        ((well(), ill()), True, "night_needs"),
        ((replace(ill(), health=None, outcomes={"new": 1}),), False, "night_failed"),
        ((replace(ill(), outcomes={"network_error": 6}),), False, "night_nothing"),
    ):
        night = replace(NIGHT, portals=portals)
        assert (night.is_good, page.headline(night)[0]) == (good, said)
        out_of_time = replace(night, ending=Ending.OUT_OF_TIME)
        assert (out_of_time.is_good, page.headline(out_of_time)[0]) == (good, said)
        assert "Hết thời gian dành cho một đêm" in page.write(out_of_time, "vi", "")


def test_every_word_of_the_page_and_the_messages_is_there_in_both_languages() -> None:
    text = (ROOT / "crawler/reporting/report.html").read_text("utf-8")
    asked = set(re.findall(r'\bt\("([a-z_]+)"[,)]', text))
    assert asked and asked <= set(words.WORDS) | {"since"}
    for verdict in set(Verdict) - {Verdict.OK}:
        key = verdict.replace(" ", "_")
        for name in (f"verdict_{key}", f"cause_{key}", f"do_{key}"):
            assert name in words.language("vi"), name
    for key, texts in words.WORDS.items():
        blanks = [set(re.findall(r"\{(\w+)\}", text)) for text in texts]
        assert len(texts) in (2, 3) and all(one == blanks[0] for one in blanks), key


def test_the_shape_of_the_json_is_the_one_that_is_documented() -> None:
    documented = set(re.findall(r"^\| `([a-z_.\[\]]+)` \|", (ROOT / "docs/report.md").read_text("utf-8"), re.M))
    said = json.loads(record.write(NIGHT))
    found = set(said) | {f"totals.{name}" for name in said["totals"]}
    for name in ("portals", "newest", "certificates"):
        rows = said[name]
        found |= {f"{name}[].{key}" for row in rows for key in row}
    found |= {f"portals[].days[].{key}" for row in said["portals"] for day in row["days"] for key in day}
    assert found == documented and said["version"] == record.VERSION == 1


def test_certificates_that_are_not_as_they_should_be_are_named(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive, archive.transaction() as db:
        db.execute(
            "create table if not exists certificates (portal text not null, host text not null, verdict text not null, "
            "protocol text not null, issuer text, expires text, noticed text not null, seen text not null)"
        )
        for portal, host, verdict in (
            ("nui_tho", "cu.example", "expired wrong_name"),
            ("nui_tho", "moi.example", "good"),
            ("stranger", "la.example", "expired"),
        ):
            values = [portal, host, verdict, "TLSv1.2", "", None, FIRST, SECOND]
            db.execute("insert into certificates values (?, ?, ?, ?, ?, ?, ?, ?)", values)
    night = gathering.with_past(replace(NIGHT, certificates=()), tmp_path)
    assert night.certificates == (Certificate("nui_tho", "cu.example", ("expired", "wrong_name"), FIRST, ""),)
    html = page.write(night, "vi", "")
    assert "cu.example" in html and "hết hạn, cấp cho tên miền khác" in html


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_of_the_table_who_goes_away_harms_nothing(unbuffered: str) -> None:
    """Where Python holds back what is printed, it is rich that finds nobody there."""
    code = "from crawler.reporting import table; from tests.test_report_parts import NIGHT; table.show(NIGHT, None)"
    with subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": "tests:.", "PYTHONUNBUFFERED": unbuffered},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (0, b"")


# ---------------------------------------------------------------- settings


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("NOTIFY_URLS", "nowhere://s3cr3t", "NOTIFY_URLS: recipient 1 is no address"),
        ("HEARTBEAT_URL", "ftp://s3cr3t/", "HEARTBEAT_URL must be"),
        ("HEARTBEAT_URL", "https://[s3cr3t", "HEARTBEAT_URL must be"),
        ("REPORT_LANGUAGE", "s3cr3t", "REPORT_LANGUAGE must be one of vi, en"),
    ],
)
def test_a_wrong_setting_has_its_name_and_no_more(tmp_path: Path, name: str, value: str, said: str) -> None:
    with pytest.raises(WrongSetting, match=said) as raised:
        Reporter(tmp_path).configure({name: value})
    assert "s3cr3t" not in str(raised.value)
