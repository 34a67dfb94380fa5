"""Serves the published copy of the moment, read-only, with Datasette in this process."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import uvicorn
from datasette.app import Datasette
from datasette.plugins import pm

import archive.site
from archive.fitting import misfit
from archive.publish import current_copy

HOST = "127.0.0.1"  # to the world it speaks through a web server in front
PORT = 8001
METADATA = Path(__file__).parents[2] / "metadata.json"

# For a public site: no SQL of strangers, no download of the file, no cost that grows with the archive.
SETTINGS: dict[str, Any] = {
    "default_allow_sql": False,
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


def site(data_dir: Path, *, cors: bool = False, **settings: Any) -> Datasette:
    """Datasette with the plugin, on the copy that the link names now. `cors`: pages of other sites may read the data.

    Raises ServeError where there is none, or where its index is of another version.
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
    metadata = json.loads(METADATA.read_text(encoding="utf-8"))
    secret = os.environ.get("DATASETTE_SECRET")
    datasette = Datasette(
        immutables=[str(link)], metadata=metadata, settings=SETTINGS | settings, secret=secret, cors=cors
    )
    _open(datasette, copy)
    return datasette


def _register() -> None:
    """Take up the plugin, whose error pages replace Datasette's handler: that one prints all local variables
    of a failed request to the log, and with them what a reader searched for."""
    if not pm.is_registered(archive.site):
        pm.register(archive.site, "archive.site")
    if pm.has_plugin("datasette.handle_exception"):
        pm.unregister(name="datasette.handle_exception")


def _open(datasette: Datasette, copy: Path) -> None:
    """Pin the database, which the link has named `archive`, to the file itself: every thread opens the same
    one. Hash and counts are given, or the first page would read the whole file for them."""
    database = datasette.databases["archive"]
    database.path = str(copy)
    database.cached_hash = copy.stem
    database.cached_size = copy.stat().st_size
    with closing(sqlite3.connect(f"{copy.as_uri()}?mode=ro", uri=True)) as db:
        counts = db.execute("select name, n from counts where name like 'table/%'").fetchall()
    database._cached_table_counts = {name.removeprefix("table/"): n for name, n in counts}


def serve(data_dir: Path, port: int = PORT, *, cors: bool = False) -> None:
    """Serve until interrupted. Raises ServeError."""
    datasette = site(data_dir, cors=cors)
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
