"""python -m archive serve."""

from __future__ import annotations

import argparse
import os
import sys

from archive.exits import GOOD, WRONG_CONFIGURATION

WHAT = "serve the published copy on this machine"


def add(parser: argparse.ArgumentParser) -> None:
    """--port, --cors, --operator."""
    parser.add_argument("--port", type=_port, default=8001, help="default: 8001")
    parser.add_argument(
        "--cors",
        action="store_true",
        default=os.environ.get("CORS") == "1",
        help="let pages of other sites read the JSON API, downloads and feeds (environment: CORS=1)",
    )
    parser.add_argument(
        "--operator",
        action="store_true",
        help="with SQL and Datasette's pages about itself, for this machine only; never behind a web server",
    )


def run(options: argparse.Namespace) -> int:
    """Serve until Ctrl-C."""
    from archive.site.serve import ServeError, serve  # Datasette is slow to import; the others do without

    try:
        serve(options.data_dir, options.port, operator=options.operator, cors=options.cors)
    except ServeError as error:
        print(error, file=sys.stderr)
        return WRONG_CONFIGURATION
    return GOOD


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65_536:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: 1 to 65535")
    return int(text)
