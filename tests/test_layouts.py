"""The layouts of one portal in the archive: learned in stages, the alarm, what is read again, what a kill leaves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive.store import Archive
from crawler.layouts import ENOUGH_AT_END, RELEARN, STAGES, WINDOW, Layouts, Sample, State, evenly, learn_layouts
from crawler.learning_spider import LearningSpider
from crawler.page import Page
from crawler.portals import Portal
from crawler.template.hints import NOTHING, Known
from crawler.template.read import Fit
from tests.site_of_pages import FETCHED, HOST, Site, date_line, story

OLD, NEW = Site(), Site(bare=True)  # before and after a redesign
FITS, LACKS = Fit(path_share=1.0), Fit(["date"], path_share=1.0)
PORTAL = Portal("portal", "Portal", f"{HOST}/")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive(tmp_path) as opened:
        opened.register_portals([{"key": "portal", "name": "Portal", "url": f"{HOST}/", "cms": "generic"}])
        yield opened


@pytest.fixture
def layouts(archive: Archive) -> Layouts:
    return Layouts(archive.connection, "portal", NOTHING)


def keep(layouts: Layouts, pages: Iterable[Page], state: State) -> None:
    for page in pages:
        layouts.keep(page, "article", page.url.removeprefix(HOST), state)


def take_over(layouts: Layouts) -> None:
    """What the spider does when a layout was learned: the pages kept are read by it."""
    for sample in layouts.kept(State.UNDECIDED, State.MARKED):
        reading = layouts.look(sample.page)
        if reading is not None and reading.fit.fits:
            layouts.keep(sample.page, sample.kind, sample.key, State.READ)


@pytest.fixture
def known(layouts: Layouts) -> Layouts:
    """The layouts of a portal of which ten pages were read."""
    keep(layouts, OLD.pages(10), State.UNDECIDED)
    assert layouts.learn(FETCHED)
    take_over(layouts)
    return layouts


def redesign(layouts: Layouts, pages: int = RELEARN) -> None:
    """The portal looks otherwise from one day on, and its pages are marked."""
    for page in NEW.pages(pages, first=100):
        reading = layouts.look(page)
        assert reading is not None
        layouts.saw(reading.fit)
        keep(layouts, [page], State.MARKED)


# ---- the stages


def test_nothing_is_known_before_the_first_stage(layouts: Layouts) -> None:
    keep(layouts, OLD.pages(STAGES[0] - 1), State.UNDECIDED)
    assert not layouts.due and not layouts.alarmed and layouts.templates == []
    assert layouts.look(OLD.page(0)) is None


def test_the_layout_is_learned_at_ten_pages_and_again_at_20_40_and_200(layouts: Layouts) -> None:
    learned_at = []
    for number, page in enumerate(OLD.pages(210), 1):
        keep(layouts, [page], State.READ if layouts.templates else State.UNDECIDED)
        if layouts.due:
            learned_at.append(number)
            assert layouts.learn(FETCHED)
            take_over(layouts)
            assert layouts.learned_from == number and not layouts.due
    assert learned_at == [10, 20, 40, 200] == list(STAGES)


def test_a_layout_takes_the_place_of_the_one_learned_from_fewer_pages(known: Layouts) -> None:
    keep(known, OLD.pages(10, first=10), State.READ)
    assert known.learn(FETCHED)
    assert [template.pages for template in known.templates] == [20]


def test_pages_that_fitted_no_layout_wait_without_a_new_learning(known: Layouts) -> None:
    keep(known, NEW.pages(10, first=100), State.UNDECIDED)
    assert not known.due


def test_pages_that_were_read_are_let_go_behind_the_last_stage_alone(known: Layouts) -> None:
    known.rest()
    assert known.kept_as(State.READ) == len(known.kept(State.READ)) == 10
    known.learned_from = STAGES[-1]
    known.rest()
    keep(known, OLD.pages(3, first=50), State.READ)
    keep(known, NEW.pages(2, first=60), State.MARKED)
    assert [sample.state for sample in known.kept(*State)] == [State.MARKED] * 2 and known.kept_as(State.READ) == 0


def test_where_nothing_was_found_the_next_try_waits_for_the_next_stage(layouts: Layouts) -> None:
    blank = [replace(page, text="<p></p>") for page in OLD.pages(20)]
    keep(layouts, blank[:10], State.UNDECIDED)
    assert layouts.due and not layouts.learn(FETCHED)
    keep(layouts, blank[10:19], State.UNDECIDED)
    assert not layouts.due
    keep(layouts, blank[19:], State.UNDECIDED)
    assert layouts.due


@pytest.mark.parametrize(("pages", "found"), [(0, 0), (ENOUGH_AT_END - 1, 0), (ENOUGH_AT_END, 1)])
def test_at_the_end_of_a_run_four_pages_are_enough(pages: int, found: int) -> None:
    assert len(learn_layouts(OLD.pages(pages), NOTHING)) == found


@pytest.mark.parametrize(("commoner", "rarer"), [(16, 4), (17, 5), (12, 8), (10, 9)])
def test_two_layouts_side_by_side_are_both_learned_the_commoner_first(commoner: int, rarer: int) -> None:
    pages = [*OLD.pages(rarer), *NEW.pages(commoner, first=50)]
    assert [template.pages for template in learn_layouts(pages, NOTHING)] == [commoner, rarer]


def test_no_bag_of_pages_is_learned_twice_in_vain(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[list[str]] = []

    def in_vain(pages: list[Page], _: Known) -> None:
        tried.append([page.url for page in pages])

    monkeypatch.setattr("crawler.layouts.learn_layout", in_vain)
    every = [page.url for page in OLD.pages(10)]
    assert learn_layouts(OLD.pages(10), NOTHING) == [] and tried == [every]
    tried.clear()
    old, new = OLD.pages(8), NEW.pages(12, first=50)
    assert learn_layouts([*old, *new], NOTHING) == []
    groups = [[page.url for page in group] for group in (new, old)]
    assert tried == [*groups, [page.url for page in (*old, *new)]]


def test_of_too_many_pages_some_are_taken_from_all_their_length() -> None:
    samples = [Sample(page, "article", page.url, State.READ) for page in OLD.pages(60)]
    assert evenly(samples[:7], 20) == samples[:7]
    taken = [samples.index(sample) for sample in evenly(samples, 20)]
    assert len(taken) == 20 == len(set(taken)) and taken == sorted(taken) and taken[0] == 0 and taken[-1] >= 57


# ---- the alarm


@pytest.mark.parametrize(("misfits", "alarmed"), [(1, False), (2, False), (3, True), (9, True)])
def test_some_misfits_in_a_row_raise_the_alarm(known: Layouts, misfits: int, alarmed: bool) -> None:
    for fit in [*[FITS] * 5, *[LACKS] * misfits]:
        known.saw(fit)
    assert known.alarmed is alarmed


def test_misfits_of_long_ago_are_forgotten(known: Layouts) -> None:
    for fit in [LACKS, LACKS, *[FITS] * WINDOW, LACKS, LACKS]:
        known.saw(fit)
    assert not known.alarmed


@pytest.mark.parametrize(
    "fit",
    [Fit(path_share=0.8), Fit(path_share=1.0, noise=0.2), Fit(path_share=1.0, words=20)],
    ids=["otherwise", "noisier", "with hardly a word"],
)
def test_pages_that_fit_and_look_otherwise_raise_it_too(known: Layouts, fit: Fit) -> None:
    for _ in range(WINDOW // 2 - 1):
        known.saw(fit)
    assert not known.alarmed
    known.saw(fit)
    assert known.alarmed


def test_after_a_redesign_the_layout_is_learned_from_twenty_marked_pages(known: Layouts) -> None:
    redesign(known, RELEARN - 1)
    assert known.alarmed and not known.due
    redesign(known)
    assert known.due and known.learn(FETCHED)
    assert not known.alarmed and not known.due
    assert [template.pages for template in known.templates] == [RELEARN, 10]


def test_behind_a_redesign_pages_of_before_are_still_read(known: Layouts) -> None:
    redesign(known)
    known.learn(FETCHED)
    for page in (OLD.page(60), NEW.page(60)):
        reading = known.look(page)
        assert reading is not None and reading.fit.fits and reading.parts.title == story(60).title


def test_an_alarm_without_a_layout_in_it_stays(known: Layouts) -> None:
    for page in OLD.pages(RELEARN, first=100):
        known.saw(LACKS)
        keep(known, [replace(page, text="<p></p>")], State.MARKED)
    assert known.due and not known.learn(FETCHED)
    assert known.alarmed and [template.pages for template in known.templates] == [10]


def test_an_alarm_without_a_layout_in_it_does_not_learn_at_every_page(known: Layouts) -> None:
    for page in OLD.pages(RELEARN, first=100):
        known.saw(LACKS)
        keep(known, [replace(page, text="<p></p>")], State.MARKED)
    assert not known.learn(FETCHED)
    assert not known.due


def test_an_alarm_without_a_marked_page_finds_no_layout(known: Layouts) -> None:
    for _ in range(WINDOW):
        known.saw(Fit(path_share=0.8))
    assert known.alarmed and known.kept_as(State.MARKED) == 0
    assert not known.learn(FETCHED) and known.alarmed


# ---- pages that are kept


def test_a_page_is_kept_as_it_came_with_what_led_to_it(layouts: Layouts) -> None:
    raw = f"{OLD.page(3).text} chữ lạ: ₫ 😀 \x0b \ufffd".encode() + b"\xc4"
    page = replace(OLD.page(3), text=raw.decode("utf-8", "replace"), raw=raw, headers=(("Content-Type", "text/html"),))
    layouts.keep(page, "article", "/bai-3.html", State.UNDECIDED)
    assert layouts.kept(State.UNDECIDED) == [Sample(page, "article", "/bai-3.html", State.UNDECIDED)]


def test_a_page_has_one_state_and_its_last(layouts: Layouts) -> None:
    for state in (State.UNDECIDED, State.MARKED, State.READ, State.MARKED):
        keep(layouts, OLD.pages(2), state)
        assert {one: layouts.kept_as(one) for one in State} == {one: 2 if one is state else 0 for one in State}
    assert [sample.page.url for sample in layouts.kept(*State)] == [story(0).url, story(1).url]


def test_a_forgotten_page_is_gone_and_an_unknown_one_is_no_error(layouts: Layouts) -> None:
    keep(layouts, OLD.pages(2), State.UNDECIDED)
    layouts.forget([story(0).url, f"{HOST}/chua-tung-thay"])
    assert [sample.page.url for sample in layouts.kept(*State)] == [story(1).url] and layouts.kept_as(
        State.UNDECIDED
    ) == 1


def test_portals_of_one_archive_know_nothing_of_each_other(archive: Archive, known: Layouts) -> None:
    other = Layouts(archive.connection, "another", NOTHING)
    assert other.templates == [] and other.kept(*State) == []
    keep(other, NEW.pages(10), State.UNDECIDED)
    assert other.learn(FETCHED)
    again = Layouts(archive.connection, "portal", NOTHING)
    assert [template.to_json() for template in again.templates] == [known.templates[0].to_json()]


# ---- what is read by the fallback, and read again


@pytest.fixture
def spider(archive: Archive) -> LearningSpider:
    return LearningSpider(PORTAL, archive)


def read_by(spider: LearningSpider, page: Page) -> tuple[str, State]:
    """The reader's name, and what becomes of the page."""
    article, state = spider.read(page, spider.layouts.look(page))
    return article.reader, state


def test_an_article_read_without_its_layout_is_marked(spider: LearningSpider) -> None:
    assert read_by(spider, OLD.page(40)) == ("generic/1 fallback", State.MARKED)
    keep(spider.layouts, OLD.pages(10), State.UNDECIDED)
    assert spider.layouts.learn(FETCHED)
    undated = replace(OLD.page(40), text=OLD.page(40).text.replace(date_line(story(40)), ""))
    assert read_by(spider, OLD.page(40)) == ("generic/1", State.READ)
    assert read_by(spider, undated) == ("generic/1 doubtful", State.MARKED)
    assert read_by(spider, NEW.page(40)) == ("generic/1 fallback", State.MARKED)


def test_the_pages_kept_are_compared_for_the_fallback_alone(
    spider: LearningSpider, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[int] = []

    def shared(pages: list[Page]) -> frozenset[str]:
        compared.append(len(pages))
        return frozenset()

    monkeypatch.setattr("crawler.layout_spider.shared_lines", shared)
    keep(spider.layouts, OLD.pages(10), State.UNDECIDED)
    assert spider.layouts.learn(FETCHED)
    undated = replace(OLD.page(40), text=OLD.page(40).text.replace(date_line(story(40)), ""))
    assert [read_by(spider, page)[0] for page in (OLD.page(40), undated)] == ["generic/1", "generic/1 doubtful"]
    assert compared == []
    assert read_by(spider, NEW.page(40))[0] == "generic/1 fallback" and compared == [10]


def test_while_the_alarm_lasts_even_what_fits_is_marked(spider: LearningSpider) -> None:
    keep(spider.layouts, OLD.pages(10), State.UNDECIDED)
    assert spider.layouts.learn(FETCHED)
    for _ in range(3):
        spider.layouts.saw(LACKS)
    assert read_by(spider, OLD.page(40)) == ("generic/1 fallback", State.MARKED)


def test_a_marked_article_is_put_right_without_a_revision(spider: LearningSpider, archive: Archive) -> None:
    page = NEW.page(40)
    article, state = spider.read(page, None)
    with archive.transaction():
        archive.save(article)
        keep(spider.layouts, [page], state)
        keep(spider.layouts, NEW.pages(10), State.UNDECIDED)
    assert spider.layouts.learn(FETCHED)
    with archive.transaction():
        spider.read_again(spider.layouts.kept(State.MARKED)[0])
    row = archive.connection.execute("select reader, body, lead, revision_count from articles").fetchone()
    assert tuple(row) == ("generic/1", story(40).body, story(40).lead, 1)
    assert article.body != story(40).body and spider.layouts.kept_as(State.MARKED) == 0


# ---- a kill between two runs


def test_everything_survives_closing_and_opening(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        before = Layouts(archive.connection, "portal", NOTHING)
        keep(before, OLD.pages(10), State.UNDECIDED)
        assert before.learn(FETCHED)
        take_over(before)
        redesign(before, 5)
        before.remember()
        samples = before.kept(*State)
    with Archive(tmp_path) as archive:
        after = Layouts(archive.connection, "portal", NOTHING)
        assert [one.to_json() for one in after.templates] == [one.to_json() for one in before.templates]
        assert (after.recent, after.alarmed, after.learned_from) == (before.recent, True, 10)
        assert after.kept(*State) == samples
        assert {state: after.kept_as(state) for state in State} == {state: before.kept_as(state) for state in State}
        redesign(after)
        assert after.due and after.learn(FETCHED)
