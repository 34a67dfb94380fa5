"""An archive as some commit made it, as SQL: python tools/old_schema.py COMMIT > tests/schemas/NNNN.sql

The store of that commit keeps three invented articles, one of them edited, and tests/test_upgrading.py then brings the
archive to today's schema. To be run for each commit that adds a migration; old files are never made again.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
MAKE = """
import sys
from pathlib import Path
from dataclasses import replace
from archive.article import Article, File, Image
from archive.store import Archive

def article(number, title, lead, body, **rest):
    return Article("song_lam", f"vi/news/{number}", f"http://127.0.0.1:1/vi/news/bai-{number}.html", title, lead, body,
        f"<p>{body}</p>", f"2021-05-0{number}T08:30:00+07:00", "08:30", reader="nukeviet/1", **rest)

articles = [
    article(1, "Ong Sáu vá lưới bên bến", "Lưới rách từ mùa nước.", "Ba tấm lưới.\\n\\nMột buổi chiều."),
    article(2, "Xóm Rẫy dựng cầu tre", "", "Mười hai nhà góp tre.", sections=("Chuyện xóm", "Cầu đường"), tags=("tre",),
        views=12, comments=0, images=(Image("http://127.0.0.1:1/cau.jpg", "Cầu"),),
        files=(File("http://127.0.0.1:1/so.pdf", "Sổ góp tre"),)),
    article(3, "Lớp học chữ 'ban đêm'; có đèn dầu", "Bà Bảy dạy.", "Tám học trò, người trẻ nhất bảy mươi."),
]
portal = {"key": "song_lam", "name": "Sông Lam", "url": "http://127.0.0.1:1/", "cms": "nukeviet",
    "province": "Sông Lam", "keep": "all", "enabled": 1, "verified": 0}
with Archive(Path(sys.argv[1])) as archive:
    archive.register_portals([portal])
    with archive.transaction() as db:
        for one in articles:
            archive.save(one)
        archive.save(replace(articles[1], body="Mười ba nhà góp tre."))
        db.execute("insert into frontier (portal, kind, key, url, state, due, tries, article) values "
            "('song_lam', 'article', 'bai-1', ?, 'done', '2026-03-02T02:00:00+07:00', 0, ?)",
            [articles[0].url, articles[0].id])
        db.execute("insert into runs (started, finished, command, exit_code) values "
            "('2026-03-01T02:00:00+07:00', '2026-03-01T02:05:00+07:00', 'nightly', 0)")
    for line in archive.connection.iterdump():
        print(line)
"""


def main(commit: str) -> str:
    """The SQL of an archive that the software of a commit makes."""
    packed = subprocess.run(["git", "archive", commit, "archive"], cwd=ROOT, check=True, capture_output=True).stdout
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
            tar.extractall(folder, filter="data")
        return subprocess.run(
            [sys.executable, "-c", MAKE, f"{folder}/data"],
            cwd=folder,
            env={"ARCHIVE_NOW": "2026-03-01T02:00:00+07:00", "PYTHONPATH": folder, "PYTHONUTF8": "1"},
            check=True,
            capture_output=True,
            text=True,
        ).stdout


if __name__ == "__main__":
    print(main(sys.argv[1]), end="")
