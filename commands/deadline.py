"""`anjuan deadline`: works out a due date, proves the date of a case's deadline, lists the deadlines that run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from typer import Argument, Option

from commands.arguments import Moment, parse_moment
from commands.deadline_words import due_text, left_text, notes, standing_text
from commands.door import Desk, reading
from commands.frame import Run, command, noun
from commands.output import day, table, wrap
from commands.proof_lines import day_lines, hash_lines, proof_lines, provisional_line
from commands.rules_here import clock_of, office_or_none
from commands.words import t
from engine.casework import find_case
from engine.clock import legal_day, today
from engine.colours import colour_of
from engine.deadline_page import shown
from engine.periods import Length, Period, Reading, parse_length
from engine.proof_values import Counted
from engine.proofs import counted_out, prove
from engine.sight import require_sight
from engine.turning import deadline_of
from engine.working_days import WorkingDays, shipped_working_days
from reports.proof_sheet import require_sheet_place, sheet_of_count, sheet_of_proof, write_sheet

app = noun("deadline", zh="期限", en="Deadlines")

To = Annotated[
    Path | None, Option("--to", metavar="FILE.html", help=t("另存为可以打印的网页", "write a page to print too"))
]
# What `deadline list` tells of each.
LISTED = (
    "zh",
    "en",
    "nature",
    "state",
    "due_on",
    "due_at",
    "earliest_on",
    "provisional",
    "days_left",
    "working_days_left",
    "overdue",
    "confidence",
    "unconfirmed",
    "unsure",
    "pauses",
    "extensions",
    "restart",
    "ended_on",
)


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
    to: To = None,
) -> None:
    if to is not None:
        require_sheet_place(to)
    office = office_or_none()
    calendar = office.law.calendar if office is not None else shipped_working_days()
    on = today(clock_of(office))
    moment = parse_moment(start, on, calendar)
    wanted = parse_length(length)
    counted = counted_out(_period(moment, Reading(wanted, roll)), calendar)
    document: dict[str, Any] = {
        "start_on": moment.on,
        "period": str(wanted),
        "roll": roll,
        "due_on": counted.due_on,
        "safe_on": counted.safe_on,
        "provisional": counted.provisional,
        "working_days": _working_days(moment.on, counted.due_on, calendar),
        "days": [d.document() for d in counted.days],
        "tables": {str(year): rests_on.document() for year, rests_on in counted.tables.items()},
        "file": to,
    }
    if counted.due_at is not None:
        document["due_at"] = counted.due_at
    if to is not None:
        write_sheet(to, sheet_of_count(counted, moment.on, moment.at, wanted, roll, on, run.lang))
    run.show(document, lambda: [*_count_lines(moment, wanted, counted, calendar), *_written_lines(to)])


@command(
    app,
    "proof",
    zh="期限计算说明：逐日列出一案的某个期限是怎样算出来的\n\n--to另存为可以打印附卷的网页文件。",
    en="Prove a deadline of a case, day by day\n\n--to also writes a page to print and put into the file.",
)
def proof(
    run: Run,
    case_no: Annotated[str, Argument(metavar="NO", help=t("案号", "case number"))],
    deadline: Annotated[str, Argument(metavar="DEADLINE", help=t("期限，见case show", "deadline, see case show"))],
    to: To = None,
) -> None:
    if to is not None:
        require_sheet_place(to)
    with reading(run) as desk:
        case = find_case(desk.office, desk.work, case_no, desk.who.name)
        found = prove(desk.office, desk.work, case, deadline_of(case, deadline))
    if to is not None:
        write_sheet(to, sheet_of_proof(found, run.lang))
    run.show({**found.document(), "file": to}, lambda: [*proof_lines(found), *_written_lines(to)])


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
    ladders = desk.office.law.ladders
    rows = [
        {
            "case_no": one.case_no,
            "title": one.title,
            "unit": one.unit,
            "deadline": one.deadline.id,
            **{name: shown(one.deadline, calendar, on, now)[name] for name in LISTED},
            "colour": colour_of(one.deadline, ladders, calendar, now),
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
    people, actor, today = desk.office.people, desk.who, legal_day(desk.office.clock.now())
    if unit is None:
        return [u for u in people.units if people.sees(actor, u, today)]
    people.unit(unit)
    require_sight(people, actor, unit, today)
    return [unit]


def _count_lines(moment: Moment, length: Length, counted: Counted, calendar: WorkingDays) -> Iterator[str]:
    last = f"{counted.due_at:%Y-%m-%d %H:%M}" if counted.due_at else day(counted.due_on)
    yield from wrap(t(f"届满：{last}", f"Due: {last}"))
    if counted.due_at is None:
        n = _working_days(moment.on, counted.due_on, calendar)
        yield from wrap(t(f"其间工作日：{n}个", f"Working days in between: {n}"))
        if counted.safe_on != counted.due_on:
            safe = day(counted.safe_on)
            yield from wrap(t(f"届满日是休息日，稳妥日：{safe}", f"That is a rest day; the safe day is {safe}"))
    if counted.provisional:
        yield from wrap(provisional_line(counted))
    start = f"{moment.at:%Y-%m-%d %H:%M}" if moment.at and counted.due_at else day(moment.on)
    yield from wrap(t(f"自{start}起{length.zh}，逐日如下：", f"{length.en} from {start}, day by day:"))
    yield from day_lines(counted.days)
    yield from hash_lines(counted.tables)


def _written_lines(to: Path | None) -> list[str]:
    return wrap(t(f"计算说明已写入{to}", f"written to {to}")) if to is not None else []


def _list_lines(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    if not rows:
        yield t("没有正在进行的期限", "No deadline is running")
        return
    headers = [
        t("案号", "case"),
        t("期限", "deadline"),
        t("届满", "due"),
        t("剩余", "left"),
        t("情况", "standing"),
    ]
    ordered = sorted(rows, key=lambda r: not r["overdue"])
    yield from table(
        headers,
        [[r["case_no"], t(r["zh"], r["en"]), due_text(r), left_text(r) or "", standing_text(r)] for r in ordered],
    )
    for r in ordered:
        if r["state"] == "paused":
            for note in notes(r):
                yield from wrap(f"{r['case_no']}  {note}", indent="    ", first="  ")
