"""A page taken apart into lines, each with the place where it stands.

A line is what a reader sees as one: blocks break it, one <br> does not, two do. A place is a path of element names
from the body down, without the index of siblings.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement

from crawler.clean import CAPTION_LENGTH, DOCUMENT
from crawler.finders import HEADINGS, is_hidden
from crawler.template.keys import Keys
from crawler.text import squeeze

BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr li main menu nav ol p pre section summary table tbody td tfoot th thead "
    "tr ul".split()
)
NO_TEXT = frozenset("script style noscript template select option button textarea svg head".split())
EMBEDS = frozenset(("iframe", "object", "video", "audio"))  # what stands in them is for browsers that cannot show them
STRONG = frozenset(("b", "strong", "em", "i", *HEADINGS))
HEADLINE = 4  # words of a link that is another article's title
LINES_BEHIND = 20
EVENTS = ("start", "end", "comment", "pi")


class Paths:
    """The places of a portal as numbers; 0 is the body, UNKNOWN a place that no learned page has."""

    UNKNOWN = -1

    def __init__(self, known: list[tuple[int, str]] | None = None) -> None:
        """`known`: parent and key of each number from 1 on; with it the paths are closed to new ones."""
        self.steps: list[tuple[int, str]] = [(0, "body"), *(known or [])]
        self.numbers = {step: number for number, step in enumerate(self.steps) if number}
        self.closed = known is not None

    def child(self, parent: int, key: str) -> int:
        """The number of an element's place, given its parent's."""
        number = self.numbers.get((parent, key))
        if number is None:
            if self.closed or parent == self.UNKNOWN:
                return self.UNKNOWN
            number = self.numbers[(parent, key)] = len(self.steps)
            self.steps.append((parent, key))
        return number

    def tag(self, number: int) -> str:
        """The tag of the element at a place; "" for an unknown one."""
        return self.steps[number][1].partition(".")[0].partition("#")[0] if number >= 0 else ""

    def above(self, number: int) -> Iterator[int]:
        """A place and those around it, innermost first, the body last."""
        while number > 0:
            yield number
            number = self.steps[number][0]
        yield number


@dataclass(slots=True)
class Piece:
    """One text node of a line. `holder` is the index of the element around it; `is_tail`: it stands behind `node`."""

    node: HtmlElement
    is_tail: bool
    holder: int
    text: str
    in_link: bool  # of a link to a page; one to a file is text: "Tải Kế hoạch tại đây"
    strong: bool

    @property
    def words(self) -> int:
        """How many words it holds."""
        return len(self.text.split())

    def restore(self) -> None:
        """Put them back."""
        if self.is_tail:
            self.node.tail = self.text
        elif self.node.tag != "br":  # whose blank is ours
            self.node.text = self.text

    def erase(self) -> None:
        """Take the words out of the tree."""
        if self.is_tail:
            self.node.tail = None
        else:
            self.node.text = None


@dataclass(slots=True)
class Line:
    """A line of a page. `owner` is the index of the block that it stands in, `path` the place of that block."""

    owner: int
    path: int
    pieces: list[Piece]
    text: str = ""
    words: int = 0
    link_words: int = 0

    @property
    def is_teaser(self) -> bool:
        """Whether it begins with a link as long as a headline: another article, with or without its lead behind."""
        first = next((piece for piece in self.pieces if piece.text.strip()), None)
        return first is not None and first.in_link and first.words >= HEADLINE

    @property
    def is_strong(self) -> bool:
        """Whether every word of it is bold, italic or a heading's."""
        return all(piece.strong for piece in self.pieces if piece.text.strip())


@dataclass(slots=True)
class Outline:
    """The elements of a page's body in document order, and its lines. Index 0 is the body."""

    elements: list[HtmlElement] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    paths: list[int] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    def inside(self, index: int, outer: int) -> bool:
        """Whether an element is another one or stands in it."""
        while index > outer:
            index = self.parents[index]
        return index == outer

    def places(self, line: Line) -> tuple[int, ...]:
        """The places of a line: its block's, and that of an inline element which has all its words for itself.

        ASP.NET names those alone: <td><span id="ctl00_main_lblTitle">...</span></td>.
        """
        holders = {piece.holder for piece in line.pieces if piece.text.strip()}
        own = self.paths[holders.pop()] if len(holders) == 1 else line.path
        return (line.path,) if own == line.path else (line.path, own)

    def link_around(self, index: int) -> int:
        """The index of the link that an element is or stands in; 0 where it is in none."""
        while index and self.elements[index].tag != "a":
            index = self.parents[index]
        return index

    def item_around(self, index: int) -> int:
        """The index of the list's item that an element is or stands in; 0 where it is in none."""
        while index and self.elements[index].tag != "li":
            index = self.parents[index]
        return index

    def end_of(self, index: int) -> int:
        """The first index behind an element and all that stands in it."""
        end = index + 1
        while end < len(self.parents) and self.parents[end] >= index:
            end += 1
        return end


@dataclass(slots=True)
class Gate:
    """What of a page to take apart: `around` is entered, children of `near` and `whole` wholly; all from `first` on.

    Behind `last` so many lines are taken as may hold byline, files and tags; then `around` and `whole` alone once more:
    a date may stand below a long list of other articles.
    """

    around: set[HtmlElement]
    near: set[HtmlElement]
    whole: set[HtmlElement]
    first: HtmlElement
    last: HtmlElement
    lines_behind: int = LINES_BEHIND


class _Walker:
    """One pass over the tree, start and end of each element in turn."""

    def __init__(self, keys: Keys, paths: Paths, gate: Gate | None) -> None:
        self.key_of = keys.of
        self.child = paths.child
        self.outline = Outline()
        self.stack: list[int] = []
        self.blocks: list[int] = []
        self.pieces: list[Piece] = []
        self.links = self.strong = self.breaks = 0
        self.skipped: HtmlElement | None = None
        self.gate = gate
        self.open = gate is None  # whether all is taken from here on
        self.inside: HtmlElement | None = None  # the subtree that is taken wholly although the gate is shut
        self.limit = 0  # number of lines at which the gate shuts again; 0 before the container's end

    def run(self, body: HtmlElement) -> Outline:
        walk = etree.iterwalk(body, events=EVENTS)
        for event, node in walk:
            if event == "start":
                self.start(node, walk)
            elif event == "end":
                self.end(node, node is body)
                if self.limit and len(self.outline.lines) >= self.limit:
                    self.open = False
            elif node is not body:
                self.add(node, True, node.tail)
        self.flush()
        return self.outline

    def is_shut_out(self, node: HtmlElement) -> bool:
        """Whether a node stands before what the gate opens for, or behind where it shuts."""
        gate = self.gate
        if self.open or gate is None or self.inside is not None:
            return False
        if node is gate.first:
            self.open = True
        elif node in gate.whole or (node not in gate.around and not self.limit and node.getparent() in gate.near):
            self.inside = node
        return not self.open and self.inside is None and node not in gate.around

    def start(self, node: HtmlElement, walk: etree.iterwalk) -> None:
        tag = node.tag
        if self.stack and (tag in NO_TEXT or _may_hide(node) or (not self.open and self.is_shut_out(node))):
            self.skipped = node
            walk.skip_subtree()
            return
        if tag in EMBEDS and len(node.text_content()) <= CAPTION_LENGTH:
            self.skipped = node
            walk.skip_subtree()
            return
        out = self.outline
        index = len(out.elements)
        parent = self.stack[-1] if self.stack else 0
        out.elements.append(node)
        out.parents.append(parent)
        out.paths.append(self.child(out.paths[parent], self.key_of(node)) if self.stack else 0)
        self.stack.append(index)
        if tag in BLOCKS:
            if self.pieces:
                self.flush()
            self.breaks = 0
            self.blocks.append(index)
        elif tag == "br":
            self.breaks += 1
            if self.breaks > 1:
                self.flush()
            elif self.pieces:
                self.pieces.append(Piece(node, False, index, " ", False, True))
        elif tag == "a":
            self.links += leads_to_page(node)
        if tag in STRONG:
            self.strong += 1
        if node.text:
            self.add(node, False, node.text)

    def end(self, node: HtmlElement, is_body: bool) -> None:
        if node is self.skipped:
            self.skipped = None
        else:
            tag = node.tag
            if tag == "a":
                self.links -= leads_to_page(node)
            if tag in STRONG:
                self.strong -= 1
            self.stack.pop()
            if tag in BLOCKS:
                if self.pieces:
                    self.flush()
                self.breaks = 0
                self.blocks.pop()
            if node is self.inside:
                self.inside = None
            elif self.gate is not None and node is self.gate.last:
                self.limit = len(self.outline.lines) + self.gate.lines_behind
        if not is_body and node.tail:
            self.add(node, True, node.tail)

    def add(self, node: HtmlElement, is_tail: bool, text: str | None) -> None:
        if not text or not self.stack:
            return
        if not text.isspace():
            self.breaks = 0
        elif not self.pieces:
            return
        self.pieces.append(Piece(node, is_tail, self.stack[-1], text, self.links > 0, self.strong > 0))

    def flush(self) -> None:
        self.breaks = 0
        if not self.pieces:
            return
        pieces, self.pieces = self.pieces, []
        text = squeeze("".join([piece.text for piece in pieces]))
        if not text:
            return
        owner = self.blocks[-1] if self.blocks else 0
        line = Line(owner, self.outline.paths[owner], pieces, text)
        for piece in pieces:
            count = len(piece.text.split())
            line.words += count
            if piece.in_link:
                line.link_words += count
        self.outline.lines.append(line)


def _may_hide(node: HtmlElement) -> bool:
    """As is_hidden(), asked in full only where a style, or a class of that kind, is there: it is asked of all."""
    classes = node.get("class")
    if (
        node.get("style") is None
        and node.get("hidden") is None
        and (classes is None or ("hid" not in classes and "d-none" not in classes))
    ):
        return False
    return is_hidden(node)


def leads_to_page(link: HtmlElement) -> bool:
    """Whether a link leads to a page; one to a file or a mailbox is text."""
    href = link.get("href")
    return href is not None and not href.startswith("mailto:") and not DOCUMENT.search(href.partition("?")[0])


def outline(root: HtmlElement, keys: Keys, paths: Paths, gate: Gate | None = None) -> Outline:
    """Take a page apart, or what the gate lets through. `root` is its tree; an empty page gives no lines."""
    body = root.find("body")
    return _Walker(keys, paths, gate).run(body if body is not None else root)
