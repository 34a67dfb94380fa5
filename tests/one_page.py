"""`scrapy read` and `scrapy fixture` as a person runs them: a process of its own, a registry and a data folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.clock import now
from crawler.page import Page
from tests.loopback import OURS, ROOT, SickPortal, finished

FIXTURES = ROOT / "tests" / "fixtures"


@dataclass(frozen=True)
class Desk:
    """A folder to work in."""

    folder: Path

    def register(self, url: str, cms: str = "generic") -> Desk:
        """A registry of one portal, `portal`, with the fewest lines that will do."""
        text = f'[portal]\nname = "Cổng thử"\nurl = "{url}"\ncms = "{cms}"\ndelay = 0\n'
        (self.folder / "portals.toml").write_text(text, encoding="utf-8")
        return self

    def scrapy(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        clean = {name: value for name, value in os.environ.items() if name not in OURS}
        ours = {"DATA_DIR": str(self.folder / "data")}
        if (self.folder / "portals.toml").exists():
            ours["PORTALS_FILE"] = str(self.folder / "portals.toml")
        return finished(
            subprocess.Popen(
                [sys.executable, "-m", "scrapy", *arguments],
                cwd=ROOT,
                env={**clean, **ours, **environment},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
            )
        )

    def read(self, *arguments: str, **environment: str) -> dict[str, Any]:
        """What `scrapy read --json` says, and that it says nothing else."""
        done = self.scrapy("read", *arguments, "--json", **environment)
        assert (done.returncode, done.stderr) == (0, ""), done
        found: dict[str, Any] = json.loads(done.stdout)
        return found


def article_path(portal: SickPortal) -> str:
    """The path of the first article of the demonstration portal, as its list of news has it."""
    page = Page(portal.url, portal.healthy("/vi/news/").body.decode(), now())
    return next(href for href in page.root.xpath("//a/@href") if href.endswith(f"-{portal.numbers[0]}.html"))


def fixture_file(family: str, case: str) -> str:
    """The path of a fixture's page."""
    return str(FIXTURES / family / case / "page.html.gz")


def expected(family: str, case: str) -> dict[str, Any]:
    """What a person has found on a fixture's page."""
    found: dict[str, Any] = json.loads((FIXTURES / family / case / "expected.json").read_text(encoding="utf-8"))
    return found
