"""What takes longer than a test should: a storm of kills. Run by make soak."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from crawler.demo.portal import DemoPortal

ROOT = Path(__file__).parents[1]
KILLS = 30
NOT_ARTICLES = {260, 319, 352, 397}  # login only, external, draft, future-dated


def nightly(data_dir: Path, registry: Path) -> subprocess.Popen[bytes]:
    environment = os.environ | {"DATA_DIR": str(data_dir), "PORTALS_FILE": str(registry)}
    command = [sys.executable, "-m", "scrapy", "nightly"]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def stored(data_dir: Path) -> dict[str, str]:
    """Key and text hash of every article in the archive; none before there is one."""
    path = data_dir / "archive.db"
    if not path.exists():
        return {}
    with closing(sqlite3.connect(path, timeout=30)) as db:
        if not db.execute("select 1 from sqlite_master where name = 'articles'").fetchone():
            return {}
        return dict(db.execute("select key, text_sha256 from articles"))


@pytest.mark.soak
def test_nothing_is_lost_or_doubled_in_a_storm_of_kills(tmp_path: Path) -> None:
    dice = random.Random(1949)
    registry = tmp_path / "portals.toml"
    with DemoPortal() as portal:
        registry.write_text(
            f'[demo]\nname = "demo"\nurl = "{portal.url}"\ncms = "nukeviet"\nprovince = "x"\ndelay = 0.15\n'
        )
        kept: dict[str, str] = {}
        for _ in range(KILLS):
            run = nightly(tmp_path, registry)
            time.sleep(dice.uniform(0.6, 3.5))
            run.send_signal(signal.SIGKILL)
            run.wait()
            now = stored(tmp_path)
            assert kept.items() <= now.items(), "what was stored survives every kill"
            kept = now
        run = nightly(tmp_path, registry)
        assert run.wait(timeout=120) == 0
        wanted = {f"vi/news/{number}" for number in set(portal.articles) - NOT_ARTICLES}
    assert set(stored(tmp_path)) == wanted
    with closing(sqlite3.connect(tmp_path / "archive.db")) as db:
        assert db.execute("pragma integrity_check").fetchone()[0] == "ok"
        assert db.execute("select count(*) from revisions").fetchone()[0] == len(wanted)
        db.execute("attach ? as snap", [str(tmp_path / "snapshots.db")])
        assert db.execute("pragma snap.integrity_check").fetchone()[0] == "ok"
        without = "select count(*) from articles where snapshot not in (select id from snap.snapshots)"
        assert db.execute(f"{without} or snapshot is null").fetchone()[0] == 0
        pages, versions = "select count(*) from snap.snapshots where body is not null", "select count(*) from revisions"
        assert db.execute(pages).fetchone() == db.execute(versions).fetchone(), "no page was kept twice"
