"""`python -m archive serve` as a process, and readers who ask it without pause while copies are published."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType

from invented import PORTALS, many

from archive.publish import publish
from archive.store import Archive

ROOT = Path(__file__).parents[1]
WAVE = re.compile(r"\bW(\d{3})\b")  # stands in every title; another number with each publishing
PAGES = (
    "/",
    "/search?q=%C4%91%E1%BB%A3t",
    "/search?q=b%E1%BA%BFn&year=2012",
    "/archive/articles",
    "/archive/articles.json?_shape=objects&_size=30",
    "/archive/articles.csv?_size=max",
)
PATIENCE = 60  # seconds


@dataclass
class Answer:
    """What a reader got."""

    path: str
    begun: float
    status: int
    waves: set[int]


class Server:
    """The site of a data folder in a process of its own, ready when entered."""

    def __init__(self, data_dir: Path, *options: str, **environment: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [sys.executable, "-m", "archive", "serve", "--data-dir", str(data_dir), "--port", str(self.port)]
        self.process = subprocess.Popen(
            [*command, *options],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def __enter__(self) -> Server:
        assert self.process.stdout is not None
        self.said = self.process.stdout.readline()
        end = time.monotonic() + PATIENCE
        while True:
            try:
                self.get("/-/health")
                return self
            except ConnectionError:
                assert self.process.poll() is None and time.monotonic() < end, self.said
                time.sleep(0.05)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.said += self.process.communicate(timeout=20)[0]
        self.process.kill()

    def get(self, path: str, **headers: str) -> tuple[int, str, dict[str, str]]:
        """Status, text, headers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            named = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, answer.read().decode(errors="replace"), named
        finally:
            connection.close()

    def descriptors(self) -> int:
        """How many files and sockets the process has open."""
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def memory(self) -> float:
        """Resident megabytes."""
        said = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", said)[1]) / 1024  # type: ignore[index]


@dataclass
class Readers:
    """Some readers, each asking page after page over one connection, until so many answers are there and it is over."""

    port: int
    wanted: int
    over: threading.Event = field(default_factory=threading.Event)
    answers: list[Answer] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def start(self, number: int = 4) -> list[threading.Thread]:
        """Begin to read."""
        threads = [threading.Thread(target=self._read, args=(i,)) for i in range(number)]
        for thread in threads:
            thread.start()
        return threads

    def _read(self, first: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        number = first
        while not self.broken and not (self.over.is_set() and len(self.answers) >= self.wanted):
            path, begun = PAGES[number % len(PAGES)], time.monotonic()
            try:
                connection.request("GET", path)
                answer = connection.getresponse()
                text = answer.read().decode()
            except (OSError, http.client.HTTPException) as error:
                self.broken.append(f"{path}: {error!r}")
                break
            self.answers.append(Answer(path, begun, answer.status, {int(n) for n in WAVE.findall(text)}))
            number += 1
        connection.close()


def publish_wave(data_dir: Path, wave: int, articles: int = 40) -> float:
    """Edit the title of every article, publish, and say when the link led to the new copy."""
    with Archive(data_dir) as archive:
        archive.register_portals(PORTALS)
        with archive.transaction():
            for number, article in enumerate(many(articles)):
                archive.save(replace(article, title=f"Đợt W{wave:03}, bài {number} ở Bến Gỗ"))
    publish(data_dir)
    return time.monotonic()
