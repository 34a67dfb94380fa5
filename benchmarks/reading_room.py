"""How fast the pages around the search are: `python -m benchmarks.reading_room --data-dir DIR`.

On the corpus of benchmarks.searching (--articles N), made in DIR unless it stands there, over HTTP by one reader. The
peer in the same run is Datasette's own page of one row, which shows the same article as a plain table. A benchmark is
no test: the exit code is 0 whatever comes out.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from benchmarks.searching import ask, prepare, say, served

AIMS = {"article": 15.0, "front page": 30.0}  # milliseconds, 95th percentile, with 500,000 articles
EACH = 100  # pages of a kind
PEER = "a row as Datasette shows it"


def addresses(copy: Path) -> dict[str, list[str]]:
    """Addresses by kind of page, the same for the same copy; of documents and portals the largest."""
    chance = random.Random(3)
    with closing(sqlite3.connect(f"{copy.as_uri()}?mode=ro", uri=True)) as db:

        def column(sql: str) -> list[Any]:
            return [value for (value,) in db.execute(sql)]

        ids = chance.choices(column("select id from articles"), k=EACH)
        cited = column(f"select slug from document_counts order by articles desc limit {EACH}")
        portals = column("select portal from portal_counts order by articles desc limit 40")
    return {
        "front page": ["/"] * EACH,
        "article": [f"/a/{id}" for id in ids],
        "versions": [f"/a/{id}/diff" for id in ids],
        "document": [f"/d/{slug}" for slug in cited],
        "portal": [f"/portal/{key}" for key in portals],
        "portal, far back": [f"/portal/{key}?page=400" for key in portals],
        "documents": ["/documents"] * EACH,
        PEER: [f"/archive/articles/{id}" for id in ids],
    }


def measure(data_dir: Path, number: int) -> dict[str, dict[str, float]]:
    """Milliseconds of each kind of page."""
    asked = addresses(prepare(data_dir, number))
    with served(data_dir) as port:
        ask(port, ["/", asked["article"][0], asked[PEER][0]])
        return {kind: ask(port, pages)[0].said for kind, pages in asked.items() if pages}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading_room", description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000, metavar="N")
    parser.add_argument("--data-dir", type=Path, required=True, metavar="DIR")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    report = measure(options.data_dir, options.articles)
    say(report, AIMS, options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
