"""Guards before a decision: review, discussion, answered defences, grounds."""

from __future__ import annotations

from engine.case_view import Attempt, CaseView
from engine.errors import Refusal, Remedy
from engine.guards import guard
from workflows.decision_in_force import penalty_in_force
from workflows.hearings import kind_of_respondent, reaches_hearing_threshold


@guard
def reviewed_as_required(case: CaseView, attempt: Attempt) -> Refusal | None:
    """Legal review has passed where the law of the day wants it: every ordinary decision from 2018, four situations
    and always after a hearing since 2021-07-15. 1996 law as amended 2017 §38(3); 行政处罚法（2021） §58.

    The situations besides the hearing are those that `conclude` named; nobody else can tell that a case is one.
    """
    version = attempt.law.parameter_on("legal_review", attempt.on)
    scope, heard, concluded = version.values["scope"], case.last("hold_hearing"), case.last("conclude")
    situations = list(concluded.answers.get("review_situations") or ()) if concluded is not None else []
    review, after = case.last("review"), case.last("conclude", "hold_hearing")
    passed = (
        review is not None and review.answers.get("opinion") == "pass" and (after is None or review.seq > after.seq)
    )
    if passed or scope == "none" or (scope == "situations" and heard is None and not situations):
        return None
    return Refusal(
        "review.required",
        "听证后未经法制审核，不得作出决定" if heard else "未经法制审核，不得作出决定",
        "after the hearing there was no legal review" if heard else "legal review has not passed",
        basis=version.basis,
        facts={
            "scope": scope,
            "after_hearing": heard is not None,
            "situations": situations,
            "confidence": version.confidence,
        },
        remedy=Remedy("先送法制审核", "have it reviewed first", f"anjuan case why {case.case_no} review"),
        who_can=attempt.people.holders("reviewer", case.unit, attempt.on),
    )


@guard
def discussed_as_required(case: CaseView, attempt: Attempt, *, fine: str, confiscation: str) -> Refusal | None:
    """A penalty that reaches the hearing threshold was discussed after the last notice, defence or hearing.

    行政处罚法（2021） §57(2); the threshold as the measure of a heavier penalty is a setting.
    """
    version = attempt.law.parameter_on("collective_discussion", attempt.on)
    heavy = reaches_hearing_threshold(
        kind_of_respondent(case),
        int(attempt.answers.get(fine) or 0),
        int(attempt.answers.get(confiscation) or 0),
        attempt.law.parameter_on("hearing_right", attempt.on),
    )
    if not heavy or not version.says("from_hearing_threshold"):
        return None
    discussed, last = case.last("discuss"), case.last("notify", "state_defence", "hold_hearing")
    if discussed is not None and (last is None or discussed.seq > last.seq):
        return None
    return Refusal(
        "discussion.required",
        "处罚较重，应在告知、申辩或听证之后经负责人集体讨论决定",
        "a heavier penalty is discussed collectively, after the last notice, defence or hearing",
        basis=version.basis,
        facts={"last_step": last.step if last else None, "confidence": version.confidence},
        remedy=Remedy("先集体讨论并记录", "hold and record the discussion", f"anjuan case why {case.case_no} discuss"),
        who_can=attempt.people.holders("head", case.unit, attempt.on),
    )


@guard
def defences_answered(case: CaseView, attempt: Attempt) -> Refusal | None:
    """Every statement or defence has been answered. 行政处罚法（2021） §45(1); 2009 measures §28."""
    stated, answered = case.last("state_defence"), case.last("answer_defence")
    if stated is None or (answered is not None and answered.seq > stated.seq):
        return None
    return Refusal(
        "defence.unanswered",
        f"当事人{stated.day('received_on') or stated.on}的陈述申辩尚未复核",
        f"the defence received on {stated.day('received_on') or stated.on} has not been answered",
        basis=attempt.law.parameter_on("defence", attempt.on).basis,
        facts={"received_on": str(stated.day("received_on") or stated.on)},
        remedy=Remedy("先复核并记录", "answer it first", f"anjuan case why {case.case_no} answer_defence"),
        who_can=attempt.people.holders("handler", case.unit, attempt.on),
    )


@guard
def heavier_after_defence(case: CaseView, attempt: Attempt, *, fine: str, confiscation: str) -> Refusal | None:
    """As a warning: a heavier notice after a defence or hearing, with no new facts concluded since.

    The party is not to be punished more heavily for having spoken. 行政处罚法（2021） §45(2).
    """
    before, spoke = case.last("approve_notice"), case.last("state_defence", "hold_hearing")
    if before is None or spoke is None or spoke.seq < before.seq:
        return None
    found = case.last("conclude")
    if found is not None and found.seq > spoke.seq:
        return None
    told = {name: int(before.answers.get(name) or 0) for name in (fine, confiscation)}
    heavier = {name: most for name, most in told.items() if int(attempt.answers.get(name) or 0) > most}
    if not heavier:
        return None
    return Refusal(
        "notice.heavier",
        "当事人陈述申辩或者听证之后拟处罚加重，其间没有新的调查结论；不得因当事人申辩而给予更重的处罚",
        "heavier than before the party was heard, and nothing new has been concluded since; "
        "nobody is punished more heavily for having spoken",
        basis=attempt.law.parameter_on("defence", attempt.on).basis,
        facts={name: {"told_fen": most, "now_fen": attempt.answers[name]} for name, most in heavier.items()},
        remedy=Remedy(
            "确有新的事实的，先退回补充调查并重新作出调查终结",
            "where there are new facts, send it back to the investigation first",
            f"anjuan case why {case.case_no} review",
        ),
    )


@guard
def defence_on_record(case: CaseView, attempt: Attempt) -> Refusal | None:
    """There is a defence to answer."""
    stated, answered = case.last("state_defence"), case.last("answer_defence")
    if stated is not None and (answered is None or stated.seq > answered.seq):
        return None
    return Refusal(
        "defence.none",
        "没有待复核的陈述申辩",
        "there is no defence waiting for an answer",
        remedy=Remedy("先登记陈述申辩", "record the defence first", f"anjuan case why {case.case_no} state_defence"),
    )


@guard
def penalty_decided(case: CaseView, attempt: Attempt) -> Refusal | None:
    """The case has a penalty decision to publish."""
    if penalty_in_force(case) is not None:
        return None
    return Refusal("penalty.none", "本案没有处罚决定可供公开", "there is no penalty decision to publish")


@guard
def ground_in_force(case: CaseView, attempt: Attempt) -> Refusal | None:
    """The ground for leaving an act unpunished exists in the law of the day: a first minor offence since 2021-07-15."""
    version = attempt.law.parameter_on("first_minor", attempt.on)
    if attempt.answers.get("ground") != "first_minor" or version.says("allowed"):
        return None
    return Refusal(
        "ground.not_in_force",
        f"{attempt.on}的法律没有“初次违法不予处罚”的规定",
        f"on {attempt.on} the law knew no leniency for a first offence",
        basis=version.basis,
        facts={"on": attempt.on.isoformat(), "confidence": version.confidence},
        remedy=Remedy("改用其他理由", "choose another ground"),
    )
