"""On a disk that is too small, publishing says so before it begins, and leaves what readers have as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.exits import STORE_FAILED
from archive.publish import current_copy
from archive.store import Archive
from tests.command_line import run
from tests.invented import PORTALS, invented
from tests.loopback import is_a_sentence
from tests.small_disk import fill, small_disk


def listing(folder: Path) -> dict[str, int]:
    """Every file below a folder, by its size."""
    return {str(path.relative_to(folder)): path.lstat().st_size for path in folder.rglob("*") if not path.is_dir()}


def add_articles(data_dir: Path, numbers: range, sentences: int = 40) -> None:
    with Archive(data_dir) as archive:
        archive.register_portals(PORTALS)
        with archive.transaction():
            for i in numbers:
                archive.save(invented(f"bai-{i}", f"Bài số {i}", f"Con suối thứ {i} chảy qua bản. " * sentences))


@pytest.mark.parametrize("first", [True, False], ids=["the first copy", "a further copy"])
def test_a_disk_without_room_is_a_sentence_and_the_old_copy_is_still_served(tmp_path: Path, first: bool) -> None:
    with small_disk(tmp_path / "disk", 24) as data_dir:
        add_articles(data_dir, range(200))
        if not first:
            assert run("publish", "--data-dir", data_dir, "--without-files")[0] == 0
            add_articles(data_dir, range(200, 300))
        served = current_copy(data_dir)
        size = (served or data_dir / "archive.db").stat().st_size
        ballast = fill(data_dir, leave=size // 2)
        before = listing(data_dir / "published")

        code, out, err = run("publish", "--data-dir", data_dir, "--without-files")

        assert code == STORE_FAILED and out == "" and is_a_sentence(err), err
        assert "was not begun: about " in err and str(data_dir / "published") in err
        assert current_copy(data_dir) == served
        left = listing(data_dir / "published")
        assert {name for name in left if name != ".lock"} == {name for name in before if name != ".lock"}

        ballast.unlink()
        assert run("publish", "--data-dir", data_dir, "--without-files")[0] == 0
        assert current_copy(data_dir) != served


def test_where_the_files_of_the_whole_archive_find_no_room_the_new_copy_is_served_all_the_same(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 64) as data_dir:
        add_articles(data_dir, range(300), sentences=400)
        assert run("publish", "--data-dir", data_dir, "--without-files")[0] == 0
        served = current_copy(data_dir)
        assert served is not None
        add_articles(data_dir, range(300, 303))
        fill(data_dir, leave=int(served.stat().st_size * 1.15) + (1 << 20) + 200_000)  # what publishing asks for
        code, _, err = run("publish", "--data-dir", data_dir)
        new = current_copy(data_dir)
        assert new is not None and new != served
        sentence = err.splitlines()[-1]
        assert code == STORE_FAILED and "Traceback" not in err
        assert f"{new.name} is published, but of the files of the whole archive: " in sentence
        assert not [name for name in listing(data_dir / "published") if ".tmp" in name or name.endswith(".gz")]
