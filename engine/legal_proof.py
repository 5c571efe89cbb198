"""Holds a definition against its own laws: on what each of them rests, and which way breaks it. Pure.

A law (`engine.definitions.Never`) makes one or more claims on every step that it speaks of. A claim rests on the way
through the states, on a named guard, on an answer, on other people, on a limit, or on a promise of the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from engine.definitions import OPEN, Definition, Never, Opening, Step, arcs_and_returns, openings_of
from engine.promises import PROMISES
from engine.reaching import Graph, Reach, from_after, from_opening, graph_of

Ground = Literal["way", "guard", "answer", "people", "limit", "promise"]


@dataclass(frozen=True)
class Rest:
    """A claim that holds: for which step (empty where it is for all), on what it rests, and that in words; of a guard
    or a limit its name, `named`."""

    step: str
    ground: Ground
    zh: str
    en: str
    named: str = ""


@dataclass(frozen=True)
class Breach:
    """A claim that does not hold: for which step, by which way a case gets there, and what is missing."""

    step: str
    way: tuple[str, ...]
    zh: str
    en: str


@dataclass(frozen=True)
class LawProof:
    """A law with all that it rests on, and every breach."""

    law: str
    said: Never
    rests: tuple[Rest, ...]
    breaches: tuple[Breach, ...]


def prove(definition: Definition) -> tuple[LawProof, ...]:
    """Every law of the definition, in its order. The names in it must exist (`engine.definition_names`)."""
    graph = graph_of(definition)
    first = from_opening(graph)
    return tuple(_proved(_Case(graph, first, law), name) for name, law in definition.never.items())


def subjects_of(definition: Definition, law: Never) -> tuple[str, ...]:
    """The steps that a law speaks of, in the definition's order; `open` goes first where a case can begin there."""
    entering = set(law.entering)
    found = {
        name
        for name in definition.steps
        if any(
            dest in entering and source not in entering and returned is None
            for source, dest, returned in arcs_and_returns(definition, name)
        )
    }
    begins = OPEN in law.steps or not entering.isdisjoint(openings_of(definition))
    opened = (OPEN,) if begins and OPEN not in law.save else ()
    named = (found | set(law.steps)) - set(law.save)
    return (*opened, *(name for name in definition.steps if name in named))


@dataclass(frozen=True)
class _Case:
    """One law before the court: the graph, what a new case can reach at all, and the law."""

    graph: Graph
    first: Reach
    law: Never

    @property
    def definition(self) -> Definition:
        return self.graph.definition

    def asked(self, name: str) -> Step | Opening:
        return self.definition.open if name == OPEN else self.definition.steps[name]

    def zh(self, name: str) -> str:
        return "登记" if name == OPEN else self.definition.steps[name].zh

    def way_to(self, name: str) -> tuple[str, ...]:
        """The shortest way of a new case to the step, the step included."""
        if name == OPEN:
            return (OPEN,)
        reached = [self.first.way_to(s) for s in self.definition.steps[name].from_ if s in self.first]
        return (OPEN, *min(reached, key=len, default=()), name)


Claim = Callable[[_Case, str], Iterator[Rest | Breach]]


def _proved(case: _Case, name: str) -> LawProof:
    law = case.law
    found: list[Rest | Breach] = []
    for step in subjects_of(case.definition, law):
        for claim in CLAIMS:
            found += claim(case, step)
    found += _elsewhere_started(case)
    if law.kept_by is not None:
        promise = PROMISES[law.kept_by]
        found.append(Rest("", "promise", promise.zh, f"{promise.en} ({promise.module})"))
    rests = tuple(f for f in found if isinstance(f, Rest))
    return LawProof(name, law, rests, tuple(f for f in found if isinstance(f, Breach)))


def _without(case: _Case, step: str) -> Iterator[Rest | Breach]:
    """One step of every group comes before, on every way, and anew after those of `since`."""
    for group in case.law.without:
        way = _way_round(case, step, frozenset(group))
        steps_zh, steps_en = "或".join(f"“{case.zh(s)}”" for s in group), " or ".join(group)
        if way is None:
            zh, en = f"任何路径都须先经过{steps_zh}", f"every way goes through {steps_en} first"
            yield Rest(step, "way", zh, en)
        elif case.law.unless and not _missing_guards(case, step, case.law.unless):
            names = ", ".join(_named(case.law.unless))
            zh, en = f"{names}查验是否先有{steps_zh}", f"{names} looks for {steps_en}"
            yield Rest(step, "guard", zh, en, next(iter(case.law.unless[0])))
        else:
            yield Breach(step, way, f"没有先经过{steps_zh}", f"without {steps_en} before it")


def _way_round(case: _Case, step: str, avoided: frozenset[str]) -> tuple[str, ...] | None:
    """A way to the step that takes none of those steps; `None` where there is none."""
    if step == OPEN:
        return (OPEN,)
    starts = [((OPEN,), from_opening(case.graph, avoided))]
    starts += [((fresh,), from_after(case.graph, (fresh,), avoided)) for fresh in case.law.since]
    for begin, reach in starts:
        for source in case.definition.steps[step].from_:
            if source in reach:
                return (*begin, *reach.way_to(source), step)
    return None


def _guarded(case: _Case, step: str) -> Iterator[Rest | Breach]:
    if not case.law.unguarded:
        return
    for name in _missing_guards(case, step, case.law.unguarded):
        yield Breach(step, case.way_to(step), f"没有条件{name}", f"not guarded by {name}")
    for item in case.law.unguarded:
        if not _missing_guards(case, step, (item,)):
            name = ", ".join(_named((item,)))
            yield Rest(step, "guard", name, name, next(iter(item)))


def _missing_guards(case: _Case, step: str, wanted: Iterable[Mapping[str, Mapping[str, Any]]]) -> tuple[str, ...]:
    """The guards that the step does not require with those parameters, in words."""
    required = case.asked(step).require
    missing: list[str] = []
    for name, parameters in ((name, said) for item in wanted for name, said in item.items()):
        has = [given[name] for given in required if name in given]
        if not any(parameters.items() <= given.items() for given in has):
            missing += _named(({name: parameters},))
    return tuple(missing)


def _named(guards: Iterable[Mapping[str, Mapping[str, Any]]]) -> Iterator[str]:
    for item in guards:
        for name, parameters in item.items():
            said = ", ".join(f"{key}: {value}" for key, value in parameters.items())
            yield f"{name} {{{said}}}" if said else name


def _answered(case: _Case, step: str) -> Iterator[Rest | Breach]:
    ask = case.asked(step).ask
    for name, type_ in case.law.unasked.items():
        answer = ask.get(name)
        if answer is not None and answer.type == type_ and not answer.optional:
            yield Rest(step, "answer", f"“{answer.zh}”（{name}，{type_}）", f"{name} ({type_})")
        else:
            yield Breach(step, case.way_to(step), f"没有必填的{name}（{type_}）", f"does not ask {name} ({type_})")


def _other_people(case: _Case, step: str) -> Iterator[Rest | Breach]:
    taken = case.definition.steps.get(step)
    barred = taken.not_by if taken is not None else ()
    missing = [s for s in case.law.by_whoever_took if s not in barred]
    if missing:
        zh, en = "、".join(f"“{case.zh(s)}”" for s in missing), ", ".join(missing)
        yield Breach(step, case.way_to(step), f"办理过{zh}的人员也可以办理", f"whoever took {en} may take it too")
    elif case.law.by_whoever_took:
        zh = "、".join(f"“{case.zh(s)}”" for s in case.law.by_whoever_took)
        en = ", ".join(case.law.by_whoever_took)
        yield Rest(step, "people", f"办理过{zh}的人员不得办理", f"whoever took {en} may not take it")


def _starting(case: _Case, step: str) -> Iterator[Rest | Breach]:
    for rule, answer in case.law.starting.items():
        started = [s for s in case.asked(step).start if s.rule == rule]
        if any(answer is None or start.from_ == answer for start in started):
            from_zh, from_en = (f"自{answer}", f" from {answer}") if answer else ("", "")
            yield Rest(step, "limit", f"{from_zh}起算{rule}", f"starts {rule}{from_en}", rule)
        else:
            zh, en = f"没有起算期限{rule}", f"does not start the limit {rule}"
            if answer and started:
                zh, en = f"期限{rule}没有自{answer}起算", f"does not start the limit {rule} from {answer}"
            yield Breach(step, case.way_to(step), zh, en)


def _elsewhere_started(case: _Case) -> Iterator[Breach]:
    """Nothing else starts the limits that only those steps may start."""
    allowed = {*subjects_of(case.definition, case.law), *case.law.save}
    for name in (OPEN, *case.definition.steps) if case.law.starting else ():
        for start in case.asked(name).start:
            if start.rule in case.law.starting and name not in allowed:
                zh, en = f"不应由其起算期限{start.rule}", f"must not start the limit {start.rule}"
                yield Breach(name, case.way_to(name), zh, en)


def _by_itself(case: _Case, step: str) -> Iterator[Rest | Breach]:
    rule = case.law.not_by_itself_after
    if rule is None:
        return
    taken = case.definition.steps.get(step)
    if taken is not None and taken.on_expiry == rule:
        yield Rest(step, "limit", f"{rule}届满时自动发生", f"happens by itself when {rule} has run out", rule)
    else:
        zh, en = f"期限{rule}届满时不会自动发生", f"does not happen by itself when {rule} has run out"
        yield Breach(step, case.way_to(step), zh, en)


def _in_person(case: _Case, step: str) -> Iterator[Rest | Breach]:
    if not case.law.not_in_person:
        return
    taken = case.definition.steps.get(step)
    if taken is not None and taken.in_person:
        yield Rest(step, "people", "须由本人办理，不得代行", "taken in person; nobody stands in")
    else:
        yield Breach(step, case.way_to(step), "可以由他人代行", "somebody may stand in for it")


CLAIMS: tuple[Claim, ...] = (_without, _guarded, _answered, _other_people, _starting, _by_itself, _in_person)
