"""What becomes of an article's block, whatever the editor pasted into it."""

from __future__ import annotations

import random
import unicodedata
from datetime import datetime

import pytest

from archive import clock
from archive.article import File, Image
from archive.clock import VIETNAM
from crawler.clean import Cleaned, clean, sanitize, text_paragraphs
from crawler.page import Page

URL = "http://portal.example/vi/news/Muc/Bai-1.html"
NOW = datetime(2026, 3, 1, tzinfo=VIETNAM)


def block_of(html: str):  # type: ignore[no-untyped-def]
    text = f"<html><body><h1>Ngoài</h1><div id='body'>{html}</div><p>Sau</p></body></html>"
    return Page(URL, text, NOW).root.get_element_by_id("body")


def cleaned(html: str) -> Cleaned:
    return clean(block_of(html), URL)


def lines(html: str) -> list[str]:
    return cleaned(html).paragraphs


# ---------------------------------------------------------------- paragraphs


PARAGRAPHS = {
    "paragraphs": ("<p>Một</p><p>Hai</p>", ["Một", "Hai"]),
    "two breaks part paragraphs": ("Một<br><br>Hai<br /><br/>Ba", ["Một", "Hai", "Ba"]),
    "breaks with a blank between part them too": ("Một<br>\n &nbsp; <br>Hai", ["Một", "Hai"]),
    "many breaks are no empty paragraphs": ("Một<br><br><br><br>Hai<br><br>", ["Một", "Hai"]),
    "one break is a blank": ("Một<br>hai<br>ba", ["Một hai ba"]),
    "a break around bold words": ("<b>Một</b><br><i>hai</i>", ["Một hai"]),
    "nested divs": ("<div><div>Một</div><div><div>Hai</div></div>Ba</div>", ["Một", "Hai", "Ba"]),
    "text before and after a block": ("Một<p>Hai</p>Ba", ["Một", "Hai", "Ba"]),
    "unclosed paragraphs": ("<p>Một<p>Hai <b>đậm<p>Ba", ["Một", "Hai đậm", "Ba"]),
    "unclosed spans": ("<p><span>Một <span>hai</p><p>Ba</p>", ["Một hai", "Ba"]),
    "empty blocks are none": ("<p></p><div>&nbsp;</div><p> <br> </p><p>Một</p>", ["Một"]),
    "headings": ("<h2>Đầu</h2><p>Một</p><h3>Giữa</h3>Hai", ["Đầu", "Một", "Giữa", "Hai"]),
    "a quote": ("<p>Một</p><blockquote><p>Lời</p><p>nói</p></blockquote>", ["Một", "Lời", "nói"]),
    "a rule": ("Một<hr>Hai", ["Một", "Hai"]),
    "spans that cut a word": ("<p>Dân <span>v</span><span>ận</span> kh<b>éo</b></p>", ["Dân vận khéo"]),
    "legacy markup": ("<center><font color=red size=4>Một</font></center><font>Hai</font>", ["Một", "Hai"]),
    "capital tags without quotes": ("<P ALIGN=center>Một</P><DIV CLASS=x>Hai</DIV>", ["Một", "Hai"]),
    "a list": ("<ul><li>Một</li><li>Hai</li></ul>", ["Một", "Hai"]),
    "a list in a list": ("<ul><li>Một<ul><li>Một a</li></ul></li><li>Hai</li></ul>", ["Một", "Một a", "Hai"]),
    "a list of paragraphs": ("<ol><li><p>Một</p></li><li><p>Hai</p></li></ol>", ["Một", "Hai"]),
    "definitions": ("<dl><dt>Khéo</dt><dd>Khéo tay</dd></dl>", ["Khéo", "Khéo tay"]),
    "a figure": ("<figure><img src=/a.jpg><figcaption>Chú thích</figcaption></figure><p>Một</p>", ["Chú thích", "Một"]),
    "white space in the source": ("<p>Một\n\t hai\r\n   ba</p>", ["Một hai ba"]),
    "no-break spaces": ("<p>\xa0Một&nbsp;&nbsp;hai&#160;</p>", ["Một hai"]),
    "entities": ("<p>T&acirc;n &amp; c&#417; &lt;b&gt;</p>", ["Tân & cơ <b>"]),
    "nothing": ("", []),
}  # fmt: skip


@pytest.mark.parametrize(("html", "expected"), PARAGRAPHS.values(), ids=PARAGRAPHS)
def test_a_paragraph_is_a_line(html: str, expected: list[str]) -> None:
    assert lines(html) == expected


TABLES = {
    "cells joined": ("<table><tr><td>Xã</td><td>Số nhà</td></tr><tr><td>A</td><td>12</td></tr></table>",
                     ["Xã Số nhà", "A 12"]),
    "head, body and caption": ("<table><caption>Bảng 1</caption><thead><tr><th>Tên</th><th>Điểm</th></tr></thead>"
                               "<tbody><tr><td>B</td><td>9</td></tr></tbody></table>", ["Bảng 1", "Tên Điểm", "B 9"]),
    "paragraphs in cells": ("<table><tr><td><p>Một</p><p>hai</p></td><td><p>Ba</p></td></tr></table>", ["Một hai Ba"]),
    "breaks in cells": ("<table><tr><td>Một<br><br>hai</td><td>Ba</td></tr></table>", ["Một hai Ba"]),
    "empty rows are none": ("<table><tr><td></td><td>&nbsp;</td></tr><tr><td>A</td><td></td></tr></table>", ["A"]),
    "no closing tags": ("<table><tr><td>A<td>1<tr><td>B<td>2</table>", ["A 1", "B 2"]),
    "a frame around the text": ("<table><tr><td><p>Một</p><p>Hai</p><p>Ba</p></td></tr></table>", ["Một", "Hai", "Ba"]),
    "a frame with breaks": ("<table><tr><td>Một<br><br>Hai</td></tr></table>", ["Một", "Hai"]),
}  # fmt: skip


@pytest.mark.parametrize(("html", "expected"), TABLES.values(), ids=TABLES)
def test_a_table_is_a_line_a_row_and_a_layout_table_only_a_frame(html: str, expected: list[str]) -> None:
    assert lines(html) == expected


WORD = """<!--[if gte mso 9]><xml><w:WordDocument>Chữ ma</w:WordDocument></xml><![endif]-->
<style>@font-face {font-family: "Times"} p.MsoNormal {margin: 0}</style>
<p class="MsoNormal" style="text-indent:36pt"><span style='font-size:14.0pt'>Bà con <st1:place>Khe Lạnh</st1:place>
góp<o:p></o:p></span></p><p class=MsoNormal><![if !supportLists]>-&nbsp;<![endif]>một tay.<o:p>&nbsp;</o:p></p>"""


def test_what_is_pasted_from_word_leaves_its_words_alone() -> None:
    found = cleaned(WORD)
    assert found.paragraphs == ["Bà con Khe Lạnh góp", "- một tay."]
    for rubbish in ("Mso", "o:p", "font", "style", "ma</", "supportLists", "<!--"):
        assert rubbish not in found.html


def test_letters_typed_in_parts_are_composed() -> None:
    decomposed = unicodedata.normalize("NFD", "Vận động đồng bào Đắk Lắk")
    found = cleaned(f"<p>{decomposed}</p><p><img src=/a.jpg><em>{decomposed}</em></p>")
    assert found.paragraphs[0] == "Vận động đồng bào Đắk Lắk"
    assert unicodedata.is_normalized("NFC", found.html) and unicodedata.is_normalized("NFC", found.images[0].caption)


def test_zero_width_signs_and_tone_placement_stay_as_written() -> None:
    assert lines("<p>hoà hòa uỷ\u200b ủy\u00ad – -</p>") == ["hoà hòa uỷ\u200b ủy\u00ad – -"]


@pytest.mark.parametrize("tag", ["script", "style", "noscript", "template", "textarea", "button", "select"])
def test_what_is_no_text_is_gone(tag: str) -> None:
    found = cleaned(f"<p>Trước</p><{tag}>var x = 'chữ ma';</{tag}><p>Sau</p>")
    assert found.paragraphs == ["Trước", "Sau"]
    assert "chữ ma" not in found.html


def test_words_behind_what_is_gone_stay() -> None:
    assert lines("<p>Một <script>x()</script>hai <!-- ma -->ba <?php ma ?>bốn</p>")[0].startswith("Một hai ba")
    assert lines("Một<style>a{}</style> hai") == ["Một hai"]


def test_the_block_is_left_as_it_was_and_only_the_block_is_read() -> None:
    block = block_of("<p>Một<script>x()</script></p><iframe src='/v'></iframe>")
    first, second = clean(block, URL), clean(block, URL)
    assert first == second
    assert first.paragraphs == ["Một"]
    assert first.text == "Một"


# ---------------------------------------------------------------- images, files, embeds


def test_images_have_absolute_addresses_and_their_captions() -> None:
    found = cleaned(
        "<figure><img src='/uploads/a.jpg'><figcaption>Ở <b>bến</b></figcaption></figure>"
        "<p><img src='b.jpg'></p><p><em>Dưới ảnh</em></p>"
        "<table><tr><td><img src='//cdn.example/c.jpg'></td></tr><tr><td>Trong bảng</td></tr></table>"
        "<p><img src='http://other.example/d.jpg'></p><p>Đoạn văn thường, không phải chú thích.</p>"
    )
    assert found.images == [
        Image("http://portal.example/uploads/a.jpg", "Ở bến"),
        Image("http://portal.example/vi/news/Muc/b.jpg", "Dưới ảnh"),
        Image("http://cdn.example/c.jpg", "Trong bảng"),
        Image("http://other.example/d.jpg", ""),
    ]


def test_images_within_the_page_itself_are_left_out() -> None:
    found = cleaned("<p>Một <img src='data:image/png;base64,iVBORw0KGgo='></p>")
    assert found.images == [] and "<img" not in found.html


def test_a_lazy_image_is_taken_where_it_really_is() -> None:
    found = cleaned("<p><img src='data:image/gif;base64,R0lGOD' data-src='/uploads/that.jpg'></p>")
    assert found.images == [Image("http://portal.example/uploads/that.jpg", "")]
    assert "http://portal.example/uploads/that.jpg" in found.html


def test_linked_documents_are_files_with_their_names() -> None:
    found = cleaned(
        "<p><a href='/uploads/ke-hoach.pdf'>Kế <b>hoạch</b></a> <a href='/uploads/bang.XLSX?v=1'></a>"
        "<a href='/vi/news/Muc/'>mục</a></p>"
    )
    assert found.files == [
        File("http://portal.example/uploads/ke-hoach.pdf", "Kế hoạch"),
        File("http://portal.example/uploads/bang.XLSX?v=1", "bang.XLSX"),
    ]


@pytest.mark.parametrize(
    "embed",
    [
        "<iframe src='//www.youtube.com/embed/abc?x=1&amp;y=2'></iframe>",
        "<object data='//www.youtube.com/embed/abc?x=1&amp;y=2'></object>",
        "<embed src='//www.youtube.com/embed/abc?x=1&amp;y=2'>",
        "<video><source src='//www.youtube.com/embed/abc?x=1&amp;y=2'></video>",
    ],
)
def test_what_is_embedded_becomes_a_link_where_it_stood(embed: str) -> None:
    found = cleaned(f"<p>Trước</p><p>{embed}</p><p>Sau</p>")
    address = "http://www.youtube.com/embed/abc?x=1&y=2"
    assert found.embeds == [address]
    assert found.paragraphs == ["Trước", "Sau"]
    before, link, after = (found.html.index(part) for part in ("Trước", "<a ", "Sau"))
    assert before < link < after
    assert f'href="{address.replace("&", "&amp;")}"' in found.html
    assert ">http://www.youtube.com/embed/abc" in found.html


@pytest.mark.parametrize("tag", ["iframe", "video", "audio", "object"])
def test_words_for_a_browser_that_cannot_show_an_embed_are_no_text(tag: str) -> None:
    found = cleaned(f"<p>Trước</p><{tag} src='/v' data='/v'><p>Trình duyệt <b>cũ</b> quá.</p></{tag}><p>Sau</p>")
    assert found.paragraphs == ["Trước", "Sau"]
    assert "duyệt" not in found.html and found.embeds == ["http://portal.example/v"]


def test_text_behind_an_embed_stays() -> None:
    assert lines("<p>Một <iframe src='/v'></iframe> hai</p>") == ["Một hai"]


# ---------------------------------------------------------------- safe HTML


@pytest.mark.parametrize(
    "attack",
    [
        "<p onclick='evil()'>chữ</p>",
        "<a href='javascript:evil()'>chữ</a>",
        "<a href=' java\nscript:evil()'>chữ</a>",
        "<a href='data:text/html,<script>evil()</script>'>chữ</a>",
        "<a href='vbscript:evil()'>chữ</a>",
        "<p style='background:url(javascript:evil())'>chữ</p>",
        "<img src=x onerror=evil()>chữ",
        "<img src='javascript:evil()'>chữ",
        "<svg onload=evil()><script>evil()</script></svg>chữ",
        "<math><mtext></mtext><script>evil()</script></math>chữ",
        "<form action=evil()><input value=x>chữ</form>",
        "<iframe srcdoc='<script>evil()</script>'></iframe>chữ",
        "<iframe src='javascript:evil()'></iframe>chữ",
        "<object data='javascript:evil()'></object>chữ",
        "<base href='evil()'>chữ",
        "<scr<script>ipt>evil()</scr</script>ipt>chữ",
        "<style>@import 'evil()';</style>chữ",
        "<meta http-equiv=refresh content='0;url=evil()'>chữ",
    ],
)
def test_nothing_that_could_run_survives(attack: str) -> None:
    found = cleaned(f"<div>{attack}</div>")
    # Words may be shown; nothing may be an attribute, an address or an element that acts.
    for danger in ("<script", "javascript:", "vbscript:", "data:", "onclick", "onerror", "onload", "style=", "<style",
                   "<svg", "<form", "<input", "<iframe", "<object", "<base", "<meta", "srcdoc"):  # fmt: skip
        assert danger not in found.html.lower()
    assert "chữ" in found.html and "chữ" in found.text


def test_links_are_absolute_and_follow_nobody() -> None:
    html = cleaned("<p><a href='../khac/bai-2.html#cuoi' target=_blank>khác</a></p>").html
    assert 'href="http://portal.example/vi/news/khac/bai-2.html"' in html
    assert 'rel="nofollow noopener"' in html and "target" not in html


def test_structure_survives() -> None:
    html = cleaned("<h2>Đầu</h2><ul><li>Một</li></ul><table><tr><td colspan=2>A</td></tr></table><b>đậm</b>").html
    for kept in ("<h2>", "<ul>", "<li>", "<table>", '<td colspan="2">', "<b>"):
        assert kept in html


@pytest.mark.parametrize(
    "href", ["http://[", "http://a:b/", "http://", "//", "::", "http://[::1", "%", "tel:+84", "\x00", "https://ví dụ/"]
)
def test_a_garbage_address_never_stops_a_reading(href: str) -> None:
    found = cleaned(f"<p>Một <a href='{href}'>hai</a><img src='{href}'><iframe src='{href}'></iframe></p>")
    assert found.text.startswith("Một hai")
    sanitize(f"<a href='{href}'>hai</a>", "http://[")


# ---------------------------------------------------------------- short blocks


def test_a_lead_is_read_without_its_image() -> None:
    assert text_paragraphs(block_of("Một lời dẫn.")) == ["Một lời dẫn."]
    assert text_paragraphs(block_of("<p>Một</p><p>Hai</p>")) == ["Một", "Hai"]
    assert text_paragraphs(block_of("<div class=imghome><img src=/a.jpg><em>Chú thích</em></div>Lời dẫn")) == [
        "Lời dẫn"
    ]
    assert text_paragraphs(block_of("<figure><img src=/a.jpg><figcaption>Chú</figcaption></figure><p>Dẫn</p>")) == [
        "Dẫn"
    ]
    assert text_paragraphs(block_of(" &nbsp; ")) == []


# ---------------------------------------------------------------- anything at all

PIECES = [
    "<p>", "</p>", "<div>", "</div>", "<br>", "<table>", "<tr>", "<td>", "</td>", "</table>", "<ul>", "<li>", "</ul>",
    "<span", ">", "</span>", "<b>", "</i>", "<script>", "</script>", "<script", "<style>", "</style>", "<!--", "-->",
    "<![CDATA[", "]]>", "<?xml", "?>", "<o:p>", "</o:p>", "<iframe src='", "'>", "<img src=\"", "\">", "<a href=http://[>",
    "<a href='javascript:x'>", "</a>", "<figure>", "<figcaption>", "&nbsp;", "&#x110;", "&#0;", "&", "<", "\x00",
    "\ud7ff", "bà con", "Đảng", "e\u0302\u0301", "\u200b", "<svg><title>", "<math>", "<template>", "<object data=/x>",
    "<noscript>", "</noscript>", "<h1 onclick=x()>", "<textarea>", "</textarea>", "<select><option>", "</body>",
    "</html>", "<video>",
]  # fmt: skip


def test_tag_soup_is_always_cleaned() -> None:
    chance = random.Random(1975)
    for _ in range(1500):
        soup = "".join(chance.choices(PIECES, k=chance.randint(1, 40)))
        text = f"<html><body><div class='bodytext'>{soup}</div></body></html>"
        root = Page(URL, text, NOW).root
        found = clean(next(root.iter("div"), root), URL)
        assert all(line == line.strip() and line for line in found.paragraphs), soup
        if "<svg" not in soup:  # a <title> in a drawing shows its tags as words, in a browser too
            assert not any("<script" in line.lower() for line in found.paragraphs), soup
        assert "<script" not in found.html.lower() and "<iframe" not in found.html.lower(), soup
        assert " on" not in found.html.lower().replace(" onclick=x()&gt;", ""), soup
        assert unicodedata.is_normalized("NFC", found.text), soup


def test_a_control_character_of_a_word_paste_does_not_stop_the_reading() -> None:
    page = Page(
        "http://portal.example/", "<body><div>a\x0bb <img src='data:image/png;base64,AA'> c</div></body>", clock.now()
    )
    assert clean(page.root.find(".//div"), page.url).paragraphs == ["a b c"]
