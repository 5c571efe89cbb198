"""Exports a rule as a file to edit, never over a file that somebody may be editing."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from engine.clock import legal_day
from engine.documents import Document, Edition
from engine.errors import InputWrong, Remedy
from engine.whole_files import beside, put_new
from workflows.rule_edits import rule_name, same_rule
from workflows.rule_text import rule_text

SUFFIXES = (".yaml", ".yml")


def export_rule(document: Document, editions: Sequence[Edition], to: Path) -> None:
    """Write the rule in the shape of the data files. Raises InputWrong when the place is taken or cannot be."""
    # Unlike those of Path, these do not raise on a name that no file can have.
    if to.suffix.lower() not in SUFFIXES or os.path.isdir(to) or not os.path.isdir(to.parent):
        raise _no_place(document, to)
    content = same_rule(document.kind, document.content)
    text = rule_text(document.kind, content, document.hash, _comments(document, editions))
    unfinished = beside(to)
    try:
        unfinished.write_text(text, encoding="utf-8", newline="\n")
        put_new(unfinished, to)
    except FileExistsError as e:
        raise InputWrong(
            "file.exists",
            f"“{to}”已经存在，其中可能有尚未载入的修改，没有覆盖",
            f"{to} exists, and may hold changes that are not loaded yet; it was left alone",
            Remedy("换一个文件名", "choose another name"),
        ) from e
    except (OSError, ValueError) as e:
        raise _no_place(document, to) from e
    finally:
        with contextlib.suppress(OSError, ValueError):
            unfinished.unlink(missing_ok=True)


def _no_place(document: Document, to: Path) -> InputWrong:
    return InputWrong(
        "file.place",
        f"不能写入“{to}”：文件名应以.yaml结尾，所在文件夹应已存在并可写入",
        f"{to} cannot be written: the name ends in .yaml, its folder exists and may be written",
        Remedy("例如", "for example", f"anjuan rule export {document.id} --to {document.id}.yaml"),
    )


def _comments(document: Document, editions: Sequence[Edition]) -> list[str]:
    zh, en = rule_name(document.kind, document.content)
    came_zh, came_en = "随程序发布", "as shipped with the program"
    if editions:
        last = editions[-1]
        on = legal_day(datetime.fromisoformat(last.recorded_at))
        came_zh, came_en = f"{on}，{last.author}：{last.reason}", f"{on}, {last.author}: {last.reason}"
    return [
        " ".join(f"{zh}（{document.id}）现行版本，{came_zh}".split()),
        " ".join(f"{en} ({document.id}), the version in force, {came_en}".split()),
        "修改后先校验：anjuan rule check 本文件；再预演：anjuan rule load 本文件 --reason 依据 --dry-run；无误后载入。",
        "Edit, then: anjuan rule check FILE; anjuan rule load FILE --reason R --dry-run; then load it.",
        "based_on注明据以修改的版本，请勿改动。 / based_on names the version that this was made from; leave it.",
    ]
