"""python -m archive alert."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from archive.commands import many
from archive.exits import GOOD, NOT_SENT, STORE_FAILED, WRONG_CONFIGURATION

WHAT = "tell people what their saved searches have found since the last time"
FILE = Path("alerts.toml")


def add(parser: argparse.ArgumentParser) -> None:
    """--file, --dry-run."""
    parser.add_argument(
        "--file",
        type=Path,
        default=Path(os.environ["ALERTS_FILE"]) if os.environ.get("ALERTS_FILE") else None,
        help="the saved searches (environment: ALERTS_FILE; default: alerts.toml)",
    )
    parser.add_argument("--dry-run", action="store_true", help="show what would be sent; send and remember nothing")


def run(options: argparse.Namespace) -> int:
    """Look, and send; returns the exit code. Raises Busy."""
    file = options.file or FILE
    if options.file is None and not file.exists():
        print(f"no saved searches: there is no {file} (alerts.example.toml shows how it is written)")
        return GOOD
    from archive.alerting.running import AlertError, run  # Datasette and apprise are slow to import
    from archive.alerting.wanted import AlertsError
    from archive.site.serve import ServeError

    try:
        outcome = run(options.data_dir, file, print, dry_run=options.dry_run)
    except (AlertsError, ServeError) as error:
        print(error, file=sys.stderr)
        return WRONG_CONFIGURATION
    except AlertError as error:
        print(error, file=sys.stderr)
        return STORE_FAILED
    print(f"{outcome.new} new, {many(outcome.messages, 'message')} {'to send' if options.dry_run else 'sent'}")
    return NOT_SENT if outcome.failed else GOOD
