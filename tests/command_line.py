"""`python -m archive` as a process, and a crawl that writes while it runs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from archive.article import Article
from archive.snapshots import Capture

ROOT = Path(__file__).resolve().parents[1]
WRITER = """
import sys
import time
from dataclasses import replace
from pathlib import Path
sys.path.insert(0, "tests")
from command_line import capture
from invented import PORTALS, invented
from archive.store import Archive

with Archive(Path(sys.argv[1])) as archive:
    archive.register_portals(PORTALS)
    for i in range(1_000_000):
        one = invented(f"loop-{i}", f"Bài {i}", "Chữ. " * 200)
        with archive.transaction():
            archive.save(one, capture=capture(one))
        time.sleep(0.005)  # a crawl waits seconds for its next page
        with archive.transaction():
            edited = replace(one, body="Chữ khác. " * 200)
            archive.save(edited, capture=capture(edited))
        time.sleep(0.005)
        if i == 20:
            print("writing", flush=True)
"""


def start(*arguments: object, **environment: str) -> subprocess.Popen[str]:
    """Start `python -m archive` and return at once."""
    return subprocess.Popen(
        [sys.executable, "-m", "archive", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(*arguments: object, **environment: str) -> tuple[int, str, str]:
    """Run `python -m archive` to its end: exit code, output, errors."""
    process = start(*arguments, **environment)
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def writer(data_dir: Path) -> subprocess.Popen[str]:
    """A process that stores, edits and keeps pages without end; it has begun when this returns."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(data_dir)], cwd=ROOT, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert process.stdout is not None and process.stdout.readline() == "writing\n"
    return process


def capture(article: Article, **rest: Any) -> Capture:
    """The page of an article, as a portal might have sent it."""
    page = f"<html><h1>{article.title}</h1>{article.body_html}{article.body}</html>".encode()
    values: dict[str, Any] = {"url": article.url, "fetched": "2026-03-01T02:00:00+07:00", "status": 200}
    return Capture(**values | {"headers": (("Content-Type", "text/html"),), "body": page} | rest)
