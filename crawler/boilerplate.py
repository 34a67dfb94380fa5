"""Page furniture by its words: reads boilerplate.toml, and tells what kind of furniture a line is.

Only a whole line counts. "Chia sẻ" under a text is a button; "Chia sẻ với bà con, ông nói ..." is a sentence. A line
may be several phrases of one kind in a row, as counters are in a dump of a page: "Đang truy cập8 Hôm nay1,682".
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from archive.search import normalise
from crawler.cms import FAMILIES

SHIPPED = Path(__file__).with_name("boilerplate.toml")
LINE_KINDS = (
    *("counter", "tool", "related", "comments", "rating", "session", "footer", "licence", "breadcrumb", "clock"),
    *("placeholder", "label"),
)
LEAD_IN = "lead-in"
PAGE_KINDS = ("soft404", "flood", "login", "draft")
KINDS = (*LINE_KINDS, LEAD_IN, *PAGE_KINDS)
LONGEST_LINE = 400  # letters; what is longer is a paragraph, whatever it begins with
HEAD = 5  # letters

NUMBER = r"\d+(?:[.,]\d+)*"
WEEKDAY = r"(?:thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật|cn|t[2-7])"
BETWEEN = r"[ |.,;:·/()-]*"  # what may stand between two phrases of one line
SAME = str.maketrans("–—‑−“”„‘’", '----"""' + "''")
IN_FRONT, BEHIND = " »›>→▶•·▪-|", " :.…»›>→▶|-"
# A phrase in pieces: a sign with the blanks and colons before it, a colon, a blank, plain words.
PIECE = re.compile(
    r"(?P<gap>[ :(]*)(?P<sign>[#@*])|(?P<colon> ?: ?)|(?P<blank> )|(?P<words>[^ :#@*]+?(?=\(?[ :#@*]|$))"
)

Scope = Mapping[str, tuple[str, ...]]  # kind -> phrases


class BoilerplateError(ValueError):
    """boilerplate.toml is wrong; the message names the file, the table and the kind."""


def fold(text: str) -> str:
    """The form in which lines are compared: one case, one tone placement, one blank, dash and quote."""
    return " ".join(normalise(text).translate(SAME).casefold().split())


def bare(text: str) -> str:
    """A folded line without bullets in front, and without colons, dots and arrows behind."""
    return fold(text).lstrip(IN_FRONT).rstrip(BEHIND)


@dataclass(frozen=True)
class Phrases:
    """The furniture of one portal.

    exact   folded phrases with their kind
    lines   the phrases with signs, and rows of phrases: a group a kind
    heads   the first letters of all of them: nine lines of ten are told from furniture by these
    page    kind and words of what is looked for in whole pages
    tags    the sources' marks
    """

    exact: Mapping[str, str]
    lines: re.Pattern[str] | None
    heads: frozenset[str]
    page: tuple[tuple[str, str], ...]
    tags: re.Pattern[str] | None

    @classmethod
    def of(cls, scope: Scope) -> Phrases:
        """The phrases of a scope, made ready: once a portal, not once a line."""
        exact: dict[str, str] = {}
        patterns: dict[str, str] = {}
        heads: set[str] = set()
        for kind in LINE_KINDS:
            phrases = [bare(phrase) for phrase in scope.get(kind, ())]
            exact |= {stem: kind for phrase in phrases if (stem := _stem(phrase))}
            heads.update(*map(_heads, phrases))
            if pattern := _alternation(phrases):
                patterns[kind] = pattern
        tags = [re.escape(unicodedata.normalize("NFC", phrase).rstrip(" -–—")) for phrase in scope.get(LEAD_IN, ())]
        heads.update(*(_heads(bare(phrase)) for phrase in scope.get(LEAD_IN, ())))
        return cls(
            exact,
            re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in patterns.items())) if patterns else None,
            frozenset(heads),
            tuple((kind, form) for kind in PAGE_KINDS for p in scope.get(kind, ()) for form in _forms(p)),
            re.compile(rf"(?:{'|'.join(tags)})\s*[-–—]\s*") if tags else None,
        )

    def kind_of(self, line: str) -> str | None:
        """The kind of furniture that a whole line is; None for the text of an article."""
        if not line or len(line) > LONGEST_LINE:
            return None
        head = _head(line)
        if not (head[:1].isdigit() or any(head[:length] in self.heads for length in range(1, HEAD + 1))):
            return None
        text = bare(line)
        if (kind := self.exact.get(text)) is not None:
            return kind
        if self.lines is not None and (found := self.lines.fullmatch(text)) is not None:
            return found.lastgroup
        tag, rest = self.source_tag(line)
        return LEAD_IN if tag and not rest else None

    def source_tag(self, line: str) -> tuple[str, str]:
        """The source's mark that a line begins with, and the rest: "(TGAG) - Sáng nay" -> "TGAG", "Sáng nay"."""
        text = unicodedata.normalize("NFC", line).strip()
        found = self.tags.match(text) if self.tags is not None else None
        if found is None:
            return "", line
        return found[0].rstrip(" -–—\u00a0").strip("()"), text[found.end() :]

    def in_page(self, text: str) -> frozenset[str]:
        """What a page says of itself, anywhere in its text or its HTML: flood, soft404, login, draft."""
        text = unicodedata.normalize("NFC", text).lower().replace("\u00a0", " ").replace("&nbsp;", " ")
        return frozenset(kind for kind, words in self.page if words in text)


@dataclass(frozen=True)
class Boilerplate:
    """All furniture, by where it may stand."""

    everywhere: Scope = field(default_factory=dict)
    family: Mapping[str, Scope] = field(default_factory=dict)
    portal: Mapping[str, Scope] = field(default_factory=dict)
    _ready: dict[tuple[str, str], Phrases] = field(default_factory=dict, repr=False, compare=False)

    def for_portal(self, family: str, portal_key: str) -> Phrases:
        """The phrases that hold at a portal: everywhere's, its family's, its own. A later one's kind wins."""
        names = (family if family in self.family else "", portal_key if portal_key in self.portal else "")
        if names not in self._ready:
            scopes = (self.everywhere, self.family.get(names[0], {}), self.portal.get(names[1], {}))
            self._ready[names] = Phrases.of(_merged(scopes))
        return self._ready[names]


def load(path: Path | None = None) -> Boilerplate:
    """The furniture of a file, by default the project's own. Each file is read once. Raises BoilerplateError."""
    return _load(path if path is not None else SHIPPED)


@cache
def _load(path: Path) -> Boilerplate:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BoilerplateError(f"{path} cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise BoilerplateError(f"{path}: {error}") from error
    for name in table:
        if name not in ("everywhere", "family", "portal"):
            raise BoilerplateError(f"{path}: [{name}] is unknown; known are everywhere, family.<name>, portal.<key>")
    families, portals = (_tables(path, name, table.get(name, {})) for name in ("family", "portal"))
    for name in families:
        if name not in FAMILIES:
            raise BoilerplateError(f"{path}: [family.{name}] is no CMS family; known are {', '.join(FAMILIES)}")
    return Boilerplate(_scope(path, "everywhere", table.get("everywhere", {})), families, portals)


def _tables(path: Path, name: str, table: Any) -> dict[str, Scope]:
    if not isinstance(table, dict):
        raise BoilerplateError(f"{path}: [{name}] must hold tables, not {table!r}")
    return {key: _scope(path, f"{name}.{key}", inner) for key, inner in table.items()}


def _scope(path: Path, place: str, table: Any) -> Scope:
    if not isinstance(table, dict):
        raise BoilerplateError(f"{path}: [{place}] must be a table, not {table!r}")
    met: dict[str, str] = {}
    for kind, phrases in table.items():
        where = f"{path}: [{place}] {kind}"
        if kind not in KINDS:
            raise BoilerplateError(f"{where}: unknown kind; known are {', '.join(KINDS)}")
        if not isinstance(phrases, list):
            raise BoilerplateError(f"{where}: must be a list of texts, not {phrases!r}")
        for phrase in phrases:
            if (why := _fault(kind, phrase)) is not None:
                raise BoilerplateError(f"{where}: {phrase!r} {why}")
            if (other := met.get(bare(phrase))) is not None:
                raise BoilerplateError(f"{where}: {phrase!r} stands twice (already in {other})")
            met[bare(phrase)] = kind
    return {kind: tuple(phrases) for kind, phrases in table.items()}


def _fault(kind: str, phrase: Any) -> str | None:
    """What is wrong with a phrase; None if nothing is."""
    if not isinstance(phrase, str):
        return "is no text"
    if "@" not in phrase and sum(letter.isalpha() for letter in phrase) < 2:
        return "has no words: it would take any line for furniture"
    if kind in (*PAGE_KINDS, LEAD_IN) and set("#@*") & set(phrase):
        return "must be plain words: #, @ and * are for lines"
    if kind == LEAD_IN and not phrase.endswith("-"):
        return "must end in the dash that parts it from the sentence"
    return "has signs that touch: no end could be told" if re.search(r"\*[#@*]|[#@][#@]", phrase) else None


def _merged(scopes: tuple[Scope, ...]) -> Scope:
    """The phrases of several scopes by kind; one that stands in two keeps the later one's kind."""
    kinds = {bare(phrase): (kind, phrase) for scope in scopes for kind, phrase in _each(scope)}
    merged: dict[str, list[str]] = {}
    for kind, phrase in kinds.values():
        merged.setdefault(kind, []).append(phrase)
    return {kind: tuple(phrases) for kind, phrases in merged.items()}


def _each(scope: Scope) -> Iterator[tuple[str, str]]:
    return ((kind, phrase) for kind, phrases in scope.items() for phrase in phrases)


def _stem(phrase: str) -> str:
    """The line that a phrase is when nothing stands for its signs: itself, or a label alone; "" where there is none."""
    if not set("#@*") & set(phrase):
        return phrase
    stem = phrase.removesuffix("*")
    return stem.rstrip(BEHIND) if stem.rstrip().endswith(":") and not set("#@*") & set(stem) else ""


def _alternation(phrases: list[str]) -> str:
    """One pattern for a kind: its phrases in a row, or one with any words in it. Long ones first: they say more."""
    ordered = sorted(phrases, key=len, reverse=True)
    closed = "|".join(_pattern(phrase) for phrase in ordered if "*" not in phrase)
    options = [_pattern(phrase) for phrase in ordered if "*" in phrase]
    if closed:
        # Atomic, so that a long line that fails at its end is not tried in every division.
        options.append(f"(?>{closed})(?:{BETWEEN}+(?>{closed}))*+")
    return "|".join(options)


def _pattern(phrase: str) -> str:
    """A folded phrase as a pattern for folded lines."""
    out: list[str] = []
    before = ""
    for piece in PIECE.finditer(phrase):
        if piece["sign"]:
            out.append(_sign(piece["sign"], piece["gap"], before))
            before = piece["sign"]
            continue
        if piece["colon"]:
            out.append(" ?: ?")
        elif piece["blank"]:
            out.append(" ?" if before == "#" else " ")  # "0Phản hồi"
        else:
            out.append(re.escape(piece["words"]))
        before = ""
    return "".join(out)


def _sign(sign: str, gap: str, before: str) -> str:
    """A sign with what parts it from the words before it."""
    written = re.escape(gap).replace(r"\ ", " ?")
    if sign == "@":
        return written + WEEKDAY
    if sign == "#":
        loose = "[ :(]*" if set(gap) & set(" :") and before != "#" else written
        return rf"{loose}{NUMBER}\)?"
    if ":" in gap:
        return " ?:.*"
    return "(?: .*)?" if gap == " " else f"{written}.*"


def _head(line: str) -> str:
    """The first letters and digits of a line, accents off: quick, and the same for every way to write them."""
    start = unicodedata.normalize("NFD", line.lstrip()[:12].casefold())
    return "".join(letter for letter in start if letter.isalnum())[:HEAD].replace("ð", "đ")


def _heads(phrase: str) -> set[str]:
    """How a line of a phrase may begin; nothing where it begins with a number, which needs no list."""
    first = re.split(r"[#*]", phrase, maxsplit=1)[0]
    if first.startswith("@"):
        return {"thu", "chu", "cn", *(f"t{day}" for day in range(2, 8))}
    return {_head(first)} - {""}


def _forms(phrase: str) -> set[str]:
    """A phrase in the archive's tone placement and as it is written, in small letters."""
    return {unicodedata.normalize("NFC", form).lower() for form in (normalise(phrase), phrase)}
