"""Small real files for what the articles show and attach: nothing heavy is kept, all is drawn when asked."""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache

WIDTH, HEIGHT, BLOCK = 320, 200, 8


def _scene(path: str) -> tuple[list[bool], bytes, bytes]:
    """Hills under a sky, taken from the path: the same address shows the same picture for ever.

    One flag for each 8 x 8 block (is it hill?) and the two colours; both image formats draw this.
    """
    seed = zlib.crc32(path.encode())
    sky, hill = _colour(seed, 150), _colour(seed >> 8, 40)
    flags = []
    for y in range(0, HEIGHT, BLOCK):
        for x in range(0, WIDTH, BLOCK):
            ridge = HEIGHT * 0.55 + 60 * abs(((x + seed % WIDTH) % 160) / 80 - 1) - 30
            flags.append(y > ridge)
    return flags, sky, hill


def _colour(seed: int, floor: int) -> bytes:
    return bytes(floor + (seed >> shift) % 80 for shift in (0, 3, 6))


@lru_cache(maxsize=256)
def png(path: str) -> bytes:
    flags, sky, hill = _scene(path)
    across = WIDTH // BLOCK
    rows = b""
    for start in range(0, len(flags), across):
        row = b"".join((hill if flag else sky) * BLOCK for flag in flags[start : start + across])
        rows += (b"\0" + row) * BLOCK
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    chunks = (_chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(rows, 9)), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@lru_cache(maxsize=256)
def jpeg(path: str) -> bytes:
    """A baseline JPEG of flat blocks: one DC value each, so twelve 4-bit codes are the Huffman table."""
    flags, sky, hill = _scene(path)
    levels = {False: _ycc(sky), True: _ycc(hill)}
    bits, last = "", [0, 0, 0]
    for flag in flags:
        for component, level in enumerate(levels[flag]):
            difference, last[component] = level - last[component], level
            size = abs(difference).bit_length()
            value = difference if difference >= 0 else difference + (1 << size) - 1
            bits += f"{size:04b}" + (f"{value:0{size}b}" if size else "") + "0"
    bits += "1" * (-len(bits) % 8)
    scan = int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\0")
    parts = (
        _marker(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
        _marker(0xDB, b"\0" + bytes([8] * 64)),
        _marker(0xC0, struct.pack(">BHHB", 8, HEIGHT, WIDTH, 3) + b"\x01\x11\0\x02\x11\0\x03\x11\0"),
        _marker(0xC4, b"\0" + bytes([0, 0, 0, 12] + [0] * 12) + bytes(range(12))),
        _marker(0xC4, b"\x10" + bytes([1] + [0] * 15) + b"\0"),
        _marker(0xDA, b"\x03\x01\0\x02\0\x03\0\0\x3f\0"),
    )
    return b"\xff\xd8" + b"".join(parts) + scan + b"\xff\xd9"


def _marker(code: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, code, len(data) + 2) + data


def _ycc(colour: bytes) -> tuple[int, int, int]:
    """Brightness and two colour differences, each centred on zero as JPEG stores them."""
    red, green, blue = colour
    bright = 0.299 * red + 0.587 * green + 0.114 * blue
    return round(bright - 128), round((blue - bright) * 0.564), round((red - bright) * 0.713)


def pdf(name: str) -> bytes:
    """A valid one-page PDF that carries its own name, so two attachments never have the same bytes."""
    text = f"BT /F1 18 Tf 72 760 Td ({name}) Tj ET".encode("ascii", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    tail = b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(out)
    return out + b"xref\n0 6\n0000000000 65535 f \n" + table + tail
