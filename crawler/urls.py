"""Addresses: made absolute, brought to one form, told apart by host."""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

# What may stand in a path or query as it is; "%" keeps what is already encoded from being encoded twice.
SAFE = "/%:@!$&'()*+,;=~-._?"

# The commonest link by far, /<section>/<slug>-<id>.html, needs no taking apart.
PLAIN_PATH = re.compile(r"/(?!/)[A-Za-z0-9_~+/.-]*")
ORIGIN = re.compile(r"https?://[a-z0-9.:-]+")


def absolute(base_url: str, href: str) -> str:
    """An href as an absolute address without fragment; "" where it is none (javascript:, data:, garbage)."""
    if PLAIN_PATH.fullmatch(href) and "/." not in href and (origin := ORIGIN.match(base_url)):
        return origin[0] + href
    href = re.sub(r"[\t\r\n]", "", href).strip()
    if not href or href.startswith("#") or re.fullmatch(r"https?:/*", href, re.I):
        return ""
    try:
        parts = urlsplit(urljoin(base_url, href))
        host = parts.hostname
    except ValueError:  # "http://[", "http://a:b/": typed by hand into an editor
        return ""
    if parts.scheme not in ("http", "https") or not host:
        return href if parts.scheme == "mailto" else ""
    path = quote(parts.path or "/", safe=SAFE)
    return urlunsplit((parts.scheme, parts.netloc.lower(), path, quote(parts.query, safe=SAFE), ""))


def netloc(url: str) -> str:
    """Host and port of an address, in lower case, without the scheme's own port; "" where there is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    host = parts.netloc.lower()
    return host.removesuffix({"http": ":80", "https": ":443"}.get(parts.scheme, "\n"))


def at_origin(url: str, origin: str) -> str:
    """The same path at the portal's own scheme and host: http, https and www are one portal."""
    ours, parts = urlsplit(origin), urlsplit(url)
    return urlunsplit((ours.scheme, ours.netloc.lower(), parts.path or "/", parts.query, ""))
