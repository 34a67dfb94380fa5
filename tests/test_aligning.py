"""A page's own lines that make up the text which a library found in it."""

from __future__ import annotations

from lxml import html

from crawler.template.aligning import blocks_without, common_block, lines_of_text
from crawler.template.keys import Keys
from crawler.template.outline import Outline, Paths, outline

ONE = "Sáng sớm, bà con hai xóm đã có mặt đông đủ ở bến đò."
TWO = "Mỗi nhà góp một ngày công và hai cây tre già để làm kè."
THREE = "Đến chiều, quãng bờ lở dài bốn mươi mét đã được đóng cọc xong."


def page(body: str) -> Outline:
    return outline(html.document_fromstring(f"<html><body>{body}</body></html>"), Keys(), Paths())


def texts(made: Outline, found: str) -> list[str]:
    return [line.text for line in lines_of_text(made, found)]


def test_paragraphs_that_a_library_glued_together_are_the_pages_own() -> None:
    made = page(f"<p>Trang đầu</p><table><tr><td>{ONE}<br><br>{TWO}</td></tr><tr><td>{THREE}</td></tr></table>")
    assert texts(made, f"{ONE}{TWO} {THREE}") == [ONE, TWO, THREE]


def test_a_short_line_counts_only_between_those_that_were_found() -> None:
    made = page(f"<p>Xong</p><p>Xong</p><p>Xong</p><p>{ONE}</p><p>Kể tiếp</p><p>{TWO}</p><p>{THREE}</p>")
    assert texts(made, f"{ONE}\nKể tiếp\n{TWO}\n{THREE}") == [ONE, "Kể tiếp", TWO, THREE]


def test_loose_text_behind_a_picture_that_the_library_lost_is_there() -> None:
    made = page(f"<div>{ONE}<br><br>{TWO}<div><img src=a.jpg></div>{THREE}<br><br>{ONE} Thật vậy.</div>")
    assert texts(made, f"{ONE}\n{TWO}\n{ONE} Thật vậy.") == [ONE, TWO, THREE, f"{ONE} Thật vậy."]


def test_where_the_lines_do_not_cover_the_text_there_are_none() -> None:
    made = page(f"<p>{ONE}</p>")
    assert texts(made, f"{ONE} {TWO} {THREE}") == []
    assert texts(made, "") == []
    assert texts(page(""), ONE) == []


def test_a_picture_between_two_lines_stays_and_other_blocks_go() -> None:
    made = page(
        f"<div><ul><li>Trang đầu</li></ul><div id=text><p>{ONE}</p><p><img src=a.jpg><i>Bến đò</i></p>"
        f"<p><a href=/khac>Mời xem thêm chuyện làng bên</a></p><p>{TWO}</p></div><div><img src=qc.png></div></div>"
    )
    lines = lines_of_text(made, f"{ONE}\n{TWO}")
    around = common_block(made, lines)
    assert made.elements[around].get("id") == "text"
    gone = ["".join(made.elements[index].itertext()) for index in blocks_without(made, around, lines)]
    assert gone == ["Mời xem thêm chuyện làng bên"]
