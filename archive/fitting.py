"""Whether a published copy fits this version of the software: its index holds words as one normaliser wrote them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from archive import search

AGAIN = "make a new one with python -m archive publish"


def misfit(copy: Path) -> str:
    """Why a copy cannot be searched by this version, in one sentence; "" where it can."""
    try:
        with closing(sqlite3.connect(f"{copy.resolve().as_uri()}?mode=ro", uri=True)) as db:
            (version,) = db.execute("select normaliser_version from build").fetchone() or (None,)
    except sqlite3.Error as error:
        return f"the published copy {copy} cannot be read (SQLite says: {error}): {AGAIN}"
    if version != search.NORMALISER_VERSION:
        return (
            f"the search index of the published copy {copy.name} is of version {version}, "
            f"this software searches version {search.NORMALISER_VERSION}: {AGAIN}"
        )
    return ""
