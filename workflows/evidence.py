"""Guards on measures against goods that may be evidence."""

from __future__ import annotations

from engine.case_view import Attempt, CaseView
from engine.errors import Refusal, Remedy
from engine.guards import guard


@guard
def approved_before(case: CaseView, attempt: Attempt, *, approved: str, act: str) -> Refusal | None:
    """The head approved the measure on or before the day on which it was taken: 行政处罚法（2021） §56."""
    approved_on, taken_on = attempt.day(approved), attempt.day(act)
    if approved_on is None or taken_on is None or approved_on <= taken_on:
        return None
    return Refusal(
        "approval.late",
        f"先行登记保存须经机关负责人批准后实施：{taken_on}实施，{approved_on}才批准",
        f"the head must approve before the goods are held: held on {taken_on}, approved on {approved_on}",
        basis=attempt.law.parameter_on("evidence_approval", attempt.on).basis,
        facts={"approved_on": approved_on.isoformat(), "taken_on": taken_on.isoformat()},
        remedy=Remedy("核对批准日期和交付日期", "check both dates"),
    )
