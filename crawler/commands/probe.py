"""scrapy probe URL [--write]: a few polite requests to a portal, and from them its row of the registry."""

from __future__ import annotations

import argparse
import math
import os
import re
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from scrapy.commands import ScrapyCommand
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError

from archive.clock import ClockError, now
from archive.exits import GOOD, PORTAL_FAILED, WRONG_CONFIGURATION
from crawler.cms import load as load_family
from crawler.portals import SLOWEST_ALLOWED_HASTE, Portal, RegistryError
from crawler.printing import for_a_reader
from crawler.probing.asking import ProbeSpider
from crawler.probing.probe import Probe
from crawler.probing.row import AlreadyRegistered, append, read, registered
from crawler.probing.showing import Telling, show, show_failure
from crawler.user_agent import ContactMissing, user_agent


class BadAddress(ValueError):
    """What was given is no address of a portal."""


class Command(ScrapyCommand):
    """Looks at one portal; exit codes as in archive/exits.py: 1 where there is none that can be crawled."""

    requires_project = True

    def syntax(self) -> str:
        """Called by Scrapy."""
        return "URL [--write] [--key KEY] [--delay SECONDS]"

    def short_desc(self) -> str:
        """Called by Scrapy."""
        return "Look at a portal with a few polite requests, and show or write its row of the registry"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Called by Scrapy."""
        super().add_options(parser)
        parser.add_argument("--write", action="store_true", help="put the row into the registry (PORTALS_FILE)")
        parser.add_argument("--key", default="", help="the row's key (default: made of province and organ)")
        parser.add_argument("--delay", type=float, help="seconds between two requests (default: the family's)")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy. Its log would tell in its own words what the probe says in plain ones."""
        super().process_options(args, opts)
        assert self.settings is not None
        if not opts.loglevel and not opts.logfile:
            self.settings.set("LOG_LEVEL", "CRITICAL", "cmdline")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy: checks what was asked for, probes, shows, and writes."""
        if len(args) != 1:
            raise UsageError("name one address: scrapy probe https://portal.example/")
        settings = self.settings
        assert settings is not None
        if settings.get("ARCHIVE_NOW"):
            os.environ["ARCHIVE_NOW"] = settings["ARCHIVE_NOW"]
        registry = Path(settings["PORTALS_FILE"])
        try:
            now()
            url = address(args[0])
            row = Portal(key=urlsplit(url).netloc, name=url, url=url)
            _check_delay(opts.delay, row)
            portals = read(registry)
            _check_key(opts, portals, registry)
            if opts.write and (twin := registered(portals, url)) is not None:
                raise AlreadyRegistered(
                    f"{registry} has this portal already, as [{twin.key}] at {twin.url}: nothing was asked"
                )
            agent = user_agent(settings["CONTACT"], row)
            probe = self._probe(Probe(url, portals, opts.delay, opts.key), row, agent)
            self.exitcode = self._tell(probe, registry, opts.write)
        except (BadAddress, RegistryError, ContactMissing, ClockError) as error:
            self._refuse(WRONG_CONFIGURATION, str(error))
        except OSError as error:
            self._refuse(WRONG_CONFIGURATION, f"{registry} cannot be written: {error.strerror or error}")

    def _probe(self, probe: Probe, row: Portal, agent: str) -> Probe:
        """Run the requests to their end."""
        process = self.crawler_process
        assert process is not None and self.settings is not None
        pace = probe.delay
        if pace is None:
            pace = 0.0 if row.is_loopback else load_family(row).DELAY
        with Telling() as telling:
            crawler = Crawler(ProbeSpider, self._settings(agent, pace))
            has_contact = bool(self.settings["CONTACT"].strip())
            options = {"portal": row, "work": probe.run, "say": telling.say, "pace": pace, "has_contact": has_contact}
            process.crawl(crawler, **options)
            process.start()
        if probe.contact_missing is not None:
            raise probe.contact_missing
        return probe

    def _settings(self, agent: str, pace: float) -> Any:
        assert self.settings is not None
        settings = self.settings.copy()
        for name in ("DOWNLOAD_DELAY", "AUTOTHROTTLE_START_DELAY"):
            settings.set(name, pace, "cmdline")
        settings.set("USER_AGENT", agent, "cmdline")
        return settings

    def _tell(self, probe: Probe, registry: Path, write: bool) -> int:
        """Show what was found, write the row where that is wanted; returns the exit code. Raises RegistryError."""
        found = probe.found
        if found.crash:
            print(f"probe: a fault of this program's own, at {found.url}:\n{found.crash}", file=sys.stderr)
            return PORTAL_FAILED
        if found.failure or found.row is None:
            with for_a_reader():
                show_failure(found, str(registry))
            rest = "; nothing was written" if write else ""
            print(f"probe: {found.failure or 'stopped before its end'}{rest}", file=sys.stderr)
            return PORTAL_FAILED
        with for_a_reader():
            show(found, str(registry))
        if write:
            append(registry, found.row.key, found.row.text)
            print(f"written to {registry}; next: scrapy nightly {found.row.key}")
        return GOOD

    def _refuse(self, code: int, why: str) -> None:
        print(f"probe: {why}", file=sys.stderr)
        self.exitcode = code


def address(said: str) -> str:
    """The address that was meant: a bare host gets https://. Raises BadAddress."""
    text = said.strip()
    if "://" not in text:
        text = f"{'http' if text.startswith(('localhost', '127.')) else 'https'}://{text}"
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
        host.encode("idna")
    except ValueError as error:
        raise BadAddress(f"{said!r} is no address: {error}") from error
    plain = re.fullmatch(r"[\w.-]*\w|[0-9a-f:.]+", host, re.I) and not re.search(r"\s", text)
    known = "." in host or ":" in host or host == "localhost"
    if parts.scheme not in ("http", "https") or not plain or not known or parts.username:
        raise BadAddress(f"{said!r} is no address of a portal: it begins with https:// or http:// and a host's name")
    return urlunsplit((parts.scheme, parts.netloc.lower(), parts.path or "/", parts.query, ""))


def _check_delay(delay: float | None, row: Portal) -> None:
    if delay is None:
        return
    if not 0 <= delay < math.inf:
        raise RegistryError("--delay must be a number of seconds, not negative")
    if delay < SLOWEST_ALLOWED_HASTE and not row.is_loopback:
        raise RegistryError("--delay below 1 second is for loopback addresses only")


def _check_key(opts: argparse.Namespace, portals: dict[str, Portal], registry: Path) -> None:
    if opts.key and not re.fullmatch(r"[a-z0-9][a-z0-9_]*", opts.key):
        raise RegistryError(f"--key {opts.key}: a key is made of a-z, 0-9 and _ (it stays for ever)")
    if opts.key in portals:
        raise AlreadyRegistered(f"{registry} has the key [{opts.key}] already, for {portals[opts.key].url}")
