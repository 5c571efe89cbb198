"""Guards and conditions from complaint to filing: complete papers, limitation, public interest, rectification."""

from __future__ import annotations

from datetime import date

from engine.case_view import Attempt, CaseView
from engine.errors import Refusal, Remedy
from engine.guards import condition, guard
from engine.periods import months_later

COMPLAINT = "complaint"
TOLD_OF_BY_SOMEBODY = (COMPLAINT, "report")
YEARS_TO_MONTHS = 12


@condition
def complaint_is_complete(case: CaseView, attempt: Attempt) -> bool:
    """The papers of a complaint are all in, and the time for accepting it does not run yet. 2009 measures §13."""
    return (
        attempt.dest == COMPLAINT
        and attempt.answers.get("materials_complete_on") is not None
        and case.latest_deadline("complaint_decision") is None
    )


@condition
def somebody_waits_for_an_answer(case: CaseView, attempt: Attempt) -> bool:
    """The case begins with a complaint or a report, whose author is to be told what became of it. F9."""
    return attempt.answers.get("source") in TOLD_OF_BY_SOMEBODY


@condition
def was_filed(case: CaseView, attempt: Attempt) -> bool:
    """The case has been filed at some time."""
    return case.last("file") is not None


@guard
def filed_before(case: CaseView, attempt: Attempt) -> Refusal | None:
    """The case was filed, whichever way it came to where it stands. 行政处罚法（2021） §54(2)."""
    if case.last("file") is not None:
        return None
    version = attempt.law.parameter_on("filing_first", attempt.on)
    return Refusal(
        "filing.missing",
        "本案没有立案，不得作出决定",
        "the case was never filed; nothing can be decided in it",
        basis=version.basis,
        facts={"confidence": version.confidence},
        remedy=Remedy("先立案", "file it first", f"anjuan case why {case.case_no} file"),
        who_can=attempt.people.holders("head", case.unit, attempt.on),
    )


@guard
def papers_still_missing(case: CaseView, attempt: Attempt) -> Refusal | None:
    """Nobody has recorded that the complaint's papers are complete: then no more can be asked for."""
    complete_on = case.facts.get("materials_complete_on")
    if not complete_on:
        return None
    return Refusal(
        "materials.complete",
        f"投诉材料已登记于{complete_on}齐备，受理期限已起算，不再通知补正",
        f"the papers are on record as complete since {complete_on}; the time for accepting runs, no more are asked for",
        facts={"materials_complete_on": str(complete_on)},
        remedy=Remedy("决定受理或者不予受理", "accept or refuse it", f"anjuan case why {case.case_no} accept"),
    )


@guard
def materials_incomplete(case: CaseView, attempt: Attempt) -> Refusal | None:
    """As a warning: nobody has recorded that the complaint's papers are complete, so its time does not run."""
    if case.facts.get("materials_complete_on"):
        return None
    return Refusal(
        "materials.incomplete",
        "尚未登记投诉材料齐备日，受理期限未起算",
        "the day on which all papers were in is not recorded; the time for accepting does not run",
        basis="著作权行政处罚实施办法（2009）第十三条",
        remedy=Remedy(
            "登记材料齐备日",
            "record that day",
            f"anjuan case do {case.case_no} receive_materials --set materials_complete_on=…",
        ),
    )


@guard
def within_limitation(case: CaseView, attempt: Attempt) -> Refusal | None:
    """The authority learned of the act within the time for punishing it, counted from the end of the act.

    What counts is the day on which the authority learned of the act (the opening of the case), never the day of the
    decision; an infringement that goes on has no end yet. 行政处罚法（2021） §36; 2009 measures §9.
    """
    ended = case.facts.get("ended_on")
    version = attempt.law.limit_on("limitation", attempt.on)
    if not ended or version is None:
        return None
    ended_on, length = date.fromisoformat(ended), version.readings[0].length
    months = length.number * (YEARS_TO_MONTHS if length.unit == "yr" else 1)
    last_on = months_later(ended_on, months)
    if case.opened_on <= last_on:
        return None
    return Refusal(
        "limitation.passed",
        f"违法行为于{ended_on}终了，追责时效至{last_on}届满，本机关{case.opened_on}才发现",
        f"the act ended on {ended_on}; it could be punished when discovered by {last_on}, it was on {case.opened_on}",
        basis=version.basis,
        facts={
            "ended_on": ended_on.isoformat(),
            "last_on": last_on.isoformat(),
            "learned_on": case.opened_on.isoformat(),
            "confidence": version.confidence,
        },
        remedy=Remedy(
            "按超过时效办理（不予受理或不予立案）；行为仍在持续的，更正终了日",
            "end it as out of time (refuse, or decline to file); where the act goes on, correct its end",
        ),
    )


@guard
def public_interest_harmed(case: CaseView, attempt: Attempt) -> Refusal | None:
    """The infringement also harms the public interest: otherwise there is no administrative penalty. 著作权法 §53."""
    if attempt.answers.get("public_interest") != "no":
        return None
    return Refusal(
        "public_interest.missing",
        "未同时损害公共利益的侵权行为，不予行政处罚，不能立案",
        "an infringement that does not also harm the public interest is not punished and cannot be filed",
        basis=attempt.law.parameter_on("public_interest", attempt.on).basis,
        remedy=Remedy(
            "不予立案，告知权利人通过民事途径解决", "decline to file", f"anjuan case why {case.case_no} decline_filing"
        ),
    )


@guard
def rectification_done(case: CaseView, attempt: Attempt) -> Refusal | None:
    """The last re-check found everything rectified."""
    check = case.last("recheck")
    if check is None or check.answers.get("result") == "done":
        return None
    return Refusal(
        "rectification.open",
        "最近一次复查尚未全部完成整改，不能按整改完成结案",
        "the last re-check did not find everything rectified",
        facts={"result": check.answers.get("result"), "checked_on": check.on.isoformat()},
        remedy=Remedy("立案查处", "file the case", f"anjuan case why {case.case_no} file"),
    )
