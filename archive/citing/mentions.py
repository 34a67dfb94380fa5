"""Going through a text number by number: which of them begin a document's code, and what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from archive.citing import codes, dates, issuers, short
from archive.citing.codes import NUMBER, TAIL, Code
from archive.citing.rules import Rules
from archive.citing.shadow import Shadow

_ITEM = re.compile(
    r"(?P<joint>\s*[,;&+]\s*(?:và\s+)?|\s+(?:và|hay|hoặc)\s+)(?:số\s*:?\s*)?(?P<number>\d{1,5}(?:[A-Za-z](?![^\W_]))?)"
    r"(?!\d)(?:\s?/\s?(?P<year>(?:19|20)\d\d)(?!\d))?",
    re.IGNORECASE,
)
_ITEM_LETTERS = re.compile(r"\s?[-/]\s?(?P<letters>[A-Za-zĐđ]{2,4})(?!\s{0,2}[-/]|[^\W_])")
_OWN_YEAR = re.compile(r"\s?/\s?(?P<year>(?:19|20)\d\d)(?![\d/])")
_JOINED = re.compile(r"\s*(?:[,;&+]\s*)?(?:(?:và|hay|hoặc)\s+)?(?:số\s*:?\s*)?", re.IGNORECASE)
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|html?|aspx)\b", re.IGNORECASE)
_LINK = re.compile(r"://|www\.|\.vn/|/$")
# "Mã số 12-TB/PC", "một số 5-...": numbers, but of no document.
_OTHER_NUMBER = re.compile(
    r"\b(?:ma|bien|tong|mot|con|he|chi|tham|dan|nhieu|khoan|thua|thua dat|lo|mau|dien thoai)\s+\Z"
)
_MOST_ITEMS = 8
_LOOK_BACK = 150


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where a text cites a document. `stated`: its kind is a word of the text, not the code's letters."""

    code: Code
    kind: str
    stated: bool
    issuer: str
    date: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Nameless:
    """A number behind a type word that nothing near says whose it is: "Nghị quyết 27"."""

    kind: str
    number: str
    year: str
    date: str


@dataclass(frozen=True, slots=True)
class Head:
    """What stands right before a number: a type word ("" if none), and whether anything does."""

    kind: str
    said: bool
    start: int
    loose: bool = False  # "văn bản": any type of document


@dataclass(frozen=True, slots=True)
class Item:
    """One number of a list that shares what is before and behind it."""

    number: str
    year: str
    start: int
    end: int


class Reader:
    """Reads one text."""

    def __init__(self, rules: Rules, shade: Shadow, province: str, published: str) -> None:
        self.rules, self.shade, self.text = rules, shade, shade.text
        self.province, self.published = province, published

    def read(self) -> tuple[list[Mention], list[Nameless]]:
        """Every mention, in the order of the text; apart from them the numbers that only the rest may explain."""
        found = list(self._found())
        mentions = _joined(self.text, [each for each in found if isinstance(each, Mention)])
        return mentions, [each for each in found if isinstance(each, Nameless)]

    def _found(self) -> Iterator[Mention | Nameless]:
        done = 0
        for number in NUMBER.finditer(self.text):
            if number.start() < done or not number[0].strip("0"):
                continue
            tail = TAIL.match(self.text, number.end())
            if tail is not None and not self._promises(tail):
                tail = None
            if tail is None and not self._follows_a_type(number.start()):
                continue
            found = self._read(number, tail)
            if found:
                yield from found
                done = max(getattr(mention, "end", 0) for mention in found)

    def _promises(self, tail: re.Match[str]) -> bool:
        """Whether what follows a number may be a code at all: most numbers are followed by plain words."""
        return "/" in tail["between"] or "-" in tail["between"] or (
            len(tail["first"]) > 1 and not tail["first"].islower()
        ) or tail["first"].upper() in self.rules.letters  # fmt: skip

    def _follows_a_type(self, start: int) -> bool:
        before = self.text[max(0, start - 14) : start].rstrip(' :.\n"“(').split()
        if not before:
            return False
        word = before[-1]
        return word.lower() in self.rules.last_words or word.upper() in self.rules.letters or word[-1] == ")"

    def _read(self, number: re.Match[str], tail: re.Match[str] | None) -> list[Mention | Nameless]:
        head = self._head(number.start())
        items = [Item(number[0], "", number.start(), number.end())]
        code = codes.read(self.rules, number[0], tail, head.kind, head.said) if tail else None
        if code is None and head.said:
            items, code = self._list(number, head)
        if code is None:
            return self._short(head, items) if head.kind and not head.loose else []
        if self._in_a_link(head.start, code.end):
            return []
        return list(self._full(head, [*items, *self._one_more(code)], code))

    def _one_more(self, code: Code) -> list[Item]:
        """The second number of "217-QĐ/TW và 218 của Bộ Chính trị"."""
        more = _ITEM.match(self.text, code.end)
        tail = TAIL.match(self.text, more.end("number")) if more else None
        if more is None or (tail and codes.read(self.rules, more["number"], tail, "", True)):
            return []
        named = issuers.after(self.shade, more.end())
        if named is None or issuers.body_named(self.rules, named[0], self.province) != code.body:
            return []
        return [Item(more["number"], more["year"] or "", more.start("number"), more.end())]

    def _head(self, start: int) -> Head:
        window = self.shade.folded(start - 70, start)
        offset = max(0, start - 70)
        found = self.rules.head.search(window)
        if found is None:
            return Head("", False, start)
        word = re.sub(r"\s+", " ", found["word"] or "")
        kind = self.rules.kind_words.get(word, "")
        if found["letters"]:
            written = self.text[offset + found.start("letters") : offset + found.end("letters")]
            if not written[0].isupper():
                return Head("", bool(found["so"]), start)
            kind = self.rules.default_kind.get(self.rules.letters[written.upper()], "")
        if not kind and (not found["so"] or _OTHER_NUMBER.search(window, 0, found.start())):
            return Head("", False, start)
        return Head(kind, True, offset + found.start(), word == "van ban")

    def _list(self, number: re.Match[str], head: Head) -> tuple[list[Item], Code | None]:
        """The numbers joined to the first one, "217, 218" or "217 và 218", and the code that the last one has."""
        items = [self._item(number[0], "", number.start(), number.end(), head.kind)]
        while len(items) < _MOST_ITEMS and (more := _ITEM.match(self.text, items[-1].end)):
            tail = TAIL.match(self.text, more.end("number"))
            code = codes.read(self.rules, more["number"], tail, head.kind, True) if tail else None
            if code is not None:
                return [*items, Item(more["number"], code.year, more.start("number"), code.end)], code
            items.append(self._item(more["number"], more["year"] or "", more.start("number"), more.end(), head.kind))
        return items, None

    def _item(self, number: str, year: str, start: int, end: int, kind: str) -> Item:
        """A number with what of its code it has: its year, "04/2015", or the letters of its type, "25-NQ"."""
        if own := None if year else _OWN_YEAR.match(self.text, end):
            year, end = own["year"], own.end()
        if kind and (typed := _ITEM_LETTERS.match(self.text, end)):
            letters = self.rules.letters.get(typed["letters"].upper())
            if letters and kind in self.rules.kinds_of[letters]:
                end = typed.end()
        return Item(number, year, start, end)

    def _full(self, head: Head, items: list[Item], code: Code) -> Iterator[Mention]:
        kind, stated = self._kind(head, code)
        date, place = self._around(head, max(code.end, items[-1].end))
        for item in items:
            own = code.numbered(item.number, item.year)
            issuer = issuers.issuer(self.rules, own, place, self.province)
            start = head.start if item is items[0] else item.start
            yield Mention(own, kind, stated, issuer, date, start, max(code.end, item.end))

    def _kind(self, head: Head, code: Code) -> tuple[str, bool]:
        """The kind: the type word's; else the letters', or what the words in front of a bracket say of them."""
        if head.kind and not (head.loose and code.letters):
            return head.kind, True
        if not code.letters:
            return self._assembly_kind(head)
        if code.letters in self.rules.party_kind and code.letters == "TT":
            body = self.rules.body(code.body.split("-")[0])
            if code.party or (body is not None and "Mặt trận" in body.issuer):
                return self.rules.party_kind["TT"], False
        if "Quy định" in self.rules.kinds_of[code.letters] and self._named_before(head, "quy dinh", "quyet dinh"):
            return "Quy định", True
        return self.rules.default_kind[code.letters], False

    def _assembly_kind(self, head: Head) -> tuple[str, bool]:
        for kind, word, other in (("Nghị quyết", "nghi quyet", "luat"), ("Bộ luật", "bo luat", "nghi quyet")):
            if self._named_before(head, word, other):
                return kind, True
        return "Luật", self._named_before(head, "luat", "nghi quyet")

    def _named_before(self, head: Head, word: str, other: str) -> bool:
        """Whether "Quy định về ... (số 37-QĐ/TW)" names a type earlier in the sentence, after any other type."""
        window = re.split(r"[.;\n]|\d[-/]", self.shade.folded(head.start - _LOOK_BACK, head.start))[-1]
        at = window.rfind(word)
        return at >= 0 and at > window.rfind(other)

    def _around(self, head: Head, end: int) -> tuple[str, issuers.Place]:
        """The date and the words for the issuer, which may stand behind a code in either order."""
        date, who, position = "", ("", end), end
        for _ in range(4):
            if term := issuers.TERM.match(self.text, position):
                position = term.end()
            elif not date and (dated := dates.after(self.shade, position, self.published)):
                date, position = dated
                if not date:
                    break
            elif not who[0] and (named := issuers.after(self.shade, position)):
                who, position = (named[0], named[1]), named[2]
            else:
                break
        date = date or dates.before(self.shade, head.start, self.published)
        return date, issuers.Place(self.shade, head.start, end, who[0], who[1])

    def _in_a_link(self, start: int, end: int) -> bool:
        token = self.text[max(0, start - 200) : start].split(" ")[-1].split("\n")[-1]
        return bool(_LINK.search(token)) or _FILE.match(self.text, end) is not None

    def _short(self, head: Head, items: list[Item]) -> list[Mention | Nameless]:
        """Numbers without a code: made from the words behind them, or left for the rest of the text to explain."""
        end = items[-1].end
        date, place = self._around(head, end)
        found: list[Mention | Nameless] = []
        at, who = place.who_at if place.who else end, place.who or issuers.words_before(self.shade, head.start)
        behind = self.shade.folded(at, at + 90)
        for item in items:
            code = short.composed(self.rules, head.kind, item.number, item.year, who, behind, date, self.province)
            if code is None:
                found.append(Nameless(head.kind, item.number, item.year, date))
            else:
                issuer = issuers.issuer(self.rules, code, place, self.province)
                found.append(Mention(code, head.kind, True, issuer, date, head.start, end))
        return found


def _joined(text: str, mentions: list[Mention]) -> list[Mention]:
    """What "37-QĐ/TW và 41-QĐ/TW ngày ..." says once holds for both: the type word in front, the date behind."""
    for at in range(1, len(mentions)):
        first, second = mentions[at - 1], mentions[at]
        if not second.stated and _are_joined(text, first, second):
            mentions[at] = replace(second, kind=first.kind, stated=first.stated)
    for at in range(len(mentions) - 1, 0, -1):
        first, second = mentions[at - 1], mentions[at]
        if not first.date and second.date and _are_joined(text, first, second):
            mentions[at - 1] = replace(first, date=second.date, issuer=second.issuer)
    return mentions


def _are_joined(text: str, first: Mention, second: Mention) -> bool:
    if (first.code.letters, first.code.body) != (second.code.letters, second.code.body) or first.code.year:
        return False
    return second.start > first.end and _JOINED.fullmatch(text, first.end, second.start) is not None
