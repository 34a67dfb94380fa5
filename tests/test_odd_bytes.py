"""What a body is, its bytes tell: pages under a wrong charset, type or packing are read, other bytes are no page."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest
from backports import zstd

from crawler.demo.routes import Answer
from crawler.page import Page, decode, is_binary
from tests.loopback import Nightly, SickPortal

ARTICLE = re.compile(r"-(\d+)\.html$")
HTML = "text/html; charset=utf-8"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 20
PDF = b"%PDF-1.4\n" + b"1 0 obj <</Type /Catalog>> endobj\n" * 20
CHALLENGE = (
    "<html><head><title>Just a moment...</title></head>"
    '<body><script src="/cdn-cgi/challenge-platform/h"></script></body></html>'
)


def bare(body: bytes) -> bytes:
    """Deflate without zlib's frame, as old IIS sends it."""
    pack = zlib.compressobj(wbits=-15)
    return pack.compress(body) + pack.flush()


def of_type(kind: str) -> Callable[[bytes], Answer]:
    return lambda body: Answer(body, kind)


def packed(how: str, body: bytes) -> Answer:
    return Answer(body, HTML, 200, {"Content-Encoding": how})


# Pages that are read as they are.
READ: dict[str, Callable[[bytes], Answer]] = {
    "a header that says windows-1252": of_type("text/html; charset=windows-1252"),
    "a header that says TCVN3": of_type("text/html; charset=x-tcvn3"),
    "no charset": of_type("text/html"),
    "no type at all": of_type(""),
    "a byte order mark": lambda body: Answer(b"\xef\xbb\xbf" + body, "text/html"),
    "UTF-16 with a mark": lambda body: Answer(body.decode().encode("utf-16"), "text/html; charset=utf-16"),
    "UTF-16 without": lambda body: Answer(body.decode().encode("utf-16-le"), HTML),
    "HTML sent as a picture": of_type("image/jpeg"),
    "HTML sent as bytes": of_type("application/octet-stream"),
    "control characters": lambda body: Answer(body.replace(b"<body", b"\x00\x01\x0b<body", 1), HTML),
    "gzip": lambda body: packed("gzip", gzip.compress(body)),
    "gzip of several members": lambda body: packed("gzip", gzip.compress(body[:999]) + gzip.compress(body[999:])),
    "gzip without its checksum": lambda body: packed("gzip", gzip.compress(body)[:-8]),
    "gzip that is none": lambda body: packed("gzip", body),
    "gzip twice": lambda body: packed("gzip, gzip", gzip.compress(gzip.compress(body))),
    "deflate": lambda body: packed("deflate", zlib.compress(body)),
    "bare deflate": lambda body: packed("deflate", bare(body)),
    "brotli": lambda body: packed("br", brotli.compress(body)),
    "zstd": lambda body: packed("zstd", zstd.compress(body)),
}
# And what is none, by the outcome that it comes to.
NOT_READ: dict[str, tuple[Callable[[bytes], Answer], str]] = {
    "a picture sent as HTML": (lambda body: Answer(JPEG, HTML), "not_page"),
    "a PDF sent as HTML": (lambda body: Answer(PDF, HTML), "not_page"),
    "a gzip cut in its middle": (lambda body: packed("gzip", gzip.compress(body)[:3000]), "truncated"),
    "a brotli cut in its middle": (lambda body: packed("br", brotli.compress(body)[:2000]), "truncated"),
    "a page that wants a browser": (lambda body: Answer(CHALLENGE.encode(), HTML, 403), "challenge"),
}


class Night:
    """One run over a portal that answers each article in a way of its own."""

    def __init__(self, folder: Path) -> None:
        self.portal = SickPortal(self.mood, articles=len(READ) + 2 * len(NOT_READ))
        numbers = iter(self.portal.numbers)
        self.read, self.odd = {}, {}
        for name in NOT_READ:  # a healthy one between each two: many failures in a row are a sick portal
            self.odd[next(numbers)] = name
            next(numbers)
        self.read = dict(zip(numbers, READ, strict=True))
        with self.portal:
            self.nightly = Nightly(folder).register(url=self.portal.url)
            self.ended = self.nightly.run()
        self.kept = {int(key.rpartition("/")[2]): row for key, row in self.nightly.archived.articles().items()}
        sql = "select url, outcome from frontier where kind = 'article'"
        rows = self.nightly.archived.rows(sql)
        self.came_to = {int(found[1]): outcome for url, outcome in rows if (found := ARTICLE.search(url))}

    def mood(self, path: str, n: int) -> Answer | None:
        number = int(found[1]) if (found := ARTICLE.search(path)) else 0
        page = self.portal.healthy(path)
        if number in self.odd:
            return NOT_READ[self.odd[number]][0](page.body)
        return READ[self.read[number]](page.body) if number in self.read else None


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    return Night(tmp_path_factory.mktemp("bytes"))


@pytest.mark.parametrize("name", READ)
def test_a_page_is_read_whatever_is_said_of_it(night: Night, name: str) -> None:
    number = next(number for number, one in night.read.items() if one == name)
    written, kept = night.portal.site.articles[number], night.kept[number]
    assert kept["title"] == " ".join(written.title.split())
    assert len(kept["body"]) > 100 and "\ufffd" not in kept["body"] and "\x00" not in kept["body"]


@pytest.mark.parametrize("name", NOT_READ)
def test_what_is_no_page_or_no_whole_one_is_never_an_article(night: Night, name: str) -> None:
    number = next(number for number, one in night.odd.items() if one == name)
    assert number not in night.kept and night.came_to[number] == NOT_READ[name][1]


def test_nothing_of_ours_breaks(night: Night) -> None:
    assert night.ended.returncode == 0, night.ended.stderr
    assert "Traceback" not in night.ended.stderr
    assert set(night.kept) == set(night.portal.numbers) - set(night.odd)


def test_a_page_that_never_ends_in_html_is_told_by_its_packing_alone(tmp_path: Path) -> None:
    """Where no page of a portal closes its html, half a page looks whole; a gzip without end does not."""

    def mood(path: str, n: int) -> Answer | None:
        page = portal.healthy(path)
        if "html" not in page.kind or page.status != 200:
            return None
        body = gzip.compress(page.body.replace(b"</html>", b"").rstrip())
        is_cut = bool(found := ARTICLE.search(path)) and int(found[1]) == portal.numbers[0]
        return packed("gzip", body[:-500] if is_cut else body)

    portal = SickPortal(mood, articles=4)
    with portal:
        nightly = Nightly(tmp_path).register(url=portal.url)
        assert nightly.run().returncode == 0
    assert nightly.archived.numbers() == portal.numbers[1:] and nightly.archived.outcomes()["truncated"] == 3


SAID = "<html><body><p>Bà con thôn Đồng Lau góp 40 ngày công làm đường</p></body></html>"


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_known_by_its_zeros(charset: str) -> None:
    assert decode(SAID.encode(charset), "text/html") == SAID and not is_binary(SAID.encode(charset))


def test_control_characters_do_not_make_a_page_a_file() -> None:
    body = SAID.replace("góp", "\x00\x01góp").encode()
    assert not is_binary(body) and Page("http://a/", decode(body), None).root.findtext(".//p")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "body", [JPEG, PDF, b"PK\x03\x04" + bytes(90), bytes(range(32)) * 9, b"RIFF\x00\x01\x00\x00WEBPVP8 \x00\x02"]
)
def test_files_are_known_by_their_bytes(body: bytes) -> None:
    assert is_binary(body)
