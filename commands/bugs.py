"""A mistake in the program itself: one sentence for the person, the traceback into a file."""

from __future__ import annotations

import os
import tempfile
import traceback
from pathlib import Path
from typing import Final

from engine.errors import AnjuanError, Remedy

FILE_NAME: Final = "anjuan-errors.log"


class ProgramError(AnjuanError):
    """Something that nobody foresaw. Where its traceback was written is `kept_in`, `None` where nothing could be."""

    code = "bug"

    def __init__(self, kind: str, kept_in: str | None) -> None:
        super().__init__(kind, kept_in)
        self.kind, self.kept_in = kind, kept_in

    def __str__(self) -> str:
        where = f"; the details are in {self.kept_in}" if self.kept_in else ""
        return f"the program made a mistake ({self.kind}){where}"

    @property
    def zh(self) -> str:
        where = f"，详情记录在 {self.kept_in}" if self.kept_in else ""
        return f"程序出错（{self.kind}）{where}"

    @property
    def remedy(self) -> Remedy | None:
        if self.kept_in is None:
            return None
        return Remedy("请把该文件交给系统维护人员", "hand that file to whoever looks after the system")


def bug(error: Exception) -> ProgramError:
    """The failure to tell for an exception that nobody foresaw, its traceback kept in a file."""
    text = "".join(traceback.format_exception(error))
    return ProgramError(type(error).__name__, next(filter(None, (_kept(folder, text) for folder in _folders())), None))


def _folders() -> list[Path]:
    import platformdirs

    return [platformdirs.user_log_path("anjuan", appauthor=False), Path(tempfile.gettempdir())]


def _kept(folder: Path, text: str) -> str | None:
    """Appends to the file in this folder, for its owner's eyes only and never through a link somebody laid."""
    path = folder / FILE_NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        with os.fdopen(os.open(path, flags, 0o600), "a", encoding="utf-8", errors="replace") as file:
            file.write(f"{_moment()}\n{text}\n")
    except OSError:
        return None
    return str(path)


def _moment() -> str:
    from engine.clock import SystemClock

    return SystemClock().now().isoformat(timespec="seconds")
