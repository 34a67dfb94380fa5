"""Reads the text of a file in a process of its own (this module as a script), with limits of time and memory.

What a stranger's file does to the reader happens there: an endless loop is ended, a crash is a name.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path

from archive.files.text import Extracted, Problem, Refused
from archive.files.types import DOCX, PDF, WITH_TEXT

ROOT = Path(__file__).parents[2]  # where `archive` is found
SECONDS = 30  # of the clock; a file's own limit (pdf.py) ends it before with what was read
CPU_SECONDS = 20
MEMORY = 1_500 * 1024 * 1024  # bytes of address space


def read_text(body: bytes, type: str) -> Extracted:
    """The text of a body of a known type. Never raises for what the file is; blocks for up to SECONDS."""
    if type not in WITH_TEXT:
        return Extracted("", Problem.NO_READER)
    command = [sys.executable, "-m", __name__, type]
    try:
        done = subprocess.run(command, input=body, capture_output=True, timeout=SECONDS, cwd=ROOT, check=False)
    except subprocess.TimeoutExpired:
        return Extracted("", Problem.TOO_SLOW)
    if done.returncode != 0:  # killed by its limits; a Python error ends with 1
        return Extracted("", Problem.TOO_SLOW if done.returncode < 0 else Problem.BROKEN)
    said = json.loads(done.stdout)
    return Extracted(str(said["text"]), str(said["problem"]))


def extract(body: bytes, type: str) -> Extracted:
    """The same in this very process, without its limits of time and memory."""
    from archive.files.docx import text_of_docx
    from archive.files.pdf import text_of_pdf

    try:
        return {PDF: text_of_pdf, DOCX: text_of_docx}[type](body)
    except Refused as refusal:
        return Extracted("", refusal.problem)
    except MemoryError:
        return Extracted("", Problem.BOMB)
    except RecursionError:
        return Extracted("", Problem.BROKEN)


def main() -> int:
    """The child: the body on standard input, what was read as JSON on standard output."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    found = extract(sys.stdin.buffer.read(), sys.argv[1])
    sys.stdout.write(json.dumps({"text": found.text, "problem": found.problem}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
