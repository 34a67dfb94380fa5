"""The judge of relevance against the truth about two recorded portals, from title, lead and body alone and with all.

Needs RECORDED_PORTALS, a folder with portals/<name>/truth.jsonl: what each article says, and whether it is off topic.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from crawler.relevance import Relevance, judge, load

RECORDED = Path(os.environ.get("RECORDED_PORTALS") or "nowhere")
pytestmark = pytest.mark.skipif(
    not (RECORDED / "portals").is_dir(), reason="RECORDED_PORTALS names no folder with the recorded portals"
)

PORTALS = ("nukeviet-egov", "nukeviet-4.5")
FLOOR = 0.97


def truth(name: str) -> list[dict[str, Any]]:
    lines = (RECORDED / "portals" / name / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def verdict(record: dict[str, Any], *, shown: bool) -> Relevance:
    sections, tags = (record["categories"], record["tags"]) if shown else ((), ())
    return judge(load(), record["title"], record["lead"] or "", "\n".join(record["paragraphs"]), sections, tags)


@pytest.mark.parametrize("shown", [False, True], ids=["text alone", "section and tags shown"])
@pytest.mark.parametrize("name", PORTALS)
def test_what_is_kept_is_on_topic_and_what_is_on_topic_is_kept(name: str, shown: bool) -> None:
    records = truth(name)
    kept = [record for record in records if verdict(record, shown=shown).topic == "dan-van"]
    right = sum(not record["off_topic"] for record in kept)
    assert right / len(kept) >= FLOOR
    assert right / sum(not record["off_topic"] for record in records) >= FLOOR


@pytest.mark.parametrize("shown", [False, True], ids=["text alone", "section and tags shown"])
@pytest.mark.parametrize("flag", ["sports_mentions_dan_van", "on_topic_without_keyword"])
@pytest.mark.parametrize("name", PORTALS)
def test_the_hard_ones_are_right(name: str, flag: str, shown: bool) -> None:
    topics = {verdict(record, shown=shown).topic for record in truth(name) if flag in record["flags"]}
    assert topics == {"other" if flag == "sports_mentions_dan_van" else "dan-van"}
