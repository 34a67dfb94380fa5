"""The text of a PDF or DOCX: NFC, a paragraph a line, within limits; what stood in the way has a name.

Called in a process of its own with limits of time and memory, see reading.py.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from archive.files.legacy import is_legacy

PAGES = 300
LETTERS = 500_000


class Problem(StrEnum):
    """Why a file has no text, or not all of it."""

    ENCRYPTED = "encrypted"  # asks for a password
    BROKEN = "broken"  # cannot be taken apart
    BOMB = "bomb"  # would unpack to more than anybody writes
    TOO_SLOW = "too slow"  # took longer than it may
    LEGACY = "legacy encoding"  # VNI or TCVN3: the letters are no words
    NO_TEXT = "no text"  # pictures of pages
    NO_READER = "no reader"  # a type whose text is not read: old Word, sheets, archives, pictures
    CUT = "cut"  # has more pages or letters than are read


@dataclass(frozen=True, slots=True)
class Extracted:
    """Text of a file, a paragraph a line, and why it is not (all) there: a Problem, or ""."""

    text: str = ""
    problem: str = ""


class Refused(Exception):
    """A file whose text cannot be had; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


class Gathered:
    """Lines of a file as they are found, up to LETTERS."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.letters = 0

    @property
    def is_full(self) -> bool:
        """Whether no more is wanted."""
        return self.letters >= LETTERS

    def add(self, line: str) -> None:
        """One line or paragraph."""
        self.lines.append(line[: max(0, LETTERS - self.letters)])
        self.letters += len(line) + 1


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\ufffe\uffff\ud800-\udfff\ue000-\uf8ff]")
_ENDS = re.compile(r"[.:;?!…”\"/)]$")
_GOES_ON = re.compile(r"[^\W\d_]")


def finished(lines: Iterable[str], problem: str = "", joined: bool = False) -> Extracted:
    """Lines as the text of a file. `joined`: they are paragraphs already, not lines as they were printed."""
    cleaned = [line for line in (_clean(raw) for raw in lines) if line]
    text = "\n".join(cleaned if joined else _paragraphs(cleaned))
    if not text:
        return Extracted("", problem or Problem.NO_TEXT)
    return Extracted("", Problem.LEGACY) if is_legacy(text) else Extracted(text, problem)


def _clean(line: str) -> str:
    return " ".join(_CONTROL.sub(" ", unicodedata.normalize("NFC", line)).split())


def _paragraphs(lines: Iterable[str]) -> Iterable[str]:
    """Printed lines to paragraphs: a line that begins in lower case goes on with one that did not end."""
    current = ""
    for line in lines:
        goes_on = _GOES_ON.match(line) is not None and line[0].islower() and not _ENDS.search(current)
        if current and goes_on:
            current = f"{current} {line}"
            continue
        if current:
            yield current
        current = line
    if current:
        yield current
