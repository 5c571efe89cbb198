"""Guards on the record of an inspection or an inquiry: where the party would not sign, somebody saw it."""

from __future__ import annotations

from engine.case_view import Attempt, CaseView
from engine.errors import Refusal, Remedy
from engine.guards import guard


@guard
def refusal_witnessed(case: CaseView, attempt: Attempt) -> Refusal | None:
    """The record is signed, or a witness to the refusal is named."""
    if attempt.answers.get("signed") != "refused" or attempt.answers.get("witness"):
        return None
    return Refusal(
        "witness.missing",
        "当事人拒绝签字的，应在笔录上注明并写明见证人",
        "where the party refuses to sign, the record says so and names a witness",
        facts={"answer": "witness"},
        remedy=Remedy("写明见证人：--set witness=…", "name the witness: --set witness=…"),
    )
