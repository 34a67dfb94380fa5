"""Answers without end, and answers that swell: each is broken off by its name, in bounded memory and time."""

from __future__ import annotations

import gzip
import re
import socket
import time
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import brotli
import pytest
from backports import zstd

from crawler.demo.routes import Answer
from tests.loopback import Nightly, SickPortal, Writer
from tests.watched import watch

ARTICLE = re.compile(r"-(\d+)\.html$")
OK = b"HTTP/1.1 200 OK\r\n"
HTML = b"Content-Type: text/html; charset=utf-8\r\n"
SWOLLEN = 200 * 2**20  # bytes that a bomb unpacks to
MOST_MEMORY = 300 * 2**10  # kilobytes of the crawl's process, at its highest


def pieces() -> Iterator[bytes]:
    for _ in range(SWOLLEN // 2**20):
        yield b"\x00" * 2**20


def packed(name: str) -> bytes:
    """200 MB of zeros: 200 KB by gzip, some hundred bytes by the others."""
    if name == "gzip":
        pack = zlib.compressobj(1, zlib.DEFLATED, 31)
        return b"".join([*(pack.compress(piece) for piece in pieces()), pack.flush()])
    if name == "deflate":
        pack = zlib.compressobj(1)
        return b"".join([*(pack.compress(piece) for piece in pieces()), pack.flush()])
    if name == "br":
        pack_br = brotli.Compressor(quality=1)
        return b"".join([*(pack_br.process(piece) for piece in pieces()), pack_br.finish()])
    pack_zstd = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 27})
    return b"".join([*(pack_zstd.compress(piece) for piece in pieces()), pack_zstd.flush()])


def bomb(name: str) -> bytes:
    """The answer with it."""
    body = packed(name.partition(" ")[0])
    if name == "gzip gzip":
        body = gzip.compress(body)
    encoding = name.replace(" ", ", ")
    return OK + HTML + f"Content-Encoding: {encoding}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def endless(start: bytes, piece: bytes, pause: float = 0.0) -> Writer:
    """Writes on until nobody listens any more."""

    def write(connection: socket.socket) -> None:
        connection.sendall(start)
        while True:
            connection.sendall(piece)
            if pause:
                time.sleep(pause)

    return write


def silent(connection: socket.socket) -> None:
    """Says nothing; ends when the crawl hangs up."""
    with suppress(OSError):
        connection.recv(1)


LINE = b"X-Trang: " + b"a" * 900 + b"\r\n"
# By its name: the answer, and the outcome that it must come to.
TROUBLES: dict[str, tuple[object, str]] = {
    "gzip bomb": (bomb("gzip"), "too_large"),
    "gzip in gzip": (bomb("gzip gzip"), "too_large"),
    "deflate bomb": (bomb("deflate"), "too_large"),
    "brotli bomb": (bomb("br"), "too_large"),
    "zstd bomb with a window of 128 MB": (bomb("zstd"), "too_large"),
    "endless body": (endless(OK + HTML + b"\r\n", b"<p>a</p>" * 8192), "too_large"),
    "endless chunks": (
        endless(OK + HTML + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b"a" * 65536 + b"\r\n"),
        "too_large",
    ),
    "a gigabyte announced": (OK + HTML + b"Content-Length: 1073741824\r\n\r\n<html>", "too_large"),
    "endless headers": (endless(OK, LINE * 50), "too_large"),
    "an endless line": (endless(OK + b"X-Trang: ", b"a" * 65536), "too_large"),
    "endless 100 Continue": (endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 500), "too_large"),
    "three million tags": (OK + HTML + b"\r\n<html>" + b"<p>" * 3_000_000 + b"</html>", "too_large"),
    "nested a hundred thousand deep": (OK + HTML + b"\r\n<html>" + b"<b>" * 100_000 + b"x</html>", "not_article"),
    "slow headers": (endless(OK, b"X-A: b\r\n", 0.2), "network_error"),
    "slow body": (endless(OK + HTML + b"\r\n<html>", b"a", 0.2), "network_error"),
    "silence": (silent, "network_error"),
}


class Night:
    """One night of a portal that answers one article in two with a trouble."""

    def __init__(self, folder: Path) -> None:
        self.portal = SickPortal(self.mood, articles=2 * len(TROUBLES) + 1)
        numbers = self.portal.numbers
        # Every second article: many failures in a row are a sick portal, and that is left alone.
        self.sick = dict(zip(numbers[1::2], TROUBLES, strict=True))
        self.answered: dict[str, int] = {}
        with self.portal:
            self.nightly = Nightly(folder, {"DOWNLOAD_TIMEOUT": "1.5"}).register(url=self.portal.url)
            seen = watch(self.nightly)
        self.ended, self.highest = seen.ended, seen.highest
        self.came_to = {
            int(ARTICLE.search(url)[1]): outcome  # type: ignore[index]
            for url, outcome in self.nightly.archived.rows(
                "select url, outcome from frontier where url glob '*-[0-9]*.html'"
            )
        }

    def mood(self, path: str, n: int) -> Answer | bytes | Writer | None:
        found = ARTICLE.search(path)
        trouble = self.sick.get(int(found[1])) if found else None
        if trouble is None:
            return None
        answer = TROUBLES[trouble][0]
        assert isinstance(answer, bytes) or callable(answer)
        return answer


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    return Night(tmp_path_factory.mktemp("endless"))


@pytest.mark.parametrize("trouble", TROUBLES)
def test_each_is_broken_off_by_its_name(night: Night, trouble: str) -> None:
    number = next(number for number, name in night.sick.items() if name == trouble)
    assert night.came_to[number] == TROUBLES[trouble][1]


def test_the_other_articles_are_all_kept_and_nothing_of_ours_breaks(night: Night) -> None:
    assert night.nightly.archived.numbers() == sorted(set(night.portal.numbers) - set(night.sick))
    assert night.ended.returncode == 0, night.ended.stderr
    assert "Traceback" not in night.ended.stderr and "reader_error" not in night.ended.stdout


def test_memory_stays_under_300_mb(night: Night) -> None:
    assert 0 < night.highest < MOST_MEMORY
