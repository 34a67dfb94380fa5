"""The lists of an article: sections, tags, pictures and files, each with its order."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

from archive import rows
from archive.article import Article
from archive.attachments import Attachments

# By which column the entries of a list are told apart: of equal ones the first stands.
COLUMNS = {"sections": "section", "tags": "tag", "images": "url", "files": "url"}
SAID = ("sections", "tags")  # which of them a person would call the article, as rows.SAID


class Parts:
    """The tables article_sections, article_tags, article_images and article_files, on the connection of a run."""

    def __init__(self, connection: sqlite3.Connection, attachments: Attachments) -> None:
        self.db = connection
        self.attachments = attachments

    def changed(self, article: Article, names: Iterable[str] = tuple(COLUMNS)) -> set[str]:
        """Which of the lists name other entries than the archive's, or the same in another order."""
        found = set()
        for name in names:
            column = COLUMNS[name]
            sql = f"select {column} from article_{name} where article = ? order by position"
            held = [row[0] for row in self.db.execute(sql, [article.id])]
            if held != list(dict.fromkeys(getattr(one, column, one) for one in getattr(article, name))):
                found.add(name)
        return found

    def save(self, article: Article) -> None:
        """Write the lists, in the caller's transaction; only those that differ, so that a quiet night writes little.

        A file's hash is what its address gave last, so it stays when the list is written anew, or rebuilt.
        """
        self._replace("sections", article, [{"section": section} for section in article.sections])
        self._replace("tags", article, [{"tag": tag} for tag in article.tags])
        self._replace("images", article, [{"url": image.url, "caption": image.caption} for image in article.images])
        newest = self.attachments.newest
        files = [{"url": file.url, "name": file.name, "sha256": newest(file.url)} for file in article.files]
        self._replace("files", article, files)

    def _replace(self, name: str, article: Article, entries: list[dict[str, Any]]) -> None:
        table, column = f"article_{name}", COLUMNS[name]
        first = {entry[column]: entry for entry in reversed(entries)}
        told_apart = dict.fromkeys(entry[column] for entry in entries)
        columns = ("position", *(entries[0] if entries else ()))
        wanted = [(number, *first[value].values()) for number, value in enumerate(told_apart)]
        rows.replace(self.db, table, article.id, columns, wanted)
