"""The rules of relevance: relevance.toml read and checked, its terms made into patterns.

A term is a row of words, "(a|b)" a choice among them, "…" up to six words between; contexts say beside which words it
counts. What is wrong in the file is named with its table and entry.
"""

from __future__ import annotations

import hashlib
import itertools
import math
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from archive.search import normalise

SHIPPED = Path(__file__).with_name("relevance.toml")
FOR, WITH, AGAINST = "for", "with", "against"
CONTEXTS = ("not_followed_by", "not_preceded_by", "needs_one_of", "passing_after")

BETWEEN = "[ \\-–—‑−/&\"'“”„‘’«»()]{1,4}"  # what parts two words of a term: a blank, quotes, a dash
COMMA = '[ ,\\-–—“”"]{1,4}'
GAP = rf"(?:{BETWEEN}[^\W_]+){{0,6}}?{BETWEEN}"
WORD = re.compile(r"[^\W_]+")
CHOICE = re.compile(r"\(([^()]*)\)")
TERM = re.compile(r"[\w ,;:.²'&/|()…%–-]+")


class RelevanceError(ValueError):
    """relevance.toml is wrong; the message names the file, the table and the entry."""


@dataclass(frozen=True, slots=True)
class Method:
    """The table [method] of relevance.toml, where each number is explained."""

    title: float
    lead: float
    body: float
    section: float
    tags: float
    contradicted: float
    doubt: float
    threshold: float
    most: float
    dense: float
    short: float
    stretch: float
    repeat: float
    passing: float
    reach: int
    letters: int
    words: int


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Terms of one side and weight, with the contexts in which they count; a context that is not asked for is None."""

    name: str
    side: str
    weight: float
    not_followed_by: re.Pattern[str] | None = None
    not_preceded_by: re.Pattern[str] | None = None
    needs_one_of: re.Pattern[str] | None = None
    passing_after: re.Pattern[str] | None = None
    passing_in_title: bool = True


@dataclass(frozen=True)
class Head:
    """What follows one first word. `groups`: those of the terms, one for each empty bracket of the pattern."""

    written: str
    groups: tuple[Group, ...]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Made when a text first has the word: all of them take a quarter of a second, on nights without news too."""
        return re.compile(self.written)


@dataclass(frozen=True, slots=True)
class Rules:
    """What load() read. `heads`: by its first word, the terms that begin so."""

    version: str
    method: Method
    groups: tuple[Group, ...]
    heads: Mapping[str, Head]


def load(path: Path | None = None) -> Rules:
    """The rules of a file, by default the project's own. Each file is read once. Raises RelevanceError."""
    return _load(path if path is not None else SHIPPED)


@cache
def _load(path: Path) -> Rules:
    try:
        content = path.read_bytes()
        table = tomllib.loads(content.decode("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise RelevanceError(f"{path} cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise RelevanceError(f"{path}: {error}") from error
    for name in table:
        _check(name in ("method", "group"), path, name, "is unknown; known are method, group.<name>")
    method = _method(path, table.get("method", {}))
    tables = table.get("group", {})
    _check(isinstance(tables, dict) and bool(tables), path, "group", "must hold tables, at least one")
    groups = {name: _group(path, name, inner) for name, inner in tables.items()}
    terms = [
        (term, groups[name]) for name, inner in tables.items() for term in _variants(path, name, inner.get("terms"))
    ]
    return Rules(hashlib.sha256(content).hexdigest()[:12], method, tuple(groups.values()), _heads(path, terms))


def _method(path: Path, table: Any) -> Method:
    _check(isinstance(table, dict), path, "method", "must be a table")
    whole = ("reach", "letters", "words")
    names = Method.__dataclass_fields__
    for name in (*table, *names):
        _check(name in names, path, f"method] [{name}", f"is unknown; known are {', '.join(names)}")
        value = table.get(name)
        kinds = (int,) if name in whole else (int, float)
        right = isinstance(value, kinds) and not isinstance(value, bool) and 0 < value < math.inf
        _check(
            right, path, f"method] [{name}", f"must be a {'whole ' if name in whole else ''}number above 0: {value!r}"
        )
    return Method(**table)


def _group(path: Path, name: str, table: Any) -> Group:
    place = f"group.{name}"
    _check(isinstance(table, dict), path, place, f"must be a table, not {table!r}")
    for key in table:
        known = ("side", "weight", "terms", *CONTEXTS, "passing_in_title")
        _check(key in known, path, place, f"{key} is unknown; known are {', '.join(known)}")
    side, weight = table.get("side"), table.get("weight")
    _check(side in (FOR, WITH, AGAINST), path, place, f"side must be one of for, with, against, not {side!r}")
    numeric = isinstance(weight, int | float) and not isinstance(weight, bool) and 0 < weight <= 1
    _check(numeric, path, place, f"weight must be a number above 0, at most 1, not {weight!r}")
    contexts = {key: _context(path, place, key, table[key]) for key in CONTEXTS if key in table}
    in_title = table.get("passing_in_title", True)
    _check(isinstance(in_title, bool), path, place, f"passing_in_title must be true or false, not {in_title!r}")
    return Group(name, side, weight, **contexts, passing_in_title=in_title)


def _context(path: Path, place: str, key: str, value: Any) -> re.Pattern[str]:
    options = "|".join(_pattern(variant) for phrase in _texts(path, place, key, value) for variant in _expand(phrase))
    if key == "not_followed_by":
        return re.compile(rf"{BETWEEN}(?:{options})(?![^\W_])")
    if key == "not_preceded_by":
        return re.compile(rf"(?<![^\W_])(?:{options}){BETWEEN}$")
    return re.compile(rf"(?<![^\W_])(?:{options})(?![^\W_])")


def _texts(path: Path, place: str, key: str, value: Any) -> list[str]:
    _check(isinstance(value, list) and bool(value), path, place, f"{key} must be a list of texts, not {value!r}")
    for text in value:
        _check(isinstance(text, str), path, place, f"{key}: {text!r} is no text")
        plain = (
            TERM.fullmatch(text) is not None
            and text.count("(") == text.count(")")
            and not CHOICE.sub("", text).count("(")
        )
        _check(plain, path, place, f"{key}: {text!r} has signs or brackets that no term knows")
        for form in _expand(text):
            fine = WORD.match(form) is not None and not form.endswith(("…", ",")) and "|" not in form
            _check(fine, path, place, f"{key}: {text!r} may be {form!r}, which is no row of words")
        _check(
            text == normalise(text).lower().strip(),
            path,
            place,
            f"{key}: {text!r} must be as normalised: small letters",
        )
    return list(value)


def _variants(path: Path, name: str, terms: Any) -> Iterator[str]:
    return (form for term in _texts(path, f"group.{name}", "terms", terms) for form in _expand(term))


def _expand(phrase: str) -> list[str]:
    """The rows of words that a phrase stands for: "(a|b) c( d|)" -> "a c d", "a c", "b c d", "b c"."""
    pieces = [piece.split("|") if i % 2 else [piece] for i, piece in enumerate(CHOICE.split(phrase))]
    return ["".join(choice).strip() for choice in itertools.product(*pieces)]


def _pattern(form: str) -> str:
    """A row of words as a pattern for small letters."""
    parts = re.split(r"(\s*,\s*|\s+…\s+|[\s–&/-]+)", form)
    return "".join(_joint(part) if i % 2 else re.escape(part) for i, part in enumerate(parts))


def _joint(part: str) -> str:
    return GAP if "…" in part else COMMA if "," in part else BETWEEN


def _heads(path: Path, terms: Iterable[tuple[str, Group]]) -> dict[str, Head]:
    """The terms by their first words, long ones first. Raises RelevanceError for one that stands in two groups."""
    owners: dict[str, Group] = {}
    for form, group in terms:
        other = owners.setdefault(form, group)
        _check(other is group, path, f"group.{group.name}", f"terms: {form!r} stands twice (already in {other.name})")
    heads: dict[str, _Node] = {}
    for form, group in owners.items():
        parts = re.split(r"(\s*,\s*|\s+…\s+|[^\w²']+)", form)
        node = heads.setdefault(parts[0], _Node())
        for part, word in zip(parts[1::2], parts[2::2], strict=True):
            node = node.then.setdefault((_joint(part), word), _Node())
        node.group = group
    return {head: _head(node) for head, node in heads.items()}


@dataclass(slots=True)
class _Node:
    """Where a row of words goes on, and the group of the term that may end here."""

    then: dict[tuple[str, str], _Node] = field(default_factory=dict)
    group: Group | None = None

    def depth(self) -> int:
        return 1 + max((node.depth() for node in self.then.values()), default=0)


def _head(head: _Node) -> Head:
    """What follows a first word as one pattern, longer terms first; each end of a term is an empty bracket."""
    groups: list[Group] = []

    def written(node: _Node) -> str:
        joints: dict[str, list[str]] = {}
        for (joint, word), then in sorted(node.then.items(), key=_order):
            joints.setdefault(joint, []).append(re.escape(word) + written(then))
        options = [f"{joint}(?:{'|'.join(rows)})" for joint, rows in joints.items()]
        if node.group is not None:
            groups.append(node.group)
            options.append(r"(?![^\W_])()")
        return f"(?:{'|'.join(options)})"

    return Head(written(head), tuple(groups))


def _order(branch: tuple[tuple[str, str], _Node]) -> tuple[bool, str, int]:
    """Words that follow at once before those after a gap; long rows before short ones."""
    (joint, _), node = branch
    return joint == GAP, joint, -node.depth()


def _check(right: bool, path: Path, place: str, message: str) -> None:
    if not right:
        raise RelevanceError(f"{path}: [{place}] {message}")
