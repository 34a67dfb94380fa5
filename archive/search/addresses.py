"""The address of an article in one form, whichever of its forms was pasted."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlsplit

# Parameters that say who asks, or from where, not which article.
_OF_THE_VISIT = re.compile(
    r"^(?:utm_\w+|fbclid|gclid|zarsrc|mc_[ce]id|_ga|ref|sid|s|phpsessid|jsessionid|aspsessionid\w*|session_?id|token|"
    r"randid|rand|_|ts|time|nocache|v|ver|nv_redirect|nvvithemever)$",
    re.IGNORECASE,
)
_SESSION_IN_PATH = re.compile(r";jsessionid=[^/?]*|/\(S\([^)/]*\)\)", re.IGNORECASE)
_INDEX = re.compile(r"/(?:index\.(?:php|html?|aspx)|default\.aspx)$", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://\S+|[^\s/@\"]+\.[^\s/@\".]+/\S*|[^\s/@\"]+\.[^\s/@\"]+\.[a-z]{2,}", re.IGNORECASE)


def is_address(typed: str) -> bool:
    """Whether what was typed can be an address and nothing else: a host with a dot, perhaps a path, no blank."""
    typed = typed.strip().strip("<>\"'")
    return _ADDRESS.fullmatch(typed) is not None


def address_key(url: str) -> str:
    """What is the same for all forms of one address: without scheme, www, port of the scheme, slash at the end,
    fragment, session and what tells where a visitor came from. Empty for what is no address."""
    url = url.strip().strip("<>\"'")
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        host, port = (parts.hostname or "").removeprefix("www.").removeprefix("m."), parts.port
    except ValueError:
        return ""
    if not host:
        return ""
    if port and port not in (80, 443):
        host = f"{host}:{port}"
    path = re.sub(r"/{2,}", "/", _SESSION_IN_PATH.sub("", unquote(parts.path)))
    path = _INDEX.sub("/", path).rstrip("/").casefold()
    pairs = sorted(
        (name.casefold(), value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _OF_THE_VISIT.match(name)
    )
    return host + path + ("?" + "&".join(f"{name}={value}" for name, value in pairs) if pairs else "")
