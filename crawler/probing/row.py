"""The row of a portal in portals.toml: its text, checked as the registry checks it, and its place in the file."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawler.portals import Portal, RegistryError, load

ORDER = ("name", "url", "cms", "province", "keep", "sections", "delay", "enabled", "verified", "note")


class AlreadyRegistered(RegistryError):
    """The portal, or the key, has a row already; the message names it."""


def toml(key: str, values: Mapping[str, Any]) -> str:
    """A row as text, its settings in the registry's order; those that are None are left out."""
    lines = [f"{name} = {_value(values[name])}" for name in ORDER if values.get(name) is not None]
    return "\n".join([f"[{key}]", *lines, ""])


def _value(value: Any) -> str:
    # JSON's texts, numbers, truth values and lists of texts are TOML's; but TOML wants DEL escaped as well.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def check(text: str) -> Portal:
    """The row of a text as the registry reads it. Raises RegistryError where the registry would refuse it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "row.toml"
        path.write_text(text, encoding="utf-8")
        return next(iter(load(path).values()))


def read(path: Path) -> dict[str, Portal]:
    """The rows of a registry; none where there is no such file yet. Raises RegistryError."""
    return load(path) if path.exists() else {}


def registered(portals: Mapping[str, Portal], url: str) -> Portal | None:
    """The row of the portal at an address: the same host, with or without www, and the same path."""
    wanted = Portal(key="x", name="x", url=url)
    for row in portals.values():
        same_host = wanted.netloc in row.all_hosts or row.netloc in wanted.all_hosts
        if same_host and _path(row.url) == _path(url):
            return row
    return None


def _path(url: str) -> str:
    return urlsplit(url).path.rstrip("/").casefold()


def append(path: Path, key: str, text: str) -> None:
    """Put a row at the end of a registry, all or nothing; what stands in the file stays as it is, comments included.

    Raises AlreadyRegistered, RegistryError where the file would not load with it, OSError where it cannot be written.
    """
    path = path.resolve()  # a link stays a link: what it leads to is replaced
    with _alone(path.parent):
        before = path.read_bytes() if path.exists() else b""
        _refuse_twice(path, key, check(text).url)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".new")
        fresh = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_with_gap(before) + text.encode("utf-8"))
                file.flush()
                os.fsync(file.fileno())
            _check_whole(fresh, path, key)
            if path.exists():
                shutil.copymode(path, fresh)
            else:
                fresh.chmod(0o644)
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)


def _refuse_twice(path: Path, key: str, url: str) -> None:
    rows = read(path)
    if (row := registered(rows, url)) is not None:
        raise AlreadyRegistered(f"{path} has this portal already, as [{row.key}] at {row.url}: nothing was written")
    if key in rows:
        raise AlreadyRegistered(
            f"{path} has the key [{key}] already, for {rows[key].url}: nothing was written; name another with --key"
        )


def _check_whole(fresh: Path, path: Path, key: str) -> None:
    """The registry with the new row must load. Raises RegistryError that names the real file."""
    try:
        if key not in load(fresh):
            raise RegistryError(f"{path}: [{key}] is not read back")
    except RegistryError as error:
        raise RegistryError(f"{str(error).replace(str(fresh), str(path))}; nothing was written") from error


def _with_gap(before: bytes) -> bytes:
    """The file as it is, with one empty line behind it."""
    if not before.strip():
        return before
    return before + (b"" if before.endswith(b"\n") else b"\n") + (b"" if re.search(rb"\n\r?\n$", before) else b"\n")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One writer at a time, by a lock on the folder: it leaves no file behind and goes with its process."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
