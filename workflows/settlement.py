"""What a decision ordered and what has been settled: payment, late fee, execution, and the guards that ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.case_view import Attempt, CaseView
from engine.definitions import Definition
from engine.errors import Refusal, Remedy
from engine.guards import condition, guard
from engine.law_book import LawBook
from engine.party_views import seen_by
from workflows.criminal_answers import criminal_fine_of
from workflows.late_fees import Paid, late_fee, late_on, open_parts
from workflows.money import yuan
from workflows.payment_terms import decision_of, suspensions_of, terms_of


@dataclass(frozen=True)
class Balance:
    """Ordered and paid, in fen, on a day. Confiscated gains carry no late fee.

    `late_fen` is what of the fine is past its last day. `parts` are the last days and open amounts of what is to be
    paid in instalments.
    """

    fine_fen: int
    confiscated_fen: int
    fine_paid_fen: int
    confiscation_paid_fen: int
    late_fee_fen: int
    late_fee_paid_fen: int
    late_fen: int = 0
    parts: tuple[tuple[date, int], ...] = ()
    suspended_on: date | None = None  # since when no late fee accrues, where that goes on

    @property
    def open(self) -> dict[str, int]:
        """What is still owed, by kind; empty when everything is settled."""
        owed = {
            "fine": self.fine_fen - self.fine_paid_fen,
            "confiscation": self.confiscated_fen - self.confiscation_paid_fen,
            "late_fee": self.late_fee_fen - self.late_fee_paid_fen,
        }
        return {kind: fen for kind, fen in owed.items() if fen > 0}


CLOSED_WHEN_SETTLED = ("served", "police_filed", "criminal_outcome")
NAMES = {
    "fine": ("罚款", "fine"),
    "confiscation": ("没收违法所得", "confiscation"),
    "late_fee": ("加处罚款", "late fee"),
}


def balance_of(case: CaseView, law: LawBook, on: date, extra: tuple[str, Paid] | None = None) -> Balance | None:
    """How the case's penalty stands on that day, with one more payment if given; `None` where none is decided."""
    decision = decision_of(case)
    if decision is None:
        return None
    payments: dict[str, list[Paid]] = {kind: [] for kind in NAMES}
    for t in case.taken("pay"):
        if t.seq > decision.seq:
            payments[t.answers["for"]].append(Paid(t.day("paid_on") or t.on, t.answers["paid_fen"]))
    if extra is not None:
        payments[extra[0]].append(extra[1])
    fine = int(decision.answers.get("fine_fen") or 0)
    paid = {kind: sum(p.fen for p in payments[kind]) for kind in NAMES}
    terms, suspensions = terms_of(case, decision, law), suspensions_of(case, decision)
    in_parts = len(terms) > 1
    return Balance(
        fine,
        int(decision.answers.get("confiscated_fen") or 0),
        paid["fine"],
        paid["confiscation"],
        late_fee(fine, terms, payments["fine"], on, law.parameter_on("late_fee", on), suspensions),
        paid["late_fee"],
        late_on(fine, terms, payments["fine"], on),
        tuple((p.due_on, fen) for p, fen in open_parts(terms[-1], fine, paid["fine"])) if in_parts else (),
        next((s.from_on for s in suspensions if s.to_on is None), None),
    )


def late_fee_fen(definition: Definition, case: CaseView, law: LawBook, on: date) -> int:
    """The late fee that has accrued by that day, of all parties together."""
    eyes = [seen_by(definition, case, p.party_no) for p in case.parties] or [case]
    return sum(balance.late_fee_fen for seen in eyes if (balance := balance_of(seen, law, on)) is not None)


def _with_this_payment(case: CaseView, attempt: Attempt) -> Balance | None:
    kind, fen = attempt.answers.get("for"), attempt.answers.get("paid_fen")
    paid_on = attempt.day("paid_on") or attempt.on
    extra = (str(kind), Paid(paid_on, int(fen))) if kind and fen is not None else None
    return balance_of(case, attempt.law, max(paid_on, attempt.on), extra)


@condition
def settled_with_this(case: CaseView, attempt: Attempt) -> bool:
    """With this payment nothing that the decision ordered is left to pay."""
    balance = _with_this_payment(case, attempt)
    return balance is not None and not balance.open


@condition
def fine_settled_with_this(case: CaseView, attempt: Attempt) -> bool:
    """With this payment the fine and the confiscated gains are paid; a late fee may still be open."""
    balance = _with_this_payment(case, attempt)
    return balance is not None and not {"fine", "confiscation"} & set(balance.open)


@condition
def money_ordered(case: CaseView, attempt: Attempt) -> bool:
    """The decision being served orders a payment."""
    decision = decision_of(case)
    if decision is None:
        return False
    return bool(decision.answers.get("fine_fen") or decision.answers.get("confiscated_fen"))


@guard
def something_to_pay(case: CaseView, attempt: Attempt) -> Refusal | None:
    """The payment is not above what is owed for that item."""
    kind, fen = attempt.answers.get("for"), attempt.answers.get("paid_fen")
    if kind is None or fen is None:
        return None
    before = balance_of(case, attempt.law, max(attempt.day("paid_on") or attempt.on, attempt.on))
    owed = before.open.get(kind, 0) if before else 0
    if 0 < fen <= owed:
        return None
    zh, en = NAMES[kind]
    return Refusal(
        "payment.not_owed",
        f"{zh}尚欠{yuan(owed)}元，登记的{yuan(fen)}元不符",
        f"the {en} still open is {yuan(owed)} yuan; {yuan(fen)} does not fit",
        facts={"for": kind, "owed_fen": owed, "paid_fen": fen},
        remedy=Remedy("核对缴款凭证", "check the voucher"),
    )


@guard
def nothing_open(case: CaseView, attempt: Attempt) -> Refusal | None:
    """Everything that the decision ordered is settled; a running late fee stands in the facts."""
    return _open_refusal(case, attempt)


@guard
def imposed_is_executed(case: CaseView, attempt: Attempt) -> Refusal | None:
    """A case whose decision was served is closed only when nothing that it imposed is still open.

    That holds also where the police took the case later on. Where a court imposed a criminal fine the rest of ours is
    not collected: inferred from 行政处罚法（2021） §35(2), which sets what was paid off against the criminal fine.
    """
    if case.state not in CLOSED_WHEN_SETTLED or criminal_fine_of(case) is not None:
        return None
    return _open_refusal(case, attempt)


def _open_refusal(case: CaseView, attempt: Attempt) -> Refusal | None:
    balance = balance_of(case, attempt.law, attempt.on)
    if balance is None or not balance.open:
        return None
    owed_zh = "、".join(f"{NAMES[k][0]}{yuan(fen)}元" for k, fen in balance.open.items())
    owed_en = ", ".join(f"{NAMES[k][1]} {yuan(fen)} yuan" for k, fen in balance.open.items())
    return Refusal(
        "execution.open",
        f"决定尚未执行完毕：{owed_zh}",
        f"the decision is not executed yet: {owed_en}",
        basis=attempt.law.parameter_on("late_fee", attempt.on).basis,
        facts=_facts_of(balance),
        remedy=Remedy("登记缴款", "record the payment", f"anjuan case why {case.case_no} pay"),
        who_can=attempt.people.holders("finance", case.unit, attempt.on),
    )


def _facts_of(balance: Balance) -> dict[str, object]:
    return {
        **{f"{kind}_open_fen": fen for kind, fen in balance.open.items()},
        "late_fee_fen": balance.late_fee_fen,
        "late_fen": balance.late_fen,
        "late_fee_suspended_on": balance.suspended_on.isoformat() if balance.suspended_on else None,
        "instalments": [{"due_on": on.isoformat(), "open_fen": fen} for on, fen in balance.parts],
    }
