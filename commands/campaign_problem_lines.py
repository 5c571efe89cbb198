"""How the errors and remarks on a campaign file read as JSON and on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from commands.failures import problem_document
from commands.output import wrap
from commands.words import t
from engine.errors import Problem


def check_document(errors: Sequence[Problem], remarks: Sequence[Problem]) -> dict[str, Any]:
    """What a check found, as scripts read it: errors stop loading, remarks do not."""
    return {
        "ok": not errors,
        "errors": [problem_document(problem) for problem in errors],
        "remarks": [problem_document(problem) for problem in remarks],
    }


def check_lines(name: str, errors: Sequence[Problem], remarks: Sequence[Problem]) -> Iterator[str]:
    """What a check of that file found."""
    if errors:
        yield from wrap(t(f"{name} 有{len(errors)}处错误：", f"{name}: errors: {len(errors)}"))
        yield from problem_lines(errors)
    else:
        yield from wrap(t(f"{name} 没有错误", f"{name} has no errors"))
    yield from remark_lines(remarks)


def remark_lines(remarks: Sequence[Problem]) -> Iterator[str]:
    """What is odd but allowed; nothing where there is nothing."""
    if remarks:
        yield t("请注意（不影响载入）：", "Mind (loading is not stopped):")
        yield from problem_lines(remarks)


def problem_lines(problems: Sequence[Problem]) -> Iterator[str]:
    """One by one with its line, and whether it is an error or a remark."""
    for problem in problems:
        kind = t("提示", "remark") if problem.remark else t("错误", "error")
        where = t(f"第{problem.line}行（{kind}）：", f"line {problem.line} ({kind}): ")
        yield from wrap(where + t(problem.zh, problem.en), indent="    ", first="  ")
