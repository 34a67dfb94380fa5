"""`python -m archive alert`: who saved a search is told what is new, each article once, whatever fails in between."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from command_line import run
from invented import invented, keep, many, the_articles
from loopback import free_port
from receivers import Hook, hook, mailbox

from archive.__main__ import main
from archive.alerting import messages
from archive.alerting import running as alerting
from archive.alerting.wanted import AlertsError, read
from archive.exits import BUSY, GOOD, NOT_SENT, STORE_FAILED, WRONG_CONFIGURATION
from archive.lock import held
from archive.publish import publish
from archive.store import Archive
from archive.withholding import withhold

SEARCH = "https://kho.example.org/search?q=c%E1%BA%A7u%20phao"  # cầu phao


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    add(tmp_path, *the_articles(), bridge(0))
    return tmp_path


@pytest.fixture
def receiver() -> Iterator[Hook]:
    with hook() as seen:
        yield seen


def add(data_dir: Path, *articles: Any) -> None:
    keep(data_dir, articles)
    publish(data_dir)


def bridge(number: int, **rest: Any) -> Any:
    return invented(
        f"bridge-{number}", f"Cầu phao số {number}", "Bà con qua sông.", day=f"2024-01-{number + 1:02}", **rest
    )


def wanted(data_dir: Path, *rows: str, site: str = "") -> Path:
    file = data_dir / "alerts.toml"
    head = f'site = "{site}"\n' if site else ""
    file.write_text(head + "\n".join(f"[[alert]]\n{row}" for row in rows), encoding="utf-8")
    return file


def bridges(data_dir: Path, *to: str, search: str = SEARCH, more: str = "") -> Path:
    return wanted(data_dir, f'name = "Cầu phao"\nsearch = "{search}"\nto = {json.dumps(list(to))}\n{more}')


def alert(data_dir: Path, *options: str) -> int:
    return main(["alert", "--data-dir", str(data_dir), "--file", str(data_dir / "alerts.toml"), *options])


def told(receiver: Hook) -> list[int]:
    """The numbers of the bridges in all messages so far, in their order."""
    return [
        int(n) for message in receiver.messages for n in re.findall(r"^Cầu phao số (\d+)$", message["message"], re.M)
    ]


def test_the_first_run_tells_nothing_and_each_further_one_what_is_new(data_dir: Path, receiver: Hook) -> None:
    bridges(data_dir, receiver.url)
    assert alert(data_dir) == GOOD and receiver.messages == []
    add(data_dir, bridge(1), bridge(2), invented("other", "Chuyện khác", "Không có gì."))
    assert alert(data_dir) == GOOD
    (message,) = receiver.messages
    assert message["title"] == "2 bài mới: Cầu phao"
    lines = message["message"].splitlines()
    assert lines[2:5] == [
        "Cầu phao số 2",
        "03/01/2024 · Ban Dân vận Tỉnh ủy Sông Lam",
        f"https://kho.example.org/a/{bridge(2).id}",
    ]
    assert lines[-1] == "Xem tất cả kết quả: https://kho.example.org/search?q=c%E1%BA%A7u+phao"
    publish(data_dir)
    assert alert(data_dir) == GOOD and told(receiver) == [2, 1], "each once"


def test_an_article_found_late_or_edited_into_the_search_is_new(data_dir: Path, receiver: Hook) -> None:
    bridges(data_dir, receiver.url)
    alert(data_dir)
    plain = invented("late", "Chuyện cũ", "Bà con qua sông.", day="2009-01-01")
    add(data_dir, invented("old", "Cầu phao số 77", "Bài cũ mới thấy.", day="2008-05-05"), plain)
    alert(data_dir)
    assert told(receiver) == [77]
    edited = invented("late", "Cầu phao số 78", "Bà con qua sông.", day="2009-01-01")
    add(data_dir, edited)
    alert(data_dir)
    add(data_dir, plain)
    add(data_dir, edited)
    alert(data_dir)
    assert told(receiver) == [77, 78], "what left and came back is not new"


def test_a_failed_sending_is_tried_again_and_a_sent_one_is_not_repeated(
    data_dir: Path, receiver: Hook, capsys: pytest.CaptureFixture[str]
) -> None:
    with hook() as second:
        bridges(data_dir, receiver.url, second.url)
        alert(data_dir)
        add(data_dir, bridge(1))
        second.statuses = [500]
        assert alert(data_dir) == NOT_SENT
        assert "Cầu phao: recipient 2 could not be reached; the next run tries again" in capsys.readouterr().out
        assert (told(receiver), told(second)) == ([1], [])
        add(data_dir, bridge(2))
        assert alert(data_dir) == GOOD
        assert (told(receiver), sorted(told(second))) == ([1, 2], [1, 2])
        assert alert(data_dir) == GOOD and len(told(second)) == 2


def test_a_mended_address_gets_what_the_wrong_one_did_not(data_dir: Path, receiver: Hook) -> None:
    bridges(data_dir, f"json://127.0.0.1:{free_port()}/")
    alert(data_dir)
    add(data_dir, bridge(1))
    assert alert(data_dir) == NOT_SENT
    bridges(data_dir, receiver.url)
    assert alert(data_dir) == GOOD and told(receiver) == [1]


@pytest.mark.parametrize("moment", ["before sending", "after sending"])
def test_a_run_that_is_killed_loses_nothing(
    data_dir: Path, receiver: Hook, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    bridges(data_dir, receiver.url)
    alert(data_dir)
    add(data_dir, bridge(1), bridge(2))
    send = alerting.notify

    def killed(*arguments: Any) -> None:
        if moment == "after sending":
            send(*arguments)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(alerting, "notify", killed)
        with pytest.raises(KeyboardInterrupt):
            alert(data_dir)
    assert alert(data_dir) == GOOD
    assert told(receiver) == ([2, 1] if moment == "before sending" else [2, 1, 2, 1])
    assert alert(data_dir) == GOOD and len(told(receiver)) <= 4


def test_a_message_is_never_longer_than_asked_and_no_article_is_left_out(data_dir: Path, receiver: Hook) -> None:
    bridges(data_dir, receiver.url, more="at_once = 3")
    alert(data_dir)
    add(data_dir, *(bridge(number) for number in range(1, 9)))
    assert alert(data_dir) == GOOD
    assert [message["title"] for message in receiver.messages] == [
        f"8 bài mới: Cầu phao ({number}/3)" for number in (1, 2, 3)
    ]
    assert told(receiver) == [8, 7, 6, 5, 4, 3, 2, 1]


def test_a_flood_is_told_by_its_number(data_dir: Path, receiver: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "MOST", 2)
    bridges(data_dir, receiver.url, more='at_once = 2\nlanguage = "en"')
    alert(data_dir)
    add(data_dir, *(bridge(number) for number in range(1, 9)))
    assert alert(data_dir) == GOOD
    assert len(receiver.messages) == 2 and told(receiver) == [8, 7, 6, 5]
    assert "… and 4 more." in receiver.messages[-1]["message"]
    assert receiver.messages[-1]["message"].endswith("search?q=c%E1%BA%A7u+phao&lang=en")
    assert alert(data_dir) == GOOD and len(receiver.messages) == 2


def test_filters_count_and_a_table_is_a_search_too(data_dir: Path, receiver: Hook) -> None:
    row = f'name = "Năm 2024"\nsearch = {{ q = "cầu phao", year = 2024 }}\nto = ["{receiver.url}"]'
    wanted(data_dir, row, site="https://kho.example.org/")
    alert(data_dir)
    add(data_dir, bridge(1), invented("elsewhen", "Cầu phao số 9", "Năm khác.", day="2020-01-01"))
    assert alert(data_dir) == GOOD and told(receiver) == [1]


def test_words_that_are_suddenly_read_otherwise_are_no_news(data_dir: Path, receiver: Hook) -> None:
    """While no article has the phrase its words are looked for apart; the first that has it changes that, and back."""
    many_apart = [invented(f"apart-{n}", f"Phao cạnh cầu {n}", "Chữ.", day="2023-01-01") for n in range(5)]
    add(data_dir, *many_apart)
    bridges(data_dir, receiver.url)
    alert(data_dir)  # read as a phrase: bridge 0 has it
    with Archive(data_dir) as archive:
        withhold(archive, [str(bridge(0).id)], "for the test")
    publish(data_dir)  # now only apart: all five are "found"
    assert alert(data_dir) == GOOD and receiver.messages == []
    add(data_dir, invented("apart-new", "Phao dưới cầu", "Chữ.", day="2023-01-02"))
    assert alert(data_dir) == GOOD
    assert len(receiver.messages) == 1 and "Phao dưới cầu" in receiver.messages[0]["message"]


def test_what_is_withheld_before_it_could_be_told_is_not_told(data_dir: Path, receiver: Hook) -> None:
    bridges(data_dir, receiver.url)
    alert(data_dir)
    add(data_dir, bridge(1), bridge(2))
    receiver.statuses = [500]
    assert alert(data_dir) == NOT_SENT
    with Archive(data_dir) as archive:
        withhold(archive, [str(bridge(1).id)], "a person asked")
    publish(data_dir)
    assert alert(data_dir) == GOOD and told(receiver) == [2]


def test_a_dry_run_shows_and_changes_nothing(
    data_dir: Path, receiver: Hook, capsys: pytest.CaptureFixture[str]
) -> None:
    bridges(data_dir, receiver.url)
    assert alert(data_dir, "--dry-run") == GOOD and not (data_dir / "alerts.db").exists()
    alert(data_dir)
    add(data_dir, bridge(1))
    before = (data_dir / "alerts.db").read_bytes()
    capsys.readouterr()
    assert alert(data_dir, "--dry-run") == GOOD
    shown = capsys.readouterr().out
    assert "to recipient 1: 1 bài mới: Cầu phao" in shown and "1 message to send" in shown
    assert "hush-hush" not in shown and receiver.messages == []
    assert (data_dir / "alerts.db").read_bytes() == before
    assert alert(data_dir) == GOOD and told(receiver) == [1]


def test_a_search_out_of_the_file_is_forgotten_and_begins_anew(data_dir: Path, receiver: Hook) -> None:
    bridges(data_dir, receiver.url)
    alert(data_dir)
    wanted(data_dir)
    assert alert(data_dir) == GOOD
    with closing(sqlite3.connect(data_dir / "alerts.db")) as db:
        assert [db.execute(f"select count(*) from {table}").fetchone() for table in ("searches", "hits")] == [
            (0,),
            (0,),
        ]
    add(data_dir, bridge(1))
    bridges(data_dir, receiver.url)
    assert alert(data_dir) == GOOD and receiver.messages == []


def test_a_letter_comes_from_a_run_of_the_command(data_dir: Path) -> None:
    with mailbox(free_port()) as box:
        file = bridges(data_dir, f"mailto://127.0.0.1:{box.port}?from=kho@example.org&to=bao@example.org")
        assert run("alert", "--data-dir", data_dir, ALERTS_FILE=str(file))[0] == GOOD
        add(data_dir, bridge(1))
        code, out, err = run("alert", "--data-dir", data_dir, ALERTS_FILE=str(file))
    assert (code, err) == (GOOD, "") and "1 new, 1 message sent" in out
    (letter,) = box.letters
    assert letter["subject"] == "1 bài mới: Cầu phao" and "Cầu phao số 1" in letter.get_content()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("", "needs a name"),
        ('name = "x"', "`to` must be"),
        ('name = "x"\nto = ["json://127.0.0.1/"]', "needs a `search`"),
        ('name = "x"\nto = ["json://127.0.0.1/"]\nsearch = "dân vận"', "address of a results page"),
        ('name = "x"\nto = ["json://127.0.0.1/"]\nsearch = "/search?q=a"', "where the archive is"),
        ('name = "x"\nto = ["nowhere://s3cr3t"]\nsearch = "https://k.example.org/search"', "recipient 1 is no address"),
        ('name = "x"\nto = ["json://h"]\nsearch = "https://k.example.org/search"\ntwo = 2', "unknown: two"),
        ('name = "x"\nto = ["json://h"]\nsearch = "https://k.example.org/search"\nat_once = 0', "`at_once` must be"),
        ('name = "x"\nto = ["json://h"]\nsearch = "https://k.example.org/search"\nlanguage = "fr"', "`language`"),
        ("name = ", "Invalid value"),
    ],
)
def test_what_is_wrong_in_the_file_is_said(
    data_dir: Path, capsys: pytest.CaptureFixture[str], row: str, said: str
) -> None:
    wanted(data_dir, row)
    assert alert(data_dir) == WRONG_CONFIGURATION
    message = capsys.readouterr().err
    assert said in message and "alerts.toml" in message and "s3cr3t" not in message


def test_two_that_would_be_taken_for_one_are_refused(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = 'to = ["json://127.0.0.1/"]\nsearch = "https://k.example.org/search?q={}"\nname = "{}"'
    wanted(data_dir, row.format("a", "x"), row.format("b", "x"))
    assert alert(data_dir) == WRONG_CONFIGURATION and "two alerts are called x" in capsys.readouterr().err
    wanted(data_dir, row.format("a&page=2", "x"), row.format("%61", "y"))
    assert alert(data_dir) == WRONG_CONFIGURATION and "put all who want it into one" in capsys.readouterr().err


def test_the_exit_code_says_what_is_the_matter(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert alert(data_dir) == WRONG_CONFIGURATION, "a file that was named is not there"
    code, out, _ = run("alert", "--data-dir", data_dir)
    assert code == GOOD and "no saved searches" in out, "none was named, and there is none"
    bridges(data_dir, "json://127.0.0.1/")
    empty = tmp_path_factory.mktemp("empty")
    assert main(["alert", "--data-dir", str(empty), "--file", str(data_dir / "alerts.toml")]) == WRONG_CONFIGURATION
    with held(data_dir / alerting.LOCK):
        assert alert(data_dir) == BUSY
    (data_dir / "alerts.db").write_bytes(b"no database at all " * 100)
    assert alert(data_dir) == STORE_FAILED


def test_the_example_is_a_right_file() -> None:
    alerts = read(Path(__file__).resolve().parents[1] / "alerts.example.toml")
    assert [(alert.language, alert.at_once) for alert in alerts] == [("vi", 50), ("en", 20)]
    with pytest.raises(AlertsError, match="cannot be read"):
        read(Path("nowhere.toml"))


def test_hits_beyond_what_a_page_counts_are_found_too(data_dir: Path, receiver: Hook) -> None:
    add(data_dir, *many(60))
    wanted(data_dir, f'name = "Tất cả"\nsearch = "https://k.example.org/search"\nto = ["{receiver.url}"]')
    alert(data_dir)
    add(data_dir, *(bridge(number) for number in range(1, 4)))
    assert alert(data_dir) == GOOD and told(receiver) == [3, 2, 1]
