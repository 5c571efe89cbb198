"""Guards on officers: two of them, certified on that day. 行政处罚法（2021） §42, §55; 1996 law §37."""

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


def _certified(case: CaseView, attempt: Attempt, on: date) -> tuple[Holder, ...]:
    """Handlers of the unit whose certificates are valid on that day."""
    found = attempt.people.holders("handler", case.unit, attempt.on)
    return tuple(h for h in found if attempt.people.person(h.name).certified_on(on))
