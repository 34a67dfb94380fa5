"""Queries with judged answers, asked of the real results page: the right article first, none empty that should not be.

The queries of queries_kept_back.tsv are for judging a finished change, not for making it.
"""

from __future__ import annotations

import asyncio
import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from invented import invented, keep, many

from archive.publish import publish
from archive.site.serve import site

JUDGED = Path(__file__).parent / "judged"
RIGHT_FIRST = 0.95  # of the queries, at least


def corpus() -> list[Any]:
    """The articles of the file, a month apart, and older ones that hold words of many articles in any order."""
    with open(JUDGED / "articles.toml", "rb") as file:
        texts = tomllib.load(file)
    noise = [replace(one, published=f"200{one.published[3:]}") for one in many(150)]
    return noise + [
        invented(name, text["title"], text["body"], day=f"20{10 + i // 12}-{1 + i % 12:02}-15")
        for i, (name, text) in enumerate(texts.items())
    ]


def queries(name: str) -> list[tuple[str, list[str]]]:
    lines = (JUDGED / name).read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(typed, right.split("|")) for typed, right, _ in rows]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The articles that a query lists, in their order; that which an address opens alone."""
    folder: Path = tmp_path_factory.mktemp("data")
    articles = corpus()
    keep(folder, articles)
    publish(folder)
    datasette = site(folder)
    names = {article.id: article.key.removeprefix("vi/news/") for article in articles}

    def ask_all(asked: list[str]) -> list[list[str]]:
        async def ask() -> list[list[str]]:
            await datasette.invoke_startup()
            return [await one(typed) for typed in asked]

        async def one(typed: str) -> list[str]:
            answer = await datasette.client.get(f"/search?{urlencode({'q': typed})}")
            if answer.status_code == 302:
                return [names[int(answer.headers["location"].removeprefix("/a/"))]]
            assert answer.status_code == 200, typed
            return [names[int(id)] for id in re.findall(r'<h2><a href="/a/(\d+)">', answer.text)]

        return asyncio.run(ask())

    return ask_all


@pytest.mark.parametrize("name", ["queries.tsv", "queries_kept_back.tsv"])
def test_the_right_answer_comes_first_and_nothing_is_empty_that_should_not_be(answers: Any, name: str) -> None:
    judged = queries(name)
    given = answers([typed for typed, _ in judged])
    empty = [typed for (typed, _), found in zip(judged, given, strict=True) if not found]
    wrong = [
        f"{typed} -> {found[:4]}, not {right}"
        for (typed, right), found in zip(judged, given, strict=True)
        if not found or found[0] not in right or not set(right) <= set(found)
    ]
    assert not empty
    assert len(wrong) <= (1 - RIGHT_FIRST) * len(judged), "\n".join(wrong)
