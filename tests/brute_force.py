"""Says what is wrong with a definition from its raw document alone, path by path: the oracle for `engine.soundness`.

It shares no code with the proof: targets, arcs, limits and laws are read here anew, by the words of
`engine.definitions`. What it finds are pairs of what is wrong and where; a broken law is told with the step.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from brute_names import names_wrong
from brute_paths import OPENING, Document, Paths, Reached, leaves, paths_of

Found = tuple[str, str]
OWED = ("duty", "other_body")


def wrong_in(document: Document, natures: Mapping[str, str]) -> frozenset[Found]:
    """Everything that is wrong; none means that the definition may run. `natures` are the limits that the law knows."""
    names = frozenset(("name", place) for place in names_wrong(document, natures))
    if names:
        return names
    paths = paths_of(document)
    every = paths.from_opening()
    return frozenset(
        (
            *_of_states(document, paths, every),
            *_of_returns(paths, every),
            *_of_limits(document, paths, every, natures),
            *_of_steps(document, natures),
            *_of_slips(document),
            *_of_laws(document, paths),
        )
    )


def asked_by(document: Document) -> Mapping[str, Any]:
    """The opening and the steps, by name."""
    return {OPENING: document["open"], **document["steps"]}


def _of_states(document: Document, paths: Paths, every: Reached) -> Iterator[Found]:
    states = document["states"]
    ends = [state for state, said in states.items() if said.get("end")]
    can_end = paths.leading_to(ends)
    for state in states:
        here = every.get((state, True), 0)
        if not here:
            yield "state.unreachable", state
        if here & ~can_end.get(state, 0) or not can_end.get(state):
            yield "state.no_end", state
    for name, step in document["steps"].items():
        if set(step["from"]) & set(ends) and not step.get("after_end"):
            yield "end.left", name


def _of_returns(paths: Paths, every: Reached) -> Iterator[Found]:
    for (name, source), found in paths.ways.items():
        for dest, back in found:
            if back and paths.never_taken(dest, every.get((source, True), 0)):
                yield "previous.not_taken", name


def _of_limits(document: Document, paths: Paths, every: Reached, natures: Mapping[str, str]) -> Iterator[Found]:
    """A limit that somebody owes can be ended: by somebody, and on some path after what starts it."""
    steps = document["steps"]
    for name, asked in asked_by(document).items():
        after = dict.fromkeys(paths.openings, 1) if name == OPENING else paths.after(name, every)
        for rule in dict.fromkeys(start["rule"] for start in asked.get("start", ())):
            if natures[rule] not in OWED:
                continue
            if not _ended_by_somebody(steps, rule):
                yield "deadline.never_stopped", name
                continue
            ending = [step for step in steps.values() if any(s["rule"] == rule for s in step.get("stop", ()))]
            can_stop = paths.leading_to({state for step in ending for state in step["from"]})
            if after and not any(there & can_stop.get(state, 0) for state, there in after.items()):
                yield "deadline.out_of_reach", name


def _ended_by_somebody(steps: Mapping[str, Any], rule: str) -> bool:
    """A limit that is owed is met by somebody, or ended otherwise by a step that is not taken on occasion alone."""
    for step in steps.values():
        for stop in step.get("stop", ()) if step.get("by") else ():
            met = stop.get("as", "met") == "met"
            if stop["rule"] == rule and (met or not step.get("on_occasion")):
                return True
    return False


def _of_steps(document: Document, natures: Mapping[str, str]) -> Iterator[Found]:
    begun = {start["rule"] for asked in asked_by(document).values() for start in asked.get("start", ())}
    for name, step in document["steps"].items():
        expiry = step.get("on_expiry")
        if bool(step.get("by")) == bool(expiry):
            yield "step.nobody", name
        if not step["from"]:
            yield "step.never", name
        if expiry and (natures[expiry] != "automatic" or expiry not in begun):
            yield "expiry.never", name
        ended = {stop["rule"] for stop in step.get("stop", ())}
        if expiry and (expiry not in ended or step.get("ask") or step.get("require")):
            yield "expiry.not_plain", name


def _of_slips(document: Document) -> Iterator[Found]:
    for name, asked in asked_by(document).items():
        deciding = {asked.get("assigns"), asked.get("withdraws"), *asked.get("waive", ()), *_choosing(asked["to"])}
        for start in asked.get("start", ()):
            deciding |= {start.get("from"), start.get("until"), *start.get("instead", ()), *start.get("after", ())}
        for place in ("stop", "pause", "resume"):
            deciding |= {one.get("on") for one in asked.get(place, ())}
        if any(answer.get("correctable") and a in deciding for a, answer in asked.get("ask", {}).items()):
            yield "answer.drives", name


def _choosing(target: Any) -> Iterator[str]:
    """The answers that choose where a target leads."""
    for key, inner in target.items() if isinstance(target, dict) else ():
        if key not in {"previous", "at", "choose"}:
            yield key
        for nested in inner.values() if isinstance(inner, dict) else ():
            yield from _choosing(nested)


def _of_laws(document: Document, paths: Paths) -> Iterator[Found]:
    asked = asked_by(document)
    for name, law in document.get("never", {}).items():
        subjects = _spoken_of(document, law)
        broken = {step for step in subjects if _lacks_something(asked[step], law)}
        for group in law.get("without", ()):
            broken |= set(_taken_without(paths, subjects, group, law)) - _seen_to(asked, law)
        allowed = subjects | set(law.get("save", ()))
        for step in asked.keys() - allowed:
            if any(start["rule"] in law.get("starting", ()) for start in asked[step].get("start", ())):
                broken.add(step)
        for step in broken:
            yield f"law.broken {name}", step


def _spoken_of(document: Document, law: Document) -> set[str]:
    inside = set(law.get("entering", ()))
    found = set(law.get("steps", ()))
    for name, step in document["steps"].items():
        for source in step["from"]:
            if source not in inside and any(not back and d in inside for d, back in leaves(step["to"], source)):
                found.add(name)
    if any(state in inside for state, _ in leaves(document["open"]["to"], "")):
        found.add(OPENING)
    return found - set(law.get("save", ()))


def _taken_without(paths: Paths, subjects: set[str], group: list[str], law: Document) -> Iterator[str]:
    """The steps that some path comes to while a step of the group is owed."""
    reached = paths.from_opening(group, law.get("since", ()))
    for step in subjects:
        if step == OPENING or any(reached.get((state, True)) for state in paths.sources[step]):
            yield step


def _seen_to(asked: Mapping[str, Any], law: Document) -> set[str]:
    """The steps whose guards see to it that an earlier step was taken."""
    wanted = law.get("unless", ())
    return {name for name, step in asked.items() if wanted and all(_guarded(step, item) for item in wanted)}


def _guarded(asked: Document, wanted: Document) -> bool:
    return all(
        any(name in item and all(item[name].get(k) == v for k, v in given.items()) for item in asked.get("require", ()))
        for name, given in wanted.items()
    )


def _lacks_something(asked: Document, law: Document) -> bool:
    """Whether the step misses a guard, an answer, other people, a limit or the person that the law asks for."""
    ask, starts = asked.get("ask", {}), asked.get("start", ())
    return not (
        all(_guarded(asked, wanted) for wanted in law.get("unguarded", ()))
        and all(_asks(ask, answer, type_) for answer, type_ in law.get("unasked", {}).items())
        and set(law.get("by_whoever_took", ())) <= set(asked.get("not_by", ()))
        and all(
            any(start["rule"] == rule and day in (None, start.get("from")) for start in starts)
            for rule, day in law.get("starting", {}).items()
        )
        and law.get("not_by_itself_after") in (None, asked.get("on_expiry"))
        and (asked.get("in_person") or not law.get("not_in_person"))
    )


def _asks(ask: Document, answer: str, type_: str) -> bool:
    return answer in ask and ask[answer]["type"] == type_ and not ask[answer].get("optional")
