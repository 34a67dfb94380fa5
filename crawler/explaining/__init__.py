"""Why a field of an article is believed: where on its page it stands, what else says the same, what speaks against it.

Pure: a page and the article that was read of it, whatever reader read it. Each witness has a weight w and leaves
1 - w of the doubt; so two witnesses of 0.6 make 0.84, and none make more than 0.99. A contradiction leaves a share (x)
of the confidence.

| field | witnesses | contradictions | absent |
|---|---|---|---|
| title | in h1 .85, another heading .8, another element .6, a link .5, within a line .4; <title> .75, og:title .6, JSON-LD headline .6, twitter:title .3, the end of one .3; the address spells it .5; right above the text .5 | no line says it x.7; the head says something else x.7; a section's name x.6; cut short x.9 | .5 |
| lead | an element of its own .4 (called a lead .5 more, bold .3 more), in pieces .3; between title and text .6; a description begins with it .6 | not there x.7; fewer than 4 or more than 150 words x.7; repeated by the text x.95 | .8; .4 where the first paragraph is bold; .3 where prose stands between title and text |
| body | 150 words .6, 60 .5, 25 .35, fewer .2; one element holds nine tenths of it .6; six tenths of the page's prose are in it .5; JSON-LD articleBody .5 | fewer than 25 words x.8; no single element, or one with much else in it x.8; more than 30 % links x.6; a line of furniture x.9 each; the page says it is no article x.5, has 60 words and does not look like one x.85 | .3; .7 where there are images or files |
| published | a visible line .75, its weekday is that of the date .7, near the title .3; meta tags and JSON-LD .7 each, of an edit .5; a time element or microdata .5; the address .6 | the weekday is another x.6; the head says another day x.7; after the fetch x.2; above the title and of the fetch's day x.5; far from the title x.9; edited before x.8 | .8; .3 where a date stands near the title |
| author, source | behind a label .8, a line of date and counts .7; an element called so .6; signature to the right .6, else shown .4; the head's author .5; looks like a name .3 | more than 8 words x.7 | .8; .4 where a label stands near the text |
| sections | breadcrumb .75; article:section, JSON-LD .7; a link with rel .7; a link or the address alone .5; nothing .45 | | .8; .5 where there is a breadcrumb |
| tags | article:tag .7; links called tags, or behind the word .7; any link .5; nothing .45 | | .85; .5 where a line names some |
| views, comments | beside its word .85, an icon .75; alone .45 | | .85; .6 where a line states one |
| image | og:image, twitter:image .7 each; shown .7 | | .85; .7 where og:image looks like a logo |
| images, files | in the text's element .85 each, above it .7, elsewhere .5; the first is og:image .7 | some stand nowhere x.8 | .85 and .9; less where the page has some |
"""  # noqa: E501 - a table's row is a line

from __future__ import annotations

from archive.article import Article
from crawler.explaining import byline, container, dating, details, leading, titling
from crawler.explaining.model import Explained
from crawler.explaining.places import places_of
from crawler.page import Page

__all__ = ["FIELDS", "Explained", "explain", "left_out"]

FIELDS = (
    *("title", "lead", "body", "published", "author", "source", "sections", "tags", "views", "comments"),
    *("image", "images", "files"),
)


def explain(page: Page, article: Article) -> list[Explained]:
    """One explanation a field, in the order of FIELDS. The page's tree stays as it is."""
    places = places_of(page)
    holder = container.find(places, article)
    return [
        titling.title(places, article, holder),
        leading.lead(places, article, holder),
        container.body(places, article, holder),
        dating.published(places, article),
        byline.author(places, article, holder),
        byline.source(places, article, holder),
        details.sections(places, article),
        details.tags(places, article),
        details.count("views", article.views, places),
        details.count("comments", article.comments, places),
        details.image(places, article),
        details.images(places, article, holder),
        details.files(places, article, holder),
    ]


def left_out(page: Page, article: Article) -> list[str]:
    """The lines of the element that holds the text which are no field of the article, in the page's order."""
    places = places_of(page)
    return container.left_out(places, article, container.find(places, article))
