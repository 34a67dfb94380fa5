"""documents.toml, read once: types of documents, bodies that issue them, and the words that name them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from archive.search import fold

SHIPPED = Path(__file__).with_name("documents.toml")
PROVINCE = "{province}"
WORD = "[^\\W_]"
_ASSEMBLY = re.compile(r"(UBTV)?QH(\d{1,2})")


@dataclass(frozen=True, slots=True)
class Type:
    """A type of document; `letters` are those of its codes, the first the usual ones."""

    kind: str
    letters: tuple[str, ...]
    party: bool


@dataclass(frozen=True, slots=True)
class Body:
    """A body that issues documents. `grammar`: "party", "state", or "" where codes stay as they were written."""

    code: str
    grammar: str
    issuer: str

    @property
    def is_local(self) -> bool:
        """Whether its name is incomplete without the province."""
        return PROVINCE in self.issuer


@dataclass(frozen=True, slots=True)
class Known:
    """A document whose number alone says which it is."""

    kind: str
    number: str
    code: str
    issuer: str
    date: str


class Rules:
    """What documents.toml says, in the forms in which it is asked."""

    def __init__(self, table: dict[str, Any]) -> None:
        words = table["words"]
        self.types = {row["kind"]: _type(row) for row in table["type"]}
        self.letters = {letters.upper(): _written(letters) for row in table["type"] for letters in row["letters"]}
        self.default_kind: dict[str, str] = {}
        self.kinds_of: dict[str, set[str]] = {}
        for row in table["type"]:
            for letters in map(_written, row["letters"]):
                self.kinds_of.setdefault(letters, set()).add(row["kind"])
                if letters not in row.get("by_word", ()):
                    self.default_kind.setdefault(letters, row["kind"])
        self.party_kind = {letters: t.kind for t in self.types.values() if t.party for letters in t.letters}
        self.bodies = {row["code"].upper(): Body(row["code"], row.get("grammar", ""), row["issuer"])
                       for row in table["body"]}  # fmt: skip
        self.bodies |= {body.code.upper(): body for body in _commissions(table)}
        self.units = frozenset(words["units"])
        self.programmes = frozenset(words["programmes"])
        self.with_year = frozenset(words["with_year"])
        self.known = {(row["kind"], row["number"].lower()): Known(**row) for row in table["known"]}
        self.assemblies = sorted(table["assemblies"].items())
        self.cities = frozenset(table["provinces"]["cities"])
        self.kind_words = _kind_words(table["type"])
        self.head = _head(self.kind_words, self.letters, words["modifiers"])
        self.last_words = _last_words([*self.types, *_more_words(table["type"]), *words["modifiers"], "số"])
        self.names: dict[str, str] = {
            _plain(name): row["code"] for row in table["body"] for name in row.get("names", ())
        }
        self.names |= _commission_names(table)
        self.name = re.compile(rf"(?:{_choice(self.names)})(?!{WORD})(?! (?:uy|bo|doan|hoi|mat|mttq|khoi)(?!{WORD}))")
        spelled = {name: name for name in table["provinces"]["names"]} | table["spellings"]
        self.provinces: dict[str, str] = {_plain(name): province for name, province in spelled.items()}
        self.province = re.compile(rf"(?:{_choice(self.provinces)})(?!{WORD})")

    def body(self, code: str) -> Body | None:
        """A body by its letters in a code, capitals or not; the Assemblies by their number."""
        if body := self.bodies.get(code.upper()):
            return body
        if found := _ASSEMBLY.fullmatch(code.upper()):
            return Body(found[0], "state", "Ủy ban Thường vụ Quốc hội" if found[1] else "Quốc hội")
        return None

    def is_party(self, code: str) -> bool:
        """Whether the documents of a body are written the party's way; by its tail, where it is not known."""
        body = self.body(code)
        if body is not None:
            return body.grammar == "party"
        return code.endswith(("TU", "HU", "ThU", "TXU")) or (code.startswith("ĐU") and "-" not in code)

    def assembly(self, date: str) -> int | None:
        """Which Assembly sat on a day, in a month, all through a year; None where that is not certain."""
        at = {number: day for day, number in self.assemblies if day[: len(date)] <= date}
        if not at:
            return None
        number = max(at)
        return None if len(date) < 10 and at[number].startswith(date) else number


def _type(row: dict[str, Any]) -> Type:
    return Type(row["kind"], tuple(map(_written, row["letters"])), row.get("party", False))


def _written(letters: str) -> str:
    """Letters typed without the stroke of Đ are the same letters: QD is QĐ, but HD is no HĐ."""
    return {"QD": "QĐ", "ND": "NĐ", "DA": "ĐA", "QDi": "QĐi", "QyD": "QyĐ", "CTHD": "CTHĐ"}.get(letters, letters)


def _commissions(table: dict[str, Any]) -> Iterable[Body]:
    for letters, name in table["commissions"].items():
        for tail, level in table["levels"].items():
            yield Body(letters + tail, "party", f"{name} {level}")


def _commission_names(table: dict[str, Any]) -> dict[str, str]:
    names: dict[str, str] = {}
    for letters, name in table["commissions"].items():
        for tail, levels in (("TW", ("trung ương", "tw")), ("TU", ("tỉnh ủy", "tu")), ("HU", ("huyện ủy",))):
            names |= {_plain(f"{name} {level}"): letters + tail for level in levels}
    return names


def _plain(words: str) -> str:
    return fold(words).lower()


def _choice(names: Iterable[str]) -> str:
    """A pattern for any of the names, the longest first; a blank in a name is any white space."""
    return "|".join(re.escape(name).replace("\\ ", r"\s+") for name in sorted(names, key=len, reverse=True))


def _kind_words(rows: list[dict[str, Any]]) -> dict[str, str]:
    return {_plain(words): row["kind"] for row in rows for words in (row["kind"], *row.get("words", ()))}


def _more_words(rows: list[dict[str, Any]]) -> Iterable[str]:
    return (words for row in rows for words in row.get("words", ()))


def _last_words(names: Iterable[str]) -> frozenset[str]:
    """The words that may stand right before a number, with and without accents: asked of every number of a text."""
    last = {name.split()[-1].lower() for name in names}
    return frozenset(last | {_plain(word) for word in last})


def _head(kind_words: Iterable[str], letters: Iterable[str], modifiers: Iterable[str]) -> re.Pattern[str]:
    """What stands right before a number: a type in words or letters, "số"; "Nghị quyết (NQ) số: 25"."""
    word = rf"(?P<word>{_choice(kind_words)})(?:\s+(?:{_choice(map(_plain, modifiers))}))?"
    short = rf"(?P<letters>{'|'.join(sorted({_plain(x) for x in letters}, key=len, reverse=True))})"
    named = rf"(?:{word}|{short})(?:\s*\([^()]{{1,12}}\))?[\s\"“”'(]*"
    return re.compile(rf"(?<!{WORD})(?:{named})?(?P<so>(?<!{WORD})so\s*[:.]?\s*)?[\"“(]?\Z")


@cache
def load() -> Rules:
    """The rules that are shipped."""
    return Rules(tomllib.loads(SHIPPED.read_text(encoding="utf-8")))
