"""Judges whether a case can be moved to another version of its workflow, and as what it would stand there. Pure.

A case keeps its steps, its deadlines and its answers; the new version must know them, or a mapping says what they are
called there. Rehearsed or real, the same function judges.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from engine.case_view import CaseView, StepTaken
from engine.changing import changed
from engine.deadlines import Deadline
from engine.definitions import OPEN, Definition, steps_that_meet
from engine.errors import Refusal, Remedy
from engine.party_views import positions, stands_at
from engine.reaching import Graph, from_after, from_opening, graph_of
from engine.renaming import Renaming, renamed_answers, renamed_trail, renaming_between

KEEP, END = "keep", "end"
Outcome = Literal["moves", "needs_mapping", "blocked"]
NOTHING = Renaming()


@dataclass(frozen=True)
class NameMapping:
    """What a version calls by other names: old name to new one, or `keep` for what stays as history. `deadlines` says
    of limits that nothing ends any more whether they `keep` running to their date or `end` with the move."""

    states: Mapping[str, str] = field(default_factory=dict)
    steps: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    deadlines: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Target:
    """The version to which cases are moved."""

    definition: Definition
    hash: str

    @cached_property
    def graph(self) -> Graph:
        return graph_of(self.definition)

    @cached_property
    def answers(self) -> frozenset[str]:
        """Everything that it asks anywhere."""
        asked = (self.definition.open.ask, *(step.ask for step in self.definition.steps.values()))
        return frozenset(name for ask in asked for name in ask)

    @cached_property
    def turned_back_to(self) -> frozenset[str]:
        """The earlier steps to whose source some step leads back."""
        return frozenset(earlier for _, _, earlier in self.graph.back)


@dataclass(frozen=True)
class Need:
    """A name that the version does not know and the mapping does not explain."""

    kind: Literal["states", "steps", "answers", "deadlines"]
    name: str
    zh: str
    en: str


@dataclass(frozen=True)
class MoveVerdict:
    """What would become of one case. `after` is how it would stand, as far as the outcome is `moves`."""

    case: CaseView
    outcome: Outcome
    needs: tuple[Need, ...]
    blocks: tuple[Refusal, ...]
    renaming: Renaming
    after: CaseView
    ended: tuple[Deadline, ...] = ()


def judge_move(
    case: CaseView, old: Definition | None, target: Target, mapping: NameMapping, back: Renaming = NOTHING
) -> MoveVerdict:
    """What stands against moving the case. `back` takes back an earlier move from that very version; `old` is the
    version it follows, None where it is lost."""
    steps = {**mapping.steps, OPEN: OPEN}
    trail = tuple(_through(taken, steps, mapping.states) for taken in renamed_trail(back, case.trail))
    renames = _answers_renamed(case, back, mapping)
    renaming = renaming_between(case.trail, trail, renames)
    trail = renamed_trail(renaming, case.trail)
    facts = renamed_answers(renaming, case.facts)
    seen = changed(case, trail=trail, facts=facts, definition=target.hash)
    needs = tuple(_needs(seen, old, target, mapping))
    blocks = list(_clashes(case, renaming, target))
    if any(need.kind == "states" for need in needs):
        return MoveVerdict(case, "needs_mapping", needs, tuple(blocks), renaming, seen)
    state = stands_at(target.definition, seen.parties, trail)
    after = changed(seen, state=state, ended=target.definition.states[state].end, version=case.version + 1)
    blocks += _against(case, after, old, target)
    ended = tuple(d for d in case.deadlines.values() if d.is_open and mapping.deadlines.get(d.rule) == END)
    outcome: Outcome = "blocked" if blocks else "needs_mapping" if needs else "moves"
    return MoveVerdict(case, outcome, needs, tuple(blocks), renaming, after, ended)


def _through(taken: StepTaken, steps: Mapping[str, str], states: Mapping[str, str]) -> StepTaken:
    def name(now: str, names: Mapping[str, str]) -> str:
        found = names.get(now, now)
        return now if found == KEEP else found

    return replace(
        taken, step=name(taken.step, steps), source=name(taken.source, states), dest=name(taken.dest, states)
    )


def _answers_renamed(case: CaseView, back: Renaming, mapping: NameMapping) -> dict[str, str]:
    renames = {}
    for name in {**case.facts, **{n: None for taken in case.trail for n in taken.answers}}:
        once = back.answers.get(name, name)
        found = mapping.answers.get(once, once)
        renames[name] = once if found == KEEP else found
    return {was: now for was, now in renames.items() if was != now}


def _needs(seen: CaseView, old: Definition | None, target: Target, mapping: NameMapping) -> Iterator[Need]:
    known = target.definition
    for state in dict.fromkeys(_states_wanted(seen, target, mapping)):
        if state not in known.states:
            zh = old.states[state].zh if old is not None and state in old.states else state
            yield Need("states", state, f"新版本没有状态“{zh}”（{state}）", f"the version has no state {state}")
    for step in dict.fromkeys(taken.step for taken in seen.trail if taken.step != OPEN):
        if step not in known.steps and (mapping.steps.get(step) != KEEP or _is_bound(old, step)):
            zh = old.steps[step].zh if old is not None and step in old.steps else step
            bound = _is_bound(old, step)
            why_zh = "，它确定了承办人、当事人或者回避，须对应到新版本的步骤" if bound else ""
            why_en = "; it named holders, parties or who withdrew, so it must become a step there" if bound else ""
            yield Need("steps", step, f"新版本没有步骤“{zh}”（{step}）{why_zh}", f"it has no step {step}{why_en}")
    for answer in dict.fromkeys(seen.facts):
        if answer not in target.answers and mapping.answers.get(answer) != KEEP:
            yield Need("answers", answer, f"新版本没有填报项“{answer}”", f"it asks nothing called {answer}")
    for d in seen.deadlines.values():
        if d.is_open and d.rule not in mapping.deadlines and not _can_end(target, d, seen):
            zh, en = f"新版本中没有步骤可以结束期限“{d.terms.zh}”（{d.rule}）", f"nothing in it ends the limit {d.rule}"
            yield Need("deadlines", d.rule, zh, en)


def _states_wanted(seen: CaseView, target: Target, mapping: NameMapping) -> Iterator[str]:
    """Where the case and its parties stand, where steps may lead it back, and what of its way nobody said to keep."""
    yield seen.trail[-1].dest
    if len(seen.parties) > 1:
        # Where each party stands follows from every step.
        yield from (taken.dest for taken in seen.trail)
    for taken in seen.trail:
        if taken.step in target.turned_back_to:
            yield taken.source
    for state in (name for taken in seen.trail for name in (taken.source, taken.dest)):
        if state and mapping.states.get(state) != KEEP:
            yield state


def _is_bound(old: Definition | None, step: str) -> bool:
    """Whether the record of holders and parties hangs on what that step was."""
    said = old.steps.get(step) if old is not None else None
    return said is not None and bool(said.assigns or said.joins or said.withdraws or said.on_expiry)


def _can_end(target: Target, deadline: Deadline, seen: CaseView) -> bool:
    """Whether the limit ends by passing, or by a step that the version has."""
    definition = target.definition
    if deadline.nature == "automatic":
        return any(step.on_expiry == deadline.rule for step in definition.steps.values())
    if deadline.nature in {"duty", "other_body"}:
        return bool(steps_that_meet(definition, deadline.rule))
    return True


def _clashes(case: CaseView, renaming: Renaming, target: Target) -> Iterator[Refusal]:
    """Two answers must not come to bear one name, and what is indexed by name keeps it."""
    for was, now in renaming.answers.items():
        if now in case.facts and now not in renaming.answers:
            yield Refusal(
                "move.answer_clash",
                f"填报项“{was}”不能改称“{now}”：本案已有“{now}”",
                f"answer {was} cannot become {now}: the case has a {now}",
                facts={"was": was, "now": now},
                remedy=Remedy(f"改用其他名称，或者{KEEP}", f"choose another name, or {KEEP}"),
            )


def _against(case: CaseView, after: CaseView, old: Definition | None, target: Target) -> Iterator[Refusal]:
    before, now = old.states.get(case.state) if old is not None else None, target.definition.states[after.state]
    if now.end != case.ended:
        yield Refusal(
            "move.ends",
            f"移动不能使案件终结或者重开（{case.state} → {after.state}）",
            f"a move neither ends nor reopens a case ({case.state} → {after.state})",
            facts={"from": case.state, "to": after.state},
            remedy=Remedy("对应到未终结的状态", "map it to a state that is no end"),
        )
    stages = {state.stage for state in target.definition.states.values()}
    if before is not None and before.stage in stages and now.stage != before.stage:
        yield Refusal(
            "move.stage",
            f"移动不能使案件进入另一阶段（{before.stage} → {now.stage}）",
            f"a move does not take a case into another stage ({before.stage} → {now.stage})",
            facts={"from": before.stage, "to": now.stage, "state": after.state},
            remedy=Remedy("对应到同一阶段的状态", "map it to a state of the same stage"),
        )
    yield from _laws_skipped(case, after, target)


def _laws_skipped(case: CaseView, after: CaseView, target: Target) -> Iterator[Refusal]:
    """Where the case would stand nobody stands who has not taken certain steps; it must have taken them too."""
    stands = set(positions(target.definition, after.parties, after.trail).values()) | {after.state}
    if after.state == case.state and not after.parties[1:]:
        return  # it stands where it stood: its way there was judged step by step
    for name, law in target.definition.never.items():
        for group in law.without:
            taken = [t for t in after.trail if t.step in group]
            fresh = [t for t in after.trail if t.step in law.since and (not taken or t.seq > taken[-1].seq)]
            if taken and not fresh:
                continue
            reach = (
                from_after(target.graph, [t.step for t in fresh], frozenset(group))
                if fresh
                else from_opening(target.graph, frozenset(group))
            )
            skipped = sorted(state for state in stands if state not in reach)
            if skipped:
                yield Refusal(
                    "move.law",
                    f"案件未经{'、'.join(group)}，不能对应到“{'、'.join(skipped)}”：{law.zh}",
                    f"the case has not taken {' or '.join(group)} and cannot stand at {', '.join(skipped)}: {law.en}",
                    basis=law.basis,
                    facts={"law": name, "states": skipped, "without": list(group)},
                    remedy=Remedy("对应到此前的状态", "map it to an earlier state"),
                )
