"""Where a portal sends us: only ever to its own registered hosts, and never to this machine or its network."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crawler.connecting.resolver import is_public
from crawler.demo.routes import Answer
from tests.loopback import Nightly, SickPortal
from tests.watched import Watched, watch

ARTICLE = re.compile(r"-(\d+)\.html$")
SCRIPTED = "text/html; charset=utf-8"
# Where articles lead, PORT being a neighbour's on this machine that the registry names as another portal.
TARGETS = (
    "http://127.0.0.1:PORT/vi/news/a/b-1.html",
    "http://localhost:PORT/vi/",
    "http://2130706433:PORT/",  # 127.0.0.1 as one number
    "http://0177.0.0.1:PORT/",  # and by octal
    "http://127.1:PORT/",
    "http://[::1]:PORT/",
    "//127.0.0.1:PORT/vi/",
    "http://user:secret@127.0.0.1:OWN/vi/",
    "http://169.254.169.254/latest/meta-data/",
    "http://10.0.0.1/",
    "file:///etc/passwd",
    "ftp://127.0.0.1:OWN/tin.html",
    "data:text/html,<h1>tin</h1>",
    "javascript:alert(1)",
)


def healthy(path: str, n: int) -> None:
    return None


class Night:
    """One run over a portal that sends each second article elsewhere, one by a refresh, one behind a cookie wall."""

    def __init__(self, folder: Path) -> None:
        self.neighbour = SickPortal(healthy, articles=1)
        self.portal = SickPortal(self.mood, articles=2 * len(TARGETS) + 6)
        self.sent = dict(zip(self.portal.numbers[::2], TARGETS, strict=False))
        self.refreshed, self.wall, self.loop = self.portal.numbers[-1:-6:-2]
        with self.portal, self.neighbour:
            self.nightly = Nightly(folder).register(url=self.portal.url)
            self.nightly.register("neighbour", url=self.neighbour.url)
            self.seen: Watched = watch(self.nightly, "portal")
        self.outcomes = self.nightly.archived.outcomes()

    def mood(self, path: str, n: int) -> Answer | None:
        number = int(found[1]) if (found := ARTICLE.search(path)) else 0
        if number == self.refreshed:
            refresh = f'<meta http-equiv="refresh" content="0;URL={self.neighbour.url}">'
            return Answer(f"<html><head>{refresh}</head><body></body></html>".encode(), SCRIPTED)
        if number == self.wall and "wall=through" not in self.portal.requests[-1].cookie:
            return Answer(b"", SCRIPTED, 302, {"Location": path, "Set-Cookie": "wall=through; path=/"})
        if number == self.loop:
            return Answer(b"", SCRIPTED, 302, {"Location": path})
        if (target := self.sent.get(number)) is None:
            return None
        target = target.replace("PORT", str(self.neighbour.port)).replace("OWN", str(self.portal.port))
        return Answer(b"", SCRIPTED, 302, {"Location": target})


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    return Night(tmp_path_factory.mktemp("astray"))


def test_no_connection_is_made_but_to_the_portal_itself(night: Night) -> None:
    assert set(night.seen.connected) == {("127.0.0.1", night.portal.port)}
    assert night.neighbour.requests == []


def test_the_first_cookie_asks_nobody_what_it_means(night: Night) -> None:
    assert "nv4_sess" in night.portal.requests[-1].cookie  # cookies were set, kept and sent
    assert set(night.seen.looked_up) <= {"127.0.0.1"}


def test_each_is_counted_by_its_name_and_the_rest_is_kept(night: Night) -> None:
    assert night.seen.ended.returncode == 0 and "Traceback" not in night.seen.ended.stderr
    assert night.outcomes["external_redirect"] == len(TARGETS)
    assert night.outcomes["soft_404"] == 1 and night.outcomes["redirect_loop"] == 3
    left_out = {*night.sent, night.refreshed, night.loop}
    assert night.nightly.archived.numbers() == sorted(set(night.portal.numbers) - left_out)


def test_behind_a_cookie_wall_the_second_request_brings_the_article(night: Night) -> None:
    assert night.wall in night.nightly.archived.numbers()
    asked = [request.cookie for request in night.portal.requests if request.path.endswith(f"-{night.wall}.html")]
    assert len(asked) == 2 and "wall=through" in asked[1]


# ---------------------------------------------------------------- names that lead to this machine


def test_a_registered_name_that_leads_to_this_machine_is_never_connected_to(tmp_path: Path) -> None:
    """The name of a portal that points to 127.0.0.1 one night; and two spellings of it, which are names to us."""
    with SickPortal(healthy, articles=1) as portal:
        nightly = Nightly(tmp_path, {"CONTACT": "archive@example.org", "PORTAL_HOURS": "0.002"})
        for key, host in {"moved": "danvan.example", "number": "2130706433", "short": "127.1"}.items():
            nightly.register(key, url=f"http://{host}:{portal.port}/", delay=1)
        seen = watch(nightly, names={"danvan.example": "127.0.0.1"})
    assert seen.connected == [] and portal.requests == []
    assert seen.ended.returncode == 1 and "Traceback" not in seen.ended.stderr
    for key in ("moved", "number", "short"):
        assert nightly.archived.outcomes(key)["private_address"] >= 1
    assert "danvan.example leads to 127.0.0.1" in seen.ended.stderr


def test_this_machine_is_asked_where_the_registry_names_it(tmp_path: Path) -> None:
    with SickPortal(healthy, articles=2) as portal:
        nightly = Nightly(tmp_path).register(url=f"http://localhost:{portal.port}/")
        assert nightly.run().returncode == 0
    assert nightly.archived.numbers() == portal.numbers


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.9.9", "169.254.169.254", "100.64.0.1", "0.0.0.0",
                "224.0.0.1", "255.255.255.255", "::1", "fe80::1", "fd00::1", "::ffff:127.0.0.1", "no address"]
)  # fmt: skip
def test_addresses_of_this_machine_and_its_network_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["203.113.131.9", "8.8.8.8", "2405:4800::1"])
def test_addresses_of_the_world_are_public(address: str) -> None:
    assert is_public(address)
