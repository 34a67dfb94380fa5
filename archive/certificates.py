"""What the hosts of portals showed when an encrypted connection was made: accepted whatever it was, and kept here.

An operator sees by it which portal's certificate ran out, and a reader of the record, whether a page came from where it
says it came from.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shown:
    """A host's certificate. `verdict`: "good", or what is wrong, one word each, parted by blanks.

    The words: expired, not_yet_valid, self_signed, unknown_issuer, incomplete (an intermediate is missing), wrong_name,
    weak_key, weak_signature, invalid. `protocol`: such as TLSv1.2. `expires`: ISO 8601, or None.
    """

    portal: str
    host: str
    verdict: str
    protocol: str
    issuer: str
    expires: str | None


def remember(db: sqlite3.Connection, shown: Shown, now: str) -> bool:
    """Keep what a host showed, within a transaction; whether its verdict is another than before.

    `noticed` is since when the verdict is this one, `seen` the last time.
    """
    before = db.execute(
        "select verdict from certificates where portal = ? and host = ?", [shown.portal, shown.host]
    ).fetchone()
    is_new = before is None or before[0] != shown.verdict
    db.execute(
        "insert into certificates (portal, host, verdict, protocol, issuer, expires, noticed, seen) "
        "values (:portal, :host, :verdict, :protocol, :issuer, :expires, :now, :now) "
        "on conflict (portal, host) do update set verdict = excluded.verdict, protocol = excluded.protocol, "
        "issuer = excluded.issuer, expires = excluded.expires, seen = excluded.seen, "
        "noticed = case when verdict = excluded.verdict then noticed else excluded.noticed end",
        {name: getattr(shown, name) for name in Shown.__slots__} | {"now": now},
    )
    return is_new
