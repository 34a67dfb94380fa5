"""The registry: reads and checks portals.toml, one short table a portal. Rows are data; there is no class a site."""

from __future__ import annotations

import ipaddress
import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cssselect import SelectorError
from lxml.cssselect import CSSSelector

from crawler.cms import FAMILIES
from crawler.urls import netloc

SECRET = ("proxy",)  # what is never shown as it is written
KEEP = ("all", "dan-van")
SELECTABLE = ("title", "lead", "body", "date", "author", "source")
TLS = ("", "legacy")
# What a row may expect of its portal, and up to where: shares of the articles that have a field, a number a week, days
# without news, letters of text.
EXPECTABLE = {
    **dict.fromkeys(("title", "lead", "body", "published", "author", "source", "section", "image"), 1.0),
    **dict.fromkeys(("new_a_week", "silent_days", "length"), math.inf),
}
BUDGETS = ("hours", "pages", "errors")
SLOWEST_ALLOWED_HASTE = 1.0  # seconds; a shorter delay is for loopback only


class RegistryError(ValueError):
    """portals.toml is wrong, or has no such portal; the message names the file, the key and, where it can, the line."""


@dataclass(frozen=True, slots=True)
class Portal:
    """One row of the registry. `province` is the one of the portal's time; today's follows from the archive.

    A row of name and url alone will do: the generic reader learns the portal by itself. `province` may be "" (not
    known yet) or, for the organs of the Centre, "Trung ương".
    """

    key: str
    name: str
    url: str
    cms: str = "generic"
    province: str = ""
    keep: str = "all"
    sections: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    group: str = ""
    delay: float | None = None
    select: Mapping[str, str] = field(default_factory=dict)
    expect: Mapping[str, float] = field(default_factory=dict)  # see EXPECTABLE
    budget: Mapping[str, float] = field(default_factory=dict)  # hours, pages, errors of a run, instead of the usual
    enabled: bool = True
    verified: bool = False
    tls: str = ""  # "legacy": also TLS 1.0, short keys and renegotiation of the old kind
    proxy: str = field(default="", repr=False)  # http://[user:password@]host:port: it answers only inside the country
    keep_images: bool = False  # whether the lead image of each article is kept, as attached files are
    note: str = ""
    succeeds: str = ""

    @property
    def netloc(self) -> str:
        """Host and port of the portal's own address, in lower case."""
        return netloc(self.url)

    @property
    def all_hosts(self) -> frozenset[str]:
        """Every host (with port, where one is written) that a request for this portal may go to."""
        return frozenset({self.netloc, _other_www(self.netloc), *(host.lower() for host in self.hosts)})

    @property
    def pace_group(self) -> str:
        """Portals of one group are crawled one after another and share one pace."""
        return self.group or self.netloc.removeprefix("www.")

    @property
    def is_loopback(self) -> bool:
        """Whether the portal stands on this machine: no contact needed, any delay allowed."""
        return _is_loopback(urlsplit(self.url).hostname or "")

    def record(self) -> dict[str, Any]:
        """The row as the archive's table of portals keeps it."""
        names = ("key", "name", "url", "cms", "province", "keep", "note", "succeeds")
        values: dict[str, Any] = {name: getattr(self, name) for name in names}
        return values | {"enabled": int(self.enabled), "verified": int(self.verified)}


def load(path: Path) -> dict[str, Portal]:
    """All portals of a registry file by key, in the file's order. Raises RegistryError."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RegistryError(f"the registry {path} cannot be read: {error}") from error
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        # Two tables of one name are an error of TOML itself, and its message names the line.
        raise RegistryError(f"{path}: {error}") from error
    portals = {key: _row(path, text, key, row) for key, row in table.items()}
    for portal in portals.values():
        if portal.succeeds == portal.key:
            raise _error(path, text, portal.key, "succeeds", "a portal does not replace itself")
        if portal.succeeds and portal.succeeds not in portals:
            raise _error(path, text, portal.key, "succeeds", f"no portal has the key {portal.succeeds!r}")
    return portals


def chosen(portals: Mapping[str, Portal], keys: Sequence[str]) -> list[Portal]:
    """The rows that are named, enabled or not; where none is, all of them. Raises RegistryError for an unknown key."""
    if unknown := [key for key in keys if key not in portals]:
        raise RegistryError(f"no portal has the key {', '.join(unknown)}; known are {', '.join(portals)}")
    return [portals[key] for key in keys] if keys else list(portals.values())


def _row(path: Path, text: str, key: str, row: Any) -> Portal:
    if not isinstance(row, dict):
        raise _error(path, text, "", key, "stands outside any [portal]")
    if not re.fullmatch(r"[a-z0-9][a-z0-9_]*", key):
        raise _error(path, text, key, "", "a key is made of a-z, 0-9 and _ (it stays for ever)")
    known = {f.name for f in fields(Portal)} - {"key"}
    for name in row:
        if name not in known:
            raise _error(path, text, key, name, f"unknown setting; known are {', '.join(sorted(known))}")
    for name in ("name", "url"):
        if not isinstance(row.get(name), str) or not row[name].strip():
            raise _error(path, text, key, name, "is missing: every portal has name and url")
    for name, value in row.items():
        _check_type(path, text, key, name, value)
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    portal = Portal(key=key, **values)
    _check_values(path, text, portal)
    return portal


TYPES: dict[str, tuple[type, ...]] = {
    "sections": (list,),
    "deny": (list,),
    "hosts": (list,),
    "delay": (int, float),
    "select": (dict,),
    "expect": (dict,),
    "budget": (dict,),
    "enabled": (bool,),
    "verified": (bool,),
    "keep_images": (bool,),
}


def _check_type(path: Path, text: str, key: str, name: str, value: Any) -> None:
    wanted = TYPES.get(name, (str,))
    wrong = not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted)
    if wrong or (wanted == (list,) and not all(isinstance(item, str) for item in value)):
        kind = "a list of texts" if wanted == (list,) else " or ".join(t.__name__ for t in wanted)
        shown = "what it is" if name in SECRET else repr(value)
        raise _error(path, text, key, name, f"must be {kind}, not {shown}")


def _check_values(path: Path, text: str, portal: Portal) -> None:
    try:
        parts = urlsplit(portal.url)
        _ = parts.port
    except ValueError as error:
        raise _error(path, text, portal.key, "url", f"{portal.url!r} is no address: {error}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise _error(path, text, portal.key, "url", f"{portal.url!r} is no http(s) address of a portal")
    if portal.cms not in FAMILIES:
        raise _error(path, text, portal.key, "cms", f"{portal.cms!r} is unknown; known are {', '.join(FAMILIES)}")
    if portal.province != portal.province.strip():
        raise _error(path, text, portal.key, "province", f"{portal.province!r} has blanks around it")
    if portal.keep not in KEEP:
        raise _error(path, text, portal.key, "keep", f"{portal.keep!r} must be one of {', '.join(KEEP)}")
    if portal.tls not in TLS:
        raise _error(path, text, portal.key, "tls", f'{portal.tls!r} is unknown; "legacy" is known, for old servers')
    if portal.proxy and not is_proxy(portal.proxy):
        # Not shown as it is written: user and password stand in it.
        raise _error(path, text, portal.key, "proxy", "must be http://host:port or http://user:password@host:port")
    for name, css in portal.select.items():
        if name not in SELECTABLE:
            raise _error(path, text, portal.key, name, f"select knows {', '.join(SELECTABLE)}")
        try:
            CSSSelector(css, translator="html")
        except (SelectorError, TypeError) as error:
            raise _error(path, text, portal.key, "select", f"{name} = {css!r} is no CSS selector: {error}") from error
    for name, value in portal.expect.items():
        _check_expectation(path, text, portal.key, name, value)
    for name, value in portal.budget.items():
        _check_budget(path, text, portal.key, name, value)
    if portal.delay is not None:
        if not 0 <= portal.delay < math.inf:
            raise _error(path, text, portal.key, "delay", "must be a number of seconds, not negative")
        if portal.delay < SLOWEST_ALLOWED_HASTE and not portal.is_loopback:
            raise _error(path, text, portal.key, "delay", "below 1 second is for loopback addresses only")


def is_proxy(address: str) -> bool:
    """Whether an address is one of an http proxy: scheme, host and port, perhaps with user and password."""
    try:
        parts = urlsplit(address)
        has_port = parts.port is not None
    except ValueError:
        return False
    is_bare = parts.path in ("", "/") and not parts.query and not parts.fragment
    return parts.scheme == "http" and bool(parts.hostname) and has_port and is_bare and not re.search(r"\s", address)


def _check_budget(path: Path, text: str, key: str, name: str, value: Any) -> None:
    if name not in BUDGETS:
        raise _error(path, text, key, "budget", f"knows {', '.join(BUDGETS)}, not {name!r}")
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
        raise _error(path, text, key, "budget", f"{name} = {value!r} must be a number above 0")


def _check_expectation(path: Path, text: str, key: str, name: str, value: Any) -> None:
    if name not in EXPECTABLE:
        raise _error(path, text, key, "expect", f"{name!r} cannot be expected; {', '.join(EXPECTABLE)} can")
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else math.nan
    if not (math.isfinite(number) and 0 <= number <= EXPECTABLE[name]):
        kind = "a share from 0 to 1" if EXPECTABLE[name] == 1 else "a number, not negative"
        raise _error(path, text, key, "expect", f"{name} = {value!r} must be {kind}")


def _error(path: Path, text: str, key: str, name: str, message: str) -> RegistryError:
    where = ".".join(part for part in (key, name) if part)
    line = _line_of(text, key, name)
    return RegistryError(f"{path}{f', line {line}' if line else ''}: [{where}] {message}")


def _line_of(text: str, key: str, name: str) -> int | None:
    """The line of a setting, or of its portal's heading where the setting is missing; None if neither."""
    inside, heading = key == "", None
    for number, line in enumerate(text.splitlines(), 1):
        if key and (found := re.match(r"\s*\[\s*([^\].\s]+)", line)):
            inside = found[1].strip("\"'") == key
            heading = number if inside and heading is None else heading
        if inside and name and re.match(rf"\s*{re.escape(name)}\s*=", line):
            return number
    return heading


def _other_www(netloc: str) -> str:
    return netloc.removeprefix("www.") if netloc.startswith("www.") else f"www.{netloc}"


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
