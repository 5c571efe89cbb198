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

# A workbook says when it was written, in its properties and in every zip member: always the format's first day here.
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
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
    """The .xlsx file. Members are stored, not deflated: compressors differ between machines, a sealed file may not."""
    written = io.BytesIO()
    ExcelWriter(workbook, zipfile.ZipFile(written, "w", allowZip64=True)).save()
    same = io.BytesIO()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(same, "w", zipfile.ZIP_STORED) as target:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, ZIP_EPOCH)
            member.create_system = 0
            member.external_attr = 0
            target.writestr(member, source.read(name))
    return same.getvalue()
