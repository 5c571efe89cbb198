"""Writes a workbook to its file: as a whole or not at all, and the same bytes for the same content."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

from reports import written_files
from reports.same_archives import ZIP_EPOCH, same_archive

# A file name to suggest.
EXAMPLE = "month.xlsx"


def empty_workbook() -> Any:
    """A workbook without sheets, whose properties do not depend on the machine or the time."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    workbook.properties.creator = "案卷 anjuan"
    workbook.properties.created = workbook.properties.modified = datetime(*ZIP_EPOCH)  # noqa: DTZ001 - the format has no zone
    return workbook


def put_in_place(workbook: Any, path: Path) -> None:
    """Write the workbook, or leave an earlier one as it is. Raises InputWrong, StoreUnavailable."""
    written_files.put_in_place(path, workbook_bytes(workbook), EXAMPLE)


def workbook_bytes(workbook: Any) -> bytes:
    """The .xlsx file."""
    written = io.BytesIO()
    ExcelWriter(workbook, zipfile.ZipFile(written, "w", allowZip64=True)).save()
    return same_archive(written)
