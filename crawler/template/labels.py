"""Bylines, sources, counts and sign-offs: short lines that say by a label, or by where they stand, what they are."""

from __future__ import annotations

import re
from itertools import pairwise
from urllib.parse import urlsplit

from crawler import dates
from crawler.finders import marks
from crawler.template.outline import Line, Outline
from crawler.text import squeeze, whole_number

COUNT = r"(\d+(?:[.,]\d{3})*)"
VIEWS = re.compile(
    rf"(?:Đã xem|Lượt xem|Lượt đọc|Số lần đọc|Số lượt xem|Số lượt đọc|(?<!đang )Xem)\s*:?\s*{COUNT}\b|"
    rf"{COUNT}\s*(?:lượt xem|lượt đọc)(?!\s*:)",
    re.I,
)
COMMENTS = re.compile(rf"(?:Phản hồi|Bình luận|Ý kiến)\s*:?\s*\(?{COUNT}\b|{COUNT}\s*(?:bình luận|phản hồi)\b", re.I)
# Words that name a writer by themselves, and words that do so only before a colon: "Bài viết rất hay" is a comment.
SURE = (
    r"Tác giả(?: bài viết)?|Viết bởi|Được viết bởi|Được đăng bởi|Đăng bởi|"
    r"Người đăng(?: bài viết)?|Người viết|Gửi bởi|Bởi"
)
COLON = r"Bài viết|Bài|Tin|Tin, ảnh|Tin và ảnh|Bài, ảnh|Bài và ảnh|Thực hiện|Bút danh|Biên tập"
AUTHOR = re.compile(rf"^(?:(?:{SURE}|{COLON})\s*:|(?:{SURE})\s)\s*(?P<value>.*)$", re.I)
SOURCE = re.compile(
    r"^(?:\(?\s*(?:Nguồn tin|Nguồn bài viết|Nguồn)\s*(?::|\s(?=\S+\.\S))|Theo\s*:)\s*(?P<value>.*?)\)?$", re.I
)
FILES = re.compile(r"^(?:Tài liệu|Tệp|Tập tin|File|Văn bản)\s+(?:đính kèm|kèm theo|liên quan)\s*:?$", re.I)
FILE_LINE = re.compile(
    r"^(?:(?:Tập tin|Tệp|File|Tải về)\s*\d*\s*:.*|.*\.(?:pdf|docx?|xlsx?|pptx?|zip|rar)(?:\s*\(.*\))?)$", re.I
)
TAGS = re.compile(r"^(?:Tags?|Từ khóa|Từ khoá|Thẻ|Chủ đề|Nhãn)\s*:?(?:\s|$)", re.I)
BEHIND_NAME = re.compile(r"\s*(?:\||\bvào\s*(?:lúc|ngày|Thứ|Chủ|\d|$)|\s[-–]\s(?=\d)|•|·).*$", re.I)
LABEL_ALONE = re.compile(rf"(?:^|\s)(?:{SURE})\s*:?\s*$", re.I)
NAMED_AUTHOR = re.compile(r"(?:^|[\s_-])(?:author|byline|tac-?gia)(?:[_-]+name)?(?:$|\s)", re.I)
OF_A_READER = re.compile(r"(?:^|[\s_-])(?:comments?|respond|reply|binh-?luan)(?:[\s_-]|$)", re.I)
NAME = re.compile(r"(?:[^\W\d_][\w'’.]*\s+){1,5}[^\W\d_][\w'’.]*")
MOST_NAME_WORDS = 14
SHORT_LABEL = 14  # words of a line that is a label with its value
SIGN_OFF_WORDS = 9
RIGHT = re.compile(r"text-align\s*:\s*(?:right|end)", re.I)
RIGHT_CLASS = re.compile(r"(?:^|[\s_-])(?:text-)?(?:right|end)(?:$|\s)|has-text-align-right", re.I)


def author_of(text: str) -> str | None:
    """The name behind a byline's label; None where the line is no byline, "" where the name stands elsewhere."""
    match = AUTHOR.match(text)
    if match is None:
        return None
    value = BEHIND_NAME.sub("", match["value"])
    found = dates.find(value)
    if found is not None:
        value = value[: value.find(found.text[:6])]
    return squeeze(value).strip(" ,;:-–|")


def label_of(line: Line) -> str:
    """What kind of label a short line begins with: "author", "files", "source" or "tags"; "" where with none."""
    if line.words > SHORT_LABEL:
        return ""
    if author_of(line.text) is not None:
        return "author"
    if FILES.match(line.text):
        return "files"
    if SOURCE.match(line.text):
        return "source"
    return "tags" if TAGS.match(line.text) else ""


def byline_of(line: Line, outline: Outline) -> str | None:
    """The author that a line names: the words behind a label, a segment of their own, or a link to the author.

    "Đã xuất bản 19.04.2016 Bởi <a rel=author>Thanh Nhàn</a>" (WordPress) has its label in the middle.
    """
    pieces = [piece for piece in line.pieces if piece.text.strip()]
    for piece, name in pairwise(pieces):
        if LABEL_ALONE.search(piece.text) and name.words <= MOST_NAME_WORDS:
            return squeeze(BEHIND_NAME.sub("", name.text)).strip(" ,;:-–|")
    for piece in pieces:
        if piece.in_link and "author" in (outline.elements[piece.holder].get("rel") or ""):
            return squeeze(piece.text)
    return author_of(line.text) if AUTHOR.match(line.text) else _name_in_author(line, outline)


def _name_in_author(line: Line, outline: Outline) -> str | None:
    """The words of an element whose class calls it the author, where they are a name and no more."""
    owner = outline.elements[line.owner]
    if not NAMED_AUTHOR.search(owner.get("class") or "") or not is_name(line.text):
        return None
    return None if any(OF_A_READER.search(marks(one)) for one in (owner, *owner.iterancestors("*"))) else line.text


def is_name(text: str) -> bool:
    """Two to six words, each with a capital: "Trần Thị Thanh Thủy", "H'Linh Niê"; no office's "Ban biên tập"."""
    return NAME.fullmatch(text) is not None and all(word[0].isupper() for word in text.split())


def name_behind_date(text: str) -> str:
    """The name that ends a line of date and counts: "Đăng ngày: ... | Lượt xem: 1231 | <name>"; "" without one."""
    before, bar, last = text.rpartition(" | ")
    return last if bar and dates.find(before) is not None and is_name(last) else ""


def source_of(text: str) -> str | None:
    """The source behind its label; None where the line names none. An address is reduced to its host."""
    match = SOURCE.match(text)
    if match is None:
        return None
    value = squeeze(match["value"]).strip()
    return (urlsplit(value).hostname or value) if value.startswith(("http://", "https://")) else value


def views_of(text: str) -> int | None:
    """The count of views that a line states."""
    match = VIEWS.search(text)
    return whole_number(match[1] or match[2]) if match else None


def comments_of(text: str) -> int | None:
    """The count of comments that a line states."""
    match = COMMENTS.search(text)
    return whole_number(match[1] or match[2]) if match else None


def is_right(line: Line, outline: Outline, stop: int) -> bool:
    """Whether a line is set to the right by style, attribute or class, within an element given by its index."""
    index = line.owner
    while index > stop:
        element = outline.elements[index]
        if RIGHT.search(element.get("style") or "") or (element.get("align") or "").lower() == "right":
            return True
        if RIGHT_CLASS.search(element.get("class") or ""):
            return True
        index = outline.parents[index]
    return False


def is_sign_off(line: Line, outline: Outline, stop: int) -> bool:
    """Whether a line has the look of a signature: short, to the right, no sentence."""
    text = line.text.strip()
    return (
        0 < line.words <= SIGN_OFF_WORDS
        and not line.link_words
        and not text.endswith((".", ":", "!", "?", ";"))
        and not text.startswith(("(", "["))
        and any(letter.isalpha() for letter in text)
        and is_right(line, outline, stop)
    )
