"""`anjuan campaign task`: puts on record what a unit did for a task of a campaign, with its evidence."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from typer import Argument, Option, Typer

from commands.door import Desk, office_here
from commands.frame import Run, command
from commands.history_lines import history_document
from commands.once import Key, behind_the_others, once
from commands.output import wrap
from commands.words import t
from engine.errors import InputWrong, TransitionRefused
from engine.evidence import measured
from engine.home import evidence_folder
from engine.task_recording import TaskOrder, record_refused_task, record_task

CampaignId = Annotated[
    str, Argument(metavar="ID", help=t("行动代号，如 suzhou-2018", "the campaign, like suzhou-2018"))
]
TaskName = Annotated[
    str, Argument(metavar="TASK", help=t("任务：代号，或阶段.序号", "the task: its id, or phase.number"))
]
OfUnit = Annotated[
    str | None, Option("--unit", metavar="U", help=t("哪个单位的（默认本人单位）", "of which unit; your own"))
]
Note = Annotated[str, Option("--note", metavar="TEXT", help=t("做了什么", "what was done"))]
Cases = Annotated[
    list[str] | None, Option("--case", metavar="NO", help=t("作为依据的案件，可重复", "a case as evidence; repeatable"))
]
Files = Annotated[
    list[Path] | None,
    Option("--file", metavar="FILE", help=t("作为依据的文件，可重复", "a file as evidence; repeatable")),
]
Done = Annotated[bool, Option("--done", help=t("该单位已完成", "done, for that unit"))]
Reopen = Annotated[bool, Option("--reopen", help=t("重新打开，须写--reason", "open it again, with a --reason"))]
Reason = Annotated[str, Option("--reason", metavar="R", help=t("重新打开的理由", "why it is opened again"))]


def hang(app: Typer) -> None:
    """Makes the act a command of the noun."""
    command(
        app,
        "task",
        zh="登记任务进展\n\n每次登记是行动记录中的一条，与此前的并列；--done表示该单位已完成，--reopen "
        "--reason重新打开。依据的案件须是该单位或其下级的，文件按内容散列值保存。由该单位有职责的人员或者统计综合人员登记。",
        en="Record what was done for a task\n\nEvery entry stands in the campaign's book beside those before it; "
        "--done closes the task for the unit, --reopen --reason opens it again. Cases named as evidence are the unit's "
        "own or of one below it; files are kept by their hash. By people with a role in the unit, or the campaign "
        "office.",
        changes=True,
    )(task)


def task(
    run: Run,
    campaign: CampaignId,
    name: TaskName,
    unit: OfUnit = None,
    note: Note = "",
    cases: Cases = None,
    files: Files = None,
    done: Done = False,
    reopen: Reopen = False,
    reason: Reason = "",
    key: Key = None,
) -> None:
    """Records it; a refusal is told with every reason and put into the campaign's book."""
    _require_fitting(done=done, reopen=reopen, reason=reason)
    office = office_here()
    folder, named = evidence_folder(os.environ), tuple(files or ())
    # The same request is one with the same content.
    content = [measured(file).sha256 for file in named] if key is not None else []
    request = {
        "task": [campaign, name, unit],
        "said": [note, list(cases or ()), done, reopen, reason],
        "files": [[file.name for file in named], content],
    }

    def order(desk: Desk) -> TaskOrder:
        who = desk.who.name
        return TaskOrder(campaign, name, who, note, unit, tuple(cases or ()), named, done, reopen, reason)

    def act(desk: Desk) -> dict[str, Any]:
        recorded = record_task(office, desk.work, order(desk), folder, store=not run.dry_run)
        about = recorded.planned
        return {
            "campaign": campaign,
            "task": about.key,
            "zh": about.task.zh,
            "en": about.task.en,
            "unit": recorded.unit,
            "state": "done" if recorded.standing.done else "open",
            **history_document(recorded.entry),
        }

    def refused(desk: Desk, refusal: TransitionRefused) -> None:
        record_refused_task(office, desk.work, refusal, order(desk))

    said = behind_the_others(lambda: once(run, office, key, request, act, refused))
    run.show(said, lambda: _lines(said))


def _require_fitting(*, done: bool, reopen: bool, reason: str) -> None:
    if done and reopen:
        raise InputWrong("usage.extra", "--done与--reopen不能同时使用", "--done and --reopen exclude each other")
    if reason and not reopen:
        raise InputWrong("usage.extra", "--reason只与--reopen连用", "--reason goes only with --reopen")


def _lines(said: Mapping[str, Any]) -> Iterator[str]:
    state = t("已完成", "done") if said["state"] == "done" else t("未完成", "open")
    yield from wrap(
        t(
            f"{said['campaign']} {said['task']}（{said['unit']}）：{state}（第{said['seq']}条记录）",
            f"{said['campaign']} {said['task']} ({said['unit']}): {state} (entry {said['seq']})",
        )
    )
    yield from wrap(t(said["zh"], said["en"]), indent="  ")
    effects = said["effects"]
    if effects["note"]:
        yield from wrap(t("进展：", "what was done: ") + effects["note"], indent="    ", first="  ")
    if said["reason"]:
        yield from wrap(t("重新打开：", "opened again: ") + said["reason"], indent="    ", first="  ")
    if effects["cases"]:
        yield from wrap(t("案件：", "cases: ") + t("、", ", ").join(effects["cases"]), indent="    ", first="  ")
    for file in effects["files"]:
        size = t(f"{file['bytes']}字节", f"{file['bytes']} bytes")
        yield from wrap(
            t(f"文件：{file['name']}（{size}）", f"file: {file['name']} ({size})"), indent="    ", first="  "
        )
        yield f"    SHA-256 {file['sha256']}"
