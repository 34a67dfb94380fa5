"""How alike two texts are: their words without accents and disguises, shingles of them, a sketch, a similarity.

Nothing here knows the archive. All is the same on every machine and in every run (CRC-32 and arithmetic, never
Python's own hash()), because sketches are stored.

A *shingle* is four words in a row. Of n words 5 % changed here and there, 0.95^4 = 81 % of the shingles survive; of
a run of L changed words only L + 3 are lost. A *sketch* is 128 bytes, each of them equal in two texts with the
probability J (+ 1/256) that is the Jaccard similarity of their shingles. Made by one pass that deals the shingles
into 128 bins and keeps the least of each, with further passes for the bins that stayed empty: Dahlgaard, Knudsen,
Thorup, "Fast Similarity Sketching", FOCS 2017 (arXiv:1704.04370). So a sketch costs n + k ln k steps where MinHash
costs n k, and needs no numpy.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b
from zlib import crc32

from archive import search

SHINGLE = 4  # words
BINS = 128  # bytes of a sketch
_ROUNDS = 40  # then the bins still empty (of a text that repeats itself) get the least of all
_PRIME, _FACTOR = (1 << 61) - 1, 0x1B873593CC9E2D51  # v -> v * factor mod prime: a new order of the shingles each round

# Letters that look like Latin ones, each kind in a row with what it looks like. Compatibility forms (full width,
# mathematical, ligatures) are decomposed by NFKD beforehand, accents taken off behind.
_LOOK_ALIKES = (
    ("АВЕКМНОРСТУХІЈЅԌԚԜҮӀ", "ABEKMHOPCTYXIJSGQWYI"),  # Cyrillic
    ("авекмнорстухіјѕԁԛԝһүӏгпиьѵ", "abekmhopctyxijsdqwhylrnubv"),
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"),  # Greek
    ("αβγεηικμνορτυχω", "abyenikuvoptuxw"),
    ("ՕՍօսհցյոռ", "OUouhgjnn"),  # Armenian
    ("ᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡʏᴢ", "abcdeghijklmnoprtuvwyz"),  # small capitals
    ("đĐðÐɖƉıɑɡɩøØłŁħŧƒ", "dDdDdDiagioOlLhtf"),  # Latin letters that no decomposition makes plain
)
_PLAIN: dict[int, str | None] = {
    ord(letter): plain for row, as_row in _LOOK_ALIKES for letter, plain in zip(row, as_row, strict=True)
}
_PLAIN |= dict.fromkeys(range(0x0300, 0x0370))  # combining marks: away


def words(text: str) -> list[bytes]:
    """The words of a text in UTF-8, lower case, without accents and look-alike letters; digits stay.

    As search.fold() does, but word by word, each one remembered: ten times as fast. TƯ and TU are one here.
    """
    return [_plain(word) for word in search.words(search.visible(text))]


@lru_cache(maxsize=65_536)  # Vietnamese has some 7,000 syllables; the rest are names and numbers
def _plain(word: str) -> bytes:
    return unicodedata.normalize("NFKD", word).translate(_PLAIN).lower().encode("utf-8", "replace")


def digest(said: Iterable[bytes]) -> int:
    """64 bits, signed as SQLite has them, that tell whether two texts have the same words in the same order."""
    return int.from_bytes(blake2b(b" ".join(said), digest_size=8).digest(), "little", signed=True)


def shingles(said: Sequence[bytes]) -> list[int]:
    """A 32-bit number for each four words in a row, in the order of the text: three fewer than words."""
    rows = zip(*(said[start:] for start in range(SHINGLE)), strict=False)
    return list(map(crc32, map(b" ".join, rows)))


def sketch(of: Collection[int]) -> bytes:
    """128 bytes that stand for a set of shingles. Raises ValueError for no shingles."""
    values = list(set(of))
    if not values:
        raise ValueError("no shingles, no sketch")
    least: dict[int, int] = {}
    for _ in range(_ROUNDS):
        values = sorted((value * _FACTOR % _PRIME for value in values), reverse=True)
        least = {value % BINS: value for value in values} | least  # of a bin the last, the least; earlier rounds win
        if len(least) == BINS:
            break
    return bytes((least.get(number, values[-1]) >> 20) & 255 for number in range(BINS))


def resemblance(one: bytes, other: bytes) -> float:
    """Roughly the Jaccard similarity of two texts by their sketches, 0 to 1; standard error 0.04."""
    return sum(map(int.__eq__, one, other)) / BINS


def similarity(one: Sequence[int], other: Sequence[int]) -> float:
    """The share of words that two texts have in common, 0 to 1, of that text of the two where it is smaller.

    Takes the shingles of both in order. A word is common where a shingle over it stands anywhere in the other text:
    swapped paragraphs cost nothing, a changed sentence as much as it is long, and a text that is a part of a longer
    one gets the part's share.
    """
    return min(_covered(one, frozenset(other)), _covered(other, frozenset(one)))


def filled_anew(one: Iterable[bytes], other: Iterable[bytes]) -> bool:
    """Whether two texts differ as a form does that was filled in anew: other numbers and dates in the same words.

    So the notices of two months stay apart. A text of fewer than four numbers says nothing of the kind.
    """
    numbers = [{word for word in said if any(48 <= byte <= 57 for byte in word)} for said in (one, other)]
    most = max(map(len, numbers))
    return most >= 4 and len(numbers[0] & numbers[1]) < most / 3


def _covered(shingled: Sequence[int], known: frozenset[int]) -> float:
    if not shingled:
        return 0.0
    covered = upto = 0  # words so far, and the word behind the last one counted
    for start, shingle in enumerate(shingled):
        if shingle in known:
            end = start + SHINGLE
            covered += end - max(start, upto)
            upto = end
    return covered / (len(shingled) + SHINGLE - 1)
