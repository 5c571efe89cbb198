"""Passes on the command line: let one late step, or one opening, through a closed gate, once."""

from __future__ import annotations

from typing import Annotated, Any

from typer import Argument, Option

from commands.arguments import parse_day
from commands.door import office_here, writing
from commands.frame import Run, command, noun
from commands.words import t
from engine import casework
from engine.clock import legal_day
from engine.definitions import OPEN
from engine.errors import InputWrong, TransitionRefused
from engine.granting import PassOrder, grant_pass

app = noun("pass", zh="放行", en="Passes")


@command(app, "grant", zh="批准放行", en="Grant a pass", changes=True)
def grant(
    run: Run,
    subject: Annotated[
        str, Argument(metavar="NO|CAMPAIGN", help=t("案号，或专项行动（与open连用）", "case, or campaign with open"))
    ],
    step: Annotated[str, Argument(metavar="STEP|open", help=t("步骤，或open", "step, or open"))],
    asked_by: Annotated[str, Option("--asked-by", metavar="NAME", help=t("申请人", "who asked"))],
    reason: Annotated[str, Option("--reason", metavar="R", help=t("理由", "reason"))],
    until: Annotated[str, Option("--until", metavar="DATE", help=t("有效至（含当日）", "good until, inclusive"))],
    unit: Annotated[
        str | None, Option("--unit", metavar="U", help=t("登记案件的单位", "unit that opens the case"))
    ] = None,
) -> None:
    """Grants a one-time exception; who is no supervisor is refused with those who are."""
    office = office_here()
    opening = step == OPEN
    if unit is not None and not opening:
        raise InputWrong("usage.extra", "--unit只与open连用", "--unit goes only with open")
    try:
        with writing(run, office) as desk:
            today = legal_day(office.clock.now())
            order = PassOrder(
                granted_by=desk.who.name,
                asked_by=asked_by,
                reason=reason,
                until=parse_day(until, today, office.law.calendar),
                case_no=None if opening else subject,
                step=step,
                campaign=subject if opening else None,
                unit=unit,
            )
            granted = grant_pass(office, desk.work, order)
    except TransitionRefused as refusal:
        if not opening:
            with writing(run, office) as desk:
                casework.record_refusal(office, desk.work, refusal, desk.who.name)
        raise
    first = granted[0]
    found: dict[str, Any] = {
        "pass": first.id,
        "case_no": first.case_no,
        "step": first.step,
        "until": first.until,
        "campaign": first.campaign,
        "unit": first.unit,
        "asked_by": asked_by,
    }
    run.show(
        found,
        lambda: [
            t(
                f"已放行{first.id}：{subject} {step}，仅限一次，有效至{first.until}",
                f"granted {first.id}: {subject} {step}, once, until {first.until}",
            )
        ],
    )
