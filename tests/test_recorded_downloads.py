"""Every article of two recorded portals, downloaded and opened in LibreOffice: the right text, and nothing alive."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from asking import answer_of
from edge_texts import as_shown
from invented import PORTALS
from recorded import PORTALS as RECORDED
from recorded import VISIBLE, needs_recorded, truth
from spreadsheets import cells, libreoffice, needs_libreoffice

from archive.article import Article
from archive.formats.texts import restored
from archive.formats.xlsx import MAX_CHARACTERS
from archive.publish import publish
from archive.site.serve import site
from archive.store import Archive

pytestmark = [needs_recorded, needs_libreoffice]
CSV_IN_UTF_8 = "--infilter=CSV:44,34,76,1"


def article(portal: str, record: dict[str, Any]) -> Article:
    """An article of a recording, as it really is."""
    nfc = lambda text: unicodedata.normalize("NFC", text or "")  # noqa: E731
    return Article(
        portal=portal,
        key=f"vi/news/{record['id']}",
        url=record["url"],
        title=nfc(record["title"]),
        lead=nfc(record["lead"]),
        body="\n\n".join(map(nfc, record["paragraphs"])),
        published=record["published"][:16] + ":00+07:00",
        author=nfc(record["author"]),
        source=nfc(record["source"]),
        tags=tuple(dict.fromkeys(map(nfc, record["tags"]))),
    )


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Article]]:
    folder = tmp_path_factory.mktemp("data")
    rows = [{**PORTALS[0], "key": name.replace("-", "_").replace(".", "_"), "keep": "all"} for name in RECORDED]
    known = [
        article(str(row["key"]), record)
        for row, name in zip(rows, RECORDED, strict=True)
        for record in truth(name).values()
    ]
    with Archive(folder) as archive:
        archive.register_portals(rows)
        with archive.transaction():
            for one in known:
                archive.save(one)
    publish(folder)
    return folder, {str(one.id): one for one in known}


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_libreoffice_opens_all_of_it(articles: tuple[Path, dict[str, Article]], tmp_path: Path, kind: str) -> None:
    folder, known = articles
    source = tmp_path / f"all.{kind}"
    source.write_bytes(answer_of(site(folder), f"/export.{kind}?body=1&header=fields").content)
    header, *rows = cells(libreoffice(source, *([CSV_IN_UTF_8] if kind == "csv" else [])))
    names = [cell.value for cell in header]
    assert len(rows) == len(known) == len(RECORDED) * VISIBLE
    back = restored if kind == "csv" else str
    seen = set()
    for row in rows:
        assert all(cell.data_type != "f" for cell in row), "no live formula"
        value = {name: cell.value for name, cell in zip(names, row, strict=True)}
        one = known[value["permalink"].rpartition("/")[2]]
        seen.add(one.id)
        for name in ("title", "lead", "body", "author", "source"):
            text, right = back(str(value[name] or "")), as_shown(getattr(one, name))
            if len(right) > MAX_CHARACTERS:  # cut in the one, and by LibreOffice's saving in the other
                assert text[:32_000] == right[:32_000] and (kind == "csv" or text.endswith("CSV, JSONL.]"))
            else:
                assert text == right, name
        assert back(str(value["tags"] or "")) == "; ".join(one.tags)
        if kind == "xlsx":
            assert value["published"] == datetime.fromisoformat(one.published).replace(tzinfo=None)
    assert len(seen) == len(known)
