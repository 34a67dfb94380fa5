"""Which lines of a page are the text that a library found in it.

A library such as trafilatura chooses well and cuts badly: of a page built of tables it makes one paragraph. The page's
own lines that stand in what it found are the same words, with the paragraphs as the portal has them.
"""

from __future__ import annotations

import re
from collections import Counter

from crawler.template.outline import Line, Outline

LONG = 5  # words of a line that is found by itself; a shorter one only between two that were found
COVERED = 0.9  # share of the library's letters that the lines must have, else they are not its text
CAPTION_WORDS = 40
AROUND = 2  # short lines before the first and behind the last long one that may belong to them
NO_LETTER = re.compile(r"[\W_]+")


def lines_of_text(made: Outline, text: str) -> list[Line]:
    """The lines of a page that make up a text, in their order; none where they do not cover it."""
    found = _letters(text)
    places: dict[int, tuple[int, int]] = {}
    end = 0
    for number, line in enumerate(made.lines):
        if line.words >= LONG and (place := _find(line, found, end, len(found))) is not None:
            places[number] = place
            end = place[1]
    if not places:
        return []
    _find_short(made, found, places)
    if sum(stop - start for start, stop in places.values()) < COVERED * len(found):
        return []
    return [made.lines[number] for number in sorted({*places, *_left_out(made, sorted(places))})]


def _left_out(made: Outline, chosen: list[int]) -> set[int]:
    """Loose text between two chosen lines in their very block: what stands right behind a picture gets lost."""
    blocks = {made.lines[number].owner for number in chosen}
    between = set(range(chosen[0], chosen[-1])) - set(chosen)
    return {
        number
        for number in between
        if (line := made.lines[number]).owner in blocks and line.words >= LONG and line.link_words < line.words / 2
    }


def _find_short(made: Outline, found: str, places: dict[int, tuple[int, int]]) -> None:
    """Add the short lines that stand between the long ones, in the page as in the text."""
    long = sorted(places)
    first, last = max(0, long[0] - AROUND), min(len(made.lines), long[-1] + 1 + AROUND)
    start = 0
    for number in range(first, last):
        if number in places:
            start = places[number][1]
            continue
        stop = next((places[other][0] for other in long if other > number), len(found))
        if (place := _find(made.lines[number], found, start, stop)) is not None:
            places[number] = place
            start = place[1]


def _find(line: Line, found: str, start: int, stop: int) -> tuple[int, int] | None:
    """Where in a text, between two places, the letters of a line stand."""
    letters = _letters(line.text)
    at = found.find(letters, start, stop) if letters else -1
    return (at, at + len(letters)) if at >= 0 else None


def _letters(text: str) -> str:
    """The letters of a text alone: libraries glue the words of two lines together."""
    return NO_LETTER.sub("", text.casefold())


def common_block(made: Outline, lines: list[Line]) -> int:
    """The index of the innermost element that holds all of some lines."""
    around = lines[0].owner
    for line in lines[1:]:
        while not made.inside(line.owner, around):
            around = made.parents[around]
    return around


def blocks_without(made: Outline, around: int, lines: list[Line]) -> list[int]:
    """The outermost elements in a block that hold none of its chosen lines, and are no picture between two of them."""
    holding = {around}
    for line in lines:
        for piece in line.pieces:
            index = piece.holder
            while index not in holding and index > around:
                holding.add(index)
                index = made.parents[index]
    first, last = min(line.owner for line in lines), max(line.owner for line in lines)
    chosen = {id(line) for line in lines}
    others = Counter[int]()
    for line in made.lines:
        others[line.owner] += 0 if id(line) in chosen else line.words
    found: list[int] = []
    index, end = around + 1, made.end_of(around)
    while index < end:
        if index in holding:
            index += 1
            continue
        behind = made.end_of(index)
        is_picture = made.elements[index].tag == "img" or made.elements[index].find(".//img") is not None
        words = sum(words for owner, words in others.items() if index <= owner < behind)
        if not first < index < last or words > (CAPTION_WORDS if is_picture else 0):
            found.append(index)
        index = behind
    return found
