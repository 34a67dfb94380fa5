"""One run at a time on one archive: the lock of archive/lock.py, under the name that the commands know."""

from archive.lock import Busy, held

__all__ = ["Busy", "held"]
