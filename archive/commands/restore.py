"""python -m archive restore FOLDER."""

from __future__ import annotations

import argparse
from pathlib import Path

from archive.commands import many
from archive.exits import GOOD
from archive.recovery import restore

WHAT = "make a backup the archive of DATA_DIR, checked against its manifest"


def add(parser: argparse.ArgumentParser) -> None:
    """FOLDER and --force."""
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a folder that backup has made")
    parser.add_argument("--force", action="store_true", help="move an archive that is there aside first")


def run(options: argparse.Namespace) -> int:
    """Restore, and say what to do next."""
    done = restore(options.folder, options.data_dir, options.force)
    if done.aside is not None:
        print(f"the archive that was there is in {done.aside}")
    if done.withheld:
        print(f"what it withheld came along ({many(done.withheld, 'row')})")
    if done.withheld is None:
        print("what it withheld could not be read: compare withhold --list with what you know")
    print(
        f"restored {many(done.articles, 'article')}, as of {done.made[:16].replace('T', ' ')}; "
        "readers see it after python -m archive publish"
    )
    return GOOD
