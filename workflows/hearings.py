"""Guards and conditions of the hearing: who has the right to one, when it may be held, what follows an absence."""

from __future__ import annotations

from datetime import timedelta

from engine.case_view import Attempt, CaseView, StepTaken
from engine.deadlines import new_deadline
from engine.errors import Refusal, Remedy
from engine.guards import condition, guard
from engine.law_book import ParameterVersion

ONE_DAY = timedelta(days=1)


def reaches_hearing_threshold(kind: str, fine_fen: int, confiscation_fen: int, version: ParameterVersion) -> bool:
    """Whether a penalty gives the right to a hearing: 行政处罚法 §63 (1996 law §42), 2009 measures §33.

    Thresholds are inclusive. Before 2021-07-15 confiscation gave no such right.
    """
    threshold = version.integer("person_fine_fen" if kind == "person" else "unit_fine_fen")
    return fine_fen >= threshold or (version.says("confiscation") and confiscation_fen >= threshold)


def kind_of_respondent(case: CaseView) -> str:
    """`person` or `unit`; where nobody recorded it, `person`, which keeps the lower threshold and so the right."""
    return str(case.facts.get("respondent_kind") or "person")


def notice_of(case: CaseView) -> StepTaken | None:
    """The approval of the latest prior notice: it holds the proposed penalty."""
    return case.last("approve_notice")


@condition
def hearing_right(case: CaseView, attempt: Attempt) -> bool:
    """The penalty proposed in the notice being served gives the right to a hearing."""
    notice = notice_of(case)
    if notice is None:
        return False
    return reaches_hearing_threshold(
        kind_of_respondent(case),
        int(notice.answers.get("proposed_fine_fen") or 0),
        int(notice.answers.get("proposed_confiscation_fen") or 0),
        attempt.law.parameter_on("hearing_right", attempt.on),
    )


@guard
def hearing_right_given(case: CaseView, attempt: Attempt) -> Refusal | None:
    """The notice gave the right to a hearing, and the party has not stayed away from one. 行政处罚法（2021） §64(6)."""
    served, ended = case.last("notify", "notify_again"), case.last("end_hearing")
    if ended is not None and ended.answers.get("ground") == "absent" and (served is None or ended.seq > served.seq):
        return _given_up(attempt, ended)
    served = case.last("notify")
    running = case.latest_deadline("hearing_request")
    if running is not None and served is not None and running.started_on >= (served.day("served_on") or served.on):
        return None
    version = attempt.law.parameter_on("hearing_right", served.on if served else attempt.on)
    return Refusal(
        "right.none",
        "拟作处罚未达到听证标准，当事人没有申请听证的权利",
        "the proposed penalty does not reach the threshold of a hearing",
        basis=version.basis,
        facts={
            "person_fine_fen": version.integer("person_fine_fen"),
            "unit_fine_fen": version.integer("unit_fine_fen"),
            "confidence": version.confidence,
        },
        remedy=Remedy("按陈述申辩办理", "take it as a statement", f"anjuan case why {case.case_no} state_defence"),
    )


def _given_up(attempt: Attempt, ended: StepTaken) -> Refusal:
    """Absence without a reason counts as giving the right up; only a new notice gives it again."""
    return Refusal(
        "right.none",
        f"当事人无正当理由缺席，听证已于{ended.on}终止，视为放弃听证权利",
        f"the party was absent without reason and the hearing ended on {ended.on}; that counts as giving the right up",
        basis=attempt.law.parameter_on("hearing_procedure", attempt.on).basis,
        facts={"ended_on": ended.on.isoformat()},
        remedy=Remedy(
            "继续办理；缺席登记有误的，撤回该步骤",
            "go on with the case; where the absence was recorded by mistake, take that step back",
        ),
    )


@guard
def hearing_day_free(case: CaseView, attempt: Attempt, *, answer: str, served: str, rule: str) -> Refusal | None:
    """Between the service of the notice and the hearing lies the whole waiting period. 行政处罚法 §64(2)."""
    hearing_on, served_on = attempt.day(answer), attempt.day(served)
    version = attempt.law.limit_on(rule, attempt.on)
    if hearing_on is None or served_on is None or version is None:
        return None
    law = attempt.law
    waiting = new_deadline(law.limits[rule], version, rule, law.rule_hash(rule), law.calendar, started_on=served_on)
    if hearing_on > waiting.due_on:
        return None
    first = waiting.due_on + ONE_DAY
    return Refusal(
        "wait.running",
        f"听证通知应提前送达，{served_on}送达的最早可在{first}{'（暂定）' if waiting.provisional else ''}听证",
        f"the notice was served on {served_on}; the hearing may be held on {first} at the earliest"
        + (" (provisional)" if waiting.provisional else ""),
        basis=version.basis,
        facts={
            "deadline": rule,
            "due_on": waiting.due_on.isoformat(),
            "hearing_on": hearing_on.isoformat(),
            "provisional": waiting.provisional,
        },
        remedy=Remedy(f"另定{first}或以后的日期", f"set a day from {first} on"),
        earliest_on=first,
    )


@guard
def minute_of_day(case: CaseView, attempt: Attempt, *, answer: str, day: str) -> Refusal | None:
    """The minute, where one is given, lies on the given day. The notice states time and place: 行政处罚法 §64(2)."""
    at, on = attempt.day(answer), attempt.day(day)
    if at is None or on is None or at == on:
        return None
    return Refusal(
        "date.differs",
        f"所填时间在{at}，所填日期是{on}，两者须为同一日",
        f"the minute lies on {at} and the day is {on}; they must be the same",
        basis=attempt.law.parameter_on("hearing_procedure", attempt.on).basis,
        facts={"answer": answer, "at_day": at.isoformat(), "on": on.isoformat()},
        remedy=Remedy(
            f"改其中一项，例如--set {answer}={on}T09:30",
            f"change one of them, for example --set {answer}={on}T09:30",
            f"anjuan case why {case.case_no} {attempt.step} --set {answer}={on}T09:30",
        ),
    )


@guard
def hearing_called(case: CaseView, attempt: Attempt) -> Refusal | None:
    """The hearing was called after it was requested."""
    called, requested = case.last("call_hearing"), case.last("request_hearing")
    if called is not None and (requested is None or called.seq > requested.seq):
        return None
    return Refusal(
        "hearing.not_called",
        "尚未通知听证的时间、地点",
        "the hearing has not been called",
        basis=attempt.law.parameter_on("hearing_procedure", attempt.on).basis,
        remedy=Remedy("先送达听证通知书", "call it first", f"anjuan case why {case.case_no} call_hearing"),
        who_can=attempt.people.holders("hearing_officer", case.unit, attempt.on, from_above=True),
    )


@guard
def absence_after_notice(case: CaseView, attempt: Attempt, *, deadline: str) -> Refusal | None:
    """A party can be absent only from a hearing that was called and whose day has come. 行政处罚法 §64(6)."""
    if attempt.answers.get("ground") != "absent":
        return None
    called = case.last("call_hearing")
    hearing_on = called.day("hearing_on") if called else None
    if hearing_on is not None and attempt.on >= hearing_on:
        return None
    return Refusal(
        "wait.running",
        f"听证日{hearing_on or '未定'}尚未到，不能认定缺席",
        f"the day of the hearing ({hearing_on or 'not set'}) has not come; nobody can be absent yet",
        basis=attempt.law.parameter_on("hearing_procedure", attempt.on).basis,
        facts={"deadline": deadline, "hearing_on": hearing_on.isoformat() if hearing_on else None},
        remedy=Remedy("听证日后再办理", "wait for the day of the hearing"),
        earliest_on=hearing_on,
    )
