"""What `scrapy read` and `scrapy fixture` are asked, checked before anything is done."""

from __future__ import annotations

import argparse
import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from scrapy.commands import ScrapyCommand
from scrapy.settings import Settings
from scrapy.utils.log import configure_logging

from archive.clock import now
from crawler.page import Page
from crawler.portals import Portal
from crawler.single import fetching
from crawler.single.fetching import Asker
from crawler.single.opening import WrongArgument
from crawler.user_agent import user_agent


def quiet(command: ScrapyCommand, opts: argparse.Namespace) -> None:
    """Keep Scrapy's log out of what the command says, unless it was asked for."""
    assert command.settings is not None
    if not opts.loglevel and not opts.logfile:
        command.settings.set("LOG_LEVEL", "CRITICAL", "cmdline")
    configure_logging(command.settings)


def arguments(args: list[str], *names: str) -> list[str]:
    """The arguments of a command, as many as have names. Raises WrongArgument."""
    if unknown := [arg for arg in args if arg.startswith("-")]:
        raise WrongArgument(f"{unknown[0]} is no option of this command; --help names them")
    if len(args) != len(names):
        raise WrongArgument(f"name {' and '.join(names)}, not {len(args) or 'nothing'}{' things' if args else ''}")
    return args


def is_address(said: str) -> bool:
    """Whether an argument is an http(s) address. Raises WrongArgument for one of another scheme, or without host."""
    scheme = re.match(r"([a-z][a-z0-9+.-]*)://", said, re.I)
    if scheme is None:
        return False
    if scheme[1].lower() not in ("http", "https"):
        raise WrongArgument(f"{said}: only http and https addresses are asked for, or a file by its path")
    try:
        parts = urlsplit(said)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise WrongArgument(f"{said} is no address: {error}") from error
    if not host or parts.username or re.search(r"\s", said):
        raise WrongArgument(f"{said} is no address of a page: it has a host's name and no blank")
    return True


def set_clock(settings: Settings) -> None:
    """The clock of a rehearsal, where one is set. Raises ClockError."""
    if settings.get("ARCHIVE_NOW"):
        os.environ["ARCHIVE_NOW"] = settings["ARCHIVE_NOW"]
    now()


def archive_db(settings: Settings) -> Path:
    """Where nightly keeps what it has learned."""
    return Path(settings["DATA_DIR"]) / "archive.db"


def fetch(url: str, portal: Portal, settings: Settings) -> Page:
    """One page from its portal. Raises ContactMissing, NoPage, and KeyboardInterrupt after Ctrl-C."""
    agent = user_agent(settings["CONTACT"], portal)
    pages: list[Page] = []

    async def work(asker: Asker) -> None:
        pages.append(await asker.page(url))

    fetching.run(work, portal, agent, settings)
    return pages[0]
