"""Near-duplicates of corpus articles, edited as portals edit: each kind with what was changed, the same every time."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace

from archive.article import Article

SENTENCE = 24  # words of a run
SCATTERED, IN_RUNS = 0.05, 0.15  # share of the words changed
# Letters of another script that look the same.
_DISGUISE = str.maketrans("aceopxyABCEHKMOPTXi", "асеорхуАВСЕНКМОРТХі")


def planted(base: Article, stranger: Article, kind: str, number: int) -> Article:
    """A copy of `base` under a key of its own, changed as `kind` says; new words are those of `stranger`."""
    chance = random.Random(f"{kind} {number}")
    changed = KINDS[kind](base, stranger, chance)
    return replace(changed, key=f"planted/{kind}/{number}", url=f"{base.url}?{kind}={number}")


def _edited(base: Article, stranger: Article, change: Callable[[list[str], list[str]], None]) -> Article:
    """The words of lead and body changed in place; paragraphs stay where they were, as far as they are left."""
    paragraphs = [base.lead, *base.body.split("\n\n")]
    said = [word for paragraph in paragraphs for word in paragraph.split()]
    change(said, f"{stranger.lead} {stranger.body}".split())
    rows, at = [], 0
    for paragraph in paragraphs:
        length = len(paragraph.split())
        rows.append(" ".join(said[at : at + length]))
        at += length
    return replace(base, lead=rows[0], body="\n\n".join(rows[1:]))


def in_runs(runs: int | None) -> Callable[[Article, Article, random.Random], Article]:
    """15 % of the words in so many runs, or in runs of a sentence."""

    def change(chance: random.Random, said: list[str], new: list[str]) -> None:
        several = runs or max(1, round(len(said) * IN_RUNS / SENTENCE))
        length, part = int(len(said) * IN_RUNS / several), len(said) // several
        for run in range(several):
            start = run * part + chance.randrange(part - length + 1)
            source = chance.randrange(max(1, len(new) - length))
            said[start : start + length] = (new * 30)[source : source + length]

    return lambda base, stranger, chance: _edited(base, stranger, lambda said, new: change(chance, said, new))


def _scattered(base: Article, stranger: Article, chance: random.Random) -> Article:
    def change(said: list[str], new: Sequence[str]) -> None:
        for at in chance.sample(range(len(said)), int(len(said) * SCATTERED)):
            said[at] = chance.choice([word for word in chance.choices(new, k=9) if word != said[at]] or ["khác"])

    return _edited(base, stranger, change)


def _swapped(base: Article, stranger: Article, chance: random.Random) -> Article:
    paragraphs = base.body.split("\n\n")
    chance.shuffle(paragraphs)
    return replace(base, body="\n\n".join(paragraphs))


def _disguised(base: Article, stranger: Article, chance: random.Random) -> Article:
    return replace(base, lead=base.lead.translate(_DISGUISE), body=base.body.translate(_DISGUISE))


KINDS: dict[str, Callable[[Article, Article, random.Random], Article]] = {
    "exact": lambda base, stranger, chance: base,
    "another headline": lambda base, stranger, chance: replace(base, title=stranger.title),
    "paragraphs shuffled": _swapped,
    "look-alike letters": _disguised,
    "15 % in one run": in_runs(1),
    "15 % in two runs": in_runs(2),
    "15 % by sentences": in_runs(None),
    "5 % scattered": _scattered,
}
