"""Delivers mails as `.eml` files into a folder: the default until a mail server is set."""

from __future__ import annotations

import errno
import os
import re
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path

from notifications.delivery import Accepted, DeliveryDelayed

_UNSAFE = re.compile(r"[^A-Za-z0-9.-]+")
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_READ_ONLY = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


class FolderDelivery:
    """One file per Message-ID, named after it: `2018-09-07.3f….eml` sorts by the day the notice was planned for."""

    sender = "anjuan@localhost"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def deliver(self, message: EmailMessage) -> Accepted:
        """Writes the mail whole or not at all; a mail that is already there stays as it was.

        Raises DeliveryDelayed when the folder is full, read-only or missing in some other way.
        """
        file = self._folder / file_name(message)
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not file.exists():
                _write_whole(file, message.as_bytes())
        except OSError as e:
            raise _delayed(self._folder, e) from e
        return Accepted(file.name)

    def close(self) -> None:
        """Nothing is held open between two files."""


def file_name(message: EmailMessage) -> str:
    """The name of the file of this mail, the same for every attempt."""
    local_part = str(message["Message-ID"]).strip("<> ").partition("@")[0]
    return _UNSAFE.sub("-", local_part).strip(".-")[:120] + ".eml"


def _write_whole(file: Path, content: bytes) -> None:
    # The name is fixed, so that a program killed here leaves nothing that the next attempt does not replace.
    unfinished = file.with_suffix(".part")
    try:
        # Mails name people and cases: readable by their owner alone.
        with open(unfinished, "wb", opener=_private) as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(file)
    except OSError:
        with suppress(OSError):
            unfinished.unlink()
        raise
    _fsync_folder(file.parent)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _fsync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows cannot open a folder, and writes a rename through by itself
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _delayed(folder: Path, error: OSError) -> DeliveryDelayed:
    answer = error.strerror or str(error)
    if error.errno in _FULL:
        return DeliveryDelayed(answer, f"磁盘已满，无法写入{folder}", f"the disk is full, {folder} cannot be written")
    if error.errno in _READ_ONLY:
        return DeliveryDelayed(answer, f"文件夹{folder}不可写", f"folder {folder} is not writable")
    return DeliveryDelayed(answer, f"无法写入文件夹{folder}", f"folder {folder} cannot be written")
