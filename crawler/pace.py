"""Whose turn it is at a host: one request at a time and its pace between any two, robots.txt included, whoever asks.

Scrapy's slots are each crawler's own, so two rows of the registry on one host would be asked at once. Here all crawlers
of a process share one turn a group of hosts, and processes that share a DATA_DIR (a probe while the night runs) share
one file a host: locked while a request is out, its time of change is when the last one was. The pause begins with the
answer: a first request may need half a second to connect, and the next one would come so much too early.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response

from crawler.portals import Portal
from crawler.urls import netloc

STEP = 0.5  # seconds between two looks whether the run was stopped, while a request waits for its turn
OTHERS = 0.1  # ... whether another process has given the host free
LONGEST_REST = 3600.0  # seconds that a host is left alone at most; a file whose time lies beyond is of a wrong clock
SLOWEST_LEARNED = 30.0  # seconds between two requests, beyond which no flood blocker stretches the pace
STRETCH = (1.25, 2.5)  # by what the pace is stretched, at least and at most, when it tripped a flood blocker

logger = logging.getLogger(__name__)


class GivenUp(IgnoreRequest):
    """The run was stopped while a request waited for its turn; it was never sent."""


def server(host: str) -> str:
    """A host as the pace knows it: with and without www, by http and https it is one server."""
    return host.lower().removesuffix(":80").removesuffix(":443").removeprefix("www.")


def grouped(rows: Iterable[Portal]) -> dict[str, list[Portal]]:
    """The rows that share a host or a group's name, directly or by way of others, under one name; in their order."""
    groups: list[tuple[set[str], list[Portal]]] = []
    for row in rows:
        names, members = {server(row.pace_group), *map(server, row.all_hosts)}, [row]
        for group in [group for group in groups if group[0] & names]:
            groups.remove(group)
            names |= group[0]
            members = group[1] + members
        groups.append((names, members))
    return {min(names): members for names, members in groups}


class Turn:
    """The turn at one host, or at a group of hosts, in this process."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.last = float("-inf")  # when the last request was out (monotonic)
        self.gap = 0.0  # seconds that who asked last keeps between two requests
        self.rests_until = float("-inf")  # the host refuses everybody until then
        self.learned = 0.0  # seconds between two requests that a flood blocker has taught
        self.asked = 0  # requests since the last refusal, the first of them at `since`
        self.since = 0.0

    async def take(self, gap: float, is_stopped: Callable[[], bool]) -> None:
        """Wait for the turn, at least `gap` seconds behind the last request. Raises GivenUp when the run is stopped."""
        await self.lock.acquire()
        try:
            while True:
                if is_stopped():
                    raise GivenUp("the run was stopped")
                left = self.left(gap)
                if left <= 0:
                    break
                await asyncio.sleep(min(left, STEP))
        except BaseException:
            self.lock.release()
            raise

    def left(self, gap: float) -> float:
        """Seconds until the next request may go out."""
        free = max(self.last + max(gap, self.gap), self.rests_until)
        return free - time.monotonic()

    @property
    def free_at(self) -> float:
        """When who asked last may ask again (monotonic)."""
        return max(self.last + max(self.gap, self.learned), self.rests_until)

    def goes_out(self, gap: float) -> None:
        """A request goes out now."""
        self.last, self.gap = time.monotonic(), gap
        if not self.asked:
            self.since = self.last
        self.asked += 1

    def give_back(self) -> None:
        """The answer is there, or none will come."""
        self.last = time.monotonic()
        self.lock.release()

    def rest(self, seconds: float) -> None:
        """The host refuses us for some seconds: nobody asks until then."""
        self.rests_until = time.monotonic() + min(seconds, LONGEST_REST)

    def learn(self, seconds: float) -> None:
        """A flood blocker refuses us for some seconds: from then on we ask more slowly.

        It counts requests in a window that ends with the wait: what it let through of them is the pace that it bears,
        unless it had counted others' requests before ours.
        """
        bearable = (time.monotonic() - self.since + seconds) / max(1, self.asked - 1)  # the last one was refused
        least, most = STRETCH
        self.learned = min(SLOWEST_LEARNED, max(self.gap * least, min(bearable, self.gap * most)))
        self.asked = 0


class Gate:
    """The file by which processes of one DATA_DIR take turns at a host. Held from take() to give_back()."""

    def __init__(self, folder: Path, host: str) -> None:
        self.path = folder / (host.replace("/", "_") or "nowhere")
        self.handle: int | None = None

    async def take(self, gap: float, is_stopped: Callable[[], bool]) -> None:
        """Wait until no other process asks, and for `gap` seconds since one did. Raises GivenUp, OSError.

        Its time is set before the request too: a run that is killed in it has asked as well.
        """
        self.path.parent.mkdir(exist_ok=True)
        is_new = not self.path.exists()
        self.handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            if is_new:
                os.utime(self.handle, (0, 0))
            while (pause := self._pause(gap)) > 0:
                if is_stopped():
                    raise GivenUp("the run was stopped")
                await asyncio.sleep(min(pause, STEP))
            os.utime(self.handle)
        except BaseException:
            self._close()
            raise

    def _pause(self, gap: float) -> float:
        assert self.handle is not None
        try:
            fcntl.flock(self.handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return OTHERS
        left = os.fstat(self.handle).st_mtime + gap - time.time()
        return left if left <= LONGEST_REST + gap else 0.0

    def rest(self, seconds: float) -> None:
        """The host refuses us: no process asks it for some seconds and its pace. Raises OSError."""
        until = time.time() + min(seconds, LONGEST_REST)
        os.utime(self.path, (until, until))

    def give_back(self) -> None:
        """The answer is there, or none will come: let the others ask."""
        if self.handle is not None:
            with suppress(OSError):  # its time was set before the request: that stands
                os.utime(self.handle)
            self._close()

    def _close(self) -> None:
        if self.handle is not None:
            os.close(self.handle)
            self.handle = None


_turns: dict[str, Turn] = {}


def turn_of(group: str) -> Turn:
    """The turn of a host or group, one for all crawlers of this process."""
    return _turns.setdefault(group, Turn())


def turn_at(group: str, url: str) -> Turn:
    """The turn at the host of an address, or of the group that it stands in."""
    return turn_of(group or server(netloc(url)))


class HostPace:
    """Holds every request of a crawler until it is its host's turn.

    The pace is the row's delay (DOWNLOAD_DELAY); above it robots.txt's Crawl-delay, and what a flood blocker has
    taught. Scrapy's slot adds AutoThrottle's delay of a slow server, from request to request. PACE_GROUP names the turn
    that the portal shares; without it, it is the host's.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.delay = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self.group = crawler.settings.get("PACE_GROUP") or ""
        self.folder = Path(crawler.settings["DATA_DIR"]) / "pace"
        self.crawl_delay = 0.0
        self.is_alone = False  # whether no file is there by which other processes would know
        self.held: dict[int, tuple[Turn, Gate | None]] = {}
        crawler.signals.connect(self.heed_robots, signal=signals.robots_parsed)
        crawler.signals.connect(self.let_go, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> HostPace:
        """Called by Scrapy."""
        return cls(crawler)

    def heed_robots(self, robotparser: Any) -> None:
        """Called by Scrapy when it has read a robots.txt."""
        wanted = robotparser.crawl_delay(self.crawler.settings["ROBOTSTXT_USER_AGENT"])
        self.crawl_delay = max(self.crawl_delay, float(wanted or 0.0))

    async def process_request(self, request: Request) -> None:
        """Called by Scrapy, last of all before the request goes out. Raises GivenUp."""
        host = server(netloc(request.url))
        turn = turn_of(self.group or host)
        await turn.take(self.gap(turn), self.is_stopped)
        gate = Gate(self.folder, host) if self.folder.parent.is_dir() else None
        gap = self.gap(turn)
        try:
            if gate is not None:
                await gate.take(gap, self.is_stopped)
        except OSError as error:  # a full disk, of which the store will say more; or a folder that is somebody else's
            if not self.is_alone:
                logger.warning("the pace at %s is kept by this process alone: %s", host, error)
            self.is_alone, gate = True, None
        except BaseException:
            turn.give_back()
            raise
        turn.goes_out(gap)
        self.held[id(request)] = turn, gate

    def process_response(self, request: Request, response: Response) -> Response:
        """Called by Scrapy, first of all when an answer is there."""
        self._give_back(request)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Called by Scrapy when none will come."""
        self._give_back(request)

    def _give_back(self, request: Request) -> None:
        turn, gate = self.held.pop(id(request), (None, None))
        if gate is not None:
            gate.give_back()
        if turn is not None:
            turn.give_back()

    def let_go(self) -> None:
        """Called by Scrapy when the crawl is closed: no turn stays behind."""
        for turn, gate in self.held.values():
            if gate is not None:
                gate.give_back()
            turn.give_back()
        self.held.clear()

    def is_stopped(self) -> bool:
        """Whether the spider wants nothing more."""
        return bool(getattr(self.crawler.spider, "stopping", False))

    def gap(self, turn: Turn) -> float:
        """Seconds from an answer to the next request, as things stand."""
        return max(self.delay, self.crawl_delay, turn.learned)


def rest(group: str, url: str, data_dir: Path, seconds: float) -> Turn:
    """The host of an address refuses us for some seconds: neither this process nor another asks it until then."""
    turn = turn_at(group, url)
    turn.rest(seconds)
    gate = Gate(data_dir / "pace", server(netloc(url)))
    if gate.path.exists():
        gate.rest(seconds)
    return turn
