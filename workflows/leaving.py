"""Guards on a case that goes, as a whole or in part, into another number."""

from __future__ import annotations

from engine.case_view import Attempt, CaseView
from engine.errors import Refusal, Remedy
from engine.guards import guard


@guard
def another_case(case: CaseView, attempt: Attempt, *, answer: str) -> Refusal | None:
    """The case named is not this one."""
    if str(attempt.answers.get(answer) or "").strip() != case.case_no:
        return None
    return Refusal(
        "case.same",
        f"“{case.case_no}”就是本案，应填另一案件的案号",
        f"{case.case_no} is this very case; name the other one",
        facts={"answer": answer, "case_no": case.case_no},
        remedy=Remedy("更正案号", "correct the number", "anjuan case list"),
    )
