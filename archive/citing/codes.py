"""Reading the code of a document, "25 – NQ/TW", and writing it in its one form, "25-NQ/TW".

Two grammars must not be mixed. The party writes number-TYPE/BODY; the state writes number[/year]/TYPE-BODY. Which one
a code follows is said by its body, so that "30/CT/TW" and "30/CT-TW" are 30-CT/TW and "40-KH/UBND" is 40/KH-UBND.
Where the body does not say (the Front, the unions, bodies nobody listed) the code stays as it was written: with a slash
after the number the state's way, "04/NQ/ĐCT-MTTW" as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.citing.rules import Rules

BLANKS = r"\s{0,2}"
SEPARATOR = rf"{BLANKS}[-/]{{1,2}}{BLANKS}"
TOKEN = r"(?:[Tt]\.\s?[ƯưWwUu](?![^\W_])|&(?=[A-ZĐ])|[A-Za-zĐđƯư])+\d{0,3}"
# A number: one to five digits, perhaps a letter; "1.461", "25/9" and "3,5" are none; "66.25/2026/NQ-CP" is.
# The pattern begins with the digit and looks back from behind it: five times quicker than looking back first.
NUMBER = re.compile(
    r"[0-9](?:(?<![\d./,-].)[0-9]{0,2}\.[0-9]{1,3}(?=\s?/\s?20\d\d\s?/)"
    r"|(?:(?<!\d.)(?<!\d[./,-].)|(?<=\d\d,\d)(?=\d))[0-9]{0,4}(?:[A-Za-zĐđ](?![^\W_]))?(?!\d))"
)
TAIL = re.compile(
    rf"(?:{BLANKS}/{BLANKS}(?P<year>(?:19|20)\d\d)(?!\d))?"
    rf"(?P<between>{BLANKS}[-/]{{0,2}}{BLANKS})(?P<first>{TOKEN})(?P<rest>(?:{SEPARATOR}{TOKEN}){{0,6}})(?![^\W_])"
)
_NEXT = re.compile(rf"\s({TOKEN})(?![^\W_])")
_PART = re.compile(rf"({SEPARATOR})({TOKEN})")


@dataclass(frozen=True, slots=True)
class Code:
    """A code taken apart: "12/2018/QĐ-TTg" is 12, 2018, QĐ, TTg, state. `end` is where it ends in the text."""

    number: str
    year: str
    letters: str
    body: str
    party: bool
    end: int = 0

    @property
    def text(self) -> str:
        """The code in its one form."""
        if self.party:
            return f"{self.number}-{self.letters}/{self.body}"
        tail = "-".join(part for part in (self.letters, self.body) if part)
        return "/".join(part for part in (self.number, self.year, tail) if part)

    def numbered(self, number: str, year: str = "") -> Code:
        """The code of another number that shares the suffix: 217 in "217, 218-QĐ/TW"."""
        return Code(number, year or self.year, self.letters, self.body, self.party, self.end)


@dataclass(frozen=True, slots=True)
class Part:
    """One run of letters of a code, what parts it from the one before, and where it ends."""

    between: str
    letters: str
    end: int

    @property
    def spaced(self) -> bool:
        """Whether blanks stand on both sides of the separator, as around a dash between clauses."""
        return self.between[:1].isspace() and self.between[-1:].isspace()


def read(rules: Rules, number: str, tail: re.Match[str], kind: str, said: bool) -> Code | None:
    """The code that begins with a number; None where the letters behind it are none of a document.

    `kind`: the type word before the number, or ""; `said`: whether a type word or "số" stands there.
    """
    year = tail["year"] or ""
    parts = [Part(tail["between"], tail["first"], tail.end("first"))]
    parts += [Part(p[1], p[2], tail.start("rest") + p.end()) for p in _PART.finditer(tail["rest"])]
    letters = rules.letters.get(parts[0].letters.upper())
    if letters is None and (glued := _unglued(rules, parts[0])):
        letters, parts = rules.letters[glued[0].letters.upper()], [*glued, *parts[1:]]
    if letters and kind and len(parts) == 1:
        parts += _spaced_out(rules, tail)
    body = _body_of(rules, parts[1:] if letters else parts)
    if not body:
        return None
    name = "-".join(part.letters for part in body)
    if letters is None:
        return _without_letters(rules, number, year, name, parts[0], body[-1].end, kind)
    if not said and not _stands_alone(rules, letters, name, parts):
        return None
    return Code(number, year, letters, name, _is_party(rules, year, name, parts), body[-1].end)


def _stands_alone(rules: Rules, letters: str, body: str, parts: list[Part]) -> bool:
    """Whether letters make a code where neither a type word nor "số" says so: "12 TB NSNN" and "12-TB/PC" are none."""
    first = body.split("-")[0]
    if rules.body(first) is not None or rules.is_party(first):
        return bool(parts[0].between.strip()) or "/" in parts[1].between  # "20 TB-CP" are things
    return len(letters) > 1 and "/" in parts[0].between and "-" in parts[1].between


def parse(rules: Rules, text: str) -> Code:
    """A code that is written in its one form, taken apart. Raises ValueError if it is none."""
    number = NUMBER.match(text)
    tail = TAIL.match(text, number.end()) if number else None
    code = read(rules, number[0], tail, "", True) if number and tail else None
    if code is None:
        raise ValueError(f"{text!r} is no code of a document")
    return code


def _unglued(rules: Rules, part: Part) -> list[Part]:
    """NQTW, without its slash, is NQ and TW."""
    for size in range(len(part.letters) - 2, 1, -1):
        letters, body = part.letters[:size], part.letters[size:]
        if letters.upper() in rules.letters and rules.body(_plain_body(body)) is not None:
            return [Part(part.between, letters, part.end - len(body)), Part("", body, part.end)]
    return []


def _spaced_out(rules: Rules, tail: re.Match[str]) -> list[Part]:
    """The body of "Nghị quyết 25 NQ TW", without any separator: only one that is known."""
    found = _NEXT.match(tail.string, tail.end())
    return [Part(" ", found[1], found.end())] if found and rules.body(_plain_body(found[1])) is not None else []


def _body_of(rules: Rules, parts: list[Part]) -> list[Part]:
    """The parts that name the body; what follows a spaced dash is text again, but for a known unit."""
    body: list[Part] = []
    for part in parts:
        name = _plain_body(part.letters)
        listed = rules.body(name)
        name = listed.code if listed else name
        is_code = listed is not None or (len(name) >= 2 and name.upper() == name)
        if not is_code or (body and part.spaced and name not in rules.units):
            break
        body.append(Part(part.between, name, part.end))
    return body


def _plain_body(letters: str) -> str:
    """TƯ, T.Ư and T.W are TW: TƯH is TWH, BDVTƯ is BDVTW. Never TU."""
    letters = re.sub(r"\.\s?", "", letters)
    return re.sub(r"T[ƯưWw](?![a-zđư])", "TW", letters) if letters[:1].isupper() else letters.replace("tư", "TW")


def _is_party(rules: Rules, year: str, body: str, parts: list[Part]) -> bool:
    if year:
        return False
    listed = rules.body(body) or rules.body(body.split("-")[0])
    if listed is not None and listed.grammar:
        return listed.grammar == "party"
    if listed is None and rules.is_party(body.split("-")[0]):
        return True
    if not parts[0].between.strip():
        return parts[1].between.strip() != "-"
    return "/" not in parts[0].between


def _without_letters(rules: Rules, number: str, year: str, body: str, first: Part, end: int, kind: str) -> Code | None:
    """Codes without letters of a type: công văn (935/UBDT-TTTT), the Assembly's (22/2003/QH11), old ones (22-TW)."""
    listed = rules.body(body.split("-")[0])
    if year:
        is_assembly = listed is not None and listed.code.startswith(("QH", "UBTVQH"))
        return Code(number, year, "", body, False, end) if is_assembly else None
    if not kind or (listed is None and "/" not in first.between) or not first.between.strip():
        return None
    if listed is not None and listed.grammar == "party" and kind != "Công văn":
        return Code(number, "", rules.types[kind].letters[0], body, True, end)
    if kind != "Công văn" and listed is None:
        return None
    return Code(number, "", "", body, False, end)
