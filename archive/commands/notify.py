"""python -m archive notify."""

from __future__ import annotations

import argparse
import os
import sys

from archive.exits import GOOD, NOT_SENT, WRONG_CONFIGURATION

WHAT = "send the text on standard input to the operator (NOTIFY_URLS)"
LONGEST = 20_000  # characters of a message; of a longer text the end is sent, where the reason stands


def add(parser: argparse.ArgumentParser) -> None:
    """TITLE."""
    parser.add_argument("title", help="the subject of the message")


def run(options: argparse.Namespace) -> int:
    """Send it to every address; returns the exit code."""
    targets = list(dict.fromkeys(os.environ.get("NOTIFY_URLS", "").split()))
    text = sys.stdin.read()[-LONGEST:]
    if not targets:
        print("NOTIFY_URLS is not set: nobody was told", file=sys.stderr)
        return WRONG_CONFIGURATION
    from archive import notify  # apprise is slow to import

    try:
        notify.notify(targets, options.title, text or "(no text)")
    except notify.WrongTarget as error:
        print(f"NOTIFY_URLS: {error}", file=sys.stderr)
        return WRONG_CONFIGURATION
    except notify.NotifyError as error:
        print(error, file=sys.stderr)
        return NOT_SENT
    return GOOD
