"""Puts what a report writes into its file: as a whole or not at all, and says plainly why it could not."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from engine.errors import InputWrong, Remedy, StoreUnavailable
from engine.whole_files import write_whole

REASONS = {
    errno.ENOSPC: ("磁盘已满", "the disk is full"),
    errno.EDQUOT: ("磁盘配额已满", "the disk quota is used up"),
    errno.EROFS: ("文件夹只读", "the folder is read-only"),
    errno.EACCES: ("没有写入权限", "no permission"),
    errno.EPERM: ("没有写入权限", "no permission"),
    errno.ENAMETOOLONG: ("文件名过长", "the file name is too long"),
}


def put_in_place(path: Path, content: bytes, example: str) -> None:
    """Write the file, in the place of an older one of that name. `example` is a name to suggest.

    Raises InputWrong, StoreUnavailable; then nothing has changed.
    """
    require_place(path, example)
    try:
        write_whole(path, content)
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


def require_place(path: Path, example: str, *others: str) -> None:
    """Raises InputWrong where `path` is a folder, lies in one that does not exist, or ends otherwise than the examples.

    The first example is the one to suggest.
    """
    if os.path.isdir(path):  # unlike Path.is_dir, it does not raise on a name that no file can have
        raise InputWrong(
            "file.is_folder",
            f"“{path}”是文件夹，不能写成文件",
            f"{path} is a folder, not a file",
            Remedy(f"请写明文件名，如 {example}", f"name a file in it, for example {example}"),
        )
    if not os.path.isdir(path.parent):
        raise InputWrong(
            "folder.missing",
            f"没有文件夹“{path.parent}”",
            f"there is no folder {path.parent}",
            Remedy("请先建立该文件夹，或换一个位置", "create the folder first, or choose another place"),
        )
    suffixes = [Path(name).suffix for name in (example, *others)]
    if path.suffix.lower() not in suffixes:
        named = f"{path.stem}{suffixes[0]}" if path.stem else example
        raise InputWrong(
            "file.suffix",
            f"文件应以{'或'.join(suffixes)}结尾：“{path}”",
            f"the file must end in {' or '.join(suffixes)}: {path}",
            Remedy(f"例如{named}", f"for example {named}"),
        )


def _reason(error: OSError | ValueError) -> tuple[str, str]:
    if isinstance(error, ValueError):
        return "文件名含有无效字符", "the file name holds a character that is not allowed"
    return REASONS.get(error.errno or 0, ("系统拒绝写入", error.strerror or str(error)))
