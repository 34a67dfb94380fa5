"""One article with its explanations: one JSON object for a program, aligned lines for a person."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from archive.article import Article
from crawler.explaining import Explained
from crawler.printing import for_a_reader
from crawler.single.reading import Single

WIDEST, NARROWEST = 120, 100  # columns: at most on a terminal; where the output goes to a file
LABEL, SURENESS = 10, 13  # letters of these columns
LONGEST_VALUE, LONGEST_LINE = 240, 100
MOST_LINES = 8  # of those left out
STYLES = {"sure": "green", "likely": "", "doubtful": "yellow"}


def as_json(single: Single, explained: list[Explained]) -> str:
    """The article by the names of the archive's tables, "fields" with the explanations, "dropped" lines."""
    reasons = {
        one.field: {
            "value": one.value,
            "confidence": one.confidence,
            "origin": one.origin,
            "doubts": list(one.doubts),
        }
        for one in explained
    }
    whole = record(single.article) | {"fields": reasons, "dropped": single.dropped}
    return json.dumps(whole, ensure_ascii=False, indent=1)


def record(article: Article) -> dict[str, Any]:
    """The fields of an article by the names of the archive's tables, as JSON knows them."""
    return {
        "title": article.title,
        "lead": article.lead,
        "body": article.body,
        "body_html": article.body_html,
        "published": article.published,
        "published_text": article.published_text,
        "author": article.author,
        "source": article.source,
        "section": next(iter(article.sections), ""),
        "sections": list(article.sections),
        "tags": list(article.tags),
        "views": article.views,
        "comments": article.comments,
        "image": article.image,
        "images": [asdict(image) for image in article.images],
        "files": [asdict(file) for file in article.files],
        "url": article.url,
        "key": article.key,
        "reader": article.reader,
    }


def write(text: str) -> None:
    """A text on standard output, in UTF-8 whatever the terminal's locale; who stops reading is no error."""
    with for_a_reader():
        sys.stdout.flush()
        sys.stdout.buffer.write(f"{text}\n".encode("utf-8", "replace"))
        sys.stdout.buffer.flush()


def show(single: Single, explained: list[Explained]) -> None:
    """Every field, how sure it is and where it stands; then what is doubtful, and what was left out."""
    terminal = Console(file=sys.stdout)
    width = min(terminal.width, WIDEST) if terminal.is_terminal else NARROWEST
    console = Console(file=sys.stdout, highlight=False, width=width, force_terminal=terminal.is_terminal)
    with console.capture() as shown:
        console.print(Text(printable(single.article.url), style="bold"), soft_wrap=True)
        console.print(Text(f"read {single.by}; key {printable(single.article.key)}\n", style="dim"))
        console.print(_fields(single.article, explained))
        for label, lines in (("doubtful", _doubts(explained)), ("left out", _left_out(single.dropped))):
            if lines:
                console.print(_listed(label, lines))
    write("\n".join(line.rstrip() for line in shown.get().splitlines()))


def printable(text: str) -> str:
    """A text of a page in one line, without what a terminal would obey instead of showing."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _fields(article: Article, explained: list[Explained]) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False, expand=True, padding=(0, 2, 0, 0))
    table.add_column(width=LABEL, no_wrap=True, style="cyan")
    table.add_column(ratio=5, overflow="fold")
    table.add_column(width=SURENESS, no_wrap=True)
    table.add_column(ratio=4, overflow="fold", style="dim")
    for one in explained:
        value = _body(article) if one.field == "body" and one.value else _value(one)
        table.add_row(one.field, value, _sureness(one), Text(printable(one.origin)))
    return table


def _value(one: Explained) -> Text:
    if not one.value:
        return Text("none", style="dim")
    lines = one.value.splitlines()
    if one.field in ("images", "files") and len(lines) > 1:
        return Text(f"{len(lines)} {one.field}, first\n{_cut(lines[0], LONGEST_LINE)}")
    return Text(_cut(one.value, LONGEST_VALUE))


def _body(article: Article) -> Text:
    """How long the text is, its first and its last paragraph."""
    paragraphs = article.body.split("\n\n")
    words = len(article.body.split())
    many = f"{len(paragraphs)} paragraph{'s' if len(paragraphs) > 1 else ''}, {words} words"
    shown = [_cut(paragraphs[0], LONGEST_LINE)]
    if len(paragraphs) > 1:
        shown += ["…"] * (len(paragraphs) > 2) + [_cut(paragraphs[-1], LONGEST_LINE)]
    return Text("\n".join([many, *shown]))


def _sureness(one: Explained) -> Text:
    return Text(f"{one.word} {one.confidence:.2f}", style=STYLES[one.word] if one.value or one.doubts else "dim")


def _doubts(explained: list[Explained]) -> list[str]:
    return [f"{one.field}: {doubt}" for one in explained for doubt in one.doubts]


def _left_out(dropped: list[str]) -> list[str]:
    lines = [_cut(line, LONGEST_LINE) for line in dict.fromkeys(dropped)]
    more = [f"and {len(lines) - MOST_LINES} lines more"] if len(lines) > MOST_LINES else []
    return lines[:MOST_LINES] + more


def _listed(label: str, lines: list[str]) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(width=LABEL, no_wrap=True, style="yellow" if label == "doubtful" else "cyan")
    table.add_column(overflow="fold")
    table.add_row()
    for number, line in enumerate(lines):
        table.add_row("" if number else label, Text(printable(line)))
    return table


def _cut(text: str, length: int) -> str:
    text = printable(text)
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
