"""The log of a crawl: which portal a line is about, in words or as one JSON object a line (setting LOG_JSON).

Scrapy makes its handler anew for every portal; here one handler serves the whole run, writes to LOG_FILE or to the
standard error of the moment (which the live table takes over while it is shown), and knows the portal of each line: by
Scrapy's own `spider`, else by the task that speaks.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import IO, Any

from scrapy.settings import BaseSettings
from scrapy.utils.log import install_scrapy_root_handler

from archive.clock import VIETNAM

PROGRESS = "crawler.watching"  # the logger whose lines are always wanted where they are asked for
NOBODY = ""  # no portal: the line is about the run

_portal: ContextVar[str] = ContextVar("portal", default=NOBODY)
_STANDARD = frozenset(logging.LogRecord("", 0, "", 0, "", None, None).__dict__) | {"message", "asctime", "taskName"}
_OURS = frozenset({"event", "portal", "spider", "crawler"})


def of_portal(key: str) -> None:
    """From here on every line of this task, and of those it begins, is about this portal."""
    _portal.set(key)


def portal_of(record: logging.LogRecord) -> str:
    """The key of the portal that a line is about; "" where it is about none."""
    named = getattr(record, "portal", None) or getattr(getattr(record, "spider", None), "name", None)
    return str(named or _portal.get())


class Words(logging.Formatter):
    """A line for a person: LOG_FORMAT, its message beginning with the key of the portal."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """Called by logging."""
        portal = portal_of(record)
        if portal and not record.message.startswith(f"{portal}: "):
            record.message = f"{portal}: {record.message}"
        return super().formatMessage(record)


class Json(logging.Formatter):
    """One JSON object a line: time, level, portal, event, message, logger, fields.

    `event` names what happened where the line has a name for it ("waiting", "ended", "progress"), else it is "log";
    `fields` are its figures; `error` a traceback.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Called by logging."""
        portal = portal_of(record)
        message = record.getMessage()
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).astimezone(VIETNAM).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "portal": portal or None,
            "event": getattr(record, "event", "log"),
            "message": message.removeprefix(f"{portal}: "),
            "logger": record.name,
            "fields": _fields(record),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    """What was given with a line beside its words."""
    args = record.args if isinstance(record.args, Mapping) else {}
    extra = {name: value for name, value in vars(record).items() if name not in _STANDARD | _OURS}
    return {str(name): value for name, value in {**args, **extra}.items()}


class ToStandardError(logging.StreamHandler[Any]):
    """Writes to whatever sys.stderr is when a line comes."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> IO[str]:
        """The standard error of the moment."""
        return sys.stderr


class _Wanted(logging.Filter):
    """Lines from LOG_LEVEL on, and those of the progress."""

    def __init__(self, level: int | str) -> None:
        super().__init__()
        self.level = logging.Handler(level).level  # a number or a name, as logging takes it

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= self.level or record.name == PROGRESS


def install(settings: BaseSettings) -> logging.Handler:
    """Take the place of Scrapy's handler, for this process and all crawlers made from these settings.

    Raises OSError where LOG_FILE cannot be opened.
    """
    file = settings.get("LOG_FILE")
    handler: logging.Handler = logging.FileHandler(file, encoding="utf-8") if file else ToStandardError()
    handler.addFilter(_Wanted(settings.get("LOG_LEVEL")))
    handler.setFormatter(Json() if settings.getbool("LOG_JSON") else Words(settings.get("LOG_FORMAT")))
    logging.root.addHandler(handler)
    settings.set("LOG_FILE", None, "cmdline")
    settings.set("LOG_ENABLED", False, "cmdline")
    install_scrapy_root_handler(settings)  # type: ignore[arg-type]
    return handler
