"""Sees a case with several parties through the eyes of one of them, and where each of them stands. Pure.

One case, one book, one trail: a step taken for one party carries its number, and where a party stands follows from the
steps that concern it. What guards are shown is a case as if that party were alone in it, so that no guard needs to
know of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.case_view import CaseView, Party, StepTaken
from engine.changing import changed
from engine.deadlines import Deadline
from engine.definitions import Definition
from engine.errors import Refusal, Remedy


@dataclass(frozen=True)
class Sight:
    """The case as the step is to see it, for which party it is taken, and what is wrong with the party named."""

    case: CaseView
    party_no: int | None
    refusals: tuple[Refusal, ...] = ()


def sight_of(definition: Definition, case: CaseView, step_id: str, named: int | None) -> Sight:
    """Through whose eyes the step sees the case: those of the party named, of the only one, or of all together."""
    numbers = [p.party_no for p in case.parties]
    kind = definition.steps[step_id].party
    if named is not None and named not in numbers:
        return Sight(case, None, (_unknown(case, named),))
    if kind is None:
        return Sight(case, None, (_not_asked(case, step_id),) if named is not None and len(numbers) > 1 else ())
    if named is None and len(numbers) == 1:
        named = numbers[0]
    if named is not None:
        return Sight(seen_by(definition, case, named), named)
    if kind == "one" and numbers:
        return Sight(case, None, (_unnamed(definition, case, step_id),))
    return Sight(case, None)


def seen_by(definition: Definition, case: CaseView, party_no: int, state: str | None = None) -> CaseView:
    """The case as if that party were alone in it: its state, its steps and those of all, its time limits.

    `state` is where it stands, for whoever knows it already.
    """
    if len(case.parties) == 1:
        return case
    party = next(p for p in case.parties if p.party_no == party_no)
    trail = tuple(t for t in case.trail if _concerns(definition, t, party))
    state = state or positions(definition, case.parties, case.trail)[party_no]
    return changed(
        case,
        state=state,
        ended=definition.states[state].end,
        trail=trail,
        facts=_facts(case, party_no, trail),
        deadlines={d.id: d for d in case.deadlines.values() if d.party_no in (None, party_no)},
        parties=(party,),
    )


def positions(definition: Definition, parties: Sequence[Party], trail: Iterable[StepTaken]) -> dict[int, str]:
    """Where each party stands after those steps, by its number; a party that joined later begins where the case stood.

    A step for all that leads elsewhere leads those there that stand where it can be taken, and leaves alone whoever is
    further; one that leads nowhere leaves each where it is.
    """
    stands: dict[int, str] = {}
    overall = ""
    for taken in trail:
        for party in parties:
            if party.party_no not in stands and party.joined_seq <= taken.seq:
                stands[party.party_no] = overall
        if taken.party is not None:
            stands[taken.party] = taken.dest
        elif taken.source != taken.dest:
            step = definition.steps.get(taken.step)
            stands = {n: s if step is not None and s not in step.from_ else taken.dest for n, s in stands.items()}
        overall = least_far(definition, stands.values()) if stands else taken.dest
    return {p.party_no: stands.get(p.party_no, overall) for p in parties}


def kept_for_others(definition: Definition, case: CaseView, party_no: int | None) -> frozenset[str]:
    """The running time limits of the whole case that a step for that party does not touch, by id: another party still
    owes, or is owed, what they are for. None where the step is for all."""
    if party_no is None or len(case.parties) < 2:
        return frozenset()
    shared = [d for d in case.deadlines.values() if d.party_no is None and d.is_open]
    others = [p for p in case.parties if p.party_no != party_no] if shared else []
    trails = [tuple(t for t in case.trail if _concerns(definition, t, p)) for p in others]
    return frozenset(d.id for d in shared if not all(_is_done(definition, trail, d) for trail in trails))


def _is_done(definition: Definition, trail: Iterable[StepTaken], deadline: Deadline) -> bool:
    """Whether a step that ends the limit has been taken since it began."""
    return any(
        taken.on >= deadline.started_on
        and (step := definition.steps.get(taken.step)) is not None
        and any(stop.rule == deadline.rule for stop in step.stop)
        for taken in trail
    )


def least_far(definition: Definition, states: Iterable[str]) -> str:
    """Of several states the one that stands first in the definition: there the case as a whole stands."""
    order = {state: place for place, state in enumerate(definition.states)}
    return min(states, key=lambda state: order[state])


def stands_at(definition: Definition, parties: Sequence[Party], trail: Sequence[StepTaken]) -> str:
    """Where the case as a whole stands: where its least advanced party does."""
    if len(parties) < 2:
        return trail[-1].dest
    return least_far(definition, positions(definition, parties, trail).values())


def strays(definition: Definition, case: CaseView, step_id: str) -> dict[int, str]:
    """Where the parties of a case stand that went different ways, if the step is one to be taken for one of them then.

    A step of the whole case waits for the slowest, where the case itself stands; whoever is further is left alone.
    """
    if len(case.parties) < 2 or definition.steps[step_id].party is None:
        return {}
    stand = positions(definition, case.parties, case.trail)
    return stand if len(set(stand.values())) > 1 else {}


def apart(definition: Definition, case: CaseView, step_id: str, stray: Mapping[int, str]) -> Refusal:
    """Why the step cannot be taken for all parties together."""
    names = {p.party_no: p.name for p in case.parties}
    zh = "、".join(f"{n}号{names[n][:20]}：{definition.states[s].zh}" for n, s in list(stray.items())[:10])
    en = ", ".join(f"{n} ({s})" for n, s in list(stray.items())[:10])
    more_zh, more_en = (f"等{len(stray)}人", f" and others, {len(stray)} in all") if len(stray) > 10 else ("", "")
    return Refusal(
        "parties.apart",
        f"各当事人所在状态不同，“{definition.steps[step_id].zh}”须逐一办理：{zh}{more_zh}",
        f"the parties stand at different places; {step_id} is taken for one at a time: {en}{more_en}",
        facts={"parties": {str(n): s for n, s in stray.items()}, "from": list(definition.steps[step_id].from_)},
        remedy=Remedy(
            "用--party注明当事人", "name the party with --party", f"anjuan case why {case.case_no} {step_id} --party N"
        ),
    )


def by_parties(
    definition: Definition,
    case: CaseView,
    seen: CaseView,
    ask: Callable[[CaseView], tuple[Refusal, ...]],
    *,
    for_all: bool,
) -> tuple[Refusal, ...]:
    """What guards say to a step. One that is taken for all of several parties must be right for each of them: they are
    asked once through the eyes of each, and what does not hold for all says for whom it holds."""
    if not for_all or len(case.parties) < 2:
        return ask(seen)
    said: dict[str, tuple[Refusal, list[int]]] = {}
    stand = positions(definition, case.parties, case.trail)
    concerned = [party for party in case.parties if stand[party.party_no] == seen.state]
    for party in concerned:
        for refusal in ask(seen_by(definition, case, party.party_no, seen.state)):
            said.setdefault(refusal.zh, (refusal, []))[1].append(party.party_no)
    return tuple(r if len(numbers) == len(concerned) else _of(r, numbers) for r, numbers in said.values())


def _of(refusal: Refusal, numbers: Sequence[int]) -> Refusal:
    shown, more = numbers[:10], len(numbers) > 10
    zh = "、".join(map(str, shown)) + ("等" if more else "")
    en = ", ".join(map(str, shown)) + (" and others" if more else "")
    return replace(
        refusal,
        zh=f"{zh}号当事人：{refusal.zh}",
        en=f"party {en}: {refusal.en}",
        facts={**refusal.facts, "parties": list(numbers)},
    )


def _concerns(definition: Definition, taken: StepTaken, party: Party) -> bool:
    """Whether a step is one of that party's; what was done for the parties before it joined is not."""
    if taken.party is not None:
        return taken.party == party.party_no
    step = definition.steps.get(taken.step)
    return step is None or step.party is None or party.joined_seq <= taken.seq


def _facts(case: CaseView, party_no: int, trail: Iterable[StepTaken]) -> dict[str, Any]:
    """The answers that hold for that party: nothing that was answered for another one alone."""
    others = {name for t in case.trail if t.party not in (None, party_no) for name in t.answers}
    facts = {name: value for name, value in case.facts.items() if name not in others}
    for taken in trail:
        facts.update(taken.answers)
    return facts


def _named(case: CaseView) -> tuple[str, str]:
    shown = [(p.party_no, p.name[:20]) for p in case.parties[:10]]
    more = len(case.parties) - len(shown)
    zh = "、".join(f"{n} {name}" for n, name in shown) + (f"等{len(case.parties)}人" if more else "")
    en = ", ".join(f"{n} {name}" for n, name in shown) + (f" and {more} more" if more else "")
    return zh, en


def _unnamed(definition: Definition, case: CaseView, step_id: str) -> Refusal:
    zh, en = _named(case)
    return Refusal(
        "party.missing",
        f"本案有{len(case.parties)}名当事人，“{definition.steps[step_id].zh}”须逐一办理，请注明是哪一名",
        f"the case has {len(case.parties)} parties; {step_id} is taken for one of them: say which",
        facts={"parties": [p.party_no for p in case.parties]},
        remedy=Remedy(f"用--party注明：{zh}", f"--party: {en}", f"anjuan case why {case.case_no} {step_id} --party N"),
    )


def _unknown(case: CaseView, named: int) -> Refusal:
    zh, en = _named(case)
    return Refusal(
        "party.unknown",
        f"本案没有{named}号当事人",
        f"the case has no party {named}",
        facts={"party": named, "parties": [p.party_no for p in case.parties]},
        remedy=Remedy(f"现有：{zh or '无'}", f"there are: {en or 'none'}", f"anjuan case show {case.case_no}"),
    )


def _not_asked(case: CaseView, step_id: str) -> Refusal:
    return Refusal(
        "party.not_asked",
        "这一步是对全案办理的，不分当事人",
        f"{step_id} is taken for the whole case, not for one party",
        facts={"step": step_id},
        remedy=Remedy("去掉--party", "leave --party out", f"anjuan case why {case.case_no} {step_id}"),
    )
