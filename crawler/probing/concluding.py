"""The end of a probe: whether there is a portal, what of it is doubtful, and its row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from archive.clock import now
from crawler.cms.general import General
from crawler.probing import naming
from crawler.probing.findings import Findings, NoPortal, Row
from crawler.probing.recognising import related
from crawler.probing.row import check, registered, toml
from crawler.probing.samples import READ
from crawler.urls import absolute, netloc

if TYPE_CHECKING:
    from crawler.probing.probe import Probe

FEWEST = 2  # articles that make a portal
ELSEWHERE = 5  # links to a sister host that are worth a word


def conclude(probe: Probe) -> None:
    """Fill in what follows from all that was asked. Raises NoPortal where it is no portal."""
    found = probe.found
    _insist(probe)
    values = _values(probe)
    found.doubts = list(_doubts(probe, values))
    _write_row(probe, values)


def row_without_browser(probe: Probe, sign: str) -> None:
    """The row of a portal that cannot be crawled: switched off, with a note that says why."""
    values = _values(probe) | {"enabled": False, "note": f"needs a browser: {sign}; probed {now():%Y-%m-%d}"}
    _write_row(probe, values | {"cms": "generic", "sections": None, "delay": None})


def _insist(probe: Probe) -> None:
    """Raises NoPortal where there are not enough articles."""
    found = probe.found
    if found.stopped and found.outcomes[READ] < FEWEST:
        raise NoPortal(f"{found.url} could not be looked at: {found.stopped}")
    links = set(probe.ways.articles(probe.home))
    for urls in _lists(found):
        links.update(probe.key_of(url) for url in urls)
    if len(links) < FEWEST:
        count = "one address" if links else "no address"
        raise NoPortal(
            f"no portal found at {found.url}, because its home page, sitemap and feed lead to {count} "
            "of an article's form"
        )
    if found.outcomes[READ] < FEWEST:
        came = ", ".join(f"{count} {outcome}" for outcome, count in found.outcomes.most_common())
        raise NoPortal(
            f"no portal found at {found.url}, because of {len(found.samples)} pages with an article's address "
            f"fewer than two could be read as articles: {came or 'none could be asked'}"
        )


def _lists(found: Findings) -> Iterator[list[str]]:
    yield from (listing.articles for listing in found.listings)
    yield from (door.articles for door in (found.feed, found.api, found.sitemap) if door is not None)


def _values(probe: Probe) -> dict[str, Any]:
    """The settings of the row."""
    found, home = probe.found, probe.home
    name = found.name or probe.portal.netloc
    known = {row.province for row in probe.portals.values()}
    said = [name, home.root.findtext(".//title") or "", *home.meta.get("description", [])]
    province = naming.province_of(said, known) or naming.province_of_host(found.url, known)
    delay = probe.delay
    if delay is None and (wanted := found.robots.delay or 0) > probe.cms.DELAY:
        delay = wanted
    return {
        "name": name,
        "url": found.url,
        "cms": probe.portal.cms,
        "province": province or None,
        "keep": naming.keep_of(name),
        "sections": _sections(probe),
        "delay": delay,
        "verified": False,
        "note": _note(probe),
    }


def _sections(probe: Probe) -> list[str] | None:
    """The listing that was asked for, where the home page does not lead to it; else nothing: the menu is enough."""
    if probe.given is None or not probe.given_is_listing or probe.key_of(probe.given.url) in probe.menu:
        return None
    parts = urlsplit(probe.given.url)
    return [parts.path + (f"?{parts.query}" if parts.query else "")]


def _note(probe: Probe) -> str:
    """What was seen, in the words of the registry's notes."""
    found = probe.found
    seen = [f"probed {now():%Y-%m-%d}: {found.recognised.edition if found.recognised else probe.portal.cms}"]
    if found.sitemap is not None and found.sitemap.addresses:
        seen.append(f"sitemap of {found.sitemap.addresses}")
    if found.feed is not None and found.feed.articles:
        seen.append(f"feed of {len(found.feed.articles)}")
    forms = list(dict.fromkeys(listing.paging for listing in found.listings if listing.paging))
    if forms:
        seen.append(f"listings paged as {' and '.join(forms)}")
    elif any(listing.by_script for listing in found.listings):
        seen.append("listings paged by script alone")
    return ", ".join(seen)


def _write_row(probe: Probe, values: dict[str, Any]) -> None:
    """The row's text, under the key that the portal has or is to have; checked as the registry checks it."""
    found = probe.found
    row = registered(probe.portals, found.url)
    found.registered_as = row.key if row is not None else ""
    key = probe.key or found.registered_as
    key = key or naming.key_of(values["name"], values["province"] or "", found.url, probe.portals.keys())
    text = toml(key, values)
    check(text)
    found.row = Row(key, text, list(_reasons(values)))


def _reasons(values: dict[str, Any]) -> Iterator[str]:
    organ = naming.organ_of(values["name"])
    if values["keep"] == "all":
        kind = "a board for mass mobilization" if organ == "dan_van" else "the Fatherland Front"
        yield f'keep = "all": by its name it is of {kind}, and all that it publishes is kept'
    else:
        yield 'keep = "dan-van": of a general portal only what is about mass mobilization is published'


def _doubts(probe: Probe, values: dict[str, Any]) -> Iterator[str]:
    """What a person should look at before the row is believed."""
    found = probe.found
    if found.stopped:
        yield found.stopped
    made = found.recognised
    if made is not None and made.family != "generic" and made.confidence.startswith("a guess"):
        yield f'the family is {made.confidence}: compare with cms = "generic"'
    yield from (
        f"it shows signs of {family} as well: {', '.join(signs)}"
        for family, signs in (made.rivals if made else ())
        if len(signs) > 1
    )
    yield from _doubts_of_doors(found)
    yield from _doubts_of_articles(probe)
    if not found.name:
        yield "the home page does not say its name: name it yourself"
    elif not naming.organ_of(found.name):
        yield "the name says no organ that is known here: look at name and keep"
    if not values["province"]:
        yield 'neither name nor host names a province: add province = "..."'
    if found.robots.forbidden:
        yield f"robots.txt forbids to ask for {', '.join(dict.fromkeys(found.robots.forbidden))}"
    yield from _doubts_of_hosts(probe)


def _doubts_of_doors(found: Findings) -> Iterator[str]:
    has_sitemap = found.sitemap is not None and bool(found.sitemap.articles)
    has_feed = any(door is not None and door.articles for door in (found.feed, found.api))
    if not has_sitemap and not has_feed:
        yield "neither sitemap nor feed lists articles: what is new is found in its sections alone"
    lists = [listing for listing in found.listings if len(listing.articles) > 1]
    if not lists:
        yield 'no listing was found in the menu: name one with sections = ["/..."]'
    for listing in lists:
        if listing.by_script:
            yield f"the pager of {listing.path} works by script alone: it cannot be followed beyond its first page"
    if lists and not any(listing.paging or listing.by_script for listing in lists):
        yield "no listing shows a pager: what is older hangs on the sitemap and on links between articles"


def _doubts_of_articles(probe: Probe) -> Iterator[str]:
    found = probe.found
    read = [sample.article for sample in found.samples if sample.article is not None]
    other = [f"{count} {outcome}" for outcome, count in found.outcomes.items() if outcome != READ]
    if 3 * (len(found.samples) - len(read)) > len(found.samples):
        yield f"of {len(found.samples)} article pages asked for not all could be read: {', '.join(other)}"
    if isinstance(probe.cms, General) and not found.layouts:
        yield f"no layout could be learned from {len(read)} articles: the first night learns it from ten"
    for name, values in {
        "title": [a.title for a in read],
        "date": [a.published for a in read],
        "text": [a.body for a in read],
    }.items():
        if missing := sum(not value for value in values):
            yield f"{missing} of {len(read)} articles are read without {name}"


def _doubts_of_hosts(probe: Probe) -> Iterator[str]:
    """Sister hosts that the home page leads to with many addresses of an article's form."""
    counts: dict[str, set[str]] = {}
    for link in probe.home.root.iterfind(".//a[@href]"):
        url = absolute(probe.home.url, link.get("href"))
        host = netloc(url)
        if host and host not in probe.portal.all_hosts and related(host, probe.portal.netloc):
            named = probe.cms.address.parse(url)
            if named is not None and named.is_article:
                counts.setdefault(host, set()).add(url)
    for host, urls in counts.items():
        if len(urls) >= ELSEWHERE:
            yield f'{len(urls)} articles on its home page stand at {host}: of the same portal? then hosts = ["{host}"]'
