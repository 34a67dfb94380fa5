"""Real files for the tests, made here: PDF of any letters, DOCX, and the same spoilt in many ways."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

from pypdf import PdfReader, PdfWriter

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def pdf(*pages: Sequence[str]) -> bytes:
    """A PDF of some pages, each of some lines, as Word makes it: glyph numbers, and a table that says their letters."""
    letters = sorted({letter for page in pages for line in page for letter in line})
    glyphs = {letter: number for number, letter in enumerate(letters, 1)}
    contents = [_page(page, glyphs) for page in pages]
    kids = " ".join(f"{6 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /AAAAAA+Tinos /Encoding /Identity-H"
        b" /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /AAAAAA+Tinos /DW 500"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        _stream(_to_unicode(glyphs)),
    ]
    for n, content in enumerate(contents):
        resources = "<< /Font << /F1 3 0 R >> >>"
        page = f"/Parent 2 0 R /MediaBox [0 0 595 842] /Resources {resources} /Contents {7 + 2 * n} 0 R"
        objects += [f"<< /Type /Page {page} >>".encode(), _stream(content)]
    return _file(objects)


def _page(lines: Sequence[str], glyphs: dict[str, int]) -> bytes:
    shown = (f"<{''.join(f'{glyphs[letter]:04X}' for letter in line)}> Tj 0 -18 Td" for line in lines)
    return f"BT /F1 12 Tf 72 760 Td {' '.join(shown)} ET".encode()


def _to_unicode(glyphs: dict[str, int]) -> bytes:
    rows = [f"<{number:04X}> <{letter.encode('utf-16-be').hex()}>" for letter, number in glyphs.items()]
    parts = [rows[start : start + 100] for start in range(0, len(rows), 100)]
    tables = "\n".join(f"{len(part)} beginbfchar\n{chr(10).join(part)}\nendbfchar" for part in parts)
    space = "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange"
    return f"/CIDInit /ProcSet findresource begin begincmap\n{space}\n{tables}\nendcmap end".encode()


def _stream(content: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)


def _file(objects: Sequence[bytes]) -> bytes:
    out, offsets = b"%PDF-1.5\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    tail = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + tail


def locked(body: bytes, password: str) -> bytes:
    """A PDF that opens with a password; with "" it opens for all, and may not be printed."""
    writer, out = PdfWriter(clone_from=PdfReader(io.BytesIO(body))), io.BytesIO()
    writer.encrypt(user_password=password, owner_password="chủ", algorithm="AES-256")
    writer.write(out)
    return out.getvalue()


def docx(*paragraphs: str, xml: str = "") -> bytes:
    """A DOCX of some paragraphs; `xml` is put behind them as it is."""
    runs = "".join(f"<w:p><w:r><w:t xml:space='preserve'>{escape(text)}</w:t></w:r></w:p>" for text in paragraphs)
    document = f'<?xml version="1.0"?><w:document xmlns:w="{W}"><w:body>{runs}{xml}</w:body></w:document>'
    return zipped({"[Content_Types].xml": TYPES, "word/document.xml": document})


def zipped(parts: dict[str, str]) -> bytes:
    """A zip of some parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            # Of one day: the same file in every process, so that its hash may name a test.
            archive.writestr(zipfile.ZipInfo(name, (2026, 3, 1, 8, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def bomb() -> bytes:
    """A DOCX of some KB whose text would unpack to 60 MB."""
    return zipped({"[Content_Types].xml": TYPES, "word/document.xml": f"<w:document xmlns:w='{W}'>" + " " * 60_000_000})


def lying_bomb() -> bytes:
    """The same, with a size of 100 bytes written where a reader looks for it."""
    body = bomb()
    at = body.rindex(b"PK\x01\x02")  # the entry of the last part
    return body[: at + 24] + (100).to_bytes(4, "little") + body[at + 28 :]


def endless() -> bytes:
    """A PDF whose tree of pages leads back into itself."""
    return _file([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9999999 >>"])
