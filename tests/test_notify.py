"""Messages to people, through a real webhook and a real mail server on loopback."""

from __future__ import annotations

import logging

import pytest
from loopback import free_port
from receivers import hook, mailbox

from archive.notify import NotifyError, WrongTarget, check, notify

TITLE = "3 bài mới: Dân vận khéo"
TEXT = "Bài “Cầu tre” & <b>mới</b>\n\nhttp://127.0.0.1:1/a/1?x=1&y=2\n– hết –"


def test_a_webhook_gets_title_and_text_as_they_are() -> None:
    with hook() as seen:
        notify([seen.url], TITLE, TEXT)
    (message,) = seen.messages
    assert (message["title"], message["message"]) == (TITLE, TEXT)


def test_a_letter_has_subject_and_text_in_vietnamese() -> None:
    with mailbox(free_port()) as box:
        notify([f"mailto://127.0.0.1:{box.port}?from=kho@example.org&to=bao@example.org"], TITLE, TEXT)
    (letter,) = box.letters
    assert letter["subject"] == TITLE and "bao@example.org" in letter["to"] and "kho@example.org" in letter["from"]
    body = letter.get_body(("plain",))
    assert body is not None and body.get_content().replace("\r\n", "\n").strip() == TEXT
    assert letter.get_body(("html",)) is None, "no markup made of what is text"


def test_one_who_cannot_be_reached_keeps_no_other_from_the_message() -> None:
    with hook() as seen:
        nobody = f"json://127.0.0.1:{free_port()}/"
        with pytest.raises(NotifyError) as failure:
            notify([nobody, seen.url, nobody], TITLE, TEXT)
    assert len(seen.messages) == 1 and failure.value.failed == (0, 2)


def test_an_answer_that_is_an_error_is_a_failure() -> None:
    with hook() as seen:
        seen.statuses = [500]
        with pytest.raises(NotifyError):
            notify([seen.url], TITLE, TEXT)


def test_a_wrong_address_is_said_before_anything_is_sent() -> None:
    with hook() as seen:
        for wrong in ("no address at all", "mailto://", "nothing://127.0.0.1/"):
            with pytest.raises(WrongTarget) as failure:
                notify([seen.url, wrong], TITLE, TEXT)
            assert failure.value.position == 1
            with pytest.raises(WrongTarget):
                check([wrong])
    assert not seen.messages


def test_no_secret_is_said_or_logged(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    secret = "s3cr3t-t0ken"
    with caplog.at_level(logging.DEBUG), hook() as seen:
        notify([seen.url.replace("hush-hush", secret) + f"/{secret}?+x={secret}"], TITLE, TEXT)
    with caplog.at_level(logging.DEBUG), pytest.raises(NotifyError) as failure:
        notify([f"json://user:{secret}@127.0.0.1:{free_port()}/{secret}?+x={secret}"], TITLE, TEXT)
    with caplog.at_level(logging.DEBUG), pytest.raises(WrongTarget) as wrong:
        notify([f"nothing://{secret}"], TITLE, TEXT)
    out, err = capfd.readouterr()
    for said in (str(failure.value), str(wrong.value), caplog.text, out, err):
        assert secret not in said


def test_a_title_is_one_line() -> None:
    with hook() as seen:
        notify([seen.url], "một\r\nBcc: ai@example.org\tdòng", TEXT)
    assert seen.messages[0]["title"] == "một Bcc: ai@example.org dòng"
