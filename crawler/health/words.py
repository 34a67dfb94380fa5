"""Every sentence on what was measured of a portal, in Vietnamese and English, in the shape of reporting/words.py.

key: (Vietnamese, English[, English for exactly one]). A blank holds a number, a text, another cause or several; after
a colon stands what else a value is: {rate:share} from 0 to 1, {when:day} ISO 8601, {said:english} in no other language.
"""

from __future__ import annotations

WORDS: dict[str, tuple[str, ...]] = {
    # nothing was read
    "robots": (
        "robots.txt cấm thu thập mọi trang; kho lưu trữ đã tuân theo",
        "robots.txt forbids to ask for anything; it was obeyed",
    ),
    "nothing_read": ("không đọc được gì: {cause}", "nothing was read: {cause}"),
    "no_article_left": (
        "các trang vẫn trả lời, nhưng không còn trang nào là bài viết hay dẫn đến bài viết",
        "its pages answer, but none is an article any more or leads to one",
    ),
    "no_article_ever": (
        "các trang có trả lời, nhưng không trang nào dẫn đến bài viết; "
        "địa chỉ và cms của cổng trong portals.toml có đúng không?",
        "its pages answer, but none leads to an article; are address and cms of its row right?",
    ),
    "nothing_asked": ("không có yêu cầu nào được gửi đi", "nothing was even asked"),
    "no_answer": ("cổng không trả lời", "it gave no answer"),
    "no_answer_as": ("máy báo “{said:english}”", "{said:english}"),
    "parked": (
        "ở địa chỉ của cổng nay là một trang khác: tên miền bị bỏ trống, rao bán, tạm ngưng, hoặc cổng đã chuyển đi",
        "another page stands in its place: parked, for sale, suspended, or moved away",
    ),
    "elsewhere": (
        "{n} địa chỉ dẫn sang máy chủ khác: có phải cổng đã chuyển đi?",
        "{n} addresses lead to another host: has it moved?",
    ),
    "errors": ("cổng trả lời bằng trang báo lỗi ({statuses})", "it answers with errors ({statuses})"),
    "no_home": ("ngay cả trang chủ cũng không còn ({statuses})", "not even its home page is there ({statuses})"),
    "status": ("mã HTTP {status}: {n} lần", "status {status} {n}×"),
    "status_200": ("mã HTTP 200", "status 200"),
    # refusals and absences
    "refusals": ("{causes}", "{causes}"),
    "flood": (
        "{n} lần bộ chống quá tải của cổng trả lời thay cho trang cần đọc",
        "{n} times the flood blocker answered",
    ),
    "challenge": (
        "{n} lần trang kiểm tra trình duyệt hiện ra thay cho trang cần đọc",
        "{n} times a challenge for browsers stood in place of the page",
    ),
    "login": (
        "{n} trang bị cấm xem hoặc chỉ dành cho thành viên ({statuses})",
        "{n} pages are forbidden or for members ({statuses})",
    ),
    "failed": (
        "{failed} trên {requests} yêu cầu không thành công: {cause}",
        "{failed} of {requests} requests failed: {cause}",
    ),
    "left": (
        "{cause}; {n} địa chỉ được để lại cho đêm sau",
        "{cause}; {n} addresses were left for the next night",
    ),
    "vanished": (
        "{n} trên {asked} bài đã lưu không còn khi đọc lại ({outcomes})",
        "{n} of {asked} known articles asked for are not there ({outcomes})",
    ),
    "absent_not_found": ("không tìm thấy: {n}", "not_found {n}"),
    "absent_soft_404": ("trang báo không tìm thấy: {n}", "soft_404 {n}"),
    "absent_moved": ("dẫn về trang chủ hoặc chuyên mục: {n}", "moved {n}"),
    "absent_login_only": ("chỉ dành cho thành viên: {n}", "login_only {n}"),
    "absent_draft": ("chưa xuất bản: {n}", "draft {n}"),
    # the layout
    "misfits": (
        "{bad} trên {pages} trang bài viết không khớp với giao diện đã biết của cổng",
        "{bad} of {pages} article pages did not fit the layout known of it",
    ),
    "relearned": (
        "{cause}; giao diện mới đã được học từ chính các trang đó, và các trang đó đã được đọc theo giao diện mới",
        "{cause}; a new one was learned of them, and they were read by it",
    ),
    "redesigned": ("{cause}: cổng đã đổi giao diện", "{cause}: it was redesigned"),
    "kept": (
        "{cause}; {n} trang được giữ lại chưa đọc, sẽ đọc sau khi sửa dòng select của cổng trong portals.toml",
        "{cause}; {n} pages kept unread, to be read when `select` of its row is mended",
        "{cause}; {n} page kept unread, to be read when `select` of its row is mended",
    ),
    "none_fits": (
        "đã đọc {n} trang, không trang nào khớp với giao diện đã biết của cổng",
        "{n} pages read, and did not fit the layout known of it",
        "{n} page read, and did not fit the layout known of it",
    ),
    "more_misfits": (
        "{bad} trên {pages} trang bài viết không khớp với giao diện của cổng (thường lệ {usual:share})",
        "{bad} of {pages} article pages did not fit the layout (usually {usual:share})",
    ),
    "rewritten": (
        "{changed} trên {asked} bài đã lưu thay đổi cùng lúc: chính nội dung bài đã đổi, hay phần xung quanh bài?",
        "{changed} of {asked} known articles changed at once: the texts themselves, or what stands around them?",
    ),
    "reader_broke": (
        "chính bộ đọc bị lỗi ở {n} trang: đây là lỗi của chương trình, chi tiết nằm trong nhật ký",
        "the reader itself failed on {n} pages: a bug; the log has the traceback",
        "the reader itself failed on {n} page: a bug; the log has the traceback",
    ),
    # fields and texts
    "thin": ("trong {n} bài đã đọc: {lost}", "of {n} articles: {lost}"),
    "field_usually": (
        "{rate:share} có {field} (thường lệ {usual:share})",
        "{field} {rate:share} (usually {usual:share})",
    ),
    "field_expected": (
        "{rate:share} có {field} (mong đợi {expected:share})",
        "{field} {rate:share} (expected {expected:share})",
    ),
    "short_texts": ("bài chỉ dài {length} ký tự (so với {usual})", "texts of {length} letters ({usual})"),
    "dropped": (
        "{rate:share} số dòng bị bỏ đi (thường lệ {usual:share})",
        "{rate:share} of the lines dropped (usually {usual:share})",
    ),
    "field_title": ("tiêu đề", "title"),
    "field_lead": ("đoạn mở đầu", "lead"),
    "field_body": ("nội dung", "body"),
    "field_published": ("ngày đăng", "published"),
    "field_author": ("tác giả", "author"),
    "field_source": ("nguồn", "source"),
    "field_section": ("chuyên mục", "section"),
    "field_image": ("ảnh đại diện", "image"),
    # news
    "fewer_new": (
        "{n} bài mới trong bảy ngày, còn portals.toml mong đợi {least}",
        "{n} new in seven days, and its row expects {least}",
    ),
    "never_dated": ("chưa biết bài nào của cổng có ngày đăng", "no article with a date is known of it"),
    "silent": (
        "không có bài mới từ {newest:day}, đã {n} ngày; thường lệ {every} có một bài",
        "nothing new since {newest:day}, {n} days ago; usually there is one {every}",
    ),
    "every_day": ("mỗi ngày", "every day"),
    "every": ("cứ {n} ngày", "every {n} days"),
    # all is well, or nothing can be said of it
    "well": ("{n} bài mới, đọc lại {known} bài đã lưu", "{n} new, {known} known read again"),
    "newest": ("{cause}; bài mới nhất đăng ngày {newest:day}", "{cause}; the newest is of {newest:day}"),
    "since": ("từ đó chưa đọc được bài nào; {cause}", "no article was read since; {cause}"),
    "stopped": ("lần chạy bị dừng trước khi xong", "the run was stopped before it was done"),
    "before": (
        "lần chạy bị dừng trước khi xong; trước đó: {cause}",
        "the run was stopped before it was done; before it: {cause}",
    ),
    "our_network": (
        "không kết nối được với cổng nào trong {n} cổng, nên có thể do mạng của máy này; {cause}",
        "none of {n} portals can be reached, so perhaps it is the network of this machine; {cause}",
    ),
    # where an older version has left the sentence alone
    "as_said": ("{said:english}", "{said:english}"),
}
