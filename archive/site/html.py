"""Text and stored HTML made safe for a page, whatever a portal once put into them."""

from __future__ import annotations

import html
import re

import nh3
from markupsafe import Markup, escape

from archive.site.find import BEGIN, END

TAGS = {
    *("p", "br", "hr", "div", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "figure", "figcaption"),
    *("ul", "ol", "li", "dl", "dt", "dd", "table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th"),
    *("a", "img", "b", "strong", "i", "em", "u", "s", "sub", "sup", "small", "mark"),
}
ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt"}, "td": {"colspan", "rowspan"}, "th": {"colspan"}}

_MARKED = re.compile(f"{BEGIN}([^{BEGIN}{END}]*){END}")
_IMAGE = re.compile(r'<img((?:\s+[a-z]+="[^"]*")*)\s*/?>')
_ATTRIBUTE = re.compile(r'([a-z]+)="([^"]*)"')


def marked(text: str | None) -> Markup:
    """Escaped text with what matched in <mark>."""
    safe = _MARKED.sub(r"<mark>\1</mark>", str(escape(text or "")))
    return Markup(safe.replace(BEGIN, "").replace(END, ""))


def article_body(body_html: str | None, body: str | None, image_word: str) -> Markup:
    """The text of an article: its own HTML through an allow-list, or else its paragraphs.

    An image becomes a link to where it stood: a page of the archive fetches nothing from another host.
    """
    if not body_html:
        paragraphs = [part for part in (body or "").split("\n\n") if part.strip()]
        return Markup("\n").join(Markup("<p>{}</p>").format(part) for part in paragraphs)
    safe = nh3.clean(
        body_html.replace("<h1", "<h2").replace("</h1", "</h2"),  # the page's one h1 is the title
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer",
        clean_content_tags={"script", "style"},
    )
    return Markup(_IMAGE.sub(lambda found: _image_link(found[1], image_word), safe))


def _image_link(attributes: str, word: str) -> str:
    values = {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(attributes)}
    if not values.get("src", "").startswith(("http://", "https://")):
        return ""
    label = f"{word}: {values['alt']}" if values.get("alt") else word
    link = Markup('<a class="image" rel="nofollow noopener noreferrer" href="{}">{}</a>')
    return str(link.format(values["src"], label))
