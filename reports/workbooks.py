"""Writes a workbook to its file: as a whole or not at all, and the same bytes for the same content."""

from __future__ import annotations

import errno
import io
import os
import secrets
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

from engine.errors import InputWrong, Remedy, StoreUnavailable

# A workbook says when it was written, in its properties and in every zip member: always the format's first day here.
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)

REASONS = {
    errno.ENOSPC: ("磁盘已满", "the disk is full"),
    errno.EDQUOT: ("磁盘配额已满", "the disk quota is used up"),
    errno.EROFS: ("文件夹只读", "the folder is read-only"),
    errno.EACCES: ("没有写入权限", "no permission"),
    errno.EPERM: ("没有写入权限", "no permission"),
    errno.ENAMETOOLONG: ("文件名过长", "the file name is too long"),
}


def empty_workbook() -> Any:
    """A workbook without sheets, whose properties do not depend on the machine or the time."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    workbook.properties.creator = "案卷 anjuan"
    workbook.properties.created = workbook.properties.modified = datetime(*ZIP_EPOCH)  # noqa: DTZ001 - the format has no zone
    return workbook


def put_in_place(workbook: Any, path: Path) -> None:
    """Write beside `path`, then rename. Raises InputWrong, StoreUnavailable; then nothing has changed."""
    require_place(path)
    content = workbook_bytes(workbook)
    beside = path.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        try:
            with beside.open("xb") as file:
                file.write(content)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    except (OSError, ValueError) as e:
        zh, en = _reason(e)
        raise StoreUnavailable(
            "file.not_written",
            f"文件“{path}”未能写入（{zh}），原有文件未作改动",
            f"{path} could not be written ({en}); an earlier file is unchanged",
            Remedy(
                "请检查文件夹是否只读、磁盘是否已满、文件是否正被其他程序打开",
                "see whether the folder is read-only, the disk full, or the file open in another program",
            ),
        ) from e


def require_place(path: Path) -> None:
    """Raises InputWrong where `path` is a folder or lies in one that does not exist."""
    if os.path.isdir(path):  # unlike Path.is_dir, it does not raise on a name that no file can have
        raise InputWrong(
            "file.is_folder",
            f"“{path}”是文件夹，不能写成文件",
            f"{path} is a folder, not a file",
            Remedy("请写明文件名，如 月报.xlsx", "name a file in it, for example month.xlsx"),
        )
    if not os.path.isdir(path.parent):
        raise InputWrong(
            "folder.missing",
            f"没有文件夹“{path.parent}”",
            f"there is no folder {path.parent}",
            Remedy("请先建立该文件夹，或换一个位置", "create the folder first, or choose another place"),
        )


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


def _reason(error: OSError | ValueError) -> tuple[str, str]:
    if isinstance(error, ValueError):
        return "文件名含有无效字符", "the file name holds a character that is not allowed"
    return REASONS.get(error.errno or 0, ("系统拒绝写入", error.strerror or str(error)))
