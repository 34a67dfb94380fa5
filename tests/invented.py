"""Articles that nobody ever published, for the tests of archive, search and site."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path

from archive.article import Article, File, Image
from archive.store import Archive

PORTALS = [
    {
        "key": "song_lam",
        "name": "Ban Dân vận Tỉnh ủy Sông Lam",
        "url": "http://127.0.0.1:1/",
        "cms": "nukeviet",
        "province": "Sông Lam",
        "keep": "all",
        "enabled": 1,
        "verified": 1,
    },
    {
        "key": "nui_tho",
        "name": "Cổng thông tin tỉnh Núi Thơ",
        "url": "http://127.0.0.1:2/",
        "cms": "generic",
        "province": "Núi Thơ",
        "keep": "dan-van",
        "enabled": 1,
        "verified": 1,
    },
]

BODIES = {
    "kheo": (
        "Tổ phụ nữ thôn Bến Gỗ dựng mô hình dân vận khéo",
        "Ba mươi gia đình góp công sửa cầu tre, quét sơn hàng rào.\n\n"
        "Bà Lụa kể rằng dân vận khéo là ngồi uống nước chè cho hết câu chuyện rồi mới bàn việc.",
    ),
    "apart": (
        "Chợ phiên đầu xuân",
        "Nhân dân chở cam xuống bến từ mờ sáng.\n\nĐội thanh niên vận động bà con gói hàng bằng lá chuối.",
    ),
    "carrier": ("Bến đò mùa lũ", "Nhiều người dân vận chuyển lúa qua sông bằng thuyền nhỏ."),
    "party": ("Chi bộ làng Mây kết nạp đảng viên", "Đảng bộ xã mời cụ già dự buổi lễ giản dị ở sân đình."),
    "now": ("Vườn bưởi trổ hoa", "Ong đang về, hoa đang thơm, trẻ con dâng nước mời khách."),
    "number": (
        "Đọc lại Nghị quyết 25 – NQ/TW",
        "Nhóm cán bộ hưu trí chép tay từng trang của nghị quyết để tặng thư viện xã.",
    ),
    "committee": ("Tỉnh uỷ Sông Lam họp bàn việc nước sạch", "Giếng khoan mới cho ba bản vùng cao hoà vui."),
    "central": ("Đoàn công tác BCH TƯ thăm làng chài", "Khách ngồi thuyền thúng nghe kể chuyện biển."),
    "provincial": ("Đoàn công tác của TU xuống xã", "Cuộc trò chuyện kéo dài tới khi trăng lên."),
    "formula": ('=HYPERLINK("http://x.invalid") <script>alert(1)</script> & "bẫy"', "Một dòng chữ thường."),
}


def invented(
    name: str, title: str, body: str, *, portal: str = "song_lam", day: str = "2021-05-04", **rest: object
) -> Article:
    """One article; `rest` sets any other field."""
    fields: dict[str, object] = {
        "portal": portal,
        "key": f"vi/news/{name}",
        "url": f"http://127.0.0.1:1/vi/news/{name}.html",
        "title": title,
        "body": body,
        "body_html": "".join(f"<p>{part}</p>" for part in body.split("\n\n")),
        "published": f"{day}T08:30:00+07:00" if day else "",
        "published_text": "08:30",
        "sections": ("Chuyện làng",),
        **rest,
    }
    return Article(**fields)  # type: ignore[arg-type]


def the_articles() -> list[Article]:
    """One article for each thing that a search must get right, a day apart, and one with everything in it."""
    articles = [
        invented(name, title, body, day=f"2021-05-{day:02}")
        for day, (name, (title, body)) in enumerate(BODIES.items(), 1)
    ]
    return [
        *articles,
        invented(
            "full",
            "Làng gốm đón khách phương xa",
            "Lò nung cuối cùng của làng vừa đỏ lửa trở lại.",
            day="2022-03-13",
            lead="Khói lam phủ mái ngói suốt tuần.",
            author="Mây Trắng",
            source="Tờ tin làng",
            sections=("Nghề cũ", "Chuyện làng"),
            tags=("gốm", "làng nghề"),
            views=1424,
            comments=3,
            images=(Image("http://127.0.0.1:1/anh/lo.jpg", "Lò nung lúc chiều"),),
            files=(File("http://127.0.0.1:1/tep/ke-hoach.pdf", "Kế hoạch lò gốm.pdf"),),
        ),
    ]


def keep(data_dir: Path, articles: Iterable[Article], topics: dict[str, str] | None = None) -> None:
    """Store articles as a crawl would; `topics` gives some of them, by key, a topic."""
    with Archive(data_dir) as archive:
        archive.register_portals(PORTALS)
        with archive.transaction() as db:
            for article in articles:
                archive.save(article)
            for key, topic in (topics or {}).items():
                db.execute("update articles set topic = ? where key = ?", [topic, f"vi/news/{key}"])


def many(number: int, seed: int = 7) -> list[Article]:
    """Any number of long invented texts, the same for the same seed."""
    chance = random.Random(seed)
    vocabulary = " ".join(text for pair in BODIES.values() for text in pair if "<" not in text).split()
    return [
        invented(
            f"many-{i}",
            " ".join(chance.choices(vocabulary, k=9)),
            "\n\n".join(" ".join(chance.choices(vocabulary, k=80)) for _ in range(6)),
            day=f"{2010 + i % 12}-{1 + i % 12:02}-{1 + i % 28:02}",
        )
        for i in range(number)
    ]
