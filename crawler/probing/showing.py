"""A probe on a terminal: aligned, within 80 columns, and nothing of a page's own that could move the cursor."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import TracebackType
from urllib.parse import unquote

from rich.console import Console
from rich.status import Status
from rich.table import Table
from rich.text import Text

from crawler.printing import Paper
from crawler.probing.findings import Feed, Findings, Listing, Recognised, Robots, Sample, Sitemap
from crawler.probing.samples import READ, show_some

WIDEST, NARROWEST = 100, 80
SPINNER = 4  # columns of the status line before its words
LABEL = 10  # letters of the first column
LONGEST_VALUE = 150
DROPPED_SHOWN, LONGEST_LINE = 5, 60
WORD_STYLES = {"sure": "green", "doubtful": "yellow"}


class Telling:
    """The status line: what is being asked, on a terminal; nothing where the output goes to a file."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        self.status = Status("", console=console) if console.is_terminal else None

    def __enter__(self) -> Telling:
        if self.status is not None:
            self.status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.status is not None:
            self.status.stop()

    def say(self, what: str) -> None:
        """What is asked at this moment."""
        if self.status is not None:
            room = self.status.console.width - SPINNER
            self.status.update(Text(_cut(f"asking {what}", room)))


def show(found: Findings, registry: str) -> None:
    """Everything that was found, and the row; on standard output."""
    console = Paper(file=sys.stdout, highlight=False)
    console = Paper(
        file=sys.stdout, highlight=False, width=min(console.width, WIDEST) if console.is_terminal else NARROWEST
    )
    console.print(Text(clean(found.name) or clean(found.url), style="bold"))
    for line in [found.url, *found.said]:
        console.print(Text(clean(line), style="dim"))
    console.print(_facts(found))
    for number, sample in enumerate(show_some(found.samples), 1):
        _show_sample(console, number, sample)
    if found.doubts:
        console.print(Text("\ndoubtful", style="bold yellow"))
        console.print(_bullets(found.doubts))
    if found.row is not None and not found.failure:
        _show_row(console, found, registry)


def show_failure(found: Findings, registry: str) -> None:
    """What was said on the way, and the row of a portal that needs a browser; the failure is the command's to say."""
    console = Paper(file=sys.stdout, highlight=False)
    for line in found.said:
        console.print(Text(clean(line), style="dim"))
    if found.row is not None:
        _show_row(console, found, registry)


def _facts(found: Findings) -> Table:
    table = _grid()
    for label, lines in _lines(found):
        for number, line in enumerate(lines):
            table.add_row(Text(label if not number else "", style="cyan"), Text(clean(line)))
    return table


def _lines(found: Findings) -> Iterator[tuple[str, list[str]]]:
    """The facts, label by label."""
    yield "", [""]
    if found.recognised is not None:
        yield "made by", list(_maker(found.recognised))
    yield "robots.txt", [_robots(found.robots)]
    yield "pace", [f"{found.requests} requests, one at a time, {found.pace:g} seconds apart"]
    if found.sitemap is not None:
        yield "sitemap", [_sitemap(found.sitemap)]
    yield "feeds", [_feed(found.feed, found.feeds)]
    if found.api is not None:
        yield "API", [_api(found.api)]
    menu = f"{_count(found.menu, 'page')} linked that may be listings; "
    yield "listings", [menu + ("asked for:" if found.listings else "none was asked for")]
    for listing in found.listings:
        yield "", [f"  {_listing(listing)}"]
    yield "articles", [_articles(found)]


def _maker(made: Recognised) -> Iterator[str]:
    yield f"{made.edition} ({made.confidence})"
    yield f'cms = "{made.family}"' + (f", by {', '.join(made.signs)}" if made.signs else "")


def _robots(robots: Robots) -> str:
    if not robots.status:
        return "no answer"
    if robots.status != 200:
        return f"none (answers {robots.status})"
    named = f"names {_count(len(robots.sitemaps), 'sitemap')}" if robots.sitemaps else "names no sitemap"
    pause = f"wants {robots.delay:g} seconds between requests" if robots.delay else "no Crawl-delay"
    shut = f"; forbids {', '.join(robots.forbidden[:3])}" if robots.forbidden else "; nothing asked for is forbidden"
    return f"{named}, {pause}{shut}"


def _sitemap(sitemap: Sitemap) -> str:
    if sitemap.why_not and not sitemap.parts:
        return f"none at {sitemap.path}: {sitemap.why_not}"
    start = f"{sitemap.path}: "
    if sitemap.parts:
        start += f"{_count(sitemap.parts, 'part')}; of {sitemap.part or 'them'}: {sitemap.why_not}"
    if sitemap.why_not:
        return start
    newest = f", newest of {sitemap.newest}" if sitemap.newest else ", without days"
    return f"{start}{_count(sitemap.addresses, 'address')}, {len(sitemap.articles)} of an article's form{newest}"


def _feed(feed: Feed | None, count: int) -> str:
    if feed is None:
        return "the home page names none" if not count else f"{count} named, none of the portal's own"
    named = f"{count} named; " if count > 1 else ""
    if feed.why_not:
        return f"{named}{feed.path}: {feed.why_not}"
    newest = f", newest of {feed.newest}" if feed.newest else ""
    return f"{named}{feed.path}: {_count(len(feed.articles), 'article')}{newest}"


def _api(api: Feed) -> str:
    if api.why_not:
        return f"{api.path}: {api.why_not}"
    total = f"{_count(api.total, 'article')} in all" if api.total is not None else _count(len(api.articles), "article")
    return f"{api.path}: open, {total}" + (f", newest of {api.newest}" if api.newest else "")


def _listing(listing: Listing) -> str:
    path = unquote(listing.path)
    if listing.why_not:
        return f"{path}: {listing.why_not}"
    pager = "its pager works by script only: cannot be followed" if listing.by_script else "no further pages seen"
    pager = f"further pages as {listing.paging}" if listing.paging else pager
    return f"{path}: {_count(len(listing.articles), 'article')}, {pager}"


def _articles(found: Findings) -> str:
    asked = len(found.samples)
    rest = ", ".join(f"{count} {outcome}" for outcome, count in found.outcomes.items() if outcome != READ)
    layouts = f"; {_count(found.layouts, 'layout')} learned of them" if found.layouts else ""
    return f"{asked} asked for, {found.outcomes[READ]} read" + (f", {rest}" if rest else "") + layouts


def _show_sample(console: Console, number: int, sample: Sample) -> None:
    """One article: what it has, field by field, then what it has not, what was left out, and what is doubtful."""
    console.print(Text(f"\narticle {number}, read {sample.by}", style="bold"))
    console.print(Text(clean(sample.url), style="dim"), soft_wrap=True)
    table = Table(box=None, pad_edge=False, show_header=False, expand=True, padding=(0, 1, 0, 0))
    table.add_column(width=LABEL, style="cyan", no_wrap=True)
    table.add_column(ratio=5, overflow="fold")
    table.add_column(width=8, no_wrap=True)
    table.add_column(ratio=3, overflow="fold", style="dim")
    for field in sample.fields:
        if field.value:
            word = Text(field.word, style=WORD_STYLES.get(field.word, ""))
            table.add_row(field.field, Text(_cut(field.value)), word, Text(clean(field.origin)))
    console.print(table)
    console.print(_rest(sample))


def _rest(sample: Sample) -> Table:
    table = _grid()
    absent = ", ".join(field.field for field in sample.fields if not field.value)
    lines = [_cut(line, LONGEST_LINE) for line in dict.fromkeys(sample.dropped)]
    more = [f"and {len(lines) - DROPPED_SHOWN} more"] if len(lines) > DROPPED_SHOWN else []
    doubts = [f"{field.field}: {doubt}" for field in sample.fields for doubt in field.doubts]
    for label, said, style in (
        ("absent", [absent] if absent else [], "cyan"),
        ("dropped", lines[:DROPPED_SHOWN] + more, "cyan"),
        ("doubtful", doubts, "yellow"),
    ):
        for place, line in enumerate(said):
            table.add_row(Text("" if place else label, style=style), Text(clean(line)))
    return table


def _show_row(console: Console, found: Findings, registry: str) -> None:
    """The row as it is, unbroken: whoever copies it must get it whole."""
    assert found.row is not None
    console.print(Text(f"\nrow for {registry}", style="bold"))
    if found.registered_as:
        console.print(
            Text(f"registered already, as [{found.registered_as}]: this row would take its place", style="yellow")
        )
    for reason in found.row.reasons:
        console.print(Text(clean(reason), style="dim"))
    console.print()
    console.print(Text(found.row.text), soft_wrap=True)


def _grid() -> Table:
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 1, 0, 0))
    table.add_column(width=LABEL, no_wrap=True)
    table.add_column(overflow="fold")
    return table


def _bullets(lines: list[str]) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 1, 0, 0))
    for line in lines:
        table.add_row("-", Text(clean(line)))
    return table


def _count(number: int, noun: str) -> str:
    plural = noun + ("es" if noun.endswith("s") else "s")
    return f"{number:,} {noun if number == 1 else plural}"


def _cut(text: str, length: int = LONGEST_VALUE) -> str:
    text = clean(text)
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def clean(text: str) -> str:
    """A text of a page in one line, without what a terminal would obey instead of showing."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
