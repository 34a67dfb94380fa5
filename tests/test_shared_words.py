"""The checker of borrowed words: it finds a run of eight, says where, and is silent where there is none."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
THEIRS = "Chín con trâu trắng lội qua suối cạn lúc trăng vừa lên khỏi núi"


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "tools" / "shared_words.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two articles to compare with, the second of them with the sentence above in its second paragraph."""
    rows = [
        {"title": "Mùa na", "lead": None, "paragraphs": ["Na mở mắt rồi."]},
        {"title": "Chuyện trâu", "lead": "Kể lại.", "paragraphs": ["Hôm ấy trời lạnh.", f"{THEIRS}."]},
    ]
    truth = tmp_path / "others" / "portals" / "somewhere" / "truth.jsonl"
    truth.parent.mkdir(parents=True)
    truth.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    return tmp_path / "others"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.toml", f"body = '''<p>Nghe kể: {THEIRS.upper()},</p>'''"),
        ("expected.json", json.dumps({"images": [{"caption": THEIRS}], "url": "http://x.invalid/"})),
        ("page.html", f"<p>{THEIRS.replace('trâu trắng', '<b>trâu</b> trắng')}</p>"),
    ],
)
def test_a_planted_run_is_found_with_both_places(tmp_path: Path, folder: Path, name: str, content: str) -> None:
    own = tmp_path / name
    own.write_text(content)
    done = run("--against", folder, own)
    assert done.returncode == 1
    assert f"{own} and somewhere, line 2: {THEIRS.lower()}" in done.stdout
    assert len(done.stdout.splitlines()) == 1


def test_seven_words_are_no_run_and_a_script_is_no_text(tmp_path: Path, folder: Path) -> None:
    seven = " ".join(THEIRS.split()[:7])
    page = f"<p>{seven} nữa</p><script>// {THEIRS}</script>"
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "page.html.gz").write_bytes(gzip.compress(page.encode()))
    done = run("--against", folder, tmp_path / "own")
    assert (done.returncode, done.stdout) == (0, "no run of 8 words shared: 1 texts against 2\n")


def test_without_a_folder_or_texts_in_it_one_sentence_says_so(tmp_path: Path) -> None:
    for folder in (tmp_path / "nowhere", tmp_path):
        done = run("--against", folder)
        assert done.returncode == 3
        assert str(folder) in done.stderr
        assert len(done.stderr.splitlines()) == 1


@pytest.mark.skipif("RECORDED_PORTALS" not in os.environ, reason="RECORDED_PORTALS names no folder to compare with")
def test_the_projects_own_texts_are_nobody_elses() -> None:
    done = run("--against", os.environ["RECORDED_PORTALS"])
    assert done.returncode == 0, done.stdout + done.stderr
