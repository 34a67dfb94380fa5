"""A night in service is one sequence: crawl, publish, alerts; what fails, and a stop, end it where they should."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from archive.exits import GOOD, INTERRUPTED, NOT_SENT, STORE_FAILED, WRONG_CONFIGURATION
from archive.publish import current_copy
from crawler.steps import Steps, night
from tests.loopback import Nightly, SickPortal, finished, wait_until
from tests.receivers import hook

STEPS = "from crawler.steps import main; import sys; sys.exit(main())"


def healthy(path: str, n: int) -> None:
    return None


def test_a_night_is_crawled_and_published_by_one_command(tmp_path: Path) -> None:
    nightly = Nightly(tmp_path)
    with SickPortal(healthy, articles=3) as portal:
        ended = finished(nightly.register("song_lam", url=portal.url).start_python(STEPS, "song_lam"))
    assert ended.returncode == GOOD, ended.stderr
    copy = current_copy(nightly.data)
    assert copy is not None
    with closing(sqlite3.connect(copy)) as db:
        assert db.execute("select count(*) from articles").fetchone() == (3,)
    assert "no saved searches" in ended.stdout


def test_sigterm_stores_what_is_in_flight_and_begins_no_further_step(tmp_path: Path) -> None:
    nightly = Nightly(tmp_path)
    with SickPortal(healthy, articles=12) as portal:
        nightly.register(url=portal.url, delay=0.3)
        process = nightly.start_python(STEPS)
        wait_until(lambda: nightly.archived.count() >= 2, process)
        process.send_signal(signal.SIGTERM)
        ended = finished(process)
        answered = [request.path for request in portal.requests if request.status == 200]
    assert ended.returncode == INTERRUPTED and "Traceback" not in ended.stderr
    assert 2 <= nightly.archived.count() < 12 and nightly.archived.is_sound()
    asked = sum(any(path.endswith(f"-{number}.html") for path in answered) for number in portal.numbers)
    assert nightly.archived.count() == asked  # no page was asked for and then thrown away
    assert current_copy(nightly.data) is None


class Rehearsed(Steps):
    """Steps that end as they are told to, and remember which were begun."""

    def __init__(self, **codes: int) -> None:
        super().__init__()
        self.codes = codes
        self.begun: list[str] = []

    def run(self, module: str, *arguments: str) -> int:
        self.begun.append(arguments[0])
        return self.codes.get(arguments[0], GOOD)


def test_a_portal_that_failed_keeps_nothing_from_being_published() -> None:
    steps = Rehearsed(nightly=1)
    assert night(steps, []) == 1 and steps.begun == ["nightly", "publish", "alert"]


def test_a_message_that_waits_keeps_nothing_from_being_published() -> None:
    steps = Rehearsed(nightly=NOT_SENT)
    assert night(steps, []) == NOT_SENT and steps.begun == ["nightly", "publish", "alert"]


def test_what_cannot_be_gone_on_after_ends_the_night_with_its_own_code() -> None:
    for codes, begun in (
        ({"nightly": STORE_FAILED}, ["nightly"]),
        ({"nightly": WRONG_CONFIGURATION}, ["nightly"]),
        ({"nightly": INTERRUPTED}, ["nightly"]),
        ({"publish": STORE_FAILED}, ["nightly", "publish"]),
        ({"nightly": 1, "alert": NOT_SENT}, ["nightly", "publish", "alert"]),
    ):
        steps = Rehearsed(**codes)
        assert night(steps, []) == list(codes.values())[-1] and steps.begun == begun


def notify(text: str, urls: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "archive", "notify", "dan-van-nightly failed on kho"]
    environment = {"NOTIFY_URLS": urls, "PATH": "/usr/bin:/bin"}
    return subprocess.run(command, input=text, env=environment, capture_output=True, text=True, check=False)


def test_the_operator_is_sent_the_end_of_the_journal_of_a_unit_that_failed() -> None:
    with hook() as receiver:
        assert notify("x" * 50_000 + "\nđĩa đầy: no room\n", receiver.url).returncode == GOOD
        (message,) = receiver.messages
    assert message["title"] == "dan-van-nightly failed on kho"
    assert message["message"].rstrip().endswith("đĩa đầy: no room") and len(message["message"]) <= 20_000


def test_a_message_that_reaches_nobody_is_an_error() -> None:
    with hook() as receiver:
        receiver.statuses += [500]
        unsent = notify("text", receiver.url)
    assert unsent.returncode == NOT_SENT and "hush-hush" not in unsent.stderr
    for urls, said in (("", "NOTIFY_URLS is not set"), ("nowhere://s3cr3t", "NOTIFY_URLS: recipient 1 is no address")):
        wrong = notify("text", urls)
        assert wrong.returncode == WRONG_CONFIGURATION and said in wrong.stderr and "s3cr3t" not in wrong.stderr
