"""The parts of a workbook that do not depend on what stands in it (ECMA-376), as short as Excel takes them."""

from __future__ import annotations

from collections.abc import Sequence

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

# Numbers of the styles below. AS_TYPED: as if typed after an apostrophe, so that it stays text when a person edits it.
TEXT, TIME, HEADER, LINK, AS_TYPED = range(5)

STYLES = (
    f'{XML}<styleSheet xmlns="{MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy\\ hh:mm"/></numFmts>'
    '<fonts count="3"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font>'
    '<font><u/><sz val="11"/><color rgb="FF0563C1"/><name val="Calibri"/><family val="2"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="0" fontId="2" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
RELATIONS = f'{XML}<Relationships xmlns="{PACKAGE}/relationships">'
PACKAGE_RELATIONS = (
    f'{RELATIONS}<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
NOTES = {"vi": "Về tệp này", "en": "About this file"}


def sheet_name(number: int, language: str) -> str:
    """Bài viết, Bài viết (2), ..."""
    name = {"vi": "Bài viết", "en": "Articles"}[language]
    return name if number == 1 else f"{name} ({number})"


def letters(index: int) -> str:
    """The letters of a column: 0 is A, 26 is AA."""
    return (letters(index // 26 - 1) if index >= 26 else "") + chr(ord("A") + index % 26)


def sheet_head(widths: Sequence[int], *, frozen: bool = True) -> str:
    """The beginning of a sheet, up to its rows."""
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' if frozen else ""
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(widths, 1)
    )
    return (
        f'{XML}<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheetViews>'
        f'<sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols><sheetData>'
    )


def numbers_meant_as_text(rows: int) -> str:
    """No green corner on the ids, which are text because Excel rounds numbers of 16 digits."""
    return f'<ignoredErrors><ignoredError sqref="A1:A{rows}" numberStoredAsText="1"/></ignoredErrors>'


def link(number: int, target: str) -> str:
    """Where a link of a sheet leads; the target is escaped already."""
    return f'<Relationship Id="rId{number}" Type="{OFFICE}/hyperlink" Target="{target}" TargetMode="External"/>'


def workbook(names: Sequence[str], filtered: Sequence[str]) -> str:
    """The list of the sheets; `filtered`: the ranges of the filters of the first ones, which Excel wants named."""
    sheets = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>' for number, name in enumerate(names, 1)
    )
    filters = "".join(
        f'<definedName name="_xlnm._FilterDatabase" localSheetId="{index}" hidden="1">'
        f"'{names[index]}'!{where}</definedName>"
        for index, where in enumerate(filtered)
    )
    return (
        f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><bookViews><workbookView/></bookViews>'
        f"<sheets>{sheets}</sheets><definedNames>{filters}</definedNames></workbook>"
    )


def workbook_relations(sheets: int) -> str:
    """Where the sheets and the styles stand."""
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, sheets + 1)
    )
    styles = f'<Relationship Id="rId{sheets + 1}" Type="{OFFICE}/styles" Target="styles.xml"/>'
    return f"{RELATIONS}{listed}{styles}</Relationships>"


def content_types(sheets: int) -> str:
    """What each part is."""
    listed = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{TYPE}.worksheet+xml"/>'
        for number in range(1, sheets + 1)
    )
    return (
        f'{XML}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>{listed}'
        f'<Override PartName="/xl/styles.xml" ContentType="{TYPE}.styles+xml"/></Types>'
    )
