"""The call after a good night, by which a service such as healthchecks.io notices the night that never was."""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

import httpx

TIMEOUT = 10  # seconds for each step: connecting, sending, the first bytes of the answer

# Its log names every address that is asked for, and who knows a heartbeat's can send it.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)


class HeartbeatError(RuntimeError):
    """The heartbeat was not taken; the message says why, and holds nothing of the address."""


def check(url: str) -> None:
    """Raises ValueError for what is no http(s) address."""
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        known = False
    if not known:
        raise ValueError("HEARTBEAT_URL must be an address that begins with https:// or http://")


def beat(url: str) -> None:
    """Ask for the address once. Raises HeartbeatError."""
    try:
        # The answer's status is all that is wanted of it: its body is not waited for.
        with httpx.stream("GET", url, timeout=TIMEOUT, follow_redirects=True) as answer:
            status = answer.status_code
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise HeartbeatError(f"heartbeat not sent: no answer from its host ({type(error).__name__})") from None
    if status >= 400:
        raise HeartbeatError(f"heartbeat not taken: its host answered with status {status}")
