"""The lines of an outline as paragraphs: the same as clean.py makes of the container, without walking it again.

Lines are paragraphs already; only the cells of a table's row belong together.
"""

from __future__ import annotations

from lxml.html import HtmlElement

from crawler.clean import BLOCKS, CELLS
from crawler.template.outline import Line, Outline
from crawler.text import squeeze


def paragraphs_of(lines: list[Line], made: Outline, container: int) -> list[str]:
    """One text a paragraph; a row of a data table is one, its cells joined by a blank."""
    paragraphs: list[str] = []
    rows: dict[int, int | None] = {}  # element -> the outermost data row around it
    last: int | None = None
    for line in lines:
        row = _row_around(made, line.owner, container, rows)
        if row is not None and row == last:
            paragraphs[-1] += " " + line.text
        else:
            paragraphs.append(line.text)
        last = row
    return [squeeze(text) for text in paragraphs]


def _row_around(made: Outline, index: int, container: int, rows: dict[int, int | None]) -> int | None:
    """The outermost row of a data table that an element stands in, within the container."""
    if index <= container:
        return None
    if index not in rows:
        outer = _row_around(made, made.parents[index], container, rows)
        element = made.elements[index]
        own = index if element.tag == "tr" and not _is_layout(element) else None
        rows[index] = outer if outer is not None else own
    return rows[index]


def _is_layout(row: HtmlElement) -> bool:
    """A row of one cell with several blocks in it only frames the text: its blocks are paragraphs."""
    cells = [cell for cell in row if cell.tag in CELLS]
    if len(cells) != 1:
        return False
    blocks = [child for child in cells[0] if child.tag in BLOCKS]
    breaks = sum(1 for _ in cells[0].iter("br"))
    return sum(bool(block.text_content().strip()) for block in blocks) > 1 or breaks > 1
