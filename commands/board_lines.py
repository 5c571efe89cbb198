"""How the board of a campaign reads on a terminal; a section of which there is nothing is left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from commands.output import cut, day, money, table, wrap
from commands.words import t
from engine.colours import WORDS as COLOURS

STATES = {
    "running": ("进行中", "running"),
    "over": ("已结束", "over"),
    "to_come": ("未开始", "to come"),
    "undated": ("未写日期", "no dates"),
}
MOST_NAMED = 3
MOST_TASKS_LATE = 10
NOTE_WIDTH = 60
Board = Mapping[str, Any]


def board_lines(board: Board) -> Iterator[str]:
    """The whole board, section by section."""
    yield from _head(board)
    sections = (
        _phases(board["phases"]),
        _tasks(board),
        _departments(board["departments"]),
        _obligations(board["obligations"]),
        _counters(board),
        _cases(board["cases"]),
        _late(board),
    )
    for section in sections:
        lines = list(section)
        if lines:
            yield ""
            yield from lines


def _head(board: Board) -> Iterator[str]:
    below = len(board["units"])
    counted = t(f"{board['unit']}，参加单位{below}个", f"{board['unit']}, units taking part: {below}")
    named = t(f"{board['name']}（{board['id']}）", f"{board['name_en']} ({board['id']})")
    yield from wrap(f"{named}  {day(board['on'])}  {counted}")
    if board["state"] == "undated":
        yield t("行动没有写明起止日", "the campaign has no dates")
    else:
        left = _left(board)
        span = t(f"{_from_to(board)}，{_state(board)}", f"{_from_to(board)}, {_state(board)}")
        yield from wrap(t("起止：", "dates: ") + span + (t(f"，余{left}", f", left: {left}") if left else ""))


def _phases(phases: Sequence[Board]) -> Iterator[str]:
    if not phases:
        return
    rows = []
    for phase in phases:
        printed = t("，", ", ").join(phase["printed"]) if phase["ends_on"] is None else ""
        name = t(phase["zh"], phase["en"]) + (t(f"（原文：{printed}）", f" (printed: {printed})") if printed else "")
        rows.append([name, phase["starts_on"], phase["ends_on"], _state(phase), _left(phase)])
        rows += [
            [f"  {region['unit']}", region["starts_on"], region["ends_on"], _state(region), _left(region)]
            for region in phase["regions"]
        ]
    yield t("阶段", "Phases")
    heads = (t("阶段", "phase"), t("开始", "from"), t("结束", "to"), t("情况", "state"), t("剩余", "left"))
    yield from table(heads, rows)


def _tasks(board: Board) -> Iterator[str]:
    if not board["tasks"]:
        return
    names = {one["id"]: t(one["zh"], one["id"]) for one in board["departments"]}
    columns = (
        (t("任务", "task"), [task["id"] for task in board["tasks"]]),
        (t("内容", "what"), [_what(task) for task in board["tasks"]]),
        (
            t("部门", "department"),
            [t("、", ", ").join(names[d] for d in task["departments"]) for task in board["tasks"]],
        ),
        (t("完成", "done"), [f"{task['done']}/{task['of']}" for task in board["tasks"]]),
        (t("最近进展", "latest"), [_latest(task["units"]) for task in board["tasks"]]),
    )
    filled = [(head, column) for head, column in columns if any(column)]
    yield t("任务（完成的单位数/参加的单位数）", "Tasks (units that have done it / units taking part)")
    yield from table([head for head, _ in filled], list(zip(*(column for _, column in filled), strict=True)))


def _what(task: Board) -> str:
    carried = t(f"（由{task['campaign']}承担）", f" (carried out by {task['campaign']})") if task["campaign"] else ""
    return t(task["zh"], task["en"]) + carried


def _latest(units: Sequence[Board]) -> str | None:
    """The newest entry of any unit: when, who, what, and how much evidence."""
    recorded = [unit for unit in units if unit["last"] is not None]
    if not recorded:
        return None
    unit = max(recorded, key=lambda one: one["last"]["seq"])
    last = unit["last"]
    evidence = [
        *([t(f"案件{len(last['cases'])}件", f"cases: {len(last['cases'])}")] if last["cases"] else []),
        *([t(f"文件{len(last['files'])}个", f"files: {len(last['files'])}")] if last["files"] else []),
    ]
    held = t(f"（{'，'.join(evidence)}）", f" ({', '.join(evidence)})") if evidence else ""
    return f"{last['on']} {unit['unit']} {cut(last['note'] or last['reason'], NOTE_WIDTH)}{held}"


def _departments(departments: Sequence[Board]) -> Iterator[str]:
    rows = [
        (t(one["zh"], one["en"]), len(one["tasks"]), f"{one['done']}/{one['of']}")
        for one in departments
        if one["tasks"]
    ]
    if rows:
        yield t("部门", "Departments")
        yield from table((t("部门", "department"), t("任务", "tasks"), t("完成", "done")), rows)


def _obligations(obligations: Sequence[Board]) -> Iterator[str]:
    if not obligations:
        return
    rows = [
        [
            t(one["zh"], one["en"]),
            one["due_on"],
            _safe(one),
            t(*COLOURS[one["colour"]]) if one["colour"] else None,
            _days_left(one),
            _named(owing["unit"] for owing in one["owed_by"]),
        ]
        for one in obligations
    ]
    yield t(
        "报送事项（报送与否尚未登记，颜色只表示日期）",
        "Owed (sent or not is not on record; the colour is that of the date)",
    )
    heads = (t("事项", "what"), t("期限", "due"), t("稳妥日", "safe day"), t("颜色", "colour"), t("剩余", "left"))
    yield from table((*heads, t("报送单位", "owed by")), rows)


def _counters(board: Board) -> Iterator[str]:
    counters, previous = board["counters"], board["previous"]
    if not counters:
        return
    heads = [t("项目", "figure"), t("至今", "to date")]
    columns: list[list[str | int | None]] = [
        [t(one["zh"], one["en"]) for one in counters],
        [_amount(one, "value") for one in counters],
    ]
    if previous is not None:
        heads.append(f"{previous['id']} {t('至', 'to')} {previous['on']}")
        columns.append([_amount(one, "previous") for one in counters])
    if any(one["published"] for one in counters):
        heads.append(t("公布", "published"))
        columns.append([_published(one["published"]) for one in counters])
    yield t("数字（行动开始至今；–表示没有数据，不是0）", "Figures (since the campaign began; – is not 0)")
    yield from table(heads, list(zip(*columns, strict=True)))


def _published(figures: Sequence[Board]) -> str | None:
    return (
        t("；", "; ").join(t(f"{f['value']}（{f['period']}）", f"{f['value']} ({f['period']})") for f in figures)
        or None
    )


def _cases(cases: Board) -> Iterator[str]:
    total = cases["total"]
    if not total:
        yield t("没有案件计入该行动", "no case counts in the campaign")
        return
    yield t(
        f"案件{total}件，未结{cases['open']}件，已结{cases['ended']}件",
        f"Cases: {total}, open {cases['open']}, ended {cases['ended']}",
    )
    yield from table((t("状态", "state"), t("件数", "cases")), [(t(s["zh"], s["en"]), s["n"]) for s in cases["states"]])


def _late(board: Board) -> Iterator[str]:
    late = board["late"]
    limits, obligations, tasks = late["deadlines"], late["obligations"], late["tasks"]
    if not limits["n"] and not obligations and not tasks:
        yield t("没有逾期的事项", "nothing is late")
        return
    if limits["n"]:
        yield t(f"逾期的期限{limits['n']}项", f"Overdue limits: {limits['n']}")
        for one in limits["first"]:
            said = t(f"{one['zh']}（{one['due_on']}）", f"{one['en']} ({one['due_on']})")
            yield from wrap(f"{one['case_no']} {one['title']} {said}", indent="    ", first="  ")
            yield f"    {one['command']}"
    if obligations:
        yield t("已过期限的报送事项（报送与否尚未登记）", "Owed, and the day has passed (sent or not is not on record)")
        for one in obligations:
            said = t(f"{one['zh']}，{one['due_on']}：", f"{one['en']}, {one['due_on']}: ") + _named(one["units"])
            yield from wrap(said, indent="    ", first="  ")
    if tasks:
        yield from _tasks_late(tasks)


def _tasks_late(tasks: Sequence[Board]) -> Iterator[str]:
    yield t(
        f"时段已过、没有登记完成的任务{len(tasks)}项",
        f"Tasks whose time is over and that are not recorded as done: {len(tasks)}",
    )
    for one in tasks[:MOST_TASKS_LATE]:
        units = _named(unit["unit"] for unit in one["units"])
        yield from wrap(
            t(f"{one['id']} {one['zh']}：", f"{one['id']} {one['en']}: ") + units, indent="    ", first="  "
        )
        yield f"    {one['units'][0]['command']}"
    if len(tasks) > MOST_TASKS_LATE:
        yield t(f"  另有{len(tasks) - MOST_TASKS_LATE}项，见--json", f"  {len(tasks) - MOST_TASKS_LATE} more: --json")


def _named(units: Iterable[str]) -> str:
    """The first units by their ids, and how many there are where that is more."""
    ids = list(units)
    first = t("、", ", ").join(ids[:MOST_NAMED])
    return first if len(ids) <= MOST_NAMED else first + t(f"等{len(ids)}个", f" and {len(ids) - MOST_NAMED} more")


def _from_to(dated: Board) -> str:
    first, last = dated["starts_on"], dated["ends_on"]
    if first is not None and last is not None:
        return t(f"{first}至{last}", f"{first} to {last}")
    return t(f"{first}起", f"from {first} on") if first is not None else t(f"至{last}", f"until {last}")


def _state(dated: Board) -> str:
    return t(*STATES[dated["state"]])


def _left(dated: Board) -> str | None:
    """The working days after today up to the last one."""
    n = dated["working_days_left"]
    if n is None:
        return None
    unsure = t("（暂定）", " (provisional)") if dated["provisional"] else ""
    return t(f"{n}个工作日", f"{n} working days") + unsure


def _safe(one: Board) -> str | None:
    if one["safe_on"] is None:
        return None
    return str(one["safe_on"]) + (t("（暂定）", " (provisional)") if one["provisional"] else "")


def _days_left(one: Board) -> str | None:
    if one["days_left"] is None:
        return None
    if one["days_left"] < 0:
        return t(f"已过{-one['days_left']}日", f"{-one['days_left']} days ago")
    return t(f"{one['working_days_left']}个工作日", f"{one['working_days_left']} working")


def _amount(counter: Board, which: str) -> str | int | None:
    value, measure = counter[which], counter["measure"]
    if value is None:
        return None
    return money(value) if measure.endswith("_fen") else int(value)
