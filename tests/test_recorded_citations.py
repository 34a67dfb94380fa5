"""The finder of documents against forms gathered from the field, the sample article and two recorded portals.

Needs RECORDED_PORTALS, a folder with field/citations.tsv, sample-article.txt and portals/<name>/truth.jsonl.
"""

from __future__ import annotations

import csv
import json
import os
import re
import time
from pathlib import Path

import pytest

from archive.citing.find import find

RECORDED = Path(os.environ.get("RECORDED_PORTALS") or "nowhere")
FORMS = RECORDED / "field" / "citations.tsv"
SAMPLE = RECORDED / "sample-article.txt"
pytestmark = pytest.mark.skipif(
    not FORMS.is_file() or not SAMPLE.is_file(), reason="RECORDED_PORTALS names no folder with the gathered citations"
)

FLOOR = 0.98
# Four documents in two forms that name no body, so that nobody can read them alone: what else their article would say.
# These words give the codes outright; they show that a short form joins its code, not that it can be guessed.
CONTEXT = {
    "Nghị quyết 27 / Chỉ thị 09": "Nghị quyết số 27-NQ/TU và Chỉ thị số 09-CT/TU ra đời.",
    "Đề án 04, Thông tri số 10 ngày 8-7-2016": "Đề án số 04-ĐA/MTTW và Thông tri số 10-TTri/MTTW ra đời.",
}


def rows() -> list[dict[str, str]]:
    with FORMS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def codes_of(row: dict[str, str]) -> list[str]:
    return [code.strip().rstrip("…") for code in re.split(r" \+ | / |; ", row["normalised"])]


def test_gathered_forms_are_found_and_nothing_beside_them() -> None:
    right = found = expected = 0
    for row in rows():
        if row["as_written"] in CONTEXT:
            continue
        codes = [citation.code for citation in find(f"Các cấp bàn về {row['as_written']}, rồi ra về.")]
        right += sum(code in codes_of(row) for code in codes)
        found += len(codes)
        expected += len(codes_of(row))
    assert right / found >= FLOOR
    assert right / expected >= FLOOR


def test_forms_that_name_no_body_are_left_alone_and_join_the_code_that_their_article_gives() -> None:
    for row in rows():
        if context := CONTEXT.get(row["as_written"]):
            assert find(row["as_written"], province="Hà Giang") == []
            codes = [citation.code for citation in find(f"{context} Sau đó, {row['as_written']}.", province="Hà Giang")]
            assert codes == codes_of(row)


def test_gathered_forms_have_their_kind_and_the_date_that_is_written() -> None:
    wrong = []
    for row in rows():
        day = re.fullmatch(r"\d{4}-\d\d-\d\d", row["year_or_date"])
        written = day and re.search(r"\d{1,2}[-./]\d{1,2}[-./]\d{4}", row["as_written"])
        for citation in find(row["as_written"], province="Hà Giang"):
            if citation.kind != row["type"] or (written and citation.date != row["year_or_date"]):
                wrong.append((row["as_written"], citation.kind, citation.date))
    assert wrong == []


def test_the_sample_article_yields_its_six_documents() -> None:
    found = find(SAMPLE.read_text(encoding="utf-8"), province="Bình Phước", published="2022-03-13T08:50:00+07:00")
    assert [(citation.code, citation.kind, citation.issuer, citation.date) for citation in found] == [
        ("01/CT-TTg", "Chỉ thị", "Thủ tướng Chính phủ", ""),
        ("47-CT/TU", "Chỉ thị", "Tỉnh ủy Bình Phước", "2015-09-25"),
        ("68-KL/TW", "Kết luận", "Ban Bí thư", ""),
        ("681-CT/ĐU", "Chỉ thị", "Đảng ủy BĐBP (Bình Phước)", "2018-10-08"),
        ("03/2019/NĐ-CP", "Nghị định", "Chính phủ", "2019-09-05"),
        ("25-NQ/TW", "Nghị quyết", "Trung ương", ""),
    ]


@pytest.mark.parametrize("name", ["nukeviet-egov", "nukeviet-4.5"])
def test_no_code_of_a_recorded_portal_is_missed_and_none_is_found_twice(name: str) -> None:
    lines = (RECORDED / "portals" / name / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    for record in map(json.loads, lines):
        text = "\n".join([record["title"], record["lead"] or "", *record["paragraphs"]])
        found = find(text)
        assert len({citation.code for citation in found}) == len(found)
        for written in re.findall(r"\d+(?=\s*[-–/]\s*[A-ZĐ]{2,})", text):
            assert any(written in citation.code for citation in found), written


def test_a_text_takes_less_than_a_millisecond_for_four_kilobytes() -> None:
    text = SAMPLE.read_text(encoding="utf-8")
    seconds = []
    for _ in range(20):
        start = time.perf_counter()
        find(text, province="Bình Phước")
        seconds.append(time.perf_counter() - start)
    assert min(seconds) < 0.001 * len(text.encode()) / 4096
