"""What a night costs to publish: `python -m benchmarks.publishing [--articles N ...] [--data-dir DIR] [--json FILE]`.

For each size: an archive of the synthetic corpus is published in full, then a night comes in (1,000 new articles, 200
changed, 5 withdrawn, 3,000 seen again) and is published by changing the last copy, three nights in a row. Both with all
their checks, without the files of the whole archive, which take the same time either way. Printed are wall and CPU
seconds, and the ratio of the median night to the full build of the same run. A benchmark is no test: the exit code is
0 whatever comes out.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from archive import clock
from archive.article import Article
from archive.clock import stamp
from archive.publish import Published, publish
from archive.store import Archive
from benchmarks import corpus

NEW, EDITED, WITHDRAWN, SEEN_AGAIN = 1_000, 200, 5, 3_000
NIGHTS = 3
AIM = 0.05


def timed(work: Callable[[], Published]) -> tuple[Published, float, float]:
    """What it made, wall seconds, CPU seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    made = work()
    return made, time.perf_counter() - wall, time.process_time() - cpu


def one_night(data_dir: Path, fresh: Sequence[Article], known: Sequence[Article], number: int) -> None:
    """What the crawl would leave behind: new, edited, withdrawn, seen again."""
    edited = [
        replace(
            article, title=f"{article.title} (bản sửa {number})", body=f"{article.body}\n\nĐính chính lần {number}."
        )
        for article in known[:EDITED]
    ]
    gone, again = known[EDITED : EDITED + WITHDRAWN], known[EDITED + WITHDRAWN :]
    with Archive(data_dir) as archive, archive.transaction() as db:
        for article in (*fresh, *edited):
            archive.save(article)
        now = stamp(clock.now())
        db.executemany("update articles set gone = ? where id = ?", [(now, article.id) for article in gone])
        rows = [(article.id, now, now) for article in gone]
        db.executemany("insert into withdrawals (article, noticed, confirmed, how) values (?, ?, ?, 'not_found')", rows)
        db.executemany("update articles set last_seen = ? where id = ?", [(now, article.id) for article in again])


def measure(data_dir: Path, size: int) -> dict[str, Any]:
    """Publish `size` articles in full, then some nights."""
    if not (data_dir / "archive.db").exists():
        corpus.write(data_dir, size)
    full, wall, cpu = timed(lambda: publish(data_dir, full=True))
    assert full.changed is None
    each = EDITED + WITHDRAWN + SEEN_AGAIN
    made = corpus.articles(size + NIGHTS * NEW)
    known = list(islice(made, NIGHTS * each))
    fresh = list(islice(made, size - len(known), None))
    nights: list[dict[str, Any]] = []
    for number in range(NIGHTS):
        start = number * each
        one_night(data_dir, fresh[number * NEW : (number + 1) * NEW], known[start : start + each], number)
        night, its_wall, its_cpu = timed(lambda: publish(data_dir))
        nights.append({"wall": its_wall, "cpu": its_cpu, "changed": night.changed, "why": night.why})
    medians = {name: statistics.median(night[name] for night in nights) for name in ("wall", "cpu")}
    return {
        "articles": size,
        "bytes": full.path.stat().st_size if full.path.exists() else None,
        "full": {"wall": wall, "cpu": cpu},
        "nights": nights,
        "ratio": {"wall": medians["wall"] / wall, "cpu": medians["cpu"] / cpu},
    }


def show(found: dict[str, Any]) -> None:
    """The figures of one size, for a person."""
    print(f"{found['articles']:,} articles: in full {_seconds(found['full'])}")
    for number, night in enumerate(found["nights"], 1):
        how = f"{night['changed']:,} in or out of the index" if night["changed"] is not None else night["why"]
        print(f"  night {number}: {_seconds(night)}, {how}")
    ratio = found["ratio"]
    print(f"  a night takes {ratio['wall']:.1%} of the full build (CPU {ratio['cpu']:.1%}); aim: {AIM:.0%}", flush=True)


def _seconds(spent: dict[str, float]) -> str:
    return f"{spent['wall']:.1f} s ({spent['cpu']:.1f} s CPU)"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.publishing", description=__doc__)
    parser.add_argument("--articles", type=int, nargs="+", default=[100_000], metavar="N")
    parser.add_argument("--data-dir", type=Path, metavar="DIR", help="kept; its archive is used where there is one")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    results = []
    for size in options.articles:
        with tempfile.TemporaryDirectory(dir=options.data_dir) as temporary:
            folder = options.data_dir if options.data_dir and len(options.articles) == 1 else Path(temporary)
            results.append(measure(folder, size))
        show(results[-1])
    if options.json:
        options.json.write_text(json.dumps(results, indent=2), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
