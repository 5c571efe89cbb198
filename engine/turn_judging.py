"""Judges an act on a running time limit: every reason against it at once. Pure: values in, refusals out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from engine.capacities import Post, holders_of, taker_of
from engine.case_view import CaseView
from engine.deadline_orders import TurnDeadline, TurnKind
from engine.deadlines import Deadline
from engine.definitions import Definition
from engine.errors import Refusal, Remedy
from engine.judging import Surroundings
from engine.people import Person
from engine.period_values import UNITS_EN, UNITS_ZH
from engine.time_limits import Extending, Ground

ONE_DAY = timedelta(days=1)
# What the act is called, and what has been done to a deadline by it.
NAMES: dict[TurnKind, tuple[str, str]] = {
    "pause": ("中止期限", "pause"),
    "resume": ("恢复期限", "resume"),
    "extend": ("延长期限", "extend"),
    "restart": ("重新计算期限", "begin anew"),
}
DONE: dict[TurnKind, tuple[str, str]] = {
    "pause": ("中止", "paused"),
    "resume": ("恢复计算", "resumed"),
    "extend": ("延长", "extended"),
    "restart": ("重新计算", "begun anew"),
}


@dataclass(frozen=True)
class TurnVerdict:
    """The ground that the act rests on (none for a resume), and every reason against it."""

    ground: Ground | None
    on: date
    refusals: tuple[Refusal, ...]


def judge_turn(
    order: TurnDeadline, case: CaseView, deadline: Deadline, actor: Person, definition: Definition, around: Surroundings
) -> TurnVerdict:
    """Whether the act may be carried out on that day, under which ground of the law of the day."""
    on = order.on or around.today
    refusals = [*_about_the_day(order, deadline, on, around), *_about_the_state(order, case, deadline, on)]
    if not order.reason.strip() and order.kind != "resume":
        refusals.append(_no_reason(order))
    ground = None
    if order.kind == "resume":
        refusals += _role_refusals(_resuming_roles(case, deadline, around), actor, case, definition, around)
    else:
        known = grounds_of(order.kind, deadline, case.unit, around, on)
        ground = _chosen(order, known)
        if ground is None:
            refusals.append(_no_ground(order, deadline, known))
        else:
            refusals += _role_refusals(ground.by, actor, case, definition, around)
    if isinstance(ground, Extending):
        refusals += _about_the_cap(order, deadline, ground)
    return TurnVerdict(ground, on, tuple(refusals))


def grounds_of(kind: TurnKind, deadline: Deadline, unit: str, around: Surroundings, on: date) -> tuple[Ground, ...]:
    """The grounds on which the law of the day lets that kind of authority do this to the deadline."""
    limit = around.law.limits.get(deadline.terms.limit)
    version = limit.choose(on) if limit is not None else None
    if version is None:
        return ()
    named: Sequence[Ground] = {
        "pause": tuple(ground for ground in version.exclusions if not ground.by_step),
        "resume": version.exclusions,
        "extend": version.extensions,
        "restart": version.restarts,
    }[kind]
    authority = around.law.authority_of(unit, on)
    return tuple(ground for ground in named if ground.fits(authority))


def _chosen(order: TurnDeadline, known: Sequence[Ground]) -> Ground | None:
    if order.ground:
        return next((ground for ground in known if ground.id == order.ground), None)
    return known[0] if len(known) == 1 else None


def _about_the_day(order: TurnDeadline, deadline: Deadline, on: date, around: Surroundings) -> Iterator[Refusal]:
    if on > around.today:
        yield Refusal(
            "date.in_future",
            f"日期{on}尚未到来",
            f"{on} lies in the future",
            facts={"on": on.isoformat()},
            remedy=Remedy("到当日再办理，或更正日期", "wait for that day, or correct the date"),
            earliest_on=on,
        )
    zh, en, begins_on = _not_before(order, deadline)
    if on < begins_on:
        yield Refusal(
            "date.before_previous",
            f"日期{on}早于{zh}（{begins_on}）",
            f"{on} is before {en} ({begins_on})",
            facts={"on": on.isoformat(), "previous_on": begins_on.isoformat()},
            remedy=Remedy(f"改用{begins_on}或以后的日期", f"use {begins_on} or later"),
        )


def _not_before(order: TurnDeadline, deadline: Deadline) -> tuple[str, str, date]:
    """The first day on which the act can be dated, and what happened on it. Days that a pause took are taken."""
    course = deadline.course
    if course.open_pause is not None and order.kind == "resume":
        return "中止之日", "the day on which the pause began", course.open_pause.from_on
    ended_on = course.pauses[-1].last_on if course.pauses else None
    if ended_on is not None and order.kind == "pause":
        return "上一次中止届满的次日", "the day after the last pause", ended_on + ONE_DAY
    if course.restart is not None:
        return "重新计算之日", "the day from which it began anew", course.restart.from_on
    return "期限起算之日", "the day on which the limit began", deadline.started_on


def _about_the_state(order: TurnDeadline, case: CaseView, deadline: Deadline, on: date) -> Iterator[Refusal]:
    zh, en = DONE[order.kind]
    name_zh, name_en = deadline.terms.zh, deadline.terms.en
    if not deadline.is_open:
        yield Refusal(
            "deadline.ended",
            f"{name_zh}已于{deadline.ended_on}了结，不能{zh}",
            f"{name_en}: it ended on {deadline.ended_on} and cannot be {en}",
            facts={"deadline": deadline.id, "state": deadline.state},
        )
    elif order.kind == "resume" and deadline.state != "paused":
        yield Refusal(
            "deadline.not_paused",
            f"{name_zh}没有中止，无须恢复",
            f"{name_en}: it is not paused; there is nothing to resume",
            facts={"deadline": deadline.id},
            remedy=Remedy("查看该期限", "see the deadline", f"anjuan deadline proof {case.case_no} {deadline.id}"),
        )
    elif order.kind in {"pause", "restart"} and deadline.is_paused(on):
        pause = deadline.course.pauses[-1]
        yield Refusal(
            "deadline.paused",
            f"{name_zh}自{pause.from_on}起已经中止，先恢复",
            f"{name_en}: it has been paused since {pause.from_on}; let it run first",
            facts={"deadline": deadline.id, "paused_on": pause.from_on.isoformat()},
            remedy=Remedy("先恢复计算", "resume it first", f"anjuan case resume {case.case_no} {deadline.id}"),
        )
    elif order.kind in {"pause", "extend"} and on > deadline.due_on and not deadline.is_paused(on):
        yield Refusal(
            "deadline.passed",
            f"{name_zh}已于{deadline.due_on}届满，{on}不能再{zh}",
            f"{name_en}: it ran out on {deadline.due_on}; on {on} it can no longer be {en}",
            basis=deadline.terms.basis,
            facts={"deadline": deadline.id, "due_on": deadline.due_on.isoformat(), "on": on.isoformat()},
            remedy=Remedy(
                f"事由发生在届满之前的，以--on写明当时的日期（不晚于{deadline.due_on}）",
                f"where it happened before the end, give that day with --on ({deadline.due_on} or before)",
            ),
        )


def _resuming_roles(case: CaseView, deadline: Deadline, around: Surroundings) -> tuple[str, ...]:
    """Whoever may pause under the ground of the open pause may end it; where the rule has forgotten it, the lead."""
    pause = deadline.course.open_pause
    known = grounds_of("resume", deadline, case.unit, around, around.today)
    named = (g for g in known if pause is not None and g.id == pause.basis.ground)
    return next((ground.by for ground in named), ("lead",))


def _role_refusals(
    by: Sequence[str], actor: Person, case: CaseView, definition: Definition, around: Surroundings
) -> Iterator[Refusal]:
    known = [role for role in by if role in definition.roles]
    post = Post(definition, tuple(known), case.unit, around.today, around.today)
    if taker_of(post, around.people, actor, None).capacity is not None:
        return
    roles = [definition.roles[role] for role in known]
    who_can = holders_of(post, around.people)
    yield Refusal(
        "role.missing",
        f"应由{'或'.join(r.zh for r in roles)}办理，{actor.zh}没有这一职责",
        f"this is for the {' or '.join(r.en for r in roles)}; {actor.name} has no such role here",
        facts={"roles": list(by), "actor": actor.name, "unit": case.unit},
        remedy=Remedy(f"请{'、'.join(h.name for h in who_can)}办理", f"ask {', '.join(h.name for h in who_can)}"),
        who_can=who_can,
    )


def _no_reason(order: TurnDeadline) -> Refusal:
    zh, en = NAMES[order.kind]
    return Refusal(
        "reason.missing",
        f"{zh}须说明理由",
        f"to {en} a deadline needs a reason",
        remedy=Remedy(
            "写明理由",
            "give the reason",
            f"anjuan case {order.kind} {order.case_no} {order.deadline}{_days(order)} --reason …",
        ),
    )


def _no_ground(order: TurnDeadline, deadline: Deadline, known: Sequence[Ground]) -> Refusal:
    """No named legal basis: time is never changed without one."""
    zh, en = DONE[order.kind]
    facts = {"deadline": deadline.id, "grounds": [ground.id for ground in known]}
    if not known:
        return Refusal(
            "ground.none",
            f"{deadline.terms.zh}：适用的规定没有可以{zh}的依据",
            f"{deadline.terms.en}: the rules that apply know no ground on which it could be {en}",
            basis=deadline.terms.basis,
            facts=facts,
            remedy=Remedy(
                "确有依据的，先把依据写入规则",
                "where there is one, put it into the rule first",
                f"anjuan rule show {deadline.terms.limit}",
            ),
        )
    named_zh = "、".join(f"{g.id}（{g.zh}）" for g in known)
    named_en = ", ".join(f"{g.id} ({g.en})" for g in known)
    remedy = Remedy(
        "写明依据",
        "name the ground",
        f"anjuan case {order.kind} {order.case_no} {deadline.id}{_days(order)} --ground {known[0].id} --reason …",
    )
    code, zh, en = "ground.missing", "请以--ground写明依据", "name the ground with --ground"
    if order.ground:
        typed = order.ground[:40]
        code, zh, en = "ground.unknown", f"没有“{typed}”这一依据，可用", f"there is no ground {typed!r}; there are"
    basis = deadline.terms.basis
    return Refusal(code, f"{zh}：{named_zh}", f"{en}: {named_en}", basis=basis, facts=facts, remedy=remedy)


def _days(order: TurnDeadline) -> str:
    """The number as it is typed, for commands to copy."""
    return f" --days {order.number}" if order.kind == "extend" else ""


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _about_the_cap(order: TurnDeadline, deadline: Deadline, ground: Extending) -> Iterator[Refusal]:
    granted = deadline.course.extended(ground.id)
    facts = {"deadline": deadline.id, "ground": ground.id, "granted": [str(e.length) for e in granted]}
    if ground.times is not None and len(granted) >= ground.times:
        yield Refusal(
            "extension.used_up",
            f"“{ground.zh}”只能延长{ground.times}次，已经延长过",
            f"{ground.en}: it may be extended under this ground {_times(ground.times)} only, and was already",
            basis=ground.basis,
            facts=facts,
        )
    if ground.most is None:
        return
    left = ground.most.number - sum(e.length.number for e in granted)
    if order.number > left:
        unit_zh, unit_en = UNITS_ZH[ground.most.unit], UNITS_EN[ground.most.unit]
        yield Refusal(
            "extension.above_cap",
            f"“{ground.zh}”最多延长{ground.most.zh}，还可延长{max(left, 0)}{unit_zh}，申请{order.number}{unit_zh}",
            f"{ground.en}: at most {ground.most.en}, {max(left, 0)} left; asked for {order.number} {unit_en}",
            basis=ground.basis,
            facts={**facts, "left": max(left, 0), "asked": order.number, "unit": ground.most.unit},
            remedy=Remedy("在上限内延长", "extend it within the cap"),
        )
