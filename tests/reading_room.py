"""A small archive with everything that the pages of the reading room show, each thing once; all of it invented."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import uvicorn
from invented import invented, many

from archive import clock
from archive.article import Article, File, Image
from archive.publish import publish
from archive.site.serve import site
from archive.snapshots import Capture
from archive.store import Archive

FIRST, SECOND, THIRD, FOURTH = (f"2026-03-0{day}T02:00:00+07:00" for day in (1, 3, 5, 7))

PORTALS = [
    {
        "key": key,
        "name": name,
        "url": f"http://127.0.0.1:{port}/",
        "cms": "nukeviet",
        "province": province,
        "keep": "all",
        "enabled": 1,
        "verified": 1,
    }
    for key, name, port, province in (
        ("binh_phuoc", "Ban Dân vận Bình Phước (bịa)", 1, "Bình Phước"),
        ("song_lam", "Ban Dân vận Sông Lam (bịa)", 2, "Sông Lam"),
    )
]

LONG = "\n\n".join(f"Đoạn thứ {i} kể chuyện cũ của xóm chài ven sông, không ai sửa lại bao giờ." for i in range(6))
EDITED = invented(
    "edited",
    "Mười hai hộ hiến đất làm đường",
    f"Sáng qua, mười hai hộ ký giấy hiến đất trước sự chứng kiến của trưởng thôn.\n\n{LONG}\n\n"
    "Kinh phí do huyện hỗ trợ một nửa, phần còn lại dân góp.",
    portal="binh_phuoc",
    day="2024-05-06",
    lead="Con đường ra bến rộng thêm hai mét.",
    author="Lê Thị Bông & {Hội}",
    source="Tờ tin bến sông",
    tags=("hiến đất",),
    views=120,
    images=(Image("http://127.0.0.1:1/anh/duong.jpg", "Con đường mới"),),
    files=(File("http://127.0.0.1:1/tep/danh-sach.pdf", "Danh sách.pdf"),),
)
REWRITTEN = replace(
    EDITED,
    title="Mười lăm hộ hiến đất làm đường",
    body=EDITED.body.replace("mười hai hộ ký", "mười lăm hộ ký").replace(
        "do huyện hỗ trợ một nửa, phần còn lại dân góp", "do dân góp toàn bộ"
    ),
    views=180,
)
GONE = invented(
    "gone",
    "Bảng điểm của ba mươi xã",
    "Ba xã cuối bảng phải giải trình. Thực hiện Nghị quyết số 25-NQ/TW ngày 03/6/2013 về công tác dân vận.",
    portal="binh_phuoc",
    day="2024-06-07",
    lead="Đoàn khách từ Đồng Nai ghé thăm.",
)
BACK = invented("back", "Bài vắng hai đêm rồi trở lại", "Chẳng ai nói vì sao.", portal="binh_phuoc", day="2024-07-08")
CITING = invented(
    "citing",
    "Học nghị quyết ở xóm Mơ",
    "Bà con nghe giới thiệu Nghị quyết số 25 – NQ/TW của Ban Chấp hành Trung ương rồi bàn chuyện giếng nước.",
    portal="song_lam",
    day="2025-08-09",
)
WORDS = " ".join(f"chữ{i} nối chữ{i + 1}" for i in range(60))
ORIGINAL = invented(
    "original", "Chuyện cây cầu tre", f"Cầu tre gãy đêm qua. {WORDS}", portal="song_lam", day="2023-01-02"
)
COPY = invented(
    "copy", "Cầu tre gãy, xóm nhỏ lo", f"Cầu tre gãy đêm qua. {WORDS}", portal="binh_phuoc", day="2023-01-05"
)
WITHHELD = invented("withheld", "Chuyện riêng của cô Xoài", "Địa chỉ nhà cô ở ngõ Cau.", portal="binh_phuoc")
UNDATED = invented("undated", "Bài không ghi ngày", "Không rõ đăng hôm nào.", portal="song_lam", day="")

PAGE = (
    '<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>'
    '<link rel="preconnect" href="http://127.0.0.1:9/"><meta http-equiv="refresh" content="0;url=http://127.0.0.1:9/">'
    '<script>document.title = "đã chạy"</script><style>h1 {{ color: navy }}</style></head>'
    '<body onload="document.title = \'đã chạy\'"><h1>{title}</h1><img src="http://127.0.0.1:9/anh.jpg" '
    'onerror="document.title = \'đã chạy\'"><a href="/vi/news/khac.html">bài khác</a><p>{body}</p></body></html>'
)


def page(article: Article, when: str) -> Capture:
    """The page of an article as the portal sent it, scripts and all."""
    body = PAGE.format(title=article.title, body=article.body).encode()
    headers = (("Content-Type", "text/html; charset=utf-8"), ("Set-Cookie", "nv4=bimat"))
    return Capture(article.url, when, 200, headers, body)


def fill(data_dir: Path) -> None:
    """Four nights of two portals; then publish."""
    with Archive(data_dir) as archive:
        archive.register_portals(PORTALS)
        everything = [EDITED, GONE, BACK, CITING, ORIGINAL, COPY, WITHHELD, UNDATED]
        everything += [replace(one, portal="song_lam") for one in many(30)]
        for when, articles in ((FIRST, everything), (SECOND, [REWRITTEN]), (FOURTH, [BACK])):
            with clock.at(datetime.fromisoformat(when)), archive.transaction():
                for article in articles:
                    archive.save(article, capture=page(article, when))
            if when == SECOND:
                _miss(archive)
        with archive.transaction() as db:
            db.execute("insert into withheld (article, since, reason) values (?, ?, 'bịa')", [WITHHELD.id, FIRST])
            _nights(db)
    publish(data_dir)


def _nights(db: sqlite3.Connection) -> None:
    """One portal is well; the other has not answered since the third night."""
    for number, when in enumerate((FIRST, SECOND, THIRD, FOURTH), 1):
        db.execute("insert into runs values (?, ?, ?, 'nightly', 0, null)", [number, when, when])
        for portal, verdict in (("binh_phuoc", "ok"), ("song_lam", "ok" if when < THIRD else "gone")):
            row = {"run": number, "portal": portal, "started": when, "finished": when, "requests": 9, "new": 1}
            row |= {"changed": 1, "unchanged": 0, "failed": 0, "outcomes": "{}", "verdict": verdict}
            row |= {"measured": '{"guess": "nghi ngờ"}', "health": '{"cause": "nghi ngờ"}'}
            marks = ", ".join("?" * len(row))
            db.execute(f"insert into run_portals ({', '.join(row)}) values ({marks})", list(row.values()))


def _miss(archive: Archive) -> None:
    for when in (SECOND, THIRD):
        with clock.at(datetime.fromisoformat(when)), archive.transaction():
            for article in (GONE, BACK):
                archive.presence.missed(article.id, "not_found", 404, article.url)


@contextmanager
def served(data_dir: Path) -> Iterator[str]:
    """The site on a port of its own; its address."""
    config = uvicorn.Config(site(data_dir).app(), host="127.0.0.1", port=0, log_level="error", lifespan="on")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.02)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
