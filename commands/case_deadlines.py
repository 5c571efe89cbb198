"""`anjuan case pause / resume / extend / restart / acknowledge`: acts on a time limit."""

from __future__ import annotations

from typing import Annotated, Any

from typer import Argument, Option, Typer

from commands.arguments import parse_day
from commands.case_deadline_lines import acknowledged_lines, turned_lines
from commands.door import Desk, office_here
from commands.frame import Run, command
from commands.history_lines import history_document
from commands.once import Key, once, record
from commands.words import t
from engine import acknowledging
from engine.clock import legal_day
from engine.deadline_orders import TurnDeadline, TurnKind
from engine.deadline_page import shown
from engine.turning import turn_deadline

CaseNo = Annotated[str, Argument(metavar="NO", help=t("案号", "case number"))]
DeadlineId = Annotated[str, Argument(metavar="DEADLINE", help=t("期限，见case show", "deadline, see case show"))]
Reason = Annotated[str, Option("--reason", metavar="R", help=t("理由", "reason"))]
GroundId = Annotated[
    str, Option("--ground", metavar="ID", help=t("依据；只有一种时可不写", "the ground, if there are several"))
]
Days = Annotated[int, Option("--days", metavar="N", help=t("延长几日", "how many days more"))]


def hang(app: Typer) -> None:
    """Makes the acts commands of the noun."""
    for name, function, zh, en in (
        (
            "pause",
            pause,
            "中止期限：自某日起不计算\n\n--on是不计算的第一日，默认今天。依据须是该期限的规则所列的。",
            "Pause a deadline: its days are left out\n\n--on is the first day that is not counted, by default today. "
            "The ground must be one that the rule of the deadline names.",
        ),
        (
            "resume",
            resume,
            "恢复期限：自某日起继续计算\n\n--on是重新计算在内的第一日，默认今天；与中止同日的，中止作废。",
            "Let a paused deadline run again\n\n--on is the first day that counts again, by default today; on the day "
            "of the pause itself the pause falls away.",
        ),
        (
            "extend",
            extend,
            "延长期限\n\n--on是准予延长之日，默认今天。日数不得超过依据所定的上限。",
            "Give a deadline more time\n\n--on is the day on which it was granted, by default today. The ground may "
            "set a cap.",
        ),
        (
            "restart",
            restart,
            "重新计算期限：自某日的次日起从头计算\n\n--on当日不计算在内，默认今天。此前的中止和延长不再计算。",
            "Begin a deadline anew, from the day after --on\n\nWhat was paused or granted before is void.",
        ),
        (
            "acknowledge",
            acknowledge,
            "确认知悉期限已经逾期：不再向上一级提醒\n\n期限照旧，仍须办理；届满日变动或者重新起算后，确认失效。",
            "Acknowledge that a deadline is overdue: nobody higher is told\n\nIt is still owed. A new date, or a new "
            "start, makes the acknowledgement void.",
        ),
    ):
        command(app, name, zh=zh, en=en, changes=True)(function)


def pause(
    run: Run,
    case_no: CaseNo,
    deadline: DeadlineId,
    reason: Reason = "",
    ground: GroundId = "",
    on: Annotated[str | None, Option("--on", metavar="DATE", help=t("不计算的第一日", "first day not counted"))] = None,
    key: Key = None,
) -> None:
    """Pauses a deadline; a refusal is told with every reason and put on record."""
    _turn(run, "pause", case_no, deadline, reason, ground, on, 0, key)


def resume(
    run: Run,
    case_no: CaseNo,
    deadline: DeadlineId,
    reason: Reason = "",
    on: Annotated[
        str | None, Option("--on", metavar="DATE", help=t("恢复计算的第一日", "first day that counts again"))
    ] = None,
    key: Key = None,
) -> None:
    """Lets a paused deadline run again."""
    _turn(run, "resume", case_no, deadline, reason, "", on, 0, key)


def extend(
    run: Run,
    case_no: CaseNo,
    deadline: DeadlineId,
    days: Days,
    reason: Reason = "",
    ground: GroundId = "",
    on: Annotated[
        str | None, Option("--on", metavar="DATE", help=t("准予延长之日", "day on which it was granted"))
    ] = None,
    key: Key = None,
) -> None:
    """Gives a deadline more time."""
    _turn(run, "extend", case_no, deadline, reason, ground, on, days, key)


def restart(
    run: Run,
    case_no: CaseNo,
    deadline: DeadlineId,
    reason: Reason = "",
    ground: GroundId = "",
    on: Annotated[
        str | None, Option("--on", metavar="DATE", help=t("自该日的次日起计算", "it counts from the day after"))
    ] = None,
    key: Key = None,
) -> None:
    """Begins a deadline anew."""
    _turn(run, "restart", case_no, deadline, reason, ground, on, 0, key)


def acknowledge(run: Run, case_no: CaseNo, deadline: DeadlineId, reason: Reason = "", key: Key = None) -> None:
    """Puts on record who knows of it; a refusal is told with every reason and put on record too."""
    office = office_here()
    request = {"acknowledge": [case_no, deadline], "reason": reason}

    def act(desk: Desk) -> dict[str, Any]:
        done = acknowledging.acknowledge(office, desk.work, case_no, deadline, desk.who.name, reason.strip())
        shown_now = shown(done.deadline, office.law.calendar, legal_day(office.clock.now()), office.clock.now())
        return {"case_no": case_no, **history_document(done.entry), "deadline": shown_now}

    done = once(run, office, key, request, act, record)
    run.show(done, lambda: acknowledged_lines(done))


def _turn(
    run: Run,
    kind: TurnKind,
    case_no: str,
    deadline: str,
    reason: str,
    ground: str,
    on: str | None,
    number: int,
    key: str | None,
) -> None:
    office = office_here()
    request = {kind: [case_no, deadline], "reason": reason, "ground": ground, "on": on, "days": number}

    def act(desk: Desk) -> dict[str, Any]:
        today, calendar = legal_day(office.clock.now()), office.law.calendar
        on_day = parse_day(on, today, calendar) if on else None
        order = TurnDeadline(kind, case_no, deadline, desk.who.name, reason.strip(), ground.strip(), on_day, number)
        done = turn_deadline(office, desk.work, order)
        return {
            "case_no": case_no,
            **history_document(done.entry),
            "deadline": shown(done.after, calendar, today, office.clock.now()),
            "moved": {"from": done.before.due_on.isoformat(), "to": done.after.due_on.isoformat()},
        }

    done = once(run, office, key, request, act, record)
    run.show(done, lambda: turned_lines(done))
