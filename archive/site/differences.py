"""What changed between two versions of a text, word by word, grouped as a person would mark it.

Paragraphs are aligned first, then the words of those that differ. Words that stayed between two changes are taken into
one change where they are few: "<del>ngày 5 tháng 6</del> <ins>hôm 7 tháng 8</ins>" reads better than a zebra.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "del", "ins"]

JOINED = 2  # words that stayed between two changes, up to which they are read as one change
MOST_WORDS = 2_000  # of a stretch on either side; a longer one is shown as taken out and put in whole
AROUND = 1  # paragraphs shown before and behind a change
ALIKE = 0.4  # share of words that a paragraph must have in common with another to be its new version

_WORDS = re.compile(r"\S+\s*")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words that stayed ("same"), were taken out ("del") or put in ("ins"), with the blanks behind them."""

    kind: Kind
    text: str


@dataclass(slots=True)
class Paragraph:
    """One paragraph of the comparison; `changed` where it is not the same in both versions."""

    pieces: list[Piece]

    @property
    def changed(self) -> bool:
        """Whether anything in it differs."""
        return any(piece.kind != "same" for piece in self.pieces)


@dataclass(slots=True)
class Stretch:
    """Paragraphs one after another: `folded` ones are the same and far from any change."""

    folded: bool
    paragraphs: list[Paragraph] = field(default_factory=list)


def compare(old: str, new: str) -> list[Paragraph]:
    """Both texts as one, paragraph by paragraph; texts are paragraphs apart by blank lines."""
    before, after = _paragraphs(old), _paragraphs(new)
    compared: list[Paragraph] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            compared += [Paragraph([Piece("same", text)]) for text in before[a:b]]
        else:
            compared += _changed(before[a:b], after[c:d])
    return compared


def stretches(paragraphs: Sequence[Paragraph]) -> list[Stretch]:
    """The paragraphs with what is the same and far from any change folded up, where that is more than one."""
    near = [any(one.changed for one in paragraphs[max(0, i - AROUND) : i + AROUND + 1]) for i in range(len(paragraphs))]
    found: list[Stretch] = []
    for paragraph, shown in zip(paragraphs, near, strict=True):
        if not found or found[-1].folded == shown:
            found.append(Stretch(folded=not shown))
        found[-1].paragraphs.append(paragraph)
    for stretch in found:
        stretch.folded = stretch.folded and len(stretch.paragraphs) > 1
    return found


def count(paragraphs: Sequence[Paragraph], kind: Kind) -> int:
    """How many words were put in or taken out."""
    return sum(len(piece.text.split()) for one in paragraphs for piece in one.pieces if piece.kind == kind)


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"\n\s*\n|\n", text) if part.strip()]


def _changed(before: Sequence[str], after: Sequence[str]) -> Iterator[Paragraph]:
    """Paragraphs that were replaced: each new one beside the old one that it is most like, in their order."""
    start = 0
    for text in after:
        match = _counterpart(text, before, start)
        if match is None:
            yield Paragraph([Piece("ins", text)])
            continue
        yield from (Paragraph([Piece("del", gone)]) for gone in before[start:match])
        yield Paragraph(words(before[match], text))
        start = match + 1
    yield from (Paragraph([Piece("del", gone)]) for gone in before[start:])


def _counterpart(text: str, before: Sequence[str], start: int) -> int | None:
    """The first of the old paragraphs from `start` on, twenty at most, that shares enough words with a new one."""
    own = set(text.split())
    for index in range(start, min(len(before), start + 20)):
        other = set(before[index].split())
        if len(own & other) >= ALIKE * min(len(own), len(other)) and own & other:
            return index
    return None


def words(old: str, new: str) -> list[Piece]:
    """The words of two paragraphs as one row of pieces."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if max(len(before), len(after)) > MOST_WORDS:
        return [Piece("del", old), Piece("ins", new)]
    bare = ([word.strip() for word in before], [word.strip() for word in after])
    steps = [
        (tag == "equal", before[a:b], after[c:d])
        for tag, a, b, c, d in SequenceMatcher(None, *bare, autojunk=False).get_opcodes()
    ]
    return list(_pieces(_joined(steps)))


Step = tuple[bool, list[str], list[str]]  # whether it is the same; the words before; the words after


def _joined(steps: Sequence[Step]) -> list[Step]:
    """Few words that stayed between two changes become part of one change."""
    found: list[Step] = []
    for index, (same, before, after) in enumerate(steps):
        between = 0 < index < len(steps) - 1
        taken = same and between and len(before) <= JOINED
        if found and not found[-1][0] and (not same or taken):
            _, old, new = found.pop()
            found.append((False, old + before, new + after))
        else:
            found.append((same, before, after))
    return found


def _pieces(steps: Sequence[Step]) -> Iterator[Piece]:
    for same, before, after in steps:
        if same:
            yield Piece("same", "".join(after))
            continue
        if before:
            yield Piece("del", "".join(before))
        if after:
            yield Piece("ins", "".join(after))
