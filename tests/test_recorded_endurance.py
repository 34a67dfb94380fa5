"""A recorded portal crawled against all odds: killed twenty times, and with every third answer broken.

Needs RECORDED_PORTALS (see recorded.py); run by make soak.
"""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from tests.loopback import Archived, Nightly, kill, wait_until
from tests.recorded import EGOV, needs_recorded, replayed, truth

pytestmark = [needs_recorded, pytest.mark.soak]

KILLS = 20
EVERY_RUN = {"/robots.txt"}  # asked by each run before anything else
KEPT = (
    "select id, portal, key, url, title, lead, body, body_html, published, published_text, author, source, section, "
    "comments, image, gone, revision_count, text_sha256, reader from articles order by id",
    "select article, number, title, lead, body, text_sha256 from revisions order by 1, 2",
    "select article, section, position from article_sections order by 1, 2",
    "select article, tag, position from article_tags order by 1, 2",
    "select article, url, name, sha256 from article_files order by 1, 2",
    "select article, document, quote from citations order by 1, 2",
    "select url, article from urls order by 1",
)


def asked(url: str) -> list[str]:
    """The paths that the portal was asked for so far."""
    with urlopen(f"{url}__replay__/log", timeout=30) as answer:
        return [row[2] for row in json.load(answer)]


def kept(archived: Archived, url: str) -> list[list[tuple[Any, ...]]]:
    """All that was read, without its times; the portal's address, which is another at each replay, left out."""
    found = [archived.rows(sql) for sql in KEPT]
    return [[tuple(str(value).replace(url, "/") for value in row) for row in rows] for rows in found]


@pytest.mark.parametrize("cms", ["nukeviet", "generic"])
def test_twenty_kills_leave_the_archive_of_an_undisturbed_run(tmp_path: Path, cms: str) -> None:
    dice = random.Random(1930)
    with replayed(EGOV) as url:
        quiet = Nightly(tmp_path / "quiet")
        quiet.folder.mkdir()
        ended = quiet.register(url=url, cms=cms).run()
        assert ended.returncode == 0, ended.stderr
        undisturbed, once = kept(quiet.archived, url), Counter(asked(url))
    with replayed(EGOV) as url:
        nightly = Nightly(tmp_path).register(url=url, delay=0.02, cms=cms)
        for _ in range(KILLS):
            before = len(asked(url))
            run = nightly.start()
            wanted = before + dice.randint(1, 30)
            wait_until(lambda n=wanted: len(asked(url)) >= n, run)
            time.sleep(dice.uniform(0, 0.1))
            kill(run)
            assert nightly.archived.is_sound()
            assert nightly.archived.count() < len(truth(EGOV)), "the kills fell into the backfill"
        ended = nightly.run()
        assert ended.returncode == 0, ended.stderr
        disturbed, paths = kept(nightly.archived, url), Counter(asked(url))
    for sql, right, found in zip(KEPT, undisturbed, disturbed, strict=True):
        assert found == right, sql
    assert len(disturbed[0]) == len(truth(EGOV))
    again = {path: n - once[path] for path, n in paths.items() if n > once[path] and path not in EVERY_RUN}
    print(f"asked again: {sum(again.values())} in {KILLS} kills: {again}")
    assert sum(again.values()) <= KILLS, "at most what was in flight at each kill"


def test_with_every_third_answer_broken_all_is_there_after_three_runs(tmp_path: Path) -> None:
    with replayed(EGOV, "--fail", "0.3") as url:
        nightly = Nightly(tmp_path).register(url=url)
        counts = []
        for _ in range(3):
            nightly.run()
            counts.append(nightly.archived.count())
    print(f"articles after each run: {counts}")
    assert nightly.archived.numbers() == sorted(truth(EGOV))
    wrong = "select count(*) from articles where body like '%Service Unavailable%'"
    assert nightly.archived.rows(wrong) == [(0,)]
