"""Vietnamese as the search index writes it: one form with accents, and one without."""

from __future__ import annotations

import re
import sqlite3
import unicodedata

# Soft hyphen, zero-width blanks and joiners, byte order mark: on no screen, in many a pasted text.
INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"

# What FTS5's unicode61 takes for a word: letters and numbers, and the marks that stand above or below them.
_WORD = re.compile(r"(?:[^\W_]|[\u0300-\u0331])+")


def _tone_table() -> dict[str, str]:
    """The tone of an open oa, oe, uy moves to its first vowel: "oà" -> "òa"."""
    table = {}
    for first in "oOuU":
        for second in "aAeEyY":
            for tone in "\u0300\u0301\u0303\u0309\u0323":
                late = first + unicodedata.normalize("NFC", second + tone)
                table[late] = unicodedata.normalize("NFC", first + tone) + second
    return table


def _fold_table() -> dict[int, str]:
    """Every precomposed Latin letter to its base letter, and đ to d."""
    table = {ord(letter): "d" for letter in "đðɖ"} | {ord(letter): "D" for letter in "ĐÐƉ"}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base.isascii() and base.isalpha():
            table[code] = base
    return table


_TONES = _tone_table()
_FOLDED = _fold_table()
_OTHER_D = {"Ð": "Đ", "ð": "đ", "Ɖ": "Đ", "ɖ": "đ"}
# An open syllable in oa, oe, uy with the tone late; "quý" is qu + y and stays, "hoàn" is closed and stays.
# Both patterns begin with a letter and look back from behind it: five times quicker than looking back first.
_LATE_TONE = re.compile(r"[oOuU](?<![qQ].)[àáảãạèéẻẽẹỳýỷỹỵÀÁẢÃẠÈÉẺẼẸỲÝỶỸỴ](?![^\W\d_])")
_CENTRAL = re.compile(r"T(?<![^\W_]T)(\.?)Ư(?![^\W_])")


def normalise(text: str) -> str:
    """One written form, accents kept: NFC, old-style tone placement ("ủy", "hòa"), one đ, nothing invisible.

    Keeps the length and the words of a visible NFC text. Letter case is left to the index.
    """
    text = visible(text)
    for other, letter in _OTHER_D.items():
        text = text.replace(other, letter)
    return _LATE_TONE.sub(lambda found: _TONES[found[0]], text)


def fold(text: str) -> str:
    """Accents off: "Đảng" -> "Dang". TƯ (central) becomes "TW", so that TU (provincial) stays apart from it.

    Keeps the length and the words of a visible NFC text.
    """
    return _CENTRAL.sub(_central, visible(text)).translate(_FOLDED)


def visible(text: str) -> str:
    """The text in NFC, without the characters that no reader sees."""
    for character in INVISIBLE:
        text = text.replace(character, "")
    return unicodedata.normalize("NFC", text)


def has_accents(text: str) -> bool:
    """Whether anything in a text would be folded."""
    return text.translate(_FOLDED) != text


def words(text: str) -> list[str]:
    """The words of a text, cut as the index cuts them."""
    return _WORD.findall(text)


def register(connection: sqlite3.Connection) -> None:
    """Give a connection the SQL functions vn_norm() and vn_fold(); null stays null."""
    for name, function in (("vn_norm", normalise), ("vn_fold", fold)):
        connection.create_function(
            name, 1, lambda text, f=function: None if text is None else f(str(text)), deterministic=True
        )


def _central(found: re.Match[str]) -> str:
    """TƯ or T.Ư to TW, but for the syllable in a line of capitals ("ĐẦU TƯ", "TƯ TƯỞNG")."""
    before = re.search(r"(\S+) $", found.string[max(0, found.start() - 12) : found.start()])
    after = re.match(r" (\S+)", found.string[found.end() : found.end() + 12])
    left, right = before[1] if before else "", after[1] if after else ""
    of_the_party = right.startswith(("ĐẢNG", "ĐOÀN"))
    syllable = not found[1] and (_is_capital_syllable(left) or (_is_capital_syllable(right) and not of_the_party))
    return found[0] if syllable else f"T{found[1]}W"


def _is_capital_syllable(word: str) -> bool:
    return len(word) > 1 and word.isupper() and not word.isascii()
