"""A command on a terminal of a given size, and what a person would see there: enough of ANSI for one table in place."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

from tests.loopback import PATIENCE, ROOT

SEQUENCE = re.compile(r"\x1b\[([?0-9;]*)([A-Za-z])")


class Screen:
    """Lines of text under a cursor: what is written, erased and overwritten; colours are passed over."""

    def __init__(self) -> None:
        self.lines = [""]
        self.row = self.column = 0

    def write(self, text: str) -> None:
        """Take what a program wrote to its terminal."""
        at = 0
        for found in SEQUENCE.finditer(text):
            self._print(text[at : found.start()])
            self._obey(found[1], found[2])
            at = found.end()
        self._print(text[at:])

    def _print(self, text: str) -> None:
        for letter in text:
            if letter == "\n":
                self.row += 1
                self.lines += [""] * (self.row + 1 - len(self.lines))
            elif letter == "\r":
                self.column = 0
            else:
                line = self.lines[self.row].ljust(self.column)
                self.lines[self.row] = line[: self.column] + letter + line[self.column + 1 :]
                self.column += 1

    def _obey(self, number: str, command: str) -> None:
        if command == "A":
            self.row = max(0, self.row - int(number or 1))
        elif command == "K":
            self.lines[self.row] = "" if number == "2" else self.lines[self.row][: self.column]

    @property
    def text(self) -> str:
        """What stands there."""
        return "\n".join(line.rstrip() for line in self.lines).strip("\n")


class Terminal:
    """A running command, its screen, and all that it wrote."""

    def __init__(self, *arguments: str, size: tuple[int, int] = (80, 24), **environment: str) -> None:
        self.screen = Screen()
        self.written = ""
        ours, theirs = pty.openpty()
        columns, lines = size
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        clean = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "NO_COLOR")}
        self.process = subprocess.Popen(
            [sys.executable, *arguments], cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
            env={**clean, "TERM": "xterm-256color", **environment},
        )  # fmt: skip
        os.close(theirs)
        self.handle = ours

    def read(self, seconds: float = 0.1) -> bool:
        """Take what is written within so many seconds; False where the command has hung up."""
        if not select.select([self.handle], [], [], seconds)[0]:
            return True
        try:
            text = os.read(self.handle, 1 << 16).decode("utf-8", "replace")
        except OSError:  # how Linux says that nobody writes here any more
            return False
        self.written += text
        self.screen.write(text)
        return bool(text)

    def until(self, seen: Callable[[str], object]) -> str:
        """Wait for something to stand on the screen; returns the screen."""
        end = time.monotonic() + PATIENCE
        while not seen(self.screen.text):
            assert self.read(), f"the command ended before:\n{self.screen.text}"
            assert time.monotonic() < end, f"it was never seen:\n{self.screen.text}"
        return self.screen.text

    def end(self, signal_number: int | None = None) -> int:
        """Send a signal where one is named, read to the end; returns the exit code."""
        if signal_number is not None:
            self.process.send_signal(signal_number)
        end = time.monotonic() + PATIENCE
        while self.read() and time.monotonic() < end:
            pass
        os.close(self.handle)
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGKILL)
            raise


def nightly(folder: Path, registry: Path, size: tuple[int, int] = (80, 24)) -> Terminal:
    """`scrapy nightly` on a terminal."""
    return Terminal("-m", "scrapy", "nightly", size=size, PORTALS_FILE=str(registry), DATA_DIR=str(folder))
