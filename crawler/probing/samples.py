"""Article pages, read as the nightly crawl would read them once it has learned the portal's layout."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, zip_longest

from crawler.cms import Family, Unreadable
from crawler.cms.general import General
from crawler.explaining import explain, left_out
from crawler.layouts import learn_layouts
from crawler.outcomes import Outcome
from crawler.page import Page
from crawler.probing.findings import Sample
from crawler.probing.ways import Ways
from crawler.template.candidates import declared, looks_like_article
from crawler.template.model import Template
from crawler.template.read import Reading, look, to_article

MOST = 6  # article pages that are asked for where the layout must be learned; four that agree are enough
ENOUGH = 2  # where the family has a reader that needs no learning
READ = "read"
KEY = "probe"  # the portal's key before it has one


def choose(ways: Ways, *lists: Iterable[str]) -> list[str]:
    """Addresses of articles, each once, from several lists in turn: one section's may look unlike another's."""
    found: dict[str, str] = {}
    for url in filter(None, chain.from_iterable(zip_longest(*lists))):
        named = ways.named(url)
        if named is not None:
            found.setdefault(named.key, url)
    return list(found.values())


def read_all(samples: list[Sample], cms: Family) -> int:
    """Read the pages of some samples; returns how many layouts were learned of them (0: none was needed, or found)."""
    pages = {id(sample): sample.page for sample in samples if sample.page is not None and _may_be_read(sample, cms)}
    if not isinstance(cms, General):
        for sample in samples:
            if id(sample) in pages:
                _read_alone(sample, cms)
        return 0
    templates = learn_layouts(list(pages.values()), cms.known)
    for sample in samples:
        if (page := pages.get(id(sample))) is None:
            continue
        reading = _best(page, templates, cms)
        if reading is not None and reading.fit.fits:
            _read_by(sample, reading, cms)
        elif declared(page) or looks_like_article(page):
            _read_alone(sample, cms)
        else:
            sample.outcome = Outcome.NOT_ARTICLE
    return len(templates)


def _may_be_read(sample: Sample, cms: Family) -> bool:
    """Whether a page may be an article by what it says of itself; else its outcome is named."""
    assert sample.page is not None
    kind = cms.kind(sample.page)
    if kind is None and declared(sample.page) is False:
        kind = Outcome.NOT_ARTICLE
    sample.outcome = kind or ""
    return kind is None


def _best(page: Page, templates: list[Template], cms: General) -> Reading | None:
    readings = [look(page, template, cms.known) for template in templates]
    return next((reading for reading in readings if reading.fit.fits), readings[0] if readings else None)


def _read_by(sample: Sample, reading: Reading, cms: General) -> None:
    sample.article, sample.outcome = to_article(reading, KEY, cms.key(reading.page), cms.READER), READ
    sample.by = "by the layout that its pages share"


def _read_alone(sample: Sample, cms: Family) -> None:
    assert sample.page is not None
    try:
        article = cms.read(sample.page, KEY)
    except Unreadable as refusal:
        sample.outcome = refusal.outcome
        return
    sample.by = (
        "by itself: fewer than four pages share a layout" if isinstance(cms, General) else "by its family's reader"
    )
    sample.article, sample.outcome = article, READ


def show_some(samples: list[Sample], count: int = 2) -> list[Sample]:
    """The samples to show field by field, the first that were read, with their fields explained."""
    shown = [sample for sample in samples if sample.article is not None][:count]
    for sample in shown:
        assert sample.page is not None and sample.article is not None
        sample.fields = explain(sample.page, sample.article)
        sample.dropped = left_out(sample.page, sample.article)
    return shown
