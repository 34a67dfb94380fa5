"""Body fragment -> clean paragraphs and safe HTML, whatever the editor pasted.

Word paste, `<br><br>` paragraphs, nested divs, `<font>` and `<center>`, unclosed tags, layout tables: all come
out as one line a paragraph. BeautifulSoup sees the article's own block only; the whole page with it is seven
times slower than everything else together.
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field
from functools import partial
from html import escape
from urllib.parse import urlsplit

import nh3
from bs4 import BeautifulSoup, CData, Comment, Declaration, Doctype, ProcessingInstruction
from bs4.builder import HTMLTreeBuilder
from bs4.element import NavigableString, PageElement, Tag
from lxml import etree
from lxml.html import HtmlElement

from archive.article import File, Image
from crawler.finders import is_hidden, text_of
from crawler.text import squeeze
from crawler.urls import absolute

BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol p pre section summary table "
    "tbody tfoot thead tr ul".split()
)
CELLS = frozenset(("td", "th"))
DROPPED = ("script", "style", "noscript", "template", "head", "meta", "link", "input", "button", "select", "textarea")
WRAPPERS = ("span", "font", "o:p", "st1:place", "ins", "nobr")
INLINE = (*WRAPPERS, "a", "b", "strong", "i", "em", "u", "s", "strike", "sub", "sup", "small", "big", "mark", "img")
LOOKS = ("style", "class", "lang", "align", "valign", "width", "height", "border", "cellpadding", "cellspacing")
NO_TEXT = (Comment, CData, Declaration, Doctype, ProcessingInstruction)
EMBEDS = ("iframe", "embed", "object", "video", "audio", "source")
DOCUMENT = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|odt|rtf|zip|rar|7z)$", re.I)
MAY_HIDE = etree.XPath("descendant::*[@hidden or @class or @style]")
CAPTION_LENGTH = 300  # letters; a longer line below an image is a paragraph of the text

ALLOWED_TAGS = {
    *("p br h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre table caption thead tbody tfoot tr td th".split()),
    *("b strong i em u s sub sup small mark a img figure figcaption hr div".split()),
}
ALLOWED_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt"}, "td": {"colspan", "rowspan"}, "th": {"colspan"}}


@dataclass(slots=True)
class Cleaned:
    """What a body fragment holds. `paragraphs` are squeezed lines; addresses are absolute."""

    paragraphs: list[str] = field(default_factory=list)
    html: str = ""
    images: list[Image] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    embeds: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """A paragraph a line, a blank line between."""
        return "\n\n".join(self.paragraphs)


def clean(block: HtmlElement, base_url: str, with_text: bool = True) -> Cleaned:
    """Clean the article's block. `base_url` is the page's address, for relative links; the tree stays as it was.

    `with_text=False` leaves the paragraphs to a reader that has them already.
    """
    result = Cleaned()
    block = copy.deepcopy(block)
    block.tail = None
    # In lxml first, since it is quicker by far: what carries no text, and the wrappers that carry no meaning.
    etree.strip_elements(block, *DROPPED, etree.Comment, etree.ProcessingInstruction, with_tail=False)
    _drop_hidden(block)
    _replace_embeds(block, base_url, result)
    for image in list(block.iter("img")):
        # Lazy-loading themes keep the address in data-src and a blank pixel in src.
        image.set("src", image.get("data-src") or image.get("src") or "")
        if image.get("src").startswith("data:"):
            image.drop_tree()
    etree.strip_tags(block, *WRAPPERS)
    etree.strip_attributes(block, *LOOKS)
    html = etree.tostring(block, encoding="unicode", method="html")
    result.html = _name_embeds(sanitize(html, base_url), result.embeds)
    for node in block.iter("img", "a"):
        if node.tag == "img":
            _add_image(node, base_url, result)
        else:
            _add_file(node, base_url, result)
    if with_text:
        result.paragraphs = _paragraphs_of(block)
    return result


def _drop_hidden(block: HtmlElement) -> None:
    """What the portal does not show is no part of the article: a second copy, words for search engines."""
    for element in MAY_HIDE(block):
        if element is not block and element.getparent() is not None and is_hidden(element):
            element.drop_tree()


def text_paragraphs(block: HtmlElement) -> list[str]:
    """The lines of a short block, such as a lead; images and their captions in it are left out."""
    if not len(block):
        return [line] if (line := squeeze(block.text or "")) else []
    block = copy.deepcopy(block)
    block.tail = None
    etree.strip_elements(block, *DROPPED, "figure", etree.Comment, etree.ProcessingInstruction, with_tail=False)
    for image in list(block.iter("img")):
        holder = next((p for p in image.iterancestors() if p is not block and p.getparent() is block), image)
        if holder is not block:
            holder.drop_tree()
    return _paragraphs_of(block)


def _paragraphs_of(block: HtmlElement) -> list[str]:
    """The lines of a block that is ours to take apart. Only its blocks matter: what is inline goes first."""
    etree.strip_tags(block, *INLINE)
    return paragraphs(BeautifulSoup("", builder=_FromTree(block)))


class _FromTree(HTMLTreeBuilder):
    """Hands BeautifulSoup the tree that lxml has already: to write it out and parse it again takes twice the time."""

    def __init__(self, block: HtmlElement) -> None:
        super().__init__()
        self.block = block

    def feed(self, markup: str | bytes) -> None:
        """What BeautifulSoup calls to be filled; the markup is empty."""
        soup = self.soup
        assert soup is not None
        for event, element in etree.iterwalk(self.block, events=("start", "end")):
            if event == "start":
                soup.handle_starttag(element.tag, None, None, {})
                if element.text:
                    soup.handle_data(element.text)
            else:
                soup.handle_endtag(element.tag)
                if element.tail and element is not self.block:
                    soup.handle_data(element.tail)


def sanitize(html: str, base_url: str) -> str:
    """HTML through the allow-list: no script, style, event or foreign scheme survives; links are absolute."""

    def attribute(tag: str, name: str, value: str) -> str | None:
        if (tag, name) in (("a", "href"), ("img", "src")):
            return absolute(base_url, value)
        return value

    safe = nh3.clean(
        html,
        tags=ALLOWED_TAGS,
        clean_content_tags={"script", "style", "noscript", "template"},
        attributes=ALLOWED_ATTRIBUTES,
        attribute_filter=attribute,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener",
    )
    return squeeze(safe)


def paragraphs(root: Tag) -> list[str]:
    """The text of a tree as lines: paragraphs, headings, list items, captions, and table rows (cells joined)."""
    lines: list[str] = []
    current: list[str] = []

    def flush() -> None:
        if line := squeeze("".join(current)):
            lines.append(line)
        current.clear()

    def walk(tag: Tag, in_row: bool) -> None:
        breaks = 0
        for child in tag.children:
            if not isinstance(child, Tag):
                breaks = _take_text(child, current, breaks)
                continue
            name = child.name
            if name == "br":
                breaks += 1
                current.append(" ")
                if breaks > 1 and not in_row:
                    flush()
                continue
            breaks = 0
            row = name == "tr" and not _is_layout_row(child)
            if in_row and (name in BLOCKS or name in CELLS):
                current.append(" ")
                walk(child, True)
                current.append(" ")
            elif name in BLOCKS or name in CELLS:
                flush()
                walk(child, row)
                flush()
            else:
                walk(child, in_row)

    walk(root, False)
    flush()
    return lines


def _take_text(node: PageElement, current: list[str], breaks: int) -> int:
    """Add a text node; returns how many line breaks are still in a row behind it."""
    if not isinstance(node, NavigableString) or isinstance(node, NO_TEXT):
        return breaks
    current.append(node)
    return breaks if not node.strip() else 0


def _is_layout_row(row: Tag) -> bool:
    """A row of one cell with several blocks in it only frames the text: its blocks are paragraphs."""
    cells = [cell for cell in row.children if isinstance(cell, Tag) and cell.name in CELLS]
    if len(cells) != 1:
        return False
    blocks = [child for child in cells[0].children if isinstance(child, Tag) and child.name in BLOCKS]
    breaks = len(cells[0].find_all("br"))
    return sum(bool(block.get_text(strip=True)) for block in blocks) > 1 or breaks > 1


def _replace_embeds(block: HtmlElement, base_url: str, result: Cleaned) -> None:
    """Videos and embedded documents become links where they stood; a link of theirs has no words of its own.

    What stands inside an embed is for browsers that cannot show it. Much of it is text behind a tag that was
    never closed.
    """
    for embed in list(block.iter(*EMBEDS)):
        if embed.getparent() is None:  # went with the embed around it
            continue
        source = next((part for part in embed.iter() if part.get("src") or part.get("data")), embed)
        address = absolute(base_url, source.get("src") or source.get("data") or "")
        if address and address not in result.embeds:
            result.embeds.append(address)
            link = etree.Element("a", href=address)
            embed.addprevious(link)
            link.tail = " "
        if len(text_of(embed)) > CAPTION_LENGTH:
            embed.drop_tag()
        else:
            embed.drop_tree()


def _name_embeds(html: str, embeds: list[str]) -> str:
    """In the HTML the link of an embed shows its address, so that a person can click it."""
    for address in embeds:
        shown = escape(address)
        html = re.sub(rf'(<a href="{re.escape(shown)}"[^>]*>)(?=</a>)', partial(_fill, shown), html)
    return html


def _fill(words: str, opening: re.Match[str]) -> str:
    return opening[1] + words


def _add_image(img: HtmlElement, base_url: str, result: Cleaned) -> None:
    address = absolute(base_url, img.get("src") or "")
    if address.startswith(("http://", "https://")):
        result.images.append(Image(address, _caption(img)))


def _add_file(link: HtmlElement, base_url: str, result: Cleaned) -> None:
    address = absolute(base_url, link.get("href") or "")
    if address and DOCUMENT.search(urlsplit(address).path):
        result.files.append(File(address, text_of(link) or urlsplit(address).path.rsplit("/", 1)[-1]))


def _caption(img: HtmlElement) -> str:
    """The line that belongs to an image: its figcaption, the words under it, or the italic line below."""
    if (figure := next(img.iterancestors("figure"), None)) is not None:
        return next(map(text_of, figure.iter("figcaption")), "")
    holder = next(img.iterancestors("p", "div", "td", "center"), None)
    if holder is None:
        return ""
    own = text_of(holder)
    if own:
        alone = sum(1 for _ in holder.iter("img")) == 1 and next(holder.iter("em", "i"), None) is not None
        return own if alone and len(own) <= CAPTION_LENGTH else ""
    below = _below(holder)
    if below is None or next(below.iter("img"), None) is not None:
        return ""
    line = text_of(below)
    italic = squeeze(" ".join(text_of(part) for part in below.iter("em", "i")))
    in_table = next(holder.iterancestors("table"), None) is not None
    return line if line and len(line) <= CAPTION_LENGTH and (in_table or italic == line) else ""


def _below(holder: HtmlElement) -> HtmlElement | None:
    """What stands under the block of an image: the next row of its table, else the next block."""
    row = next(holder.iterancestors("tr"), None)
    return (row if row is not None else holder).getnext()
