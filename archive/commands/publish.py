"""python -m archive publish."""

from __future__ import annotations

import argparse

from archive.commands import many
from archive.exits import GOOD
from archive.publish import publish

WHAT = "make a new read-only copy with its search index, and switch to it"


def add(parser: argparse.ArgumentParser) -> None:
    """No options of its own."""


def run(options: argparse.Namespace) -> int:
    """Publish, and say in one line what was made."""
    done = publish(options.data_dir)
    print(
        f"published {many(done.articles, 'article')} of {many(done.portals, 'portal')} "
        f"to {done.path} in {done.seconds:.1f} s"
    )
    return GOOD
