"""Vietnamese from before Unicode (VNI, TCVN3), where each font had its own letters: known by how its words look.

"Thông tin" stands in such a file as "Thoâng tin" (VNI) or "Th«ng tin" (TCVN3). Nobody searches for that, so it is
not taken for words. It is not converted: a file mixes fonts of both kinds with others, and the text does not say where.
"""

from __future__ import annotations

import re

# VNI writes an accent as a letter of its own behind the vowel, and ư, ơ, đ as ö, ô, ñ.
VNI = re.compile(r"[aeoyuöôAEOYUÖÔ][ùøûõïâáàåãäêéèëúüæÙØÛÕÏÂÁÀÅÃÄÊÉÈËÚÜÆ]|\b[ñÑ][^\W\d_]|öô|ÖÔ")
# TCVN3 puts accented letters where Latin-1 has signs, which stand in no word of any language.
TCVN3 = re.compile(r"[^\W\d_][¡-©«-¹»-¿]|[¡-©«-±µ-¹»-¿][^\W\d_]")
MODERN = re.compile(r"[\u1ea0-\u1ef9ĂăĐđƠơƯư]")
WORD = re.compile(r"[^\s]+")
FEW = 8  # words of the old kind below which a text is not judged
SHARE = 0.3  # of all words; French, whose letters these are, has them in fewer
SAMPLE = 200_000  # letters looked at


def is_legacy(text: str) -> bool:
    """Whether a text is mostly in one of the old encodings."""
    words = WORD.findall(text[:SAMPLE])
    modern = sum(1 for word in words if MODERN.search(word))
    old = max(sum(1 for word in words if kind.search(word)) for kind in (VNI, TCVN3))
    return old >= FEW and old >= SHARE * len(words) and old > modern
