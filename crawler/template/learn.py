"""Learning the layout of a portal's article pages from ten to two hundred of them."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from crawler.page import Page
from crawler.template.dating import date_slots, dated
from crawler.template.hints import NOTHING, Known
from crawler.template.keys import STABLE_SHARE, learn_keys
from crawler.template.learning.bylines import learn_bylines
from crawler.template.learning.container import container_of, fellows_of, named_container, ordinal_of
from crawler.template.learning.frame import always_of, crumbs_of
from crawler.template.learning.furniture import learn_furniture
from crawler.template.learning.leads import learn_leads
from crawler.template.learning.learner import Learner, constants_of
from crawler.template.learning.titles import learn_titles
from crawler.template.model import Template
from crawler.template.outline import Paths, outline
from crawler.template.parts import locate
from crawler.template.trimming import is_empty, trim

EMPTY = 0.05  # of the pages without a word in the container, beyond which that is the portal's way: lead and no more


def learn(pages: Sequence[Page], known: Known = NOTHING, stable: float = STABLE_SHARE) -> Template | None:
    """The layout that some article pages of one portal share; None where they share none.

    What is known beforehand goes first: where its CSS names the body on most pages, that is the container.
    `stable`: share of the pages that must have a class or id, for it to be a part of an element's name.
    """
    if not pages:
        return None
    keys = learn_keys((page.root for page in pages), stable)
    paths = Paths()
    outlines = [outline(page.root, keys, paths) for page in pages]
    constants = constants_of(outlines)
    template = Template(len(pages), keys, paths, constants, 0)
    container = named_container(pages, outlines, known) or container_of(outlines, template)
    if container == 0:
        return None
    template.container = container
    template.ordinal = ordinal_of(outlines, template)
    learner = Learner(list(pages), outlines, template, [])
    learn_titles(learner)
    learner.parts = [locate(page, made, template, page.root, known) for page, made in zip(pages, outlines, strict=True)]
    found = [dated(page, parts) for page, parts in zip(pages, learner.parts, strict=True)]
    template.dates = date_slots(learner.pages, found, [parts.title_line for parts in learner.parts])
    learn_furniture(learner)
    learn_leads(learner)
    learn_bylines(learner)
    trimmed = [(parts, trim(parts, template, known)) for parts in learner.parts if parts.container is not None]
    template.fellows = fellows_of(learner)
    template.words = (
        int(statistics.median(sum(line.words for line in one.kept) for _, one in trimmed)) if trimmed else 0
    )
    template.noise = round(statistics.median(one.noise for _, one in trimmed), 3) if trimmed else 0.0
    template.empties = sum(is_empty(*one) for one in trimmed) > EMPTY * len(trimmed)
    template.crumbs = crumbs_of(outlines)
    template.always = always_of(outlines, paths)
    return _pruned(template)


def _pruned(template: Template) -> Template:
    """Only the places that reading asks for, renumbered and closed to others."""
    wanted = {template.container, *template.titles, *template.leads, *template.cuts, *template.always}
    wanted |= {slot.path for slot in template.dates if slot.path is not None}
    wanted |= {path for _, path in template.labels}
    wanted |= {place for place in (template.inner_lead, template.crumbs) if place is not None}
    kept = sorted({step for path in wanted for step in template.paths.above(path)} - {0})
    new = {0: 0, **{old: number for number, old in enumerate(kept, 1)}}
    steps = template.paths.steps
    template.paths = Paths([(new[steps[old][0]], steps[old][1]) for old in kept])
    template.container = new[template.container]
    for name in ("titles", "leads", "cuts", "mixed", "always"):
        setattr(template, name, [new[path] for path in getattr(template, name)])
    template.labels = [(kind, new[path]) for kind, path in template.labels]
    template.inner_lead = new[template.inner_lead] if template.inner_lead is not None else None
    template.crumbs = new[template.crumbs] if template.crumbs is not None else None
    for number, slot in enumerate(template.dates):
        if slot.path is not None:
            template.dates[number] = type(slot)(new[slot.path], slot.name, slot.ordinal)
    return template
