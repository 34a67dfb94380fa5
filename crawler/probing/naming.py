"""What a portal calls itself: its name, the organ and the province in it, and the registry's key made of them."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from archive import provinces
from archive.search import fold, normalise
from crawler.finders import lines_of, marks
from crawler.page import Page
from crawler.probing.recognising import DOMAIN
from crawler.text import squeeze
from crawler.urls import netloc

# Provinces by their names up to mid 2025, which most portals still bear, and by today's.
DAYS = (date(2024, 12, 31), date(2025, 6, 30), date(2025, 7, 1))
PROVINCES = tuple(dict.fromkeys(area.name for day in DAYS for area in provinces.load().valid_on(day)))
CENTRE = "Trung ương"

# The organ in a name, the most telling first: its words, and the end of the key.
ORGANS = (
    ("ban tuyên giáo và dân vận", "tuyen_giao_dan_van"),
    ("tuyên giáo và dân vận", "tuyen_giao_dan_van"),
    ("ban dân vận", "dan_van"),
    ("dân vận", "dan_van"),
    ("ủy ban mặt trận tổ quốc", "mat_tran"),
    ("mặt trận tổ quốc", "mat_tran"),
    ("ủy ban mttq", "mat_tran"),
    ("mttq", "mat_tran"),
    ("mặt trận", "mat_tran"),
    ("ban tuyên giáo", "tuyen_giao"),
    ("tuyên giáo", "tuyen_giao"),
    ("ủy ban kiểm tra", "kiem_tra"),
    ("ban tổ chức", "to_chuc"),
    ("ban nội chính", "noi_chinh"),
    ("đảng ủy khối", "dang_uy_khoi"),
    ("liên đoàn lao động", "lien_doan_lao_dong"),
    ("công đoàn", "cong_doan"),
    ("hội nông dân", "nong_dan"),
    ("hội liên hiệp phụ nữ", "phu_nu"),
    ("hội lhpn", "phu_nu"),
    ("hội cựu chiến binh", "cuu_chien_binh"),
    ("đoàn khối", "doan_khoi"),
    ("tỉnh đoàn", "tinh_doan"),
    ("thành đoàn", "thanh_doan"),
    ("tỉnh ủy", "tinh_uy"),
    ("thành ủy", "thanh_uy"),
    ("huyện ủy", "huyen_uy"),
    ("quận ủy", "quan_uy"),
    ("thị ủy", "thi_uy"),
    ("đảng ủy", "dang_uy"),
    ("đảng bộ", "dang_bo"),
)
# Words of a name that are neither organ nor place.
LEVELS = re.compile(
    r"\b(?:tỉnh ủy|thành ủy|huyện ủy|quận ủy|thị ủy|đảng ủy|ủy ban|việt nam|các cơ quan(?: và doanh nghiệp)?|tỉnh|"
    r"công tác|thành phố|tp|huyện|quận|thị xã|thị trấn|phường|xã|trung ương|ban|hội|đoàn)\b\.?"
)
PREFIX = re.compile(
    r"^(?:(?:chào mừng (?:quý vị )?đến với|welcome to)\s+)?"
    r"(?:(?:cổng|trang|web ?site|chuyên trang)\s*(?:thông tin|tin)?(?:\s+điện tử)?(?:\s+tổng hợp)?|"
    r"trang chủ|trang nhất)"
    r"(?:\s+(?:của|trên internet|-))*\s*[-:|–]*\s*",
    re.I,
)
EMPTY = re.compile(r"^(?:trang chủ|trang nhất|home(?: ?page)?|tin tức|index|untitled.*|joomla.*|just another.*)$", re.I)
PARTS = re.compile(r"\s+[-–—|»]\s+|\s*[|»]\s*|\s+::\s+")
DASHED = re.compile(r"(bà rịa|thừa thiên)\s*[-–]\s*(vũng tàu|huế)", re.I)  # names with a dash of their own
BRAND = re.compile(r"site-?_?(?:name|title)|brand", re.I)
NUMERALS = ("hai", "ba", "bon", "nam", "sau", "bay", "tam", "chin", "muoi")
MOST_WORDS = 4  # of a place in a key
LONGEST_NAME = 90


def name_of(home: Page) -> str:
    """The portal's name as its home page gives it, an organ's name before others; "" where it gives none."""
    names = [name for said in _said(home) for name in _cut(said)]
    fitting = [name for name in names if organ_of(name)]
    return next(iter(fitting), next(iter(names), ""))


def _said(home: Page) -> Iterator[str]:
    """Where a page says whose it is, the surest place first."""
    yield from home.meta.get("og:site_name", [])
    yield from (name for script in home.root.iter("script") for name in _json_names(script))
    yield home.root.findtext(".//title") or ""
    yield from home.meta.get("apple-mobile-web-app-title", [])
    yield from home.meta.get("og:title", [])
    for image in home.root.iter("img"):
        near = " ".join(marks(element) for element in (image, *list(image.iterancestors())[:3]))
        if re.search(r"logo|banner|brand|header", near, re.I):
            yield image.get("alt") or image.get("title") or ""
    for element in home.root.iter("h1", "div", "span", "a", "p"):
        if BRAND.search(marks(element)) and not any(
            BRAND.search(marks(inner)) for inner in element.iterdescendants("*")
        ):
            yield from lines_of(element)


def _json_names(script: Any) -> Iterator[str]:
    """The names of site and organization in a script of JSON-LD."""
    if (script.get("type") or "").lower() != "application/ld+json":
        return
    try:
        said = json.loads(script.text or "")
    except ValueError:  # written by a template: then it says nothing
        return
    nodes = said if isinstance(said, list) else [said]
    nodes = [one for node in nodes if isinstance(node, dict) for one in (node, *(node.get("@graph") or []))]
    for node in nodes:
        if isinstance(node, dict) and node.get("@type") in ("WebSite", "Organization", "GovernmentOrganization"):
            yield str(node.get("name") or "")


def _cut(said: str) -> Iterator[str]:
    """The parts of a title that may be a name, without "Trang thông tin điện tử" before them."""
    said = squeeze("".join(c if c.isprintable() else " " for c in said))
    for part in PARTS.split(DASHED.sub(r"\1-\2", said)):
        name = PREFIX.sub("", part).strip(" -–|:.,") if not EMPTY.match(part) else ""
        if 3 < len(name) <= LONGEST_NAME and not EMPTY.match(name):
            name = DASHED.sub(r"\1 - \2", _calm(name))
            yield name[:1].upper() + name[1:]


def _calm(name: str) -> str:
    """A name in capitals as one writes it: "BAN DÂN VẬN TỈNH ỦY BÌNH PHƯỚC" -> "Ban Dân vận Tỉnh ủy Bình Phước"."""
    if name != name.upper():
        return name
    calm = normalise(name.lower())
    for words, _ in reversed(ORGANS):
        calm = re.sub(rf"\b{words}\b", lambda found: found[0].capitalize(), calm, flags=re.I)
    calm = re.sub(r"\bban (dân vận|tuyên giáo)", lambda f: f"Ban {f[1].capitalize()}", calm, flags=re.I)
    calm = re.sub(r"\bmttq\b", "MTTQ", calm, flags=re.I).replace("việt nam", "Việt Nam")
    calm = calm.replace("Ủy ban mặt trận tổ quốc", "Ủy ban Mặt trận Tổ quốc").replace(
        "Mặt trận tổ quốc", "Mặt trận Tổ quốc"
    )
    for place in PROVINCES:
        calm = re.sub(rf"\b{re.escape(normalise(place).lower())}\b", place, calm)
    return calm


def organ_of(name: str) -> str:
    """The end of the key that a name's organ gives ("dan_van"); "" where it names none that is known."""
    plain = _plain(name)
    return next((end for words, end in ORGANS if re.search(rf"\b{words}\b", plain)), "")


def province_of(texts: Iterable[str], known: Collection[str]) -> str:
    """The province that the first of some texts names, of those `known` besides the 63; "" where none does."""
    names = sorted({*PROVINCES, *known} - {"", CENTRE}, key=len, reverse=True)
    for text in texts:
        plain = _plain(text)
        for name in names:
            bare = _plain(name).removeprefix("tp ")
            if re.search(rf"\b{re.escape(bare)}\b", plain):
                return "Thừa Thiên Huế" if name == "Huế" and "thừa thiên" in plain else name
        if re.search(r"\btrung ương\b", plain):
            return CENTRE
    return ""


def province_of_host(url: str, known: Collection[str]) -> str:
    """The province that a host is named after ("danvanbinhphuoc.vn"); "" where there is none, or more than one."""
    host = re.sub(r"[^a-z]", "", netloc(url).lower())
    names = {_ascii(name).replace("_", ""): name for name in {*PROVINCES, *known} - {"", CENTRE, "Huế"}}
    found = [name for letters, name in names.items() if len(letters) > 5 and letters in host]
    return found[0] if len(found) == 1 else ""


def keep_of(name: str) -> str:
    """What of a portal to keep: "all" of a board for mass mobilization and of the Fatherland Front, else "dan-van"."""
    return "all" if organ_of(name) in ("dan_van", "mat_tran") else "dan-van"


def key_of(name: str, province: str, url: str, taken: Collection[str]) -> str:
    """A key for the registry, made of place and organ, that none of those `taken` is."""
    organ = organ_of(name)
    place = _place(name) if organ else ""
    if not place or place.count("_") >= MOST_WORDS:
        place = _ascii(province)
    stem = "_".join((place, organ)) if place and organ else _by_host(url, organ)
    stem = stem if re.match(r"[a-z0-9]", stem) else f"portal_{stem}".strip("_")
    further = (f"{stem}_{numeral}" for numeral in (*NUMERALS, *range(11, 1000)))
    return stem if stem not in taken else next(key for key in further if key not in taken)


def _by_host(url: str, organ: str) -> str:
    """What a key is made of where the name tells no place: "danvanvidu_dan_van"."""
    host = urlsplit(url).hostname or ""
    parts = DOMAIN(host)
    if not parts.suffix:  # a number, or this machine
        return _ascii(f"{organ or 'portal'} {netloc(url).rpartition(':')[2] if ':' in netloc(url) else host}")
    below = parts.subdomain.removeprefix("www").strip(".")
    return _ascii(f"{parts.domain} {organ or below or parts.suffix}")


def _place(name: str) -> str:
    """What is left of a name without organ and level, in the key's letters: "binh_phuoc"."""
    plain = PARTS.split(DASHED.sub(r"\1 \2", _plain(name)))[0]
    plain = re.sub(r"\(.*?\)", " ", plain)
    for words, _ in ORGANS:
        plain = re.sub(rf"\b{words}\b", " ", plain)
    return _ascii(LEVELS.sub(" ", plain))


def _plain(text: str) -> str:
    return squeeze(normalise(text)).lower()


def _ascii(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", fold(text).lower().replace("_", " ").removeprefix("tp ")).strip("_")
