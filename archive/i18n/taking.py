"""The words of what readers take with them: downloads, feeds, alerts, the files of the whole archive.

In the shape of i18n.STRINGS, which takes them in: key -> (Vietnamese, English[, English for exactly one]).
"""

from __future__ import annotations

WORDS: dict[str, tuple[str, ...]] = {
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
    # the files of the whole archive
    "whole": ("Tải toàn bộ kho lưu trữ:", "Download the whole archive:"),
    "whole_archive.parquet": ("Parquet, có toàn văn", "Parquet with full texts"),
    "whole_archive.csv.gz": ("CSV (gzip), không có toàn văn", "CSV (gzip) without full texts"),
    "whole_archive-full.csv.gz": ("CSV (gzip), có toàn văn", "CSV (gzip) with full texts"),
}
