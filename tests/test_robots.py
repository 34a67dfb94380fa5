"""robots.txt, whatever stands there: heeded where it is one, waited for where it does not come."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from crawler.demo.routes import Answer
from tests.loopback import Nightly, SickPortal, Writer

TEXT = "text/plain"
FLOOD = '<html><body class="floodblocker">Hãy đợi <span id="secField">1</span> giây</body></html>'
FORBIDDEN = "/vi/news/Dan-van-kheo/"
RULES = f"User-agent: *\nDisallow: {FORBIDDEN}\n".encode()
PADDING = b"# mot dong dai\n" * 40_000  # 600 KB
Given = Answer | bytes | Writer | None


def silent(connection: socket.socket) -> None:
    """Says nothing; ends when the crawl hangs up."""
    with suppress(OSError):
        connection.recv(1)


def endless(connection: socket.socket) -> None:
    """The rules first, and then lines without end."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n" + RULES)
    while True:
        connection.sendall(PADDING)


def cut(connection: socket.socket) -> None:
    """A rule beyond the 500 KB that are heeded, of gigabytes announced."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 9999999999\r\n\r\n")
    connection.sendall(PADDING + b"\nUser-agent: *\nDisallow: /\n")
    silent(connection)


HOME = b"<!DOCTYPE html>\n<html><body><p>Disallow: /</p>\nUser-agent: *\nDisallow: /\n</body></html>"
# By name: what is answered to the n-th request for robots.txt.
ROBOTS: dict[str, Callable[[int], Given]] = {
    "html": lambda n: Answer(HOME, "text/html"),
    "not_found": lambda n: Answer(b"User-agent: *\nDisallow: /\n", TEXT, 404),
    "refused": lambda n: Answer(b"", TEXT, 403),
    "elsewhere": lambda n: Answer(b"", TEXT, 302, {"Location": "http://169.254.169.254/robots.txt"}),
    "moved": lambda n: Answer(b"", TEXT, 301, {"Location": "/robots.php"}),
    "marked": lambda n: Answer(b"\xef\xbb\xbf" + RULES, TEXT),
    "slow_down": lambda n: Answer(b"User-agent: *\nCrawl-delay: 0.01\n", TEXT),
    "endless": lambda n: endless,
    "cut": lambda n: cut,
    "sick_at_first": lambda n: Answer(b"", TEXT, 503) if n == 1 else None,
    "flooded_at_first": lambda n: Answer(FLOOD.encode(), "text/html") if n == 1 else None,
    "sick": lambda n: Answer(b"", TEXT, 500),
    "silent": lambda n: silent,
}
CRAWLED = [name for name in ROBOTS if name not in ("sick", "silent")]


class Night:
    """One run over a portal of each kind."""

    def __init__(self, folder: Path) -> None:
        self.is_well = False  # whether it is the night after, and nobody is sick any more
        self.portals = {name: SickPortal(self.mood(name), articles=6) for name in ROBOTS}
        self.nightly = Nightly(folder, {"DOWNLOAD_TIMEOUT": "1"})
        for name, portal in self.portals.items():
            portal.__enter__()
            self.nightly.register(name, url=portal.url)
        self.ended = self.nightly.run()
        self.outcomes = {name: self.nightly.archived.outcomes(name) for name in ROBOTS}
        self.paths = {name: portal.paths() for name, portal in self.portals.items()}
        self.is_well = True
        self.second = self.nightly.run("sick")
        for portal in self.portals.values():
            portal.__exit__()

    def mood(self, name: str) -> Callable[[str, int], Given]:
        def answer(path: str, n: int) -> Given:
            if path == "/robots.php":
                return Answer(RULES, TEXT)
            return ROBOTS[name](n) if path == "/robots.txt" and not self.is_well else None

        return answer

    def obeyed(self, name: str) -> bool:
        return not any(path.startswith(FORBIDDEN) for path in self.portals[name].paths())


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    return Night(tmp_path_factory.mktemp("robots"))


@pytest.mark.parametrize("name", ["html", "not_found", "refused", "elsewhere", "slow_down", "cut"])
def test_what_is_no_rule_forbids_nothing(night: Night, name: str) -> None:
    assert night.nightly.archived.numbers(name) == night.portals[name].numbers
    assert night.portals[name].asked["/robots.txt"] == 1 and not night.obeyed(name)


@pytest.mark.parametrize("name", ["moved", "marked", "endless"])
def test_rules_are_heeded_behind_a_redirect_a_mark_and_before_an_endless_rest(night: Night, name: str) -> None:
    archived = night.nightly.archived
    assert night.obeyed(name) and archived.outcomes(name)["forbidden"] >= 1
    assert archived.numbers(name) and "closed" not in archived.outcomes(name)


@pytest.mark.parametrize("name", ["sick_at_first", "flooded_at_first"])
def test_a_robots_txt_that_does_not_come_is_asked_for_again_and_nothing_else_before(night: Night, name: str) -> None:
    portal = night.portals[name]
    assert portal.paths()[:2] == ["/robots.txt", "/robots.txt"] and portal.asked["/robots.txt"] == 2
    assert night.nightly.archived.numbers(name) == portal.numbers
    if name == "flooded_at_first":
        assert portal.requests[1].time - portal.requests[0].time >= 0.95


@pytest.mark.parametrize(("name", "outcome"), [("sick", "robots_unreachable"), ("silent", "network_error")])
def test_a_portal_whose_robots_txt_never_comes_is_left_for_the_night(night: Night, name: str, outcome: str) -> None:
    assert set(night.paths[name]) == {"/robots.txt"} and 3 <= len(night.paths[name]) <= 40
    assert night.outcomes[name][outcome] >= 1 and night.outcomes[name]["left"] >= 1
    assert night.ended.returncode == 1 and "Traceback" not in night.ended.stderr


def test_the_next_night_it_is_asked_for_anew(night: Night) -> None:
    assert night.second.returncode == 0, night.second.stderr
    assert night.nightly.archived.numbers("sick") == night.portals["sick"].numbers
