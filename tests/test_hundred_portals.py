"""A hundred portals in one command: little memory, and each gets its share. Run by make soak."""

from __future__ import annotations

import subprocess
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median

import pytest

from crawler.demo.routes import Answer
from tests.loopback import Nightly, SickPortal, finished

PORTALS, ARTICLES = 100, 6
MEGABYTES = 400


def peak(run: subprocess.Popen[str]) -> int:
    """The most memory that a process has had so far, in MB; 0 where it is gone."""
    try:
        lines = Path(f"/proc/{run.pid}/status").read_text().splitlines()
    except FileNotFoundError:
        return 0
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")), 0)


def of_ten_kilobytes(portal: SickPortal, path: str) -> Answer | None:
    """A page as large as those of a plain portal."""
    page = portal.healthy(path)
    if "html" not in page.kind or page.status != 200:
        return None
    filling = f"<!--{'x' * max(0, 10_000 - len(page.body))}--></body>".encode()
    return Answer(page.body.replace(b"</body>", filling), page.kind)


@pytest.mark.soak
def test_a_hundred_portals_at_once_need_little_memory_and_none_is_starved(tmp_path: Path) -> None:
    nightly, portals, most = Nightly(tmp_path), [], 0
    with ExitStack() as stack:
        for n in range(PORTALS):
            portal = SickPortal(lambda path, _: None, articles=ARTICLES)
            portal.mood = lambda path, _, portal=portal: of_ten_kilobytes(portal, path)
            portals.append(stack.enter_context(portal))
            nightly.register(f"p{n}", url=portal.url, delay=1, deny=["/vi/news/D"])
        run = nightly.start()
        while run.poll() is None:
            most = max(most, peak(run))
            time.sleep(0.2)
        ended = finished(run)
    assert ended.returncode == 0, ended.stderr[-2000:]
    assert nightly.archived.count() == sum(len(nightly.archived.numbers(f"p{n}")) for n in range(PORTALS)) > 0
    times = sorted(request.time for portal in portals for request in portal.requests)
    half = times[len(times) // 2]
    shares = [sum(request.time <= half for request in portal.requests) for portal in portals]
    ends = [portal.requests[-1].time - times[0] for portal in portals]
    print(f"{len(times)} requests, {most} MB, {min(shares)} to {max(shares)} of them by half time")
    print(f"the first ends after {min(ends):.0f} s, the last after {max(ends):.0f} s")
    assert most < MEGABYTES
    assert min(shares) >= median(shares) / 2, "by half time the slowest has had half of what the others had"
    assert all({request.in_flight for request in portal.requests} == {1} for portal in portals)
