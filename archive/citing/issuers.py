"""Who issued a cited document: the body of its code, in words, with the province and the names that the text gives.

TW does not say whether the Politburo, the Secretariat or the Central Committee wrote it: the words around do. TU is the
committee of the province that the text names, else of the source's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.citing.codes import Code
from archive.citing.rules import PROVINCE, Rules
from archive.citing.shadow import Shadow
from archive.search import normalise

CENTRE = "Trung ương"
_STOP = "về|ngày|năm|tháng|ban hành|khóa|khoá|gắn|trong|tại|cho|đến|trên|được|đã|nhằm|là|để|quy định|VỀ|NGÀY"
# "của Ban Thường vụ Tỉnh ủy", "do Bộ Chính trị ban hành", ", Bộ Chính trị"; what comes next ends it. Accents and small
# letters count for what ends it: "năm" does, the Nam of Hà Nam does not.
AFTER = re.compile(
    r"\s*[,;(]?\s*(?:(?:…|\.{3})\s*)?(?:(?:được\s+|do\s+)?(?:ban hành|ký)\s+)?(?P<of>(?i:của|do)\s+)?"
    r"(?P<who>[^,;.()\n\d]{2,90}?)"
    rf"(?=\s*(?:[,;.()\n\d]|\Z|\s(?:{_STOP})(?![^\W_])))"
)
TERM = re.compile(r"\s*[,(]?\s*kh(?:óa|oá|oa)\s+[ivx]+\b\s*\)?", re.IGNORECASE)
_PREFIX = re.compile(
    r"(?:(?:hoi nghi(?: lan thu [^\s]+)?|dang uy|thuong truc|ban thuong vu|btv|ban chap hanh dang bo tinh|"
    r"ban chap hanh|bch)\s+(?=\S))?"
)
_CENTRAL = (
    ("Bộ Chính trị", re.compile(r"(?<![^\W_])(?:bo\s+chinh\s+tri|bct)(?![^\W_])")),
    ("Ban Bí thư", re.compile(r"(?<![^\W_])(?:ban\s+bi\s+thu|bbt)(?![^\W_])")),
    (
        "Ban Chấp hành Trung ương",
        re.compile(r"(?<![^\W_])(?:ban\s+chap\s+hanh|bch)\s*(?:trung\s+uong|tw|t\.w)(?!\s+(?:doan|hoi)\b)"),
    ),
)
_ISSUES = re.compile(r"\s*(?:da\s+|vua\s+)?(?:ban hanh|ky ban hanh|ra|ky|thong qua|co)\s*(?:cac\s+)?\Z")
_COMMITTEE = re.compile(r"(?<![^\W_])(?P<what>thanh|thi|huyen|quan)\s+uy(?![^\W_])")
_FURTHER_DOWN = re.compile(r"(?:ubnd|hdnd|nhan dan)\s+(?:huyen|quan|xa|phuong|thi xa|thi tran|thanh pho)(?=\s)")
# Committees of these codes have a name of their own, which their words may give: "Huyện ủy Hiệp Hòa".
_NAMED = {"HU": "huyen", "ThU": "thanh", "QU": "quan", "TXU": "thi", "ĐU": "dang"}
_UNITS = ("xã", "phường", "huyện", "tỉnh", "thành", "thị", "khối")
_WORDS = {"huyen": "Huyện ủy", "thanh": "Thành ủy", "quan": "Quận ủy", "thi": "Thị ủy", "dang": "Đảng ủy"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a citation stands: between `start` and `end` the codes, `who` the folded words that name its issuer."""

    shade: Shadow
    start: int
    end: int
    who: str
    who_at: int


def after(shade: Shadow, position: int) -> tuple[str, int, int] | None:
    """The folded words that name an issuer right behind a position, where they begin and end."""
    found = AFTER.match(shade.text, position, position + 140)
    if found is None:
        return None
    who = shade.folded(found.start("who"), found.end("who"))
    return (who, found.start("who"), found.end("who")) if found["of"] or _central(who) else None


def body_named(rules: Rules, who: str, province: str) -> str:
    """The code of the body that the words behind a number name ("Thủ tướng Chính phủ": TTg); "" if it is not known."""
    start = _PREFIX.match(who)
    for position in (0, start.end() if start else 0):
        if found := rules.name.match(who, position):
            return rules.names[re.sub(r"\s+", " ", found[0])]
    if who.startswith("thanh uy") or "thuong vu thanh uy" in who:
        named = rules.province.search(who)
        city = rules.provinces[named[0]] if named else province
        return "TU" if city in rules.cities else ""
    return ""


def issuer(rules: Rules, code: Code, place: Place, province: str) -> str:
    """The issuer of a code in words, "" where the code's body is not known."""
    if code.body == "TW":
        return _central(place.who) or _central_before(place) or CENTRE
    body = rules.body(code.body)
    if body is None:
        parts = [rules.body(part) for part in code.body.split("-")]
        known = [part.issuer for part in parts if part is not None and part.issuer]
        text = known[0] if known and not code.party else " và ".join(known) if len(known) == len(parts) else ""
        local = any(part is not None and part.is_local for part in parts)
        return _in_province(rules, text, place, province) if local else text or _unknown(code.body, province)
    if body.code in _NAMED:
        return _own_name(_NAMED[body.code], place, province)
    if body.is_local or body.code == "UBND":
        return _local(rules, body.issuer, place, province)
    tail = next((tail for tail in _NAMED if body.code.endswith(tail) and len(body.code) > len(tail)), "")
    if tail and body.issuer.endswith(_WORDS[_NAMED[tail]]):
        return body.issuer.removesuffix(_WORDS[_NAMED[tail]]) + _own_name(_NAMED[tail], place, province)
    return body.issuer or _unknown(code.body, province)


def _unknown(body: str, province: str) -> str:
    """A body nobody listed goes by its letters; with the province, for each has bodies of the same letters."""
    return f"{body} ({province})" if province and province != CENTRE else body


def _central(who: str) -> str:
    found = [(match.start(), name) for name, pattern in _CENTRAL if (match := pattern.search(who))]
    return str(min(found)[1]) if found else ""


def words_before(shade: Shadow, start: int) -> str:
    """The folded clause in front that issues it, "Bộ Chính trị ban hành Chỉ thị số ..."; "" if there is none."""
    window = shade.folded(start - 90, start)
    verb = _ISSUES.search(window)
    return re.split(r"[.;,\n]", window[: verb.start()])[-1].strip() if verb else ""


def _central_before(place: Place) -> str:
    return _central(words_before(place.shade, place.start))


def _local(rules: Rules, template: str, place: Place, province: str) -> str:
    """A provincial body; but where its words name a committee further down, that one."""
    found = _COMMITTEE.search(place.who)
    what = found["what"] if found else ""
    if what in ("huyen", "thi", "quan") and template.startswith("Tỉnh ủy"):
        return _own_name(what, place, province)
    if what == "thanh" and not rules.province.search(place.who) and province not in rules.cities:
        name = _name_after(place, what)
        if name and template.startswith("Tỉnh ủy"):
            return f"Thành ủy {name}"
    of_the_state = template.startswith(("Ủy ban nhân dân", "Hội đồng nhân dân", "Chủ tịch"))
    if of_the_state and _FURTHER_DOWN.search(place.who) and not rules.province.search(place.who):
        words = " ".join(place.shade.text[place.who_at : place.who_at + len(place.who)].split())
        return normalise(words.replace("UBND", "Ủy ban nhân dân").replace("HĐND", "Hội đồng nhân dân"))
    return _in_province(rules, template, place, province)


def _in_province(rules: Rules, template: str, place: Place, province: str) -> str:
    named = rules.province.search(place.who)
    if named is None:
        named = _province_before(rules, place)
    where = rules.provinces[re.sub(r"\s+", " ", named[0])] if named else "" if province == CENTRE else province
    text = template.replace(PROVINCE, where).strip()
    if where in rules.cities:
        text = text.replace("Tỉnh ủy", "Thành ủy").replace("tỉnh TP", "TP").replace(" tỉnh ", " thành phố ")
    return text.removesuffix(" tỉnh") if not where else text


def _province_before(rules: Rules, place: Place) -> re.Match[str] | None:
    """ "Tỉnh ủy Bắc Giang ban hành Nghị quyết số ...": named earlier in the sentence, as the committee's own."""
    window = re.split(r"[.;\n]", place.shade.folded(place.start - 130, place.start))[-1]
    found = None
    for committee in re.finditer(r"(?:tinh|thanh)\s+uy\s+", window):
        found = rules.province.match(window, committee.end()) or found
    return found


def _own_name(what: str, place: Place, province: str) -> str:
    name = _name_after(place, what)
    text = f"{_WORDS[what]} {name}".strip()
    complete = name and what != "dang"  # "Đảng ủy BĐBP": each province has one
    return text if complete or not province or province == CENTRE else f"{text} ({province})"


def _name_after(place: Place, what: str) -> str:
    """The capitalised words behind "Huyện ủy" in the words that name the issuer: at most four."""
    found = re.search(rf"(?<![^\W_]){what}\s+uy\s+", place.who + " ")
    if found is None:
        return ""
    words = place.shade.text[place.who_at + found.end() : place.who_at + len(place.who)].split()
    name: list[str] = []
    for word in words[:5]:
        if not (word[0].isupper() or (not name and word in _UNITS)):
            break
        name.append(word)
    return normalise(" ".join(name))
