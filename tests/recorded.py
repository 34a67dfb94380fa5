"""Two portals recorded whole, with the truth about every article: what the tests against them share.

RECORDED_PORTALS names a folder with portals/ (the recordings) and tools/ (what replays and grades them); they are for
checking and are not part of the project.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

RECORDED = Path(os.environ.get("RECORDED_PORTALS") or "nowhere")
needs_recorded = pytest.mark.skipif(
    not (RECORDED / "portals").is_dir(), reason="RECORDED_PORTALS names no folder with the recorded portals"
)

EGOV, DEFAULT = "nukeviet-egov", "nukeviet-4.5"
PORTALS = (EGOV, DEFAULT)
VISIBLE = 406
GRADED = ("title", "published", "lead", "author", "source", "tags")


def truth(name: str) -> dict[int, dict[str, Any]]:
    """What each visible article really says, by its number."""
    lines = (RECORDED / "portals" / name / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    return {record["id"]: record for record in map(json.loads, lines) if record["visible"]}


@cache
def pages(name: str) -> dict[int, tuple[str, str]]:
    """Address and source of each visible article's page, by its number."""
    with tarfile.open(RECORDED / "portals" / name / "site.tar.xz") as archive:
        files = {member.name.split("/", 1)[-1]: member for member in archive.getmembers() if member.isfile()}
        index = json.load(archive.extractfile(files["index.json"]))  # type: ignore[arg-type]
        wanted = {unquote(urlsplit(record["url"]).path): number for number, record in truth(name).items()}
        found: dict[int, tuple[str, str]] = {}
        for member in archive.getmembers():
            for path in _paths(index, member.name):
                if (number := wanted.get(unquote(path))) is not None:
                    stream = archive.extractfile(member)
                    assert stream is not None
                    found[number] = (truth(name)[number]["url"], stream.read().decode())
    return found


def _paths(index: dict[str, Any], file: str) -> list[str]:
    by_file: dict[str, list[str]] = index.setdefault("by_file", {})
    if not by_file:
        for path, entry in index["paths"].items():
            by_file.setdefault(entry["file"], []).append(path)
    return by_file.get(file, []) or by_file.get(file.split("/", 1)[-1], [])


@contextmanager
def replayed(name: str, *options: str) -> Iterator[str]:
    """A recorded portal at an address of its own."""
    tool = RECORDED / "tools" / "replay_portal.py"
    command = [sys.executable, str(tool), str(RECORDED / "portals" / name), "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def graded(right: list[dict[str, Any]], found: list[dict[str, Any]], folder: Path) -> dict[str, float]:
    """The means of what was found, by the grader; `url` of what was found is the number of the article."""
    folder.mkdir()
    records = [
        {field: record[field] for field in GRADED} | {"url": record["id"], "body": record["paragraphs"]}
        for record in right
    ]
    for file, rows in (("truth.jsonl", records), ("archive.jsonl", found)):
        text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        (folder / file).write_text(text, encoding="utf-8")
    command = [sys.executable, str(RECORDED / "tools" / "score_extraction.py"), "truth.jsonl", "archive.jsonl"]
    subprocess.run([*command, "--json", "grades.json"], cwd=folder, check=True, capture_output=True)
    means: dict[str, float] = json.loads((folder / "grades.json").read_text(encoding="utf-8"))["archive"]["means"]
    return means
