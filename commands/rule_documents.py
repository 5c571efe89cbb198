"""A rule, or an edit of rules, as scripts read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from commands.ladder_lines import ladder_words
from engine.clock import shown_instant
from engine.documents import Document, Edition
from engine.period_values import parse_length
from engine.rule_changes import Orphan, Shift
from workflows.rule_edits import Edit, rule_name, versions_in
from workflows.rule_files import HOLIDAYS, LADDER, LIMIT, PARAMETER, UNDATED
from workflows.rule_loading import Account

# The kinds as the command line calls them, in the order in which they are listed.
KIND_NAMES = {LIMIT: "limit", PARAMETER: "parameter", HOLIDAYS: "holidays", LADDER: "ladder"}


def rule_row(document: Document, on: date) -> dict[str, Any]:
    """A rule in a list: what of it holds on that day."""
    zh, en = rule_name(document.kind, document.content)
    holding = next((v for v in _versions(document, on) if v["in_force"]), {})
    kept = ("basis", "source", "confidence", "confirmed", "confirmed_by", "confirmed_on", "rule_zh", "rule_en")
    return {
        "kind": KIND_NAMES[document.kind],
        "id": document.id,
        "zh": zh,
        "en": en,
        "hash": document.hash,
        **{name: holding.get(name) for name in kept},
    }


def rule_document(document: Document, editions: Sequence[Edition], on: date) -> dict[str, Any]:
    """A rule with every version, and how it came to be what it is; `in_force` marks the version of that day."""
    content = document.content
    zh, en = rule_name(document.kind, content)
    said = {name: value for name, value in content.items() if name not in {"versions", "zh", "en", "based_on"}}
    return {
        "kind": KIND_NAMES[document.kind],
        "id": document.id,
        "zh": zh,
        "en": en,
        "on": on,
        "hash": document.hash,
        "based_on": content.get("based_on"),
        **said,
        "versions": _versions(document, on),
        "editions": [
            {"hash": e.document.hash, "by": e.author, "at": shown_instant(e.recorded_at), "reason": e.reason}
            for e in editions
        ],
    }


def account_document(account: Account) -> dict[str, Any]:
    """What a change of rules did, or would do. Several rules at once are told under `rules` alone."""
    rules = [_edit_document(edit) for edit in account.edits]
    only: Mapping[str, Any] = rules[0] if len(rules) == 1 else dict.fromkeys(("kind", "id", "hash", "based_on"))
    return {
        **{name: only[name] for name in ("kind", "id", "hash", "based_on")},
        "rules": rules,
        "moved": [_shift_document(shift) for shift in account.moved],
        "firm": [_shift_document(shift) for shift in account.firm],
        "cases": account.cases,
        "deadlines": account.changed,
        "touched": account.touched,
        "orphaned": [_orphan_document(orphan) for orphan in account.orphans],
        "safe_days": [
            {
                "campaign": s.campaign,
                "id": s.id,
                "zh": s.zh,
                "en": s.en,
                "due_on": s.due_on,
                "from": s.before_on,
                "to": s.after_on,
            }
            for s in account.safe_days
        ],
    }


def _edit_document(edit: Edit) -> dict[str, Any]:
    zh, en = rule_name(edit.kind, edit.document.content)
    return {
        "kind": KIND_NAMES[edit.kind],
        "id": edit.id,
        "zh": zh,
        "en": en,
        "hash": edit.document.hash,
        "based_on": edit.replaced,
        "notice": edit.notice,
    }


def _shift_document(shift: Shift) -> dict[str, Any]:
    return {
        "case_no": shift.case_no,
        "unit": shift.unit,
        "deadline": shift.deadline_id,
        "zh": shift.zh,
        "en": shift.en,
        "from": shift.before.due_on,
        "to": shift.after.due_on,
        "from_at": shift.before.due_at,
        "to_at": shift.after.due_at,
        "provisional": shift.after.provisional,
        "became_firm": shift.became_firm,
    }


def _orphan_document(orphan: Orphan) -> dict[str, Any]:
    return {
        "case_no": orphan.case_no,
        "unit": orphan.unit,
        "deadline": orphan.deadline_id,
        "due_on": orphan.due_on,
        "zh": orphan.zh,
        "en": orphan.en,
    }


def _versions(document: Document, on: date) -> list[dict[str, Any]]:
    return [
        _version_document(document.kind, version, on) for _, version in versions_in(document.kind, document.content)
    ]


def _version_document(kind: str, version: Mapping[str, Any], on: date) -> dict[str, Any]:
    """A version as it is kept, with what it comes to in words, and whether it holds on that day."""
    first, last = version.get("from"), version.get("to")
    holds = (first is None or first <= on.isoformat()) and (last is None or on.isoformat() <= last)
    zh, en = _said(kind, version)
    # Of an undated rule the days, or rungs, stand in the document itself.
    apart = {"rest", "worked", "year", "rungs"} if kind in UNDATED else set[str]()
    kept = {name: value for name, value in version.items() if name not in apart}
    return {
        "from": first,
        "to": last,
        **kept,
        "confirmed": version.get("confirmed_by") is not None,
        "confirmed_by": version.get("confirmed_by"),
        "confirmed_on": version.get("confirmed_on"),
        "in_force": holds or kind in UNDATED,
        "rule_zh": zh,
        "rule_en": en,
    }


def _said(kind: str, version: Mapping[str, Any]) -> tuple[str, str]:
    """What the version comes to, in a few words."""
    if kind == HOLIDAYS:
        rest, worked = len(version["rest"]), len(version["worked"])
        return f"放假{rest}日，调休上班{worked}日", f"{rest} days off, {worked} make-up days"
    if kind == LADDER:
        return ladder_words(version["rungs"], urgent=version.get("urgent", False))
    if kind == PARAMETER:
        values = version["values"].items()
        return "，".join(f"{n}={v}" for n, v in values), ", ".join(f"{n}={v}" for n, v in values)
    for name, zh, en in (
        ("none", "无此期限", "no such limit"),
        ("fixed", "以文书确定的日期为准", "the day that an order sets"),
        ("unstated", "应办，法律未定日数", "owed, no number set"),
    ):
        if version.get(name):
            return zh, en
    pick = {"later": ("取较晚者", "the later holds"), "earlier": ("取较早者", "the earlier holds")}.get(version["pick"])
    return _readings(version["readings"], pick)


def _readings(readings: Iterable[Mapping[str, str]], pick: tuple[str, str] | None) -> tuple[str, str]:
    rolls = {"next": ("（顺延）", " (rolls on)"), "previous": ("（提前）", " (rolls back)"), "none": ("", "")}
    lengths = [(parse_length(r["length"]), rolls[r["roll"]]) for r in readings]
    zh = "或".join(f"{'倒算' if x.number < 0 else ''}{x.zh}{roll[0]}" for x, roll in lengths)
    en = " or ".join(f"{x.en}{' back' if x.number < 0 else ''}{roll[1]}" for x, roll in lengths)
    return (f"{zh}，{pick[0]}", f"{en}; {pick[1]}") if pick else (zh, en)
