"""Writes a text as a new YAML file: whole or not at all, and never over a file that somebody may be editing."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from engine.errors import InputWrong, Remedy
from engine.whole_files import beside, put_new

SUFFIXES = (".yaml", ".yml")


def write_new(text: str, to: Path, example: str) -> None:
    """Put the text there; `example` is a command with a good place. Raises InputWrong (`file.exists`, `file.place`)."""
    require_place(to, example)
    unfinished = beside(to)
    try:
        unfinished.write_text(text, encoding="utf-8", newline="\n")
        put_new(unfinished, to)
    except FileExistsError as e:
        raise _taken(to) from e
    except (OSError, ValueError) as e:
        raise _no_place(to, example) from e
    finally:
        with contextlib.suppress(OSError, ValueError):
            unfinished.unlink(missing_ok=True)


def require_place(to: Path, example: str) -> None:
    """Raises InputWrong (`file.place`, `file.exists`) where no new file of that name can be."""
    # Unlike those of Path, these do not raise on a name that no file can have.
    if to.suffix.lower() not in SUFFIXES or os.path.isdir(to) or not os.path.isdir(to.parent):
        raise _no_place(to, example)
    if os.path.lexists(to):
        raise _taken(to)


def _taken(to: Path) -> InputWrong:
    return InputWrong(
        "file.exists",
        f"“{to}”已经存在，其中可能有尚未载入的修改，没有覆盖",
        f"{to} exists, and may hold changes that are not loaded yet; it was left alone",
        Remedy("换一个文件名", "choose another name"),
    )


def _no_place(to: Path, example: str) -> InputWrong:
    return InputWrong(
        "file.place",
        f"不能写入“{to}”：文件名应以.yaml结尾，所在文件夹应已存在并可写入",
        f"{to} cannot be written: the name ends in .yaml, its folder exists and may be written",
        Remedy("例如", "for example", example),
    )
