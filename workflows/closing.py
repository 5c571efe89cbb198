"""Guards on closing a case: the result fits, nothing that belongs to it is open, whoever has to know was told."""

from __future__ import annotations

from collections.abc import Mapping

from engine.case_view import Attempt, CaseView
from engine.errors import Refusal, Remedy
from engine.guards import guard
from workflows.decision_in_force import decision_in_force

# From which state a case may be closed with which results; a served decision depends on what was decided.
RESULTS: Mapping[str, tuple[str, ...]] = {
    "executed": ("penalty_executed", "terminated", "mediated"),
    "police_filed": ("referred",),
    "criminal_outcome": ("referred",),
    "not_accepted": ("not_accepted", "transferred", "mediated"),
    "not_filed": ("not_filed", "transferred", "mediated", "rectified"),
    "transferred_out": ("transferred",),
    "terminated": ("terminated",),
    "merged": ("merged",),
    "quashed": ("quashed",),
    "execution_ended": ("execution_ended",),
}
COMPLAINED = ("complaint", "report")
# Grounds for leaving an act unpunished that was done: where the facts are not established there is nobody to educate.
UNPUNISHED = ("minor_corrected", "first_minor", "no_fault")


@guard
def result_fits(case: CaseView, attempt: Attempt) -> Refusal | None:
    """The result says what happened to the case; a referred case tells its criminal outcome."""
    result = attempt.answers.get("result")
    allowed = _results_of(case)
    if result is not None and result not in allowed:
        return Refusal(
            "answer.invalid",
            f"案件现为“{case.state}”，结案方式不能是“{result}”",
            f"a case in {case.state} cannot be closed as {result}",
            facts={"answer": "result", "allowed": list(allowed)},
            remedy=Remedy(f"可选：{'、'.join(allowed)}", f"one of: {', '.join(allowed)}"),
        )
    if case.state == "police_filed" and result is not None and not attempt.answers.get("outcome"):
        choices = ["sentenced", "not_prosecuted", "dropped", "pending"]
        return Refusal(
            "answer.missing",
            "移送公安的案件应填刑事处理结果（outcome）",
            "a referred case needs its criminal outcome (outcome)",
            facts={"answer": "outcome", "allowed": choices},
            remedy=Remedy("补填：--set outcome=…", "add: --set outcome=…"),
        )
    return None


def _results_of(case: CaseView) -> tuple[str, ...]:
    if case.state != "served":
        return RESULTS[case.state]
    decision = decision_in_force(case.trail)
    if decision is not None and decision.step == "decide_no_penalty":
        return ("not_established",) if decision.answers.get("ground") == "not_established" else ("no_penalty",)
    return ("penalty_executed", "terminated")


@guard
def no_open_children(case: CaseView, attempt: Attempt) -> Refusal | None:
    """Every case that belongs to this one has ended."""
    still_open = [child for child in case.children if not child.ended]
    if not still_open:
        return None
    names = [child.case_no for child in still_open]
    return Refusal(
        "children.open",
        f"尚有{len(names)}件下属事项未办结：{'、'.join(names[:5])}",
        f"{len(names)} cases that belong to this one are still open: {', '.join(names[:5])}",
        facts={"children": names},
        remedy=Remedy("先办结下属事项", "finish them first", f"anjuan case show {names[0]}"),
    )


@guard
def redo_not_owed(case: CaseView, attempt: Attempt) -> Refusal | None:
    """The reconsideration or judgment that set the decision aside did not order a new one."""
    set_aside = case.last("set_aside")
    if case.state != "quashed" or set_aside is None or set_aside.answers.get("redo") != "yes":
        return None
    return Refusal(
        "redo.owed",
        f"原决定于{set_aside.on}撤销，并责令重新作出决定，不能就此结案",
        f"the decision was set aside on {set_aside.on} and a new one was ordered; the case cannot end here",
        facts={"set_aside_on": set_aside.on.isoformat(), "redo_by": _text(set_aside.answers.get("redo_by"))},
        remedy=Remedy("重新办理", "take the case up anew", f"anjuan case why {case.case_no} redo"),
        who_can=attempt.people.holders("head", case.unit, attempt.on),
    )


@guard
def complainant_told(case: CaseView, attempt: Attempt) -> Refusal | None:
    """As a warning: whoever complained or reported has been told how the case ended. F3, F9."""
    if case.facts.get("source") not in COMPLAINED or case.last("tell_complainant") is not None:
        return None
    version = attempt.law.limits["report_answer"].version_on(attempt.on)
    return Refusal(
        "complainant.untold",
        "尚未登记告知投诉人、举报人办理结果",
        "it is not on record that whoever complained or reported was told the outcome",
        basis=version.basis,
        facts={"source": case.facts["source"], "confidence": version.confidence},
        remedy=Remedy(
            "告知后登记，结案以后也可以",
            "tell them and record it, also after closing",
            f"anjuan case why {case.case_no} tell_complainant",
        ),
    )


@guard
def education_given(case: CaseView, attempt: Attempt) -> Refusal | None:
    """As a warning: whoever did the act and is not punished has been educated. 行政处罚法（2021） §33."""
    version, ground = attempt.law.parameter_on("education", attempt.on), _unpunished_for(case, attempt)
    if ground not in UNPUNISHED or not version.says("owed"):
        return None
    if attempt.answers.get("education") or case.facts.get("education") or case.last("educate"):
        return None
    return Refusal(
        "education.missing",
        "不予行政处罚的，应当对当事人进行教育，尚无教育记录",
        "whoever is not punished is to be educated; no such record was made",
        basis=version.basis,
        facts={"ground": ground, "confidence": version.confidence},
        remedy=Remedy(
            "随决定填写（--set education=…），或以后登记",
            "say it with the decision (--set education=…), or record it later",
            f"anjuan case why {case.case_no} educate",
        ),
    )


@guard
def unpunished(case: CaseView, attempt: Attempt) -> Refusal | None:
    """The decision that holds left the act unpunished, so that there is somebody to educate."""
    if _unpunished_for(case, attempt) in UNPUNISHED:
        return None
    return Refusal(
        "education.not_due",
        "本案没有不予行政处罚的决定，无须登记教育",
        "nothing was left unpunished in this case; there is nobody to educate",
        basis=attempt.law.parameter_on("education", attempt.on).basis,
    )


def _unpunished_for(case: CaseView, attempt: Attempt) -> str | None:
    """The ground of the decision without a penalty that is being taken, or that holds."""
    if attempt.step == "decide_no_penalty":
        return _text(attempt.answers.get("ground"))
    decision = decision_in_force(case.trail)
    return _text(decision.answers.get("ground")) if decision and decision.step == "decide_no_penalty" else None


def _text(value: object) -> str | None:
    return None if value is None else str(value)
