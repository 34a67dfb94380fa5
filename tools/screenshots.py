"""The pictures of docs/: every page of the site, of the demonstration, as a reader sees it.

    python tools/screenshots.py [--data-dir data/demo] [--docs docs]

The demonstration must have run once (`make demo`). Needs Playwright, Pillow and a Chromium (CHROMIUM names it).
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
from archive.publish import current_copy
from archive.site.serve import site

DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
TALLEST = 2_600  # pixels of a picture; what is below says nothing new


def pages(data_dir: Path) -> dict[str, str]:
    """Name of the picture -> address."""
    copy = current_copy(data_dir)
    if copy is None:
        sys.exit(f"there is no published copy in {data_dir}: run make demo first")
    with closing(sqlite3.connect(f"{copy.as_uri()}?mode=ro", uri=True)) as db:

        def one(sql: str) -> str:
            row = db.execute(sql).fetchone()
            return str(row[0]) if row else ""

        edited = one("select id from articles where revision_count > 1 order by seq desc limit 1")
        gone = one("select id from articles where gone is not null order by seq desc limit 1")
        reprint = one("select article from reprints order by article limit 1")
        cited = one("select slug from document_counts order by articles desc, newest desc limit 1")
        portal = one("select portal from portal_counts order by articles desc limit 1")
    return {
        "front-page": "/",
        "results": "/search?q=dan+van",
        "article": f"/a/{edited}",
        "article-withdrawn": f"/a/{gone}",
        "article-reprint": f"/a/{reprint}",
        "versions": f"/a/{edited}/diff",
        "captured-page": f"/a/{edited}/raw/2",
        "document": f"/d/{cited}",
        "documents": "/documents",
        "portal": f"/portal/{portal}",
        "portals": "/portals",
        "province": "/province/dong-nai",
        "provinces": "/provinces",
        "about": "/about",
    }


@contextmanager
def served(data_dir: Path, port: int) -> Iterator[str]:
    """The site at a port of this machine."""
    config = uvicorn.Config(site(data_dir).app(), host="127.0.0.1", port=port, log_level="error", lifespan="on")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.05)
    if not thread.is_alive():
        sys.exit(f"port {port} cannot be used")
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


def picture(browser: Browser, address: str, path: Path, **options: Any) -> None:
    """One page as a PNG of 256 colours."""
    context = browser.new_context(**options)
    page = context.new_page()
    page.goto(address)
    page.evaluate("document.activeElement.blur()")
    height = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
    shot = page.screenshot(
        full_page=True, clip={"x": 0, "y": 0, "width": options["viewport"]["width"], "height": height}
    )
    Image.open(io.BytesIO(shot)).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)
    context.close()


def main() -> None:
    """Take all pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data-dir", type=Path, default=Path("data/demo"))
    parser.add_argument("--docs", type=Path, default=Path(__file__).parents[1] / "docs")
    parser.add_argument("--port", type=int, default=8001)
    options = parser.parse_args()
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
    shown = pages(options.data_dir)
    with served(options.data_dir, options.port) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=quiet)
        for name, path in shown.items():
            english = path + ("&" if "?" in path else "?") + "lang=en"
            picture(browser, base + path, options.docs / f"{name}.png", viewport=DESKTOP)
            picture(browser, base + english, options.docs / f"{name}.en.png", viewport=DESKTOP)
            picture(browser, base + path, options.docs / f"{name}.phone.png", viewport=PHONE)
        for name in ("front-page", "article"):
            dark: dict[str, Any] = {"viewport": DESKTOP, "color_scheme": "dark"}
            picture(browser, base + shown[name], options.docs / f"{name}.dark.png", **dark)
        browser.close()


if __name__ == "__main__":
    main()
