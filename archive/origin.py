"""Which archive, software and data a copy was made of: may the next one be made by changing it?

Before each publishing a random token is noted in archive.db with the number of the latest change (schema.change_log),
and the copy carries the token. A copy whose token archive.db knows was made of this very archive: all that is new in it
has a higher number. An archive that was put back from a backup, or rebuilt, does not know the tokens of its future.
"""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
import unicodedata
from contextlib import closing
from pathlib import Path

from archive import clock, provinces, search

KEPT = 20  # tokens
PATIENCE = 2.0  # seconds for a crawl to end its transaction; without a token the next copy is made in full
TABLE = "create table origin (token text not null, makers text not null)"
SOFTWARE = Path(__file__).parent
NOT_MAKING = ("site", "i18n", "commands", "checks")  # packages that read copies and make none
MADE_OF = ("*.py", "*.toml", "*.csv")

_DIFFERENT_PORTALS = """
    select count(*) from main.portals m left join source.portals s using (key)
    where (m.name, m.province, m.keep) is not (s.name, s.province, s.keep)
"""


def note(archive: Path) -> str:
    """Note a new token in archive.db; "" where it cannot be written now. Raises sqlite3.Error of a damaged file."""
    uri = f"{archive.resolve().as_uri()}?mode=rw"
    with closing(sqlite3.connect(uri, uri=True, isolation_level=None, timeout=PATIENCE)) as db:
        token = secrets.token_hex(16)
        try:
            db.execute("begin immediate")
            db.execute(
                "insert into publishings select ?, coalesce(max(number), 0), ? from changes",
                [token, clock.stamp(clock.now())],
            )
            db.execute(
                "delete from publishings where rowid <= (select max(rowid) from publishings) - ?",
                [KEPT],
            )
            db.execute("commit")
        except sqlite3.OperationalError:  # locked, or not ours to write
            return ""
    return token


def makers(db: sqlite3.Connection) -> str:
    """A hash over all that a copy is made by: software, word lists, provinces of today, the schema of `source`."""
    versions = (search.NORMALISER_VERSION, sqlite3.sqlite_version, unicodedata.unidata_version)
    digest = hashlib.sha256(repr(versions).encode())
    for path in sorted(path for pattern in MADE_OF for path in SOFTWARE.rglob(pattern)):
        if path.relative_to(SOFTWARE).parts[0] not in NOT_MAKING:
            digest.update(path.name.encode() + path.read_bytes())
    known = provinces.load()
    digest.update("".join(f"{area.slug}:{known.today(area).slug} " for area in known.areas).encode())
    for (sql,) in db.execute("select sql from source.sqlite_master where sql is not null order by sql"):
        digest.update(sql.encode())
    return digest.hexdigest()


def write(db: sqlite3.Connection, token: str) -> None:
    """Say in a copy what it is made of."""
    db.execute("delete from main.origin")
    db.execute("insert into main.origin values (?, ?)", [token, makers(db)])


def mark(db: sqlite3.Connection) -> tuple[int, str]:
    """After which number the changes of `source` are missing in the copy `main`; or why it has to be made in full."""
    if not db.execute("select 1 from main.sqlite_master where name = 'origin'").fetchone():
        return 0, "the last copy is of an older version"
    token, made_by = db.execute("select token, makers from main.origin").fetchone() or ("", "")
    if made_by != makers(db):
        return 0, "the software, its word lists, the provinces or the schema have changed"
    if db.execute(_DIFFERENT_PORTALS).fetchone()[0]:
        return 0, "the name, province or choice of a portal has changed"
    known = db.execute("select number from source.publishings where token = ?", [token]).fetchone()
    if known is None:
        return 0, "the last copy was made of another archive, or of this one before it was put back"
    return known[0], ""
