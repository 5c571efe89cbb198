"""How a fine is to be paid, as the case's steps and deadlines say: last days, instalments, days without a late fee."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from engine.case_view import CaseView, StepTaken
from engine.law_book import LawBook
from workflows.decision_in_force import ON_SPOT, penalty_in_force
from workflows.late_fees import Part, Suspension, Terms

ONE_DAY = timedelta(days=1)
SUSPEND, RESUME = "suspend_late_fee", "resume_late_fee"
IN_PARTS, DEFERRED = "allow_instalments", "defer_payment"


def decision_of(case: CaseView) -> StepTaken | None:
    """The penalty decision in force: `None` where none was taken, a later one took its place, or it was set aside."""
    return penalty_in_force(case)


def terms_of(case: CaseView, decision: StepTaken, law: LawBook) -> tuple[Terms, ...]:
    """By when the fine of the decision was and is to be paid, in the order agreed; none before it is served.

    The decision itself gives one last day, a deferral another; instalments give one each, which moves over rest days as
    that of a payment does. The deadline `payment` holds the last of all: more time granted for it is more time for that
    part.
    """
    served = case.last("serve", "serve_again", ON_SPOT)
    # What was agreed after a service that turned out void counted from it, and is void too.
    plans = [t for t in case.taken(IN_PARTS, DEFERRED) if t.seq > max(decision.seq, served.seq if served else 0)]
    fine = int(decision.answers.get("fine_fen") or 0)
    deadlines = sorted((d for d in case.deadlines.values() if d.rule == "payment"), key=lambda d: d.number)
    begun = deadlines[-1 - len(plans) :]
    if not fine or served is None or served.seq < decision.seq or len(begun) <= len(plans):
        return ()
    first, *later = begun
    whole = Terms((Part(first.due_on, fine),))
    agreed = (_agreed(plan, law, fine, end.due_on) for plan, end in zip(plans, later, strict=True))
    return (whole, *agreed)


def suspensions_of(case: CaseView, decision: StepTaken) -> tuple[Suspension, ...]:
    """The days for which no late fee accrues, each from the day of its start to the day before it ran again."""
    found: list[Suspension] = []
    for t in case.taken(SUSPEND, RESUME):
        if t.seq < decision.seq:
            continue
        if t.step == SUSPEND:
            found.append(Suspension(t.day("suspended_on") or t.on))
        elif found:
            found[-1] = Suspension(found[-1].from_on, (t.day("resumed_on") or t.on) - ONE_DAY)
    return tuple(found)


def suspended_since(case: CaseView) -> date | None:
    """The first day of a suspension that goes on; `None` where the late fee runs."""
    decision = decision_of(case)
    found = suspensions_of(case, decision) if decision is not None else ()
    return found[-1].from_on if found and found[-1].to_on is None else None


def _agreed(plan: StepTaken, law: LawBook, fine: int, ends_on: date) -> Terms:
    if plan.step == DEFERRED:
        return Terms((Part(ends_on, fine),), plan.on)
    *before, last = plan.answers["instalments"]
    return Terms((*_parts(before, law), Part(ends_on, last["fen"])), plan.on)


def _parts(said: list[dict[str, object]], law: LawBook) -> Iterator[Part]:
    for part in said:
        yield Part(law.calendar.next_working(date.fromisoformat(str(part["on"]))), int(str(part["fen"])))
