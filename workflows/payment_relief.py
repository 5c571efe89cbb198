"""Guards on relief from paying at once: the late fee while a remedy is pending, and instalments."""

from __future__ import annotations

from datetime import date
from typing import Any

from engine.case_view import Attempt, CaseView
from engine.errors import Refusal, Remedy
from engine.guards import guard
from workflows.money import yuan
from workflows.payment_terms import RESUME, SUSPEND, decision_of, suspended_since
from workflows.settlement import balance_of


@guard
def fine_imposed(case: CaseView, attempt: Attempt) -> Refusal | None:
    """The decision imposes a fine: nothing else carries a late fee. 行政处罚法（2021） §72(1), §73(3)."""
    decision = decision_of(case)
    if decision is not None and decision.answers.get("fine_fen"):
        return None
    return Refusal(
        "late_fee.none",
        "决定没有罚款，不发生加处罚款",
        "the decision imposes no fine; no late fee can accrue",
        basis=attempt.law.parameter_on("late_fee", attempt.on).basis,
    )


@guard
def late_fee_running(case: CaseView, attempt: Attempt) -> Refusal | None:
    """The late fee is not suspended already."""
    since = suspended_since(case)
    if since is None:
        return None
    return Refusal(
        "late_fee.suspended",
        f"加处罚款自{since}起已停止计算，尚未恢复",
        f"the late fee has been suspended since {since} and does not run again yet",
        facts={"suspended_on": since.isoformat()},
        remedy=Remedy("先登记恢复计算", "let it run again first", f"anjuan case why {case.case_no} {RESUME}"),
    )


@guard
def late_fee_suspended(case: CaseView, attempt: Attempt) -> Refusal | None:
    """The late fee is suspended, and the first day that counts again comes after the first that did not."""
    since, resumed_on = suspended_since(case), attempt.day("resumed_on")
    if since is None:
        return Refusal(
            "late_fee.not_suspended",
            "加处罚款没有停止计算，无须恢复",
            "the late fee is not suspended; there is nothing to resume",
            remedy=Remedy("先登记停止计算", "record the suspension first", f"anjuan case why {case.case_no} {SUSPEND}"),
        )
    if resumed_on is None or resumed_on > since:
        return None
    return Refusal(
        "date.before_previous",
        f"恢复计算之日{resumed_on}应在停止计算之日（{since}）之后",
        f"it runs again from {resumed_on}, which must come after the first day not counted ({since})",
        facts={"answer": "resumed_on", "given": resumed_on.isoformat(), "previous_on": since.isoformat()},
        remedy=Remedy("更正日期", "correct the date"),
    )


@guard
def instalments_add_up(case: CaseView, attempt: Attempt, *, answer: str) -> Refusal | None:
    """The parts are together what is still owed of the fine, no more and no less."""
    parts = _parts(attempt, answer)
    if not parts:
        return None
    balance = balance_of(case, attempt.law, attempt.on)
    owed = balance.open.get("fine", 0) if balance is not None else 0
    in_parts = sum(int(part["fen"]) for part in parts)
    if in_parts == owed:
        return None
    return Refusal(
        "instalments.sum",
        f"各期合计{yuan(in_parts)}元，与尚欠的罚款{yuan(owed)}元不符",
        f"the instalments add up to {yuan(in_parts)} yuan; still owed of the fine is {yuan(owed)} yuan",
        basis=attempt.law.parameter_on("instalments", attempt.on).basis,
        facts={"in_parts_fen": in_parts, "owed_fen": owed},
        remedy=Remedy("按尚欠的罚款重新分期", "divide what is still owed of the fine"),
    )


@guard
def instalments_lie_ahead(case: CaseView, attempt: Attempt, *, answer: str) -> Refusal | None:
    """No part was due before the day on which it is allowed."""
    parts = _parts(attempt, answer)
    if not parts or date.fromisoformat(parts[0]["on"]) >= attempt.on:
        return None
    return Refusal(
        "date.before_previous",
        f"第一期的日期{parts[0]['on']}早于批准日期{attempt.on}",
        f"the first instalment ({parts[0]['on']}) lies before the day on which it is allowed ({attempt.on})",
        facts={"answer": answer, "given": parts[0]["on"], "previous_on": attempt.on.isoformat()},
        remedy=Remedy("各期应在批准之日或以后", "set days from that day on"),
    )


@guard
def instalments_are_several(case: CaseView, attempt: Attempt, *, answer: str) -> Refusal | None:
    """There are two parts or more: one part alone is a deferral, which is a step of its own."""
    parts = _parts(attempt, answer)
    if len(parts) != 1:
        return None
    return Refusal(
        "instalments.single",
        "只有一期，属于延期缴纳，不是分期",
        "one instalment alone is a deferral: allow that instead",
        basis=attempt.law.parameter_on("instalments", attempt.on).basis,
        remedy=Remedy(
            "准予延期缴纳",
            "allow the payment to be deferred",
            f"anjuan case why {case.case_no} defer_payment",
        ),
    )


def _parts(attempt: Attempt, answer: str) -> list[dict[str, Any]]:
    return attempt.answers.get(answer) or []
