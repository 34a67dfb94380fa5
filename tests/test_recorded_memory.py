"""A recorded portal whose editors go to work: edits, withdrawals and returns over five nights, and nothing else told.

Counters, tokens and related lists move at every visit by themselves, as on the live CMS.
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from archive.clock import now, stamp
from tests.loopback import Nightly
from tests.recorded import PORTALS, needs_recorded, pages, replayed, truth

pytestmark = [needs_recorded, pytest.mark.soak]
TOLD = "id, key, title, lead, body, published, author, source, first_seen, changed, gone, revision_count, text_sha256"


def plan(name: str) -> tuple[dict[int, list[list[str]]], list[int], list[int]]:
    """Which articles are edited and how, which are taken down, which of these come back."""
    plain = [number for number, record in sorted(truth(name).items()) if "plain" in str(record["flags"])]
    edits: dict[int, list[list[str]]] = {}
    for number in plain[10:]:
        source, record = pages(name)[number][1], truth(name)[number]
        sentence = next((p for p in record["paragraphs"] if len(p) > 80 and source.count(p) == 1), None)
        if sentence is None or len(edits) >= 20:
            continue
        kind = len(edits) % 3
        figure = re.search(r"\d+", sentence)
        if kind == 0 and figure:
            edits[number] = [[sentence, sentence.replace(figure[0], str(int(figure[0]) + 1), 1)]]
        elif kind == 1:
            edits[number] = [[sentence, f"{sentence} Ban Biên tập đã bổ sung câu này."]]
        elif heading := re.search(r"<h1[^>]*>[^<]*</h1>", source):
            edits[number] = [[heading[0], heading[0].replace("</h1>", " (sửa)</h1>")]]
    withdrawn = [number for number in plain if number not in edits][:10]
    return edits, withdrawn, withdrawn[:3]


def path_of(name: str, number: int) -> str:
    return unquote(urlsplit(pages(name)[number][0]).path)


@pytest.mark.parametrize("name", PORTALS)
def test_exactly_the_edits_and_withdrawals_are_told_and_survive_the_loss_of_the_archive(
    tmp_path: Path, name: str
) -> None:
    edits, withdrawn, back = plan(name)
    assert (len(edits), len(withdrawn), len(back)) == (20, 10, 3)
    overlay = tmp_path / "overlay.json"
    overlay.write_text("{}")
    nightly = Nightly(tmp_path)
    with replayed(name, "--overlay", str(overlay)) as url:
        nightly.register(url=url)

        def night(days: int, edited: bool, gone: list[int]) -> None:
            told: dict[str, Any] = {path_of(name, n): {"replace": r} for n, r in edits.items() if edited}
            overlay.write_text(json.dumps(told | {path_of(name, n): {"status": 404} for n in gone}))
            ended = nightly.run("--recheck", "all", ARCHIVE_NOW=stamp(now() + timedelta(days=days)))
            assert ended.returncode == 0, ended.stderr

        night(0, False, [])
        night(1, True, withdrawn)
        night(2, True, withdrawn)
        night(3, True, [n for n in withdrawn if n not in back])
        night(4, True, [n for n in withdrawn if n not in back])
    told = nightly.archived.rows("select key, revision_count, gone is not null from articles")
    counts = {int(key.rsplit("/", 1)[1]): (count, gone) for key, count, gone in told}
    assert sorted(n for n, (count, _) in counts.items() if count > 1) == sorted(edits)
    assert max(count for count, _ in counts.values()) == 2
    assert sorted(n for n, (_, gone) in counts.items() if gone) == sorted(set(withdrawn) - set(back))
    rows = nightly.archived.rows("select article, returned is not null from withdrawals")
    assert (len(rows), sum(returned for _, returned in rows)) == (10, 3)
    before = told_by(nightly)
    for file in ("archive.db", "archive.db-wal", "archive.db-shm"):
        (nightly.data / file).unlink(missing_ok=True)
    ended = nightly.run_command("reparse")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert told_by(nightly) == before


def told_by(nightly: Nightly) -> dict[str, list[tuple[Any, ...]]]:
    """All that must be the same in an archive that is rebuilt."""
    queries = {
        "articles": f"select {TOLD} from articles order by id",
        "revisions": "select * from revisions order by article, number",
        "withdrawals": "select * from withdrawals order by article",
    }
    return {table: nightly.archived.rows(sql) for table, sql in queries.items()}
