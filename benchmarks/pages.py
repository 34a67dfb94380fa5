"""Article pages to read: those of the tests, of the demonstration portal, and of recorded portals if there are any."""

from __future__ import annotations

import gzip
import json
import os
import tarfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from archive import clock
from crawler.cms import Unreadable, nukeviet
from crawler.demo.portal import DemoPortal
from crawler.page import Page

FIXTURES = Path(__file__).parents[1] / "tests" / "fixtures" / "nukeviet"
RECORDED = ("nukeviet-egov", "nukeviet-4.5")


@dataclass(frozen=True, slots=True)
class Text:
    """A page as it came, decoded."""

    url: str
    html: str
    fetched: datetime


def fixtures() -> list[Text]:
    """The article pages that the tests read."""
    found = []
    for case in sorted(FIXTURES.iterdir()):
        meta = json.loads((case / "meta.json").read_text())
        html = gzip.decompress((case / "page.html.gz").read_bytes()).decode()
        found.append(Text(meta["url"], html, datetime.fromisoformat(meta["fetched"])))
    return _articles(found)


def demonstration() -> list[Text]:
    """The article pages of the demonstration portal, each asked for once."""
    now = clock.now()
    found = []
    with DemoPortal() as portal:
        shown = [article for article in portal.articles.values() if not (article.external or article.is_future(now))]
        for article in sorted(shown, key=lambda article: article.id):
            url = portal.url.rstrip("/") + article.path
            with suppress(HTTPError), urlopen(url, timeout=10) as answer:  # some are for members only
                found.append(Text(url, answer.read().decode(), now))
    return _articles(found)


def recorded() -> list[Text]:
    """The article pages of the portals recorded in RECORDED_PORTALS; none where it is not set."""
    folder = os.environ.get("RECORDED_PORTALS", "")
    archives = [Path(folder) / "portals" / name / "site.tar.xz" for name in RECORDED] if folder else []
    return _articles([text for archive in archives if archive.is_file() for text in _recorded(archive)])


def _recorded(archive: Path) -> list[Text]:
    now = clock.now()
    with tarfile.open(archive) as tar:
        files = {member.name: file.read() for member in tar if (file := tar.extractfile(member))}
    index = json.loads(files["index.json"])
    return [
        Text(index["base"] + path, files[entry["file"]].decode(), now)
        for path, entry in index["paths"].items()
        if entry["status"] == 200 and entry.get("file", "").startswith("pages/")
    ]


def _articles(texts: list[Text]) -> list[Text]:
    """Those that the reader takes for articles: a page that is none costs little and says nothing."""
    return [text for text in texts if _is_article(text)]


def _is_article(text: Text) -> bool:
    page = Page(text.url, text.html, text.fetched)
    try:
        return nukeviet.kind(page) is None and bool(nukeviet.read(page, "benchmark"))
    except Unreadable:
        return False
