"""Every word of the report and of its messages, in Vietnamese and English, in the shape of archive/i18n/."""

from __future__ import annotations

from archive.i18n import STRINGS, Language

WORDS: dict[str, tuple[str, ...]] = {
    "report_title": ("Báo cáo thu thập {when}", "Crawl report, {when}"),
    "archive_name": ("Kho lưu trữ tin dân vận", "Dân vận news archive"),
    # the night in one sentence
    "night_good": ("Đêm thu thập tốt, không có việc gì cần xử lý.", "A good night: nothing needs a person."),
    "night_watched": (
        "Đêm thu thập tốt; {n} cổng có vấn đề, chờ xem đêm sau.",
        "A good night; {n} portals had a bad one, and the next will tell.",
        "A good night; {n} portal had a bad one, and the next will tell.",
    ),
    "also_watched": (
        "Ngoài ra {n} cổng có vấn đề, chờ xem đêm sau.",
        "Besides, {n} portals had a bad night, and the next will tell.",
        "Besides, {n} portal had a bad night, and the next will tell.",
    ),
    "night_failed": (
        "Cổng nào cũng có vấn đề; chờ xem đêm sau.",
        "No portal was as it should be; the next night will tell.",
    ),
    "night_needs": ("{n} việc cần xử lý.", "{n} things need a person.", "{n} thing needs a person."),
    "night_nothing": ("Không đọc được gì từ cổng nào.", "Nothing could be read of any portal."),
    "night_interrupted": ("Lần chạy bị dừng giữa chừng.", "The run was interrupted."),
    "night_store_error": ("Không ghi được vào kho lưu trữ.", "The archive could not be written."),
    "night_not_started": ("Lần chạy không bắt đầu được.", "The run could not start."),
    "hint_nothing": (
        "Khi mọi cổng cùng im lặng, hãy xem mạng, DNS và giờ của máy này trước.",
        "Where all portals are silent at once, look at this machine’s network, DNS and clock first.",
    ),
    "hint_interrupted": (
        "Lần chạy sau sẽ tiếp tục từ chỗ này.",
        "The next run goes on where this one was.",
    ),
    "hint_out_of_time": (
        "Hết thời gian dành cho một đêm; lần chạy sau sẽ tiếp tục từ chỗ này.",
        "The time of one night was up; the next run goes on where this one was.",
    ),
    "hint_store_error": (
        "Hãy xem ổ đĩa còn chỗ không, có quyền ghi không; rồi chạy python -m archive check. Lần chạy sau sẽ tiếp tục.",
        "See whether the disk is full or not to be written to, then run python -m archive check. The next run goes on.",
    ),
    "hint_not_started": (
        "Hãy sửa cấu hình rồi chạy lại scrapy nightly.",
        "Mend the configuration, then run scrapy nightly again.",
    ),
    "machine_says": ("Máy báo", "The machine says"),
    # numbers
    "summary": ("Tóm tắt", "Summary"),
    "portals_done": ("Cổng đã xong", "Portals done"),
    "of_all": ("{n} trên {all}", "{n} of {all}"),
    "requests": ("Yêu cầu", "Requests"),
    "new": ("Bài mới", "New"),
    "changed": ("Bài sửa", "Changed"),
    "withdrawn": ("Bài bị gỡ", "Withdrawn"),
    "unchanged": ("Không đổi", "Unchanged"),
    "errors": ("Lỗi", "Errors"),
    "took": ("Thời gian", "Time taken"),
    "began": ("Bắt đầu", "Began"),
    "ended": ("Kết thúc", "Ended"),
    "none": ("không", "none"),
    "purpose_news": ("tin mới", "news"),
    "purpose_recheck": ("đọc lại", "rechecks"),
    "purpose_sweep": ("rà soát", "sweep"),
    "purpose_backfill": ("bài cũ", "backfill"),
    "purpose_files": ("tệp đính kèm", "files"),
    # what needs a person
    "needs": ("Cần xử lý", "Needs a person"),
    "since_nights": ("từ {when} ({n} đêm)", "since {when} ({n} nights)", "since {when} ({n} night)"),
    "since_when": ("từ {when}", "since {when}"),
    "cause": ("Nguyên nhân có thể", "Likely cause"),
    "measured": ("Số liệu", "Measured"),
    "to_do": ("Nên làm", "What to do"),
    "shown_by": ("Trang cho thấy điều đó", "A page that shows it"),
    "cause_quiet": (
        "cổng có thể đã ngừng đăng bài, hoặc chuyên mục đã chuyển sang địa chỉ khác.",
        "the portal may have stopped publishing, or its sections have moved.",
    ),
    "cause_thin": (
        "trang bài viết có thể đã đổi một phần, nên có mục không còn đọc được.",
        "a part of the article pages may have changed, so that some fields are not found any more.",
    ),
    "cause_blocked": (
        "tường lửa hoặc bộ chống quá tải của cổng đã chặn máy này.",
        "the portal’s firewall or flood blocker refuses this machine.",
    ),
    "cause_closed": (
        "robots.txt của cổng cấm thu thập; kho lưu trữ tuân theo.",
        "the portal’s robots.txt forbids crawling; that is obeyed.",
    ),
    "cause_broken_layout": (
        "cổng đã đổi giao diện hoặc phần mềm, bộ đọc không còn khớp.",
        "the portal has another theme or other software, which the reader does not fit.",
    ),
    "cause_gone": (
        "tên miền, máy chủ hoặc đường dẫn của cổng có thể đã bị bỏ sau sáp nhập.",
        "the portal’s domain, server or path may have been given up, as after a merger.",
    ),
    "do_quiet": (
        "mở cổng bằng trình duyệt xem có tin mới mà kho chưa có không.",
        "open the portal in a browser: are there articles that the archive has not?",
    ),
    "do_thin": (
        "đọc thử trang trên bằng scrapy read; một dòng select trong portals.toml thường là đủ.",
        "read the page with scrapy read; a line of select in portals.toml is mostly enough.",
    ),
    "do_blocked": (
        "mở trang trên bằng trình duyệt; rồi tăng delay của cổng, hoặc hỏi cơ quan chủ quản.",
        "open the page in a browser; then raise the portal’s delay, or ask whoever runs it.",
    ),
    "do_closed": (
        "xin phép cơ quan chủ quản, hoặc đặt enabled = false trong portals.toml.",
        "ask whoever runs it for leave, or set enabled = false in portals.toml.",
    ),
    "do_broken_layout": (
        "đọc thử trang trên bằng scrapy read, sửa bộ đọc (hoặc một dòng select), rồi chạy scrapy reparse: "
        "trang gốc đã được giữ.",
        "read the page with scrapy read, mend the reader (or add a line of select), then run scrapy reparse: "
        "the pages are kept.",
    ),
    "do_gone": (
        "tìm địa chỉ mới và thêm một dòng succeeds; nếu không còn, đặt enabled = false. Bài đã lưu vẫn còn.",
        "look for its new address and add a row that succeeds it; where there is none, set enabled = false. "
        "What was archived stays.",
    ),
    # rows
    "portals_of_night": ("Từng cổng", "Portal by portal"),
    "portal": ("Cổng thông tin", "Portal"),
    "state": ("Tình trạng", "State"),
    "last_nights": ("{n} đêm gần đây", "Last {n} nights"),
    "bars_of": (
        "{name}, {n} ngày đến hết đêm nay: nhiều nhất {new} bài mới và {requests} yêu cầu một ngày; "
        "{missed} ngày không đọc được",
        "{name}, {n} days up to tonight: at most {new} new articles and {requests} requests a day; "
        "not read on {missed} days",
    ),
    "bars_legend": (
        "Cột trên: bài mới mỗi ngày; cột dưới: số yêu cầu. Mỗi cổng theo thang riêng. Ô viền: cổng không đọc được; "
        "để trống: không có lần chạy nào.",
        "Bars above: new articles a day; below: requests. Each portal has its own scale. Outlined: the portal could "
        "not be read; empty: nothing ran.",
    ),
    "turn_stopped": ("bị dừng giữa chừng", "stopped midway"),
    "turn_waiting": ("chưa đến lượt", "not asked"),
    "unjudged": ("chưa đánh giá", "not judged"),
    # gaps and finds
    "gaps": ("Khoảng trống", "Gaps"),
    "no_gaps": (
        "Trong {n} ngày qua, ngày nào cũng có lần chạy và lần nào cũng kết thúc.",
        "In the last {n} days a run began every day, and every one ended.",
    ),
    "days_without": ("Ngày không có lần chạy nào", "Days without a run"),
    "unfinished": (
        "Lần chạy bắt đầu rồi không kết thúc (bị ngắt hoặc mất điện)",
        "Runs that began and never ended (killed, or the power was cut)",
    ),
    "certificates": ("Chứng chỉ TLS có vấn đề", "Certificates that are not as they should be"),
    "certificates_taken": (
        "Trang vẫn được thu thập; nên báo cho cơ quan chủ quản.",
        "Their pages are taken all the same; whoever runs them may like to know.",
    ),
    "fault_expired": ("hết hạn", "expired"),
    "fault_not_yet_valid": ("chưa có hiệu lực", "not valid yet"),
    "fault_self_signed": ("tự ký", "self-signed"),
    "fault_unknown_issuer": ("đơn vị cấp không rõ", "of an unknown issuer"),
    "fault_incomplete": ("thiếu chứng chỉ trung gian", "an intermediate certificate is missing"),
    "fault_wrong_name": ("cấp cho tên miền khác", "made out to another name"),
    "fault_weak_key": ("khóa yếu", "a weak key"),
    "fault_weak_signature": ("chữ ký yếu", "a weak signature"),
    "fault_invalid": ("không hợp lệ", "invalid"),
    "newest": ("Bài mới tìm thấy", "Newest of what was found"),
    "nothing_new": ("Lần này không có bài mới.", "Nothing new this time."),
    "not_dated": ("không rõ ngày", "undated"),
    "foot": (
        "Lần chạy số {run}, mã kết thúc {code}. Cùng nội dung ở dạng JSON, cạnh tệp này: {json}",
        "Run {run}, exit code {code}. The same as JSON, beside this file: {json}",
    ),
    # messages
    "message_needs": (
        "{archive}: {n} việc cần xử lý",
        "{archive}: {n} things need a person",
        "{archive}: {n} thing needs a person",
    ),
    "message_over": (
        "{archive}: {n} việc đã ổn",
        "{archive}: {n} things are well again",
        "{archive}: {n} is well again",
    ),
    "event_begun": ("Mới", "New"),
    "event_turned": ("Nay đã khác", "Now another"),
    "event_reminder": ("Vẫn còn", "Still so"),
    "event_over": ("Đã ổn trở lại", "Well again"),
    "was": ("trước đó: {what}", "it was: {what}"),
    "of_the_run": ("Lần chạy đêm", "The nightly run"),
    "kind_nothing_read": ("Không đọc được gì từ cổng nào", "Nothing could be read of any portal"),
    "kind_store_error": ("Không ghi được vào kho lưu trữ", "The archive could not be written"),
    "kind_not_started": ("Lần chạy không bắt đầu được", "The run could not start"),
    "and_more": ("và {n} việc nữa, xem báo cáo.", "and {n} more, see the report."),
    "report_is_at": ("Báo cáo: {path}", "Report: {path}"),
}


def language(code: str) -> Language:
    """Report words, and the verdicts of the site, in a language ("vi" or "en")."""
    return Language(code, VERDICTS | WORDS)


VERDICTS = {key: texts for key, texts in STRINGS.items() if key.startswith("verdict_")}


def duration(t: Language, seconds: int) -> str:
    """3 phút 20 giây, or 3 min 20 s; hours and minutes from an hour on."""
    hour, minute, second = ("giờ", "phút", "giây") if t.code == "vi" else ("h", "min", "s")
    if seconds >= 3600:
        return f"{seconds // 3600} {hour} {seconds % 3600 // 60} {minute}"
    return f"{seconds // 60} {minute} {seconds % 60} {second}" if seconds >= 60 else f"{seconds} {second}"
