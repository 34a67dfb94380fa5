"""The steps of a night in service: crawl, publish, tell people what their saved searches found.

`make nightly`, the systemd unit, cron and the container all run this one sequence: python -m crawler.steps
[arguments of `scrapy nightly`]. SIGTERM is passed on once to the step at work, which finishes what is in flight; no
further step begins. Ctrl-C reaches it by the terminal.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Sequence

from archive.exits import GOOD, INTERRUPTED, NOT_SENT, PORTAL_FAILED

CRAWL = ("scrapy", "nightly")
PUBLISH = ("archive", "publish")
ALERT = ("archive", "alert")


class Steps:
    """Runs one step after another, each in a process of its own."""

    def __init__(self) -> None:
        self.at_work: subprocess.Popen[bytes] | None = None
        self.stopped = False

    def stop(self, *_: object) -> None:
        """SIGTERM came."""
        if not self.stopped and self.at_work is not None:
            self.at_work.send_signal(signal.SIGTERM)
        self.stopped = True

    def interrupt(self, *_: object) -> None:
        """Ctrl-C came, to the step at work as well."""
        self.stopped = True

    def run(self, module: str, *arguments: str) -> int:
        """One step; returns its exit code, INTERRUPTED where the night was stopped before or meanwhile."""
        if self.stopped:
            return INTERRUPTED
        self.at_work = subprocess.Popen([sys.executable, "-m", module, *arguments])
        code = self.at_work.wait()
        self.at_work = None
        return INTERRUPTED if self.stopped or code < 0 else code


def night(steps: Steps, arguments: Sequence[str]) -> int:
    """The whole night; returns the exit code of the first step that cannot be gone on after, else the crawl's."""
    crawled = steps.run(*CRAWL, *arguments)
    # Where a portal failed, what the others yielded is published; a message that waits keeps nothing back.
    if crawled not in (GOOD, PORTAL_FAILED, NOT_SENT):
        return crawled
    for step in (PUBLISH, ALERT):
        if code := steps.run(*step):
            return code
    return crawled


def main() -> int:
    """Called by the shell; returns the exit code."""
    steps = Steps()
    signal.signal(signal.SIGTERM, steps.stop)
    signal.signal(signal.SIGINT, steps.interrupt)
    return night(steps, sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
