"""python -m archive: what it says and how it ends."""

from __future__ import annotations

import re
import resource
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from invented import keep, many, the_articles

from archive.__main__ import main
from archive.publish import current_copy, publish

ROOT = Path(__file__).parents[1]


def test_publish_says_in_one_line_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep(tmp_path, the_articles())
    assert main(["publish", "--data-dir", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    n = len(the_articles())
    assert re.fullmatch(rf"published {n} articles of 1 portal to \S+/archive-\d+T\d+\.db in \d+\.\d s\n", said)


def test_the_data_directory_comes_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(tmp_path, the_articles())
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    assert main(["publish"]) == 0
    assert main(["stats"]) == 0
    assert "Ban Dân vận Tỉnh ủy Sông Lam: 11 articles, published 2021-05-01" in capsys.readouterr().out


def test_check_tells_a_sound_copy_from_a_damaged_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep(tmp_path, many(30))
    assert main(["check", "--data-dir", str(tmp_path)]) == 0
    assert "no copy is published yet" in capsys.readouterr().out
    publish(tmp_path)
    assert main(["check", "--data-dir", str(tmp_path)]) == 0
    assert "its search finds what it should" in capsys.readouterr().out
    copy = current_copy(tmp_path)
    assert copy is not None
    with open(copy, "r+b") as file:
        file.seek(40_960)
        file.write(b"\0" * 40_960)
    assert main(["check", "--data-dir", str(tmp_path)]) == 2


@pytest.mark.parametrize("command", ["publish", "check", "stats"])
def test_without_an_archive_it_is_a_wrong_configuration(
    tmp_path: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, "--data-dir", str(tmp_path)]) == 3
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "crawl first" in said


def test_serve_without_a_copy_says_which_command_makes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--data-dir", str(tmp_path)]) == 3
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "python -m archive publish" in said


def test_serve_on_a_port_in_use_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep(tmp_path, the_articles())
    publish(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["serve", "--data-dir", str(tmp_path), "--port", str(port)]) == 3
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and f"port {port}" in said


@pytest.mark.parametrize("arguments", [[], ["withdraw"], ["serve", "--port", "x"], ["serve", "--port", "70000"]])
def test_a_wrong_command_line_is_a_wrong_configuration(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 3


def test_a_wrong_clock_is_a_wrong_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(tmp_path, the_articles())
    monkeypatch.setenv("ARCHIVE_NOW", "tomorrow")
    assert main(["publish", "--data-dir", str(tmp_path)]) == 3
    assert "ARCHIVE_NOW" in capsys.readouterr().err


def test_no_room_left_leaves_the_old_copy_and_says_so_in_one_line(tmp_path: Path) -> None:
    keep(tmp_path, many(300))
    old = publish(tmp_path).path

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    done = subprocess.run(
        [sys.executable, "-m", "archive", "publish", "--data-dir", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        preexec_fn=little_room,
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1 and "could not be" in done.stderr, done.stderr
    assert current_copy(tmp_path) == old.resolve()
    assert list((tmp_path / "published").glob(".*.tmp")) == []


def test_serve_is_a_real_site_and_ends_on_interrupt(tmp_path: Path) -> None:
    keep(tmp_path, the_articles())
    publish(tmp_path)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "archive", "serve", "--data-dir", str(tmp_path), "--port", str(port)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert server.stdout is not None
        assert f"http://127.0.0.1:{port}/" in server.stdout.readline()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/search?q=dan+van+kheo", timeout=30) as page:
            assert "<mark>dân vận khéo</mark>" in page.read().decode()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/archive/articles.json?_search=kheo") as page:
            assert page.status == 200
        server.send_signal(signal.SIGINT)
        rest, _ = server.communicate(timeout=20)
    finally:
        server.kill()
    assert server.returncode == 0
    assert "kheo" not in rest, "no query of a reader is logged"
