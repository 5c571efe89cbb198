"""Guards and conditions on setting a decision aside: there is one, and what it had counted and published is undone."""

from __future__ import annotations

from engine.case_view import Attempt, CaseView
from engine.errors import Refusal, Remedy
from engine.guards import condition, guard
from workflows.decision_in_force import decision_in_force, penalty_in_force


@guard
def decision_holds(case: CaseView, attempt: Attempt) -> Refusal | None:
    """There is a decision to set aside."""
    if decision_in_force(case.trail) is not None:
        return None
    return Refusal(
        "decision.none",
        "本案没有有效的决定可以撤销",
        "there is no decision in force that could be set aside",
        remedy=Remedy(
            "核对案号；案件已结案而需再办的，重新启动",
            "check the number; a closed case is taken up again by reopening it",
            f"anjuan case why {case.case_no} reopen",
        ),
    )


@condition
def penalty_holds(case: CaseView, attempt: Attempt) -> bool:
    """The decision in force imposes a penalty, so that it stands in the figures."""
    return penalty_in_force(case) is not None


@condition
def decision_is_public(case: CaseView, attempt: Attempt) -> bool:
    """The penalty in force was published, and has to be withdrawn when it falls. 行政处罚法（2021） §48(2)."""
    penalty, published = penalty_in_force(case), case.last("publish")
    return penalty is not None and published is not None and published.seq > penalty.seq


@guard
def withdrawal_owed(case: CaseView, attempt: Attempt) -> Refusal | None:
    """A published decision was set aside and still stands in public."""
    published, gone = case.last("publish"), case.last("withdraw_publication")
    set_aside = case.last("set_aside")
    if published and set_aside and set_aside.seq > published.seq and (gone is None or gone.seq < set_aside.seq):
        return None
    return Refusal(
        "publication.none",
        "没有已公开而被撤销的处罚决定需要撤回",
        "no published decision was set aside that would have to be withdrawn",
    )
