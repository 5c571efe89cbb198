"""`anjuan campaign extend`: moves the end of a phase of a loaded campaign, on record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from typer import Argument, Option, Typer

from commands.arguments import parse_day
from commands.door import writing
from commands.failures import problem_document
from commands.frame import Run, command
from commands.output import table, wrap
from commands.words import t
from engine.clock import today
from workflows.campaign_extending import Extension, extend_phase

KINDS = {
    "campaign_end": ("专项行动结束", "end of the campaign"),
    "phase_end": ("阶段结束", "end of the phase"),
    "gate_end": ("办理截止", "last day for"),
    "obligation": ("报送期限", "due"),
}


def hang(app: Typer) -> None:
    command(
        app,
        "extend",
        zh="调整阶段的结束日，记录在案\n\n随该日变动的报送期限、办理时段和提醒一并调整；案件已办理的不变。",
        en="Move the end of a phase, on record\n\nWhat follows moves too; what was done in cases stands.",
        changes=True,
    )(extend)


def extend(
    run: Run,
    campaign_id: Annotated[str, Argument(metavar="ID", help=t("行动代号", "id of the campaign"))],
    phase: Annotated[str, Argument(metavar="PHASE", help=t("阶段代号", "id of the phase"))],
    to: Annotated[str, Option("--to", metavar="DATE", help=t("新的结束日，含当日", "the new last day, included"))],
    reason: Annotated[str, Option("--reason", metavar="R", help=t("依据，如通知的文号", "why"))],
) -> None:
    with writing(run) as desk:
        office = desk.office
        to_on = parse_day(to, today(office.clock), office.law.calendar)
        done = extend_phase(office, desk.work, desk.who, campaign_id, phase, to_on, reason)
    document = {
        "id": done.plan.id,
        "phase": done.phase.id,
        "from": done.from_on,
        "to": done.to_on,
        "moved": [
            {"kind": m.kind, "id": m.subject or None, "zh": m.zh, "en": m.en, "from": m.from_on, "to": m.to_on}
            for m in done.moved
        ],
        "hash": done.plan.hash,
        "reminders": done.reminders,
        "remarks": [problem_document(p) for p in done.remarks],
        "applied": not run.dry_run,
    }
    run.show(document, lambda: _lines(done, dry_run=run.dry_run))


def _lines(done: Extension, *, dry_run: bool) -> Iterator[str]:
    phase, (before, after) = done.phase, (done.from_on or t("未定", "open"), done.to_on)
    head = t("预演，未作改动：", "Rehearsed, nothing changed: ") if dry_run else ""
    yield from wrap(
        head
        + t(f"{phase.zh}的结束日由{before}改为{after}", f"{phase.en} ends on {after} instead of {before}")
        + t(f"；现有提醒{done.reminders}次", f"; {done.reminders} reminders stand")
    )
    yield ""
    headers = (t("随之变动", "moved"), "", t("原为", "from"), t("改为", "to"))
    yield from table(headers, [(t(*KINDS[m.kind]), t(m.zh, m.en), m.from_on, m.to_on) for m in done.moved])
    if done.remarks:
        yield t("请注意：", "Mind:")
        for remark in done.remarks:
            yield from wrap(t(remark.zh, remark.en), indent="    ", first="  - ")
