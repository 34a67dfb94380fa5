"""What stands in the container and is not the article's text: furniture, labels, signature, lists of other articles."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from crawler import dates
from crawler.clean import DOCUMENT, EMBEDS
from crawler.template import labels
from crawler.template.hints import NOTHING, Known
from crawler.template.model import Template
from crawler.template.outline import Line, Outline
from crawler.template.parts import Parts, fold

DROPPED_SHARE = 0.5  # of the pages that have a line: at 0.2 the headers of the articles' own tables would go
LINKS = 0.6  # share of a line's words that makes it a link
LINK_RUN = 2  # lines of links in a row at the end that are a list
FILES_LISTED = 10  # lines above a file's name in which the head of the list of files stands
SHORT = 8  # words of a line that may stand between such links: a date, a label
FURNISHED = 0.5  # share of a block's words that must be constant or links on the page itself
REST = 0.35  # share of the text behind an end mark beyond which the mark is part of the text

# What is hidden in an element for machines, and shown where a template is damaged: addresses and times of ISO 8601.
ADDRESSES = re.compile(r"(?:\s*(?:https?://\S+|/\S+\.\w{2,4}|\d{4}-\d\d-\d\dT[\d:.+Z-]+))+\s*")
ENDS = frozenset(("related", "comments"))
FURNITURE = frozenset(("counter", "tool", "rating", "session", "licence", "placeholder"))


@dataclass(slots=True)
class Trimmed:
    """The lines that stay, and what was learned from those that do not. `blocks` are indexes of elements."""

    kept: list[Line]
    dropped: list[Line] = field(default_factory=list)
    blocks: list[int] = field(default_factory=list)
    author: str = ""
    source: str = ""
    noise: float = 0.0  # share of the kept words that are constant on the portal, or links

    def drop(self, lines: list[Line]) -> None:
        """Move lines from those kept to those dropped."""
        gone = {id(line) for line in lines}
        self.kept = [line for line in self.kept if id(line) not in gone]
        self.dropped += lines


def trim(parts: Parts, template: Template, known: Known = NOTHING) -> Trimmed:
    """Tell the article's own lines in the container from the others."""
    result = Trimmed(parts.in_container())
    keys = {id(line): key for line, key in zip(parts.outline.lines, parts.keys, strict=True)}
    _cut_blocks(result, parts, template, keys)
    _cut_end(result, template, keys, known)
    result.drop([line for line in result.kept if keys[id(line)] in template.inner])
    result.drop([line for line in result.kept if known.furniture(line.text) in FURNITURE])
    _cut_head(result, parts, template)
    trim_tail(result, parts.outline, parts.container or 0, template, keys)
    _cut_at_label(result, template)
    trim_tail(result, parts.outline, parts.container or 0, template, keys)
    result.noise = furnished(result.kept, template.constants, keys) if result.kept else 0.0
    return result


def is_empty(parts: Parts, trimmed: Trimmed) -> bool:
    """Whether a container holds neither words nor pictures nor documents: a script fills it in a browser."""
    assert parts.container is not None
    if any(any(letter.isalnum() for letter in line.text) for line in trimmed.kept):
        return False
    inside = parts.outline.elements[parts.container].iter("img", "a", *EMBEDS)
    return not any(one.tag != "a" or DOCUMENT.search(one.get("href") or "") for one in inside)


def _cut_blocks(result: Trimmed, parts: Parts, template: Template, keys: dict[int, str]) -> None:
    made = parts.outline
    for index in range((parts.container or 0) + 1, parts.end):
        if made.paths[index] not in template.cuts or any(made.inside(index, outer) for outer in result.blocks):
            continue
        end = made.end_of(index)
        inside = [line for line in result.kept if index <= line.owner < end]
        if made.paths[index] in template.mixed and _may_be_heading(inside, template, keys):
            continue
        headlines = sum(line.is_teaser for line in inside)
        headed = bool(inside) and keys[id(inside[0])] in template.constants
        listed = headlines >= (1 if headed else LINK_RUN)
        if listed or furnished(inside, template.constants, keys) >= FURNISHED:
            result.blocks.append(index)
            result.drop(inside)


def _may_be_heading(inside: list[Line], template: Template, keys: dict[int, str]) -> bool:
    """A line alone that some articles share, "5. Kết quả đạt được": furniture is on more pages, or has links."""
    if len(inside) != 1 or inside[0].link_words:
        return False
    return template.constants.get(keys[id(inside[0])], 0.0) < DROPPED_SHARE


def furnished(lines: list[Line], constants: dict[str, float], keys: dict[int, str]) -> float:
    """Share of the words of some lines that are constant or links; 1 where there are none."""
    total = sum(line.words for line in lines)
    furniture = sum(line.words if keys[id(line)] in constants else line.link_words for line in lines)
    return furniture / total if total else 1.0


def own_words(line: Line) -> int:
    """The words of a line that may be the article's: no link's, and none of another article's teaser."""
    return 0 if line.is_teaser else line.words - line.link_words


def _cut_end(result: Trimmed, template: Template, keys: dict[int, str], known: Known) -> None:
    """Everything from the first end mark on, learned or known by its words, unless much of the text follows it."""
    total = sum(own_words(line) for line in result.kept)
    before = 0
    for number, line in enumerate(result.kept):
        ends = keys[id(line)] in template.ends or known.furniture(line.text) in ENDS
        if number and ends and total - before <= max(REST * total, 60):
            result.drop(result.kept[number:])
            return
        before += own_words(line)


def _cut_at_label(result: Trimmed, template: Template) -> None:
    """Everything from a label on that ends the portal's articles: behind a byline comes a portrait of the author."""
    total = sum(own_words(line) for line in result.kept)
    before = 0
    for number, line in enumerate(result.kept):
        if number and total - before <= max(REST * total, 60) and labels.label_of(line) in template.ends:
            result.drop(result.kept[number:])
            return
        before += own_words(line)


def _cut_head(result: Trimmed, parts: Parts, template: Template) -> None:
    """Title, date and counts where the container has them at its top."""
    title = fold(parts.title)
    slots = {slot.path for slot in template.dates if not slot.name}
    head = []
    for line in result.kept[:6]:
        text = line.text
        is_address = bool(ADDRESSES.fullmatch(text))
        is_title = title and fold(text) == title and line.path in template.titles
        is_date = line.path in slots and dates.find(text) is not None
        if (
            is_title
            or is_address
            or (line.words <= 2 * labels.SIGN_OFF_WORDS and (is_date or labels.VIEWS.match(text)))
        ):
            head.append(line)
        elif line.words > SHORT:
            break
    result.drop(head)


def trim_tail(result: Trimmed, made: Outline, container: int, template: Template, keys: dict[int, str]) -> None:
    """Go up from the end as long as the last line is a label, a signature or part of a list of links."""
    while result.kept and _take_last(result, made, container, template, keys):
        pass


def _take_last(result: Trimmed, made: Outline, container: int, template: Template, keys: dict[int, str]) -> bool:
    last = result.kept[-1]
    source, author = labels.source_of(last.text), labels.author_of(last.text)
    if source is not None and last.words <= 20:
        result.source = result.source or source
    elif author is not None and last.words <= 14:
        result.author = result.author or author
    elif template.signed and not result.author and _signs(last, result, made, container, template):
        result.author = last.text
    elif not _is_appendix(last, result):
        run = _link_run(result.kept, template, keys)
        if run:
            result.drop(result.kept[-run:])
        return run > 0
    result.drop([last])
    return True


def _is_appendix(line: Line, result: Trimmed) -> bool:
    """The head of a list of files, a file of such a list, a line of tags, the author's name once more."""
    author = result.author
    if labels.FILE_LINE.match(line.text) and any(labels.FILES.match(one.text) for one in result.kept[-FILES_LISTED:]):
        return True
    tags = labels.TAGS.match(line.text) and (line.link_words or line.words <= 2)
    return bool(labels.FILES.match(line.text) or tags or (author and fold(line.text) == fold(author)))


def _signs(line: Line, result: Trimmed, made: Outline, container: int, template: Template) -> bool:
    """A signature, with text above it; where the lead stands apart, the text may be pictures alone."""
    return (len(result.kept) > 1 or bool(template.leads)) and labels.is_sign_off(line, made, container)


def _link_run(lines: list[Line], template: Template, keys: dict[int, str]) -> int:
    """How many lines at the end are a list of other articles; 0 where they are text."""
    run = links = 0
    for number, line in enumerate(reversed(lines), 1):
        linked = line.link_words >= LINKS * line.words or line.is_teaser
        constant = keys[id(line)] in template.constants
        if not (linked or constant or line.words <= SHORT):
            break
        links += linked
        if links and (constant or links >= LINK_RUN) and (constant or linked):
            run = number
    return run if run < len(lines) else 0
