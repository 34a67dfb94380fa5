"""Every state of the results page is an address, and the other way round; feeds and exports take the same."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import parse_qs, urlencode

import pytest
from datasette.utils import MultiParams
from invented import keep, the_articles

from archive.publish import publish
from archive.site import find
from archive.site.serve import site
from archive.site.state import State


def state(address: str) -> State:
    return State.of(MultiParams(parse_qs(address, keep_blank_values=True)))


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("data")
    keep(folder, the_articles())
    publish(folder)
    return folder


def test_a_state_and_its_address_are_one() -> None:
    for address in ("", "q=dan+van&portal=a&portal=b&year=2022", "q=x&words=apart&accents=any"):
        assert urlencode(state(address).pairs()) == address


def test_what_an_address_need_not_say_is_left_out() -> None:
    said = state("lang=en&page=7&q=++dan+&portal=&year=2022&year=2022&words=together&_nothing=1")
    assert said.pairs() == [("q", "dan"), ("year", "2022")]


def chosen(data_dir: Path, address: str) -> set[str] | None:
    datasette = site(data_dir)

    async def ask() -> set[str] | None:
        await datasette.invoke_startup()
        selection = await find.selection(datasette, state(address))
        if selection is None:
            return None
        rows = await find.rows(datasette, f"select a.title from articles a where {selection.where}", selection.values)
        return {row["title"] for row in rows}

    return asyncio.run(ask())


def test_a_selection_holds_all_that_the_page_would_list(data_dir: Path) -> None:
    assert chosen(data_dir, "") == {article.title for article in the_articles()}
    assert chosen(data_dir, "q=xyzzy") is None
    village = chosen(data_dir, "q=làng")
    assert village
    of_2022 = chosen(data_dir, "q=làng&year=2022")
    assert of_2022 and of_2022 < village
    assert chosen(data_dir, "q=làng&year=2022&year=2021") >= of_2022  # type: ignore[operator]
