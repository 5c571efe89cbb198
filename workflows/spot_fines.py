"""Guards on fines collected on the spot: no more than is owed, and handed in only after it was collected.

行政处罚法（2021） §68, §71.
"""

from __future__ import annotations

from engine.case_view import Attempt, CaseView
from engine.errors import Refusal, Remedy
from engine.guards import guard
from workflows.money import yuan
from workflows.payment_terms import decision_of
from workflows.settlement import balance_of

COLLECT, HAND_IN = "collect_on_spot", "receive_spot_fine"


@guard
def collected_is_owed(case: CaseView, attempt: Attempt, *, answer: str) -> Refusal | None:
    """What is collected, with what was collected before, is not above the fine, nor above what of it is unpaid."""
    fen, decision, balance = attempt.answers.get(answer), decision_of(case), balance_of(case, attempt.law, attempt.on)
    if fen is None or decision is None or balance is None:
        return None
    before = sum(int(t.answers[answer]) for t in case.taken(COLLECT) if t.seq > decision.seq)
    left = min(balance.fine_fen - before, balance.open.get("fine", 0))
    if 0 < fen <= left:
        return None
    return Refusal(
        "payment.not_owed",
        f"尚可收缴的罚款为{yuan(left)}元，登记的{yuan(fen)}元不符",
        f"what may still be collected of the fine is {yuan(left)} yuan; {yuan(fen)} does not fit",
        facts={"owed_fen": left, "collected_fen": fen},
        remedy=Remedy("核对票据", "check the receipt"),
    )


@guard
def collected_before(case: CaseView, attempt: Attempt) -> Refusal | None:
    """Money was collected on the spot and has not been handed in yet."""
    collected, handed_in = case.last(COLLECT), case.last(HAND_IN)
    if collected is not None and (handed_in is None or handed_in.seq < collected.seq):
        return None
    return Refusal(
        "collection.none",
        "没有当场收缴而尚未上交的罚款",
        "no fine was collected on the spot that still has to be handed in",
        remedy=Remedy("先登记当场收缴", "record the collection first", f"anjuan case why {case.case_no} {COLLECT}"),
    )
