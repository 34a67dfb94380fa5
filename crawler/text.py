"""Text as the archive keeps it: NFC, one kind of blank, nothing else touched."""

from __future__ import annotations

import re
import unicodedata


def squeeze(text: str) -> str:
    """One line of text: NFC, every run of white space (NBSP included) to one blank, ends trimmed.

    Tone placement, dashes and letter case stay as written.
    """
    # split() parts at everything that a browser shows as a blank, NBSP and its kin included, and is five times
    # quicker than a pattern. Zero-width characters and soft hyphens are letters of the text as written; only the
    # search index drops them.
    return unicodedata.normalize("NFC", " ".join(text.split()))


def whole_number(text: str) -> int | None:
    """The count in "1.684", "1,684" or "Đã xem: 254"; None where there is none."""
    found = re.search(r"\d+(?:[.,]\d{3})*(?![\d])", text)
    return int(re.sub(r"[.,]", "", found[0])) if found else None
