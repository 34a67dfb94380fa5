"""One process at a time, by a lock file. The lock goes with its process, whatever ends it."""

from __future__ import annotations

import fcntl
import os
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
    """Hold a file, or a folder that is there, for the time of the block. Raises Busy after some seconds of waiting."""
    deadline = time.monotonic() + seconds
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_WRONLY | os.O_CREAT, 0o666)
    try:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if time.monotonic() >= deadline:
                    raise Busy(f"another run is at work on this archive (it holds {path})") from error
                time.sleep(0.05)
        yield
    finally:
        os.close(handle)
