"""A person sees at a glance where the crawl stands: a table on a terminal of any size, a line a minute elsewhere."""

from __future__ import annotations

import json
import logging
import re
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from archive.exits import INTERRUPTED
from crawler.demo.routes import Answer
from crawler.waiting import Waiting, Why
from crawler.watching.lines import Lines
from crawler.watching.state import Figures, Stage, State
from crawler.watching.table import LiveTable, fit
from tests.loopback import Nightly, SickPortal
from tests.terminal import Terminal, nightly

ONE = Figures(known=100, to_do=40, new=5, changed=1, errors=2, requests=60)
MANY = [
    *(State(f"done_{i}", Stage.ENDED, ONE, "done") for i in range(20)),
    *(State(f"working_{i}", Stage.AT_WORK, ONE, "pace, 1.2 s") for i in range(42)),
    *(State(f"later_{i}", Stage.TO_COME, Figures(), "after working_1") for i in range(4)),
    State("sick", Stage.ENDED_BADLY, ONE, "left: network_error"),
    State("flooded", Stage.WAITING, ONE, "flood pause, 55 s"),
    State("a_key_as_long_as_only_a_very_tired_operator_would_make_it", Stage.AT_WORK, ONE, "answer"),
]


def shown(states: list[State], columns: int, lines: int) -> list[str]:
    """The table as it stands on a terminal of that size."""
    console = Console(width=columns, height=lines, force_terminal=True, color_system=None)
    with console.capture() as seen:
        console.print(LiveTable(states, "1:02:03"))
    return seen.get().splitlines()


@pytest.mark.parametrize(("columns", "lines"), [(80, 24), (80, 40), (200, 50), (120, 100)])
def test_69_portals_fit_on_any_terminal_and_every_portal_is_counted(columns: int, lines: int) -> None:
    table = shown(MANY, columns, lines)
    assert len(table) < lines and all(len(line) <= columns for line in table), table
    assert table[0].split() == "portal known to do new edits errors asked now".split()
    assert table[1].split()[0] == "flooded" and table[1].rstrip().endswith("flood pause, 55 s")
    assert table[-1].split() == "21 of 69 done 6,500 2,600 325 65 130 3,900 1:02:03".split()
    own = [line for line in table[1:-1] if not line.startswith("…")]
    rest = [int(line.split()[1]) for line in table[1:-1] if line.startswith("…")]
    assert len(own) + sum(rest) == 69
    assert len(own) >= min(69, lines - 8)


def test_what_is_at_work_keeps_its_line_and_the_rest_is_summed_up() -> None:
    own, rest = fit(MANY, 37)
    assert {state.stage for state in own} == {Stage.WAITING, Stage.AT_WORK}
    assert {stage: len(states) for stage, states in rest.items()} == {
        Stage.AT_WORK: 11, Stage.ENDED_BADLY: 1, Stage.TO_COME: 4, Stage.ENDED: 20,
    }  # fmt: skip
    assert fit(MANY, 69) == (sorted(MANY, key=lambda state: state.stage), {})
    assert fit(MANY, 2) == ([], {})


def test_large_numbers_stay_in_their_columns() -> None:
    huge = State("huge", Stage.AT_WORK, Figures(*[1_234_567] * 6), "pace, 2.2 s")
    assert shown([huge], 80, 24)[1].split() == ["huge", *["1.23M"] * 6, "pace,", "2.2", "s"]


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, int]]:
    """The screen during a flood pause, what stood on the terminal after Ctrl-C, and the exit code."""
    night = Nightly(tmp_path_factory.mktemp("watched"))
    with SickPortal(lambda path, n: _flood(path)) as portal, SickPortal(lambda path, n: None) as healthy:
        night.register("first", url=portal.url).register("second", url=portal.url)
        night.register("elsewhere", url=healthy.url, group="another")
        terminal = nightly(night.data, night.registry)
        screen = terminal.until(lambda text: "flood pause, 2" in text and "after first" in text and "1 of 3" in text)
        code = terminal.end(signal.SIGINT)
        yield screen, terminal.written, code


def _flood(path: str) -> Answer | None:
    return Answer(b"", status=429, headers={"Retry-After": "30"}) if path.endswith(".html") else None


def test_the_table_says_of_each_portal_what_it_waits_for(watched: tuple[str, str, int]) -> None:
    lines = {line.split()[0]: line for line in watched[0].splitlines() if line.strip()}
    assert "flood pause, 2" in lines["first"]
    assert lines["second"].rstrip().endswith("after first")
    assert lines["elsewhere"].rstrip().endswith("done")
    known, to_do, new, edits, errors, asked = lines["elsewhere"].split()[1:7]
    assert int(known) > int(new) == 12 and (to_do, edits, errors) == ("0", "0", "0") and int(asked) > 12
    assert int(lines["first"].split()[2]) > 0  # addresses still to ask


def test_warnings_stand_above_the_table_and_the_terminal_is_left_as_it_was(watched: tuple[str, str, int]) -> None:
    screen, written, _ = watched
    table = screen.index("portal ")
    assert "first: waits 30 s: flood pause" in screen[:table]
    assert "waits 30 s" not in screen[table:]
    assert written.rindex("\x1b[?25h") > written.rindex("\x1b[?25l")  # the cursor is there again


def test_ctrl_c_ends_a_flood_pause(watched: tuple[str, str, int]) -> None:
    assert watched[2] == INTERRUPTED and "Traceback" not in watched[1]


def test_a_short_run_without_a_terminal_names_only_the_portals_that_ended_badly(tmp_path: Path) -> None:
    night = Nightly(tmp_path)
    with SickPortal(lambda path, n: None) as portal:
        night.register("healthy", url=portal.url).register("bare", url="http://127.0.0.1:9/", group="bare")
        lines = night.run().stderr.splitlines()
    assert not any("healthy" in line for line in lines)
    assert any(" WARNING crawler.watching: bare: left: network_error, " in line for line in lines)


@pytest.fixture(scope="module")
def structured(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, object]]:
    """The log of a run as JSON: one portal is flooded for a second, one is not there at all."""
    night = Nightly(tmp_path_factory.mktemp("structured"))

    def mood(path: str, n: int) -> Answer | None:
        return Answer(b"", status=429, headers={"Retry-After": "1"}) if path.endswith(".html") and n == 1 else None

    with SickPortal(mood, articles=1) as portal:
        night.register("flooded", url=portal.url)
        night.register("absent", url="http://127.0.0.1:9/", group="absent")
        ended = night.run(LOG_JSON="1")
    return [json.loads(line) for line in ended.stderr.splitlines()]


def test_structured_logs_are_one_object_a_line_and_name_the_portal(structured: list[dict[str, object]]) -> None:
    names = {"time", "level", "portal", "event", "message", "logger", "fields"}
    assert all(set(line) - {"error"} == names for line in structured)
    assert {line["portal"] for line in structured} == {"flooded", "absent"}
    assert all(str(line["time"]).endswith("+07:00") for line in structured)
    (waits,) = [line for line in structured if line["event"] == "waiting"]
    assert waits["portal"] == "flooded" and waits["fields"] == {"why": "flood pause", "seconds": 1}
    assert waits["message"] == "waits 1 s: flood pause"


def test_structured_logs_say_how_each_portal_ended(structured: list[dict[str, object]]) -> None:
    ended = {line["portal"]: line for line in structured if line["event"] == "ended"}
    assert ended["flooded"]["level"] == "INFO" and ended["absent"]["level"] == "WARNING"
    fields = ended["flooded"]["fields"]
    assert isinstance(fields, dict) and fields["new"] == 1 and fields["why"] == "done"
    message = str(ended["absent"]["message"])
    assert re.fullmatch(r"left: network_error, \d+ requests, 0 new, 0 changed, \d+ errors", message)


def test_a_log_file_gets_the_lines_whether_or_not_a_terminal_shows_the_table(tmp_path: Path) -> None:
    night, log = Nightly(tmp_path), tmp_path / "night.log"
    with SickPortal(lambda path, n: None, articles=1) as portal:
        night.register("healthy", url=portal.url)
        ours = {"PORTALS_FILE": str(night.registry), "DATA_DIR": str(night.data)}
        terminal = Terminal("-m", "scrapy", "nightly", "-s", f"LOG_FILE={log}", **ours)
        assert terminal.end() == 0
    assert "healthy: done, " in log.read_text("utf-8") and "INFO" not in terminal.written
    assert "other" in terminal.screen.text  # the table of the run


def test_a_minute_is_one_line_for_all_portals(caplog: pytest.LogCaptureFixture) -> None:
    lines = Lines()
    with caplog.at_level(logging.INFO):
        for second in range(150):
            lines.say([state for state in MANY if state.stage not in (Stage.ENDED, Stage.ENDED_BADLY)], float(second))
    assert caplog.messages == 2 * [
        "48 portals: 43 at work, 1 wait, 4 to come, 0 ended; 2,640 requests".replace(",640", "640")
        + ", 220 new, 44 changed, 88 errors, 1760 addresses to do"
    ]


def test_a_portal_that_ended_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    lines, sick = Lines(), State("sick", Stage.ENDED_BADLY, ONE, "left: flood")
    with caplog.at_level(logging.INFO):
        for second in range(5):
            lines.say([sick, replace(sick, key="well", stage=Stage.ENDED, doing="done")], float(second))
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("WARNING", "sick: left: flood, 60 requests, 5 new, 1 changed, 2 errors"),
        ("INFO", "well: done, 60 requests, 5 new, 1 changed, 2 errors"),
    ]


def test_a_portal_that_ended_well_is_a_line_once_the_run_is_a_minute_old(caplog: pytest.LogCaptureFixture) -> None:
    lines, well = Lines(quiet_for=60), State("well", Stage.ENDED, ONE, "done")
    with caplog.at_level(logging.INFO):
        lines.say([well, State("later", Stage.AT_WORK, ONE, "answer")], 59.0)
        assert caplog.messages == []
        lines.say([well, replace(well, key="later")], 60.5)
    assert [message.split()[0] for message in caplog.messages] == ["later:", "2"]


def test_a_wait_within_a_wait_is_the_one_that_is_shown(caplog: pytest.LogCaptureFixture) -> None:
    waiting = Waiting("portal")
    assert waiting.now is None
    with waiting.on(Why.BACK_OFF, 300):
        with waiting.on(Why.PACE, 2.2):
            assert waiting.now.why is Why.PACE and 2.0 < (waiting.now.left or 0) <= 2.2
        assert waiting.now.why is Why.BACK_OFF and 299 < (waiting.now.left or 0) <= 300
    assert waiting.now is None
    with waiting.on(Why.FLOOD, 90, is_said=True):
        pass
    assert caplog.messages == ["portal: waits 300 s: back-off"]  # the pace is no news, nor what was said before
