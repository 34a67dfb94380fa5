"""Says whether the project's own texts share a run of eight words with other texts.

    python tools/shared_words.py --against FOLDER [PATH ...]

The texts of tests and demonstration are invented; a run of eight words that real articles hold too would be a copy.
FOLDER holds portals/*/truth.jsonl (a line an article: title, lead, paragraphs) and perhaps sample-article.txt.
PATH is a file or a folder of .json, .toml, .html, .html.gz or .txt; by default the tests' pages with what is
expected of them, and the articles of the demonstration portal. Exit codes: 0 nothing shared, 1 shared, 3 no FOLDER.
"""

from __future__ import annotations

import argparse
import gzip
import html
import json
import re
import sys
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DEFAULT = (ROOT / "tests" / "fixtures", ROOT / "crawler" / "demo" / "articles")
RUN = 8  # words
KINDS = (".json", ".toml", ".html", ".html.gz", ".txt")
NO_WORDS = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.S | re.I)
NO_TEXT = frozenset(("url", "key", "meta.json"))  # addresses and notes, not sentences
# Every page of a NukeViet portal says so, and so do pages made like one: words of the CMS, of no article.
OF_THE_CMS = ("Bạn đã không sử dụng Site, Bấm vào đây để duy trì trạng thái đăng nhập. Thời gian chờ: 60 giây",)


class NothingToCompare(Exception):
    """The folder holds no texts; the message is one clear sentence."""


def words(text: str) -> list[str]:
    """The words of a text, in one form and case."""
    return re.findall(r"\w+", unicodedata.normalize("NFC", text).casefold())


def runs(row: Sequence[str]) -> Iterator[str]:
    """All runs of eight words in a row of words."""
    return (" ".join(row[i : i + RUN]) for i in range(len(row) - RUN + 1))


def own_texts(paths: Iterable[Path]) -> Iterator[tuple[str, list[str]]]:
    """(place, words) of each file. A folder gives all of its files that hold text."""
    for path in paths:
        inside = sorted(found for found in path.rglob("*") if found.is_file()) if path.is_dir() else [path]
        for file in inside:
            if file.name.endswith(KINDS) and file.name not in NO_TEXT:
                yield _place(file), words(_text(file))


def _place(file: Path) -> str:
    full = file.resolve()
    return str(full.relative_to(ROOT)) if full.is_relative_to(ROOT) else str(file)


def _text(file: Path) -> str:
    raw = file.read_bytes()
    text = (gzip.decompress(raw) if file.suffix == ".gz" else raw).decode("utf-8", "replace")
    if file.suffix == ".json":
        return "\n".join(_strings(json.loads(text)))
    if file.suffix == ".toml":
        return "\n".join(visible(part) for part in _strings(tomllib.loads(text)))
    return text if file.suffix == ".txt" else visible(text)


def _strings(value: Any) -> Iterator[str]:
    """The strings of a parsed file, one by one, as they stand in it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, part in value.items():
            if name not in NO_TEXT:
                yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)


def visible(text: str) -> str:
    """What a reader sees of HTML."""
    return html.unescape(NO_WORDS.sub(" ", text))


def other_texts(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """(place, words) of each article to compare with. Raises NothingToCompare."""
    if not folder.is_dir():
        raise NothingToCompare(f"there is no folder {folder} to compare with")
    truths, sample = sorted(folder.glob("portals/*/truth.jsonl")), folder / "sample-article.txt"
    if not truths and not sample.is_file():
        raise NothingToCompare(f"{folder} holds neither portals/*/truth.jsonl nor sample-article.txt to compare with")
    for truth in truths:
        for number, line in enumerate(truth.read_text().splitlines(), 1):
            row = json.loads(line)
            parts = [row.get("title"), row.get("lead"), *(row.get("paragraphs") or [])]
            yield f"{truth.parent.name}, line {number}", words("\n".join(part for part in parts if part))
    if sample.is_file():
        yield sample.name, words(sample.read_text())


def shared(own: Sequence[tuple[str, list[str]]], others: Iterable[tuple[str, list[str]]]) -> tuple[list[str], int]:
    """A line for each shared run, as long as it is, with both places; and how many other texts there were."""
    of_the_cms = {run for text in OF_THE_CMS for run in runs(words(text))}
    ours = {run for _, row in own for run in runs(row)} - of_the_cms
    theirs: dict[str, str] = {}
    count = 0
    for place, row in others:
        count += 1
        theirs |= {run: place for run in runs(row) if run in ours and run not in theirs}
    return [line for place, row in own for line in _lines(place, row, theirs)], count


def _lines(place: str, row: Sequence[str], theirs: dict[str, str]) -> Iterator[str]:
    """Runs that overlap are one, as long as they come from one place."""
    where = [theirs.get(run, "") for run in runs(row)]
    start = 0
    for i, other in enumerate(where):
        if other and (i + 1 == len(where) or where[i + 1] != other):
            yield f"{place} and {other}: {' '.join(row[start : i + RUN])}"
        if i + 1 < len(where) and where[i + 1] != other:
            start = i + 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare and say so; returns the exit code."""
    assert __doc__
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--against", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("paths", type=Path, nargs="*", metavar="PATH")
    options = parser.parse_args(arguments)
    missing = [path for path in options.paths if not path.exists()]
    if missing:
        print(f"there is no {missing[0]} to look at", file=sys.stderr)
        return 3
    own = list(own_texts(options.paths or DEFAULT))
    try:
        lines, count = shared(own, other_texts(options.against))
    except NothingToCompare as error:
        print(error, file=sys.stderr)
        return 3
    print("\n".join(lines) or f"no run of {RUN} words shared: {len(own)} texts against {count}")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
