"""What an article is about, where its portal's row keeps only what is about mass mobilization."""

from __future__ import annotations

from dataclasses import replace

from archive.article import Article
from crawler.portals import Portal
from crawler.relevance import Rules, judge


def judged(article: Article, portal: Portal, rules: Rules) -> Article:
    """The article with its topic, score and deciding words; without them where the portal's row keeps all."""
    if portal.keep == "all":
        return replace(article, topic="", relevance=None, relevance_why="", relevance_rules="")
    verdict = judge(rules, article.title, article.lead, article.body, article.sections, article.tags)
    return replace(
        article,
        topic=verdict.topic,
        relevance=verdict.score,
        relevance_why=verdict.why,
        relevance_rules=rules.version,
    )
