"""What the pages of documents, portals and provinces count, once, at publishing.

`month_counts` counts articles by month of publication, and under the month "" all of them, with date or without, for

    all              the whole copy
    from/KEY         a portal
    document/ID      the articles that cite a document
    portal/SLUG  today/SLUG  named/SLUG    those of an area, by `how` of article_provinces

`document_counts` and `portal_counts` hold a row a document and a portal; `document_provinces` and `document_forms` say
from which areas of today a document is cited, and what articles call it. Everything follows from the other tables of
the copy: tally() makes it anew. The lists themselves are searches, by the filters of the index (filtering.py).
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator

from archive import documents
from archive.search import fold

TABLES = """
    drop table if exists month_counts;
    create table month_counts (list text not null, month text not null, n integer not null,
        primary key (list, month)) without rowid;
    drop table if exists document_counts;
    create table document_counts (document integer primary key, slug text not null, articles integer not null,
        first text, newest text);
    create index document_counts_by_slug on document_counts (slug);
    create index document_counts_by_articles on document_counts (articles);
    drop table if exists document_provinces;
    create table document_provinces (document integer not null, province text not null, n integer not null,
        primary key (document, province)) without rowid;
    drop table if exists document_forms;
    create table document_forms (document integer not null, position integer not null, kind text, issuer text,
        date text, n integer not null, primary key (document, position)) without rowid;
    drop table if exists portal_counts;
    create table portal_counts (portal text primary key, articles integer not null, first text, newest text,
        seen text, undated integer not null, gone integer not null, edited integer not null, checked text,
        verdict text, since text, read text) without rowid
"""
# What is asked of every article here stands in its row behind the long texts; in this index it is at hand.
BRIEF = """
    create index if not exists articles_brief
    on articles (id, published, portal, gone, revision_count, last_seen)
"""
BRIEFLY = "articles a indexed by articles_brief"

FORMS = 12  # ways of naming a document that are kept, the most frequent

# (name of the list, from what)
LISTS = (
    ("'all'", BRIEFLY),
    ("'from/' || a.portal", BRIEFLY),
    ("'document/' || c.document", f"citations c join {BRIEFLY} on a.id = c.article"),
    ("p.how || '/' || p.province", f"article_provinces p join {BRIEFLY} on a.id = p.article"),
)
MONTHS = """
    insert into month_counts
    select {list}, substr(a.published, 1, 7), count(*) from {source} where a.published is not null group by 1, 2
"""
TOTALS = "insert into month_counts select {list}, '', count(*) from {source} group by 1"
OF_DOCUMENTS = f"""
    insert into document_counts
    select c.document, '', count(*), min(a.published), max(a.published)
    from citations c join {BRIEFLY} on a.id = c.article group by c.document
"""
PROVINCES_OF_DOCUMENTS = """
    insert into document_provinces
    select c.document, p.province, count(*) from citations c
    join article_provinces p on p.article = c.article and p.how = 'today' group by 1, 2
"""
FORMS_OF_DOCUMENTS = f"""
    insert into document_forms
    select document, position, kind, issuer, date, n from (
        select document, kind, issuer, date, count(*) as n,
            row_number() over (partition by document order by count(*) desc, kind, issuer, date) as position
        from citations group by document, kind, issuer, date) where position <= {FORMS}
"""
OF_PORTALS = f"""
    insert into portal_counts
    select p.key, count(a.id), min(a.published), max(a.published), max(a.last_seen),
        count(a.id) - count(a.published), count(a.gone), count(case when a.revision_count > 1 then 1 end),
        null, null, null, null
    from portals p left join {BRIEFLY} on a.portal = p.key group by p.key
"""
LAST_NIGHTS = """
    update portal_counts set checked = (
        select finished from run_portals r where r.portal = portal_counts.portal order by run desc limit 1),
    verdict = (select verdict from run_portals r
        where r.portal = portal_counts.portal and verdict is not null order by run desc limit 1)
"""
# Since when the verdict has been this one, and when the portal last gave what it should.
SINCE = """
    update portal_counts set since = (
        select min(r.started) from run_portals r where r.portal = portal_counts.portal
            and r.verdict = portal_counts.verdict and r.run > coalesce((
                select max(x.run) from run_portals x where x.portal = portal_counts.portal
                    and x.verdict != portal_counts.verdict), 0)),
    read = (
        select max(r.finished) from run_portals r where r.portal = portal_counts.portal
            and (r.verdict in ('ok', 'quiet', 'thin')
                or (r.verdict is null and r.new + r.changed + r.unchanged > 0)))
"""
HOWS = ("portal", "today", "named")  # how an article belongs to an area (placing.py)
SLUG = re.compile(r"[^a-z0-9]+")


def tally(db: sqlite3.Connection) -> None:
    """Make all lists and counts of this module anew, in the caller's transaction. Raises sqlite3.Error."""
    for statement in TABLES.split(";"):
        db.execute(statement)
    db.execute(BRIEF)
    for name, source in LISTS:
        for statement in (MONTHS, TOTALS):
            db.execute(statement.format(list=name, source=source))
    for statement in (OF_DOCUMENTS, PROVINCES_OF_DOCUMENTS, FORMS_OF_DOCUMENTS, OF_PORTALS, LAST_NIGHTS, SINCE):
        db.execute(statement)
    db.executemany("update document_counts set slug = ? where document = ?", list(_slugs(db)))


def _slugs(db: sqlite3.Connection) -> Iterator[tuple[str, int]]:
    known = db.execute("select id, code, issuer, date from documents join document_counts on document = id")
    for number, code, issuer, date in known.fetchall():
        yield document_slug(code or "", issuer or "", date or ""), number


def document_slug(code: str, issuer: str, date: str) -> str:
    """The readable part of a document's address: `25-nq-tw-2013-06-03`, `09-ct-tu-tinh-uy-song-lam-2019`.

    It says what a document is one by, as document_id() does: code, issuer (but for those of the Centre, and where the
    code holds its year and so never recurs), date as far as it is known. So it may grow with what is known, and its
    beginning stays good.
    """
    holds_year = documents.holds_year(code)
    by = "" if holds_year else documents.scope(code, issuer)
    parts = [code, "" if by == documents.CENTRE else by, "" if holds_year else date]
    return SLUG.sub("-", fold(" ".join(filter(None, parts))).lower()).strip("-")
