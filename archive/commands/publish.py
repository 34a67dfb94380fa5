"""python -m archive publish."""

from __future__ import annotations

import argparse
import sys

from archive.commands import many, size
from archive.exits import GOOD
from archive.publish import publish, write_files

WHAT = "make a new read-only copy with its search index, and switch to it"


def add(parser: argparse.ArgumentParser) -> None:
    """--full, --without-files."""
    parser.add_argument("--full", action="store_true", help="build it anew, where otherwise the last copy is changed")
    parser.add_argument(
        "--without-files", action="store_true", help="do not write the whole archive as Parquet and CSV"
    )


def run(options: argparse.Namespace) -> int:
    """Publish, and say in one line what was made; how, and the files beside it, on standard error."""
    done = publish(options.data_dir, options.full)
    print(
        f"published {many(done.articles, 'article')} of {many(done.portals, 'portal')} "
        f"to {done.path} in {done.seconds:.1f} s"
    )
    how = f"built in full: {done.why}" if done.changed is None else f"{many(done.changed, 'change')} to a kept copy"
    print(how, file=sys.stderr)
    if not options.without_files:
        files = write_files(options.data_dir)
        sizes = ", ".join(f"{path.name} ({size(path.stat().st_size)})" for path in files)
        print(f"beside it {sizes}", file=sys.stderr)
    return GOOD
