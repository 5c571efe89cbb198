"""How the record of a case reads: its entries as documents, and as lines on a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from commands.output import NOTHING, money, wrap
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
    "correct": ("更正", "corrected"),
    "join": ("计入专项行动", "campaign joined"),
    "attach": ("附文件", "attached"),
    "assign": ("指定承办人", "assigned"),
    "offer": ("移交", "offered"),
    "accept": ("接收移交", "offer accepted"),
    "decline": ("不接收移交", "offer refused"),
    "handover": ("交接", "handed over"),
    "move": ("移到流程另一版本", "moved to another version"),
    "escalate": ("逾期逐级报告", "escalated"),
    "acknowledge": ("确认知悉逾期", "overdue acknowledged"),
}
# What an act that is no step is called where it was refused.
ACTS = {
    "correct": ("更正", "correct"),
    "join": ("计入专项行动", "join a campaign"),
    "assign": ("指定承办人", "assign"),
    "offer": ("移交", "offer"),
    "accept-offer": ("接收移交", "accept an offer"),
    "refuse-offer": ("不接收移交", "refuse an offer"),
    "resend": ("重新发送邮件", "send a mail again"),
    "acknowledge": ("确认知悉逾期", "acknowledge"),
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
        "signed_by": content["signed_by"],
        "happened_on": entry.happened_on,
        "happened_at": content["happened_at"],
        "recorded_at": shown_instant(entry.recorded_at),
        "answers": {name: readable.get(name, value) for name, value in content["answers"].items()},
        "reason": content["reason"],
        "effects": content["effects"],
        "hash": entry.hash,
    }


def history_lines(entries: Iterable[Mapping[str, Any]], definition: Definition | None) -> Iterator[str]:
    """The record, one entry after the other; steps by their ids where the definition is gone."""
    for e in entries:
        step = definition.steps.get(e["step"] or "") if definition is not None else None
        name = t(step.zh, step.en) if step else t(*(KINDS | ACTS).get(e["step"] or "", (e["step"] or "",) * 2))
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
    yield from _who(entry)
    yield from _told_of_acts(entry["kind"], effects, entry["answers"])
    if entry["answers"] and entry["kind"] != "correct":
        yield t("；", "; ").join(f"{name}={_short(value)}" for name, value in entry["answers"].items())
    if entry["reason"]:
        yield t(f"理由：{entry['reason']}", f"reason: {entry['reason']}")


def _who(entry: Mapping[str, Any]) -> Iterator[str]:
    """For which party it was done, who decided it on paper, and for whom the one who decided stood in."""
    effects = entry["effects"]
    if effects.get("party") is not None and "case" in effects:
        yield t(f"{effects['party']}号当事人", f"party {effects['party']}")
    if entry["signed_by"]:
        paper = effects.get("paper") or {}
        name, digest = paper.get("name", ""), str(paper.get("sha256", ""))[:12]
        yield t(
            f"由{entry['signed_by']}在纸上签批，{entry['actor']}代录（{name}，{digest}）",
            f"decided on paper by {entry['signed_by']}, typed by {entry['actor']} ({name}, {digest})",
        )
    if effects.get("for"):
        yield t(f"代{effects['for']}行使职责", f"standing in for {effects['for']}")


def _told_of_acts(kind: str, effects: Mapping[str, Any], answers: Mapping[str, Any]) -> Iterator[str]:
    """What an act that is no step has done: corrected, counted elsewhere, attached, given to others."""
    if kind == "correct":
        for name, seq in effects["corrects"].items():
            old = effects["before"][name]
            stood = t("原内容", "what stood there") if _is_hash(old) else NOTHING if old is None else _short(old)
            yield t(f"第{seq}条", f"entry {seq} ") + f" {name}：{stood} → {_short(answers[name])}"
        for moved in effects["categories"]:
            yield t("类别", "category") + f" {moved['campaign']}：{moved['from']} → {moved['to']}"
    elif kind == "join":
        since, category = effects["since"], effects["category"]
        yield t(f"{effects['campaign']}，类别{category}，{since}起", f"{effects['campaign']}, {category}, from {since}")
    elif kind == "attach":
        file = effects["file"]
        said = f"（{file['kind']}）" if file["kind"] else ""
        yield t(f"{file['name']}{said}，{file['bytes']}字节", f"{file['name']}{said}, {file['bytes']} bytes")
        yield f"SHA-256 {file['sha256']}"
    elif kind in {"assign", "accept", "handover"}:
        yield f"{','.join(effects['before'])} → {','.join(effects['holders'])}"
    elif kind in {"offer", "decline"}:
        yield f"{effects['from']} → {effects['to']}"
    elif kind in {"escalate", "acknowledge"}:
        to = t("、", ", ").join(effects.get("to", ()))
        told = t(f"，已通知{to}", f", told: {to}") if to else ""
        late = t(f"届满日{effects['due_on']}", f"was due on {effects['due_on']}")
        yield f"{effects['deadline']}{t('，', ', ')}{late}{told}"
    elif kind == "mail" and "again" in effects:
        old = effects["again"]["mail"]
        yield t(f"重新发送第{old}号邮件：{'、'.join(effects['to'])}", f"mail {old} again: {', '.join(effects['to'])}")
    elif kind == "move":
        versions = effects["definition"]
        yield t("版本", "version") + f" {versions['from'][:12]} → {versions['to'][:12]}"
        if effects["from"] != effects["to"]:
            yield t("状态", "state") + f" {effects['from']} → {effects['to']}"
        yield from (f"{was} → {now}" for was, now in effects["renamed"]["answers"].items())


def _is_hash(value: Any) -> bool:
    """Whether the record has only the hash of it; the readable value stands with the entry that is corrected."""
    return isinstance(value, dict) and "personal" in value


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
