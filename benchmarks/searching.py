"""How fast searches are answered, and how well "best first" finds: `python -m benchmarks.searching --data-dir DIR`.

A corpus of --articles N (100,000) is written and published into DIR, unless one stands there already, and served by
`python -m archive serve` in a process of its own. Asked over HTTP, each address once, so that nothing is answered from
memory: whole pages of results (20 marked hits, counts of every filter, timeline), by one reader, by two at once, and a
mix of everything by sixteen.

Beside it, in the same run on the same articles: tantivy, where it is installed, and PostgreSQL's full text where its
programs are (--postgres: the folder of initdb); --alone leaves both out. Both answer raw queries in their own process
without page, counts or marks, and are only there to compare with: known items found by each (words out of a title, some
without accents), and the time of the commonest words. A benchmark is no test: the exit code is 0 whatever comes out.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import re
import socket
import sqlite3
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from archive import search
from archive.publish import current_copy, publish
from benchmarks import corpus, searching_peers
from benchmarks.searching_queries import KNOWN, Pool, known_items

AIMS = {"alone": 120.0, "two": 150.0, "prefix": 150.0, "best": 150.0, "rate": 25.0, "sixteen": 1000.0, "mrr": 0.02}
MIXED = 400  # searches by sixteen readers

Report = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of answers."""

    all: Sequence[float]

    @property
    def said(self) -> dict[str, float]:
        """Median, 95th percentile and the most."""
        ordered = sorted(self.all)
        p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
        return {"median": round(statistics.median(ordered), 1), "p95": round(p95, 1), "most": round(ordered[-1], 1)}


def prepare(data_dir: Path, number: int) -> Path:
    """The published copy of a corpus, made where there is none."""
    data_dir.mkdir(parents=True, exist_ok=True)
    if not (data_dir / "archive.db").exists():
        corpus.write(data_dir, number)
    if current_copy(data_dir) is None:
        publish(data_dir)
    copy = current_copy(data_dir)
    assert copy is not None
    return copy


@contextmanager
def served(data_dir: Path) -> Iterator[int]:
    """The site in a process of its own; yields its port."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "archive", "serve", "--data-dir", str(data_dir), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        for _ in range(300):
            time.sleep(0.2)
            with closing(socket.socket()) as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
        yield port
    finally:
        process.terminate()
        process.wait()


def ask(port: int, addresses: Sequence[str], readers: int = 1) -> tuple[Times, float]:
    """The addresses, each once, by so many readers at once; and how many were answered a second."""
    times: list[float] = []
    rest = iter(addresses)
    lock = threading.Lock()

    def reader() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while True:
            with lock:
                address = next(rest, None)
            if address is None:
                return
            started = time.perf_counter()
            connection.request("GET", address)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, (answer.status, address)
            times.append(1000 * (time.perf_counter() - started))

    started = time.perf_counter()
    threads = [threading.Thread(target=reader) for _ in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Times(times), len(times) / (time.perf_counter() - started)


def page(**arguments: str) -> str:
    """The address of a page of results."""
    return f"/search?{urlencode(arguments)}"


def speeds(data_dir: Path, pool: Pool) -> Report:
    """Every kind of search alone, the commonest also by two readers, and all of them by sixteen; each by a server that
    has just been started and remembers nothing."""
    report: Report = {}
    for kind, readers, asked, *before in _kinds(pool):
        with served(data_dir) as port:
            ask(port, [page(q="mở"), "/", *before])
            times, rate = ask(port, list(dict.fromkeys(asked)), readers)
        report[kind] = times.said | ({"a second": round(rate, 1)} if readers > 2 else {})
        print(f"{kind}: {report[kind]}", file=sys.stderr, flush=True)
    return report


def _kinds(pool: Pool) -> Iterator[tuple[Any, ...]]:
    """What is asked: its name, by how many readers at once, the addresses; and what was asked before, if anything."""
    yield "commonest words", 1, [page(q=typed) for typed in pool.common(60)]
    yield "commonest words, two readers", 2, [page(q=typed) for typed in pool.common(80)]
    yield "with a filter", 1, [page(q=typed, **pool.filter()) for typed in pool.common(60)]
    known = list(dict.fromkeys(pool.common(60)))
    narrowed = [page(q=typed, **pool.filter()) for typed in known]
    yield "a filter added to a search", 1, narrowed, *(page(q=typed) for typed in known)
    yield "with two filters", 1, [page(q=typed, **pool.filter(), year=pool.year()) for typed in pool.common(40)]
    since = [page(q=typed, **{"from": pool.month(), "to": "2026-10"}) for typed in pool.common(40)]
    yield "with a span of time", 1, since
    yield "filters alone", 1, [page(**pool.filter(), year=pool.year()) for _ in range(40)]
    yield "words apart", 1, [page(q=typed, words="apart") for typed in pool.common(40)]
    yield "words never side by side", 1, [page(q=typed) for typed in pool.strangers(40)]
    yield "prefix", 1, [page(q=f"{start}*") for start in pool.beginnings(40)]
    yield "rare words", 1, [page(q=typed) for typed in pool.rare(40)]
    yield "best first", 1, [page(q=typed, order="best") for typed in pool.common(60)]
    yield "best first, known items", 1, [page(q=typed, order="best") for typed, _ in pool.known[:60]]
    each = MIXED // 4
    mixed = [page(q=typed) for typed in pool.common(each)]
    mixed += [page(q=typed, **pool.filter()) for typed in pool.common(each)]
    mixed += [page(q=typed) for typed in pool.rare(each)]
    mixed += [page(q=typed, order="best") for typed in pool.common(each)]
    random.Random(3).shuffle(mixed)
    yield "a mix, sixteen readers", 16, mixed


def found_by_site(port: int, copy: Path, pool: Pool) -> list[int]:
    """At which place the results page has each known item, best first, reprints and all; 0 where not on it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    places = []
    for typed, article in pool.known:
        connection.request("GET", page(q=typed, order="best", reprints="all"))
        listed = re.findall(r'<h2><a href="/a/(\d+)">', connection.getresponse().read().decode())
        places.append(listed.index(str(article)) + 1 if str(article) in listed else 0)
    return places


def mrr(places: Sequence[int]) -> float:
    """The mean reciprocal rank."""
    return statistics.mean(1 / place if place else 0.0 for place in places)


def measure(data_dir: Path, number: int, postgres: str, alone: bool) -> Report:
    """Everything; `alone`: without the peers. Those that are not there are left out."""
    copy = prepare(data_dir, number)
    with closing(sqlite3.connect(f"{copy.as_uri()}?mode=ro", uri=True)) as db:
        (articles,) = db.execute("select count(*) from articles").fetchone()
        pool = Pool(db)
        pool.known = known_items(db, KNOWN)
    report: Report = {"articles": articles, "copy MB": round(copy.stat().st_size / 1e6)}
    report["site, ms"] = speeds(data_dir, pool)
    with served(data_dir) as port:
        report["known items, MRR"] = {"site": round(mrr(found_by_site(port, copy, pool)), 3)}
    peers: dict[str, Callable[[], searching_peers.Peer]] = {
        "tantivy": lambda: searching_peers.Tantivy(copy, data_dir / "tantivy"),
        "PostgreSQL": lambda: searching_peers.PostgreSQL(copy, data_dir / "postgres", postgres),
    }
    for name, start in () if alone else peers.items():
        try:
            with closing(start()) as peer:
                timed = [_timed(peer, typed) for typed in pool.common(30)]
                report[f"{name}, ms"] = {"commonest words, twenty by rank": Times(timed).said}
                places = [peer.place(typed, article) for typed, article in pool.known]
                report["known items, MRR"][name] = round(mrr(places), 3)
        except searching_peers.NotThere as why:
            report[f"{name}, ms"] = str(why)
    return report


def _timed(peer: searching_peers.Peer, typed: str) -> float:
    started = time.perf_counter()
    peer.top(search.fold(typed).lower(), 20)
    return 1000 * (time.perf_counter() - started)


def say(report: Mapping[str, Any], aims: object, file: Path | None) -> None:
    """Print a report and what it should reach; keep it as JSON where a file is named. Raises OSError."""
    text = json.dumps(report, ensure_ascii=False, indent=2)
    print(text)
    print(f"aims: {aims}")
    if file:
        file.write_text(text + "\n", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.searching", description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000, metavar="N")
    parser.add_argument("--data-dir", type=Path, required=True, metavar="DIR")
    parser.add_argument("--postgres", default="/usr/lib/postgresql/15/bin", metavar="FOLDER")
    parser.add_argument("--alone", action="store_true", help="without the peers, whose indexes take longest to make")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    report = measure(options.data_dir, options.articles, options.postgres, options.alone)
    say(report, AIMS, options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
