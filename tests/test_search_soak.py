"""Random and hostile queries against the real reading and SQLite: many here, 200,000 by make soak."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from datasette.utils import MultiParams
from invented import keep, many, the_articles
from test_judged import corpus

from archive.publish import publish
from archive.site import find, results
from archive.site.serve import site
from archive.site.state import FILTERS, State

QUERIES = 1_500
OF_A_SOAK = 200_000
PAGES = 150

PIECES = [
    *"\"'*-+()[]{}:^~!@#$%&|\\/<>,.;?=_` \t\n\x00\x1b",
    *(
        "AND",
        "OR",
        "NOT",
        "NEAR",
        "NEAR(",
        "NEAR(a b, 2)",
        "title",
        "title:",
        "{title} :",
        "filters",
        'filters : "a"',
        "a",
    ),
    *(" OR ", " -", '" ', "* ", "rowid", "rank", "match", "--", "/*", "';", "x'00'", "NULL", "bm25("),
    *("dân", "vận", "khéo", "dan van", "Đảng", "TƯ", "TU", "T.Ư", "BĐBP", "bộ đội biên phòng", "UBND", "MTTQ", "BCH"),
    *("25-NQ/TW", "25 – NQ/TW", "25NQTW", "59/2023/NĐ-CP", "1", "0", "00", "2019", "-1", "99999999999999999999"),
    *(
        "uỷ",
        "ủy",
        "hoà",
        "th*",
        "n*",
        "đ*",
        "*",
        "**",
        "ngh*",
        "http://",
        "https://127.0.0.1:1/vi/news/thuy.html",
        "a.b/c",
    ),
    *("\u0323", "\u200b", "\u0301" * 9, "\ud800", "😀", "–", "“", "ﬁ", "İ", "ß", "ạ̈", "x" * 300, "a " * 150, "đ" * 90),
]
VALUES = [
    "",
    "yes",
    "no",
    "2020",
    "2020-01",
    "2020-13",
    "song_lam",
    "Sông Lam",
    "ha-noi",
    "1",
    '"',
    "a",
    "\x00",
    "x" * 500,
]


def typed(chance: random.Random) -> str:
    if chance.random() < 0.25:
        return "".join(chr(chance.randrange(0x110000)) for _ in range(chance.randint(1, 40)))
    joint = chance.choice(["", " "])
    return joint.join(chance.choices(PIECES, k=chance.randint(0, 25)))


def arguments(chance: random.Random) -> dict[str, list[str]]:
    """What an address may hold, most of it a query alone."""
    held = {"q": [typed(chance)]}
    for name in (*FILTERS, "from", "to"):
        if chance.random() < 0.06:
            held[name] = chance.choices(VALUES, k=chance.randint(1, 3))
    manners = {"words": "apart", "accents": "any", "short": "as-typed", "order": "best", "reprints": "all"}
    held |= {name: [value] for name, value in manners.items() if chance.random() < 0.15}
    return held


@pytest.fixture(scope="module")
def datasette(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder: Path = tmp_path_factory.mktemp("data")
    keep(folder, [*corpus(), *the_articles(), *many(5, seed=2)])
    publish(folder)
    return site(folder)


def ask(datasette: Any, number: int, seed: int) -> None:
    """Everything that a page of results asks of the copy, for random addresses; whatever fails names the address."""
    chance = random.Random(seed)

    async def ask_all() -> None:
        await datasette.invoke_startup()
        for _ in range(number):
            held = arguments(chance)
            try:
                state = State.of(MultiParams(held))
                assert State.of(MultiParams(grouped(state.pairs()))) == state
                await find.address(datasette, state.typed)
                await results.search(datasette, state, chance.choice((1, 1, 1, 2, 26)))
            except Exception as error:
                raise AssertionError(f"{held!r}") from error

    asyncio.run(ask_all())


def grouped(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    held: dict[str, list[str]] = {}
    for name, value in pairs:
        held.setdefault(name, []).append(value)
    return held


def test_no_address_of_a_search_is_an_error(datasette: Any) -> None:
    ask(datasette, QUERIES, seed=11)


def test_no_page_of_a_search_is_an_error(datasette: Any) -> None:
    chance = random.Random(12)

    async def fetch_all() -> None:
        await datasette.invoke_startup()
        for _ in range(PAGES):
            pairs = [(name, value) for name, values in arguments(chance).items() for value in values]
            query = "&".join(f"{name}={quote(value, safe='', errors='replace')}" for name, value in pairs)
            answer = await datasette.client.get(f"/search?{query}")
            assert answer.status_code in (200, 302), query

    asyncio.run(fetch_all())


@pytest.mark.soak
def test_two_hundred_thousand_addresses_are_no_error(datasette: Any) -> None:
    ask(datasette, OF_A_SOAK, seed=random.randrange(2**32))
