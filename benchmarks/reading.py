"""What reading an article costs beside trafilatura: `python -m benchmarks.reading [--json FILE]`.

Both read the same pages in the same run, one page after the other, so that a busy machine slows both alike. It is
CPU time, of the page's text to the article: parsing included, fetching and storing left out. A benchmark is no
test: the exit code is 0 whatever comes out.

The pages are those of the tests and of the demonstration portal; with RECORDED_PORTALS naming a folder that holds
portals/<name>/site.tar.xz, also those of recorded portals.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import trafilatura
from trafilatura.meta import reset_caches

from benchmarks.pages import Text, demonstration, fixtures, recorded
from crawler import clean
from crawler.cms import nukeviet
from crawler.page import Page

AIM = 6.0  # trafilatura's time to ours, at least
ROUNDS = 5
PAGES = 150  # of a set at most, evenly spread


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds of CPU a page; medians over the rounds. The stages come from a round of their own."""

    name: str
    pages: int
    kilobytes: float
    ours: float
    parse: float
    fields: float
    clean: float
    trafilatura: float
    ratio: float
    lowest: float
    highest: float

    @property
    def meets_the_aim(self) -> bool:
        return self.ratio >= AIM


def measure(name: str, texts: Sequence[Text], rounds: int = ROUNDS) -> Measured:
    """Read each page with both, several times over."""
    pairs = [_round(texts) for _ in range(rounds)]
    ratios = [theirs / ours for ours, theirs in pairs]
    ours = statistics.median(ours for ours, _ in pairs)
    parse, cleaning, whole = _stages(texts)
    share = ours / whole  # the stages were timed on their own: brought to the same total
    return Measured(
        name,
        len(texts),
        statistics.mean(len(text.html.encode()) for text in texts) / 1000,
        ours,
        parse * share,
        (whole - parse - cleaning) * share,
        cleaning * share,
        statistics.median(theirs for _, theirs in pairs),
        statistics.median(ratios),
        min(ratios),
        max(ratios),
    )


def _round(texts: Sequence[Text]) -> tuple[float, float]:
    """Milliseconds a page, ours and theirs. What either remembers of pages seen is forgotten first."""
    reset_caches()  # collects garbage too
    nukeviet.address.parse.cache_clear()
    both = (_read, _read_theirs)
    spent = dict.fromkeys(both, 0.0)
    for number, text in enumerate(texts):
        for read in (both, both[::-1])[number % 2]:  # each comes first on half of the pages
            started = time.process_time()
            read(text)
            spent[read] += (time.process_time() - started) * 1000
    return spent[_read] / len(texts), spent[_read_theirs] / len(texts)


def _read(text: Text) -> object:
    page = Page(text.url, text.html, text.fetched)
    return nukeviet.kind(page) or nukeviet.read(page, "benchmark")


def _read_theirs(text: Text) -> object:
    return trafilatura.bare_extraction(text.html, url=text.url, with_metadata=True)


def _stages(texts: Iterable[Text]) -> tuple[float, float, float]:
    """Milliseconds a page: parsing, cleaning, and everything."""
    gc.collect()
    times = {"parse": 0.0, "clean": 0.0, "whole": 0.0}
    texts = list(texts)
    with ExitStack() as stack:
        stack.enter_context(patch.object(clean, "clean", _timed(clean.clean, times)))
        for text in texts:
            page = Page(text.url, text.html, text.fetched)
            started = time.process_time()
            _ = page.root
            times["parse"] += (time.process_time() - started) * 1000
            _ = nukeviet.kind(page) or nukeviet.read(page, "benchmark")
            times["whole"] += (time.process_time() - started) * 1000
    return times["parse"] / len(texts), times["clean"] / len(texts), times["whole"] / len(texts)


def _timed(function: Callable[..., Any], times: dict[str, float]) -> Callable[..., Any]:
    def timed(*arguments: Any) -> Any:
        started = time.process_time()
        try:
            return function(*arguments)
        finally:
            times["clean"] += (time.process_time() - started) * 1000

    return timed


def spread(texts: Sequence[Text], most: int = PAGES) -> list[Text]:
    """At most so many, evenly spread over all."""
    step = max(1.0, len(texts) / most)
    return [texts[int(i * step)] for i in range(min(most, len(texts)))]


def table(rows: Iterable[Measured]) -> str:
    """The figures for a person."""
    head = f"{'pages of':<28}{'n':>5}{'KB':>6}  {'ours':>6} = parse + fields + clean{'trafilatura':>13}  ratio"
    lines = [f"CPU ms a page; the aim is a ratio of at least {AIM:g}", head]
    for row in rows:
        stages = f"{row.ours:6.2f} = {row.parse:5.2f} + {row.fields:6.2f} + {row.clean:5.2f}"
        met = "met" if row.meets_the_aim else "MISSED"
        lines.append(
            f"{row.name:<28}{row.pages:>5}{row.kilobytes:>6.0f}  {stages}{row.trafilatura:>13.1f}  "
            f"{row.ratio:.2f} ({row.lowest:.2f} to {row.highest:.2f}), aim {met}"
        )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; always 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"default: {ROUNDS}")
    parser.add_argument("--pages", type=int, default=PAGES, help=f"of a set at most; default: {PAGES}")
    options = parser.parse_args(arguments)
    sets = {"tests and demonstration": fixtures() + demonstration(), "recorded portals": recorded()}
    rows = [
        measure(name, spread(texts, options.pages), max(1, options.rounds)) for name, texts in sets.items() if texts
    ]
    print(table(rows))
    if options.json:
        figures = [{**asdict(row), "aim": AIM, "meets_the_aim": row.meets_the_aim} for row in rows]
        options.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
