"""Files as other programs read them: openpyxl, and LibreOffice itself."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

soffice = shutil.which("soffice") or shutil.which("libreoffice")
needs_libreoffice = pytest.mark.skipif(soffice is None, reason="LibreOffice is not installed (libreoffice-calc)")


def cells(workbook: bytes | Path, sheet: int = 0) -> list[list[Any]]:
    """The rows of a sheet, with the header."""
    source = io.BytesIO(workbook) if isinstance(workbook, bytes) else workbook
    return [list(row) for row in load_workbook(source).worksheets[sheet].iter_rows()]


def libreoffice(source: Path, *options: str) -> Path:
    """A file as LibreOffice reads it, saved by it as a workbook."""
    target = source.parent / "opened"
    profile = f"-env:UserInstallation=file://{source.parent}/profile"
    command = [str(soffice), profile, "--headless", *options, "--convert-to", "xlsx", "--outdir", str(target)]
    subprocess.run([*command, str(source)], check=True, capture_output=True, timeout=180)
    return target / f"{source.stem}.xlsx"
