"""What is told when the work stopped: the exit code, the sentences and the JSON of every failure."""

from __future__ import annotations

import errno
from collections.abc import Iterator, Sequence
from typing import Any, Final

from commands.answer import Answer
from commands.output import harmless, wrap
from commands.screen import write_talk
from commands.words import t
from engine.errors import (
    AnjuanError,
    CaseChangedMeanwhile,
    FileWrong,
    Forbidden,
    InputWrong,
    NotFound,
    Problem,
    Refusal,
    Remedy,
    RuleChanged,
    Stated,
    StoreUnavailable,
    TransitionRefused,
)

FAILED: Final = 1
EXIT_CODES: Final[tuple[tuple[type[AnjuanError], int], ...]] = (
    (TransitionRefused, 3),
    (Forbidden, 4),
    (CaseChangedMeanwhile, 5),
    (RuleChanged, 5),
    (NotFound, 6),
    (InputWrong, 2),
    (FileWrong, 2),
)
# What the machine refused, told apart from a mistake in the program.
ENVIRONMENT: Final = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.EMFILE, errno.ENFILE}
)
INDENT: Final = "     "


def tell(error: AnjuanError, answer: Answer) -> int:
    """Says what stopped the work, as JSON or in sentences on stderr, and returns the exit code of the contract."""
    if answer.as_json:
        answer.replace(error_document(error))
    else:
        for line in error_lines(error):
            write_talk(line)
    return exit_code(error)


def exit_code(error: AnjuanError) -> int:
    """The exit code of the contract for this kind of error; 1 where it names none."""
    return next((code for kind, code in EXIT_CODES if isinstance(error, kind)), FAILED)


def error_document(error: AnjuanError) -> dict[str, Any]:
    """The JSON of a failure: refusals as `case why` gives them, everything else as `{error: {…}}`."""
    if isinstance(error, TransitionRefused):
        return refused(error.case_no, error.step, error.refusals, error.warnings)
    told: dict[str, Any] = {
        "code": error.code,
        "zh": error.zh,
        "en": error.en,
        "remedy": error.remedy.document() if error.remedy else None,
    }
    if isinstance(error, CaseChangedMeanwhile):
        return {"error": told | {"actor": error.actor, "version": error.version}}
    if isinstance(error, FileWrong):
        return {
            "error": told,
            "errors": [problem_document(problem) for problem in error.problems if not problem.remark],
        }
    return {"error": told}


def refused(case_no: str, step: str, refusals: Sequence[Refusal], warnings: Sequence[Refusal] = ()) -> dict[str, Any]:
    """The JSON of a refused command, which is also what `case why` answers; `allowed` is true without refusals."""
    return {
        "case_no": case_no or None,
        "step": step,
        "allowed": not refusals,
        "refusals": [reason.document() for reason in refusals],
        "warnings": [reason.document() for reason in warnings],
    }


def problem_document(problem: Problem) -> dict[str, Any]:
    """One thing wrong in a file."""
    return {"line": problem.line, "code": problem.code, "zh": problem.zh, "en": problem.en}


def error_lines(error: AnjuanError) -> Iterator[str]:
    """The failure for people, in the language of this run: what, why and what to do now."""
    if isinstance(error, TransitionRefused):
        named = t(f"“{error.step_zh}”", f'"{error.step_en}"')
        yield from refused_lines(error.case_no, named, error.refusals, error.warnings)
        return
    if isinstance(error, FileWrong):
        yield from _file_lines(error)
    else:
        yield from wrap(t(error.zh, error.en))
    if error.remedy is not None:
        yield from _remedy_lines(error.remedy, "")


def refused_lines(
    case_no: str, step: str, refusals: Sequence[Refusal], warnings: Sequence[Refusal] = ()
) -> Iterator[str]:
    """The refusal for people: what, every reason with its article, what to do now, who else can, the earliest day."""
    zh, en = (f"{case_no}：{step}", f"{case_no}: {step}") if case_no else (step, step)  # `step` as it is to be read
    if refusals:
        yield from wrap(
            t(f"{zh}现在不能办理，原因{len(refusals)}条：", f"{en} is not possible now, {_reasons(refusals)}:")
        )
    else:
        yield from wrap(t(f"{zh}可以办理", f"{en} is possible"))
    for number, reason in enumerate(refusals, start=1):
        yield from reason_lines(reason, f"{number:3}. ")
    if warnings:
        yield t("请注意：", "Mind:")
    for warning in warnings:
        yield from reason_lines(warning, "   - ")


def environment_failure(error: OSError) -> Stated | None:
    """The failure to tell when the machine refused a file or a folder; `None` when the error is our own mistake."""
    if error.errno not in ENVIRONMENT:
        return None
    where = harmless(str(error.filename or ""))
    zh = {errno.ENOSPC: "磁盘已满", errno.EDQUOT: "磁盘配额已用完", errno.EROFS: "只能读取，不能写入"}
    reason = zh.get(error.errno or 0, "系统不允许读写" if error.errno in {errno.EACCES, errno.EPERM} else "读写出错")
    return StoreUnavailable(
        "environment",
        f"{where}：{reason}" if where else reason,
        f"{where}: {error.strerror}" if where else str(error.strerror),
        Remedy("检查磁盘空间和文件夹权限后再试", "check the free space and the rights of the folder, then try again"),
    )


def _reasons(refusals: Sequence[Refusal]) -> str:
    return "for 1 reason" if len(refusals) == 1 else f"for {len(refusals)} reasons"


def reason_lines(reason: Refusal, number: str) -> Iterator[str]:
    """One reason with its article, what to do now, who else can, the earliest day; `number` stands before it."""
    yield from wrap(t(reason.zh, reason.en), indent=INDENT, first=number)
    if reason.basis:
        yield from wrap(t(f"依据：{reason.basis}", f"Basis: {reason.basis}"), indent=INDENT)
    if reason.remedy is not None:
        yield from _remedy_lines(reason.remedy, INDENT)
    if reason.who_can:
        separator = t("、", ", ")
        people = {one.name: one.zh for one in reason.who_can}
        names = separator.join(t(f"{name}（{zh}）" if zh else name, name) for name, zh in people.items())
        yield from wrap(t(f"谁可以办：{names}", f"Who can: {names}"), indent=INDENT)
    if reason.earliest_on is not None:
        yield INDENT + t(f"最早可办：{reason.earliest_on}", f"Earliest day: {reason.earliest_on}")


def _remedy_lines(remedy: Remedy, indent: str) -> Iterator[str]:
    yield from wrap(t(f"怎么办：{remedy.zh}", f"What to do: {remedy.en}"), indent=indent)
    if remedy.command:
        # Never wrapped: it is there to be copied.
        yield f"{indent}  {harmless(remedy.command)}"


def _file_lines(error: FileWrong) -> Iterator[str]:
    wrong = [problem for problem in error.problems if not problem.remark]
    errors = "1 error" if len(wrong) == 1 else f"{len(wrong)} errors"
    zh, en = f"{error.name} 有{len(wrong)}处错误，未作任何改动：", f"{error.name} has {errors}; nothing was changed:"
    yield from wrap(t(zh, en))
    for problem in wrong:
        where = t(f"第{problem.line}行：", f"line {problem.line}: ")
        yield from wrap(where + t(problem.zh, problem.en), indent="    ", first="  ")
