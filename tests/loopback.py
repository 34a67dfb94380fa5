"""Crawls for real, on this machine alone: `scrapy nightly` as a process, and portals that answer it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crawler.demo.pages import Visit
from crawler.demo.routes import Answer, Routes
from crawler.demo.site import Site, now
from tests.small_server import Handler, SmallServer

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 240  # seconds that a test waits for anything, on a busy machine too
COOKIE = "nv4_sess"
OURS = (
    *("PORTALS_FILE", "DATA_DIR", "CONTACT", "HEARTBEAT_URL", "ARCHIVE_NOW"),
    *("ROTATION", "NOTIFY_URLS", "REPORT_LANGUAGE", "DOWNLOAD_TIMEOUT"),
)
LIMITS = ("NIGHT_HOURS", "PORTAL_HOURS", "PORTAL_PAGES", "PORTAL_ERRORS", "RETURN_AFTER")
SOON = "0.1"  # seconds after which a sick portal is asked again in the same run; in service it is five minutes


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@dataclass
class Archived:
    """What stands in a folder's archive.db, seen by a reader of its own."""

    folder: Path

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows of a query; none while there is no archive yet."""
        path = self.folder / "archive.db"
        if not path.exists():
            return []
        with contextlib.closing(sqlite3.connect(path, timeout=10)) as db:
            try:
                return db.execute(sql, values).fetchall()
            except sqlite3.OperationalError as error:
                if "no such table" in str(error):
                    return []
                raise

    def articles(self) -> dict[str, dict[str, Any]]:
        """Every article by its key."""
        names = [name for _, name, *_ in self.rows("pragma table_info(articles)")]
        found = [dict(zip(names, row, strict=True)) for row in self.rows("select * from articles")]
        return {row["key"]: row for row in found}

    def numbers(self, portal: str = "portal") -> list[int]:
        """The CMS's numbers of a portal's articles, in order."""
        keys = self.rows("select key from articles where portal = ?", portal)
        return sorted(int(key.rsplit("/", 1)[1]) for (key,) in keys)

    def count(self) -> int:
        """How many articles there are."""
        return next((n for (n,) in self.rows("select count(*) from articles")), 0)

    def outcomes(self, portal: str = "portal") -> Counter[str]:
        """What the newest run of a portal came to, by name."""
        rows = self.rows("select outcomes from run_portals where portal = ? order by run desc limit 1", portal)
        return Counter(json.loads(rows[0][0]) if rows else {})

    def is_sound(self) -> bool:
        """Whether SQLite finds the file whole, and every reference in it leads somewhere."""
        whole = self.rows("pragma integrity_check") == [("ok",)]
        return whole and self.rows("pragma foreign_key_check") == []

    def everything(self, *left_out: str) -> dict[str, list[tuple[Any, ...]]]:
        """All rows of what hangs on articles, and the articles without the columns `left_out`."""
        names = [name for _, name, *_ in self.rows("pragma table_info(articles)") if name not in left_out]
        tables = ("article_sections", "article_tags", "article_images", "article_files", "revisions", "urls")
        found = {table: self.rows(f"select * from {table} order by 1, 2") for table in tables}
        return found | {"articles": self.rows(f"select {', '.join(names)} from articles order by id")}


@dataclass
class Nightly:
    """The command as an operator runs it: a registry of its own, a data folder of its own."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def registry(self) -> Path:
        return self.folder / "portals.toml"

    @property
    def archived(self) -> Archived:
        return Archived(self.data)

    def register(self, key: str = "portal", **row: object) -> Nightly:
        """Add a row to the registry."""
        values = {"name": f"Cổng {key}", "cms": "nukeviet", "province": "Thạch Giang", "delay": 0} | row
        lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in values.items()]
        with self.registry.open("a", encoding="utf-8") as file:
            file.write("\n".join([f"[{key}]", *lines, ""]))
        return self

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start a run and return at once."""
        return self.start_command("nightly", *arguments, **environment)

    def start_command(self, command: str, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start any command of scrapy and return at once."""
        return self._start("-m", "scrapy", command, *arguments, **environment)

    def start_python(self, code: str, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start some lines of Python that run a command, and return at once."""
        return self._start("-c", code, *arguments, **environment)

    def _start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        clean = {name: value for name, value in os.environ.items() if name not in (*OURS, *LIMITS)}
        ours = {"PORTALS_FILE": str(self.registry), "DATA_DIR": str(self.data), "RETURN_AFTER": SOON}
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={**clean, **ours, **self.environment, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run to the end."""
        return finished(self.start(*arguments, **environment))

    def run_command(self, command: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run any command of scrapy to the end."""
        return finished(self.start_command(command, *arguments, **environment))


def finished(process: subprocess.Popen[str], patience: float = 0) -> subprocess.CompletedProcess[str]:
    """Wait for a run to end by itself."""
    try:
        out, err = process.communicate(timeout=patience or PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        raise AssertionError(f"the run did not end:\n{out}\n{err}") from None
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def wait_until(happened: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    """Wait for something to happen while a run is at work."""
    end = time.monotonic() + PATIENCE
    while not happened():
        assert process.poll() is None, f"the run ended before: {process.communicate()}"
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.01)


def kill(process: subprocess.Popen[str]) -> None:
    """SIGKILL: the power is cut."""
    process.send_signal(signal.SIGKILL)
    process.communicate()


def is_a_sentence(text: str) -> bool:
    """One line for a person, and no traceback."""
    return len(text.strip().splitlines()) == 1 and "Traceback" not in text


@dataclass
class Asked:
    """One request as the sick portal saw it."""

    time: float
    path: str
    in_flight: int
    status: int = 0
    cookie: str = ""


Writer = Callable[[socket.socket], None]
Mood = Callable[[str, int], Answer | bytes | Writer | None]


class SickPortal(SmallServer):
    """The demonstration portal with moods: `mood(path, n)` may answer the n-th request for a path in its place.

    An Answer goes out as it is, bytes are sent raw before the connection is cut, a Writer writes what it likes as long
    as it likes, None is the healthy answer. `articles`: how many ordinary articles the portal has.
    """

    def __init__(
        self,
        mood: Mood,
        articles: int = 12,
        keep: Iterable[int] = (),
        handler: type[Handler] | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.mood = mood
        self.requests: list[Asked] = []
        self.asked: Counter[str] = Counter()
        self.busy = 0
        self.lock = threading.Lock()
        super().__init__(handler or SickHandler, tls)
        self.url = f"{self.origin}/"
        self.site = Site(self.url)
        self.routes = Routes(self.site)
        ordinary = [n for n, article in self.site.articles.items() if self._is_ordinary(n)]
        wanted = {*ordinary[:articles], *keep}
        for number in set(self.site.articles) - wanted:
            del self.site.articles[number]
        self.numbers = sorted(ordinary[:articles])

    def _is_ordinary(self, number: int) -> bool:
        article = self.site.articles[number]
        hidden = self.site.sections[article.section].login_only
        return not (article.draft or article.external or hidden or article.is_future(now()))

    def paths(self) -> list[str]:
        """The paths asked for, in order."""
        return [request.path for request in self.requests]

    def answer(self, path: str, session: str) -> Answer | bytes | Writer:
        """The mood's answer, else the healthy one."""
        with self.lock:
            self.asked[path] += 1
            n = self.asked[path]
        moody = self.mood(path, n)
        return self.healthy(path, session) if moody is None else moody

    def healthy(self, path: str, session: str = "s") -> Answer:
        """What the portal answers in good health."""
        return self.routes.answer(path, Visit(session, self.site.count_fetch()))


class SickHandler(Handler):
    """Answers as the portal's mood is."""

    portal: SickPortal

    def do_GET(self) -> None:
        portal = self.portal
        with portal.lock:
            portal.busy += 1
            seen = Asked(time.monotonic(), self.path, portal.busy, cookie=self.headers.get("Cookie", ""))
            portal.requests.append(seen)
        try:
            session = "s" if COOKIE in self.headers.get("Cookie", "") else ""
            answer = portal.answer(self.path, session or "s")
            if not isinstance(answer, Answer):
                self.close_connection = True
                with contextlib.suppress(OSError):  # the crawl hangs up when it has enough
                    self.connection.sendall(answer) if isinstance(answer, bytes) else answer(self.connection)
                return
        finally:
            with portal.lock:
                portal.busy -= 1  # before the answer is sent: who has it may ask again at once
        seen.status = answer.status
        self._send(answer, session)

    def _send(self, answer: Answer, session: str) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(answer.body)))
        if not session:
            self.send_header("Set-Cookie", f"{COOKIE}=s; path=/")
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)
