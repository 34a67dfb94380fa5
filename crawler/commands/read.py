"""scrapy read URL-OR-FILE: one page, every field, how sure it is and where it came from."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from scrapy.commands import ScrapyCommand

from archive.clock import ClockError, now
from archive.exits import GOOD, PORTAL_FAILED, WRONG_CONFIGURATION
from crawler.cms import Unreadable
from crawler.explaining import explain
from crawler.page import Page
from crawler.portals import Portal, RegistryError, load
from crawler.single import showing
from crawler.single.asked import archive_db, arguments, fetch, is_address, quiet, set_clock
from crawler.single.opening import NoPage, WrongArgument, open_file
from crawler.single.reading import LayoutsUnknown, Single, bugs_named, portal_for, portal_of, read
from crawler.user_agent import ContactMissing


class Command(ScrapyCommand):
    """Reads one page and shows why; exit codes as in archive/exits.py: 1 where there is no article to read."""

    requires_project = True
    requires_crawler_process = False  # made for an address alone: a file is read without a reactor

    def syntax(self) -> str:
        """Called by Scrapy."""
        return "URL-OR-FILE [--cms NAME] [--url ADDRESS] [--json]"

    def short_desc(self) -> str:
        """Called by Scrapy."""
        return "Read one page: every field, how sure it is and where on the page it stands"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Called by Scrapy."""
        super().add_options(parser)
        parser.add_argument("--cms", default="", metavar="NAME",
                            help="read by this family alone, whatever is known of the portal (default: by its row and "
                                 "its learned layout, where it has one, else generic)")  # fmt: skip
        parser.add_argument("--url", default="", metavar="ADDRESS",
                            help="where FILE is from (default: the address that the page gives itself)")  # fmt: skip
        parser.add_argument("--json", action="store_true", help="one JSON object instead of lines for a person")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy. Its log would stand between the lines; --loglevel brings it back."""
        super().process_options(args, opts)
        quiet(self, opts)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy: opens or fetches the page, reads it, shows it."""
        try:
            single = self._single(args, opts)
            with bugs_named(single.page.url):
                explained = explain(single.page, single.article)
        except (WrongArgument, RegistryError, ContactMissing, ClockError) as error:
            self._refuse(WRONG_CONFIGURATION, str(error))
        except NoPage as error:
            self._refuse(PORTAL_FAILED, f"{error.outcome}: {error}")
        except Unreadable as error:
            self._refuse(PORTAL_FAILED, f"{error.outcome}: {args[0]} has no article: {error.why}")
        except KeyboardInterrupt:
            self._refuse(PORTAL_FAILED, "stopped before the page came")
        else:
            if opts.json:
                showing.write(showing.as_json(single, explained))
            else:
                showing.show(single, explained)
            self.exitcode = GOOD

    def _single(self, args: list[str], opts: argparse.Namespace) -> Single:
        """The page and its article. Raises what run() knows."""
        assert self.settings is not None
        set_clock(self.settings)
        (said,) = arguments(args, "one address or file")
        if opts.url and (is_address(said) or not is_address(opts.url)):
            raise WrongArgument("--url is the http(s) address that a FILE is from")
        if is_address(said):
            portal = self._portal(said, opts.cms)
            return self._read(fetch(said, portal, self.settings), portal, opts)
        page = open_file(Path(said), now())
        page = replace(page, url=opts.url or page.url)
        return self._read(page, self._portal(page.url, opts.cms), opts)

    def _portal(self, url: str, cms: str) -> Portal:
        """The row of an address. A family that was asked for stands alone: the row gives hosts and pace only."""
        assert self.settings is not None
        made = portal_for(url, cms or "generic")
        if cms and not url.startswith(("http://", "https://")):
            return made
        row = portal_of(url, load(Path(self.settings["PORTALS_FILE"])))
        if row is None:
            return made
        return replace(row, cms=cms, select={}) if cms else row

    def _read(self, page: Page, portal: Portal, opts: argparse.Namespace) -> Single:
        assert self.settings is not None
        try:
            return read(page, portal, None if opts.cms else archive_db(self.settings))
        except LayoutsUnknown as error:
            print(f"read: {error}; the page is read without a learned layout", file=sys.stderr)
            return read(page, portal)

    def _refuse(self, code: int, why: str) -> None:
        print(f"read: {why}", file=sys.stderr)
        self.exitcode = code
