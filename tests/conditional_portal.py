"""The demonstration portal behind a server that honours conditional requests, ignores them, or lies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256

from crawler.demo.routes import Answer
from tests.loopback import SickHandler, SickPortal

HONOURS, BY_DATE, IGNORES, LIES = "honours", "by date", "ignores", "lies"


@dataclass(frozen=True)
class Question:
    """One request: whether it was conditional, and what it got."""

    path: str
    is_conditional: bool
    status: int


class ConditionalPortal(SickPortal):
    """`manner`: HONOURS by ETag, BY_DATE by Last-Modified, IGNORES as NukeViet does, LIES that nothing ever changes."""

    def __init__(self, manner: str, articles: int = 8, keep: Iterable[int] = ()) -> None:
        super().__init__(lambda path, n: None, articles, keep, _Conditional)
        self.manner = manner
        self.questions: list[Question] = []
        self.days = 0  # since the first night
        self.edited: dict[int, int] = {}  # article: on which day

    def edit(self, number: int, text: str) -> None:
        """An editor rewrites an article today."""
        self.site.articles[number] = replace(self.site.articles[number], body=f"<p>{text}</p>")
        self.edited[number] = self.days

    def mark(self, path: str) -> dict[str, str]:
        """By which headers an article's page is known again."""
        number = int(path.rsplit("-", 1)[1].removesuffix(".html"))
        article = self.site.articles[number]
        day = datetime(2026, 1, 5, tzinfo=UTC) + timedelta(days=self.edited.get(number, 0))
        moving = datetime(2026, 1, 5, tzinfo=UTC) + timedelta(days=self.days - 1, seconds=len(self.questions))
        return {
            HONOURS: {"ETag": f'"{sha256(article.body.encode()).hexdigest()[:12]}"'},
            BY_DATE: {"Last-Modified": format_datetime(day, usegmt=True)},
            IGNORES: {"Last-Modified": format_datetime(moving, usegmt=True)},
            LIES: {"ETag": f'"{number}"'},
        }[self.manner]


class _Conditional(SickHandler):
    portal: ConditionalPortal

    def _send(self, answer: Answer, session: str) -> None:
        asked = {self.headers.get("If-None-Match"), self.headers.get("If-Modified-Since")} - {None}
        if self.path.endswith(".html") and "-" in self.path and answer.status == 200:
            mark = self.portal.mark(self.path)
            if asked & set(mark.values()) and self.portal.manner != IGNORES:
                answer = Answer(b"", answer.kind, 304, mark)
            else:
                answer = Answer(answer.body, answer.kind, answer.status, {**answer.headers, **mark})
        self.portal.questions.append(Question(self.path, bool(asked), answer.status))
        if answer.status != 304:
            super()._send(answer, session)
            return
        self.send_response(304)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
