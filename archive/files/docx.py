"""The text of a DOCX: paragraphs and notes of WordprocessingML, without what was deleted, by lxml."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

from lxml import etree

from archive.files.text import Extracted, Gathered, Problem, Refused, finished

MAIN = "word/document.xml"
NOTES = ("word/footnotes.xml", "word/endnotes.xml")
LARGEST = 40 * 1024 * 1024  # bytes of one part, unpacked
RATIO = 200  # times that a part may grow when it is unpacked, if it is large
MEGABYTE = 1024 * 1024
MOST_PARTS = 5_000

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"  # a text box once more, in old form
WORDS = {f"{W}tab": "\t", f"{W}br": " ", f"{W}cr": " ", f"{W}noBreakHyphen": "-"}


def text_of_docx(body: bytes) -> Extracted:
    """The text of a DOCX. Raises Refused."""
    found = Gathered()
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            if len(archive.infolist()) > MOST_PARTS:
                raise Refused(Problem.BOMB)
            names = set(archive.namelist())
            for name in (MAIN, *NOTES):
                if name in names or name == MAIN:
                    for paragraph in _paragraphs(_part(archive, name)):
                        found.add(paragraph)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError, zlib.error, NotImplementedError) as error:
        raise Refused(Problem.BROKEN) from error
    except RuntimeError as error:  # zipfile's word for a password
        raise Refused(Problem.ENCRYPTED) from error
    return finished(found.lines, Problem.CUT if found.is_full else "", joined=True)


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    """One part unpacked; never more than LARGEST, whatever the file says of its size."""
    info = archive.getinfo(name)
    grows = info.file_size / max(1, info.compress_size)
    if info.file_size > LARGEST or (info.file_size > MEGABYTE and grows > RATIO):
        raise Refused(Problem.BOMB)
    with archive.open(info) as part:
        content = part.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Refused(Problem.BOMB)
    return content


def _paragraphs(xml: bytes) -> Iterator[str]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise Refused(Problem.BROKEN) from error
    for fallback in list(root.iter(FALLBACK)):
        fallback.getparent().remove(fallback)
    for paragraph in root.iter(f"{W}p"):
        yield "".join(_words(paragraph))


def _words(paragraph: etree._Element) -> Iterator[str]:
    """The words of one paragraph; a text box in it has paragraphs of its own."""
    for part in paragraph:
        if part.tag == f"{W}t":
            yield part.text or ""
        elif part.tag in WORDS:
            yield WORDS[part.tag]
        elif part.tag != f"{W}p" and isinstance(part.tag, str):
            yield from _words(part)
