"""What a body is, by its own bytes: neither the portal's Content-Type nor the address is believed."""

from __future__ import annotations

import io
import zipfile

PDF = "application/pdf"
DOC = "application/msword"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
UNKNOWN = "application/octet-stream"
ZIP = "application/zip"
WITH_TEXT = frozenset({PDF, DOCX})

# type -> the ending of its names
ENDINGS = {
    PDF: "pdf",
    DOC: "doc",
    DOCX: "docx",
    "application/vnd.ms-excel": "xls",
    "application/vnd.ms-powerpoint": "ppt",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/rtf": "rtf",
    ZIP: "zip",
    "application/vnd.rar": "rar",
    "application/x-7z-compressed": "7z",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    UNKNOWN: "bin",
}
STARTS = (
    (b"{\\rtf", "application/rtf"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The names of the streams in a file of old Office, which are UTF-16.
STREAMS = (("WordDocument", DOC), ("Workbook", "application/vnd.ms-excel"), ("Book", "application/vnd.ms-excel"),
           ("PowerPoint Document", "application/vnd.ms-powerpoint"))  # fmt: skip
PARTS = (
    ("word/", DOCX),
    ("xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)
HEAD = 1024  # bytes within which a PDF says that it is one
HTML = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<meta", b"<title", b"<div")
MOST_NAMES = 10_000  # parts of a zip that are looked through


def sniff(body: bytes) -> str | None:
    """The type of a file; None where it is none: empty, a page, or a line of text. UNKNOWN for other bytes."""
    if b"%PDF-" in body[:HEAD]:
        return PDF
    if body.startswith(b"PK\x03\x04"):
        return _zip(body)
    if body.startswith(OLE):
        return next((type for name, type in STREAMS if name.encode("utf-16-le") in body), UNKNOWN)
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    for start, type in STARTS:
        if body.startswith(start):
            return type
    return None if not body or _is_page(body) or _is_words(body) else UNKNOWN


def is_whole(body: bytes, type: str) -> bool:
    """Whether a PDF, a zip or a JPEG has its end. A server that says no length may break off without a sign."""
    if type == PDF:
        return b"%%EOF" in body[-HEAD * 4 :]
    if body.startswith(b"PK\x03\x04"):
        return zipfile.is_zipfile(io.BytesIO(body))
    if type == "image/jpeg":
        return b"\xff\xd9" in body[-HEAD:]
    return True


def file_name(name: str, type: str) -> str:
    """A name to save a file under: one line, no folder in it, with the ending of its type."""
    kept = "".join(" " if ord(c) < 32 or c in '/\\:*?"<>|\x7f' else c for c in name)
    kept = " ".join(kept.split()).strip(". ")
    ending = ENDINGS.get(type, "bin")
    if type == UNKNOWN or kept.lower().endswith(f".{ending}") or (ending == "jpg" and kept.lower().endswith(".jpeg")):
        return kept[-120:] or f"tep.{ending}"
    return f"{kept[:110] or 'tep'}.{ending}"


def _zip(body: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            names = archive.namelist()[:MOST_NAMES]
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        # Cut short, so that its list of parts is missing; the name of the first part stands at its beginning.
        return DOCX if b"word/" in body[: HEAD * 4] else ZIP
    if "mimetype" in names and b"opendocument.text" in body[:HEAD]:
        return "application/vnd.oasis.opendocument.text"
    if "[Content_Types].xml" in names:
        for folder, type in PARTS:
            if any(name.startswith(folder) for name in names):
                return type
    return ZIP


def _is_page(body: bytes) -> bool:
    head = body[: HEAD * 2].lower().lstrip(b"\xef\xbb\xbf \t\r\n")
    return head.startswith(b"<") or any(tag in head for tag in HTML)


def _is_words(body: bytes) -> bool:
    """Whether a body is plain text: what a script says instead of the file."""
    try:
        text = body[: HEAD * 2].decode("utf-8", "strict" if len(body) <= HEAD * 2 else "ignore")
    except UnicodeDecodeError:
        return False
    return not any(ord(c) < 32 and c not in "\t\r\n\f" for c in text) and len(text) * 4 >= min(len(body), HEAD * 2)
