"""python -m archive backup DEST."""

from __future__ import annotations

import argparse
from pathlib import Path

from archive.backup import back_up
from archive.commands import many, size
from archive.exits import GOOD

WHAT = "copy archive.db and snapshots.db, as of one moment, to a dated folder of DEST; a crawl may go on meanwhile"


def add(parser: argparse.ArgumentParser) -> None:
    """DEST."""
    parser.add_argument("dest", type=Path, metavar="DEST", help="where dan-van-YYYYMMDDTHHMMSS/ is made; another disk")


def run(options: argparse.Namespace) -> int:
    """Back up, and say how to come back. An archive of an older version is copied as it is."""
    done = back_up(options.data_dir, options.dest)
    print(
        f"backed up {many(done.articles, 'article')} and {many(done.snapshots, 'snapshot')}, {size(done.size)}, "
        f"to {done.folder} in {done.seconds:.1f} s"
    )
    print(f"to put it back: python -m archive restore {done.folder} --data-dir FOLDER")
    return GOOD
