"""Serves the published copy of the moment, read-only, with Datasette in this process."""

from __future__ import annotations

import json
import os
import socket
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import uvicorn
from datasette.app import Datasette
from datasette.plugins import pm

import archive.site
from archive import clock
from archive.fitting import misfit
from archive.publish import current_copy
from archive.site.copies import NAME, Published
from archive.site.guarding import PLUGIN

HOST = "127.0.0.1"  # to the world it speaks through a web server in front
PORT = 8001
METADATA = Path(__file__).parents[2] / "metadata.json"

# No download of the file, no cost that grows with the archive.
SETTINGS: dict[str, Any] = {
    "allow_download": False,
    "allow_csv_stream": False,  # Datasette's stream ends early without a word when a page of it is slow
    "suggest_facets": False,
    "sql_time_limit_ms": 1_500,
    "facet_time_limit_ms": 400,
    "default_page_size": 50,
    "max_returned_rows": 1_000,
    "truncate_cells_html": 300,
    "default_cache_ttl": 60,
    "cache_size_kb": 50_000,
    "num_sql_threads": max(2, os.cpu_count() or 2),
}


class ServeError(RuntimeError):
    """The site cannot be served; the message is one clear sentence."""


def site(data_dir: Path, *, operator: bool = False, cors: bool = False, **settings: Any) -> Datasette:
    """Datasette with the plugin, on the copy that the link names at each moment.

    `operator`: with SQL and Datasette's pages about itself, and for requests of this very machine only. Raises
    ServeError where there is no copy, or where its index is of another version.
    """
    copy = current_copy(data_dir)
    if copy is None:
        raise ServeError(
            f"there is no published copy in {data_dir / 'published'}: make one with python -m archive publish"
        )
    if wrong := misfit(copy):
        raise ServeError(wrong)
    _register()
    link = data_dir / "published" / "archive.db"
    metadata, modes = _metadata(operator), {"default_allow_sql": operator}
    secret = os.environ.get("DATASETTE_SECRET")
    datasette = Datasette(
        immutables=[str(link)],
        metadata=metadata,
        settings=SETTINGS | modes | settings,
        secret=secret,
        cors=cors,
    )
    # A new mapping, as Datasette itself does it: whoever goes through the old one is not disturbed.
    datasette.databases = {**datasette.databases, NAME: Published(datasette, link)}
    return datasette


def _metadata(operator: bool) -> dict[str, Any]:
    metadata: dict[str, Any] = json.loads(METADATA.read_text(encoding="utf-8"))
    metadata.setdefault("plugins", {}).setdefault(PLUGIN, {})["operator"] = operator
    metadata["databases"][NAME]["allow_sql"] = operator
    return metadata


def _register() -> None:
    """Take up the plugin, whose error pages replace Datasette's handler: that one prints all local variables
    of a failed request to the log, and with them what a reader searched for."""
    if not pm.is_registered(archive.site):
        pm.register(archive.site, PLUGIN)
    if pm.has_plugin("datasette.handle_exception"):
        pm.unregister(name="datasette.handle_exception")


def serve(data_dir: Path, port: int = PORT, *, operator: bool = False, cors: bool = False) -> None:
    """Serve until interrupted. Raises ServeError; ClockError where ARCHIVE_NOW is no time."""
    clock.now()  # a wrong setting is said now, not by every page
    datasette = site(data_dir, operator=operator, cors=cors)
    with closing(_listen(port)) as listening:
        # No access log: what readers search for is nobody's business.
        config = uvicorn.Config(datasette.app(), log_level="warning", access_log=False, lifespan="on")
        print(f"serving {current_copy(data_dir)} at http://{HOST}:{port}/ (Ctrl-C ends it)", flush=True)
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])


def _listen(port: int) -> socket.socket:
    # Named TCP, for asyncio sends without delay (TCP_NODELAY) only on sockets that say so: else the body of every
    # second answer on a connection waits 40 ms for the reader's acknowledgement of its headers.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise ServeError(f"port {port} of {HOST} cannot be used: {error.strerror}") from error
    return listening
