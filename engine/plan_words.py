"""What a plan says: why it cannot be met, which duty or period makes it so, what to mind. Sentences only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from engine.definitions import Answer, Definition, Step, steps_that_meet
from engine.errors import Refusal, Remedy
from engine.plan_values import Aim, Draft, OnTheWay, PlannedStep, Timed
from engine.ways import Arc


def headline(draft: Draft) -> tuple[str, str]:
    """The plan in one sentence: by when the step on which it hinges must be taken."""
    goal, pivot = draft.definition.states[draft.aim.goal], draft.pivot
    if pivot is None:
        return f"案件现在就是“{goal.zh}”", f"the case is {draft.aim.goal} now"
    zh, reached_on = draft.definition.steps[pivot.step].zh, draft.rows[-1].earliest_on
    if draft.by is not None:
        return (
            f"要在{draft.by}前到“{goal.zh}”，最迟须在{pivot.latest_on}“{zh}”",
            f"to reach {draft.aim.goal} by {draft.by}, {pivot.step} must be done by {pivot.latest_on}",
        )
    return (
        f"最早{reached_on}可到“{goal.zh}”，为此须在{pivot.earliest_on}“{zh}”",
        f"{draft.aim.goal} can be reached on {reached_on}, with {pivot.step} on {pivot.earliest_on}",
    )


def no_way(definition: Definition, state: str, aim: Aim) -> Refusal:
    """No sequence of steps leads there, or none through the steps that were named."""
    here, goal = definition.states[state], definition.states[aim.goal]
    through = "、".join(f"“{definition.steps[name].zh}”" for name in aim.via)
    return Refusal(
        "plan.no_way",
        f"从“{here.zh}”{'经' + through if through else ''}到不了“{goal.zh}”",
        f"no steps lead from {state} to {aim.goal}" + (f" through {', '.join(aim.via)}" if aim.via else ""),
        facts={"from": state, "to": aim.goal, "via": list(aim.via)},
        remedy=Remedy(
            "对照流程，换一个状态或途经的步骤",
            "look at the workflow and choose another state or other steps",
            f"anjuan workflow show {definition.workflow}",
        ),
    )


def past(case_no: str, aim: Aim, by: date, today: date) -> Refusal:
    """The day by which it should be done is over."""
    return Refusal(
        "plan.past",
        f"{by}已经过去，今天是{today}",
        f"{by} is over; today is {today}",
        facts={"by": by.isoformat(), "today": today.isoformat()},
        remedy=Remedy("改用今天或以后的日期", "choose today or a later day", command(case_no, aim, None)),
    )


def too_late(case_no: str, definition: Definition, aim: Aim, by: date, rows: Sequence[Timed]) -> Refusal:
    """The goal cannot be reached by that day; names the step at which it fails, and the periods that make it so."""
    goal, reached_on = definition.states[aim.goal], rows[-1].earliest_on
    missed = [row for row in rows if row.is_missed]
    at = next((row for row in reversed(missed) if row.stage.waits_for or row.stage.held), missed[-1])
    waits = [wait for row in missed for wait in row.stage.waits_for]
    reasons: list[OnTheWay | Refusal] = [*waits, *(held for row in missed for held in row.stage.held)]
    name = definition.steps[at.step].zh
    return Refusal(
        "plan.too_late",
        f"{by}前到不了“{goal.zh}”：{_until(reasons, 'zh')}“{name}”最早{at.earliest_on}，最迟却须在{at.latest_on}",
        f"{aim.goal} cannot be reached by {by}: {_until(reasons, 'en')}{at.step} is possible on {at.earliest_on} "
        f"at the earliest, and would have to be done by {at.latest_on}",
        basis="；".join(dict.fromkeys(_basis(reason) for reason in reasons)),
        facts={
            "step": at.step,
            "earliest_on": at.earliest_on.isoformat(),
            "latest_on": at.latest_on.isoformat() if at.latest_on else None,
            "deadline": waits[-1].deadline.id if waits else None,
            "deadlines": [wait.deadline.id for wait in waits],
            "by": by.isoformat(),
        },
        remedy=Remedy(
            f"最早{reached_on}可到“{goal.zh}”，按该日安排",
            f"{aim.goal} can be reached on {reached_on}; plan for that day",
            command(case_no, aim, reached_on),
        ),
        earliest_on=reached_on,
    )


def duty_missed(definition: Definition, row: Timed, limit: OnTheWay) -> Refusal:
    """Even on its earliest day the step comes after the day by which it is owed."""
    d = limit.deadline
    return Refusal(
        "plan.duty",
        f"{limit.zh}至{d.due_on}届满，“{definition.steps[row.step].zh}”最早{row.earliest_on}，已不能按期；"
        "逾期仍须办理，并记明原因",
        f"{limit.en}: due {d.due_on}; {row.step} is possible on {row.earliest_on} at the earliest, too late. "
        "It is still owed, with the reason on record",
        basis=d.terms.basis,
        facts=_facts(row, limit),
        earliest_on=row.earliest_on,
    )


def duty_bites(definition: Definition, row: Timed, limit: OnTheWay, safe_on: date) -> Refusal:
    """As a warning: a running duty wants the step before the goal would."""
    d = limit.deadline
    return Refusal(
        "plan.duty",
        f"{limit.zh}至{d.due_on}届满，“{definition.steps[row.step].zh}”最迟{safe_on}",
        f"{limit.en}: due {d.due_on}; {row.step} by {safe_on} at the latest",
        basis=d.terms.basis,
        facts=_facts(row, limit),
    )


def duty_begins(definition: Definition, row: Timed, limit: OnTheWay, safe_on: date) -> Refusal:
    """As a warning: a step of the way begins a duty, so the one that meets it follows within its days."""
    d, begun = limit.deadline, definition.steps[limit.begun_by or row.step]
    return Refusal(
        "plan.duty",
        f"“{begun.zh}”之后，“{definition.steps[row.step].zh}”有期限（{limit.zh}）：{d.started_on}“{begun.zh}”的，"
        f"最迟{safe_on}，推迟的相应顺延",
        f"once {limit.begun_by} is taken, {row.step} is owed ({limit.en}): by {safe_on} when it is taken on "
        f"{d.started_on}, later when later",
        basis=d.terms.basis,
        facts=_facts(row, limit),
    )


def also_owed(definition: Definition, limit: OnTheWay) -> Refusal:
    """As a warning: a duty that starts or runs on the way, and that no step of the way ends."""
    d = limit.deadline
    step = next(iter(steps_that_meet(definition, d.rule)), None)
    zh, en = (f"，由“{definition.steps[step].zh}”完成", f", met by {step}") if step else ("", "")
    when_zh, when_en = ("", "") if limit.begun_by is None else ("按最早日期计", " when all goes on its earliest day")
    return Refusal(
        "plan.also_owed",
        f"另有义务不在这些步骤中：{limit.zh}，{when_zh}{d.due_on}届满{zh}",
        f"also owed, and not among these steps: {limit.en}, due {d.due_on}{when_en}{en}",
        basis=d.terms.basis,
        facts={"deadline": d.id, "due_on": d.due_on.isoformat(), "step": step},
    )


def counts_on_others(definition: Definition, row: Timed, limit: OnTheWay, pivot: Timed | None) -> Refusal:
    """As a warning: the latest days hold only when those outside act before their time is up.

    `pivot` can be taken early enough for them to use all of it; None where nothing can.
    """
    d = limit.deadline
    zh, en = "对方用足期限就来不及", "if all of that time is used, it cannot be met"
    if pivot is not None:
        zh = f"要让对方用足期限，最迟须在{pivot.prudent_on}“{definition.steps[pivot.step].zh}”"
        en = f"for them to use all of that time, {pivot.step} must be done by {pivot.prudent_on}"
    return Refusal(
        "plan.counts_on_others",
        f"“{definition.steps[row.step].zh}”要看对方（{limit.zh}）：{zh}",
        f"{row.step} depends on others ({limit.en}): {en}",
        basis=d.terms.basis,
        facts={**_facts(row, limit), "prudent_on": str(pivot.prudent_on) if pivot else None},
    )


def may_need(definition: Definition, row: Timed, reason: Refusal, named: str) -> Refusal:
    """As a warning: whether another step must come first depends on amounts that nobody knows yet."""
    return Refusal(
        "plan.may_need",
        f"视数额而定，“{definition.steps[row.step].zh}”之前可能还须“{definition.steps[named].zh}”",
        f"depending on the amounts, {named} may be needed before {row.step}",
        basis=reason.basis,
        facts={"step": row.step, "needs": named, "code": reason.code},
        who_can=reason.who_can,
    )


def usual_line(definition: Definition, case_no: str, aim: Aim, way: Sequence[Arc], shorter: Sequence[Arc]) -> Refusal:
    """As a warning: nobody named a line and the usual one was taken, though a shorter way leads there too."""
    taken = {arc.step for arc in way}
    turn = next(arc.step for arc in shorter if arc.step not in taken)
    names = [arc.step for arc in shorter]
    return Refusal(
        "plan.usual_line",
        f"按通常的程序安排；另有较短的程序：{'、'.join(f'“{definition.steps[name].zh}”' for name in names)}",
        f"planned along the usual line; there is a shorter one: {', '.join(names)}",
        facts={"shorter": names},
        remedy=Remedy("走较短的程序", "take the shorter one", command(case_no, Aim(aim.goal, via=(turn,)), aim.by)),
    )


def assumed(row: Timed, step: Step, name: str, answer: Answer, slower: Sequence[str]) -> Refusal:
    """As a warning: with another answer a period takes longer, or begins later."""
    usual, others = next(iter(answer.choices)), [answer.choices[value] for value in slower]
    return Refusal(
        "plan.assumed",
        f"“{step.zh}”按{answer.choices[usual].zh}计；{'、'.join(o.zh for o in others)}的，期限更长",
        f"{row.step} is planned {answer.choices[usual].en}; {', '.join(o.en for o in others)} takes longer",
        facts={"step": row.step, "answer": name, "assumed": usual, "slower": list(slower)},
    )


def not_counted(row: Timed, step: Step, answer: Answer) -> Refusal:
    """As a warning: the order sets the last day of a period, and nobody has set it yet."""
    return Refusal(
        "plan.not_counted",
        f"“{step.zh}”要定的“{answer.zh}”尚未确定，没有计入",
        f"{row.step} is going to set a day ({answer.en}) that is not counted in yet",
        facts={"step": row.step},
    )


def nobody(step: PlannedStep) -> Refusal:
    """As a warning: nobody could take the step as things stand."""
    roles = step.roles.values()
    return Refusal(
        "plan.nobody",
        f"“{step.words.zh}”现在没有人可以办理（{'、'.join(r.zh for r in roles)}）",
        f"nobody can take {step.timed.step} at present ({', '.join(r.en for r in roles)})",
        facts={"step": step.timed.step, "roles": list(step.roles)},
        remedy=Remedy("查看人员名单", "see the staff list", "anjuan staff list"),
    )


def provisional(years: Sequence[int]) -> Refusal:
    """As a warning: some days rest on a year whose holidays are not published."""
    return Refusal(
        "plan.provisional",
        f"{'、'.join(map(str, years))}年放假安排尚未公布，带*的日期暂按周一至周五计",
        f"the holidays of {', '.join(map(str, years))} are not published; days with * count Monday to Friday for now",
        facts={"years": list(years)},
    )


def command(case_no: str, aim: Aim, by: date | None) -> str:
    """The command that asks for this plan, for another day."""
    words = ["anjuan case plan", case_no, "--to", aim.goal]
    words += ["--by", by.isoformat()] if by is not None else []
    return " ".join([*words, *(word for name in aim.via for word in ("--via", name))])


def _until(reasons: Iterable[OnTheWay | Refusal], lang: str) -> str:
    """The periods that have to run out first, one after the other."""
    said = []
    for reason in reasons:
        if isinstance(reason, Refusal):
            said.append(reason.zh if lang == "zh" else reason.en)
        elif lang == "zh":
            said.append(f"{reason.zh}至{reason.deadline.due_on}届满")
        else:
            said.append(f"{reason.en} runs until {reason.deadline.due_on}")
    return "".join(f"{one}，" for one in said) if lang == "zh" else "".join(f"{one}; " for one in said)


def _basis(reason: OnTheWay | Refusal) -> str:
    return reason.basis if isinstance(reason, Refusal) else reason.deadline.terms.basis


def _facts(row: Timed, limit: OnTheWay) -> dict[str, object]:
    return {
        "step": row.step,
        "deadline": limit.deadline.id,
        "due_on": limit.deadline.due_on.isoformat(),
        "earliest_on": row.earliest_on.isoformat(),
        "begun_by": limit.begun_by,
        "unsure": limit.deadline.unsure or None,
    }
