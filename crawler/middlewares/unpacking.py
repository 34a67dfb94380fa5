"""Packed answers (gzip, deflate, brotli, zstd), unpacked as far as they may grow, and no further.

Two things that Scrapy's own does not do: an answer that ends in the middle of its packed stream is flagged
("truncated"; unpacked it is half a page under status 200), and one that may be cut (robots.txt) is cut.
"""

from __future__ import annotations

import zlib
from collections.abc import Generator

import brotli
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.responsetypes import responsetypes

try:
    from compression import zstd  # type: ignore[import-not-found,unused-ignore]
except ImportError:  # before Python 3.14
    from backports import zstd

PIECE = 64 * 1024
WINDOW = 23  # of zstd, as a power of two: 8 MB are what its standard asks of everybody; a bomb asks for gigabytes
TRUNCATED = "truncated"  # the flag of a response whose packed stream has no end
GZIP = b"\x1f\x8b"
LAYERS = 2  # "gzip, gzip" is met where a proxy packs once more; more is a joke

Pieces = Generator[bytes, None, bool]  # what a stream holds, piece by piece; at last whether it had its end


class TooLarge(IgnoreRequest):
    """An answer that unpacks to more than it may have."""


class Unpacking:
    """In the place of Scrapy's HttpCompressionMiddleware."""

    def __init__(self, crawler: Crawler) -> None:
        self.most = crawler.settings.getint("DOWNLOAD_MAXSIZE")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Unpacking:
        """Called by Scrapy."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Called by Scrapy: says what we can unpack."""
        request.headers.setdefault("Accept-Encoding", b"gzip, deflate, br, zstd")

    def process_response(self, request: Request, response: Response) -> Response:
        """Called by Scrapy. Raises TooLarge."""
        named = b",".join(response.headers.getlist("Content-Encoding")).lower()
        layers = [name for part in named.split(b",") if (name := part.strip()) and name != b"identity"]
        if not layers or not response.body or len(layers) > LAYERS or any(name not in STREAMS for name in layers):
            return response  # packed by something unknown: its bytes say that it is no page
        keep = request.meta.get("keep_first")  # bytes of an answer that may be cut
        most = keep or request.meta.get("download_maxsize") or self.most
        body, flags = response.body, list(response.flags)
        for name in reversed(layers):
            body, has_end = unpack(body, name, most, bool(keep))
            if not has_end and TRUNCATED not in flags:
                flags.append(TRUNCATED)
        headers = response.headers.copy()
        del headers["Content-Encoding"]
        kind = responsetypes.from_args(headers=headers, url=response.url, body=body)
        return response.replace(cls=kind, body=body, headers=headers, flags=flags)


def unpack(data: bytes, name: bytes, most: int, may_be_cut: bool = False) -> tuple[bytes, bool]:
    """What `data` unpacks to, and whether its stream had an end.

    Raises TooLarge where that is more than `most` bytes; with `may_be_cut` it is the first `most` of them instead.
    A server that says gzip and sends text as it is, is believed by its bytes.
    """
    out = bytearray()
    pieces = STREAMS[name](data)
    while True:
        try:
            out += next(pieces)
        except StopIteration as end:
            return bytes(out), bool(end.value)
        except (zlib.error, brotli.error, zstd.ZstdError, EOFError) as error:
            if "too much memory" in str(error):
                raise TooLarge("its window is larger than 8 MB") from error
            return (bytes(out), False) if out or not is_text(data) else (data, True)
        if len(out) > most and may_be_cut:
            return bytes(out[:most]), True
        if len(out) > most:
            raise TooLarge(f"{len(data)} bytes unpack to more than {most}")


def is_text(data: bytes) -> bool:
    """Whether some bytes look like a page that was never packed."""
    return b"<" in data[:512] and b"\x00" not in data[:512]


def _gzip(data: bytes) -> Pieces:
    """One member after another. The end is that of the last deflate stream.

    A gzip whose checksum is missing is whole all the same: some servers never send one.
    """
    has_end = False
    if not data.startswith(GZIP):
        raise zlib.error("no gzip")
    while data.startswith(GZIP):
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        yield from _inflated(unpacker, data[_gzip_header(data) :])
        has_end = unpacker.eof
        data = unpacker.unused_data[8:]  # behind checksum and length
    return has_end


def _gzip_header(data: bytes) -> int:
    """How long the header of a gzip member is: ten bytes, and what its flags say follows."""
    flags, at = data[3] if len(data) > 3 else 0, 10
    if flags & 4:
        at += 2 + int.from_bytes(data[at : at + 2], "little")
    for flag in (8, 16):  # name, comment
        if flags & flag:
            at = data.find(b"\x00", at) + 1 or len(data)
    return at + (2 if flags & 2 else 0)


def _deflate(data: bytes) -> Pieces:
    """In zlib's form as the standard has it, or bare as old IIS sends it."""
    is_zlib = len(data) > 1 and data[0] & 15 == 8 and int.from_bytes(data[:2], "big") % 31 == 0
    unpacker = zlib.decompressobj(zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS)
    yield from _inflated(unpacker, data)
    return unpacker.eof


def _inflated(unpacker: zlib._Decompress, data: bytes) -> Generator[bytes, None, None]:
    while data and not unpacker.eof:
        yield unpacker.decompress(data, PIECE)
        data = unpacker.unconsumed_tail


def _brotli(data: bytes) -> Pieces:
    unpacker = brotli.Decompressor()
    piece = unpacker.process(data, output_buffer_limit=PIECE)
    while piece:
        yield piece
        piece = b"" if unpacker.is_finished() else unpacker.process(b"", output_buffer_limit=PIECE)
    return bool(unpacker.is_finished())


def _zstd(data: bytes) -> Pieces:
    """One frame after another."""
    has_end = False
    while data:
        unpacker = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: WINDOW})
        yield unpacker.decompress(data, PIECE)
        while not unpacker.eof and not unpacker.needs_input:
            yield unpacker.decompress(b"", PIECE)
        has_end, data = unpacker.eof, unpacker.unused_data
    return has_end


STREAMS = {b"gzip": _gzip, b"x-gzip": _gzip, b"deflate": _deflate, b"br": _brotli, b"zstd": _zstd}
