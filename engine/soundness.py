"""What is wrong with a definition before it runs: dead states, dead ends, limits that nothing ends, broken laws."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from engine.answer_uses import driven_by
from engine.definition_names import unknown_names
from engine.definitions import OPEN, Definition, Start, Step, arcs_of, steps_that_meet
from engine.flaws import Flaw, PathOf
from engine.legal_proof import Breach, LawProof, prove
from engine.reaching import Graph, Reach, from_after, from_opening, graph_of

# Somebody must be able to end these; the others end by passing.
OWED_NATURES = ("duty", "other_body")
# More than anybody can oversee, and than can be proved while he waits: the rest belongs into workflows of its own.
MOST = {"states": 200, "steps": 500, "never": 100}


def flaws_of(definition: Definition, natures: Mapping[str, str], measures: Iterable[str]) -> tuple[Flaw, ...]:
    """Every flaw found; none means that the definition may run.

    `natures` are the time limits that the law knows, each with its nature; `measures` the statistics that forms know.
    """
    large = tuple(_too_large(definition))
    if large:
        return large
    names = tuple(unknown_names(definition, set(natures), set(measures)))
    if names:
        return names  # a walk over arcs makes sense only when every state on them exists
    graph = graph_of(definition)
    return (
        *_walk_flaws(graph),
        *_flaws_of_returns(graph),
        *_deadline_flaws(graph, natures),
        *_correctable_flaws(definition),
        *_broken_laws(definition),
    )


def _too_large(definition: Definition) -> Iterator[Flaw]:
    sizes = {"states": len(definition.states), "steps": len(definition.steps), "never": len(definition.never)}
    for place, size in sizes.items():
        if size > MOST[place]:
            zh = f"{place}有{size}项，最多{MOST[place]}项；请把一部分拆成单独的流程，作为子案件办理"
            en = f"{size} {place}, at most {MOST[place]}: make part of it a workflow of its own, for child cases"
            yield Flaw((place,), "definition.too_large", zh, en)


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


def _walk_flaws(graph: Graph) -> Iterator[Flaw]:
    definition = graph.definition
    backward: dict[str, set[str]] = {state: set() for state in definition.states}
    for name, step in definition.steps.items():
        if not step.from_:
            zh, en = f"步骤“{step.zh}”未写明从哪个状态出发，无人能办", f"step {name} leaves no state: nobody takes it"
            yield Flaw(("steps", name, "from"), "step.never", zh, en)
        for source, dest in arcs_of(definition, name):
            backward[dest].add(source)
            if definition.states[source].end and not step.after_end:
                yield Flaw(
                    ("steps", name, "from"),
                    "end.left",
                    f"步骤“{step.zh}”从终结状态“{definition.states[source].zh}”出发",
                    f"step {name} leaves the end {source}",
                )
    reached = from_opening(graph)
    can_end = _closure((state for state, said in definition.states.items() if said.end), backward)
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


def _flaws_of_returns(graph: Graph) -> Iterator[Flaw]:
    """A step that leads back to where another left needs that other one before it."""
    for name, source, earlier in graph.back:
        reach = from_opening(graph, frozenset({earlier}))
        if source in reach:
            steps = graph.definition.steps
            way = (OPEN, *reach.way_to(source), name)
            told = _zh(graph.definition, way)
            zh = f"步骤“{steps[name].zh}”退回到“{steps[earlier].zh}”之前，但可以不经过它就办理：{told}"
            en = f"{name} leads back to before {earlier}, but can be taken without it: {' → '.join(way)}"
            yield Flaw(("steps", name, "to"), "previous.not_taken", zh, en)


def _deadline_flaws(graph: Graph, natures: Mapping[str, str]) -> Iterator[Flaw]:
    definition = graph.definition
    opened = from_opening(graph)
    starts: list[tuple[PathOf, str, tuple[Start, ...]]] = [
        (("open",), OPEN, definition.open.start),
        *((("steps", name), name, step.start) for name, step in definition.steps.items()),
    ]
    for path, name, started in starts:
        owed = [(i, start.rule) for i, start in enumerate(started) if natures[start.rule] in OWED_NATURES]
        after = opened if name == OPEN else from_after(graph, (name,)) if owed else None
        for index, rule in owed:
            if not steps_that_meet(definition, rule):
                zh, en = f"期限“{rule}”没有步骤可以结束", f"no step ever stops the deadline {rule}"
                yield Flaw((*path, "start", index), "deadline.never_stopped", zh, en)
            elif after is not None and not _can_stop(definition, after, rule):
                zh = f"期限“{rule}”起算后，再也走不到能够结束它的步骤"
                en = f"once the deadline {rule} has begun, no step that stops it can be reached"
                yield Flaw((*path, "start", index), "deadline.out_of_reach", zh, en)
    rules = {start.rule for _, _, started in starts for start in started}
    for name, step in definition.steps.items():
        yield from _flaws_by_itself(("steps", name), step, rules, natures)


def _can_stop(definition: Definition, after: Reach, rule: str) -> bool:
    return any(
        any(stop.rule == rule for stop in step.stop) and any(state in after for state in step.from_)
        for step in definition.steps.values()
    )


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


def _broken_laws(definition: Definition) -> Iterator[Flaw]:
    for proof in prove(definition):
        for step, breaches in groupby(proof.breaches, key=lambda breach: breach.step):
            yield _broken(definition, proof, step, tuple(breaches))


def _broken(definition: Definition, proof: LawProof, name: str, breaches: tuple[Breach, ...]) -> Flaw:
    """Everything that one step lacks under one law; the way is that of the first."""
    said, way = proof.said, breaches[0].way
    step = definition.steps.get(name)
    zh, en = (step.zh, name) if step is not None else ("登记", OPEN)
    lacks_zh, lacks_en = "，".join(b.zh for b in breaches), ", ".join(b.en for b in breaches)
    return Flaw(
        ("steps", name) if step is not None else ("open",),
        "law.broken",
        f"“{zh}”{lacks_zh}，违反“{said.zh}”（{said.basis}）；路径：{_zh(definition, way)}",
        f"{en}: {lacks_en}; this breaks {proof.law} ({said.en}; {said.basis}); way: {' → '.join(way)}",
    )


def _zh(definition: Definition, way: Iterable[str]) -> str:
    return " → ".join(definition.steps[s].zh if s in definition.steps else "登记" for s in way)
