"""Exports a rule as a file to edit, never over a file that somebody may be editing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from engine.clock import legal_day
from engine.documents import Document, Edition
from workflows.new_files import write_new
from workflows.rule_edits import rule_name, same_rule
from workflows.rule_text import rule_text


def export_rule(document: Document, editions: Sequence[Edition], to: Path) -> None:
    """Write the rule in the shape of the data files. Raises InputWrong when the place is taken or cannot be."""
    content = same_rule(document.kind, document.content)
    text = rule_text(document.kind, content, document.hash, _comments(document, editions))
    write_new(text, to, f"anjuan rule export {document.id} --to {document.id}.yaml")


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
