"""Printing for a reader who may go away (`| head`): what is left is printed for nobody, and that is no error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console


class Paper(Console):
    """A console that says when nobody reads it: rich itself would end the whole program, with exit code 1."""

    def on_broken_pipe(self) -> None:
        """Called by rich within its handler. Raises BrokenPipeError."""
        raise


@contextmanager
def for_a_reader() -> Iterator[None]:
    """What is printed on standard output within the block may be read to its end or not."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains once more when it ends
