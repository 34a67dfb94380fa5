"""Which party and state documents a text cites: each once, with its code in one form and the words that cite it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from archive.citing import codes, rules, short
from archive.citing.mentions import Mention, Nameless, Reader
from archive.citing.shadow import Shadow, shadow

QUOTE = 200  # letters of a quote, about
_DIGIT = re.compile(r"\d")
_CLAUSE_START = re.compile(r"[.;!?…]\s+|\n")
_CLAUSE_END = re.compile(r"[.;!?…](?=\s|\Z)|\n")
_VAGUE = ("Trung ương", "")


@dataclass(frozen=True, slots=True)
class Citation:
    """A document that a text cites. `code` is its one form ("25-NQ/TW", "12/2018/QĐ-TTg"), `number` the first of it.

    `kind` is the Vietnamese name of its type, `issuer` who issued it in words ("Tỉnh ủy Bình Phước"), `date` ISO 8601
    as far as it is known ("2015-09-25", "2007-04", "2011", ""). `quote` are the words of the text around it as they
    are written, `start` and `end` where the citation itself stands.
    """

    number: str
    code: str
    kind: str
    issuer: str
    date: str
    quote: str
    start: int
    end: int


def find(text: str, *, province: str = "", published: str = "") -> list[Citation]:
    """The documents cited in a text (title, lead and body), in the order in which they are first cited, none twice.

    `province`: of the portal, for TU and other local bodies ("" or "Trung ương": none). `published`: ISO 8601, for
    days that are written without a year.
    """
    if _DIGIT.search(text) is None:
        return []
    known = rules.load()
    shade = shadow(text)
    mentions, nameless = Reader(known, shade, province, published).read()
    if not mentions and not nameless:
        return []
    found: list[Mention] = []
    for mention in map(_by_its_number, sorted(mentions, key=lambda mention: not mention.code.end)):
        _add(found, mention)
    for each in nameless:
        _explain(found, each)
    return [_citation(text, shade, mention) for mention in sorted(found, key=lambda mention: mention.start)]


def key_of(code: str) -> str:
    """What makes two codes one: 05-CT/TW and 5-CT/TW are the same document."""
    return code.lstrip("0").lower()


def _by_its_number(mention: Mention) -> Mention:
    """Nghị quyết 8B is one document, however its code is written."""
    known = rules.load().known.get((mention.kind, short.bare(mention.code.number)))
    if known is None:
        return mention
    code = replace(codes.parse(rules.load(), known.code), end=mention.code.end)
    return replace(mention, code=code, issuer=known.issuer, date=mention.date or known.date)


def _add(found: list[Mention], mention: Mention) -> None:
    """Add a mention, or let it complete the one that cites the same document."""
    for at, other in enumerate(found):
        if _same(other, mention):
            found[at] = replace(
                other,
                date=max(other.date, mention.date, key=len),
                issuer=mention.issuer if other.issuer in _VAGUE else other.issuer,
                kind=mention.kind if mention.stated and not other.stated else other.kind,
                stated=other.stated or mention.stated,
            )
            return
    found.append(mention)


def _same(one: Mention, other: Mention) -> bool:
    if key_of(one.code.text) != key_of(other.code.text):
        return False
    if one.code.year:
        return True
    if not (one.date.startswith(other.date) or other.date.startswith(one.date)):
        return False
    return one.code.body == "TW" or _is_one_issuer(one.issuer, other.issuer)


def _is_one_issuer(one: str, other: str) -> bool:
    """Huyện ủy Bù Đăng may be the "Huyện ủy" of the next line."""
    bare_one, bare_other = one.split(" (")[0], other.split(" (")[0]
    return bare_one.startswith(bare_other) or bare_other.startswith(bare_one)


def _explain(found: list[Mention], nameless: Nameless) -> None:
    """A number without code is the document whose code the text gives elsewhere; it may give that its date."""
    for at, mention in enumerate(found):
        if not short.same(nameless.kind, nameless.number, mention.kind, mention.code):
            continue
        if nameless.date.startswith(mention.date) and nameless.date:
            found[at] = replace(mention, date=nameless.date)
        return


def _citation(text: str, shade: Shadow, mention: Mention) -> Citation:
    start, end = shade.place(mention.start), shade.place(mention.end)
    return Citation(
        number=mention.code.number,
        code=mention.code.text,
        kind=mention.kind,
        issuer=mention.issuer,
        date=mention.date or mention.code.year,
        quote=_quote(text, start, end),
        start=start,
        end=end,
    )


def _quote(text: str, start: int, end: int) -> str:
    """The clause around a citation, cut at words to about QUOTE letters: less in front than behind."""
    room = max(0, QUOTE - (end - start))
    first, last = max(0, start - room // 2), min(len(text), end + room)
    begin = first
    for mark in _CLAUSE_START.finditer(text, first, start):
        begin = mark.end()
    if begin == first and first > 0:
        begin = text.find(" ", first, start) + 1 or start
    stop = _CLAUSE_END.search(text, end, last)
    finish = stop.start() if stop else last
    finish = min(finish, begin + max(QUOTE, end - begin))
    if not stop or finish < stop.start():
        finish = text.rfind(" ", end, finish) if finish < len(text) and " " in text[end:finish] else finish
    return text[begin:finish].strip()
