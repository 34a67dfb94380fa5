"""docs/api.md says what is true: every example in it is asked, and answered as it stands there."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from asking import answer_of
from invented import keep, the_articles

from archive.formats.columns import columns
from archive.publish import publish
from archive.site.find import CAPPED
from archive.site.serve import SETTINGS, site

DOCS = Path(__file__).resolve().parents[1] / "docs"
EXAMPLE = re.compile(r"```http\nGET (\S+)(?:\n(\d{3}))?\n```\n```json\n(.+?)\n```", re.S)
EXAMPLES = EXAMPLE.findall((DOCS / "api.md").read_text("utf-8"))


@pytest.fixture(scope="module")
def get(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder: Path = tmp_path_factory.mktemp("data")
    keep(folder, the_articles())
    publish(folder)
    datasette = site(folder)

    def fetch(path: str) -> Any:
        return answer_of(datasette, path)

    return fetch


def holds(answer: Any, shown: Any) -> bool:
    """Whether an answer has everything that is shown of it: objects may have more names, lists no more items."""
    if isinstance(shown, dict):
        return isinstance(answer, dict) and all(name in answer and holds(answer[name], shown[name]) for name in shown)
    if isinstance(shown, list):
        return len(answer) == len(shown) and all(map(holds, answer, shown))
    return bool(answer == shown)


def test_every_example_is_found() -> None:
    assert len(EXAMPLES) == (DOCS / "api.md").read_text("utf-8").count("```http") >= 12


@pytest.mark.parametrize(("path", "status", "shown"), EXAMPLES, ids=[path for path, _, _ in EXAMPLES])
def test_an_example_answers_as_documented(get: Any, path: str, status: str, shown: str) -> None:
    answer = get(path)
    assert answer.status_code == int(status or 200)
    assert holds(answer.json(), json.loads(shown)), answer.text


@pytest.mark.parametrize(
    "path",
    ["/archive.json?sql=select+1", "/archive/articles_fts_data.json", "/-/versions.json", "/-/metadata.json?x=1"],
)
def test_what_is_closed_says_so_in_json_at_an_address_of_json(get: Any, path: str) -> None:
    answer = get(path)
    assert answer.status_code == 403 and answer.headers["content-type"].startswith("application/json")
    assert answer.json() == {"ok": False, "error": "closed", "status": 403}
    page = get(path.replace(".json", ""))
    assert page.status_code == 403 and page.headers["content-type"].startswith("text/html")


def test_pages_follow_each_other_as_documented(get: Any) -> None:
    seen, url = [], "/archive/articles.json?_shape=array&_nofacet=on&_col=title&_size=4"
    while url:
        answer = get(url)
        seen += [row["id"] for row in answer.json()]
        found = re.fullmatch(r'<http://localhost([^>]+)>; rel="next"', answer.headers.get("link", ""))
        url = found[1] if found else ""
    assert len(seen) == len(set(seen)) == len(the_articles())


def test_the_bounds_are_those_that_hold() -> None:
    text = (DOCS / "api.md").read_text("utf-8")
    for bound in (f"{SETTINGS['max_returned_rows']:,} (`_size`", f"default {SETTINGS['default_page_size']}"):
        assert bound in text
    assert f"{SETTINGS['sql_time_limit_ms'] / 1000} seconds" in text
    assert f"{SETTINGS['facet_time_limit_ms'] / 1000} seconds" in text
    assert f"the newest {CAPPED:,}" in text and f"max-age={SETTINGS['default_cache_ttl']}" in text


def test_every_column_of_a_download_is_described() -> None:
    table = (DOCS / "downloads.md").read_text("utf-8").partition("### Columns")[2].partition("### CSV")[0]
    first_cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("|")]
    described = [name for cell in first_cells for name in re.findall(r"`(\w+)`", cell)]
    assert sorted(described) == sorted(column.name for column in columns(body=True))
