"""Recorded portals redesigned in mid-life: class names and ids are replaced by others all over, between two nights.

Needs RECORDED_PORTALS, as tests/recorded.py says.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import pytest

from archive.clock import now, stamp
from tests.loopback import Nightly
from tests.recorded import DEFAULT, EGOV, VISIBLE, needs_recorded, replayed, truth
from tests.redesigned import Proxy, renamed

pytestmark = [needs_recorded, pytest.mark.soak]
PATIENCE = 300  # seconds: four hundred articles, on a machine that does other things as well
FRESH = 5  # articles that are published only when the portal looks otherwise
COLUMN = ("news-bodyhtml", "bodytext", "news_column", "newsdetail", "panel", "hometext")
NAMES = {"all names": lambda _: True, "the body's and the column's": lambda name: name in COLUMN}


@contextmanager
def portal(name: str) -> Iterator[Proxy]:
    """The recorded portal behind a proxy, without its FRESH last articles."""
    with replayed(name) as url, Proxy(url) as proxy:
        fresh = sorted(truth(name))[-FRESH:]
        for number in fresh:
            path = unquote(urlsplit(truth(name)[number]["url"]).path)
            proxy.hidden |= {path, quote(path)}
        yield proxy


def texts(nightly: Nightly) -> dict[str, tuple[Any, ...]]:
    names = ("title", "lead", "body", "published", "author", "source", "revision_count", "gone", "changed")
    return {key: tuple(row[name] for name in names) for key, row in nightly.archived.articles().items()}


def night(nightly: Nightly, days: int, code: int) -> dict[str, Any]:
    running = nightly.start(ARCHIVE_NOW=stamp(now() + timedelta(days=days)))
    out, err = running.communicate(timeout=PATIENCE)
    assert running.returncode == code and "Traceback" not in err, (running.returncode, out, err)
    rows = nightly.archived.rows("select verdict, health from run_portals order by run desc limit 1")
    return {"verdict": rows[0][0]} | json.loads(rows[0][1])


@pytest.mark.parametrize("which", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("name", [EGOV, DEFAULT])
def test_a_redesign_of_a_recorded_portal_is_named_and_mended(
    tmp_path: Path, name: str, which: Callable[[str], bool]
) -> None:
    with portal(name) as proxy:
        nightly = Nightly(tmp_path).register(url=proxy.url)
        assert night(nightly, 0, 0)["verdict"] == "ok"
        before = texts(nightly)
        assert len(before) == VISIBLE - FRESH

        proxy.rewrite = lambda page: renamed(page, which)
        asked = len(proxy.paths)
        health = night(nightly, 1, 1)
        assert (health["verdict"], health["is_alarm"]) == ("broken layout", True)
        print(Counter(re.sub(r".*-\d+\.html$", "article", path) for path in proxy.paths[asked:]))
        proxy.hidden.clear()
        health = night(nightly, 2, 1)
        assert (health["verdict"], health["nights"]) == ("broken layout", 2) and health["figures"][
            "kept unread"
        ] >= FRESH
        assert texts(nightly) == before

        with nightly.registry.open("a") as file:
            file.write('select = { body = "#moi-lmthydob-swen", lead = ".moi-txetemoh" }\n')
        assert night(nightly, 3, 0)["verdict"] in ("ok", "quiet")
        after = texts(nightly)
        assert before.items() <= after.items() and len(after) == VISIBLE
        for number in sorted(truth(name))[-FRESH:]:
            row = next(row for key, row in after.items() if key.endswith(f"/{number}"))
            assert row[0] == truth(name)[number]["title"]


def test_a_redesign_of_a_recorded_portal_that_was_learned_is_named_and_changes_nothing(tmp_path: Path) -> None:
    with portal(EGOV) as proxy:
        nightly = Nightly(tmp_path).register(url=proxy.url, cms="generic")
        assert night(nightly, 0, 0)["verdict"] == "ok"
        before = texts(nightly)
        proxy.rewrite = renamed
        health = night(nightly, 1, 1)
        assert (health["verdict"], health["is_alarm"]) == ("broken layout", True)
        assert texts(nightly) == before
        proxy.hidden.clear()
        assert night(nightly, 2, 1)["verdict"] == "broken layout"
        after = texts(nightly)
        assert before.items() <= after.items()
