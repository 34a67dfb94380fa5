"""Text as the archive keeps it: NFC, one kind of blank, nothing else touched."""

from __future__ import annotations

import re
import unicodedata

# Everything that a browser shows as a blank: NBSP and its kin, tabs, line ends. Zero-width characters and
# soft hyphens are letters of the text as written; only the search index drops them.
BLANKS = re.compile(r"\s+")


def squeeze(text: str) -> str:
    """One line of text: NFC, every run of white space (NBSP included) to one blank, ends trimmed.

    Tone placement, dashes and letter case stay as written.
    """
    return unicodedata.normalize("NFC", BLANKS.sub(" ", text).strip())


def whole_number(text: str) -> int | None:
    """The count in "1.684", "1,684" or "Đã xem: 254"; None where there is none."""
    found = re.search(r"\d+(?:[.,]\d{3})*(?![\d])", text)
    return int(re.sub(r"[.,]", "", found[0])) if found else None
