"""scrapy fixture KEY URL: record a page of a portal for the tests, which fail until a person has read it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from scrapy.commands import ScrapyCommand

from archive.clock import ClockError
from archive.exits import GOOD, PORTAL_FAILED, WRONG_CONFIGURATION
from crawler.cms import Unreadable
from crawler.portals import Portal, RegistryError, load
from crawler.single import fetching
from crawler.single.asked import arguments, is_address, quiet, set_clock
from crawler.single.fetching import Asker
from crawler.single.opening import NoPage, WrongArgument
from crawler.single.reading import bugs_named
from crawler.single.recording import Recorded, case_name, files_of, folder_of, gather, write
from crawler.urls import netloc
from crawler.user_agent import ContactMissing, user_agent

FIXTURES = Path(__file__).resolve().parents[2] / "tests" / "fixtures"


class Command(ScrapyCommand):
    """Records one page; exit codes as in archive/exits.py: 1 where there is no page worth recording."""

    requires_project = True
    requires_crawler_process = False  # made when all is checked that can be checked without a request

    def syntax(self) -> str:
        """Called by Scrapy."""
        return "KEY URL [--name CASE] [--into FOLDER]"

    def short_desc(self) -> str:
        """Called by Scrapy."""
        return "Record a page of a portal for the tests; its expectation fails until a person has read it"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Called by Scrapy."""
        super().add_options(parser)
        parser.add_argument("--name", default="", metavar="CASE", help="the case's name (default: by the address)")
        parser.add_argument("--into", default=str(FIXTURES), metavar="FOLDER",
                            help="where fixtures are kept (default: tests/fixtures)")  # fmt: skip

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy. Its log would stand between the lines; --loglevel brings it back."""
        super().process_options(args, opts)
        quiet(self, opts)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy: checks what was asked for, asks the portal, writes."""
        assert self.settings is not None
        try:
            set_clock(self.settings)
            key, url = arguments(args, "a portal's KEY", "the URL of a page")
            portal = self._portal(key, url)
            folder = folder_of(Path(opts.into), portal.cms, opts.name or case_name(url))
            recorded = self._record(url, portal)
            with bugs_named(url):
                files = files_of(recorded, portal)
            write(folder, files)
        except (WrongArgument, RegistryError, ContactMissing, ClockError) as error:
            self._refuse(WRONG_CONFIGURATION, str(error))
        except OSError as error:
            self._refuse(WRONG_CONFIGURATION, f"the fixture cannot be written: {error}")
        except NoPage as error:
            self._refuse(PORTAL_FAILED, f"{error.outcome}: {error}")
        except Unreadable as error:
            self._refuse(PORTAL_FAILED, f"{error.outcome}: {args[1]} is not recorded: {error.why}")
        except KeyboardInterrupt:
            self._refuse(PORTAL_FAILED, "stopped before the page came; nothing was written")
        else:
            self._tell(folder, recorded)

    def _portal(self, key: str, url: str) -> Portal:
        """The row of a key, to which the address must belong. Raises RegistryError, WrongArgument."""
        assert self.settings is not None
        portals = load(Path(self.settings["PORTALS_FILE"]))
        if key not in portals:
            raise RegistryError(f"no portal has the key {key}; known are {', '.join(portals)}")
        if not is_address(url):
            raise WrongArgument(f"{url} is no http(s) address: a fixture is recorded from its portal")
        portal = portals[key]
        if netloc(url) not in portal.all_hosts:
            raise WrongArgument(f"{url} is at no host of {key}, which is at {', '.join(sorted(portal.all_hosts))}")
        return portal

    def _record(self, url: str, portal: Portal) -> Recorded:
        assert self.settings is not None
        agent = user_agent(self.settings["CONTACT"], portal)
        found: list[Recorded] = []

        async def work(asker: Asker) -> None:
            found.append(await gather(asker, url, portal))

        fetching.run(work, portal, agent, self.settings)
        return found[0]

    def _tell(self, folder: Path, recorded: Recorded) -> None:
        site = f", and {len(recorded.site)} further articles of its portal" if recorded.site else ""
        print(f"recorded {recorded.page.url}{site}")
        print(f"in {folder}")
        print("The tests fail until you have compared expected.json with the page, and deleted its line “unread”.")
        self.exitcode = GOOD

    def _refuse(self, code: int, why: str) -> None:
        print(f"fixture: {why}", file=sys.stderr)
        self.exitcode = code
