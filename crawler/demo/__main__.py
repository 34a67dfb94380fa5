"""The demonstration, start to end: two portals on loopback, crawl, publish, serve. `make demo` runs it.

Everything it makes stands in DATA_DIR (data/demo); run again, it reads what is new and doubles nothing. A fresh one
rehearses two nights of the past first (nights.py), so that there is something to remember.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import ExitStack, closing
from pathlib import Path
from typing import NoReturn

from archive import clock
from archive.exits import GOOD, WRONG_CONFIGURATION
from archive.publish import current_copy
from crawler.demo import nights
from crawler.demo.content import DemoArticle
from crawler.demo.portal import DemoPortal
from crawler.portals import load

NIGHTLY = [sys.executable, "-m", "scrapy", "nightly"]
REGISTRY = Path(__file__).with_name("portals.toml")
NEWEST = "select max(max(first_seen, coalesce(changed, ''))) from articles"


class DemoError(RuntimeError):
    """The demonstration cannot be shown; the message is one clear sentence."""


def main(arguments: list[str] | None = None) -> int:
    """Run it until Ctrl-C; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m crawler.demo", description=__doc__)
    parser.add_argument("--port", type=int, default=8001, help="where the site is served (default: 8001)")
    parser.add_argument("--data-dir", type=Path, default=Path(os.environ.get("DATA_DIR") or "data/demo"))
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, _as_ctrl_c)
    try:
        return show(options.data_dir, options.port)
    except DemoError as error:
        print(f"demo: {error}", file=sys.stderr)
        return WRONG_CONFIGURATION
    except KeyboardInterrupt:
        print()
        return GOOD


def show(data_dir: Path, port: int) -> int:
    """Crawl, publish and serve. Raises DemoError."""
    _check_folder(data_dir)
    _check_port(port)
    nobody = {"NOTIFY_URLS": "", "HEARTBEAT_URL": ""}  # a demonstration is no night that anybody waits for
    environment = os.environ | nobody | {"PORTALS_FILE": str(REGISTRY), "DATA_DIR": str(data_dir)}
    with ExitStack() as running:
        portal, second = (running.enter_context(one) for one in _portals())
        past = nights.load()
        tonight = dict(portal.articles)
        second.articles.clear()
        second.articles.update(past.copies(tonight.values()))
        print(f"1/3  the demonstration portals answer at {portal.url} and {second.url}: crawling them", flush=True)
        if not (data_dir / "archive.db").exists() and clock.now() > past.second:
            for when, articles in ((past.first, past.before(tonight.values())), (past.second, tonight)):
                print(f"     as they were in the night of {when:%Y-%m-%d}", flush=True)
                _put(portal, articles)
                _run(NIGHTLY, environment | {"ARCHIVE_NOW": when.isoformat()}, quiet=True)
        _put(portal, tonight)
        _run(NIGHTLY, environment)
        print("2/3  publishing the read-only copy with its search index", flush=True)
        if _has_news(data_dir):
            _run([sys.executable, "-m", "archive", "publish"], environment)
        print(f"3/3  open http://127.0.0.1:{port}/  (Ctrl-C ends everything)", flush=True)
        return _run([sys.executable, "-m", "archive", "serve", "--port", str(port)], environment)


def _portals() -> list[DemoPortal]:
    """The portals of the registry, each at its port. Raises DemoError."""
    made = []
    for row in load(REGISTRY).values():
        port = int(row.netloc.rpartition(":")[2])
        try:
            made.append(DemoPortal(port))
        except OSError as error:
            for portal in made:
                portal.stop()
            raise DemoError(f"port {port} is taken: does another demonstration run on this machine?") from error
    return made


def _put(portal: DemoPortal, articles: dict[int, DemoArticle]) -> None:
    portal.articles.clear()
    portal.articles.update(articles)


def _run(command: list[str], environment: dict[str, str], *, quiet: bool = False) -> int:
    """One step in a process of its own, which ends with this one. Raises DemoError where it fails."""
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL if quiet else None) as process:
        try:
            code = process.wait()
        except KeyboardInterrupt:
            # Ctrl-C reached the step as well; a signal sent to this process alone is passed on.
            process.terminate()
            process.wait()
            raise
    if code in (-signal.SIGINT, 128 + signal.SIGINT):
        raise KeyboardInterrupt
    if code:
        raise DemoError(f"`{' '.join(command[1:])}` ended with exit code {code}; what it said stands above")
    return code


def _has_news(data_dir: Path) -> bool:
    """Whether the archive holds something newer than the published copy."""
    copy = current_copy(data_dir)
    if copy is None:
        return True
    with closing(sqlite3.connect(f"file:{data_dir / 'archive.db'}?mode=ro", uri=True)) as db:
        (newest,) = db.execute(NEWEST).fetchone()
    with closing(sqlite3.connect(f"{copy.resolve().as_uri()}?mode=ro", uri=True)) as db:
        (published,) = db.execute(NEWEST).fetchone()
    return bool(newest != published)


def _check_folder(data_dir: Path) -> None:
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        probe = data_dir / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise DemoError(f"cannot write to {data_dir}: {error.strerror}; name another folder with --data-dir") from error


def _check_port(port: int) -> None:
    """Before the crawl, not after it: the port of the site must be free."""
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            raise DemoError(f"port {port} is taken: choose another, for example make demo PORT={port + 54}") from error


def _as_ctrl_c(*_: object) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
