"""Whether an article is about mass-mobilization work (công tác dân vận), judged by its own words as an editor would.

General party portals (`keep = "dan-van"`) carry everything; only this work goes into the published copy. The words
are data, in relevance.toml: the work by its name ("dân vận khéo", "Ban Dân vận"), its fields where it is not named
(religion, ethnic minorities, democracy at the grass roots, dialogue, oversight, people of trust, land given, soldiers
among the people), the actors (the Front, mass organisations, armed forces), and other topics (sport, stage, trade ...).

*Words.* The pair "dân vận" also stands across a word boundary ("người dân vận chuyển", "nông dân vận hành"), so a term
may be told by what stands beside it. Guests, thanks and occasions ("giải bóng đá chào mừng Ngày truyền thống ...") are
passing mentions, and are worth little.

*Place.* A title says what an article is about, its lead nearly as surely; there each term counts once. In the body
counts how dense the terms stand: twice in a note is its topic, twice in a report of ten pages is not. Where the title
speaks for one side alone, the points of the other are cut. What a section or tag says is added, but is less than any
strong term of the text.

*Verdict.* score = for / (for + against + doubt), 0..1; the topic is "dan-van" from the threshold on. `why` names the
terms that weighed most, by place; "−" marks those of another topic, brackets what was said in passing. The version of
the rules is kept beside it: what other rules judged can be judged again.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from archive.search import normalise, visible
from crawler.relevance_rules import AGAINST, FOR, SHIPPED, WITH, WORD, Group, Method, RelevanceError, Rules, load

__all__ = ["SHIPPED", "Relevance", "RelevanceError", "Rules", "judge", "load"]

ABOUT, OTHER = "dan-van", "other"
TITLE, LEAD, BODY, SECTION, TAGS = "tiêu đề", "sapo", "nội dung", "chuyên mục", "thẻ"
IN_PASSING, NOTHING = "nhắc qua", "không có từ nào về công tác dân vận"

ODD_BLANKS = re.compile(r"[^\S\n ]| {2}")
BLANKS = re.compile(r"[^\S\n]+")
SENTENCE_END = re.compile(r"[.!?…](?=\s)|\n")
BEHIND = 24  # letters that not_preceded_by looks back


@dataclass(frozen=True, slots=True)
class Relevance:
    """A verdict: "dan-van" or "other"; 0..1; the words that decided it, as they stand in the text, by place."""

    topic: str
    score: float
    why: str


@dataclass(slots=True)
class _Place:
    """The terms of a title, lead, body ...: how often each stands, and how it was written first."""

    name: str
    counts: Counter[tuple[Group, str, bool]] = field(default_factory=Counter)
    written: dict[str, str] = field(default_factory=dict)
    words: int = 0

    def sides(self) -> set[str]:
        """The sides that stand here, and not in passing."""
        return {group.side for group, _, passing in self.counts if group.side != WITH and not passing}

    def weights(self, method: Method, side: str, *, repeat: bool = False) -> dict[tuple[Group, str, bool], float]:
        """The weight of each term of a side: repeated in a body it grows, elsewhere it counts once."""
        return {
            term: term[0].weight * (method.passing if term[2] else 1) * (count**method.repeat if repeat else 1)
            for term, count in self.counts.items()
            if term[0].side == side
        }


def judge(
    rules: Rules, title: str, lead: str, body: str, sections: Sequence[str] = (), tags: Sequence[str] = ()
) -> Relevance:
    """The verdict on an article. Any text may be empty; `body` has its paragraphs parted by line ends."""
    method = rules.method
    texts = ((TITLE, title), (LEAD, lead), (BODY, body[: method.letters]))
    places = [_read(rules, name, text) for name, text in texts]
    places += [_read(rules, name, "\n".join(texts)) for name, texts in ((SECTION, sections), (TAGS, tags))]
    pro, contra = _points(method, places, FOR), _points(method, places, AGAINST)
    score = round(pro / (pro + contra + method.doubt), 3)
    return Relevance(ABOUT if score >= method.threshold else OTHER, score, _why(method, places))


def _points(method: Method, places: list[_Place], side: str) -> float:
    """The points of a side. Actors join "for" where the text has something for itself, as one however many."""
    factors = {TITLE: method.title, LEAD: method.lead, SECTION: method.section, TAGS: method.tags}
    alone = not any(term[0].side == FOR for place in places[:3] for term in place.counts)
    points = 0.0
    title = places[0].sides()
    contradicted = bool(title) and side not in title
    for place in places:
        weight = sum(place.weights(method, side, repeat=place.name == BODY).values())
        if side == FOR and not alone:
            weight += max(place.weights(method, WITH).values(), default=0.0)
        if place.name == BODY:
            points += _body_points(method, weight, place.words)
        else:
            points += factors[place.name] * min(weight, 1.0 if place.name in (SECTION, TAGS) else method.most)
    return points * (method.contradicted if contradicted else 1)


def _body_points(method: Method, weight: float, words: int) -> float:
    """A body's points by the weight of its terms in 100 words, long texts counted as shorter than they are."""
    length = method.short * max(1.0, words / method.short) ** method.stretch
    return float(method.body * (1 - math.exp(-weight * 100 / length / method.dense)))


def _read(rules: Rules, name: str, text: str) -> _Place:
    """The terms of a text, the longest at each word; the words of one that counts are not read again."""
    place = _Place(name)
    if not text:
        return place
    text = normalise(_one_blank(visible(text)))
    low = _lower(text)
    end = 0
    for word in WORD.finditer(low):
        place.words += 1
        start = word.start()
        head = rules.heads.get(word[0])
        if head is None or start < end or (found := head.pattern.match(low, word.end())) is None:
            continue
        assert found.lastindex is not None
        group = head.groups[found.lastindex - 1]
        sense = _sense(group, low, start, found.end(), rules.method.reach)
        if sense is not None:
            end = found.end()
            form = low[start:end]
            place.counts[(group, form, sense and (name != TITLE or group.passing_in_title))] += 1
            place.written.setdefault(form, text[start:end])
    return place


def _sense(group: Group, low: str, start: int, end: int, reach: int) -> bool | None:
    """Whether a term stands there in passing; None if it is another word, or what it needs is not beside it."""
    if group.not_followed_by is not None and group.not_followed_by.match(low, end):
        return None
    if group.not_preceded_by is not None and group.not_preceded_by.search(low[max(0, start - BEHIND) : start]):
        return None
    if group.needs_one_of is None and group.passing_after is None:
        return False
    before = SENTENCE_END.split(low[max(0, start - reach) : start])[-1]
    if group.needs_one_of is not None:
        after = SENTENCE_END.split(low[end : end + reach], maxsplit=1)[0]
        if not (group.needs_one_of.search(before) or group.needs_one_of.search(after)):
            return None
    return group.passing_after is not None and group.passing_after.search(before) is not None


def _one_blank(text: str) -> str:
    return BLANKS.sub(" ", text) if ODD_BLANKS.search(text) else text


def _lower(text: str) -> str:
    """Small letters, as many as there were: "İ" would become two."""
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)


def _why(method: Method, places: list[_Place]) -> str:
    """The deciding words by place; what is against comes after what is for, and has its sign."""
    told = []
    for place in places:
        weights: dict[tuple[Group, str, bool], float] = {}
        for side in (FOR, WITH, AGAINST):
            weights |= place.weights(method, side, repeat=True)
        heaviest = sorted(weights, key=lambda term: -weights[term])[: method.words]
        if heaviest:
            told.append(f"{place.name}: {', '.join(_told(place, term) for term in sorted(heaviest, key=_is_against))}")
    about = any(term[0].side == FOR for place in places for term in place.counts)
    return "; ".join(told if about else [NOTHING, *told])


def _is_against(term: tuple[Group, str, bool]) -> bool:
    return term[0].side == AGAINST


def _told(place: _Place, term: tuple[Group, str, bool]) -> str:
    group, form, passing = term
    count = place.counts[term]
    sign, times, note = "−" if group.side == AGAINST else "", f" ×{count}" if count > 1 else "", f" ({IN_PASSING})"
    return f"{sign}{place.written[form]}{times}{note if passing else ''}"
