"""One run at a time on one archive. The lock goes with its process, whatever ends it."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Busy(RuntimeError):
    """Another run holds the lock."""


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the lock file for the time of the block. Raises Busy."""
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy(f"another run is at work on this archive (it holds {path})") from error
        yield
