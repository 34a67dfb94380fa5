"""Whether an article is about mass-mobilization work (công tác dân vận), judged by its own words as an editor would.

General party portals (`keep = "dan-van"`) carry everything; only this work goes into the published copy. The words
are data, in relevance.toml: the work by its name ("dân vận khéo", "Ban Dân vận"), its fields where it is not named
(religion, ethnic minorities, democracy at the grass roots, dialogue, oversight, people of trust, land given, soldiers
among the people), the actors (the Front, mass organisations, armed forces), and other topics (sport, stage, trade ...).

*Words.* The pair "dân vận" also stands across a word boundary ("người dân vận chuyển", "nông dân vận hành"), so a term
may be told by what stands beside it. Guests, thanks and occasions ("giải bóng đá chào mừng Ngày truyền thống ...") are
passing mentions, and are worth little.

*Place.* A title says what an article is about, its lead nearly as surely; there each term counts once. In the body
counts how dense the terms stand: twice in a note is its topic, twice in a report of ten pages is not. Where the title
speaks for one side alone, the points of the other are cut. What a section or tag says is added, but is less than any
strong term of the text.

*Verdict.* score = for / (for + against + doubt), 0..1; the topic is "dan-van" from the threshold on. `why` names the
terms that weighed most, by place; "−" marks those of another topic, brackets what was said in passing. The version of
the rules is kept beside it: what other rules judged can be judged again.
"""

from __future__ import annotations

import hashlib
import itertools
import math
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from archive.search import normalise, visible

SHIPPED = Path(__file__).with_name("relevance.toml")
ABOUT, OTHER = "dan-van", "other"
FOR, WITH, AGAINST = "for", "with", "against"
CONTEXTS = ("not_followed_by", "not_preceded_by", "needs_one_of", "passing_after")
TITLE, LEAD, BODY, SECTION, TAGS = "tiêu đề", "sapo", "nội dung", "chuyên mục", "thẻ"
IN_PASSING, NOTHING = "nhắc qua", "không có từ nào về công tác dân vận"

BETWEEN = "[ \\-–—‑−/&\"'“”„‘’«»()]{1,4}"  # what parts two words of a term: a blank, quotes, a dash
COMMA = '[ ,\\-–—“”"]{1,4}'
GAP = rf"(?:{BETWEEN}[^\W_]+){{0,6}}?{BETWEEN}"
WORD = re.compile(r"[^\W_]+")
ODD_BLANKS = re.compile(r"[^\S\n ]| {2}")
BLANKS = re.compile(r"[^\S\n]+")
SENTENCE_END = re.compile(r"[.!?…](?=\s)|\n")
CHOICE = re.compile(r"\(([^()]*)\)")
TERM = re.compile(r"[\w ,;:.²'&/|()…%–-]+")
BEHIND = 24  # letters that not_preceded_by looks back


class RelevanceError(ValueError):
    """relevance.toml is wrong; the message names the file, the table and the entry."""


@dataclass(frozen=True, slots=True)
class Relevance:
    """A verdict: "dan-van" or "other"; 0..1; the words that decided it, as they stand in the text, by place."""

    topic: str
    score: float
    why: str


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


@dataclass(frozen=True, slots=True)
class Rules:
    """What load() read. `heads`: by its first word, the terms that begin so, and the group of each alternative."""

    version: str
    method: Method
    groups: tuple[Group, ...]
    heads: Mapping[str, tuple[re.Pattern[str], tuple[Group, ...]]]


# ---------------------------------------------------------------- judging


@dataclass(slots=True)
class _Place:
    """The terms of a title, lead, body ...: how often each stands, and how it was written first."""

    name: str
    counts: Counter[tuple[Group, str, bool]] = field(default_factory=Counter)
    written: dict[str, str] = field(default_factory=dict)
    words: int = 0

    def sides(self) -> set[str]:
        """The sides that stand here, and not in passing."""
        return {group.side for group, _, passing in self.counts if group.side != WITH and not passing}

    def weights(self, method: Method, side: str, *, repeat: bool = False) -> dict[tuple[Group, str, bool], float]:
        """The weight of each term of a side: repeated in a body it grows, elsewhere it counts once."""
        return {
            term: term[0].weight * (method.passing if term[2] else 1) * (count**method.repeat if repeat else 1)
            for term, count in self.counts.items()
            if term[0].side == side
        }


def judge(
    rules: Rules, title: str, lead: str, body: str, sections: Sequence[str] = (), tags: Sequence[str] = ()
) -> Relevance:
    """The verdict on an article. Any text may be empty; `body` has its paragraphs parted by line ends."""
    method = rules.method
    texts = ((TITLE, title), (LEAD, lead), (BODY, body[: method.letters]))
    places = [_read(rules, name, text) for name, text in texts]
    places += [_read(rules, name, "\n".join(texts)) for name, texts in ((SECTION, sections), (TAGS, tags))]
    pro, contra = _points(method, places, FOR), _points(method, places, AGAINST)
    score = round(pro / (pro + contra + method.doubt), 3)
    return Relevance(ABOUT if score >= method.threshold else OTHER, score, _why(method, places))


def _points(method: Method, places: list[_Place], side: str) -> float:
    """The points of a side. Actors join "for" where the text has something for itself, as one however many."""
    factors = {TITLE: method.title, LEAD: method.lead, SECTION: method.section, TAGS: method.tags}
    alone = not any(term[0].side == FOR for place in places[:3] for term in place.counts)
    points = 0.0
    title = places[0].sides()
    contradicted = bool(title) and side not in title
    for place in places:
        weight = sum(place.weights(method, side, repeat=place.name == BODY).values())
        if side == FOR and not alone:
            weight += max(place.weights(method, WITH).values(), default=0.0)
        if place.name == BODY:
            points += _body_points(method, weight, place.words)
        else:
            points += factors[place.name] * min(weight, 1.0 if place.name in (SECTION, TAGS) else method.most)
    return points * (method.contradicted if contradicted else 1)


def _body_points(method: Method, weight: float, words: int) -> float:
    """A body's points by the weight of its terms in 100 words, long texts counted as shorter than they are."""
    length = method.short * max(1.0, words / method.short) ** method.stretch
    return float(method.body * (1 - math.exp(-weight * 100 / length / method.dense)))


def _read(rules: Rules, name: str, text: str) -> _Place:
    """The terms of a text, the longest at each word; the words of one that counts are not read again."""
    place = _Place(name)
    if not text:
        return place
    text = normalise(_one_blank(visible(text)))
    low = _lower(text)
    end = 0
    for word in WORD.finditer(low):
        place.words += 1
        start = word.start()
        head = rules.heads.get(word[0])
        if head is None or start < end or (found := head[0].match(low, word.end())) is None:
            continue
        assert found.lastindex is not None
        group = head[1][found.lastindex - 1]
        sense = _sense(group, low, start, found.end(), rules.method.reach)
        if sense is not None:
            end = found.end()
            form = low[start:end]
            place.counts[(group, form, sense and (name != TITLE or group.passing_in_title))] += 1
            place.written.setdefault(form, text[start:end])
    return place


def _sense(group: Group, low: str, start: int, end: int, reach: int) -> bool | None:
    """Whether a term stands there in passing; None if it is another word, or what it needs is not beside it."""
    if group.not_followed_by is not None and group.not_followed_by.match(low, end):
        return None
    if group.not_preceded_by is not None and group.not_preceded_by.search(low[max(0, start - BEHIND) : start]):
        return None
    if group.needs_one_of is None and group.passing_after is None:
        return False
    before = SENTENCE_END.split(low[max(0, start - reach) : start])[-1]
    if group.needs_one_of is not None:
        after = SENTENCE_END.split(low[end : end + reach], maxsplit=1)[0]
        if not (group.needs_one_of.search(before) or group.needs_one_of.search(after)):
            return None
    return group.passing_after is not None and group.passing_after.search(before) is not None


def _one_blank(text: str) -> str:
    return BLANKS.sub(" ", text) if ODD_BLANKS.search(text) else text


def _lower(text: str) -> str:
    """Small letters, as many as there were: "İ" would become two."""
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)


def _why(method: Method, places: list[_Place]) -> str:
    """The deciding words by place; what is against comes after what is for, and has its sign."""
    told = []
    for place in places:
        weights: dict[tuple[Group, str, bool], float] = {}
        for side in (FOR, WITH, AGAINST):
            weights |= place.weights(method, side, repeat=True)
        heaviest = sorted(weights, key=lambda term: -weights[term])[: method.words]
        if heaviest:
            told.append(f"{place.name}: {', '.join(_told(place, term) for term in sorted(heaviest, key=_is_against))}")
    about = any(term[0].side == FOR for place in places for term in place.counts)
    return "; ".join(told if about else [NOTHING, *told])


def _is_against(term: tuple[Group, str, bool]) -> bool:
    return term[0].side == AGAINST


def _told(place: _Place, term: tuple[Group, str, bool]) -> str:
    group, form, passing = term
    count = place.counts[term]
    sign, times, note = "−" if group.side == AGAINST else "", f" ×{count}" if count > 1 else "", f" ({IN_PASSING})"
    return f"{sign}{place.written[form]}{times}{note if passing else ''}"


# ---------------------------------------------------------------- reading the rules


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


def _heads(path: Path, terms: Iterable[tuple[str, Group]]) -> dict[str, tuple[re.Pattern[str], tuple[Group, ...]]]:
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
    return {head: _compiled(node) for head, node in heads.items()}


@dataclass(slots=True)
class _Node:
    """Where a row of words goes on, and the group of the term that may end here."""

    then: dict[tuple[str, str], _Node] = field(default_factory=dict)
    group: Group | None = None

    def depth(self) -> int:
        return 1 + max((node.depth() for node in self.then.values()), default=0)


def _compiled(head: _Node) -> tuple[re.Pattern[str], tuple[Group, ...]]:
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

    return re.compile(written(head)), tuple(groups)


def _order(branch: tuple[tuple[str, str], _Node]) -> tuple[bool, str, int]:
    """Words that follow at once before those after a gap; long rows before short ones."""
    (joint, _), node = branch
    return joint == GAP, joint, -node.depth()


def _check(right: bool, path: Path, place: str, message: str) -> None:
    if not right:
        raise RelevanceError(f"{path}: [{place}] {message}")
