"""One process at a time, by a lock file. The lock goes with its process, whatever ends it."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Busy(RuntimeError):
    """Another run holds the lock."""


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the lock file for the time of the block. Raises Busy."""
    with waiting(path, seconds=0):
        yield


@contextmanager
def waiting(path: Path, seconds: float) -> Iterator[None]:
    """Hold the lock file for the time of the block, after waiting for it some seconds at most. Raises Busy."""
    deadline = time.monotonic() + seconds
    with path.open("a") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if time.monotonic() >= deadline:
                    raise Busy(f"another run is at work on this archive (it holds {path})") from error
                time.sleep(0.05)
        yield
