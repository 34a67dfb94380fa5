"""Every word of the interface, in Vietnamese and English, and both manners of writing dates and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache

from markupsafe import Markup, escape

from archive.i18n.about import WORDS as ABOUT_WORDS
from archive.i18n.page import WORDS as PAGE_WORDS
from archive.i18n.results import WORDS as RESULTS_WORDS
from archive.i18n.taking import WORDS as TAKING_WORDS

LANGUAGES = ("vi", "en")
DEFAULT = "vi"

# key: (Vietnamese, English[, English for exactly one]). {n} and the like are filled in, escaped.
STRINGS: dict[str, tuple[str, ...]] = {
    "site": ("Kho lưu trữ tin dân vận", "Dân vận news archive"),
    "about": (
        "Tin bài của các cổng thông tin dân vận tỉnh ủy, được lưu giữ nguyên văn để tra cứu lâu dài.",
        "News of the provincial party committees’ mass mobilization (dân vận) portals, kept word for word.",
    ),
    "other_language": ("English", "Tiếng Việt"),
    "skip": ("Đến nội dung chính", "Skip to content"),
    "data": ("Bảng dữ liệu", "Data table"),
    "home": ("Trang đầu", "Front page"),
    # search box
    "search": ("Tìm trong kho lưu trữ", "Search the archive"),
    "search_button": ("Tìm", "Search"),
    "search_placeholder": ("ví dụ: dân vận khéo, 25-NQ/TW", "e.g. dân vận khéo, 25-NQ/TW"),
    "search_hint": (
        "Gõ có dấu: tìm đúng dấu. Gõ không dấu: không phân biệt dấu. "
        "“cụm từ” trong ngoặc kép; -từ để loại bỏ; ngh* tìm mọi từ bắt đầu bằng ngh; "
        "OR để tìm một trong hai.",
        "With accents: exactly those. Without: any accents. "
        "“a phrase” in quotes; -word leaves out; ngh* finds all words beginning with ngh; OR for either.",
    ),
    # counts
    "articles": ("{n} bài viết", "{n} articles", "{n} article"),
    "portals": ("{n} cổng thông tin", "{n} portals", "{n} portal"),
    "provinces": ("{n} tỉnh, thành phố", "{n} provinces", "{n} province"),
    "label_articles": ("bài viết", "articles", "article"),
    "label_portals": ("cổng thông tin", "portals", "portal"),
    "label_provinces": ("tỉnh, thành phố", "provinces", "province"),
    "last_crawl": ("Cập nhật lần cuối: {when}", "Last updated: {when}"),
    "newest": ("Bài viết mới nhất", "Newest articles"),
    "all_articles": ("Tất cả bài viết", "All articles"),
    "none_yet": ("Kho lưu trữ chưa có bài viết nào.", "The archive holds no articles yet."),
    # article
    "published": ("Ngày đăng", "Published"),
    "undated": ("không rõ ngày", "undated"),
    "published_text": ("Ngày ghi trên trang", "Date as printed"),
    "portal": ("Cổng thông tin", "Portal"),
    "province": ("Tỉnh, thành phố", "Province"),
    "section": ("Chuyên mục", "Section"),
    "author": ("Tác giả", "Author"),
    "source": ("Nguồn", "Source"),
    "tags": ("Từ khóa", "Tags"),
    "views": ("Lượt xem khi lưu", "Views when saved"),
    "comments": ("Bình luận khi lưu", "Comments when saved"),
    "images": ("Ảnh trong bài", "Images"),
    "image": ("Ảnh", "Image"),
    "files": ("Tệp đính kèm", "Attachments"),
    "file": ("Tệp", "File"),
    "in_attachment": ("Trong tệp đính kèm", "In an attachment"),
    "download": ("Tải bản lưu", "Download the kept copy"),
    "lead_image": ("Ảnh đại diện", "Lead image"),
    "file_original": ("Địa chỉ gốc", "Original address"),
    "not_kept": ("chưa lưu được tệp này", "not kept"),
    "no_text_encrypted": ("tệp có mật khẩu, không tìm được trong nội dung", "locked by a password: not searched"),
    "no_text_legacy": (
        "chữ viết bằng bảng mã cũ (VNI, TCVN3), không tìm được trong nội dung",
        "written in an old encoding (VNI, TCVN3): not searched",
    ),
    "no_text": ("không tìm được trong nội dung tệp", "its text is not searched"),
    "text_cut": ("chỉ tìm được trong phần đầu của tệp", "only its first part is searched"),
    "original": ("Địa chỉ gốc", "Original address"),
    "permalink": ("Địa chỉ cố định", "Permalink"),
    "first_seen": ("Lưu lần đầu", "First saved"),
    "last_seen": ("Thấy lần cuối", "Last seen"),
    "changed": ("Thay đổi", "Changed"),
    "gone": ("Đã bị gỡ", "Taken down"),
    "gone_note": (
        "Bài viết này không còn trên cổng thông tin (phát hiện ngày {when}). Kho lưu trữ giữ lại bản đã lưu.",
        "This article is no longer on its portal (noticed {when}). The archive keeps what was saved.",
    ),
    "facts": ("Thông tin về bài viết", "About this article"),
    # errors
    "error_404": ("Không tìm thấy trang này", "There is no such page"),
    "error_403": ("Trang này không mở cho công chúng", "This page is not open to the public"),
    "error_400": ("Yêu cầu này không đọc được", "This request cannot be understood"),
    "error_405": ("Trang này chỉ để đọc", "This page can only be read"),
    "error_500": ("Có lỗi ở phía máy chủ", "Something went wrong on our side"),
    "error_hint": ("Địa chỉ có thể đã được gõ sai.", "The address may be mistyped."),
    # frame
    "footer": (
        "Mỗi bài viết thuộc về cổng thông tin đã đăng; kho này chỉ lưu giữ và dẫn về địa chỉ gốc.",
        "Every article belongs to the portal that published it; this archive keeps it and links back.",
    ),
    # the table of Datasette
    "table_apart": (
        "Tìm rời từng từ: tất cả {n} bài viết có đủ các từ này",
        "Words apart: all {n} articles that hold these words",
        "Words apart: the {n} article that holds these words",
    ),
    "table_reading": ("Xem các kết quả có đánh dấu từ", "Read the results with the words marked"),
    # the banner of an archive that is not fresh
    "stale": (
        "Kho lưu trữ chưa được cập nhật kể từ {when}. Tin mới trên các cổng thông tin có thể chưa có ở đây.",
        "This archive has not been updated since {when}. Newer articles of the portals may be missing here.",
    ),
}

STRINGS |= RESULTS_WORDS | TAKING_WORDS | PAGE_WORDS | ABOUT_WORDS

WEEKDAYS = {
    "vi": ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@cache
def _plain(text: str) -> Markup:
    """A text with nothing to fill in."""
    return escape(text).format()


class Language:
    """One language of the interface; what templates call as `t`."""

    def __init__(self, code: str, strings: Mapping[str, tuple[str, ...]] = STRINGS) -> None:
        """`strings`: the words, where they are others than those of the site."""
        self.code = code if code in LANGUAGES else DEFAULT
        self.strings = strings

    @property
    def other(self) -> str:
        """The language at a click."""
        return "en" if self.code == "vi" else "vi"

    def __call__(self, key: str, **values: object) -> Markup:
        """The text of a key, values filled in and escaped; whole numbers in the manner of the language."""
        texts = self.strings[key]
        text = texts[LANGUAGES.index(self.code)]
        if self.code == "en" and len(texts) > 2 and values.get("n") == 1:
            text = texts[2]
        if not values:
            return _plain(text)
        shown = {name: self.number(value) if isinstance(value, int) else value for name, value in values.items()}
        return escape(text).format(**shown)

    def __contains__(self, key: str) -> bool:
        return key in self.strings

    def number(self, number: int) -> str:
        """1.234 in Vietnamese, 1,234 in English."""
        text = f"{number:,}"
        return text.replace(",", ".") if self.code == "vi" else text

    def share(self, part: float) -> str:
        """2,5%, or 2.5%: with a decimal under ten per cent."""
        percent = 100 * part
        text = f"{percent:.1f}" if 0 < percent < 9.95 else f"{percent:.0f}"
        return text.replace(".", ",") + "%" if self.code == "vi" else text + "%"

    def month(self, value: str) -> str:
        """03/2022, or March 2022; a day in full; a year, and what is none of these, as it is."""
        if _read(value) is not None:
            return self.day(value)
        when = _read(f"{value}-01")
        if when is None or len(value) != 7:
            return value
        return f"{when:%m/%Y}" if self.code == "vi" else f"{MONTHS[when.month - 1]} {when.year}"

    def size(self, size: int) -> str:
        """824 byte, 35 KB, 1,4 MB; with a decimal point in English. Thousands, as file managers count."""
        if size < 1_000:
            return f"{size} byte" if self.code == "vi" or size == 1 else f"{size} bytes"
        if size < 999_500:
            return f"{round(size / 1_000)} KB"
        text = f"{size / 1_000_000:.1f} MB"
        return text.replace(".", ",") if self.code == "vi" else text

    def day(self, moment: str | None) -> str:
        """13/03/2022, or 13 March 2022; empty where there is no date."""
        when = _read(moment)
        if when is None:
            return ""
        if self.code == "vi":
            return f"{when:%d/%m/%Y}"
        return f"{when.day} {MONTHS[when.month - 1]} {when.year}"

    def partial(self, day: str | None) -> str:
        """A date as far as it is known: "2013-06-03", "2013-06" or "2013"; empty where nothing is."""
        if not day or len(day) == 4:
            return day or ""
        return self.month(day) if len(day) == 7 else self.day(day)

    def moment(self, moment: str | None) -> str:
        """Chủ Nhật, 13/03/2022, 08:50."""
        when = _read(moment)
        if when is None:
            return ""
        return f"{WEEKDAYS[self.code][when.weekday()]}, {self.day(moment)}, {when:%H:%M}"

    def verdict(self, verdict: str | None) -> Markup:
        """What a verdict of the crawl means, in words; one that has no words here as it is."""
        key = f"verdict_{(verdict or '').replace(' ', '_')}"
        return self(key) if verdict and key in self else escape(verdict or "")


def _read(moment: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(moment or "")
    except ValueError:
        return None
