"""What is wrong with a definition before it runs: dead states, dead ends, unknown names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.answer_uses import driven_by
from engine.definitions import (
    OPEN,
    Answer,
    Counted,
    Definition,
    PauseBy,
    ResumeBy,
    Start,
    Step,
    Target,
    arcs_of,
    is_number,
    openings_of,
    steps_that_meet,
)
from engine.errors import Problem
from engine.guards import CONDITIONS, GUARDS, parameters_of

PathOf = tuple[str | int, ...]


@dataclass(frozen=True)
class Flaw:
    """Something wrong, at a place in the definition."""

    path: PathOf
    code: str
    zh: str
    en: str

    def at_line(self, line: int) -> Problem:
        return Problem(line, self.code, self.zh, self.en)


# Somebody must be able to end these; the others end by passing.
OWED_NATURES = ("duty", "other_body")


def flaws_of(definition: Definition, natures: Mapping[str, str], measures: Iterable[str]) -> tuple[Flaw, ...]:
    """Every flaw found; none means that the definition may run.

    `natures` are the time limits that the law knows, each with its nature; `measures` the statistics that forms know.
    """
    names = tuple(_unknown_names(definition, set(natures), set(measures)))
    if names:
        return names  # a walk over arcs makes sense only when every state on them exists
    return (*_walk_flaws(definition), *_deadline_flaws(definition, natures), *_correctable_flaws(definition))


def _correctable_flaws(definition: Definition) -> Iterator[Flaw]:
    """A slip of the pen is put right in place: nothing may have been decided by it."""
    asked = {OPEN: definition.open.ask, **{name: step.ask for name, step in definition.steps.items()}}
    for step, ask in asked.items():
        for name, answer in ask.items():
            driven = driven_by(definition, step, name) if answer.correctable else ()
            if driven:
                where = (OPEN,) if step == OPEN else ("steps", step)
                yield Flaw(
                    (*where, "ask", name, "correctable"),
                    "answer.drives",
                    f"“{name}”关系到{'、'.join(w.zh for w in driven)}，不能标为可以更正",
                    f"{name} decides {', '.join(w.en for w in driven)} and cannot be correctable",
                )


def _unknown_names(definition: Definition, rules: set[str], measures: set[str]) -> Iterator[Flaw]:
    opening = definition.open
    yield from _names_of(
        definition, ("open",), opening.by, opening.require, opening.warn, opening.start, opening.ask, rules
    )
    yield from _bad_targets(definition, ("open", "to"), opening.to, opening.ask)
    named = [*opening.party.values(), opening.title, *([opening.works] if opening.works else [])]
    yield from _missing(("open",), named, opening.ask, "answer", "填报项")
    for name, step in definition.steps.items():
        path: PathOf = ("steps", name)
        yield from _names_of(definition, path, step.by, step.require, step.warn, step.start, step.ask, rules)
        yield from _bad_targets(definition, (*path, "to"), step.to, step.ask)
        yield from _missing((*path, "from"), step.from_, definition.states, "state", "状态")
        yield from _missing((*path, "not_by"), step.not_by, {*definition.steps, OPEN}, "step", "步骤")
        yield from _bad_stops(path, step, rules)
        yield from _bad_turns(path, step, rules)
        yield from _missing((*path, "count"), step.count, measures, "measure", "统计项")
        yield from _bad_amounts(definition, (*path, "count"), step)
        yield from _missing(
            (*path, "follows"), [step.follows] if step.follows else [], definition.steps, "step", "步骤"
        )
        if step.assigns:
            yield from _missing((*path, "assigns"), [step.assigns], step.ask, "answer", "填报项")
        if step.withdraws:
            yield from _missing((*path, "withdraws"), [step.withdraws], step.ask, "answer", "填报项")
        if step.joins:
            named = [a for a in (step.joins.name, step.joins.kind, step.joins.number) if a]
            yield from _missing((*path, "joins"), named, step.ask, "answer", "填报项")
        for answer, by_value in step.waive.items():
            yield from _missing((*path, "waive"), [answer], step.ask, "answer", "填报项")
            for waived in by_value.values():
                yield from _missing((*path, "waive"), waived, rules, "time limit", "期限")


def _names_of(
    definition: Definition,
    path: PathOf,
    by: Iterable[str],
    require: Iterable[Mapping[str, Mapping[str, object]]],
    warn: Iterable[Mapping[str, Mapping[str, object]]],
    starts: Iterable[Start],
    ask: Mapping[str, Answer],
    rules: set[str],
) -> Iterator[Flaw]:
    yield from _missing((*path, "by"), by, definition.roles, "role", "角色")
    for place, items in (("require", require), ("warn", warn)):
        for index, item in enumerate(items):
            yield from _bad_guard((*path, place, index), item)
    for index, start in enumerate(starts):
        here: PathOf = (*path, "start", index)
        yield from _missing(here, [start.rule, *start.ends], rules, "time limit", "期限")
        yield from _missing(here, [a for a in (start.from_, start.until) if a], ask, "answer", "填报项")
        yield from _missing(here, [start.when] if start.when else [], CONDITIONS, "condition", "条件")
        for answer, by_value in (*start.instead.items(), *start.after.items()):
            yield from _missing(here, [answer], ask, "answer", "填报项")
            yield from _missing(here, by_value.values(), rules, "time limit", "期限")
    for name, answer_ in ask.items():
        if answer_.type in {"choice", "choices"} and not answer_.choices:
            yield Flaw((*path, "ask", name), "answer.no_choices", f"“{name}”没有可选值", f"{name} has no choices")


def _bad_amounts(definition: Definition, path: PathOf, step: Step) -> Iterator[Flaw]:
    for counted in step.count.values():
        how_many = counted.amount if isinstance(counted, Counted) else counted
        when = counted.when if isinstance(counted, Counted) else None
        yield from _missing(path, [when] if when else [], CONDITIONS, "condition", "条件")
        if isinstance(how_many, str):
            yield from _missing(path, [] if is_number(how_many) else [how_many], step.ask, "answer", "填报项")
            continue
        for earlier, answer in how_many.items():
            yield from _missing(path, [earlier], definition.steps, "step", "步骤")
            if earlier in definition.steps:
                yield from _missing(path, [answer], definition.steps[earlier].ask, "answer", "填报项")


def _bad_stops(path: PathOf, step: Step, rules: set[str]) -> Iterator[Flaw]:
    for index, stop in enumerate(step.stop):
        here: PathOf = (*path, "stop", index)
        yield from _missing(here, [stop.rule], rules, "time limit", "期限")
        yield from _missing(here, [stop.on] if stop.on else [], step.ask, "answer", "填报项")
        yield from _missing(here, [stop.when] if stop.when else [], CONDITIONS, "condition", "条件")


def _bad_turns(path: PathOf, step: Step, rules: set[str]) -> Iterator[Flaw]:
    places: dict[str, tuple[PauseBy | ResumeBy, ...]] = {"pause": step.pause, "resume": step.resume}
    for place, turns in places.items():
        for index, turn in enumerate(turns):
            here: PathOf = (*path, place, index)
            yield from _missing(here, [turn.rule], rules, "time limit", "期限")
            yield from _missing(here, [turn.on] if turn.on else [], step.ask, "answer", "填报项")
    if step.on_expiry is not None:
        yield from _missing((*path, "on_expiry"), [step.on_expiry], rules, "time limit", "期限")


def _bad_guard(path: PathOf, item: Mapping[str, Mapping[str, object]]) -> Iterator[Flaw]:
    for name, given in item.items():
        if name not in GUARDS:
            yield from _missing(path, [name], GUARDS, "guard", "条件")
            continue
        known = parameters_of(name)
        yield from _missing(path, given, known, f"parameter of {name}", f"{name}的参数")
        for parameter in known.values():
            if parameter.default is parameter.empty and parameter.name not in given:
                yield Flaw(
                    path, "guard.parameter_missing", f"{name}缺少参数{parameter.name}", f"{name} needs {parameter.name}"
                )


def _bad_targets(definition: Definition, path: PathOf, target: Target, ask: Mapping[str, Answer]) -> Iterator[Flaw]:
    if isinstance(target, str):
        if target != "same":
            yield from _missing(path, [target], definition.states, "state", "状态")
        return
    if len(target) != 1:
        yield Flaw(path, "target.shape", "去向只能有一种选择方式", "a target makes one choice")
        return
    (key, inner), *_ = target.items()
    if key == "previous":
        yield from _missing(path, [inner], definition.steps, "step", "步骤")
        return
    if key == "choose":
        yield from _missing(path, [inner["by"]], CONDITIONS, "condition", "条件")
        inner = {"yes": inner["yes"], "no": inner["no"]}
    elif key == "at":
        yield from _missing(path, inner, definition.states, "state", "状态")
    else:
        yield from _missing(path, [key], ask, "answer", "填报项")
        if key in ask and ask[key].choices and "otherwise" not in inner:
            unsaid = [value for value in ask[key].choices if value not in inner]
            if unsaid:
                yield Flaw(path, "target.unsaid", f"未说明{unsaid}的去向", f"no target for {', '.join(unsaid)}")
    for nested in inner.values():
        yield from _bad_targets(definition, path, nested, ask)


def _missing(path: PathOf, used: Iterable[str], known: Iterable[str], en: str, zh: str) -> Iterator[Flaw]:
    import difflib

    names = list(known)
    for name in used:
        if name not in names:
            near = difflib.get_close_matches(name, names, 1)
            hint_zh, hint_en = (f"，是否为“{near[0]}”", f"; did you mean {near[0]}?") if near else ("", "")
            code = "time_limit" if en == "time limit" else en.split()[0]
            yield Flaw(path, f"{code}.unknown", f"没有{zh}“{name}”{hint_zh}", f"unknown {en} {name!r}{hint_en}")


def _walk_flaws(definition: Definition) -> Iterator[Flaw]:
    onward: dict[str, set[str]] = {state: set() for state in definition.states}
    for name, step in definition.steps.items():
        for source, dest in arcs_of(definition, name):
            onward[source].add(dest)
            if definition.states[source].end and not step.after_end:
                yield Flaw(
                    ("steps", name, "from"),
                    "end.left",
                    f"步骤“{step.zh}”从终结状态“{definition.states[source].zh}”出发",
                    f"step {name} leaves the end {source}",
                )
    reached = _closure(openings_of(definition), onward)
    back: dict[str, set[str]] = {state: set() for state in definition.states}
    for source, dests in onward.items():
        for dest in dests:
            back[dest].add(source)
    ends = [state for state, said in definition.states.items() if said.end]
    can_end = _closure(ends, back)
    for state, said in definition.states.items():
        if state not in reached:
            yield Flaw(
                ("states", state), "state.unreachable", f"状态“{said.zh}”无法到达", f"state {state} is never reached"
            )
        if state not in can_end:
            yield Flaw(
                ("states", state), "state.no_end", f"状态“{said.zh}”无法走到终结", f"no end can be reached from {state}"
            )


def _closure(starts: Iterable[str], onward: Mapping[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = list(starts)
    while waiting:
        state = waiting.pop()
        if state not in seen:
            seen.add(state)
            waiting.extend(onward[state] - seen)
    return seen


def _deadline_flaws(definition: Definition, natures: Mapping[str, str]) -> Iterator[Flaw]:
    starts: list[tuple[PathOf, tuple[Start, ...]]] = [
        (("open",), definition.open.start),
        *((("steps", name), step.start) for name, step in definition.steps.items()),
    ]
    for path, started in starts:
        for index, start in enumerate(started):
            if natures[start.rule] in OWED_NATURES and not steps_that_meet(definition, start.rule):
                yield Flaw(
                    (*path, "start", index),
                    "deadline.never_stopped",
                    f"期限“{start.rule}”没有步骤可以结束",
                    f"no step ever stops the deadline {start.rule}",
                )
    rules = {start.rule for _, started in starts for start in started}
    for name, step in definition.steps.items():
        yield from _flaws_by_itself(("steps", name), step, rules, natures)


def _flaws_by_itself(path: PathOf, step: Step, started: set[str], natures: Mapping[str, str]) -> Iterator[Flaw]:
    """A step is taken by somebody, or it follows from a limit that ends by itself, and then it ends that limit."""
    if (step.on_expiry is None) != bool(step.by):
        zh, en = "by与on_expiry必须且只能写一项", "write exactly one of by and on_expiry"
        yield Flaw((*path, "by"), "step.nobody", f"步骤“{step.zh}”：{zh}", f"{step.en}: {en}")
    if step.on_expiry is None:
        return
    if natures[step.on_expiry] != "automatic" or step.on_expiry not in started:
        yield Flaw(
            (*path, "on_expiry"),
            "expiry.never",
            f"期限“{step.on_expiry}”不会自动届满：须是自动生效的期限，并由某一步骤起算",
            f"{step.on_expiry} never takes effect by itself: it must be an automatic limit that a step starts",
        )
    if step.on_expiry not in {stop.rule for stop in step.stop} or step.ask or step.require:
        yield Flaw(
            (*path, "on_expiry"),
            "expiry.not_plain",
            "自动发生的步骤须结束该期限，不得填报，不得设条件",
            "what happens by itself ends its limit, asks nothing and requires nothing",
        )
