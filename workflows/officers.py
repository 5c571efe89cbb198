"""Guards on officers: two of them, certified on that day, none a judge of himself. 行政处罚法（2021） §42, §43, §55."""

from __future__ import annotations

from datetime import date

from engine.case_view import Attempt, CaseView
from engine.errors import Holder, Refusal, Remedy
from engine.guards import guard


@guard
def two_officers(case: CaseView, attempt: Attempt) -> Refusal | None:
    """At least two different officers take part."""
    officers = attempt.answers.get("officers")
    rule = attempt.law.parameter_on("two_officers", attempt.on)
    if officers is None or len(officers) >= rule.integer("least"):
        return None
    return Refusal(
        "officers.two",
        f"执法人员不得少于两人，现只填了{len(officers)}人",
        f"it takes at least two officers; {len(officers)} named",
        basis=rule.basis,
        facts={"officers": list(officers)},
        remedy=Remedy("至少填两名持证人员", "name at least two certified officers"),
        who_can=_certified(case, attempt, attempt.on),
    )


@guard
def valid_certificates(case: CaseView, attempt: Attempt, *, answer: str = "") -> Refusal | None:
    """Every officer holds a certificate that is valid on the day on which he acted.

    `answer` names that day where the step asks for it (of service, of the interview); otherwise it is the day of the
    step.
    """
    on = (attempt.day(answer) if answer else None) or attempt.on
    officers = attempt.answers.get("officers") or []
    without = [name for name in officers if not attempt.people.person(name).certified_on(on)]
    if not without:
        return None
    return Refusal(
        "officers.certificate",
        f"{'、'.join(without)}在{on}没有有效的执法证",
        f"{', '.join(without)} held no valid certificate on {on}",
        basis=attempt.law.parameter_on("two_officers", attempt.on).basis,
        facts={"officers": without, "on": on.isoformat()},
        remedy=Remedy("换由持有效执法证的人员办理", "name officers whose certificates are valid"),
        who_can=_certified(case, attempt, on),
    )


@guard
def decides_about_others(case: CaseView, attempt: Attempt) -> Refusal | None:
    """Nobody decides whether he himself must withdraw. 行政处罚法（2021） §43."""
    decider = attempt.signed_by or attempt.actor.name
    if decider not in (attempt.answers.get("concerned") or ()):
        return None
    return Refusal(
        "duty.same_person",
        f"{attempt.people.person(decider).zh}不能决定自己是否回避",
        f"{decider} cannot decide about his own withdrawal",
        basis=attempt.law.limits["officer_withdrawal"].version_on(attempt.on).basis,
        facts={"actor": decider, "steps": [attempt.step]},
        remedy=Remedy("由其他负责人决定", "another head decides"),
        who_can=tuple(h for h in attempt.people.holders("head", case.unit, attempt.on) if h.name != decider),
    )


@guard
def withdrawal_asked(case: CaseView, attempt: Attempt) -> Refusal | None:
    """Somebody asked for the withdrawal, and nobody has decided on it since."""
    asked, decided = case.last("ask_withdrawal"), case.last("withdraw_officer", "refuse_withdrawal")
    if asked is not None and (decided is None or decided.seq < asked.seq):
        return None
    return Refusal(
        "withdrawal.none",
        "没有待决定的回避申请",
        "no request to withdraw waits for a decision",
        remedy=Remedy("先登记回避申请", "record the request first", f"anjuan case why {case.case_no} ask_withdrawal"),
    )


def _certified(case: CaseView, attempt: Attempt, on: date) -> tuple[Holder, ...]:
    """Handlers of the unit whose certificates are valid on that day."""
    found = attempt.people.holders("handler", case.unit, attempt.on)
    return tuple(h for h in found if attempt.people.person(h.name).certified_on(on))
