"""Dates as Vietnamese portals print them: read where they stand, never guessed."""

from __future__ import annotations

from datetime import datetime

import pytest

from archive.clock import VIETNAM, stamp
from crawler import dates

WITH_TIME = {
    # NukeViet: the article page, its lists in both settings, its tags and searches
    "Chủ nhật - 13/03/2022 08:50": "2022-03-13T08:50",
    "Thứ hai - 14/03/2022 00:00": "2022-03-14T00:00",
    "Thứ bảy - 31/12/2016 23:59": "2016-12-31T23:59",
    "16/10/2020 02:48:00 AM": "2020-10-16T02:48",
    "18/08/2024 01:53:13 PM": "2024-08-18T13:53",
    "18/08/2024 12:05:13 PM": "2024-08-18T12:05",
    "18/08/2024 12:05:13 AM": "2024-08-18T00:05",
    "18/08/2024 13:53:13": "2024-08-18T13:53",
    "04:35 15/03/2016": "2016-03-15T04:35",
    # SharePoint
    "09/05/2025 3:25 CH": "2025-05-09T15:25",
    "09/05/2025 3:25 SA": "2025-05-09T03:25",
    "09/05/2025 12:10 CH": "2025-05-09T12:10",
    "09/05/2025 12:10 SA": "2025-05-09T00:10",
    # Liferay
    "Đăng ngày 15-05-2022 10:48": "2022-05-15T10:48",
    "21:30, ngày 06-11-2018": "2018-11-06T21:30",
    # others
    "Đăng ngày: 20/01/2020 - 8:28:04 AM": "2020-01-20T08:28",
    "Thứ Tư, 29/06/2022, 09:50 [GMT+7]": "2022-06-29T09:50",
    "Thứ 5, 19.11.2020 | 09:25:22": "2020-11-19T09:25",
    "T5, 19.11.2020 | 09:25": "2020-11-19T09:25",
    "CN, 22/11/2020 09:25": "2020-11-22T09:25",
    "Cập nhật lúc: 18:00 |22/05/2022": "2022-05-22T18:00",
    "Cập nhật lúc 22:18, Thứ Tư, 03/08/2016 (GMT+7)": "2016-08-03T22:18",
    "09:21 19/06/2023": "2023-06-19T09:21",
    "13/10/2020, 20:57": "2020-10-13T20:57",
    "11-03-2026, 16:27 (GMT+7)": "2026-03-11T16:27",
    "20/01/2020 - 8:28:04 AM": "2020-01-20T08:28",
    "30/03/2021 | 12:00 AM": "2021-03-30T00:00",
    "Thứ năm,\xa005/09/2019,\xa014:30": "2019-09-05T14:30",
}
DAY_ALONE = {
    "17-04-2024": "2024-04-17",
    "thứ tư, 26/11/2025": "2025-11-26",
    "Thứ Hai, 19/01/2026": "2026-01-19",
    "ngày 3/6/2013": "2013-06-03",
    "19.11.2020": "2020-11-19",
    "(05/09/2019)": "2019-09-05",
}
NO_DATE = (
    "",
    "Chủ nhật",
    "424 0",
    "08:50",
    "Sáng ngày 09/5",
    "ngày 20/3",
    "27.4",
    "31/02/2022",
    "29/02/2021 10:00",
    "32/01/2022",
    "00/05/2020",
    "10/13/2020",
    "Quyết định số 25/2015/QĐ-TTg",
    "Nghị định 34/2014/NĐ-CP, Thông tư 01/2016/TT-BNV",
    "217-QĐ/TW và 218-QĐ/TW",
    "25-NQ/TW",
    "Điện thoại: 0271.3879.202",
    "1/12/2022/3",
)
PUBLISHED_TIME = {
    "2022-03-13+0708:50:12": "2022-03-13T08:50",
    "2022-03-13ICT08:50:12": "2022-03-13T08:50",
    "2022-03-13T08:50:12+07:00": "2022-03-13T08:50",
    "2022-03-13T08:50:12": "2022-03-13T08:50",
    "2022-03-13+0700:00:00": "2022-03-13T00:00",
    "2016-12-31+0723:59:59": "2016-12-31T23:59",
}
NO_PUBLISHED_TIME = (
    "",
    "2022-03-13",
    "2022-02-31+0708:50:00",
    "2022-13-01T08:50:00",
    "2022-03-13+0725:00:00",
    "rubbish",
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


@pytest.mark.parametrize(("line", "moment"), WITH_TIME.items())
def test_day_and_minute_are_read_in_every_shape(line: str, moment: str) -> None:
    found = dates.find(line)
    assert found is not None and found.has_time
    assert found.moment == at(moment)


@pytest.mark.parametrize(("line", "day"), DAY_ALONE.items())
def test_a_day_alone_is_a_day_alone(line: str, day: str) -> None:
    found = dates.find(line)
    assert found is not None and not found.has_time
    assert found.moment == at(f"{day}T00:00")


@pytest.mark.parametrize("line", NO_DATE)
def test_what_is_no_date_gives_none(line: str) -> None:
    assert dates.find(line) is None


@pytest.mark.parametrize("line", ["Chủ nhật - 13/03/2022 08:50", "Thứ Tư, 29/06/2022, 09:50", "21:30, ngày 06-11-2018"])
def test_the_words_that_said_so_are_kept_with_their_weekday(line: str) -> None:
    found = dates.find(f"Đăng bởi: Ban biên tập | {line} 424 0")
    assert found is not None and found.text == line


def test_of_two_dates_the_first_counts() -> None:
    found = dates.find("Thứ ba - 05/02/2019 07:00 08/02/2020 09:00")
    assert found is not None and found.moment == at("2019-02-05T07:00")


def test_a_date_behind_a_legal_code_is_found() -> None:
    found = dates.find("Quyết định 25/2015/QĐ-TTg, Thứ ba - 05/02/2019 07:00")
    assert found is not None and found.moment == at("2019-02-05T07:00")


@pytest.mark.parametrize(("content", "moment"), PUBLISHED_TIME.items())
def test_published_time_is_read_even_malformed(content: str, moment: str) -> None:
    assert dates.from_meta(content) == at(moment)


@pytest.mark.parametrize("content", ["2022-03-13T01:50:00+00:00", "2022-03-13T01:50:00Z"])
def test_published_time_with_another_zone_is_the_same_moment(content: str) -> None:
    assert dates.from_meta(content) == at("2022-03-13T08:50")


@pytest.mark.parametrize("content", NO_PUBLISHED_TIME)
def test_published_time_that_is_none_gives_none(content: str) -> None:
    assert dates.from_meta(content) is None


def test_a_moment_is_written_with_its_offset() -> None:
    found = dates.find("Chủ nhật - 13/03/2022 08:50")
    assert found is not None and stamp(found.moment) == "2022-03-13T08:50:00+07:00"
