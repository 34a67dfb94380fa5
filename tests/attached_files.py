"""A portal with attached files of every kind, sound and spoilt, and the nights in which they are crawled."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from archive.clock import now, stamp
from archive.publish import publish
from archive.store import Archive
from crawler.demo.routes import Answer
from tests import documents
from tests.loopback import Nightly, SickPortal

DIRECTIVE = documents.pdf(
    ["Chỉ thị số 31-CT/TU về đổi mới công tác dân vận", "ở vùng lòng hồ Thạch Giang.", "Điều 1. Bến thuyền mới."],
    ["Nơi nhận: các xã, phường có đò ngang."],
)
NEW_DIRECTIVE = documents.pdf(["Chỉ thị số 31-CT/TU (đã sửa): thêm bến phà làng Sậy."])
PLAN = documents.docx("Kế hoạch dựng nhà văn hóa bản Nậm Lốt", "Mỗi hộ góp một cây tre.")
COMMON = documents.pdf(["Mẫu đơn xin vào tổ hòa giải xóm Đồi."])
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "WordDocument".encode("utf-16-le") + b"\0" * 600
VNI = documents.pdf(
    ["Thoâng tin veà coâng taùc daân vaän cuûa Ñaûng boä tænh", "Caùc cô quan, ñôn vò thöïc hieän toát"]
)
TCVN3 = documents.pdf(["Th«ng tin vÒ c«ng t¸c d©n vËn cña §¶ng bé tØnh", "C¸c c¬ quan, ®¬n vÞ cÇn thùc hiÖn tèt"])
WHOLE = {
    "chi-thi-31.pdf": DIRECTIVE,
    "ke-hoach.docx": PLAN,
    "mau-don.pdf": COMMON,
    "bao-cao-cu.doc": OLD_WORD,
    "kin.pdf": documents.locked(DIRECTIVE, "mật"),
    "bom.docx": documents.bomb(),
    "chu-cu.pdf": VNI,
}
SPOILT = ("trang.pdf", "mat.pdf", "lon.pdf", "dai.pdf", "dut.pdf", "nua.pdf")
LOCKED_OUT = "/admin/noi-bo.pdf"
PDF_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n"


def link(path: str, words: str = "") -> str:
    return f'<p><a href="{path}">{words or path.rsplit("/", 1)[-1]}</a></p>'


@dataclass
class Uploads:
    """What the portal's folder of uploads gives; `bodies` may be changed while it runs."""

    bodies: dict[str, bytes] = field(default_factory=lambda: dict(WHOLE))

    def __call__(self, path: str, n: int) -> Answer | bytes | None:
        name = path.rsplit("/", 1)[-1]
        if not path.startswith(("/uploads/tep/", "/admin/")):
            return None
        if name in self.bodies:
            return Answer(self.bodies[name], "application/octet-stream")
        if name == "trang.pdf":
            return Answer(b"<!DOCTYPE html><html><body>Xin loi</body></html>", "application/pdf")
        if name == "lon.pdf":
            return PDF_HEAD + b"Content-Length: 26214400\r\n\r\n%PDF-1.5"
        if name == "dai.pdf":
            return PDF_HEAD + b"\r\n%PDF-1.5" + b"\0" * (21 * 1024 * 1024)
        if name == "dut.pdf":
            return PDF_HEAD + b"Content-Length: %d\r\n\r\n" % len(DIRECTIVE) + DIRECTIVE[:900]
        if name == "nua.pdf":  # no length said: the first time it breaks off, then it comes whole
            return PDF_HEAD + b"\r\n" + (NEW_DIRECTIVE[:900] if n == 1 else NEW_DIRECTIVE)
        return Answer(b"", "text/html", 404)


class Story:
    """A night, one right after it, a night with an edit; then the archive is lost, rebuilt, and crawled again."""

    def __init__(self, folder: Path) -> None:
        uploads_folder = Uploads()
        with SickPortal(uploads_folder, 32) as portal:
            self.portal = portal
            self.write(portal)
            self.nightly = Nightly(folder).register(url=portal.url, keep_images=True)
            self.first = self.nightly.run()
            self.outcomes = self.nightly.archived.outcomes()
            self.files = self.rows("select url, sha256 from article_files order by article, position")
            self.asked = list(portal.requests)
            self.again = self.nightly.run()
            self.asked_again = portal.paths()[len(self.asked) :]
            uploads_folder.bodies["chi-thi-31.pdf"] = NEW_DIRECTIVE
            first = portal.site.articles[portal.numbers[0]]
            portal.site.articles[first.id] = replace(first, body=first.body + "<p>Bài đã được bổ sung.</p>")
            self.before_edit = len(portal.requests)
            self.nightly.run("--recheck", "all", ARCHIVE_NOW=stamp(now() + timedelta(days=1)))
            self.asked_later = portal.paths()[self.before_edit :]
            self.files_later = self.rows("select article, url, name, sha256, position from article_files order by 1, 2")
            publish(self.nightly.data)

    def write(self, portal: SickPortal) -> None:
        """The first article lists one of each; all list the same form."""
        named = [*WHOLE, *SPOILT]
        links = "".join(link(f"/uploads/tep/{name}") for name in named) + link(LOCKED_OUT)
        links += link("http://127.0.0.2:9/uploads/tep/xa.pdf") + link("/uploads/tep/chi-thi-31.pdf", "Chỉ thị lần nữa")
        for number in portal.numbers:
            article = portal.site.articles[number]
            more = links if number == portal.numbers[0] else link("/uploads/tep/mau-don.pdf", "Mẫu đơn.pdf")
            portal.site.articles[number] = replace(article, body=f"<p>Bài số {number}.</p>{more}", files=())

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.nightly.archived.rows(sql)

    def kept(self, sql: str) -> list[tuple[Any, ...]]:
        with Archive(self.nightly.data) as archive:
            return [tuple(row) for row in archive.connection.execute(sql)]

    def tries(self, name: str) -> int:
        return sum(request.path.endswith(f"/{name}") for request in self.asked)

    @property
    def main(self) -> int:
        sql = "select article from article_files where url like '%chi-thi-31.pdf'"
        return int(self.rows(sql)[0][0])


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
