"""The same text on another portal, or twice on one, is found as it arrives; other texts are not."""

from __future__ import annotations

import hashlib
import random
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive import likeness, reprints
from archive.article import Article
from archive.publish import current_copy, publish
from archive.reprints import Reprints
from archive.store import Archive
from tests.invented import PORTALS, invented

# Of one sentence. Stored sketches are compared with new ones: where this changes, raise reprints.VERSION.
SKETCH = "52046df05c4fa9865a9c5439792a37e7ea32b2b618c8bd6cb4ea9de4b47df618"

SYLLABLES = (
    "đò bến sông lúa mạ nương rẫy chợ phiên cầu tre giếng làng đình chùa trống hội thuyền lưới cá tôm ruộng đồng mưa "
    "nắng gió trăng sao đêm sáng chiều bà ông cụ cháu mẹ cha anh chị em bạn thầy trò sách bút đèn lửa bếp cơm canh rau "
    "quả bưởi cam mít xoài dừa trầu cau vôi gạch ngói tường mái hiên sân vườn ngõ đường dốc đèo suối thác rừng núi đá"
).split()
STOCK = (
    "Dự buổi lễ có đại diện các ban ngành đoàn thể trong xã cùng đông đảo bà con lối xóm gần xa",
    "Phát biểu tại đây cụ già nhất làng mong con cháu giữ lấy nếp nhà và thương nhau như xưa",
)


def text(seed: int, count: int = 300) -> list[str]:
    """That many words, in sentences of 15 and paragraphs of 60 when written by body()."""
    chance = random.Random(seed)
    return [chance.choice(SYLLABLES) for _ in range(count)]


def body(words: list[str]) -> str:
    return "\n\n".join(
        " ".join(" ".join(words[at : at + 15]).capitalize() + "." for at in range(part, min(part + 60, len(words)), 15))
        for part in range(0, len(words), 60)
    )


def article(name: str, words: list[str] | str, *, title: str = "Chuyện bên bến đò", day: str = "2021-05-04") -> Article:
    return invented(name, title, words if isinstance(words, str) else body(words), day=day)


def changed_in_runs(words: list[str], share: float, runs: int, seed: int = 5) -> list[str]:
    chance, changed = random.Random(seed), list(words)
    length, part = int(len(words) * share / runs), len(words) // runs
    for run in range(runs):
        start = run * part + chance.randrange(part - length)
        changed[start : start + length] = [chance.choice(SYLLABLES) for _ in range(length)]
    return changed


def changed_here_and_there(words: list[str], share: float, seed: int = 5) -> list[str]:
    chance, changed = random.Random(seed), list(words)
    for at in chance.sample(range(len(words)), int(len(words) * share)):
        changed[at] = chance.choice(SYLLABLES)
    return changed


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    monkeypatch.setenv("ARCHIVE_NOW", "2026-03-01T02:00:00+07:00")
    with Archive(tmp_path) as opened:
        opened.register_portals(PORTALS)
        yield opened


def add(archive: Archive, *articles: Article) -> list[tuple[int, float]]:
    """Store articles as a crawl would; what is said of the last one."""
    said: list[tuple[int, float]] = []
    with archive.transaction() as db:
        for one in articles:
            archive.save(one)
            (seen,) = db.execute("select first_seen from articles where id = ?", [one.id]).fetchone()
            said = Reprints(db).add(one.id, one.title, one.lead, one.body, one.published, seen)
    return said


def originals(archive: Archive) -> dict[int, int]:
    return dict(tuple(row) for row in archive.connection.execute("select article, original from reprints"))


def everything(archive: Archive) -> list[list[tuple[object, ...]]]:
    """Rows and index by articles: numbers are given by arrival."""
    queries = (
        "select article, original, similarity from reprints order by 1",
        "select article, first, digest, sketch from reprint_texts order by 1",
        "select key, article from reprint_bands join reprint_texts using (number) order by 1, 2",
    )
    return [[tuple(row) for row in archive.connection.execute(sql)] for sql in queries]


def test_an_exact_copy_names_its_original(archive: Archive) -> None:
    first, copy = article("1", text(1)), article("2", text(1), day="2021-05-06")
    assert add(archive, first) == []
    assert add(archive, copy) == [(first.id, 1.0)]
    assert originals(archive) == {copy.id: first.id}


@pytest.mark.parametrize("count", [60, 120, 300, 900])
@pytest.mark.parametrize(
    "change",
    [
        lambda words: changed_in_runs(words, 0.15, 1),
        lambda words: changed_in_runs(words, 0.15, 2),
        lambda words: changed_here_and_there(words, 0.05),
        lambda words: words[len(words) // 2 :] + words[: len(words) // 2],
        lambda words: words[: int(len(words) * 0.86)],
    ],
    ids=["one run", "two runs", "here and there", "swapped halves", "cut short"],
)
def test_an_edited_copy_is_found(archive: Archive, count: int, change: object) -> None:
    assert callable(change)
    for seed in range(5):
        first = article(f"{seed}", text(seed, count))
        copy = article(f"{seed}-copy", change(text(seed, count)), title="Tin khác", day="2021-06-01")
        add(archive, first)
        ((original, similarity),) = add(archive, copy)
        assert original == first.id
        assert 0.72 <= similarity <= 1


def test_similarity_is_the_share_of_common_words(archive: Archive) -> None:
    words = text(1, 300)
    words_apart = ["khác"] * 45
    first, copy = article("1", words), article("2", words[:100] + words_apart + words[145:], day="2021-05-06")
    add(archive, first)
    assert add(archive, copy) == [(first.id, 0.85)]


def test_another_headline_makes_no_other_article(archive: Archive) -> None:
    first = article("1", text(1))
    add(archive, first)
    said = add(archive, article("2", text(1), title="Một cái tên không ai ngờ tới", day="2021-05-05"))
    assert said == [(first.id, 1.0)]


def test_a_lead_in_the_body_is_the_same_text(archive: Archive) -> None:
    first = article("1", text(1))
    add(archive, replace(first, lead="Nước lên từ sáng sớm nay."))
    copy = article("2", "Nước lên từ sáng sớm nay.\n\n" + body(text(1)), day="2021-05-05")
    assert add(archive, copy) == [(first.id, 1.0)]


def test_look_alike_letters_and_other_accents_disguise_nothing(archive: Archive) -> None:
    written = body(text(1))
    disguised = (
        written.translate(str.maketrans("aeopcxyTAOđ", "аеорсхуТАОð")).replace("sông", "ｓông").replace("ò", "ó")
    )
    invisible = written.replace("ng", "n\u200bg").replace("ế", "e\u0302\u0301")
    assert disguised != written != invisible
    first = article("1", written)
    add(archive, first)
    assert add(archive, article("2", disguised, day="2021-05-05")) == [(first.id, 1.0)]
    assert add(archive, article("3", invisible, day="2021-05-05")) == [(first.id, 1.0)]


def test_stock_phrases_make_no_reprint(archive: Archive) -> None:
    for seed in range(60):
        parts = [body(text(100 + seed, 60)), STOCK[0] + ".", body(text(200 + seed, 45)), STOCK[1] + "."]
        assert add(archive, article(str(seed), "\n\n".join(parts))) == []
    assert originals(archive) == {}


def test_a_digest_that_contains_an_article_is_none(archive: Archive) -> None:
    add(archive, article("1", text(1, 200)))
    assert add(archive, article("2", text(2, 150) + text(1, 200) + text(3, 150), day="2021-05-05")) == []


def test_a_form_filled_in_anew_is_none(archive: Archive) -> None:
    form = (
        "Xã thông báo lịch tiếp bà con trong tháng {}: ngày {} cụ trưởng làng tiếp ở đình, ngày {} cô thủ thư tiếp ở "
        "nhà văn hóa, ngày {} bác trưởng thôn tiếp ở bến đò, từ {} giờ sáng cho tới khi hết người hỏi thì thôi."
    )
    add(archive, article("1", form.format(1, 3, 12, 20, 7)))
    assert add(archive, article("2", form.format(2, 5, 14, 22, 8), day="2021-06-04")) == []
    assert len(add(archive, article("3", form.format(2, 5, 14, 22, 8), day="2021-06-05"))) == 1


def test_short_texts_are_the_same_only_word_for_word(archive: Archive) -> None:
    short = article("1", text(1, 30))
    add(archive, short)
    assert add(archive, article("2", text(1, 30), title="Tin khác", day="2021-05-05")) == []
    assert add(archive, article("3", text(1, 29), day="2021-05-05")) == []
    assert add(archive, article("4", text(1, 30), day="2021-05-05")) == [(short.id, 1.0)]


def test_pictures_are_the_same_by_a_long_enough_title(archive: Archive) -> None:
    title = "Chùm ảnh lễ hội đua thuyền trên sông đầu xuân"
    first = article("1", "", title=title)
    add(archive, first, article("2", "", title="Lịch tuần"))
    assert add(archive, article("3", "", title="Lịch tuần")) == []
    assert add(archive, article("4", "", title=title.upper(), day="2021-05-05")) == [(first.id, 1.0)]


def test_the_earlier_one_is_the_original(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    late, undated = article("1", text(1), day="2026-05-01"), article("2", text(1), day="")
    assert add(archive, late) == []
    assert add(archive, undated) == []  # first seen in March 2026: earlier
    assert originals(archive) == {late.id: undated.id}
    twins = [article(name, text(2)) for name in ("3", "4")]
    add(archive, *twins)
    lower, higher = sorted(one.id for one in twins)
    assert originals(archive)[higher] == lower


def test_an_earlier_one_that_arrives_late_takes_its_place(archive: Archive) -> None:
    words = text(1)
    some = [article(str(day), changed_here_and_there(words, 0.02, day), day=f"2021-05-{day:02}") for day in (7, 6, 5)]
    add(archive, *some)
    assert originals(archive) == {some[0].id: some[2].id, some[1].id: some[2].id}
    first = article("first", words, day="2020-01-01")
    assert add(archive, first) == []
    assert originals(archive) == {one.id: first.id for one in some}


def test_a_corrected_date_changes_who_was_first(archive: Archive) -> None:
    one, other = article("1", text(1), day="2021-05-01"), article("2", text(1), day="2021-05-02")
    add(archive, one, other)
    assert add(archive, replace(one, published="2021-05-03T08:00:00+07:00")) == [(other.id, 1.0)]
    assert originals(archive) == {one.id: other.id}


def test_a_chain_names_its_earliest(archive: Archive) -> None:
    words = text(1, 300)
    first = article("1", words, day="2021-05-01")
    second = article("2", words[60:] + text(7, 60), day="2021-05-02")
    third = article("3", words[120:] + text(7, 60) + text(8, 60), day="2021-05-03")
    add(archive, first, third)
    assert originals(archive) == {}  # too far apart
    add(archive, second)
    assert originals(archive) == {second.id: first.id, third.id: first.id}
    (similarity,) = archive.connection.execute(
        "select similarity from reprints where article = ?", [third.id]
    ).fetchone()
    assert 0.59 <= similarity <= 0.62  # to the original, not to the link between
    with archive.transaction() as db:
        Reprints(db).remove(second.id)
    assert originals(archive) == {}


def test_an_edited_article_is_judged_anew(archive: Archive) -> None:
    first, copy = article("1", text(1)), article("2", text(1), day="2021-05-05")
    add(archive, first, copy)
    assert add(archive, replace(copy, body=body(text(2)))) == []
    assert originals(archive) == {}
    assert add(archive, copy) == [(first.id, 1.0)]
    add(archive, replace(first, body=body(text(3))))
    assert originals(archive) == {}


def test_a_removed_original_leaves_its_place_to_the_next(archive: Archive) -> None:
    some = [article(str(day), text(1), day=f"2021-05-{day:02}") for day in (1, 2, 3)]
    add(archive, *some)
    with archive.transaction() as db:
        Reprints(db).remove(some[0].id)
    assert originals(archive) == {some[2].id: some[1].id}
    with archive.transaction() as db:
        Reprints(db).remove(some[2].id)
        Reprints(db).remove(some[2].id)
        Reprints(db).remove(some[1].id)
    assert everything(archive) == [[], [], []]
    assert archive.connection.execute("select count(*) from reprint_bands").fetchone()[0] == 0


def test_reading_again_changes_nothing(archive: Archive) -> None:
    some = [article("1", text(1)), article("2", text(1), day="2021-05-05"), article("3", text(1, 20))]
    add(archive, *some)
    before = everything(archive)
    changes = archive.connection.total_changes
    for one in some:
        with archive.transaction() as db:
            Reprints(db).add(one.id, one.title, one.lead, one.body, one.published, "2026-03-01T02:00:00+07:00")
    assert archive.connection.total_changes == changes
    assert everything(archive) == before


def test_the_order_of_arrival_does_not_matter(archive: Archive, tmp_path: Path) -> None:
    some = [
        article(f"{seed}-{n}", changed_in_runs(text(seed, 200), 0.1, 1, n), day=f"2021-0{1 + n}-1{seed}")
        for seed in range(6)
        for n in range(4)
    ]
    add(archive, *some)
    assert len(originals(archive)) == 18
    with Archive(tmp_path / "other") as other:
        other.register_portals(PORTALS)
        add(other, *random.Random(3).sample(some, len(some)))
        assert everything(other) == everything(archive)


def test_what_was_not_committed_is_not_there(archive: Archive) -> None:
    one, copy = article("1", text(1)), article("2", text(1), day="2021-05-05")
    add(archive, one)
    before = everything(archive)
    with pytest.raises(KeyboardInterrupt), archive.transaction() as db:
        archive.save(copy)
        Reprints(db).add(copy.id, copy.title, copy.lead, copy.body, copy.published, "")
        raise KeyboardInterrupt
    assert everything(archive) == before


def test_the_index_is_made_anew_and_goes_on_where_it_was_killed(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reprints, "BATCH", 5)
    some = [article(f"{seed}-{n}", text(seed, 100), day=f"2021-05-1{n}") for seed in range(9) for n in range(2)]
    add(archive, *some)
    before = everything(archive)
    index = Reprints(archive.connection)
    assert not index.current  # an archive that is older than the index
    archive.connection.execute("delete from reprints")

    def killed(done: int, total: int) -> None:
        assert total == 18
        if done == 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index.rebuild(killed)
    assert not index.current
    told: list[tuple[int, int]] = []
    index.rebuild(lambda done, total: told.append((done, total)))
    assert told == [(15, 18), (18, 18)]
    assert index.current
    assert everything(archive) == before
    index.rebuild()
    assert everything(archive) == before
    monkeypatch.setattr(reprints, "VERSION", 99)
    assert not index.current
    with archive.transaction(), pytest.raises(RuntimeError):
        index.rebuild()


def test_a_cluster_of_any_size_is_found_by_full_bands(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reprints, "FULL", 5)
    words = text(1)
    some = [article(str(n), changed_here_and_there(words, 0.02, n), day=f"2021-05-{n + 1:02}") for n in range(25)]
    add(archive, *some)
    assert originals(archive) == {one.id: some[0].id for one in some[1:]}
    (most,) = archive.connection.execute(
        "select max(n) from (select count(*) as n from reprint_bands group by key)"
    ).fetchone()
    assert most == 5


def test_no_cluster_outgrows_what_one_arrival_can_pay_for(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reprints, "LARGEST", 10)
    add(archive, *(article(str(n), text(1), day=f"2021-05-{n + 1:02}") for n in range(20)))
    sizes = archive.connection.execute("select count(*) from reprints group by original").fetchall()
    assert [row[0] for row in sizes] == [9, 9]


def test_sketches_are_the_same_on_every_machine() -> None:
    said = likeness.words("Đảng bộ xã Mường Lò họp bàn việc dân vận khéo, theo Nghị quyết 25-NQ/TW, ở bến đò làng Mây.")
    assert said[:3] == [b"dang", b"bo", b"xa"]
    assert b"25" in said
    assert likeness.digest(said) == -2810046577133017523
    assert hashlib.sha256(likeness.sketch(likeness.shingles(said))).hexdigest() == SKETCH


def test_sketches_tell_how_alike_texts_are() -> None:
    errors = []
    for seed in range(20):
        words = text(seed, 400)
        one, other, edited = (
            likeness.shingles(likeness.words(body(said)))
            for said in (words, text(seed + 100, 400), changed_here_and_there(words, 0.05))
        )
        assert likeness.resemblance(likeness.sketch(one), likeness.sketch(one)) == 1
        assert likeness.resemblance(likeness.sketch(one), likeness.sketch(other)) < 0.05
        jaccard = len({*one} & {*edited}) / len({*one} | {*edited})
        errors.append(likeness.resemblance(likeness.sketch(one), likeness.sketch(edited)) - jaccard)
        assert 0.9 < likeness.similarity(one, edited) < 0.97
    assert abs(sum(errors) / 20) < 0.03
    assert len(likeness.sketch(likeness.shingles([b"la"] * 50))) == 128  # a text that repeats itself
    with pytest.raises(ValueError, match="no shingles"):
        likeness.sketch([])


def test_the_index_stays_at_home(archive: Archive, tmp_path: Path) -> None:
    first, copy = article("1", text(1)), article("2", text(1), day="2021-05-05")
    add(archive, first, copy)
    publish(tmp_path)
    path = current_copy(tmp_path)
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    assert db.execute("select * from reprints").fetchall() == [(copy.id, first.id, 1.0)]
    assert db.execute("select name from sqlite_master where name like 'reprint\\_%' escape '\\'").fetchall() == []
    db.close()
