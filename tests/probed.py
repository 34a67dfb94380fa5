"""`scrapy probe` as a process, two at a time, and what stands on the screen when it has ended."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.loopback import OURS, ROOT, finished
from tests.small_sites import Answers, SmallSite

BEFORE = """# Sổ đăng ký: dòng này là của người quản trị.
[suoi_ngoc_tinh_uy]
name = "Tỉnh ủy Suối Ngọc"   # giữ nguyên
url = "https://tinhuy.example/"
province = "Thạch Giang"
"""
CONTACT = "thu.thu@example.org"


@dataclass
class Probed:
    """A probe that has ended, and the registry as it left it."""

    code: int
    out: str
    err: str
    registry: Path

    @property
    def plain(self) -> str:
        """What stands on the screen, its line breaks taken for blanks."""
        return " ".join(self.out.split())

    @property
    def row(self) -> dict[str, object]:
        """The row that is shown, parsed as whoever pastes it would have it parsed."""
        (values,) = tomllib.loads(self.row_text).values()
        return dict(values)

    @property
    def row_text(self) -> str:
        found = re.search(r"^\[\w+\]\n(?:\w+ = .*\n)+", self.out, re.M)
        assert found is not None, self.out
        return found[0]


def probe(registry: Path, *arguments: str, **environment: str) -> Probed:
    clean = {name: value for name, value in os.environ.items() if name not in OURS}
    process = subprocess.Popen(
        [sys.executable, "-m", "scrapy", "probe", *arguments],
        cwd=ROOT,
        env={**clean, "PORTALS_FILE": str(registry), "DATA_DIR": str(registry.parent / "data"), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    done = finished(process)
    return Probed(done.returncode, done.stdout, done.stderr, registry)


def registry(folder: Path, text: str = BEFORE) -> Path:
    path = folder / "portals.toml"
    path.write_text(text, encoding="utf-8")
    return path


class Runs:
    """Probes that are begun together: a process takes most of its time to start."""

    def __init__(self, stack: ExitStack, folders: Callable[[str], Path]) -> None:
        self.stack = stack
        self.workers = stack.enter_context(ThreadPoolExecutor(2))
        self.folders = folders
        self.sites: dict[str, SmallSite] = {}
        self.futures: dict[str, Future[Probed]] = {}

    def visit(self, name: str, answers: Answers, other: int, target: str, *arguments: str) -> None:
        """Probe a site that gives these answers; `other`: the port of the site that they may lead to."""
        site = self.sites[name] = self.stack.enter_context(SmallSite(answers, other))
        self.start(name, f"{site.origin}{target}", *arguments)

    def start(self, name: str, *arguments: str) -> None:
        """Probe with a registry of its own."""
        self.futures[name] = self.workers.submit(probe, registry(self.folders(name)), *arguments)

    def of(self, name: str) -> Probed:
        """What a probe came to."""
        return self.futures[name].result()
