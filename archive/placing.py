"""Says which areas an article belongs to: rows of article_provinces, whose `province` is the slug of an area.

`how` is one of three:

* `portal`: the area of its portal on the day of publication. The registry names a portal's province as it was in the
  portal's own time, so the name is read by the article's day: "Đồng Nai" with an article of 2009 is the Đồng Nai of
  then. Where the name had ceased to be by that day (a portal of Bình Phước still writing in August 2025) it is what
  that area had become: the new Đồng Nai. So a host that changed hands stays right, article by article.
* `today`: what that area belongs to now.
* `named`: the areas named in title and lead, as of the day of publication. What each of them is today stands in
  provinces.today, and needs no row here.

An article without a date is read by the last area that ever bore the name, and nothing is followed. A portal of the
Centre ("Trung ương"), one without a province or one whose province is no area gives no `portal` and no `today`.
All of it follows from provinces.csv and the texts, so publishing works it out anew for the whole copy.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date

from archive import provinces

AT_ONCE = 2000  # articles

Places = list[tuple[str, str]]  # (province, how), each once

_INSERT = "insert into article_provinces (article, province, how) values (?, ?, ?)"


def places(portal_province: str, title: str, lead: str, published: str | None) -> Places:
    """The areas of one article, sorted. `published` is ISO 8601, or empty where it is not known."""
    known, day = provinces.load(), _day(published)
    found: set[tuple[str, str]] = set()
    area = known.nearest(portal_province, day or date.max)
    if area:
        area = known.at(area, day) if day else area
        found |= {(area.slug, "portal"), (known.today(area).slug, "today")}
    found |= {(named.slug, "named") for named in known.named_in(f"{title}\n{lead}", day or date.max)}
    return sorted(found)


def place(
    connection: sqlite3.Connection,
    article_id: int,
    portal_province: str,
    title: str,
    lead: str,
    published: str | None,
) -> None:
    """Write the areas of one article, in the caller's transaction; nothing is written where they stand already."""
    wanted = places(portal_province, title, lead, published)
    held = connection.execute("select province, how from article_provinces where article = ?", [article_id])
    if sorted(tuple(row) for row in held) != wanted:
        connection.execute("delete from article_provinces where article = ?", [article_id])
        connection.executemany(_INSERT, [(article_id, *row) for row in wanted])


def place_all(connection: sqlite3.Connection) -> None:
    """Write the areas of all articles of the database's own tables anew, in the caller's transaction."""
    connection.execute("delete from main.article_provinces")
    articles = connection.execute(
        "select a.id, coalesce(p.province, ''), a.title, coalesce(a.lead, ''), a.published "
        "from main.articles a left join main.portals p on p.key = a.portal order by a.id"
    )
    while some := articles.fetchmany(AT_ONCE):
        connection.executemany(_INSERT.replace("into ", "into main."), list(_rows(some)))


def _rows(articles: list[tuple[int, str, str, str, str | None]]) -> Iterator[tuple[int, str, str]]:
    for article, portal_province, title, lead, published in articles:
        for row in places(portal_province, title, lead, published):
            yield (article, *row)


def _day(published: str | None) -> date | None:
    try:
        return date.fromisoformat((published or "")[:10])
    except ValueError:
        return None
