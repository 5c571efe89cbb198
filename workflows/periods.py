"""Guards on time: waiting periods, lapsed rights, late duties, days that cannot be before others."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from engine.case_view import Attempt, CaseView
from engine.deadlines import Deadline
from engine.errors import Refusal, Remedy
from engine.guards import guard

ONE_DAY = timedelta(days=1)


@guard
def waited(
    case: CaseView, attempt: Attempt, *, deadline: str, answer: str = "", optional: str = "no"
) -> Refusal | None:
    """The waiting period `deadline` has run out, or the party has waived or used its right.

    A party keeps its right to the end of the last day: 行政处罚法（2021） §64(1), §85 and the like. `answer` names the
    day that must lie after the period, without it the day of the step does; `optional` lets a case pass that never had
    one.
    """
    running = case.latest_deadline(deadline)
    if running is None:
        if optional == "yes":
            return None
        return Refusal(
            "notice.missing",
            "尚未送达事先告知书",
            "no prior notice was served",
            basis=attempt.law.parameter_on("prior_notice", attempt.on).basis,
            remedy=Remedy("先送达告知书", "serve the notice first", f"anjuan case why {case.case_no} notify"),
        )
    day = (attempt.day(answer) if answer else None) or attempt.on
    if running.is_open and running.is_paused(day):
        return _still_paused(case, running)
    if not running.is_open or day > running.due_on:
        return None
    unsure_zh, unsure_en = _unsure(running)
    return Refusal(
        "wait.running",
        f"{running.terms.zh}至{running.due_on}{unsure_zh}届满，届满前不得办理",
        f"{running.terms.en}: runs until the end of {running.due_on}{unsure_en}",
        basis=running.terms.basis,
        facts={
            "deadline": running.id,
            "started_on": running.started_on.isoformat(),
            "due_on": running.due_on.isoformat(),
            "working_days_left": attempt.law.calendar.count(day, running.due_on),
            "provisional": running.provisional,
            "confidence": running.terms.confidence,
            "confirmed": running.terms.confirmed,
        },
        remedy=Remedy(
            f"{running.due_on + ONE_DAY}起办理；当事人书面放弃权利的，先登记放弃",
            f"take it on {running.due_on + ONE_DAY} or later; or record a signed waiver first",
            f"anjuan case why {case.case_no} {attempt.step} --on {running.due_on + ONE_DAY}",
        ),
        earliest_on=running.due_on + ONE_DAY,
    )


def _still_paused(case: CaseView, running: Deadline) -> Refusal:
    """Nobody knows yet when a period ends that does not run."""
    pause = running.course.pauses[-1]
    return Refusal(
        "wait.running",
        f"{running.terms.zh}自{pause.from_on}起中止（{pause.basis.zh}），恢复并届满前不得办理",
        f"{running.terms.en}: paused since {pause.from_on} ({pause.basis.en}); it must run again and end first",
        basis=running.terms.basis,
        facts={"deadline": running.id, "paused_on": pause.from_on.isoformat(), "state": "paused"},
        remedy=Remedy(
            "中止原因消除后恢复计算",
            "let it run again once the cause is gone",
            f"anjuan case resume {case.case_no} {running.id}",
        ),
    )


@guard
def right_in_time(
    case: CaseView, attempt: Attempt, *, deadline: str, answer: str, ground: str = "late_ground"
) -> Refusal | None:
    """The party used its right by the last day (the day of posting counts), or good cause is recorded. C5, C12."""
    running, used_on = case.latest_deadline(deadline), attempt.day(answer)
    if running is None or used_on is None or attempt.answers.get(ground):
        return None
    if used_on <= running.due_on or running.is_paused(used_on):
        return None
    unsure_zh, unsure_en = _unsure(running)
    return Refusal(
        "right.lapsed",
        f"{running.terms.zh}已于{running.due_on}{unsure_zh}届满，{used_on}提出的已逾期",
        f"{running.terms.en}: ended on {running.due_on}{unsure_en}; {used_on} is too late",
        basis=running.terms.basis,
        facts={
            "deadline": running.id,
            "due_on": running.due_on.isoformat(),
            "used_on": used_on.isoformat(),
            "provisional": running.provisional,
        },
        remedy=Remedy(
            f"当事人有不可抗力等正当理由的，写明理由后补登：--set {ground}=…",
            f"where the party had good cause, record it: --set {ground}=…",
        ),
    )


@guard
def not_before_step(case: CaseView, attempt: Attempt, *, answer: str, step: str, answered: str = "") -> Refusal | None:
    """The answered day (or minute) does not lie before that earlier step (or before that answer of it)."""
    earlier = case.last(step)
    if earlier is None or attempt.answers.get(answer) is None:
        return None
    given = str(attempt.answers[answer])
    limit = str(earlier.answers.get(answered) or earlier.on.isoformat()) if answered else earlier.on.isoformat()
    length = min(len(given), len(limit))  # a day and a minute are compared as days
    if given[:length] >= limit[:length]:
        return None
    limit_on = date.fromisoformat(limit[:10])
    return Refusal(
        "date.before_previous",
        f"填报的{given[:10]}早于“{step}”（{limit_on}）",
        f"{answer} {given[:10]} is before {step} ({limit_on})",
        facts={"answer": answer, "given": given, "step": step, "previous_on": limit_on.isoformat()},
        remedy=Remedy("更正日期", "correct the date"),
    )


@guard
def not_before_step_day(case: CaseView, attempt: Attempt, *, answer: str) -> Refusal | None:
    """The answered day lies on or after the day of the step itself."""
    day = attempt.day(answer)
    if day is None or day >= attempt.on:
        return None
    return Refusal(
        "date.before_previous",
        f"{day}早于办理日期{attempt.on}",
        f"{answer} {day} is before the day of the step ({attempt.on})",
        facts={"answer": answer, "given": day.isoformat(), "previous_on": attempt.on.isoformat()},
        remedy=Remedy("期限应在办理之日以后", "the date must not lie before the step"),
    )


@guard
def later_than_running(case: CaseView, attempt: Attempt, *, deadline: str, answer: str) -> Refusal | None:
    """The answered day lies after the last day that holds now: more time is more, never less."""
    running, day = case.latest_deadline(deadline), attempt.day(answer)
    if running is None or day is None or day > running.due_on:
        return None
    return Refusal(
        "date.not_later",
        f"新的日期{day}应晚于原定的{running.due_on}（{running.terms.zh}）",
        f"{answer} {day} must come after the day set before, {running.due_on} ({running.terms.en})",
        facts={"deadline": running.id, "due_on": running.due_on.isoformat(), "given": day.isoformat()},
        remedy=Remedy("另定更晚的日期", "set a later day"),
    )


@guard
def late_duty(case: CaseView, attempt: Attempt, *, rule: str, answer: str = "") -> Refusal | None:
    """As a warning: our own duty is done after its last day. A late act is still owed and never refused."""
    running = case.latest_deadline(rule)
    if running is None or not running.is_open or running.is_paused(attempt.on):
        return None
    if not _done_late(running, attempt, answer):
        return None
    expiry = attempt.law.limits[rule].expiry
    unsure_zh, unsure_en = _unsure(running)
    return Refusal(
        "duty.overdue",
        f"{running.terms.zh}已于{running.due_on}{unsure_zh}届满，本次办理逾期，请记明原因",
        f"{running.terms.en}: ended on {running.due_on}{unsure_en}; this is late, put the reason on record",
        basis=running.terms.basis,
        facts={
            "deadline": running.id,
            "due_on": running.due_on.isoformat(),
            "provisional": running.provisional,
        },
        remedy=Remedy(f"用--reason写明逾期原因；{expiry.zh}", f"give the reason with --reason; {expiry.en}"),
    )


def _unsure(running: Deadline) -> tuple[str, str]:
    """The mark of a day that the holidays of a year, not published yet, may still move."""
    return ("（暂定）", " (provisional)") if running.provisional else ("", "")


def _done_late(running: Deadline, attempt: Attempt, answer: str) -> bool:
    value = attempt.answers.get(answer) if answer else None
    if running.due_at is not None and value is not None and "T" in str(value):
        return datetime.fromisoformat(str(value)) > running.due_at
    return ((attempt.day(answer) if answer else None) or attempt.on) > running.due_on
