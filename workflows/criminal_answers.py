"""What police, procuratorate and court answered to a referral: how it goes on, and what it leaves to be punished.

移送规定（2020） §8–§13; 行政处罚法（2021） §27, §35(2).
"""

from __future__ import annotations

from engine.case_view import Attempt, CaseView, StepTaken
from engine.errors import Refusal, Remedy
from engine.guards import condition, guard

REVERSE_REFERRAL = "reverse_referral"


def criminal_fine_of(case: CaseView) -> StepTaken | None:
    """The outcome on record by which a criminal court fined the party for the act."""
    # 刑法 §217, §218 always add a fine to the sentence: only a recorded "no" says otherwise.
    sentenced = (t for t in reversed(case.trail) if t.answers.get("outcome") == "sentenced")
    return next((t for t in sentenced if t.answers.get("criminal_fine") != "no"), None)


@condition
def police_file_after_all(case: CaseView, attempt: Attempt) -> bool:
    """The police, asked to reconsider, file the case."""
    return attempt.answers.get("result") == "filed"


@condition
def police_stand_by_it(case: CaseView, attempt: Attempt) -> bool:
    """The police, asked to reconsider, stand by not filing."""
    return attempt.answers.get("result") == "upheld"


@condition
def police_must_file(case: CaseView, attempt: Attempt) -> bool:
    """The procuratorate tells the police to file."""
    return attempt.answers.get("answer") == "must_file"


@condition
def came_with_an_opinion(case: CaseView, attempt: Attempt) -> bool:
    """The case came from a procuratorate that prosecutes nobody and asks for a penalty; the day is known."""
    return attempt.answers.get("source") == REVERSE_REFERRAL and bool(attempt.answers.get("received_on"))


@guard
def asked_in_time(case: CaseView, attempt: Attempt, *, deadline: str, answer: str) -> Refusal | None:
    """Our own right to ask another body is used by its last day; nothing restores it. What is left the limit says."""
    running, asked_on = case.latest_deadline(deadline), attempt.day(answer)
    if running is None or not running.is_open or asked_on is None or asked_on <= running.due_on:
        return None
    expiry = attempt.law.limits[deadline].expiry
    return Refusal(
        "right.lapsed",
        f"{running.terms.zh}已于{running.due_on}届满，{asked_on}提出的已逾期",
        f"{running.terms.en}: it ended on {running.due_on}; {asked_on} is too late",
        basis=running.terms.basis,
        facts={"deadline": running.id, "due_on": running.due_on.isoformat(), "used_on": asked_on.isoformat()},
        remedy=Remedy(expiry.zh, expiry.en, f"anjuan deadline proof {case.case_no} {running.id}"),
    )


@guard
def reconsidered_once(case: CaseView, attempt: Attempt) -> Refusal | None:
    """The police are asked to reconsider only once: after their answer only the procuratorate is left."""
    asked, refused = case.last("police_reconsidered"), case.last("police_refuse")
    if asked is None or refused is None or asked.seq < refused.seq:
        return None
    return Refusal(
        "right.none",
        f"公安机关已于{asked.day('decided_on') or asked.on}作出复议决定，不能再次提请复议",
        f"the police decided on reconsideration on {asked.day('decided_on') or asked.on}; it is not asked for twice",
        basis="移送规定（2020）第九条",
        facts={"decided_on": str(asked.day("decided_on") or asked.on)},
        remedy=Remedy(
            "可以建议检察机关立案监督", "ask the procuratorate", f"anjuan case why {case.case_no} ask_supervision"
        ),
    )


@guard
def no_fine_after_criminal_fine(case: CaseView, attempt: Attempt, *, answer: str) -> Refusal | None:
    """Whoever was fined by a criminal court for the act gets no fine from us. 行政处罚法（2021） §35(2)."""
    sentence = criminal_fine_of(case)
    if sentence is None or not attempt.answers.get(answer):
        return None
    return Refusal(
        "fine.after_criminal",
        f"法院已判处罚金（{sentence.day('outcome_on') or sentence.on}），对同一行为不再给予罚款",
        f"a court fined the act ({sentence.day('outcome_on') or sentence.on}); we do not fine it again",
        basis="行政处罚法（2021）第三十五条第二款",
        facts={"outcome_on": str(sentence.day("outcome_on") or sentence.on)},
        remedy=Remedy(f"罚款填0：--set {answer}=0", f"no fine: --set {answer}=0"),
    )


@guard
def opinion_received(case: CaseView, attempt: Attempt) -> Refusal | None:
    """There is an opinion to answer: the case came with one, or one was received in it."""
    if case.latest_deadline("reverse_referral_answer") is not None or case.last("receive_opinion") is not None:
        return None
    return Refusal(
        "opinion.none",
        "本案没有收到检察意见，无须回复",
        "no opinion of the procuratorate was received in this case; there is nothing to answer",
        remedy=Remedy(
            "先登记收到的检察意见", "record the opinion first", f"anjuan case why {case.case_no} receive_opinion"
        ),
    )
