"""What was measured of a portal, said in Vietnamese: the same as in English, and nothing of it left in English."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from test_health_verdicts import NOTHING, PORTAL, Nights, nights

from archive.i18n import STRINGS
from archive.store import Archive
from crawler.health import findings, verdicts
from crawler.health.causes import because, english, told
from crawler.health.measuring import FIELDS
from crawler.health.model import PortalHealth, Verdict
from crawler.health.words import WORDS
from crawler.outcomes import ABSENT
from crawler.reporting import page, telling
from crawler.reporting.alarms import NAME, Alarm, Alarms, news
from crawler.reporting.messages import write
from crawler.reporting.night import Ending, Night, PortalNight, Turn
from crawler.reporting.words import language

__all__ = ["nights"]  # the fixture

VIETNAMESE = language("vi")
BEGAN = "2026-03-01T02:00:00+07:00"
QUOTED = re.compile(r'<span lang="en">.*?</span>')
NAMES = {"robots", "txt", "portals", "toml", "select", "cms", "http"}  # of files, settings and protocols


def words_of(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", text.lower())) - NAMES


def keys(cause: Any) -> Iterator[str]:
    """The keys of a cause and of those in it."""
    for value in cause.values() if isinstance(cause, dict) else cause if isinstance(cause, list) else ():
        yield from keys(value)
    if isinstance(cause, dict):
        yield cause["key"]


def vietnamese(health: PortalHealth) -> str:
    return str(told(health.cause, health.cause_parts, VIETNAMESE))


# ---------------------------------------------------------------- the table


@pytest.mark.parametrize("key", WORDS)
def test_every_sentence_has_both_languages_and_the_same_blanks(key: str) -> None:
    texts = WORDS[key]
    blanks = [{(name, kind) for _, name, kind, _ in Formatter().parse(text) if name} for text in texts]
    assert len(texts) in (2, 3) and all(one == blanks[0] for one in blanks)
    plain = [" ".join(part for part, *_ in Formatter().parse(text)) for text in texts]
    assert not words_of(plain[0]) & words_of(plain[1]), "no English is left in the Vietnamese"


def test_there_are_words_for_all_that_is_found_and_no_others() -> None:
    found = {"as_said"} | {f"field_{name}" for name in FIELDS} | {f"absent_{outcome}" for outcome in ABSENT}
    for module in (findings, verdicts):
        found |= set(re.findall(r'because\("([a-z_0-9]+)"', Path(str(module.__file__)).read_text("utf-8")))
    assert found == set(WORDS)


def test_fields_are_called_what_the_site_calls_them() -> None:
    site = {"title": "diff_heading", "lead": "diff_lead", "body": "diff_body", "image": "lead_image"}
    for name in FIELDS:
        assert WORDS[f"field_{name}"][0] == STRINGS[site.get(name, name)][0].lower(), name


# ---------------------------------------------------------------- what is found of a night


def after(*before: dict[str, Any], **night: Any) -> Callable[[Nights], PortalHealth]:
    """A night after three good ones, and others that were not well."""

    def story(nights: Nights) -> PortalHealth:
        nights.good(3)
        for one in before:
            nights.night(**one)
        return nights.night(**night)

    return story


def silence(nights: Nights) -> PortalHealth:
    nights.good(5)
    nights.count += 1200
    return nights.night(read=2)


def seldom(nights: Nights) -> PortalHealth:
    for days in (900, 600, 300):
        nights.publish(days_ago=days)
    nights.night(read=2)
    nights.count += 1000
    return nights.night(read=2)


def undated(nights: Nights) -> PortalHealth:
    nights.night(read=20)
    return nights.night(read=2)


def expecting(night: dict[str, Any], **expect: float) -> Callable[[Nights], PortalHealth]:
    def story(nights: Nights) -> PortalHealth:
        nights.portal = replace(PORTAL, expect=expect)
        nights.publish()
        nights.night(read=40)
        return nights.night(**night)

    return story


def our_network(nights: Nights) -> PortalHealth:
    others = [replace(PORTAL, key=key) for key in ("go_gio", "go_nang")]
    nights.archive.register_portals(portal.record() for portal in others)
    nights.night(outcomes={"network_error": 2})
    with nights.archive.transaction() as db:
        for portal in others:
            db.execute(
                "insert into run_portals (run, portal, started, finished, outcomes) select run, ?, started, finished, "
                "outcomes from run_portals where portal = ?",
                [portal.key, PORTAL.key],
            )
        return verdicts.judge_run(db, nights.run, {})[0]


BROKEN: dict[str, Any] = {"fits": 0, "misfits": 3}
SILENT: dict[str, Any] = {"outcomes": {"listing": 3}}
STOPPED: dict[str, Any] = {"outcomes": {}, "stopped": True}
VANISHED = {"not_found": 1260, "soft_404": 3, "moved": 2, "login_only": 1, "draft": 1, "unchanged": 3}

STORIES: dict[str, tuple[Callable[[Nights], PortalHealth], str]] = {
    "flood, 403 and challenges": (
        after(outcomes={"flood": 6, "login_only": 4, "challenge": 8}, statuses={"403": 4}),
        "không đọc được gì: 6 lần bộ chống quá tải của cổng trả lời thay cho trang cần đọc, 8 lần trang kiểm tra "
        "trình duyệt hiện ra thay cho trang cần đọc, 4 trang bị cấm xem hoặc chỉ dành cho thành viên (mã HTTP 403: "
        "4 lần)",
    ),
    "a row that never fit": (
        lambda nights: nights.night(outcomes={"not_article": 1}, had_layout=False),
        "địa chỉ và cms của cổng trong portals.toml có đúng không?",
    ),
    "another home page": (
        after(outcomes={"soft_404": 2}),
        "không đọc được gì: ngay cả trang chủ cũng không còn (mã HTTP 200)",
    ),
    "left alone": (
        after(outcomes={"listing": 2, "unchanged": 1, "flood": 6, "left": 1400}),
        "; 1.400 địa chỉ được để lại cho đêm sau",
    ),
    "most failed": (
        after(outcomes={"listing": 1, "http_error": 8}, statuses={"503": 7, "500": 1}),
        "8 trên 11 yêu cầu không thành công: cổng trả lời bằng trang báo lỗi (mã HTTP 503: 7 lần, mã HTTP 500: 1 lần)",
    ),
    "vanished": (
        after(outcomes={"listing": 2, **VANISHED}, known=VANISHED),
        "1.267 trên 1.270 bài đã lưu không còn khi đọc lại (chưa xuất bản: 1, chỉ dành cho thành viên: 1, "
        "dẫn về trang chủ hoặc chuyên mục: 2, không tìm thấy: 1.260, trang báo không tìm thấy: 3)",
    ),
    "all fields lost": (
        after(read=20, filled=dict.fromkeys(FIELDS, 0), dropped=0.55, length=150),
        "trong 20 bài đã đọc: 0% có tiêu đề (thường lệ 100%), 0% có đoạn mở đầu (thường lệ 90%), 0% có nội dung "
        "(thường lệ 100%), 0% có ngày đăng (thường lệ 100%), 0% có tác giả (thường lệ 80%), bài chỉ dài 150 ký tự "
        "(so với 1.200), 55% số dòng bị bỏ đi (thường lệ 0%)",
    ),
    "expected fields": (
        expecting({"read": 40}, lead=0.95, source=0.025, image=1, section=1),
        "90% có đoạn mở đầu (mong đợi 95%), 0% có nguồn (mong đợi 2,5%), 20% có chuyên mục (mong đợi 100%), "
        "0% có ảnh đại diện (mong đợi 100%)",
    ),
    "redesigned": (
        after(fits=0, misfits=3, kept=2),
        "3 trên 3 trang bài viết không khớp với giao diện đã biết của cổng: cổng đã đổi giao diện; 2 trang được giữ "
        "lại chưa đọc, sẽ đọc sau khi sửa dòng select của cổng trong portals.toml",
    ),
    "learned anew": (after(read=20, misfits=20, healed=20), "giao diện mới đã được học từ chính các trang đó"),
    "one page": (
        after(outcomes={"listing": 3}, misfits=1, fits=0),
        "đã đọc 1 trang, không trang nào khớp với giao diện đã biết của cổng",
    ),
    "odd pages": (
        after(read=20, misfits=9),
        "9 trên 29 trang bài viết không khớp với giao diện của cổng (thường lệ 0%)",
    ),
    "still broken": (
        after(BROKEN, **SILENT),
        "từ đó chưa đọc được bài nào; 3 trên 3 trang bài viết không khớp với giao diện đã biết của cổng: "
        "cổng đã đổi giao diện",
    ),
    "stopped": (lambda nights: nights.night(**STOPPED), "lần chạy bị dừng trước khi xong"),
    "stopped when broken": (
        after(BROKEN, STOPPED, **STOPPED),
        "lần chạy bị dừng trước khi xong; trước đó: 3 trên 3 trang bài viết không khớp với giao diện đã biết của cổng: "
        "cổng đã đổi giao diện",
    ),
    "rewritten": (
        after(read=10, known={"changed": 9, "unchanged": 1}),
        "9 trên 10 bài đã lưu thay đổi cùng lúc",
    ),
    "a bug": (
        after(read=20, outcomes={"listing": 3, "unchanged": 20, "reader_error": 1}),
        "chính bộ đọc bị lỗi ở 1 trang",
    ),
    "silence for long": (
        silence,
        "không có bài mới từ 04/03/2026, đã 1.201 ngày; thường lệ mỗi ngày có một bài",
    ),
    "seldom": (seldom, "thường lệ cứ 300 ngày có một bài"),
    "undated": (undated, "chưa biết bài nào của cổng có ngày đăng"),
    "less than its row expects": (
        expecting({"read": 2}, new_a_week=2.5),
        "1 bài mới trong bảy ngày, còn portals.toml mong đợi 2,5",
    ),
    "our own network": (
        our_network,
        "không kết nối được với cổng nào trong 3 cổng, nên có thể do mạng của máy này; không đọc được gì: "
        "cổng không trả lời",
    ),
    "well": (after(read=1500), "0 bài mới, đọc lại 1.500 bài đã lưu; bài mới nhất đăng ngày 02/03/2026"),
    "well, and without dates": (lambda nights: nights.night(read=1), "0 bài mới, đọc lại 1 bài đã lưu"),
}


def is_vietnamese(health: PortalHealth) -> bool:
    """Whether nothing of the English sentence is in the Vietnamese one, but for what is marked as quoted."""
    ours = QUOTED.sub("", vietnamese(health))
    return bool(ours) and not words_of(ours) & words_of(health.cause)


@pytest.mark.parametrize(("story", "said"), STORIES.values(), ids=STORIES)
def test_what_is_found_is_said_in_vietnamese(
    nights: Nights, story: Callable[[Nights], PortalHealth], said: str
) -> None:
    health = story(nights)
    assert said in vietnamese(health) and is_vietnamese(health)
    assert "lang=" not in vietnamese(health)
    assert english(health.cause_parts) == health.cause
    assert json.loads(json.dumps(health.cause_parts)) == health.cause_parts


@pytest.mark.parametrize(("outcomes", "measured"), [story[:2] for story in NOTHING.values()], ids=NOTHING)
def test_why_nothing_was_read_is_said_in_vietnamese(
    nights: Nights, outcomes: dict[str, int], measured: dict[str, Any]
) -> None:
    nights.good(2)
    health = nights.night(outcomes=outcomes, fits=0, **measured)
    assert is_vietnamese(health)
    quoted = f'“<span lang="en">{measured["no_answer"]}</span>”' if "no_answer" in measured else ""
    assert "".join(re.findall("“.*”", vietnamese(health))) == quoted


def test_these_are_all_the_nights_there_can_be(tmp_path: Path) -> None:
    """Each sentence of the table is said of one of them, so that none was looked at in the table alone."""
    said = set()
    bad = [after(outcomes=outcomes, fits=0, **measured) for outcomes, measured, *_ in NOTHING.values()]
    for number, story in enumerate([*bad, *(story for story, _ in STORIES.values())]):
        with Archive(tmp_path / str(number)) as archive:
            archive.register_portals([PORTAL.record()])
            said |= set(keys(story(Nights(archive)).cause_parts))
    assert set(WORDS) - said == {"as_said"}


# ---------------------------------------------------------------- nights of other versions


def forget_parts(nights: Nights, **parts: Any) -> None:
    """The nights as an older version kept them, or as another did."""
    with nights.archive.transaction() as db:
        for number, row in db.execute("select rowid, health from run_portals where health is not null").fetchall():
            health = json.loads(row)
            health.pop("cause_parts", None)
            health |= {"cause_parts": parts} if parts else {}
            db.execute("update run_portals set health = ? where rowid = ?", [json.dumps(health), number])


@pytest.mark.parametrize("parts", [{}, {"key": "of_tomorrow", "n": 3}, {"key": "thin"}, {"n": 1}], ids=str)
def test_a_sentence_of_another_version_goes_on_in_english_and_is_marked_as_that(
    nights: Nights, parts: dict[str, Any]
) -> None:
    nights.good(2)
    before = nights.night(**BROKEN)
    forget_parts(nights, **parts)
    known = verdicts.last_judged(nights.archive.connection, PORTAL.key)
    assert known is not None and known.cause == before.cause
    assert vietnamese(known) == f'<span lang="en">{before.cause}</span>'
    health = nights.night(**SILENT)
    assert health.cause == f"no article was read since; {before.cause}"
    assert vietnamese(health) == f'từ đó chưa đọc được bài nào; <span lang="en">{before.cause}</span>'
    stopped = nights.night(**STOPPED)
    assert stopped.cause == f"the run was stopped before it was done; before it: {health.cause}"


def test_what_an_older_version_said_of_the_night_before_is_not_said_twice(nights: Nights) -> None:
    nights.good(2)
    for one in (BROKEN, SILENT):
        nights.night(**one)
    forget_parts(nights)
    health = nights.night(**SILENT)
    assert health.cause.count("no article was read since") == 1
    for _ in range(2):
        stopped = nights.night(**STOPPED)
        assert stopped.cause == f"the run was stopped before it was done; before it: {health.cause}"
        forget_parts(nights)


def test_nights_that_show_nothing_do_not_make_the_sentence_longer(nights: Nights) -> None:
    nights.good(2)
    nights.night(**BROKEN)
    said = [(nights.night(**SILENT).cause, nights.night(**STOPPED).cause) for _ in range(3)]
    assert len(set(said)) == 1


# ---------------------------------------------------------------- the report and the messages


def sick(*, with_parts: bool = True, said: str = "the name song.example is not known (DNS)") -> PortalNight:
    parts = because("nothing_read", cause=because("no_answer_as", said=said))
    health = PortalHealth("song", "", Verdict.GONE, BEGAN, 2, True, english(parts), "", {}, parts if with_parts else {})
    return PortalNight("song", "Sông", "http://127.0.0.1:1/", Turn.DONE, True, 9, {}, {"network_error": 3}, health)


def night(portal: PortalNight) -> Night:
    return Night(Ending.COMPLETE, 1, BEGAN, BEGAN, 7, "", (portal,))


def measured(portal: PortalNight, code: str) -> tuple[str, str]:
    """What the page and a message say was measured."""
    label = {"vi": "Số liệu", "en": "Measured"}[code]
    html = page.write(night(portal), code, "")
    found = re.search(f"<dt>{label}</dt>(<dd.*?</dd>)", html)
    assert found is not None
    events = news({}, telling.alarms_of(night(portal)), set(), BEGAN)
    line = next(line for line in write(events, code, "").text.split("\n") if line.startswith(label))
    return found[1], line.removeprefix(f"{label}: ")


def test_a_report_in_vietnamese_says_in_vietnamese_what_was_measured() -> None:
    parts = because("nothing_read", cause=because("elsewhere", n=1200))
    portal = sick()
    assert portal.health is not None
    portal = replace(portal, health=replace(portal.health, cause=english(parts), cause_parts=parts))
    said = "không đọc được gì: 1.200 địa chỉ dẫn sang máy chủ khác: có phải cổng đã chuyển đi?"
    assert measured(portal, "vi") == (f"<dd>{said}</dd>", said)
    said = "nothing was read: 1200 addresses lead to another host: has it moved?"
    assert measured(portal, "en") == (f"<dd>{said}</dd>", said)


def test_what_a_machine_said_is_quoted_as_it_is_and_harms_nothing() -> None:
    said = "<script>a</script>  & {n} “b”"
    on_page, message = measured(sick(said=said), "vi")
    assert on_page == (
        '<dd>không đọc được gì: máy báo “<span lang="en">&lt;script&gt;a&lt;/script&gt;  &amp; {n} “b”</span>”</dd>'
    )
    assert message == "không đọc được gì: máy báo “<script>a</script> & {n} “b””"


def test_what_is_known_in_english_alone_is_shown_as_that() -> None:
    said = "nothing was read: the name song.example is not known (DNS)"
    assert measured(sick(with_parts=False), "vi") == (f'<dd><span lang="en">{said}</span></dd>', said)
    assert measured(sick(with_parts=False), "en") == (f"<dd>{said}</dd>", said)


def test_an_alarm_that_waits_to_be_told_is_said_in_vietnamese_and_one_of_an_older_version_is_told(
    tmp_path: Path,
) -> None:
    (alarm,) = telling.alarms_of(night(sick()))
    with closing(Alarms(tmp_path / NAME)) as alarms:
        alarms.note(news({}, [alarm], set(), BEGAN))
        (event,) = alarms.waiting("somebody")
    assert event.alarm == alarm and "không đọc được gì: máy báo" in write([event], "vi", "").text
    kept = {name: value for name, value in asdict(alarm).items() if name != "cause_parts"}
    old = replace(event, alarm=Alarm(**kept))
    assert "Số liệu: nothing was read: the name song.example" in write([old], "vi", "").text
