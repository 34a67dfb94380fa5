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


def is_open_elsewhere(path: Path) -> bool:
    """Whether any process has a file open, or it has another name; where that cannot be told, it counts as so.

    The kernel grants a write lease on a file only to whoever alone has it open.
    """
    try:
        with open(path, "r+b") as file:
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
            return os.fstat(file.fileno()).st_nlink > 1
    except (OSError, AttributeError):  # held; or a file system, or a system, without leases
        return True


def see_to_room(folder: Path, needed: int, what: str) -> None:
    """Raises NoRoom unless so many bytes are free in a folder."""
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise NoRoom(f"{what} was not begun: about {needed:,} bytes are needed in {folder}, where {free:,} are free")
