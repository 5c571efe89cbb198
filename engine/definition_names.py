"""Finds the names in a definition that nothing stands behind: states, steps, roles, answers, guards, limits, counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.definitions import (
    OPEN,
    SAME,
    Answer,
    Counted,
    Definition,
    Never,
    Opening,
    PauseBy,
    ResumeBy,
    Start,
    Step,
    is_number,
)
from engine.flaws import Flaw, PathOf, missing
from engine.guards import CONDITIONS, GUARDS, parameters_of
from engine.promises import PROMISES

# What the parameters of guards name; the others name answers of the step itself.
NAMES_A_LIMIT = ("deadline", "rule")
NAMES_A_STEP = "step"
NAMES_AN_EARLIER_ANSWER = "answered"  # of the step that `step` names
NAMES_NOTHING = "optional"
# What a yes or no can be answered with.
YES_NO = ("yes", "no")


def unknown_names(definition: Definition, rules: set[str], measures: set[str]) -> Iterator[Flaw]:
    """Every name that nothing stands behind. `rules` are the ids of the time limits, `measures` what forms count."""
    opening = definition.open
    yield from _names_of(
        definition, ("open",), opening.by, opening.require, opening.warn, opening.start, opening.ask, rules
    )
    yield from _bad_targets(definition, ("open",), opening)
    named = [*opening.party.values(), opening.title, *([opening.works] if opening.works else [])]
    yield from missing(("open",), named, opening.ask, "answer", "填报项")
    for name, step in definition.steps.items():
        path: PathOf = ("steps", name)
        yield from _names_of(definition, path, step.by, step.require, step.warn, step.start, step.ask, rules)
        yield from _bad_targets(definition, path, step)
        yield from missing((*path, "from"), step.from_, definition.states, "state", "状态")
        yield from missing((*path, "not_by"), step.not_by, {*definition.steps, OPEN}, "step", "步骤")
        yield from _bad_stops(path, step, rules)
        yield from _bad_turns(path, step, rules)
        yield from missing((*path, "count"), step.count, measures, "measure", "统计项")
        yield from _bad_amounts(definition, (*path, "count"), step)
        yield from missing((*path, "follows"), [step.follows] if step.follows else [], definition.steps, "step", "步骤")
        if step.assigns:
            yield from missing((*path, "assigns"), [step.assigns], step.ask, "answer", "填报项")
        if step.withdraws:
            yield from missing((*path, "withdraws"), [step.withdraws], step.ask, "answer", "填报项")
        if step.joins:
            named = [a for a in (step.joins.name, step.joins.kind, step.joins.number) if a]
            yield from missing((*path, "joins"), named, step.ask, "answer", "填报项")
        for answer, by_value in step.waive.items():
            yield from missing((*path, "waive"), [answer], step.ask, "answer", "填报项")
            for waived in by_value.values():
                yield from missing((*path, "waive"), waived, rules, "time limit", "期限")
    for name, law in definition.never.items():
        yield from _bad_law(definition, ("never", name), law)
        yield from missing(
            ("never", name),
            [*law.starting, *([law.not_by_itself_after] if law.not_by_itself_after else [])],
            rules,
            "time limit",
            "期限",
        )


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
    here: PathOf
    yield from missing((*path, "by"), by, definition.roles, "role", "角色")
    for place, items in (("require", require), ("warn", warn)):
        for index, item in enumerate(items):
            here = (*path, place, index)
            yield from _bad_guard(here, item)
            for name, given in item.items():
                yield from _named_by_parameters(definition, here, name, given, ask, rules)
    for index, start in enumerate(starts):
        here = (*path, "start", index)
        yield from missing(here, [start.rule, *start.ends], rules, "time limit", "期限")
        yield from missing(here, [a for a in (start.from_, start.until) if a], ask, "answer", "填报项")
        yield from missing(here, [start.when] if start.when else [], CONDITIONS, "condition", "条件")
        for answer, by_value in (*start.instead.items(), *start.after.items()):
            yield from missing(here, [answer], ask, "answer", "填报项")
            yield from missing(here, by_value.values(), rules, "time limit", "期限")
    for name, answer_ in ask.items():
        if answer_.type in {"choice", "choices"} and not answer_.choices:
            yield Flaw((*path, "ask", name), "answer.no_choices", f"“{name}”没有可选值", f"{name} has no choices")


def _bad_amounts(definition: Definition, path: PathOf, step: Step) -> Iterator[Flaw]:
    for counted in step.count.values():
        how_many = counted.amount if isinstance(counted, Counted) else counted
        when = counted.when if isinstance(counted, Counted) else None
        yield from missing(path, [when] if when else [], CONDITIONS, "condition", "条件")
        if isinstance(how_many, str):
            yield from missing(path, [] if is_number(how_many) else [how_many], step.ask, "answer", "填报项")
            continue
        for earlier, answer in how_many.items():
            yield from missing(path, [earlier], definition.steps, "step", "步骤")
            if earlier in definition.steps:
                yield from missing(path, [answer], definition.steps[earlier].ask, "answer", "填报项")


def _bad_stops(path: PathOf, step: Step, rules: set[str]) -> Iterator[Flaw]:
    for index, stop in enumerate(step.stop):
        here: PathOf = (*path, "stop", index)
        yield from missing(here, [stop.rule], rules, "time limit", "期限")
        yield from missing(here, [stop.on] if stop.on else [], step.ask, "answer", "填报项")
        yield from missing(here, [stop.when] if stop.when else [], CONDITIONS, "condition", "条件")


def _bad_turns(path: PathOf, step: Step, rules: set[str]) -> Iterator[Flaw]:
    places: dict[str, tuple[PauseBy | ResumeBy, ...]] = {"pause": step.pause, "resume": step.resume}
    for place, turns in places.items():
        for index, turn in enumerate(turns):
            here: PathOf = (*path, place, index)
            yield from missing(here, [turn.rule], rules, "time limit", "期限")
            yield from missing(here, [turn.on] if turn.on else [], step.ask, "answer", "填报项")
    if step.on_expiry is not None:
        yield from missing((*path, "on_expiry"), [step.on_expiry], rules, "time limit", "期限")


def _bad_guard(path: PathOf, item: Mapping[str, Mapping[str, object]]) -> Iterator[Flaw]:
    yield from _unknown_guard(path, item)
    for name, given in item.items():
        for parameter in parameters_of(name).values() if name in GUARDS else ():
            if parameter.default is parameter.empty and parameter.name not in given:
                yield Flaw(
                    path, "guard.parameter_missing", f"{name}缺少参数{parameter.name}", f"{name} needs {parameter.name}"
                )


def _named_by_parameters(
    definition: Definition,
    path: PathOf,
    guard: str,
    given: Mapping[str, object],
    ask: Mapping[str, Answer],
    rules: set[str],
) -> Iterator[Flaw]:
    """A guard that looks at an answer that nobody gives, or at a limit that does not exist, would guard nothing."""
    known = parameters_of(guard) if guard in GUARDS else {}
    for key, value in given.items():
        used = [] if key not in known or value == known[key].default else [str(value)]
        if key in NAMES_A_LIMIT:
            yield from missing(path, used, rules, "time limit", "期限")
        elif key == NAMES_A_STEP:
            yield from missing(path, used, {*definition.steps, OPEN}, "step", "步骤")
        elif key == NAMES_AN_EARLIER_ANSWER:
            yield from missing(path, used, _asked_at(definition, str(given.get(NAMES_A_STEP))), "answer", "填报项")
        elif key != NAMES_NOTHING:
            yield from missing(path, used, ask, "answer", "填报项")


def _asked_at(definition: Definition, step: str) -> Mapping[str, Answer]:
    if step == OPEN:
        return definition.open.ask
    return definition.steps[step].ask if step in definition.steps else {}


def _bad_targets(definition: Definition, path: PathOf, step: Step | Opening) -> Iterator[Flaw]:
    sources = step.from_ if isinstance(step, Step) else ()
    yield from _bad_target(definition, (*path, "to"), step.to, step.ask, sources)


def _bad_target(
    definition: Definition, path: PathOf, target: object, ask: Mapping[str, Answer], sources: tuple[str, ...]
) -> Iterator[Flaw]:
    if isinstance(target, str):
        if target != SAME:
            yield from missing(path, [target], definition.states, "state", "状态")
        return
    if not isinstance(target, dict) or len(target) != 1:
        yield Flaw(path, "target.shape", "去向只能有一种选择方式", "a target makes one choice")
        return
    (key, inner), *_ = target.items()
    if key == "previous":
        yield from missing(path, [str(inner)], definition.steps, "step", "步骤")
        return
    if not isinstance(inner, dict) or (key == "choose" and set(inner) != {"by", "yes", "no"}):
        yield Flaw(path, "target.shape", f"去向“{key}”写得不完整", f"the target {key} is not complete")
        return
    if key == "choose":
        yield from missing(path, [str(inner["by"])], CONDITIONS, "condition", "条件")
        inner = {"yes": inner["yes"], "no": inner["no"]}
    elif key == "at":
        yield from missing(path, inner, definition.states, "state", "状态")
        yield from _unsaid(path, [state for state in sources if state not in inner])
    else:
        yield from missing(path, [key], ask, "answer", "填报项")
        if key in ask:
            yield from _bad_choice(path, key, ask[key], inner)
    for nested in inner.values():
        yield from _bad_target(definition, path, nested, ask, sources)


def _bad_choice(path: PathOf, name: str, answer: Answer, by_value: Mapping[str, object]) -> Iterator[Flaw]:
    if answer.type not in {"choice", "yes_no"}:
        zh, en = f"去向只能由单选或者是否项决定，“{name}”不是", f"only a choice or a yes or no leads on; {name} is none"
        yield Flaw(path, "target.no_choice", zh, en)
    elif "otherwise" not in by_value:
        values = YES_NO if answer.type == "yes_no" else tuple(answer.choices)
        yield from _unsaid(path, [value for value in values if value not in by_value])
        if answer.optional:
            zh, en = f"“{name}”可以不填，未说明不填的去向", f"{name} is optional: no target for no answer (otherwise)"
            yield Flaw(path, "target.unsaid", zh, en)


def _unsaid(path: PathOf, values: list[str]) -> Iterator[Flaw]:
    if values:
        yield Flaw(path, "target.unsaid", f"未说明{values}的去向", f"no target for {', '.join(values)}")


def _bad_law(definition: Definition, path: PathOf, law: Never) -> Iterator[Flaw]:
    known = {*definition.steps, OPEN}
    steps = [*law.steps, *law.save, *law.since, *law.by_whoever_took, *(s for group in law.without for s in group)]
    yield from missing(path, steps, known, "step", "步骤")
    yield from missing(path, law.entering, definition.states, "state", "状态")
    yield from missing(path, [law.kept_by] if law.kept_by else [], PROMISES, "promise", "引擎承诺")
    for place, items in (("unless", law.unless), ("unguarded", law.unguarded)):
        for index, item in enumerate(items):
            yield from _unknown_guard((*path, place, index), item)
    claims = (law.without, law.unguarded, law.unasked, law.by_whoever_took, law.starting, law.not_by_itself_after)
    claims_something = any(claims) or law.not_in_person
    speaks = bool(law.steps or law.entering)
    if speaks != claims_something or not (speaks or law.kept_by):
        zh, en = (
            "须写明说的是哪些步骤、要求什么，或者由引擎的哪项承诺保证",
            "say of which steps it speaks and what it asks",
        )
        yield Flaw(path, "law.empty", f"“{law.zh}”{zh}", f"{law.en}: {en}, or which promise of the engine keeps it")


def _unknown_guard(path: PathOf, item: Mapping[str, Mapping[str, object]]) -> Iterator[Flaw]:
    """A law may leave parameters open that the steps fill in."""
    for name, given in item.items():
        yield from missing(path, [name], GUARDS, "guard", "条件")
        if name in GUARDS:
            yield from missing(path, given, parameters_of(name), f"parameter of {name}", f"{name}的参数")
