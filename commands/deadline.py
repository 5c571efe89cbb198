"""`anjuan deadline`: works out a due date with its proof, and lists the deadlines that run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from typer import Argument, Option

from commands.arguments import Moment, parse_moment
from commands.door import Desk, reading
from commands.frame import Run, command, noun
from commands.output import day, table, wrap
from commands.rules_here import clock_of, office_or_none
from commands.words import t
from engine.clock import legal_day, today
from engine.errors import Forbidden, Remedy
from engine.periods import CountedDay, Due, Length, Period, Reading, due_of, parse_length, proof_of, safe_day
from engine.working_days import WorkingDays, shipped_working_days

app = noun("deadline", zh="期限", en="Deadlines")


@command(
    app,
    "from",
    zh="推算届满日，逐日列出依据\n\n期限写作+7wd（工作日）、+15d（自然日）、-3d（倒算）、+24h、+6mo、+2y。起算日不计算在内。",
    en="Work out a due date, day by day\n\nPERIOD is +7wd (working days), +15d (calendar days), -3d (back), +24h, +6mo "
    "or +2y. The first day is not counted.",
)
def work_out(
    run: Run,
    start: Annotated[
        str, Argument(metavar="DATE", help=t("起算日（小时须写到分钟）", "first day, or minute for hours"))
    ],
    length: Annotated[str, Argument(metavar="PERIOD", help=t("期限", "the period"))],
    roll: Annotated[
        Literal["next", "previous", "none"],
        Option("--roll", help=t("末日为休息日时：顺延、提前、不变", "when the last day is a rest day")),
    ] = "none",
) -> None:
    office = office_or_none()
    calendar = office.law.calendar if office is not None else shipped_working_days()
    moment = parse_moment(start, today(clock_of(office)), calendar)
    wanted = parse_length(length)
    period = _period(moment, Reading(wanted, roll))
    due, days = due_of(period, calendar), proof_of(period, calendar)
    document: dict[str, Any] = {
        "start_on": moment.on,
        "period": str(wanted),
        "roll": roll,
        "due_on": due.due_on,
        "safe_on": safe_day(due.due_on, calendar),
        "provisional": due.provisional,
        "working_days": _working_days(moment.on, due.due_on, calendar),
        "days": [
            {"on": d.on, "counted": d.counted, "why": d.why_zh, "why_en": d.why_en, "number": d.number} for d in days
        ],
    }
    if due.due_at is not None:
        document["due_at"] = due.due_at
    run.show(document, lambda: _proof_lines(moment, wanted, due, days, calendar))


@command(app, "list", zh="列出正在进行的期限，逾期的在前", en="List the deadlines that run, overdue ones first")
def list_deadlines(
    run: Run,
    within: Annotated[
        int | None, Option("--within", metavar="N", min=0, help=t("几日之内届满（含逾期）", "due within N days"))
    ] = None,
    unit: Annotated[str | None, Option("--unit", metavar="U", help=t("只列该单位", "that unit only"))] = None,
) -> None:
    from engine.deadline_store import open_deadlines

    with reading(run) as desk:
        units = _units_of(desk, unit)
        now, calendar = desk.office.clock.now(), desk.office.law.calendar
        on = legal_day(now)
        due_by = None if within is None else on + timedelta(days=min(within, (date.max - on).days))
        found = open_deadlines(desk.work, units, now, due_by)
    rows = [
        {
            "case_no": one.case_no,
            "title": one.title,
            "unit": one.unit,
            "deadline": one.deadline.id,
            "zh": one.deadline.terms.zh,
            "en": one.deadline.terms.en,
            "nature": one.deadline.nature,
            "state": one.deadline.standing(now),
            "due_on": one.deadline.due_on,
            "due_at": one.deadline.due_at,
            "provisional": one.deadline.provisional,
            "days_left": (one.deadline.due_on - on).days,
            "working_days_left": calendar.count(on, one.deadline.due_on),
            "overdue": one.deadline.overdue(now),
        }
        for one in found
    ]
    run.show(rows, lambda: _list_lines(rows))


def _period(moment: Moment, reading_: Reading) -> Period:
    if reading_.length.unit == "h" and moment.at is not None:
        return Period((reading_,), start_at=moment.at)
    return Period((reading_,), start_on=moment.on)


def _working_days(start_on: date, due_on: date, calendar: WorkingDays) -> int:
    """How many lie between, the due day counted, the start not: also when the count goes back."""
    if due_on >= start_on:
        return calendar.count(start_on, due_on)
    return calendar.count(due_on, start_on) + calendar.is_working(due_on) - calendar.is_working(start_on)


def _units_of(desk: Desk, unit: str | None) -> list[str]:
    people, actor = desk.office.people, desk.who
    if unit is None:
        return [u for u in people.units if people.sees(actor, u)]
    people.unit(unit)
    if not people.sees(actor, unit):
        raise Forbidden(
            "unit.outside",
            f"单位“{unit}”不在{actor.zh}的权限范围内",
            f"unit {unit!r} is outside the units of {actor.name}",
            Remedy("请该单位或其上级查看", "ask that unit or one above it"),
        )
    return [unit]


def _proof_lines(
    moment: Moment, length: Length, due: Due, days: Sequence[CountedDay], calendar: WorkingDays
) -> Iterator[str]:
    last = f"{due.due_at:%Y-%m-%d %H:%M}" if due.due_at else day(due.due_on)
    yield from wrap(t(f"届满：{last}", f"Due: {last}"))
    if due.due_at is None:
        n = _working_days(moment.on, due.due_on, calendar)
        yield from wrap(t(f"其间工作日：{n}个", f"Working days in between: {n}"))
        safe_on = safe_day(due.due_on, calendar)
        if safe_on != due.due_on:
            zh, en = f"届满日是休息日，稳妥日：{day(safe_on)}", f"That is a rest day; the safe day is {day(safe_on)}"
            yield from wrap(t(zh, en))
    if due.provisional:
        yield from wrap(
            t("暂定：所涉年份的放假安排尚未公布", "Provisional: the holidays of a year it rests on are not published")
        )
    start = f"{moment.at:%Y-%m-%d %H:%M}" if moment.at and due.due_at else day(moment.on)
    yield from wrap(t(f"自{start}起{length.zh}，逐日如下：", f"{length.en} from {start}, day by day:"))
    headers = (t("日期", "day"), t("第几日", "number"), t("计入", "counted"), t("说明", "why"))
    yield from table(headers, [(day(d.on), d.number, d.counted, t(d.why_zh, d.why_en)) for d in days])


def _list_lines(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    if not rows:
        yield t("没有正在进行的期限", "No deadline is running")
        return
    headers = (
        t("案号", "case"),
        t("期限", "deadline"),
        t("届满", "due"),
        t("剩余日", "days left"),
        t("工作日", "working days"),
        "",
    )
    ordered = sorted(rows, key=lambda r: not r["overdue"])
    yield from table(
        headers,
        [
            (
                r["case_no"],
                t(r["zh"], r["en"]),
                day(r["due_on"]),
                r["days_left"],
                r["working_days_left"],
                _mark(r),
            )
            for r in ordered
        ],
    )


def _mark(row: dict[str, Any]) -> str:
    marks = []
    if row["overdue"]:
        marks.append(t("已逾期", "overdue"))
    if row["state"] == "paused":
        marks.append(t("中止", "paused"))
    if row["provisional"]:
        marks.append(t("暂定", "provisional"))
    return t("、", ", ").join(marks)
