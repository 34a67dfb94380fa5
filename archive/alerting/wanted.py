"""The file of saved searches: which search, told to whom. alerts.example.toml shows every line it may have."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from archive import notify

AT_ONCE = 50  # articles a message, unless the row says otherwise
MOST_AT_ONCE = 500
KEYS = {"name", "search", "to", "language", "at_once"}
LANGUAGES = ("vi", "en")


class AlertsError(ValueError):
    """The file is not there or not right; the message says where. Nothing was sent."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One saved search. `site`: the address of the archive, without its last slash; `arguments` as in an address."""

    name: str
    site: str
    arguments: Mapping[str, list[str]]
    to: tuple[str, ...]
    language: str = "vi"
    at_once: int = AT_ONCE


class Arguments:
    """The arguments of an alert as State.of() reads them."""

    def __init__(self, alert: Alert) -> None:
        self._values = alert.arguments

    def get(self, name: str, default: str = "") -> str:
        """The first value of a name."""
        return (self._values.get(name) or [default])[0]

    def getlist(self, name: str) -> list[str]:
        """All values of a name."""
        return list(self._values.get(name, []))


def read(path: Path) -> list[Alert]:
    """The alerts of a file. Raises AlertsError."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise AlertsError(f"{path} cannot be read: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AlertsError(f"{path}: {error}") from error
    site, rows = data.pop("site", ""), data.pop("alert", [])
    if data or not isinstance(site, str) or not isinstance(rows, list) or not all(isinstance(r, dict) for r in rows):
        raise AlertsError(f"{path}: only `site` and [[alert]] are known here, not {', '.join(data) or 'this'}")
    alerts = []
    for number, row in enumerate(rows, 1):
        try:
            alerts.append(_alert(row, site))
        except ValueError as error:
            raise AlertsError(f"{path}: alert {number} ({row.get('name', 'without a name')}): {error}") from error
    _check_names(path, alerts)
    return alerts


def _alert(row: Mapping[str, Any], site: str) -> Alert:
    if unknown := set(row) - KEYS:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(sorted(KEYS))}")
    name, search, to = row.get("name"), row.get("search"), row.get("to")
    if not isinstance(name, str) or not name.strip():
        raise ValueError("it needs a name")
    if not isinstance(to, list) or not to or not all(isinstance(target, str) for target in to):
        raise ValueError("`to` must be a list of addresses, at least one")
    notify.check(to)
    language, at_once = row.get("language", "vi"), row.get("at_once", AT_ONCE)
    if language not in LANGUAGES:
        raise ValueError(f"`language` must be one of {', '.join(LANGUAGES)}")
    if not isinstance(at_once, int) or not 0 < at_once <= MOST_AT_ONCE:
        raise ValueError(f"`at_once` must be a number from 1 to {MOST_AT_ONCE}")
    base, arguments = _search(search, site)
    return Alert(name.strip(), base, arguments, tuple(dict.fromkeys(to)), language, at_once)


def _search(search: object, site: str) -> tuple[str, Mapping[str, list[str]]]:
    """Site and arguments of a search: the address of a results page, or the same as a table ({ q = "...", ... })."""
    if isinstance(search, dict):
        texts = {name: value if isinstance(value, list) else [value] for name, value in search.items()}
        path, query = "", urlencode({name: [str(value) for value in values] for name, values in texts.items()}, True)
    elif isinstance(search, str):
        address = urlsplit(search)
        if not address.path.endswith("/search"):
            raise ValueError("`search` must be the address of a results page, such as https://.../search?q=...")
        path, query = address.path.removesuffix("/search"), address.query
        site = f"{address.scheme}://{address.netloc}{path}" if address.netloc else site
    else:
        raise ValueError(
            'it needs a `search`: the address of a results page, or a table such as { q = "dân vận khéo" }'
        )
    if not urlsplit(site).netloc:
        raise ValueError('where the archive is must be known: give `site = "https://..."` at the top of the file')
    return site.rstrip("/"), parse_qs(query, keep_blank_values=False, errors="replace")


def _check_names(path: Path, alerts: list[Alert]) -> None:
    names = [alert.name for alert in alerts]
    if doubled := {name for name in names if names.count(name) > 1}:
        raise AlertsError(f"{path}: two alerts are called {', '.join(sorted(doubled))}")
