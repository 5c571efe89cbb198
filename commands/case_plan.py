"""`anjuan case plan`: when each step towards a state can and must be taken."""

from __future__ import annotations

from typing import Annotated

from typer import Argument, Option, Typer

from commands.arguments import parse_day
from commands.door import reading
from commands.frame import Run, command
from commands.words import t
from engine.clock import legal_day


def hang(app: Typer) -> None:
    """Makes `plan` a command of the noun."""
    command(
        app,
        "plan",
        zh="倒排办理日期\n\n从现在的状态到--to所写的状态，每一步最早、最迟哪天办理，等什么期限。",
        en="Plan backwards from a day\n\nThe first and the last possible day of every step from here to the state "
        "named with --to, and what it waits for.",
    )(plan)


def plan(
    run: Run,
    case_no: Annotated[str, Argument(metavar="NO", help=t("案号", "case number"))],
    to: Annotated[str, Option("--to", metavar="STATE", help=t("要到的状态，如closed", "the state, such as closed"))],
    by: Annotated[
        str | None, Option("--by", metavar="DATE", help=t("最迟哪天到，含当日", "the day by which, inclusive"))
    ] = None,
    via: Annotated[
        list[str] | None, Option("--via", metavar="STEP", help=t("途经的步骤，可重复", "through that step; repeatable"))
    ] = None,
    party: Annotated[int | None, Option("--party", metavar="N", help=t("当事人序号", "number of the party"))] = None,
) -> None:
    """Plans without taking a step; always ends with 0 when there is such a case, state and step."""
    # Loaded here, so that the other commands of the noun start without it.
    from commands.plan_lines import plan_lines
    from workflows.case_plans import PlanOrder, plan_case

    with reading(run) as desk:
        calendar, today = desk.office.law.calendar, legal_day(desk.office.clock.now())
        by_on = parse_day(by, today, calendar) if by else None
        found = plan_case(desk.office, desk.work, PlanOrder(case_no, desk.who.name, to, by_on, tuple(via or ()), party))
    run.show(found.document(), lambda: plan_lines(found))
