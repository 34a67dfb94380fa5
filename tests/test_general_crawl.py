"""A portal of which the registry says name and address only: crawled for real, night after night, by what it shows."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.clock import now, stamp
from crawler.exploring import BARREN
from tests.loopback import Nightly, finished, kill, wait_until
from tests.unknown_portal import UnknownPortal
from tests.unknown_portal_texts import FURNITURE, MENU

ARTICLES = 45
CASES = [("classes", True), ("classes", False), ("bare", True), ("bare", False)]  # theme, sitemap
QUIET = len(MENU) + 3  # requests of a night without news: the pages of the menu, robots.txt, the sitemap, one to spare


@dataclass(kw_only=True)
class Portal(Nightly):
    """The nightly command for a portal that runs; `first`: the targets that its first night asked for."""

    running: UnknownPortal
    first: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """The shortest row there is: no cms, no province, no selector."""
        self.registry.write_text(f'[portal]\nname = "Chưa ai biết"\nurl = "{self.running.origin}/"\ndelay = 0\n')

    @property
    def rows(self) -> dict[str, dict[str, Any]]:
        """What the archive holds, by path."""
        return {row["url"].removeprefix(self.running.origin): row for row in self.archived.articles().values()}

    @property
    def wanted(self) -> dict[str, dict[str, str]]:
        """What the archive must hold, by path."""
        return {article.path: article.fields for article in self.running.articles.values()}

    @property
    def stored(self) -> dict[str, dict[str, str]]:
        """The same of what it holds."""
        names = next(iter(self.wanted.values()))
        return {path: {name: row[name] for name in names} for path, row in self.rows.items()}

    @property
    def verdict(self) -> str:
        """How the last night was judged."""
        return str(self.archived.rows("select verdict from run_portals order by run desc limit 1")[0][0])

    @property
    def revisions(self) -> set[int]:
        """How many revisions articles have."""
        return {row["revision_count"] for row in self.rows.values()}

    def night(self, days: int = 0, *arguments: str, code: int = 0) -> Counter[str]:
        """A night so many days ahead, which must end with this code; the targets asked for."""
        since = len(self.running.requests)
        self.running.days = days
        run = self.run(*arguments, ARCHIVE_NOW=stamp(now() + timedelta(days=days)))
        assert (run.returncode, run.stderr) == (code, "")
        return self.running.asked(since)

    @contextmanager
    def another(self, folder: Path) -> Iterator[Portal]:
        """Portal and archive as they are now, to go on from; the portal is put back behind."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        portal = self.running
        kept = portal.theme, dict(portal.articles), portal.prints, portal.days
        try:
            yield Portal(folder=folder, running=portal)
        finally:
            portal.theme, portal.articles, portal.prints, portal.days = kept


@contextmanager
def after_a_night(folder: Path, theme: str, articles: int, **traits: Any) -> Iterator[Portal]:
    """A portal with some traits, crawled once."""
    with UnknownPortal(theme, articles, **traits) as running:
        portal = Portal(folder=folder, running=running)
        portal.night()
        yield portal


@pytest.fixture(scope="module")
def portals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[tuple[str, bool], Portal]]:
    """Each theme with a sitemap and without, after its first night. The nights run side by side."""
    with ExitStack() as stack:
        found = {}
        for theme, sitemap in CASES:
            running = stack.enter_context(UnknownPortal(theme, ARTICLES, sitemap=sitemap))
            found[theme, sitemap] = Portal(folder=tmp_path_factory.mktemp("portal"), running=running)
        runs = [portal.start() for portal in found.values()]
        for portal, run in zip(found.values(), map(finished, runs), strict=True):
            assert (run.returncode, run.stderr) == (0, "")
            portal.first = tuple(portal.running.requests)
        yield found


@pytest.fixture(params=CASES, ids=[f"{theme}, {'a' if sitemap else 'no'} sitemap" for theme, sitemap in CASES])
def portal(request: pytest.FixtureRequest, portals: dict[tuple[str, bool], Portal]) -> Portal:
    return portals[request.param]


@pytest.fixture
def later(portals: dict[tuple[str, bool], Portal], tmp_path: Path) -> Iterator[Portal]:
    """A portal with classes and a sitemap, to go on from its first night."""
    with portals["classes", True].another(tmp_path) as portal:
        yield portal


# ---------------------------------------------------------------- the first night


def test_a_first_night_finds_every_article_and_stores_nothing_else(portal: Portal) -> None:
    assert portal.rows.keys() == portal.wanted.keys()
    assert portal.archived.outcomes()["new"] == ARTICLES


def test_each_article_is_what_its_editors_wrote(portal: Portal) -> None:
    assert portal.stored == portal.wanted
    assert {(row["revision_count"], row["reader"]) for row in portal.rows.values()} == {(1, "generic/1")}


def test_nothing_that_stands_around_the_texts_got_into_them(portal: Portal) -> None:
    page = portal.running.answer(next(iter(portal.wanted)))[2]
    assert all(words in page for words in FURNITURE), "the page has it all"
    around = (*FURNITURE, *(article["title"] for article in portal.wanted.values()))
    for row in portal.rows.values():
        assert not [words for words in around if words in row["lead"] + row["body"] + row["body_html"]]


def test_the_pictures_of_an_article_are_kept_and_their_own_pages_are_not(portal: Portal) -> None:
    origin = portal.running.origin
    rows = portal.archived.rows("select a.url, i.url from article_images i join articles a on a.id = i.article")
    found = {page.removeprefix(origin): picture for page, picture in rows}
    assert found.keys() == {one.path for one in portal.running.articles.values() if one.number % 3 == 0}
    assert all(picture.startswith(f"{origin}/tep/anh-") for picture in found.values())
    assert any(target.startswith("/anh/") for target in portal.first), "the pages were met"


def test_no_page_is_asked_twice_whatever_session_or_order_its_links_carry(portal: Portal) -> None:
    assert set(Counter(portal.first).values()) == {1}
    assert not [target for target in portal.first if "sid=" in target or "sort=" in target]
    assert "?sid=" in portal.running.answer("/")[2]
    assert "?sort=" in portal.running.answer("/tin-tuc")[2]


def test_a_calendar_without_end_is_soon_left_and_listings_are_walked_to_theirs(portal: Portal) -> None:
    months = [target for target in portal.first if target.startswith("/lich")]
    assert 1 < len(months) <= BARREN + 2
    assert {"/tin-tuc/trang-2", "/tin-tuc/trang-3", "/doi-song/trang-3"} <= set(portal.first)


def test_robots_txt_is_obeyed(portal: Portal) -> None:
    assert portal.first[0] == "/robots.txt"
    assert not [target for target in portal.first if target.startswith("/noi-bo")]
    assert portal.archived.outcomes()["forbidden"] == 1


# ---------------------------------------------------------------- the nights after it


def test_a_night_without_news_costs_little_and_changes_nothing(later: Portal) -> None:
    before = later.archived.everything("last_seen")
    asked = later.night(1)
    assert len(asked.keys() & later.wanted.keys()) <= 1, "but for one that shows whether the layout still fits"
    assert 0 < asked.total() <= QUIET
    assert later.archived.everything("last_seen") == before


def test_an_edit_makes_one_revision_and_what_was_not_edited_none(later: Portal) -> None:
    edited = later.running.edit(880)
    later.night(1, "--recheck", "all")
    later.night(2, "--recheck", "all")
    assert later.archived.outcomes()["unchanged"] == ARTICLES, "all were read again"
    assert later.stored == later.wanted
    counts = {path: row["revision_count"] for path, row in later.rows.items()}
    assert counts == dict.fromkeys(later.wanted, 1) | {edited.path: 2}


def test_a_redesign_is_learned_when_known_articles_are_read_again(later: Portal) -> None:
    later.running.redesign("bare")
    later.running.publish(12)
    for night in (1, 2):
        later.night(night, "--recheck", "all")
        assert later.stored == later.wanted
        assert later.revisions == {1}
    assert later.archived.outcomes()["misfit"] == 0


@pytest.mark.parametrize(
    ("fresh", "prints"),
    [
        (12, False),
        pytest.param(3, False, id="too few to learn from"),
        pytest.param(24, False, id="so many that old and new mixed teach nothing"),
        pytest.param(12, True, id="among as many print versions"),
    ],
)
def test_a_redesign_costs_no_article_even_while_old_ones_are_not_due(later: Portal, fresh: int, prints: bool) -> None:
    before = later.stored
    later.running.redesign("bare")
    later.running.prints = prints
    later.running.publish(fresh)
    later.night(1, code=fresh == 3)
    assert later.verdict == "broken layout", "named the same night; where enough pages taught a new one, mended too"
    assert before.items() <= later.stored.items()
    assert later.revisions == {1}
    assert later.rows.keys() == later.wanted.keys()
    assert fresh == 3 or later.stored == later.wanted, "what is enough to learn from is read to the letter"


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A first night killed twice, once while pages are held and once while they are read, then left to end."""
    with UnknownPortal("bare", ARTICLES, sitemap=False) as running:
        portal = Portal(folder=tmp_path_factory.mktemp("killed"), running=running)
        for requests in (15, 60):
            process = portal.start()
            wait_until(lambda requests=requests: len(running.requests) >= requests, process)  # type: ignore[misc]
            kill(process)
        assert 0 < portal.archived.count() < ARTICLES
        portal.night()
        yield portal


def test_after_a_kill_the_next_run_ends_with_all_the_articles_as_written(killed: Portal) -> None:
    assert killed.stored == killed.wanted
    assert killed.revisions == {1}
    assert killed.archived.is_sound()
    asked = killed.running.asked()
    assert sum(asked[path] - 1 for path in killed.wanted) <= 2, "again only what was in hand, once a kill"


def test_after_a_kill_nothing_is_counted_below_zero(killed: Portal) -> None:
    assert min(killed.archived.outcomes().values()) >= 0


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """Three articles: too few to learn a layout from."""
    with after_a_night(tmp_path_factory.mktemp("few"), "bare", 3, prints=False) as portal:
        yield portal


def test_few_articles_are_read_all_the_same_and_marked(few: Portal) -> None:
    assert few.rows.keys() == few.wanted.keys()
    assert {row["reader"] for row in few.rows.values()} == {"generic/1 fallback"}
    assert few.archived.outcomes()["misfit"] == len(few.wanted)
    for path, wanted in few.wanted.items():
        stored = few.stored[path]
        assert (stored["title"], stored["published"]) == (wanted["title"], wanted["published"])
        assert all(paragraph in stored["body"] for paragraph in wanted["body"].split("\n\n"))


def test_once_there_are_more_the_first_few_are_put_right_without_a_revision(few: Portal, tmp_path: Path) -> None:
    with few.another(tmp_path) as grown:
        grown.running.publish(15)
        grown.night(1)
        assert grown.stored == grown.wanted
        assert {(row["reader"], row["revision_count"]) for row in grown.rows.values()} == {("generic/1", 1)}


def test_few_articles_that_nobody_edited_are_given_no_revisions(few: Portal, tmp_path: Path) -> None:
    with few.another(tmp_path) as portal:
        portal.night(1, "--recheck", "all")
        assert portal.revisions == {1}


@pytest.mark.parametrize(
    ("articles", "traits"),
    [
        (5, {}),
        (20, {"titles": False}),
    ],
    ids=["few articles with print versions", "each page with the name of the portal for its <title>"],
)
def test_odd_portals_are_read_like_any_other(tmp_path: Path, articles: int, traits: dict[str, bool]) -> None:
    with after_a_night(tmp_path, "classes", articles, **traits) as portal:
        assert portal.rows.keys() == portal.wanted.keys()


def test_a_session_of_any_name_does_not_keep_a_run_from_ending(tmp_path: Path) -> None:
    with UnknownPortal("classes", 8, prints=False, session="phien") as running:
        process = Portal(folder=tmp_path, running=running).start()
        with suppress(AssertionError):  # raised when it ends by itself
            wait_until(lambda: len(running.requests) > 300, process)
        kill(process)
        assert process.returncode == 0
