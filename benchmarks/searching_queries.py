"""The queries of the search benchmark, out of the copy itself: none of them twice, so that no answer is remembered."""

from __future__ import annotations

import random
import sqlite3

from archive import search

KNOWN = 120  # titles that are looked for
MOST_COMMON = 80  # words
PHRASES_FROM = 400  # articles


class Pool:
    """Draws queries of every kind; the same ones for the same copy."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.chance = random.Random(5)
        self.known: list[tuple[str, int]] = []
        rows = db.execute("select word from vocabulary where length(word) > 1 order by n desc limit ?", [MOST_COMMON])
        self.words = [word for (word,) in rows.fetchall() if not word.isdigit()]
        rows = db.execute("select word from vocabulary where n between 1 and 50 and length(word) > 3 order by word")
        self.rare_words = [word for (word,) in rows.fetchall()] or self.words
        rows = db.execute("select body from articles order by id limit ?", [PHRASES_FROM])
        self.bodies = [search.words(body) for (body,) in rows.fetchall()]
        for name in ("portal", "section", "province", "year", "month"):
            rows = db.execute("select value from filter_values where filter = ? order by n desc", [name])
            setattr(self, f"{name}s", [value for (value,) in rows.fetchall()])

    def common(self, number: int) -> list[str]:
        """Of the commonest words, one alone or two; and phrases of two to four words as articles have them, every
        third without accents."""
        made: list[str] = []
        while len(made) < number:
            kind = len(made) % 3
            if kind == 0:
                typed = " ".join(self.chance.sample(self.words, self.chance.choice((1, 1, 2))))
            else:
                typed = self._phrase(self.chance.choice((2, 2, 3, 4)))
                typed = search.fold(typed) if kind == 2 else typed
            made.append(typed)
        return made

    def strangers(self, number: int) -> list[str]:
        """Common words in an order that no text has: the phrase is looked for in vain."""
        return [" ".join(self.chance.sample(self.words, 4)) for _ in range(number)]

    def rare(self, number: int) -> list[str]:
        """Words of few articles, and long phrases."""
        return [
            self.chance.choice(self.rare_words) if i % 2 else self._phrase(self.chance.randint(6, 9))
            for i in range(number)
        ]

    def beginnings(self, number: int) -> list[str]:
        """The first letters of common words: three, two, and of two words."""
        made: list[str] = []
        for i in range(number):
            word = self.chance.choice([word for word in self.words if len(word) > 2])
            start = word[: 2 + i % 2]
            made.append(f"{self._phrase(2)} {start}" if i % 3 == 2 else start)
        return made

    def filter(self) -> dict[str, str]:
        """One value of one filter."""
        name = self.chance.choice(("portal", "section", "province"))
        return {name: self.chance.choice(getattr(self, f"{name}s"))}

    def year(self) -> str:
        """A year that has articles."""
        return str(self.chance.choice(self.years))  # type: ignore[attr-defined]

    def month(self) -> str:
        """A month that has articles."""
        return str(self.chance.choice(self.months))  # type: ignore[attr-defined]

    def _phrase(self, size: int) -> str:
        body = self.chance.choice([body for body in self.bodies if len(body) > 50])
        start = self.chance.randrange(len(body) - size)
        return " ".join(body[start : start + size])


def known_items(db: sqlite3.Connection, number: int) -> list[tuple[str, int]]:
    """Four to six words of a title that no other article has, as a reader remembers them: in a row, with a gap or
    without accents; and the article."""
    chance = random.Random(7)
    rows = db.execute("select id, title from articles group by title having count(*) = 1 order by id").fetchall()
    made = []
    for i, (article, title) in enumerate(chance.sample(rows, min(3 * number, len(rows)))):
        words = search.words(title)
        size = chance.randint(4, 6)
        if len(words) <= size:
            continue
        start = chance.randrange(len(words) - size)
        kept = words[start : start + size]
        if i % 3 == 1:
            del kept[len(kept) // 2]
        typed = " ".join(kept)
        made.append((search.fold(typed) if i % 3 == 2 else typed, int(article)))
    return made[:number]
