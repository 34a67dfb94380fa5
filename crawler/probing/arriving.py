"""Arriving at a portal: its home page from whatever address was given, and the answers that end a probe at the door."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit, urlunsplit

from crawler.asking import NoAnswer
from crawler.cms import generic, nukeviet
from crawler.outcomes import Outcome
from crawler.page import Page
from crawler.portals import Portal
from crawler.probing.asking import ProbeSpider, Spent
from crawler.probing.findings import NoPortal
from crawler.probing.recognising import WORDS, sends_on
from crawler.probing.ways import Ways
from crawler.urls import netloc

OWN_MENU = 3  # pages below a path that make it a sub-site's, where the host's home page does not lead to them
SITES = ("web", "sites", "portal")  # behind which Liferay and others have a sub-site's name
GATES = re.compile(
    r"captcha|cf-chl|challenge-platform|just a moment|are you (?:a )?human|access denied|bạn là robot", re.I
)
LITTLE = 120  # words below which a page with a form for a password, or a captcha, is that and nothing else


class Arrival:
    """Where a probe begins. `home` is the portal's home page; `given` the page asked for, where it is another one."""

    def __init__(self, asker: ProbeSpider, asked_for: str) -> None:
        self.asker = asker
        self.asked_for = asked_for
        self.said: list[str] = []
        self.home: Page | None = None
        self.given: Page | None = None

    async def arrive(self) -> Portal:
        """Ask for the address and, where it is not the portal's own, for that. Raises NoPortal, ContactMissing."""
        page = await self._page(self.asked_for)
        if (further := sends_on(page)) and further != page.url and netloc(further) in self.asker.hosts:
            page = await self._page(further)
        origin = _at(page.url, "/")
        if (urlsplit(origin)[:2]) != urlsplit(self.asked_for)[:2]:
            self.said.append(f"the portal answers at {origin}: that is what the row says")
        portal = self._settle(origin)
        moved = bool(self.asker.moved)
        if Ways(portal, generic.family(portal)).is_home(urlsplit(page.url if moved else self.asked_for).path):
            self.home = page
            return portal
        turn_away(page)
        return await self._from_within(portal, page)

    async def _from_within(self, portal: Portal, given: Page) -> Portal:
        """The address was of a section, an article, or a sub-site: find the home page that it belongs to."""
        home: Page | None = None
        try:
            found = await self._page(portal.url)
            turn_away(found)
            home = found
        except NoPortal as why:
            self.said.append(f"{why}; so the address that was given stands for the home page")
        prefix = self._sub_site(portal, home, given)
        if not prefix:
            self.home, self.given = (home or given), (given if home else None)
            if home is not None:
                self.said.append(f"{self.asked_for} is a page of the portal at {portal.url}")
            return portal
        portal = self._settle(_at(portal.url, prefix))
        self.said.append(
            f"{prefix} is a portal of its own: the home page of {portal.netloc} does not lead to its sections"
        )
        if urlsplit(given.url).path.rstrip("/") == prefix.rstrip("/"):
            self.home = given
        else:
            self.home, self.given = await self._page(portal.url), given
        return portal

    def _sub_site(self, portal: Portal, home: Page | None, given: Page) -> str:
        """The path of the sub-site that a page is of, where the host's home page is another portal's; else ""."""
        segments = [segment for segment in urlsplit(given.url).path.split("/") if segment]
        depth = 2 if segments[0] in SITES else 1
        if len(segments) < depth or "." in segments[depth - 1]:
            return ""
        prefix = "/" + "/".join(segments[:depth]) + "/"
        ways = Ways(portal, generic.family(portal))
        own = {
            named.key
            for _, named in ways.links(given)
            if not named.is_article
            and named.page == 1
            and named.path.startswith(prefix)
            and len(named.path) > len(prefix)
        }
        known = {named.key for _, named in ways.links(home)} if home is not None else set()
        return prefix if len(own) >= OWN_MENU and 2 * len(own & known) < len(own) else ""

    def _settle(self, url: str) -> Portal:
        """The portal's address is known: requests go to its hosts, and no longer to that which led there."""
        self.asker.portal = portal = replace(self.asker.portal, url=url)
        self.asker.hosts = portal.all_hosts
        return portal

    async def _page(self, url: str) -> Page:
        """A page on the way in. Raises NoPortal where there is none."""
        try:
            return self.asker.page(await self.asker.fetch(url, home=True))
        except NoAnswer as error:
            raise NoPortal(f"no portal found at {url}, because {error}") from error
        except Spent as error:
            raise NoPortal(f"no portal found at {url}: too many redirects on the way") from error


def turn_away(page: Page) -> None:
    """Raises NoPortal where a page is none to go on from: an error, a flood blocker's page, a log-in, a captcha."""
    if why := refusal(page):
        raise NoPortal(f"no portal found at {page.url}, because {why}")


def refusal(page: Page) -> str:
    """Why a page cannot be gone on from, as a sentence's end; "" where it can."""
    known = generic.family(Portal(key="probe", name="probe", url=_at(page.url, "/")))
    kind = nukeviet.kind(page) if "nv_" in page.text or "nukeviet" in page.text.lower() else None
    if page.status == 429 or Outcome.FLOOD in (kind, known.kind(page)):
        return f"the portal's flood blocker answers: ask again later, with a longer --delay{_seconds(page)}"
    words = " ".join(WORDS(page.root))
    few = len(words.split()) < LITTLE
    if few and GATES.search(words + " ".join(page.root.xpath("//@id|//@src|//title/text()"))):
        return f"it asks for a captcha or a check of the browser (status {page.status})"
    if page.status in (401, 403):
        return f"it answers {page.status}: it refuses us, or wants a log-in"
    if page.status in (404, 410):
        return f"there is no such page: it answers {page.status}"
    if page.status >= 500:
        return f"the server is out of order: it answers {page.status}"
    if page.status != 200:
        return f"it answers {page.status}"
    if few and page.root.xpath("//input[@type='password']"):
        return "it is a page to log in"
    if kind is Outcome.LOGIN_ONLY or known.kind(page) is Outcome.LOGIN_ONLY:
        return "it is for members only: it says that one must log in"
    if not page.text.strip():
        return "the answer is empty"
    return ""


def _seconds(page: Page) -> str:
    found = re.search(r'id="secField"[^>]*>\s*(\d+)', page.text)
    return f" (it names {found[1]} seconds)" if found else ""


def _at(url: str, path: str) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.lower(), path, "", ""))
