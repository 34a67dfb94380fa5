"""A portal that was redesigned: the class names and ids of its pages are replaced by others, the rest stays."""

from __future__ import annotations

import http.client
import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from crawler.demo.content import DemoArticle
from crawler.demo.routes import Answer
from tests.loopback import SickPortal
from tests.small_server import Handler, SmallServer

NAMED = re.compile(rb"""(\s(?:class|id)=)("[^"]*"|'[^']*')""")


def renamed(page: bytes, which: Callable[[str], bool] = lambda _: True) -> bytes:
    """A page with other names for its classes and ids, all of them or those that are asked for."""

    def rename(match: re.Match[bytes]) -> bytes:
        quote, names = match[2][:1], match[2][1:-1].decode().split()
        new = (f"moi-{name[::-1]}" if which(name) else name for name in names)
        return match[1] + quote + " ".join(new).encode() + quote

    return NAMED.sub(rename, page)


class RedesignedPortal(SickPortal):
    """The demonstration portal, which may be redesigned at any time, and hide articles to publish them later.

    `rewrite` changes each page of HTML on its way out; hide() takes articles away as if not written yet, show() brings
    them back.
    """

    def __init__(self, articles: int = 14) -> None:
        self.rewrite: Callable[[bytes], bytes] | None = None
        self.hidden: dict[int, DemoArticle] = {}
        super().__init__(self._answer, articles)

    def hide(self, numbers: list[int]) -> None:
        for number in numbers:
            if number in self.site.articles:
                self.hidden[number] = self.site.articles.pop(number)

    def show(self) -> None:
        self.site.articles.update(self.hidden)
        self.hidden.clear()

    def _answer(self, path: str, n: int) -> Answer | None:
        answer = self.healthy(path)
        if self.rewrite is None or "html" not in answer.kind:
            return answer
        return replace(answer, body=self.rewrite(answer.body))


class Proxy(SmallServer):
    """Stands before a portal of another process, under an address of its own, and may rewrite its pages."""

    def __init__(self, upstream: str) -> None:
        self.upstream = urlsplit(upstream)
        self.rewrite: Callable[[bytes], bytes] | None = None
        self.hidden: set[str] = set()  # paths that are 404, and stand in no list
        self.paths: list[str] = []
        super().__init__(_ProxyHandler)
        self.url = f"{self.origin}/"


class _ProxyHandler(Handler):
    portal: Proxy

    def do_GET(self) -> None:
        portal = self.portal
        portal.paths.append(self.path)
        connection = http.client.HTTPConnection(str(portal.upstream.hostname), portal.upstream.port or 80, timeout=30)
        cookie = {"Cookie": self.headers["Cookie"]} if self.headers["Cookie"] else {}
        connection.request("GET", self.path, headers=cookie)
        answer = connection.getresponse()
        body, kind = answer.read(), answer.headers.get("Content-Type", "")
        connection.close()
        ours, theirs = portal.origin.encode(), f"http://{portal.upstream.netloc}".encode()
        body = body.replace(theirs, ours)
        status = 404 if self.path in portal.hidden else answer.status
        if portal.hidden and "xml" in kind:
            for path in portal.hidden:
                body = re.sub(
                    rb"<(url|item)>(?:(?!</\1>).)*?%b\s*<.*?</\1>" % re.escape(path.encode()), b"", body, flags=re.S
                )
        if portal.hidden and "html" in kind:
            for path in portal.hidden:
                body = body.replace(path.encode(), b"#")
        if portal.rewrite is not None and "html" in kind:
            body = portal.rewrite(body)
        self.send_response(status)
        for name in ("Content-Type", "Location", "Set-Cookie"):
            for value in answer.headers.get_all(name) or ():
                self.send_header(name, value.replace(theirs.decode(), ours.decode()))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
