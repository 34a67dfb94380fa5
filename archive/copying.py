"""A large file copied in the cheapest way that the file system has, and the question whether there is room for it."""

from __future__ import annotations

import fcntl
import os
import shutil
from contextlib import suppress
from pathlib import Path

CLONE = 0x40049409  # FICLONE of linux/fs.h: both files share their blocks until one is written (btrfs, XFS)
AT_ONCE = 1 << 30  # bytes


class NoRoom(OSError):
    """The disk is too full for what is about to be written; the message is one clear sentence."""


def copy_file(source: Path, target: Path) -> None:
    """Copy a file to a new one: as a clone, else within the kernel, else through this process. Raises OSError."""
    with open(source, "rb") as old, open(target, "xb") as new:
        with suppress(OSError):
            fcntl.ioctl(new.fileno(), CLONE, old.fileno())
            return
        try:
            while os.copy_file_range(old.fileno(), new.fileno(), AT_ONCE):
                pass
        except OSError:  # two file systems, or a kernel that cannot
            old.seek(0)
            new.seek(0)
            new.truncate()
            shutil.copyfileobj(old, new, 1 << 20)


def see_to_room(folder: Path, needed: int, what: str) -> None:
    """Raises NoRoom unless so many bytes are free in a folder."""
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise NoRoom(f"{what} was not begun: about {needed:,} bytes are needed in {folder}, where {free:,} are free")
