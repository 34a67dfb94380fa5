"""Sites of a few answers for `scrapy probe`: what is no portal, what is nearly one, and what leads elsewhere."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.small_server import Handler, SmallServer


@dataclass(frozen=True)
class Reply:
    """One answer of a site."""

    body: str | bytes = ""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Seen:
    """One request as the site saw it, and how many it was answering at that moment."""

    time: float
    target: str
    in_flight: int
    agent: str


Answers = Mapping[str, Reply | str]


class SmallSite(SmallServer):
    """A site on loopback: `answers` by target, 404 for all else; `{port}` in a header stands for another site's."""

    def __init__(self, answers: Answers, other: int = 0) -> None:
        self.answers = answers
        self.other = other
        self.requests: list[Seen] = []
        self.busy = 0
        self.lock = threading.Lock()
        super().__init__(_Handler)

    @property
    def targets(self) -> list[str]:
        """What was asked for, in order."""
        return [seen.target for seen in self.requests]

    def reply(self, target: str) -> Reply:
        """The answer to a target."""
        found = self.answers.get(target, Reply("<html><body>404</body></html>", 404))
        return Reply(found) if isinstance(found, str) else found


class _Handler(Handler):
    portal: SmallSite

    def do_GET(self) -> None:
        site = self.portal
        with site.lock:
            site.busy += 1
            site.requests.append(Seen(time.monotonic(), self.path, site.busy, self.headers.get("User-Agent", "")))
        reply = site.reply(self.path)
        body = reply.body.encode() if isinstance(reply.body, str) else reply.body
        with site.lock:
            site.busy -= 1
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in reply.headers.items():
            self.send_header(name, value.replace("{port}", str(site.other)))
        self.end_headers()
        self.wfile.write(body)


def page(title: str, body: str, head: str = "") -> str:
    """A whole page."""
    return (
        f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body>{body}</body></html>"
    )


def link(path: str, said: str) -> str:
    """One link."""
    return f'<a href="{path}">{said}</a>'


WHO = ("Tổ dân vận xóm Bưởi", "Chi hội phụ nữ bản Sim", "Thanh niên ấp Cồn Tre", "Các cụ cao tuổi làng Vạt",
       "Đội thủy nông đồng Ao", "Nhóm giữ rừng khe Mây", "Ban công tác phố Thợ", "Lớp học đêm bến Cát")  # fmt: skip
DID = ("đắp lại bờ ruộng sau đêm mưa lớn", "dựng chòi đọc sách bên gốc đa", "đổi giống lúa cho vụ chiêm muộn",
       "góp tre làm cầu tạm cho học trò", "mời nhau bàn chuyện nước sạch", "trồng lại hàng dừa đầu bến")  # fmt: skip


def portal(name: str, prefix: str = "", sections: tuple[str, ...] = ("viec-lang", "chuyen-ben-song")) -> dict[str, str]:
    """A portal of twelve articles in two sections below a path, each page with the menu: targets and pages."""
    menu = " ".join(link(f"{prefix}/{one}", one.replace("-", " ")) for one in (*sections, "gioi-thieu", "lien-he"))
    found: dict[str, str] = {}
    listed: dict[str, list[str]] = {section: [] for section in sections}
    for number in range(12):
        section = sections[number % len(sections)]
        said = f"{WHO[number % len(WHO)]} {DID[number % len(DID)]}"
        path = (
            f"{prefix}/{section}/bai-so-{'mot-hai-ba-bon-nam-sau'.split('-')[number % 6]}-cua-xom-{101 + number}.html"
        )
        listed[section].append(f"<li>{link(path, said)}</li>")
        text = "".join(
            f"<p>{WHO[(number + k) % len(WHO)]} kể rằng {DID[(number + 2 * k) % len(DID)]}, mỗi nhà góp "
            f"{number + 3 * k + 2} công, ai cũng vui vì việc chung đã xong trước mùa nước thứ {k + 1}.</p>"
            for k in range(5)
        )
        main = f'<h1 class="ten">{said}</h1><div class="ngay">{number + 2:02}/03/2024 08:{number + 10}</div>'
        found[path] = page(f"{said} - {name}", f'<div class="menu">{menu}</div>{main}<div class="chu">{text}</div>')
    for section, items in listed.items():
        found[f"{prefix}/{section}"] = page(
            f"{section} - {name}", f'<div class="menu">{menu}</div><ul class="tin">{"".join(items)}</ul>'
        )
    every = "".join(item for items in listed.values() for item in items[:3])
    found[f"{prefix}/"] = found[prefix] = page(name, f'<div class="menu">{menu}</div><ul class="moi">{every}</ul>')
    return found
