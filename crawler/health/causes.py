"""Causes: a sentence about a portal as data, a key of words.py and its values, so that it can be said in any language.

As JSON: {"key": "nothing_read", "cause": {"key": "elsewhere", "n": 3}}.
"""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter
from typing import Any

from markupsafe import Markup, escape

from archive.i18n import Language
from crawler.health.words import WORDS

Cause = Mapping[str, Any]


def because(key: str, **values: Any) -> Cause:
    """A cause. `values`: numbers, texts, other causes or lists of them, as JSON holds them."""
    return {"key": key, **values}


def remembered(health: Mapping[str, Any]) -> Cause:
    """The cause in a row of run_portals.health; where that has a sentence alone, or words that are not ours, that."""
    cause: Cause = health.get("cause_parts") or {}
    return cause if _is_known(cause) else because("as_said", said=str(health.get("cause", "")))


def without(cause: Cause, *wrappers: str) -> Cause:
    """What is left of a cause when nothing is said about it any more: {cause} of one with such a key."""
    while cause["key"] in wrappers:
        cause = cause["cause"]
    if cause["key"] == "as_said":
        for wrapper in wrappers:
            prefix = WORDS[wrapper][1].removesuffix("{cause}")
            cause = because("as_said", said=cause["said"].removeprefix(prefix))
    return cause


def english(cause: Cause) -> str:
    """The sentence of logs, terminals and programs. Raises KeyError where words.py has not the words for it."""
    return _English().say(cause)


def told(sentence: str, parts: Cause, t: Language) -> Markup:
    """A cause in a language, as HTML; what there is in English alone is marked as that.

    `sentence`: the English one, which counts where `parts` are {} or say what words.py does not know.
    """
    if t.code == "en":
        return escape(sentence)
    return Markup(_Vietnamese(t).say(remembered({"cause": sentence, "cause_parts": parts})))


def _is_known(cause: Cause) -> bool:
    try:
        english(cause)
    except (KeyError, TypeError, ValueError):  # another version's words, or other values to them
        return False
    return True


class _English(Formatter):
    """Fills in the blanks of a text."""

    def say(self, cause: Cause) -> str:
        return self.vformat(self.text(cause), (), cause)

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Mapping):
            return self.say(value)
        if isinstance(value, list):
            return ", ".join(self.say(one) for one in value)
        return self.shown(value, format_spec)

    def text(self, cause: Cause) -> str:
        texts = WORDS[cause["key"]]
        return texts[-1] if cause.get("n") == 1 else texts[1]

    def shown(self, value: Any, kind: str) -> str:
        """A number or a text that is of some kind."""
        if kind == "share":
            return f"{value:.0%}"
        if kind == "day":
            return str(value)[:10]
        return f"{value:g}" if isinstance(value, float) else str(value)


class _Vietnamese(_English):
    """... as HTML, numbers and days in the manner of the site."""

    def __init__(self, t: Language) -> None:
        self.t = t

    def text(self, cause: Cause) -> str:
        return str(escape(WORDS[cause["key"]][0]))

    def shown(self, value: Any, kind: str) -> str:
        if kind == "share":
            return self.t.share(value)
        if kind == "day":
            return self.t.day(value)
        if kind == "english":
            return f'<span lang="en">{escape(value)}</span>'
        if isinstance(value, int):
            return self.t.number(value)
        return super().shown(value, kind).replace(".", ",") if isinstance(value, float) else str(escape(value))
