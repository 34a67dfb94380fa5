"""The files in the published copy: what they are, and their text for the search. Their bodies stay in snapshots.db."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import unquote

from archive import attachments
from archive.files.types import file_name
from archive.snapshots import NAME

# SQL for the text of an article's files as it lists them, null where there is none. A file that it lists twice, under
# two addresses, is one text.
TEXT_OF_AN_ARTICLE = """(
    select group_concat(text, char(10) || char(10)) from (
        select f.text from article_files l join files f using (sha256)
        where l.article = articles.id and f.text != '' group by l.sha256 order by min(l.position)))"""

TABLE = """
    create table files (sha256 text primary key, type text not null, size integer not null, fetched text not null,
        url text not null, name text not null, text text not null, problem text not null)
"""
# What an address of a published article ever gave, not only what it gave last: a hash that was cited stays good.
WANTED = """
    create temp table wanted_files as select distinct sha256 from snap.file_addresses a
    where a.url in (select url from main.article_files) {or_image}
"""
FILL = """
    insert into main.files select sha256, type, size, fetched, url, '', text, problem from snap.files
    where sha256 in (select sha256 from wanted_files) and sha256 not in (select sha256 from main.files) order by sha256
"""
NAMES = """
    select f.sha256, f.type, f.url, l.name, min(l.article) from main.files f join snap.file_addresses a using (sha256)
    left join main.article_files l on l.url = a.url and l.name != '' group by f.sha256
"""
OF_IMAGES = "or a.url in (select image from main.articles where image is not null)"
IMAGE = "(select a.sha256 from snap.file_addresses a where a.url = image order by a.fetched desc limit 1)"
HAS_IMAGES = "select 1 from snap.files where type glob 'image/*' limit 1"


def attach(db: sqlite3.Connection, data_dir: Path) -> None:
    """Attach snapshots.db for reading as `snap`; where there is none, an empty one in memory. Raises sqlite3.Error."""
    path = data_dir / NAME
    if _has_files(path):
        db.execute("attach ? as snap", [f"{path.resolve().as_uri()}?mode=ro"])
    else:
        db.execute("attach ':memory:' as snap")
        attachments.prepare(db)


def _has_files(path: Path) -> bool:
    if not path.is_file():
        return False
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
        return db.execute("select 1 from sqlite_master where name = 'file_addresses'").fetchone() is not None


def copy(db: sqlite3.Connection) -> None:
    """Make the table `files` from those that published articles list, and give articles the hash of their image."""
    db.execute(TABLE)
    renew(db)


def renew(db: sqlite3.Connection) -> None:
    """Bring `files`, and the hashes of images, up to what published articles list now; writes only what differs."""
    has_images = db.execute(HAS_IMAGES).fetchone() is not None
    db.execute(WANTED.format(or_image=OF_IMAGES if has_images else ""))
    db.execute("delete from main.files where sha256 not in (select sha256 from wanted_files)")
    db.execute(FILL)
    db.execute("drop table wanted_files")
    held = dict(db.execute("select sha256, name from main.files"))
    named = ((_name(name, url, type), sha256) for sha256, type, url, name, _ in db.execute(NAMES).fetchall())
    db.executemany("update main.files set name = ? where sha256 = ?", [row for row in named if held[row[1]] != row[0]])
    if has_images:
        differ = f"image is not null and image_sha256 is not {IMAGE}"
        db.execute(f"update main.articles set image_sha256 = {IMAGE} where {differ}")


def _name(name: str | None, url: str, type: str) -> str:
    """Under which name a file is offered: what an article calls it, else the end of its address."""
    return file_name(name or unquote(url.partition("?")[0].rpartition("/")[2]), type)
