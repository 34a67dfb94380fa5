"""The site on a real server in this process, on loopback."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from datasette.app import Datasette


@contextmanager
def served(datasette: Datasette) -> Iterator[tuple[str, int]]:
    """Host and port of a server that answers from `datasette` for the length of the block."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(datasette.app(), log_level="critical", access_log=False, lifespan="on")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            while not server.started:
                assert thread.is_alive(), "the server did not start"
                time.sleep(0.01)
            yield listening.getsockname()
        finally:
            server.should_exit = True
            thread.join()
