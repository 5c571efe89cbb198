"""How the record of a case reads: its entries as documents, and as lines on a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from commands.output import money, wrap
from commands.words import t
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
    "pause": ("中止期限", "deadline paused"),
    "resume": ("恢复期限", "deadline resumed"),
    "extend": ("延长期限", "deadline extended"),
    "restart": ("重新计算期限", "deadline begun anew"),
    "rules": ("规则变动", "rules changed"),
}
TURNS = frozenset({"pause", "resume", "extend", "restart", "rules"})


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
        name = t(step.zh, step.en) if step else t(*KINDS.get(e["step"] or "", (e["step"] or "",) * 2))
        kind = t(*KINDS.get(e["kind"], (e["kind"], e["kind"])))
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
    if entry["kind"] == "undo":
        yield t(f"撤回第{effects['undoes']}条", f"takes entry {effects['undoes']} back")
    if entry["kind"] in TURNS:
        for effect in effects["deadlines"]:
            yield from _turned(entry["kind"], effect)
    if entry["answers"]:
        yield t("；", "; ").join(f"{name}={_short(value)}" for name, value in entry["answers"].items())
    if entry["reason"]:
        yield t(f"理由：{entry['reason']}", f"reason: {entry['reason']}")


def _turned(kind: str, effect: Mapping[str, Any]) -> Iterator[str]:
    """What an act on a deadline, or another rule, did to it."""
    old, new = effect["before"]["due_on"], effect["due_on"]
    moved = t(f"{old} → {new}", f"{old} → {new}") if old != new else t(f"仍为{new}", f"still {new}")
    earliest = effect["state"] == "paused" and kind == "pause"
    yield t(
        f"{effect['id']}：{'恢复后才能确定' if earliest else f'届满日{moved}'}",
        f"{effect['id']}: {'known once it runs again' if earliest else f'due {moved}'}",
    )
    course = effect["course"]
    said = {
        "pause": course.get("pauses", [])[-1:],
        "extend": course.get("extensions", [])[-1:],
        "restart": [course["restart"]] if course.get("restart") else [],
    }.get(kind, [])
    for act in said:
        days = t(f"{act['length']}，", f"{act['length']}, ") if "length" in act else ""
        ground = t(act["zh"], act["en"])
        yield t(f"依据：{days}{ground}，{act['basis']}", f"on the ground of {days}{ground}, {act['basis']}")


def _short(value: Any) -> str:
    if isinstance(value, list):
        return t("，", ", ").join(_part(v) for v in value) if _is_schedule(value) else ",".join(map(str, value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _is_schedule(value: list[Any]) -> bool:
    return bool(value) and isinstance(value[0], dict)


def _part(part: Mapping[str, Any]) -> str:
    return f"{part['on']} {money(part['fen'])}"
