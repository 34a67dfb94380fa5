"""Documents cited without code: "Chỉ thị 01 của Thủ tướng", "Nghị quyết số 202/2025 của Quốc hội khóa XV", "NQ8B".

The code is made from the type and the body that the words name. Where they name none it is only known from the same
text, which gives the code elsewhere: "Nghị quyết 27" alone could be anybody's.
"""

from __future__ import annotations

import re

from archive.citing import issuers
from archive.citing.codes import Code, parse
from archive.citing.rules import Rules

ROMAN = {"xi": 11, "xii": 12, "xiii": 13, "xiv": 14, "xv": 15, "xvi": 16, "xvii": 17}
_ASSEMBLY = re.compile(
    r"\s*,?\s*(?:cua\s+)?(?P<committee>uy\s+ban\s+thuong\s+vu\s+|ubtv\s?)?(?:quoc\s+hoi|qh)(?![^\W_])(?:\s+khoa\s+(?P<term>[ivx]+)\b)?"
)
# Whose documents these are is said by their type alone.
OWN_BODY = {"Nghị định": "CP", "Luật": "QH", "Bộ luật": "QH", "Pháp lệnh": "UBTVQH"}
# The standing committee numbers its decisions on single cases through the term: n/NQ-UBTVQHnn; those with a year are
# few in each year (what is higher is such a one, cited with a year by mistake).
NORMATIVE_AT_MOST = 99


def composed(
    rules: Rules, kind: str, number: str, year: str, who: str, behind: str, date: str, province: str
) -> Code | None:
    """The code of a number cited without one; None where nothing says whose it is.

    `who`: the folded words that name the issuer; `behind`: the folded text behind the number and its date.
    """
    if known := rules.known.get((kind, bare(number))):
        return parse(rules, known.code)
    body = OWN_BODY.get(kind, "")
    assembly = _ASSEMBLY.match(behind)
    if assembly or body in ("QH", "UBTVQH"):
        return _of_the_assembly(rules, kind, number, year or date[:4], date, assembly)
    body = body or issuers.body_named(rules, who, province)
    listed = rules.body(body) if body else None
    if listed is None:
        return None
    letters = rules.types[kind].letters[0]
    if listed.grammar != "state":
        return Code(number, "", letters, listed.code, True) if not year else None
    if kind in rules.programmes and body in ("CP", "TTg"):
        return None
    if kind in rules.with_year:
        year = year or date[:4]
        if not year:
            return None
    return Code(number, year, "" if kind == "Công văn" else letters, listed.code, False)


def _of_the_assembly(
    rules: Rules, kind: str, number: str, year: str, date: str, found: re.Match[str] | None
) -> Code | None:
    term = ROMAN.get(found["term"] or "") if found else None
    term = term or rules.assembly(date or year)
    if term is None or not year:
        return None
    if kind == "Pháp lệnh":
        return Code(number, year, "PL", f"UBTVQH{term}", False)
    if not (found and found["committee"]):
        return Code(number, year, "", f"QH{term}", False) if kind in ("Luật", "Bộ luật", "Nghị quyết") else None
    if kind != "Nghị quyết":
        return None
    if int(re.sub(r"\D", "", number)) > NORMATIVE_AT_MOST:
        return Code(number, "", "NQ", f"UBTVQH{term}", False)
    return Code(number, year, "", f"UBTVQH{term}", False)


def same(kind: str, number: str, other_kind: str, other: Code) -> bool:
    """Whether a number cited without code may be that of a code of the same text."""
    return kind.split()[0:2] == other_kind.split()[0:2] and bare(number) == bare(other.number)


def bare(number: str) -> str:
    """A number without leading noughts: 05-CT/TW and 5-CT/TW are one document."""
    return number.lstrip("0").lower()
