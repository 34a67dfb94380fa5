"""Which kind of body a portal belongs to, told by its name: the filter "organisation" of the search."""

from __future__ import annotations

import re

from archive.search import fold

# The first that the folded name begins with, or else holds; names of the kinds stand in i18n/ as organisation_*.
_KINDS = {
    "press": r"bao|tap chi|dai phat thanh|tap san",
    "dan_van": r"ban dan van|dan van",
    "tuyen_giao_dan_van": r"ban tuyen giao va dan van",
    "tuyen_giao": r"ban tuyen giao",
    "front": r"(?:uy ban |ban thuong truc |uy ban trung uong )*(?:mttq|mat tran)",
    "union": r"(?:tinh |thanh |quan |huyen )?(?:doan|hoi|lien doan|trung uong hoi|cong doan)\b",
    "party": r"ban|van phong|uy ban kiem tra|ubkt|dang bo|dang uy|tinh uy|thanh uy|huyen uy|quan uy|thi uy|"
    r"truong chinh tri",
    "state": r"(?:ubnd|uy ban nhan dan|hoi dong nhan dan|hdnd|so|cong thong tin)",
}
_IN_ORDER = ("tuyen_giao_dan_van", "dan_van", "tuyen_giao", "press", "front", "union", "party", "state")
KINDS = (*_IN_ORDER, "other")
_FIRST = re.compile("|".join(f"(?P<{kind}>{_KINDS[kind]})" for kind in _IN_ORDER))
_LATER = re.compile(
    r"\b(?:(?P<front>mttq|mat tran)|(?P<party>tinh uy|thanh uy|huyen uy|quan uy|dang bo|dang cong san))\b"
)


def kind_of(portal_name: str | None) -> str:
    """One of KINDS."""
    name = fold(portal_name or "").lower().strip()
    found = _FIRST.match(name)
    if found is not None and found.lastgroup != "state":
        return str(found.lastgroup)
    later = _LATER.search(name)
    return str((later or found).lastgroup) if later or found else "other"  # type: ignore[union-attr]
