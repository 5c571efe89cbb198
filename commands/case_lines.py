"""How a case, a step taken and the record read on a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from commands.output import day, money, table, wrap
from commands.words import language, t
from engine.case_queries import CaseLine
from engine.clock import shown_instant
from engine.definitions import Definition
from engine.ledger import Entry

KINDS = {
    "open": ("登记", "opened"),
    "step": ("办理", "step"),
    "refusal": ("未准办理", "refused"),
    "note": ("笔记", "note"),
    "undo": ("撤回", "undone"),
    "pass": ("放行", "pass"),
    "mail": ("提醒", "mail"),
}
STANDINGS = {
    "running": ("进行中", "running"),
    "paused": ("中止", "paused"),
    "met": ("已完成", "met"),
    "overdue": ("已逾期", "overdue"),
    "lapsed": ("已届满", "lapsed"),
    "stopped": ("已终止", "stopped"),
}


def _said(pair: tuple[str, str]) -> str:
    return t(*pair)


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
    yield t(
        f"{done['case_no']}：{step['zh']}，{source['zh']} → {to['zh']}（第{done['version']}版）",
        f"{done['case_no']}: {step['en']}, {source['en']} → {to['en']} (version {done['version']})",
    )
    yield from _deadline_lines(done["deadlines"])
    yield from _counted_lines(done["tallies"], columns)
    yield from _warning_lines(done["warnings"])


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
    step, source, to = (done["names"][name] for name in ("step", "from", "to"))
    yield t(
        f"{done['case_no']}：已撤回“{step['zh']}”，{source['zh']} → {to['zh']}（第{done['version']}版）",
        f"{done['case_no']}: {step['en']}: taken back, {source['en']} → {to['en']} (version {done['version']})",
    )
    yield from _counted_lines(done["tallies"], columns)


def case_lines(found: Mapping[str, Any], definition: Definition) -> Iterator[str]:
    """The case as a page: where it stands, what is due, what can be done."""
    state = definition.states[found["state"]]
    yield from wrap(f"{found['case_no']}  {found['title']}")
    yield t(
        f"状态：{state.zh}（{found['state']}）  第{found['version']}版  单位：{found['unit']}",
        f"state: {state.en} ({found['state']})  version {found['version']}  unit: {found['unit']}",
    )
    yield t(f"经办：{'、'.join(found['holders'])}", f"held by: {', '.join(found['holders'])}")
    for campaign in found["campaigns"]:
        yield t(
            f"专项行动：{campaign['id']}，类别{campaign['category']}，{campaign['since']}起",
            f"campaign: {campaign['id']}, category {campaign['category']}, since {campaign['since']}",
        )
    for party in found["parties"]:
        kind = _kind_of_party(definition, party["kind"])
        yield from wrap(t(f"当事人：{party['name']}（{kind}）", f"party: {party['name']} ({kind})"))
    if found["late_fee_fen"]:
        yield t(f"加处罚款：{money(found['late_fee_fen'])}", f"late fee: {money(found['late_fee_fen'])}")
    if found["deadlines"]:
        yield ""
        yield t("期限", "Deadlines")
        yield from deadline_table(found["deadlines"])
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
            for s in found["steps"]
        ],
    )
    yield t(f"查问原因：anjuan case why {found['case_no']} 步骤", f"ask why: anjuan case why {found['case_no']} STEP")


def _kind_of_party(definition: Definition, kind: str) -> str:
    answer = definition.open.ask.get(definition.open.party.get("kind", ""))
    return named(answer.choices[kind]) if answer and kind in answer.choices else kind


def _first_reason(why: Sequence[Mapping[str, str]]) -> str:
    """Why a step is not possible: the first reason, and how many more there are."""
    more = len(why) - 1
    first = t(why[0]["zh"], why[0]["en"])
    return first + (t(f"（另有{more}条原因）", f" ({more} more)") if more else "")


def list_lines(total: int, cases: Sequence[CaseLine], names: Mapping[str, Definition]) -> Iterator[str]:
    """A list of cases, and how many there are in all."""
    yield from table(
        [t("案号", "number"), t("案件名称", "title"), t("状态", "state"), t("最近期限", "next date")],
        [
            [c.case_no, c.title, named(names[c.definition].states[c.state]), day(c.due_on) if c.due_on else None]
            for c in cases
        ],
    )
    yield t(f"共{total}件，列出{len(cases)}件", f"{total} in all, {len(cases)} listed")


def history_document(entry: Entry) -> dict[str, Any]:
    """An entry as `case history` gives it: personal answers readable, the hash that stands in the chain."""
    content = entry.said()
    readable = {p.answer: p.value for p in entry.personal}
    return {
        "seq": entry.seq,
        "kind": entry.kind,
        "step": entry.step,
        "actor": entry.actor,
        "role": content["role"],
        "happened_on": entry.happened_on,
        "happened_at": content["happened_at"],
        "recorded_at": shown_instant(entry.recorded_at),
        "answers": {name: readable.get(name, value) for name, value in content["answers"].items()},
        "reason": content["reason"],
        "effects": content["effects"],
        "hash": entry.hash,
    }


def history_lines(entries: Iterable[Mapping[str, Any]], definition: Definition) -> Iterator[str]:
    """The record, one entry after the other."""
    for e in entries:
        step = definition.steps.get(e["step"] or "")
        name = named(step) if step else (e["step"] or "")
        kind = _said(KINDS.get(e["kind"], (e["kind"], e["kind"])))
        if e["kind"] == "open":
            name = ""
        yield from wrap(
            f"{e['seq']:>3}  {e['happened_on']}  {kind}{t('：', ': ') if name else ''}{name}  {e['actor']}",
            indent="     ",
            first="",
        )
        for line in _told(e):
            yield from wrap(line, indent="       ")


def _told(entry: Mapping[str, Any]) -> Iterator[str]:
    effects = entry["effects"]
    if entry["kind"] == "refusal":
        yield t("、", ", ").join(effects.get("refused", ()))
    if entry["kind"] == "note":
        yield effects["text"]
    if entry["answers"]:
        yield t("；", "; ").join(f"{name}={_short(value)}" for name, value in entry["answers"].items())
    if entry["reason"]:
        yield t(f"理由：{entry['reason']}", f"reason: {entry['reason']}")


def _short(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(map(str, value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def deadline_table(deadlines: Iterable[Mapping[str, Any]]) -> list[str]:
    """Deadlines with their two dates and the working days left."""
    return table(
        [
            t("期限", "deadline"),
            t("起算日", "from"),
            t("届满日", "due"),
            t("稳妥日", "safe day"),
            t("情况", "standing"),
            t("剩余", "left"),
        ],
        [
            [
                d["zh"] if language() == "zh" else d["en"],
                d["started_on"],
                d["due_on"] + ("*" if d["provisional"] else ""),
                d["safe_on"],
                _said(STANDINGS[d["state"]]),
                _left(d),
            ]
            for d in deadlines
        ],
    )


def _left(d: Mapping[str, Any]) -> str:
    if d["state"] not in {"running", "overdue"}:
        return ""
    return t(
        f"{d['days_left']}日／{d['working_days_left']}个工作日",
        f"{d['days_left']} days / {d['working_days_left']} working",
    )


def _deadline_lines(deadlines: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for d in deadlines:
        if d["ended_on"]:
            yield t(f"期限终结：{d['zh']}（{d['ended_on']}）", f"deadline ended: {d['en']} ({d['ended_on']})")
        else:
            mark = (
                t("（暂定，当年节假日尚未公布）", " (provisional: holidays not published)") if d["provisional"] else ""
            )
            # A day that our own order sets needs nobody's confirmation.
            unconfirmed = (
                ""
                if d["confirmed"] or d["fixed"]
                else t(f"（依据尚未确认，{d['confidence']}）", f" (its basis is not confirmed: {d['confidence']})")
            )
            yield from wrap(
                t(
                    f"期限：{d['zh']}，{d['due_on']}届满{mark}，剩{d['working_days_left']}个工作日{unconfirmed}",
                    f"deadline: {d['en']}, due {d['due_on']}{mark}, "
                    f"{d['working_days_left']} working days left{unconfirmed}",
                ),
                indent="      ",
            )


def _warning_lines(warnings: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for w in warnings:
        yield from wrap(t(f"请注意：{w['zh']}", f"mind: {w['en']}"), indent="        ")
