"""Disk full, database locked, file not writable: exit code 2 and a sentence, and the next run goes on."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.loopback import Nightly, SickPortal, finished, wait_until

ROW = {"delay": 0.02}

# A run whose files may not grow beyond some bytes, as where the disk is full: writes fail, nothing else does.
LIMITED = """
import resource, runpy, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)), resource.RLIM_INFINITY))
sys.argv[0] = "scrapy"
runpy.run_module("scrapy", run_name="__main__")
"""


def healthy(path: str, n: int) -> None:
    return None


def check(nightly: Nightly) -> subprocess.CompletedProcess[str]:
    """What `python -m archive check` finds."""
    environment = os.environ | {"DATA_DIR": str(nightly.data)}
    command = [sys.executable, "-m", "archive", "check"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)


def failed_in_good_order(ended: subprocess.CompletedProcess[str]) -> bool:
    """Exit code 2, and one sentence of the command that names the archive; the log's own lines stand beside it."""
    said = [line for line in ended.stderr.splitlines() if line.startswith("nightly: ")]
    return ended.returncode == 2 and len(said) == 1 and "archive" in said[0] and "Traceback" not in ended.stderr


def goes_on(nightly: Nightly, *portals: SickPortal) -> bool:
    """Whether the next run gets the lock and all that is missing, and the archive is sound."""
    ended = nightly.run()
    numbers = [nightly.archived.numbers(key) for (key,) in nightly.archived.rows("select key from portals order by 1")]
    checked = check(nightly)
    assert (ended.returncode, checked.returncode) == (0, 0), (ended.stderr, checked.stdout)
    return numbers == [portal.numbers for portal in portals]


@pytest.mark.soak
@pytest.mark.parametrize("room", [300_000, 700_000])
def test_files_that_cannot_grow_end_the_run_of_all_portals_and_the_next_one_goes_on(tmp_path: Path, room: int) -> None:
    """The first room is too little for the tables, the second for the articles."""
    with SickPortal(healthy, articles=60) as one, SickPortal(healthy, articles=60) as two:
        nightly = Nightly(tmp_path).register("one", url=one.url, **ROW).register("two", url=two.url, **ROW)
        ended = finished(nightly.start_python(LIMITED, str(room), "nightly"))
        assert failed_in_good_order(ended), ended.stderr
        asked = len(one.requests) + len(two.requests)
        assert asked < 200 and nightly.archived.count() < 120
        assert goes_on(nightly, one, two)


@contextlib.contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A file system of its own; skipped where nobody may mount one."""
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.decode().strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_ends_the_run_and_with_room_the_next_one_completes(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "1m") as disk, SickPortal(healthy, articles=60) as portal:
        nightly = Nightly(disk).register(url=portal.url, **ROW)
        ended = nightly.run()
        assert failed_in_good_order(ended), ended.stderr
        subprocess.run(["mount", "-o", "remount,size=60m", str(disk)], check=True)
        assert goes_on(nightly, portal)


def test_nobody_is_asked_for_what_cannot_be_stored(tmp_path: Path) -> None:
    """One portal's article breaks the store: no other portal is asked for anything from then on."""
    broken: list[float] = []

    def slow(path: str, n: int) -> None:
        time.sleep(0.05)

    def last(path: str, n: int) -> None:
        if path.endswith(".html"):
            broken.append(time.monotonic())

    with SickPortal(last, articles=1) as one, SickPortal(slow, articles=60) as two:
        nightly = Nightly(tmp_path).register("one", url=one.url, delay=0.3).register("two", url=two.url, delay=0.05)
        run = nightly.start()
        wait_until(lambda: nightly.archived.rows("select 1 from runs") != [], run)
        with contextlib.closing(sqlite3.connect(nightly.data / "archive.db", timeout=30)) as db:
            db.execute(
                "create trigger full before insert on articles when new.portal = 'one' "
                "begin select raise(abort, 'database or disk is full'); end"
            )
        ended = finished(run)
    assert failed_in_good_order(ended), ended.stderr
    assert "disk is full" in ended.stderr and broken
    late = [request for request in two.requests if request.time > broken[0] + 1]
    assert late == [], "what was in flight is all that came"


@pytest.mark.soak  # the thirty seconds that another writer is waited for
def test_a_database_locked_by_another_is_waited_for_and_then_said(tmp_path: Path) -> None:
    with SickPortal(healthy, articles=30) as portal:
        nightly = Nightly(tmp_path).register(url=portal.url, **ROW)
        run = nightly.start()
        wait_until(lambda: nightly.archived.count() > 3, run)
        with contextlib.closing(sqlite3.connect(nightly.data / "archive.db", isolation_level=None, timeout=30)) as db:
            db.execute("begin immediate")
            began, asked = time.monotonic(), len(portal.requests)
            ended = finished(run)
            waited = time.monotonic() - began
            db.execute("rollback")
        assert failed_in_good_order(ended) and "locked" in ended.stderr, ended.stderr
        assert 25 < waited < 60 and len(portal.requests) <= asked + 2
        assert goes_on(nightly, portal)


def test_a_page_store_that_cannot_be_written_ends_the_run(tmp_path: Path) -> None:
    with SickPortal(healthy, articles=12) as portal:
        nightly = Nightly(tmp_path).register(url=portal.url, **ROW)
        assert nightly.run("--recheck", "none").returncode == 0
        with contextlib.closing(sqlite3.connect(nightly.data / "snapshots.db", isolation_level=None)) as db:
            db.execute("delete from snapshots")
            db.execute("create trigger full before insert on snapshots begin select raise(abort, 'readonly'); end")
        nightly.registry.unlink()
        nightly.register("other", url=portal.url, **ROW)
        ended = nightly.run()
    assert failed_in_good_order(ended) and "readonly" in ended.stderr, ended.stderr
    assert nightly.archived.numbers("other") == []
