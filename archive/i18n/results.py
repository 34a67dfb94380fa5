"""The words of the results page: how a query was read, what was found, filters, timeline.

In the shape of i18n.STRINGS, which takes them in: key -> (Vietnamese, English[, English for exactly one]).
"""

from __future__ import annotations

WORDS: dict[str, tuple[str, ...]] = {
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
}
