"""The words of the interface: both languages, every one, and texts made safe."""

from __future__ import annotations

import re
import string
import subprocess
import sys
from pathlib import Path

from archive import i18n
from archive.site import html

SITE = Path(html.__file__).parent


def test_every_text_has_both_languages_with_the_same_blanks() -> None:
    for key, texts in i18n.STRINGS.items():
        assert len(texts) in (2, 3) and all(text.strip() for text in texts), key
        blanks = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in texts]
        assert all(names == blanks[0] for names in blanks), key


def test_every_text_that_a_template_asks_for_exists() -> None:
    asked: set[str] = set()
    for template in (SITE / "templates").glob("*.html"):
        asked |= set(re.findall(r'\b(?:t|vi|en)\(["\']([a-z_0-9]+)["\'][,)]', template.read_text("utf-8")))
    assert asked and asked <= set(i18n.STRINGS)


def test_dates_and_numbers_in_both_manners() -> None:
    vi, en = i18n.Language("vi"), i18n.Language("en")
    assert vi.moment("2022-03-13T08:50:00+07:00") == "Chủ Nhật, 13/03/2022, 08:50"
    assert en.moment("2022-03-13T08:50:00+07:00") == "Sunday, 13 March 2022, 08:50"
    assert (vi.number(1234567), en.number(1234567)) == ("1.234.567", "1,234,567")
    assert vi.day(None) == vi.day("hôm qua") == ""
    assert i18n.Language("xx").code == "vi"


def test_marks_are_set_after_escaping_and_stray_ones_vanish() -> None:
    assert html.marked("a < \x02b\x03 & \x02c") == "a &lt; <mark>b</mark> &amp; c"
    assert html.article_body("", "Một\n\n<b>Hai</b>", "Ảnh") == "<p>Một</p>\n<p>&lt;b&gt;Hai&lt;/b&gt;</p>"


def test_no_word_is_given_twice() -> None:
    keys = [
        key
        for file in Path(i18n.__file__).parent.glob("*.py")
        for key in re.findall(r'^    "([a-z_0-9.-]+)": \(', file.read_text("utf-8"), re.M)
    ]
    known = [key for key in keys if key in i18n.STRINGS]
    assert len(known) == len(set(known)) == len(i18n.STRINGS)


def test_whoever_needs_the_words_alone_does_not_wait_for_the_site() -> None:
    """A nightly run writes its report with them: Datasette would be a quarter of its start."""
    code = "import sys, crawler.reporting.reporter, crawler.health.showing; print('datasette' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=SITE.parents[1])
    assert said.stdout.strip() == "False"
