"""How a paper reached the party: what each way of service needs, and when it takes effect by itself."""

from __future__ import annotations

from engine.case_view import Attempt, CaseView
from engine.errors import Refusal, Remedy
from engine.guards import condition, guard


@condition
def by_public_notice(case: CaseView, attempt: Attempt) -> bool:
    """It is served by public notice: it takes effect by itself when the period has run (民事诉讼法2023 §95)."""
    return attempt.answers.get("served_how") == "public_notice"


@guard
def electronic_consent(case: CaseView, attempt: Attempt) -> Refusal | None:
    """Whoever is served electronically has agreed to it in a signed confirmation, on or before that day.

    行政处罚法（2021） §61(2). Until then the rule of civil procedure asked for consent without a form: a warning.
    """
    return _without_consent(case, attempt) if _is_signed_consent_owed(attempt) else None


@guard
def electronic_consent_before_2021(case: CaseView, attempt: Attempt) -> Refusal | None:
    """As a warning, where the law of the day asks for consent but not for a signed confirmation."""
    return None if _is_signed_consent_owed(attempt) else _without_consent(case, attempt)


@guard
def service_is_proved(case: CaseView, attempt: Attempt) -> Refusal | None:
    """As a warning: paper left with the party names its witness, public notice says that no other way was possible."""
    how = attempt.answers.get("served_how")
    wanted = {
        "left": ("witness", "见证人", "the witness"),
        "public_notice": ("tried", "其他方式无法送达的情况", "why no other way was possible"),
    }
    if how not in wanted or attempt.answers.get(wanted[how][0]):
        return None
    answer, zh, en = wanted[how]
    return Refusal(
        "service.proof",
        f"未写明{zh}，送达的效力可能受到质疑",
        f"{en} is not on record; the service may be challenged",
        basis=attempt.law.parameter_on("service_proof", attempt.on).basis,
        facts={"answer": answer, "served_how": how},
        remedy=Remedy(f"补填：--set {answer}=…", f"add: --set {answer}=…"),
    )


def _is_signed_consent_owed(attempt: Attempt) -> bool:
    return attempt.law.parameter_on("service_proof", attempt.on).says("signed_consent")


def _without_consent(case: CaseView, attempt: Attempt) -> Refusal | None:
    served_on = attempt.day("served_on") or attempt.on
    if attempt.answers.get("served_how") != "electronic":
        return None
    answered = attempt.day("consent_on")
    signed = [answered] if answered is not None else []
    agreed = list(case.taken("confirm_address"))[-1:]
    signed += [on for t in agreed if t.answers.get("electronic") == "yes" and (on := t.day("signed_on")) is not None]
    if any(on <= served_on for on in signed):
        return None
    return Refusal(
        "service.consent",
        "电子送达须经当事人同意并签订确认书，记录中没有送达日以前签署的确认书",
        "electronic service needs the party's consent; there is no confirmation signed by the day of service",
        basis=attempt.law.parameter_on("service_proof", attempt.on).basis,
        facts={"served_on": served_on.isoformat(), "signed_on": [on.isoformat() for on in signed]},
        remedy=Remedy(
            "先登记送达地址确认书，或者填写签署日期：--set consent_on=…；否则改用其他方式送达",
            "record the confirmed address first, or give the day: --set consent_on=…; else serve it another way",
            f"anjuan case why {case.case_no} confirm_address",
        ),
    )
