"""Who reads along may stop (| head): a command does its work all the same, and ends as if it had been read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.loopback import Nightly, SickPortal


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_who_goes_away_changes_nothing(tmp_path: Path, unbuffered: str) -> None:
    with SickPortal(lambda path, n: None, articles=2) as portal:
        nightly = Nightly(tmp_path).register(url=portal.url)
        for command, arguments in (
            ("nightly", ()),
            ("health", ()),
            ("health", ("--json",)),
            ("reparse", ()),
            ("read", (f"{portal.url}vi/news/",)),
            ("probe", (portal.url, "--write")),
        ):
            read = nightly.start_command(command, *arguments, PYTHONUNBUFFERED=unbuffered)
            out, expected = read.communicate(timeout=60)
            assert out.strip() or read.returncode, command
            left = nightly.start_command(command, *arguments, PYTHONUNBUFFERED=unbuffered)
            assert left.stdout is not None and left.stderr is not None
            left.stdout.close()
            said = left.stderr.read()
            assert (left.wait(60), "Traceback" in said) == (read.returncode, False), (command, said, expected)
