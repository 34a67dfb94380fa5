"""Every word of the interface, in Vietnamese and English, and both manners of writing dates and numbers."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from markupsafe import Markup, escape

from archive.site.about_words import WORDS as ABOUT_WORDS
from archive.site.page_words import WORDS as PAGE_WORDS

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
    # results
    "results_phrase": (
        "{n} bài viết có cụm từ này",
        "{n} articles with this phrase",
        "{n} article with this phrase",
    ),
    "results_apart": (
        "{n} bài viết có đủ các từ này",
        "{n} articles with all of these words",
        "{n} article with all of these words",
    ),
    "results_one": ("{n} bài viết", "{n} articles", "{n} article"),
    "more_than": ("hơn {n}", "more than {n}"),
    "no_phrase": (
        "Không có bài viết nào có các từ này liền nhau; dưới đây là các bài có đủ các từ đứng rời nhau.",
        "No article has these words side by side; these have all of the words, apart.",
    ),
    "folded_fallback": (
        "Không có bài viết nào viết đúng dấu như vậy; dưới đây là kết quả không phân biệt dấu.",
        "Nothing is written with exactly these accents; accents are ignored below.",
    ),
    "folded_asked": ("Kết quả không phân biệt dấu.", "Accents are ignored."),
    "also_apart": (
        "Tìm rời từng từ: thêm {n} bài viết có đủ các từ này",
        "Words apart: {n} more articles hold all of these words",
        "Words apart: {n} more article holds all of these words",
    ),
    "as_phrase": ("Chỉ tìm các từ liền nhau", "Only where the words stand together"),
    "also_folded": ("Tìm không phân biệt dấu", "Ignore accents"),
    "nothing": ("Không tìm thấy bài viết nào.", "No articles found."),
    "nothing_hint": (
        "Hãy thử ít từ hơn, gõ không dấu, hoặc bỏ bớt bộ lọc.",
        "Try fewer words, no accents, or fewer filters.",
    ),
    "too_slow": (
        "Câu tìm này mất quá nhiều thời gian. Hãy thêm một từ, hoặc viết đủ từ thay cho dấu *.",
        "This search took too long. Add a word, or write the word out instead of the *.",
    ),
    "filters": ("Bộ lọc", "Filters"),
    "to_filters": ("Đến bộ lọc", "To the filters"),
    "remove_filter": ("Bỏ lọc", "Remove filter"),
    "more_values": ("Thêm {n} mục", "{n} more"),
    "facet_portal": ("Cổng thông tin", "Portal"),
    "facet_province": ("Tỉnh, thành phố", "Province"),
    "facet_section": ("Chuyên mục", "Section"),
    "facet_year": ("Năm", "Year"),
    "pages": ("Các trang kết quả", "Pages of results"),
    "previous": ("Trang trước", "Previous page"),
    "next": ("Trang sau", "Next page"),
    "as_table": ("Xem dạng bảng", "As a table"),
    # the results page: how a query was read, filters, timeline
    "mixed_fallback": (
        "Các từ gõ không dấu được tìm với mọi dấu; các từ gõ có dấu được tìm đúng dấu.",
        "Words typed without accents are found with any; those typed with accents exactly.",
    ),
    "also_apart_more": (
        "Tìm rời từng từ: còn hơn {n} bài viết có đủ các từ này",
        "Words apart: more than {n} further articles hold all of these words",
    ),
    "try_apart": ("Tìm rời từng từ", "Look for the words apart"),
    "aliases": ("Tìm cả: {others}", "Also looked for: {others}"),
    "as_typed": ("Chỉ tìm đúng chữ đã gõ", "Only what was typed"),
    "written_out": ("Tìm cả chữ viết tắt và chữ viết đầy đủ", "Abbreviations written out as well"),
    "meanings": ("{short} có thể là:", "{short} may mean:"),
    "code_found": (
        "Gồm cả các bài trích dẫn văn bản {code}.",
        "With the articles that cite document {code}.",
    ),
    "beginning_cut": (
        "{start}* được hiểu là {n} từ thường gặp nhất bắt đầu như vậy.",
        "{start}* stands for the {n} commonest words that begin so.",
    ),
    "order": ("Thứ tự", "Order"),
    "order_newest": ("Mới nhất trước", "Newest first"),
    "order_best": ("Khớp nhất trước", "Best match first"),
    "best_hint": (
        "Có cụm từ trong tiêu đề, rồi có các từ trong tiêu đề, rồi có cụm từ trong bài, rồi có các từ trong bài.",
        "The phrase in the title, then the words in it, then the phrase anywhere, then the words anywhere.",
    ),
    "best_last": (
        "Thứ tự này chỉ xếp {n} kết quả đầu. Hãy lọc bớt, hoặc xem theo ngày đăng.",
        "This order ranks the first {n} results. Narrow them, or read them by date.",
    ),
    "newest_last": (
        "Đây là {n} kết quả mới nhất. Hãy lọc theo thời gian để xem các bài cũ hơn.",
        "These are the newest {n} results. Narrow the time to reach older ones.",
    ),
    "reprints_of": ("{n} bản đăng lại", "{n} reprints", "{n} reprint"),
    "reprints_apart": ("Hiện riêng từng bài đăng lại", "Show reprints on their own"),
    "reprints_folded": ("Gộp bài đăng lại vào bài gốc", "Fold reprints under their originals"),
    "facet_province_then": ("Tỉnh, thành phố khi đăng bài", "Province at publication"),
    "facet_province_now": ("Tỉnh, thành phố hiện nay", "Province today"),
    "facet_province_named": ("Tỉnh, thành phố được nhắc tên", "Province named in the text"),
    "facet_organisation": ("Cơ quan", "Organisation"),
    "facet_document": ("Văn bản được trích dẫn", "Cited document"),
    "facet_edited": ("Bài đã sửa sau khi đăng", "Edited after publication"),
    "facet_withdrawn": ("Bài đã bị gỡ", "Taken down"),
    "facet_reprint": ("Bài đăng lại", "Reprint"),
    "facet_month": ("Tháng", "Month"),
    "facet_from": ("Từ", "From"),
    "facet_to": ("Đến", "To"),
    "facet_state": ("Tình trạng bài viết", "State of the article"),
    "yes": ("có", "yes"),
    "no": ("không", "no"),
    "organisation_dan_van": ("Ban Dân vận", "Mass mobilization board"),
    "organisation_tuyen_giao_dan_van": ("Ban Tuyên giáo và Dân vận", "Propaganda and mass mobilization board"),
    "organisation_tuyen_giao": ("Ban Tuyên giáo", "Propaganda board"),
    "organisation_front": ("Mặt trận Tổ quốc", "Fatherland Front"),
    "organisation_union": ("Đoàn thể, hội", "Unions and associations"),
    "organisation_party": ("Cấp ủy, cơ quan đảng", "Party committees and bodies"),
    "organisation_state": ("Cơ quan nhà nước", "State bodies"),
    "organisation_press": ("Báo, tạp chí", "Press"),
    "organisation_other": ("Cơ quan khác", "Others"),
    "timeline": ("Theo thời gian", "Over time"),
    "timeline_hint": (
        "Bấm vào một cột để chọn năm hoặc tháng, hoặc kéo qua nhiều cột để chọn khoảng thời gian.",
        "Click a bar to choose a year or month, or drag across bars to choose a span.",
    ),
    "bar": (
        "{when}: {n} kết quả, bằng {share} của {all} bài viết",
        "{when}: {n} results, {share} of {all} articles",
    ),
    "timeline_numbers": ("Số liệu", "The numbers"),
    "hits": ("Kết quả", "Results"),
    "share_of_all": ("So với mọi bài", "Of all articles"),
    "choose_span": ("Chọn khoảng thời gian", "Choose a span"),
    "any_time": ("Mọi thời gian", "Any time"),
    "apply": ("Lọc", "Apply"),
    "divided_newest": (
        "Số ở các bộ lọc và biểu đồ tính trên {n} kết quả mới nhất.",
        "Numbers of filters and chart are over the newest {n} results.",
    ),
    "page_n": ("Trang {page}", "Page {page}"),
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
    # downloads and feeds
    "downloads": ("Tải kết quả về", "Download these results"),
    "download_count": (
        "Tệp tải về có đủ {n} bài viết, mới nhất trước.",
        "The file holds all {n} articles, newest first.",
        "The file holds the {n} article.",
    ),
    "download_all": ("Tệp tải về có đủ mọi bài viết, mới nhất trước.", "The file holds every article, newest first."),
    "to_downloads": ("Tải về", "Download"),
    "download_options": ("Lựa chọn khác", "More options"),
    "download_exact": ("Số bài chính xác và lựa chọn khác", "Exact count and more options"),
    "download_nothing": ("Không có bài viết nào để tải về.", "There are no articles to download."),
    "download_search": ("Câu tìm", "Search"),
    "download_format": ("Định dạng", "Format"),
    "download_xlsx": ("Excel (XLSX)", "Excel (XLSX)"),
    "download_csv": ("CSV", "CSV"),
    "download_jsonl": ("JSON Lines", "JSON Lines"),
    "download_xlsx_hint": (
        "mở thẳng bằng Excel hay LibreOffice: có ngày giờ, liên kết, bộ lọc",
        "opens in Excel or LibreOffice, with real dates, links and filters",
    ),
    "download_csv_hint": (
        "cho mọi phần mềm bảng tính và thống kê (UTF-8, dấu phẩy)",
        "for any spreadsheet or statistics program (UTF-8, commas)",
    ),
    "download_jsonl_hint": (
        "cho lập trình: mỗi bài một dòng, đúng từng ký tự",
        "for programs: one article a line, true to the character",
    ),
    "with_body": ("Kèm toàn văn từng bài", "With the full text of each article"),
    "column_names": ("Tên cột", "Column names"),
    "column_names_vi": ("tiếng Việt", "in Vietnamese"),
    "column_names_en": ("tiếng Anh", "in English"),
    "column_names_fields": ("tên trường dữ liệu", "field names"),
    "needs_http_11": (
        "Tải về cần HTTP/1.1 trở lên; máy chủ trung gian đang dùng HTTP/1.0 (nginx: proxy_http_version 1.1).",
        "Downloads need HTTP/1.1 or later; a proxy on the way speaks HTTP/1.0 (nginx: proxy_http_version 1.1).",
    ),
    "note_search": ("Câu tìm", "Search"),
    "note_count": ("Số bài viết", "Articles"),
    "note_built": ("Kho lưu trữ tính đến", "State of the archive"),
    "note_made": ("Tệp được tạo", "File made"),
    "note_times": ("Ngày giờ", "Times"),
    "note_times_text": ("Theo giờ Việt Nam (UTC+7).", "As clocks in Vietnam show them (UTC+7)."),
    "note_rights": ("Bản quyền", "Rights"),
    "note_cut": ("Ô bị cắt bớt", "Cells cut"),
    "note_cut_text": (
        "{n} ô dài hơn 32.767 ký tự, mức tối đa của Excel, nên bị cắt bớt và có ghi rõ ở cuối ô. "
        "Tệp CSV và JSON Lines có toàn văn.",
        "{n} cells were longer than the 32,767 characters that Excel allows; they are cut, and say so at their end. "
        "CSV and JSON Lines hold the whole text.",
        "{n} cell was longer than the 32,767 characters that Excel allows; it is cut, and says so at its end. "
        "CSV and JSON Lines hold the whole text.",
    ),
    "feed_follow": ("Theo dõi kết quả này (Atom)", "Follow this search (Atom)"),
    "feed_title": ("{words} – {site}", "{words} – {site}"),
    # alerts, as plain text
    "alert_title": ("{n} bài mới: {name}", "{n} new articles: {name}", "{n} new article: {name}"),
    "alert_intro": (
        "Có {n} bài mới trong kho lưu trữ tin dân vận khớp với “{name}”.",
        "The dân vận news archive has {n} new articles for “{name}”.",
        "The dân vận news archive has {n} new article for “{name}”.",
    ),
    "alert_rest": ("… và {n} bài nữa.", "… and {n} more."),
    "alert_all": ("Xem tất cả kết quả: {address}", "All results: {address}"),
    # the table of Datasette
    "table_apart": (
        "Tìm rời từng từ: tất cả {n} bài viết có đủ các từ này",
        "Words apart: all {n} articles that hold these words",
        "Words apart: the {n} article that holds these words",
    ),
    "table_reading": ("Xem các kết quả có đánh dấu từ", "Read the results with the words marked"),
    # the files of the whole archive
    "whole": ("Tải toàn bộ kho lưu trữ:", "Download the whole archive:"),
    "whole_archive.parquet": ("Parquet, có toàn văn", "Parquet with full texts"),
    "whole_archive.csv.gz": ("CSV (gzip), không có toàn văn", "CSV (gzip) without full texts"),
    "whole_archive-full.csv.gz": ("CSV (gzip), có toàn văn", "CSV (gzip) with full texts"),
    # the banner of an archive that is not fresh
    "stale": (
        "Kho lưu trữ chưa được cập nhật kể từ {when}. Tin mới trên các cổng thông tin có thể chưa có ở đây.",
        "This archive has not been updated since {when}. Newer articles of the portals may be missing here.",
    ),
}

STRINGS |= PAGE_WORDS | ABOUT_WORDS

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

    def __init__(self, code: str) -> None:
        self.code = code if code in LANGUAGES else DEFAULT

    @property
    def other(self) -> str:
        """The language at a click."""
        return "en" if self.code == "vi" else "vi"

    def __call__(self, key: str, **values: object) -> Markup:
        """The text of a key, values filled in and escaped; whole numbers in the manner of the language."""
        texts = STRINGS[key]
        text = texts[LANGUAGES.index(self.code)]
        if self.code == "en" and len(texts) > 2 and values.get("n") == 1:
            text = texts[2]
        if not values:
            return _plain(text)
        shown = {name: self.number(value) if isinstance(value, int) else value for name, value in values.items()}
        return escape(text).format(**shown)

    def __contains__(self, key: str) -> bool:
        return key in STRINGS

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


def _read(moment: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(moment or "")
    except ValueError:
        return None
