"""Judges who takes a step: in which role, for whom, on whose paper, and whether he had a hand in what came before.

Values in, refusals out. Separation of duties looks at the one who decides: on paper the one who signed it, for a
stand-in also the one for whom he acts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from engine.answers import Understood
from engine.case_view import CaseView
from engine.definitions import OPEN, Definition, Step
from engine.errors import Holder, Refusal, Remedy
from engine.people import Capacity, People, Person


@dataclass(frozen=True)
class Taker:
    """Who takes a step: the one at the keyboard, the one who signed on paper, and in which capacity it is decided."""

    actor: Person
    signed_by: Person | None
    capacity: Capacity | None

    @property
    def decider(self) -> Person:
        return self.signed_by or self.actor

    @property
    def names(self) -> frozenset[str]:
        """Who decides, and for whom."""
        absent = self.capacity.for_name if self.capacity else None
        return frozenset({self.decider.name, *([absent] if absent else [])})


@dataclass(frozen=True)
class Post:
    """What a step wants of the one who takes it, where, on which day; `today` is the day at the keyboard."""

    definition: Definition
    by: tuple[str, ...]
    unit: str
    on: date
    today: date
    step: Step | None = None  # None for the opening

    @property
    def in_person(self) -> bool:
        return self.step is not None and self.step.in_person


def taker_of(post: Post, people: People, actor: Person, signed_by: Person | None) -> Taker:
    """In which capacity the step is taken; none where he has no role for it.

    At the keyboard the role must be held on the day of the step and today; on paper on the day of the step.
    """
    if signed_by is not None:
        return Taker(actor, signed_by, _capacity(post, people, signed_by, post.on))
    capacity = _capacity(post, people, actor, post.on)
    if capacity is not None and post.today != post.on and _capacity(post, people, actor, post.today) is None:
        capacity = None
    return Taker(actor, None, capacity)


def about_the_taker(post: Post, people: People, taker: Taker, *, has_paper: bool) -> tuple[Refusal, ...]:
    """Every reason against this one taking the step, but for what he did before."""
    refusals: list[Refusal] = []
    if taker.signed_by is not None:
        refusals += _about_the_paper(post, people, taker, has_paper=has_paper)
    if post.by and taker.capacity is None:
        refusals.append(_role_missing(post, people, taker.decider))
    elif post.in_person and taker.capacity is not None and taker.capacity.for_name is not None:
        refusals.append(_not_in_person(post, people, taker))
    return tuple(refusals)


def about_his_part(post: Post, case: CaseView, people: People, taker: Taker) -> tuple[Refusal, ...]:
    """Whether the one who decides took part in a step whose takers may not take this one."""
    not_by = post.step.not_by if post.step is not None else ()
    barred: set[str] = set()
    found: list[str] = []
    who = ""
    for taken in case.taken(*not_by):
        barred |= taken.involved
        part = taker.names & taken.involved
        if part:
            who = who or min(part, key=lambda name: (name != taker.decider.name, name))
            if taken.step not in found:
                found.append(taken.step)
    if not found:
        return ()
    steps = post.definition.steps
    names_zh = "、".join(steps[s].zh if s != OPEN else "登记" for s in found)
    names_en = ", ".join(steps[s].en if s != OPEN else "opening" for s in found)
    absent = who != taker.decider.name
    zh = f"{taker.decider.zh}代行{people.person(who).zh}的职责，后者" if absent else taker.decider.zh
    en = f"{taker.decider.name} stands in for {who}, who" if absent else taker.decider.name
    return (
        Refusal(
            "duty.same_person",
            f"{zh}参与过本案“{names_zh}”，不得再办理这一步",
            f"{en} took part in {names_en} of this case and may not take this step",
            facts={"actor": who, "steps": found},
            remedy=Remedy("由未参与上述步骤的人员办理", "somebody who took no part in that must do it"),
            who_can=holders_of(post, people, barred | withdrawn(post.definition, case)),
        ),
    )


def withdrawn(definition: Definition, case: CaseView) -> frozenset[str]:
    """Those who may no longer act in the case."""
    return frozenset(
        name
        for taken in case.trail
        if (step := definition.steps.get(taken.step)) is not None and step.withdraws
        for name in taken.answers.get(step.withdraws) or ()
    )


def about_withdrawal(
    post: Post, case: CaseView, people: People, taker: Taker, understood: Understood
) -> tuple[Refusal, ...]:
    """Whether somebody acts, or is named as an officer, who had to withdraw from the case."""
    out = withdrawn(post.definition, case)
    step = post.step
    if not out or step is None:
        return ()
    named = {
        name
        for answer, asked in step.ask.items()
        if asked.type == "officers" and answer != step.withdraws
        for name in understood.values.get(answer) or ()
    }
    barred = sorted((named | taker.names) & out)
    if not barred:
        return ()
    return (
        Refusal(
            "duty.withdrawn",
            f"{'、'.join(people.person(name).zh for name in barred)}已回避，不得再办理本案",
            f"{', '.join(barred)} had to withdraw from this case and may not act in it",
            facts={"withdrawn": barred},
            remedy=Remedy("换由未回避的人员办理", "somebody who did not withdraw must do it"),
            who_can=holders_of(post, people, out),
        ),
    )


def holders_of(post: Post, people: People, barred: Iterable[str] = ()) -> tuple[Holder, ...]:
    """Who could take the step on its day, leaving out those who may not."""
    out, roles = set(barred), post.definition.roles
    found = [
        holder
        for role in post.by
        for holder in people.holders(role, post.unit, post.on, from_above=roles[role].from_above)
        if holder.name not in out
    ]
    return tuple(h for h in found if not _stands_in(post, people, h)) if post.in_person else tuple(found)


def _capacity(post: Post, people: People, person: Person, on: date) -> Capacity | None:
    """The first of the roles that he may act in; his own before one in which he stands in for somebody."""
    found = [
        capacity
        for role in post.by
        if (capacity := people.capacity(person, role, post.unit, on, from_above=post.definition.roles[role].from_above))
    ]
    return min(found, key=lambda capacity: capacity.for_name is not None) if found else None


def _stands_in(post: Post, people: People, holder: Holder) -> bool:
    from_above = post.definition.roles[holder.role].from_above
    capacity = people.capacity(people.person(holder.name), holder.role, post.unit, post.on, from_above=from_above)
    return capacity is not None and capacity.for_name is not None


def _about_the_paper(post: Post, people: People, taker: Taker, *, has_paper: bool) -> Iterable[Refusal]:
    if post.step is None or not post.step.on_paper:
        name_zh, name_en = (post.step.zh, post.step.en) if post.step is not None else ("登记", "opening a case")
        yield Refusal(
            "paper.not_allowed",
            f"“{name_zh}”须由本人办理，不能凭纸质签字代录",
            f"{name_en} is taken by the officer himself; it cannot be typed from a signed paper",
            remedy=Remedy("请本人登录办理", "the officer signs in and takes it"),
        )
    elif not has_paper:
        yield Refusal(
            "paper.missing",
            "代录他人签批的事项，须附签字文书",
            "what somebody else signed is typed only with the signed paper",
            remedy=Remedy("用--paper附上签字文书的扫描件", "give the scan of the signed paper with --paper FILE"),
        )
    if not people.works_in(taker.actor, post.unit, post.today):
        yield Refusal(
            "role.missing",
            f"{taker.actor.zh}在本单位没有任何职责，不能代录",
            f"{taker.actor.name} has no role in this unit and cannot type for others",
            facts={"roles": [], "actor": taker.actor.name, "unit": post.unit},
            remedy=Remedy("请本单位人员代录", "somebody of the unit types it"),
        )


def _role_missing(post: Post, people: People, person: Person) -> Refusal:
    roles = [post.definition.roles[r] for r in post.by]
    who_can = holders_of(post, people)
    names = dict.fromkeys(h.name for h in who_can)
    return Refusal(
        "role.missing",
        f"应由{'或'.join(r.zh for r in roles)}办理，{person.zh}没有这一职责",
        f"this is for the {' or '.join(r.en for r in roles)}; {person.name} has no such role here",
        facts={"roles": list(post.by), "actor": person.name, "unit": post.unit},
        remedy=Remedy(f"请{'、'.join(names) or '无'}办理", f"ask {', '.join(names) or 'nobody at present'}"),
        who_can=who_can,
    )


def _not_in_person(post: Post, people: People, taker: Taker) -> Refusal:
    assert taker.capacity is not None
    absent = taker.capacity.for_name or ""
    return Refusal(
        "role.in_person",
        f"这一步须由{post.definition.roles[taker.capacity.role].zh}本人办理，{taker.decider.zh}不能代行",
        f"this must be done by the {post.definition.roles[taker.capacity.role].en} in person; "
        f"{taker.decider.name} cannot stand in for {absent}",
        basis=post.step.basis if post.step is not None else "",
        facts={"actor": taker.decider.name, "for": absent},
        remedy=Remedy("请本人办理，或附其签字文书代录", "he takes it himself, or it is typed from the paper he signed"),
        who_can=holders_of(post, people),
    )
