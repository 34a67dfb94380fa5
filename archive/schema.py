"""The tables and views of archive.db, as migrations that run once each, in order.

Every name here is relied on elsewhere: columns may be added by a new migration, never renamed.
Times are text, ISO 8601 with offset. The published copy has the same tables (see publish.py).
"""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlite_utils import Database
from sqlite_utils.db import Table
from sqlite_utils.migrations import Migrations

from archive.tables import ARTICLES, FRONTIER, OF_AN_ARTICLE, PORTALS

migrations = Migrations("archive")


@migrations()
def core_tables(db: Database) -> None:
    """Articles, what hangs on them, portals, provinces, documents."""
    _create(db, "portals", PORTALS, pk="key", not_null={"name", "url", "cms"})
    _create(
        db,
        "provinces",
        {
            "code": str,
            "name": str,
            "type": str,
            "valid_from": str,
            "valid_to": str,
            "became": str,
            "spellings": str,
        },
        pk=("name", "valid_from"),
    )
    _create(
        db,
        "documents",
        {"id": int, "kind": str, "number": str, "code": str, "issuer": str, "date": str},
        pk="id",
    )
    _create(
        db,
        "articles",
        ARTICLES,
        pk="id",
        not_null={"portal", "key", "url", "title", "first_seen", "last_seen", "text_sha256"},
        foreign_keys=[("portal", "portals", "key")],
    )
    for name, (columns, pk) in OF_AN_ARTICLE.items():
        foreign = [("article", "articles", "id")]
        if name == "citations":
            foreign.append(("document", "documents", "id"))
        _create(db, name, columns, pk=pk, foreign_keys=foreign)
    _create(db, "urls", {"url": str, "article": int}, pk="url", foreign_keys=[("article", "articles", "id")])
    _table(db, "articles").create_index(["portal", "key"], unique=True)
    for indexed in (["published"], ["portal", "published"], ["section"]):
        _table(db, "articles").create_index(indexed)
    _table(db, "article_sections").create_index(["section"])
    _table(db, "article_tags").create_index(["tag"])
    _table(db, "citations").create_index(["document"])
    _table(db, "reprints").create_index(["original"])
    _table(db, "urls").create_index(["article"])


@migrations()
def run_tables(db: Database) -> None:
    """The runs of the crawl, a portal at a time, and the frontier they work from."""
    _create(
        db,
        "runs",
        {"id": int, "started": str, "finished": str, "command": str, "exit_code": int, "reason": str},
        pk="id",
    )
    _create(
        db,
        "run_portals",
        {
            "run": int,
            "portal": str,
            "started": str,
            "finished": str,
            "requests": int,
            "new": int,
            "changed": int,
            "unchanged": int,
            "failed": int,
            "outcomes": str,
            "verdict": str,
        },
        pk=("run", "portal"),
        foreign_keys=[("run", "runs", "id")],
    )
    _create(db, "frontier", FRONTIER, pk=("portal", "kind", "key"), not_null={"url", "state", "due"})
    _table(db, "frontier").create_index(["portal", "state", "due"])


@migrations()
def relevance_rules(db: Database) -> None:
    """With which version of the rules an article was judged, so that those judged by older ones can be found."""
    _table(db, "articles").add_column("relevance_rules", str)


@migrations()
def layout_tables(db: Database) -> None:
    """What the general reader has learned of each portal, and the pages that it learns from (archive.db alone)."""
    _create(
        db,
        "layouts",
        {"portal": str, "number": int, "learned": str, "pages": int, "template": str, "recent": str},
        pk=("portal", "number"),
    )
    _create(
        db,
        "samples",
        {"portal": str, "url": str, "kind": str, "key": str, "fetched": str, "state": str, "page": bytes},
        pk=("portal", "url"),
    )
    _table(db, "samples").create_index(["portal", "state"])


@migrations()
def memory_tables(db: Database) -> None:
    """What an archive remembers: the page behind each version, who was missed once, comments beside views."""
    _table(db, "revisions").add_column("snapshot", int)
    _table(db, "view_counts").add_column("comments", int)
    _create(
        db,
        "missing",
        {"article": int, "noticed": str, "how": str},
        pk="article",
        not_null={"noticed", "how"},
        foreign_keys=[("article", "articles", "id")],
    )
    _table(db, "samples").add_column("headers", str)


@migrations()
def province_tables(db: Database) -> None:
    """What areas belong to today, their permanent addresses, and which article belongs to which (placing.py)."""
    _table(db, "provinces").add_column("slug", str)
    _table(db, "provinces").add_column("today", str)
    _table(db, "provinces").create_index(["slug"], unique=True)
    # An article that is undone takes its places with it; sqlite-utils has no words for that. The columns stand in the
    # order of the key: in any other, SQLite 3.40's quick_check takes a table without rowid for damaged.
    db.execute(
        "create table article_provinces (article integer not null references articles(id) on delete cascade, "
        "how text not null, province text not null, primary key (article, how, province)) without rowid"
    )
    _table(db, "article_provinces").create_index(["how", "province"])


@migrations()
def what_citations_say(db: Database) -> None:
    """Of a document each citation says its own kind, issuer and date: what is known of it follows from all of them."""
    for column in ("kind", "issuer", "date"):
        _table(db, "citations").add_column(column, str)
    _table(db, "documents").create_index(["code"])


@migrations()
def reprint_index(db: Database) -> None:
    """What reprints are found by: every text's sketch, and where its bands are the same (archive.db alone)."""
    columns = {"number": int, "article": int, "first": str, "digest": int, "sketch": bytes}
    _create(db, "reprint_texts", columns, pk="number", not_null={"article", "first", "digest"})
    _table(db, "reprint_texts").create_index(["article"], unique=True)
    _table(db, "reprint_texts").create_index(["digest"])
    # Small rows, and most of the index: without a row id they are the primary key's tree and nothing else.
    db.execute(
        "create table reprint_bands (key integer not null, number integer not null, primary key (key, number)) "
        "without rowid"
    )
    _create(db, "reprint_state", {"version": int, "position": int})


@migrations()
def withheld_table(db: Database) -> None:
    """What we withdraw ourselves, and why (withholding.py, which says why there is no foreign key)."""
    _create(
        db,
        "withheld",
        {"article": int, "since": str, "reason": str, "until": str},
        pk=("article", "since"),
        not_null={"reason"},
    )


@migrations()
def kept_files(db: Database) -> None:
    """The files themselves stand in snapshots.db (archive/attachments.py): which articles list an address."""
    _table(db, "article_files").create_index(["url"])


# Where an article is named, by table and column: what the log of changes is kept by.
NAMED_IN: dict[str, tuple[str, ...]] = {
    "articles": ("id",),
    **dict.fromkeys(OF_AN_ARTICLE, ("article",)),
    "reprints": ("article", "original"),
    "urls": ("article",),
    "withheld": ("article",),
}


# Whose an address was that is another article's from now on.
TAKEN = "select article from urls where url = new.url and article is not new.article"


@migrations()
def change_log(db: Database) -> None:
    """Which articles were changed after which publishing (archive.db alone; see changing.py).

    Kept by triggers, so that whoever writes, in whatever way, cannot forget it. The later change has the higher number.
    """
    _create(db, "changes", {"article": int, "number": int}, pk="article", not_null={"number"})
    _table(db, "changes").create_index(["number"])
    _create(db, "publishings", {"token": str, "number": int, "made": str}, pk="token", not_null={"number", "made"})
    for table, columns in NAMED_IN.items():
        for event, rows in (("insert", ("new",)), ("update", ("old", "new")), ("delete", ("old",))):
            named = " union ".join(f"select {row}.{column} as article" for row in rows for column in columns)
            _log(db, f"changes_{table}_{event}", f"after {event} on {table}", named)
    # "insert or replace" removes the row that is in its way without a word to the trigger of deletions.
    _log(db, "changes_urls_replace", "before insert on urls", TAKEN)


@migrations()
def night_costs(db: Database) -> None:
    """What a night costs, and what is remembered to make it cheap (archive.db alone, but for `purposes`).

    In the frontier: `reason` why a row is due, `round` in which run it was asked last, `listing` of which listing it
    is a page (of an article: where it stood last, and in which round: `listed`), what a sitemap or feed `lists`
    (articles or parts; of an article which of them lists it), its `oldest` and `newest`; `etag`, `modified` and `whole`
    for conditional requests. `ways`: how news of a portal are found, where its `home` page really stands, and the date
    back to which sitemaps and feeds list all, the `horizon`. `sweeps`: when each listing is walked again.
    `conditional_hosts`: who ignores conditional requests.
    """
    _table(db, "run_portals").add_column("purposes", str)
    columns = ("reason", "listing", "lists", "oldest", "newest", "etag", "modified", "whole")
    for name, kind in {**dict.fromkeys(columns, str), "round": int, "listed": int}.items():
        _table(db, "frontier").add_column(name, kind)
    # Articles older than 64 days were due at double their age: for an article of 2015 that is in ten years. They are
    # due when their turn comes, which is said by a date of its own.
    db.execute(
        "update frontier set due = '9999-12-30T00:00:00+07:00' where article is not null and fetched is not null "
        "and julianday(due) - julianday(fetched) > 64"
    )
    ways = ("portal", "caught_up", "untruthful", "evidence", "horizon", "home")
    _create(db, "ways", dict.fromkeys(ways, str), pk="portal")
    _create(db, "sweeps", {"portal": str, "listing": str, "due": str, "round": int}, pk=("portal", "listing"))
    _create(db, "conditional_hosts", {"host": str, "ignored": int, "since": str}, pk="host")


def _log(db: Database, name: str, when: str, named: str) -> None:
    # An upsert, because "or ignore" of the statement that sets off a trigger overrules an "or replace" in it.
    db.execute(
        f"create trigger {name} {when} begin insert into changes (article, number) "
        f"select article, (select coalesce(max(number), 0) + 1 from changes) from ({named}) where article is not null "
        "on conflict (article) do update set number = excluded.number; end"
    )


@migrations()
def health_of_portals(db: Database) -> None:
    """What a run measured of each portal and how it was judged (JSON), and what its pages are known by.

    `portal_signs` (archive.db alone): names that stand on all its listings (kind listing), and where on its pages the
    text of articles stands (kind article), each with the number of pages.
    """
    for column in ("measured", "health"):
        _table(db, "run_portals").add_column(column, str)
    _table(db, "run_portals").create_index(["portal", "run"])
    _create(
        db,
        "portal_signs",
        {"portal": str, "kind": str, "sign": str, "pages": int, "seen": str},
        pk=("portal", "kind", "sign"),
    )


@migrations()
def certificates_table(db: Database) -> None:
    """What the hosts of portals showed when an encrypted connection was made (archive.db alone; certificates.py)."""
    columns = ("portal", "host", "verdict", "protocol", "issuer", "expires", "noticed", "seen")
    _create(
        db,
        "certificates",
        dict.fromkeys(columns, str),
        pk=("portal", "host"),
        not_null={"verdict", "protocol", "noticed", "seen"},
    )


@migrations()
def notes_table(db: Database) -> None:
    """What a run notes of a portal on its way, for the run that goes on where it was cut off (archive.db alone)."""
    columns = {"portal": str, "kind": str, "key": str, "number": int}
    _create(db, "notes", columns, pk=("portal", "kind", "key"), not_null={"number"})


def _create(db: Database, name: str, columns: dict[str, Any], **options: Any) -> None:
    _table(db, name).create(columns, **options)


def _table(db: Database, name: str) -> Table:
    table = db[name]
    assert isinstance(table, Table)
    return table


def migrate(connection: sqlite3.Connection) -> None:
    """Bring an archive of any age to today's schema; a no-op on one that is already there.

    Raises sqlite3.Error as it comes: the caller knows the file's name.
    """
    db = Database(connection)
    if migrations.pending(db):
        migrations.apply(db)
