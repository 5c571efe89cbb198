"""How a case, a step taken and the record read on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from commands.deadline_words import deadline_table, marks, notes, ways_out
from commands.history_lines import KINDS
from commands.output import day, money, table, wrap
from commands.words import language, t
from engine.case_queries import CaseLine
from engine.definitions import Definition, state_words


def named(words: Any) -> str:
    """A state, step or deadline by its name in the language of this run."""
    return str(words.zh if language() == "zh" else words.en)


def opened_lines(done: Mapping[str, Any]) -> Iterator[str]:
    """After `case open`."""
    no, state = done["case_no"], done["names"]["state"]
    yield t(
        f"已登记：{no}（{state['zh']}，第{done['version']}版）",
        f"opened: {no} ({state['en']}, version {done['version']})",
    )
    yield from _deadline_lines(done["deadlines"])
    yield from _warning_lines(done["warnings"])
    yield t(f"下一步：anjuan case show {no}", f"next: anjuan case show {no}")


def moved_lines(done: Mapping[str, Any], columns: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    """After `case do`. `columns` are the printed names of what is counted, by measure."""
    step, source, to = (done["names"][name] for name in ("step", "from", "to"))
    party = done.get("party")
    for_zh, for_en = (f"{party}号当事人", f"party {party}, ") if party is not None else ("", "")
    yield from wrap(
        t(
            f"{done['case_no']}：{step['zh']}，{for_zh}{source['zh']} → {to['zh']}（第{done['version']}版）",
            f"{done['case_no']}: {step['en']}, {for_en}{source['en']} → {to['en']} (version {done['version']})",
        )
    )
    yield from _deadline_lines(done["deadlines"])
    yield from _counted_lines(done["tallies"], columns)
    yield from _warning_lines(done["warnings"])


def what_if_lines(found: Mapping[str, Any], columns: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    """What `case what-if` says: as after the step, and the mails that would follow."""
    yield t("预演，未办理：", "rehearsed, nothing was done:")
    yield from moved_lines(found, columns)
    if found["mails"]:
        yield t("将发提醒邮件", "mails that would go out")
        together: dict[tuple[str, str, str], list[str]] = {}
        for m in found["mails"]:
            together.setdefault((m["send_on"], t(m["zh"], m["en"]), m["due_on"]), []).append(m["to"])
        yield from table(
            [t("日期", "on"), t("收件人", "to"), t("期限", "deadline"), t("届满日", "due")],
            [[on, t("、", ", ").join(to), name, due_on] for (on, name, due_on), to in together.items()],
        )


def _counted_lines(tallies: Sequence[Mapping[str, Any]], columns: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    if tallies:
        counted = t("、", ", ").join(_counted(tally, columns) for tally in tallies)
        yield t(f"计入报表：{counted}", f"counted: {counted}")


def _counted(tally: Mapping[str, Any], columns: Mapping[str, tuple[str, str]]) -> str:
    """What was counted, under the name of its column: money in yuan."""
    measure, n = tally["column"], tally["n"]
    name = t(*columns.get(measure, (measure, measure)))
    return f"{name} {money(n)}" if measure.endswith("_fen") else f"{name} {n:+d}"


def undone_lines(done: Mapping[str, Any], columns: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    """After `case undo`."""
    if "step" not in done["names"]:
        yield from _turn_undone_lines(done)
        return
    step, source, to = (done["names"][name] for name in ("step", "from", "to"))
    yield t(
        f"{done['case_no']}：已撤回“{step['zh']}”，{source['zh']} → {to['zh']}（第{done['version']}版）",
        f"{done['case_no']}: {step['en']}: taken back, {source['en']} → {to['en']} (version {done['version']})",
    )
    yield from _counted_lines(done["tallies"], columns)


def _turn_undone_lines(done: Mapping[str, Any]) -> Iterator[str]:
    act = t(*KINDS[done["undone"]])
    yield t(
        f"{done['case_no']}：已撤回第{done['undoes']}条（{act}）",
        f"{done['case_no']}: entry {done['undoes']} ({act}) taken back",
    )
    yield from _deadline_lines(done["deadlines"])


def case_lines(found: Mapping[str, Any], definition: Definition | None) -> Iterator[str]:
    """The case as a page: where it stands, what is due, what can be done; first of all, if it can only be read."""
    yield from _read_only_lines(found["read_only"])
    state = state_words(definition, found["state"])
    yield from wrap(f"{found['case_no']}  {found['title']}")
    yield t(
        f"状态：{state.zh}（{found['state']}）  第{found['version']}版  单位：{found['unit']}",
        f"state: {state.en} ({found['state']})  version {found['version']}  unit: {found['unit']}",
    )
    yield t(f"经办：{'、'.join(found['holders'])}", f"held by: {', '.join(found['holders'])}")
    if found["offer"] is not None:
        offer = found["offer"]
        said = f"{offer['from']} → {offer['to']}"
        yield from wrap(t(f"等待接收移交：{said}（{offer['reason']}）", f"offered: {said} ({offer['reason']})"))
    for campaign in found["campaigns"]:
        yield t(
            f"专项行动：{campaign['id']}，类别{campaign['category']}，{campaign['since']}起",
            f"campaign: {campaign['id']}, category {campaign['category']}, since {campaign['since']}",
        )
    yield from _party_lines(found["parties"], definition)
    if found["late_fee_fen"]:
        yield t(f"加处罚款：{money(found['late_fee_fen'])}", f"late fee: {money(found['late_fee_fen'])}")
    yield from _time_lines(found)
    if found["read_only"] is None and definition is not None:
        yield from _step_lines(found, definition)


def _read_only_lines(why: Mapping[str, Any] | None) -> Iterator[str]:
    if why is None:
        return
    yield from wrap(t(why["zh"], why["en"]))
    yield from wrap(t(f"怎么办：{why['remedy']['zh']}", f"What to do: {why['remedy']['en']}"))
    yield f"  {why['remedy']['command']}"
    yield ""


def _step_lines(found: Mapping[str, Any], definition: Definition) -> Iterator[str]:
    yield ""
    yield t("可以办理的步骤", "Steps from here")
    yield from table(
        [t("步骤", "step"), t("名称", "name"), t("现在能否办理", "possible now")],
        [
            [
                s["id"],
                named(definition.steps[s["id"]]),
                t("可以", "yes") if s["allowed"] else _first_reason(s["why"]),
            ]
            for s in sorted(found["steps"], key=lambda step: not step["allowed"])  # what can be done comes first
        ],
    )
    yield t(f"查问原因：anjuan case why {found['case_no']} 步骤", f"ask why: anjuan case why {found['case_no']} STEP")


def _party_lines(parties: Sequence[Mapping[str, Any]], definition: Definition | None) -> Iterator[str]:
    """The party of the case; of several each with its number and where it stands."""
    for party in parties:
        kind = _kind_of_party(definition, party["kind"])
        if len(parties) == 1:
            yield from wrap(t(f"当事人：{party['name']}（{kind}）", f"party: {party['name']} ({kind})"))
            continue
        number, state = party["party_no"], state_words(definition, party["state"] or "?")
        yield from wrap(
            t(
                f"当事人{number}：{party['name']}（{kind}），{state.zh}",
                f"party {number}: {party['name']} ({kind}), {state.en}",
            )
        )


def _of_parties(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The deadlines; where there are several parties each under the number of the one whose it is."""
    if len(found["parties"]) < 2:
        return [dict(d) for d in found["deadlines"]]
    return [
        {**d, "zh": f"{d['zh']}（{n}号）", "en": f"{d['en']} (party {n})"} if (n := d["party_no"]) else dict(d)
        for d in found["deadlines"]
    ]


def _kind_of_party(definition: Definition | None, kind: str) -> str:
    if definition is None:
        return kind
    answer = definition.open.ask.get(definition.open.party.get("kind", ""))
    return named(answer.choices[kind]) if answer and kind in answer.choices else kind


def _first_reason(why: Sequence[Mapping[str, str]]) -> str:
    """Why a step is not possible: the first reason, and how many more there are."""
    more = len(why) - 1
    first = t(why[0]["zh"], why[0]["en"])
    return first + (t(f"（另有{more}条原因）", f" ({more} more)") if more else "")


def list_lines(total: int, cases: Sequence[CaseLine], names: Mapping[str, Definition | None]) -> Iterator[str]:
    """A list of cases, and how many there are in all."""
    yield from table(
        [t("案号", "number"), t("案件名称", "title"), t("状态", "state"), t("最近期限", "next date")],
        [[c.case_no, c.title, named(state_words(names[c.definition], c.state)), _nearest(c)] for c in cases],
    )
    yield t(f"共{total}件，列出{len(cases)}件", f"{total} in all, {len(cases)} listed")


def _nearest(case: CaseLine) -> str | None:
    """Its nearest day, marked where the holidays of a year may still move it."""
    if case.due_on is None:
        return None
    return day(case.due_on) + (t("（暂定）", " (provisional)") if case.provisional else "")


def _time_lines(found: Mapping[str, Any]) -> Iterator[str]:
    """Deadlines with what to mind about them, and what was not done in time."""
    if found["deadlines"]:
        yield ""
        yield t("期限", "Deadlines")
        yield from deadline_table(_of_parties(found))
    for d in _of_parties(found):
        for note in notes(d):
            yield from wrap(note, indent="    ", first="  ")
        yield from ways_out(found["case_no"], d)
    if found["defects"]:
        yield ""
        yield t("程序瑕疵（该办未按期办理）", "Procedural defects (owed and not done in time)")
        yield from _defect_table(found["defects"])


def _defect_table(defects: Iterable[Mapping[str, Any]]) -> list[str]:
    return table(
        [
            t("期限", "deadline"),
            t("届满日", "due"),
            t("办理日", "done"),
            t("逾期日数", "days late"),
            t("记明的理由", "reason given"),
        ],
        [
            [
                t(d["zh"], d["en"]),
                d["due_on"],
                d["done_on"] or (t("未办理，已失效", "not done, lapsed") if d["lapsed"] else t("尚未办理", "not yet")),
                "" if d["lapsed"] else d["days_late"],
                d["reason"] or t("未记明", "none"),
            ]
            for d in defects
        ],
    )


def _deadline_lines(deadlines: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for d in deadlines:
        if d["ended_on"]:
            yield t(f"期限终结：{d['zh']}（{d['ended_on']}）", f"deadline ended: {d['en']} ({d['ended_on']})")
        else:
            said = marks(d)
            marked = t(f"（{'、'.join(said)}）", f" ({', '.join(said)})") if said else ""
            if d["earliest_on"] is not None:
                yield from wrap(
                    t(
                        f"期限：{d['zh']}，已中止，最早{d['earliest_on']}届满{marked}",
                        f"deadline: {d['en']}, paused, due {d['earliest_on']} at the earliest{marked}",
                    ),
                    indent="      ",
                )
                continue
            yield from wrap(
                t(
                    f"期限：{d['zh']}，{d['due_on']}届满，剩{d['working_days_left']}个工作日{marked}",
                    f"deadline: {d['en']}, due {d['due_on']}, {d['working_days_left']} working days left{marked}",
                ),
                indent="      ",
            )


def _warning_lines(warnings: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for w in warnings:
        yield from wrap(t(f"请注意：{w['zh']}", f"mind: {w['en']}"), indent="        ")
