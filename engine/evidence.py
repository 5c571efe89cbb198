"""Keeps files by their content: once each, under their SHA-256, written whole before the entry that names them.

A process killed between the file and its entry leaves at most a file that no entry names; an entry never names a file
that is not there.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import InputWrong, NotFound, Remedy
from engine.whole_files import beside

LARGEST_BYTES = 200 * 1024 * 1024


@dataclass(frozen=True)
class Kept:
    """A file as the record names it: its own name, its size and the hash of its content."""

    name: str
    size_bytes: int
    sha256: str

    def document(self) -> dict[str, Any]:
        return {"name": self.name, "bytes": self.size_bytes, "sha256": self.sha256}


def measured(file: Path) -> Kept:
    """What would be kept of the file, which is followed where it is a link.

    Raises NotFound (`file.missing`), InputWrong (`file.unreadable`, `file.empty`, `file.too_large`).
    """
    try:
        if not file.exists():
            raise NotFound("file.missing", f"没有文件“{file}”", f"there is no file {file}")
        if not file.is_file():
            raise _unreadable(file)
        with file.open("rb") as stream:
            _require_size(file, os.fstat(stream.fileno()).st_size)
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
            size_bytes = stream.tell()
    except OSError as e:
        raise _unreadable(file) from e
    _require_size(file, size_bytes)  # it may have grown while it was read
    return Kept(file.name, size_bytes, sha256)


def keep(folder: Path, file: Path) -> Kept:
    """Put the file's content into the folder, unless it is there already, whole. Raises as `measured`, and OSError."""
    kept = measured(file)
    place = place_of(folder, kept.sha256)
    if is_whole(folder, kept.sha256):
        return kept
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = beside(place)
    try:
        with file.open("rb") as source, unfinished.open("xb") as copy:
            shutil.copyfileobj(source, copy)
            copy.flush()
            os.fsync(copy.fileno())
        if measured(unfinished).sha256 != kept.sha256:
            raise InputWrong(
                "file.changing", f"文件正在被改动：{file}", f"the file is being changed while it is read: {file}"
            )
        unfinished.replace(place)  # where another process was quicker, it has put the same content there
        _keep_name(place)
    finally:
        unfinished.unlink(missing_ok=True)
    return kept


def place_of(folder: Path, sha256: str) -> Path:
    """Where content of that hash lies."""
    return folder / "sha256" / sha256[:2] / sha256


def is_whole(folder: Path, sha256: str) -> bool:
    """Whether content of that hash is there, and is still what it was when it was kept."""
    try:
        with place_of(folder, sha256).open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == sha256
    except OSError:
        return False


def _require_size(file: Path, size_bytes: int) -> None:
    if size_bytes == 0:
        raise InputWrong("file.empty", f"文件没有内容：{file}", f"the file is empty: {file}")
    if size_bytes > LARGEST_BYTES:
        most = LARGEST_BYTES // (1024 * 1024)
        raise InputWrong(
            "file.too_large",
            f"文件超过{most}兆字节：{file}",
            f"the file is larger than {most} MiB: {file}",
            Remedy("压缩或拆分后再附", "make it smaller, or split it"),
        )


def _keep_name(place: Path) -> None:
    """Have the name of the file survive a power cut too, where folders can be synchronised."""
    if os.name != "posix":
        return
    descriptor = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unreadable(file: Path) -> InputWrong:
    return InputWrong(
        "file.unreadable",
        f"不是文件，或者不能读取：{file}",
        f"it is no file, or it cannot be read: {file}",
        Remedy("写明可以读取的文件", "name a file that can be read"),
    )
