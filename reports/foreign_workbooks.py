"""Reads the cells of a spreadsheet that somebody else made: bounded in size, nothing in it evaluated or followed.

Of a formula the value is read that was saved beside it, which is what people saw when they filed the sheet.
"""

from __future__ import annotations

import functools
import io
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import iterparse

from engine.errors import InputWrong, Remedy
from engine.evidence import Kept, measured

LARGEST_BYTES = 10 * 1024 * 1024
LARGEST_UNPACKED_BYTES = 16 * 1024 * 1024
MOST_MEMBERS = 500
LONGEST_VALUE = 1_000
MOST_SHEETS, MOST_ROWS, MOST_COLUMNS = 20, 300, 100  # what is looked at; an official form has a tenth of it
SUFFIX = ".xlsx"
COMPOUND_FILE = bytes.fromhex("d0cf11e0a1b11ae1")  # what .xls is, and .xlsx under a password
ENCRYPTED_FLAG = 0x1
DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")
# A reference into another file ([1]Sheet1!A1), or into another program (cmd|…).
ELSEWHERE = re.compile(r"\[[^\[\]]*\][^!\[\]]*!|\|")
# What the library and the zip module raise on files that are no spreadsheets, or were made to look like one.
UNREADABLE = (
    SyntaxError,  # of XML, by either of the two parsers that the library uses
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True)
class ForeignCell:
    """A cell: its place (C7), its value or the one saved beside its formula. `elsewhere`: it points out of the file."""

    place: str
    value: Any = None
    formula: bool = False
    elsewhere: bool = False


@dataclass(frozen=True)
class ForeignSheet:
    """The cells of a sheet from its first row and column on, all rows equally long."""

    title: str
    rows: tuple[tuple[ForeignCell, ...], ...]


@dataclass(frozen=True)
class ForeignWorkbook:
    """The file, and its sheets in their order."""

    file: Kept
    sheets: tuple[ForeignSheet, ...]


def read_workbook(path: Path) -> ForeignWorkbook:
    """Raises NotFound (`file.missing`) and InputWrong, one sentence each; the file is left as it is."""
    kept = measured(path)
    if path.suffix.lower() != SUFFIX:
        raise InputWrong(
            "file.suffix",
            f"文件应以{SUFFIX}结尾：“{path.name}”",
            f"the file must end in {SUFFIX}: {path.name}",
            Remedy("另存为.xlsx", "save it as .xlsx"),
        )
    if kept.size_bytes > LARGEST_BYTES:
        raise _too_large(path)
    content = path.read_bytes()
    _require_harmless(path, content)
    try:
        return ForeignWorkbook(kept, tuple(_sheets(content)))
    except UNREADABLE as e:
        raise _no_spreadsheet(path) from e


def _require_harmless(path: Path, content: bytes) -> None:
    """No password, no macros, no entities, not larger inside than outside by much."""
    if content.startswith(COMPOUND_FILE):
        raise _locked(path)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _require_harmless_members(path, archive)
    except UNREADABLE as e:
        raise _no_spreadsheet(path) from e


def _require_harmless_members(path: Path, archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    # A member is never unpacked beyond the size that it declares.
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > LARGEST_UNPACKED_BYTES:
        raise _too_large(path)
    if any(member.flag_bits & ENCRYPTED_FLAG for member in members):
        raise _locked(path)
    if any(member.filename.lower().endswith("vbaproject.bin") for member in members):
        raise InputWrong(
            "file.macros",
            f"文件含有宏，不予读取：“{path.name}”",
            f"the file holds macros and is not read: {path.name}",
            Remedy("另存为不含宏的.xlsx", "save it as .xlsx without macros"),
        )
    if any(mark in archive.read(member) for member in members for mark in DECLARATIONS):
        raise _no_spreadsheet(path)


def _sheets(content: bytes) -> Iterator[ForeignSheet]:
    from openpyxl import load_workbook

    with warnings.catch_warnings(), zipfile.ZipFile(io.BytesIO(content)) as archive:
        warnings.simplefilter("ignore")  # about what the library leaves out, which nothing here asks for
        workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        for worksheet in workbook.worksheets[:MOST_SHEETS]:
            # The library tells either the saved value or the formula, and a second reading would work out each of the
            # copies of a shared formula: whoever wants to hinder can write a million.
            formulas = _formulas(archive.read(worksheet._worksheet_path.lstrip("/")))
            rows = worksheet.iter_rows(1, MOST_ROWS, 1, MOST_COLUMNS, values_only=True)
            cells = (_row(number, values, formulas) for number, values in enumerate(rows, start=1))
            yield ForeignSheet(worksheet.title, tuple(cells))


def _row(number: int, values: Sequence[Any], formulas: Mapping[str, bool]) -> tuple[ForeignCell, ...]:
    cells = []
    for letter, value in zip(_letters(), values, strict=True):
        place = f"{letter}{number}"
        shown = value[:LONGEST_VALUE] if isinstance(value, str) else value
        cells.append(ForeignCell(place, shown, place in formulas, formulas.get(place, False)))
    return tuple(cells)


def _formulas(xml: bytes) -> dict[str, bool]:
    """The places of a worksheet in which a formula stands, and whether it points out of the file."""
    found = {}
    for _, element in iterparse(io.BytesIO(xml)):
        if element.tag.endswith("}row"):
            element.clear()
        if element.tag.endswith("}c"):
            formula = next((child for child in element if child.tag.endswith("}f")), None)
            if formula is not None:
                found[element.get("r", "")] = ELSEWHERE.search(formula.text or "") is not None
    return found


@functools.cache
def _letters() -> tuple[str, ...]:
    from openpyxl.utils import get_column_letter

    return tuple(get_column_letter(position) for position in range(1, MOST_COLUMNS + 1))


def _too_large(path: Path) -> InputWrong:
    return InputWrong(
        "file.too_large",
        f"文件过大，不像一张报表：“{path.name}”",
        f"the file is too large for a form: {path.name}",
        Remedy("只保留报表，另存为新的文件", "keep the form alone and save it as a new file"),
    )


def _locked(path: Path) -> InputWrong:
    return InputWrong(
        "file.locked",
        f"文件设有密码，或者是旧的.xls格式：“{path.name}”",
        f"the file is under a password, or in the old .xls format: {path.name}",
        Remedy("取消密码，另存为.xlsx", "take the password off and save it as .xlsx"),
    )


def _no_spreadsheet(path: Path) -> InputWrong:
    return InputWrong(
        "file.no_spreadsheet",
        f"文件不是电子表格，或者已经损坏：“{path.name}”",
        f"the file is no spreadsheet, or it is damaged: {path.name}",
        Remedy("用电子表格程序打开后另存为.xlsx", "open it in a spreadsheet program and save it as .xlsx"),
    )
