"""The peers of the search benchmark, each on the folded texts of the same copy: tantivy and PostgreSQL's full text."""

from __future__ import annotations

import os
import pwd
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

from archive import search


class NotThere(RuntimeError):
    """The peer is not installed; the message says which."""


class Peer(Protocol):
    """What the benchmark asks of each."""

    def top(self, typed: str, number: int) -> list[int]:
        """The ids of the best articles that hold all of these folded words."""

    def place(self, typed: str, article: int) -> int:
        """At which of the first twenty places an article is found; 0 where it is not."""

    def close(self) -> None:
        """Let go of what it holds."""


def _rows(copy: Path) -> Iterator[tuple[int, str, str]]:
    with closing(sqlite3.connect(f"{copy.as_uri()}?mode=ro", uri=True)) as db:
        for article, title, lead, body in db.execute("select id, title, lead, body from articles order by seq"):
            yield article, title or "", f"{lead or ''}\n{body or ''}"


def _place(listed: list[int], article: int) -> int:
    return listed.index(article) + 1 if article in listed else 0


class Tantivy:
    """An index of titles and texts, accented and folded, with positions; titles count four times."""

    def __init__(self, copy: Path, folder: Path) -> None:
        try:
            import tantivy
        except ImportError:
            raise NotThere("tantivy is not installed") from None
        self.tantivy = tantivy
        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("article", stored=True)
        for name in ("title", "text", "title_f", "text_f"):
            builder.add_text_field(name, stored=False, tokenizer_name="default")
        self.schema = builder.build()
        fresh = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        self.index = tantivy.Index(self.schema, path=str(folder))
        if fresh:
            self._fill(copy)
        self.index.reload()
        self.searcher = self.index.searcher()

    def _fill(self, copy: Path) -> None:
        writer = self.index.writer(heap_size=256_000_000, num_threads=1)
        for article, title, text in _rows(copy):
            document = self.tantivy.Document()
            document.add_integer("article", article)
            for name, value in (("title", title), ("text", text)):
                document.add_text(name, search.normalise(value))
                document.add_text(f"{name}_f", search.fold(value))
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()

    def _query(self, typed: str) -> Any:
        """All words, anywhere; more for those of the title, and for the phrase."""
        make, occur = self.tantivy.Query, self.tantivy.Occur
        suffix = "_f" if search.fold(typed) == typed else ""
        words = [word.lower() for word in search.words(search.normalise(typed))]
        title, text = f"title{suffix}", f"text{suffix}"
        each = [
            make.boolean_query(
                [
                    (occur.Should, make.boost_query(make.term_query(self.schema, title, word), 4.0)),
                    (occur.Should, make.term_query(self.schema, text, word)),
                ]
            )
            for word in words
        ]
        parts = [(occur.Must, query) for query in each]
        if len(words) > 1:
            for field, boost in ((title, 8.0), (text, 2.0)):
                phrase = make.phrase_query(self.schema, field, list(words))
                parts.append((occur.Should, make.boost_query(phrase, boost)))
        return make.boolean_query(parts)

    def top(self, typed: str, number: int) -> list[int]:
        """See Peer."""
        hits = self.searcher.search(self._query(typed), number).hits
        return [self.searcher.doc(address)["article"][0] for _, address in hits]

    def place(self, typed: str, article: int) -> int:
        """See Peer."""
        return _place(self.top(typed, 20), article)

    def close(self) -> None:
        """Nothing to let go of."""


class PostgreSQL:
    """A table with a weighted tsvector of folded words and a GIN index, in a cluster of its own on a socket."""

    def __init__(self, copy: Path, folder: Path, programs: str) -> None:
        self.programs = Path(programs)
        if not (self.programs / "initdb").exists():
            raise NotThere(f"there is no initdb in {programs}")
        self.user = "postgres" if os.geteuid() == 0 else None  # it refuses to run as root
        self.folder = folder
        self.socket = tempfile.mkdtemp(prefix="pg")
        fresh = not (folder / "PG_VERSION").exists()
        folder.mkdir(parents=True, exist_ok=True)
        if self.user:
            number = pwd.getpwnam(self.user).pw_uid
            os.chown(folder, number, -1)
            os.chown(self.socket, number, -1)
        if fresh:
            self._run("initdb", "-D", str(folder), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C")
        # shared_buffers is its own cache beside the system's; the rest is as it comes.
        options = f"-c listen_addresses='' -k {self.socket} -c shared_buffers=512MB -c fsync=off"
        self._run("pg_ctl", "-D", str(folder), "-o", options, "-w", "-l", f"{self.socket}/log", "start")
        try:
            if fresh:
                self._fill(copy)
        except BaseException:
            self.close()
            raise

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), *arguments]
        subprocess.run(command, user=self.user, check=True, stdout=subprocess.DEVNULL, cwd="/")

    def _psql(self) -> list[str]:
        return [str(self.programs / "psql"), "-h", self.socket, "-U", "postgres", "-qAtX", "-v", "ON_ERROR_STOP=1"]

    def _fill(self, copy: Path) -> None:
        process = subprocess.Popen(self._psql(), stdin=subprocess.PIPE, text=True, encoding="utf-8")
        assert process.stdin is not None
        process.stdin.write("create table raw (article bigint, title text, body text);\ncopy raw from stdin;\n")
        for article, *texts in _rows(copy):
            # Its parser makes of 25-NQ/TW what nobody looks for: it is given words.
            row = (" ".join(search.words(search.fold(text))).lower() for text in texts)
            process.stdin.write("\t".join((str(article), *row)) + "\n")
        process.stdin.write("\\.\n")
        process.stdin.write(
            "create table articles as select article, setweight(to_tsvector('simple', title), 'A') || "
            "setweight(to_tsvector('simple', body), 'D') as words from raw;\ndrop table raw;\n"
            "create index on articles using gin (words);\nvacuum analyze articles;\n"
        )
        process.stdin.close()
        if process.wait():
            raise RuntimeError("psql could not fill the table")

    def top(self, typed: str, number: int) -> list[int]:
        """See Peer. The time of starting psql, some ten milliseconds, is in it."""
        words = " ".join(search.words(search.fold(typed))).lower()
        sql = (
            f"select article from articles, plainto_tsquery('simple', '{words}') q "
            f"where words @@ q order by ts_rank(words, q) desc limit {number}"
        )
        said = subprocess.run([*self._psql(), "-c", sql], check=True, capture_output=True, text=True).stdout
        return [int(line) for line in said.split()]

    def place(self, typed: str, article: int) -> int:
        """See Peer."""
        return _place(self.top(typed, 20), article)

    def close(self) -> None:
        """Stop the server."""
        self._run("pg_ctl", "-D", str(self.folder), "-m", "fast", "-w", "stop")
        shutil.rmtree(self.socket, ignore_errors=True)
