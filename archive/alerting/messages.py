"""What an alert says: a title, and the articles with when, where and their permalink, in plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive.alerting.wanted import Alert
from archive.i18n import Language

MOST = 10  # messages of one alert to one target in one run; the last says how many more there are


@dataclass(frozen=True, slots=True)
class Message:
    """One message, and the articles that are told by it."""

    title: str
    text: str
    articles: tuple[int, ...]


def write(alert: Alert, address: str, articles: Sequence[Mapping[str, Any]]) -> list[Message]:
    """The messages that tell some articles, each once. `address`: the results page of the search."""
    t = Language(alert.language)
    parts = [articles[start : start + alert.at_once] for start in range(0, len(articles), alert.at_once)]
    shown, rest = parts[:MOST], [article for part in parts[MOST:] for article in part]
    messages = []
    for number, part in enumerate(shown, 1):
        told = [*part, *rest] if number == len(shown) else part
        title = _text(t, "alert_title", n=len(articles), name=alert.name)
        if len(shown) > 1:
            title += f" ({number}/{len(shown)})"
        lines = [_text(t, "alert_intro", n=len(articles), name=alert.name), ""]
        for article in part:
            lines += [*_lines(t, alert.site, article), ""]
        if rest and number == len(shown):
            lines += [_text(t, "alert_rest", n=len(rest)), ""]
        lines += [_text(t, "alert_all", address=address)]
        messages.append(Message(title, "\n".join(lines), tuple(article["id"] for article in told)))
    return messages


def _lines(t: Language, site: str, article: Mapping[str, Any]) -> list[str]:
    when = t.day(article["published"]) or _text(t, "undated")
    place = " · ".join(part for part in (when, article["portal_name"]) if part)
    return [" ".join(article["title"].split()), place, f"{site}/a/{article['id']}"]


def _text(t: Language, key: str, **values: object) -> str:
    """A string of the interface as plain text."""
    return t(key, **values).unescape()
