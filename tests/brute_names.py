"""Finds the names in a raw document behind which nothing stands: the part of the oracle that walks no path."""

from __future__ import annotations

import inspect
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

from brute_paths import OPENING, Document

from engine.guards import CONDITIONS, GUARDS

# What the parameters of guards name; those that are not here name answers of the step itself.
LIMIT_PARAMETERS = ("deadline", "rule")


def names_wrong(document: Document, limits: Mapping[str, str]) -> Iterator[str]:
    """The place of every name that does not exist, and of every target that does not say enough."""
    for name, asked in {OPENING: document["open"], **document["steps"]}.items():
        for used, known in _used(document, asked, limits):
            if used is not None and used not in known:
                yield f"{name}: {used}"
        for item in (*asked.get("require", ()), *asked.get("warn", ())):
            yield from (f"{name}: {wrong}" for wrong in _guard_wrong(document, asked, item, limits))
        yield from (f"{name}: {wrong}" for wrong in _target_wrong(document, asked, asked["to"]))
        for answer, said in asked.get("ask", {}).items():
            if said["type"] in {"choice", "choices"} and not said.get("choices"):
                yield f"{name}: {answer}"
    for name, law in document.get("never", {}).items():
        steps = (OPENING, *document["steps"])
        named = [law.get(key, ()) for key in ("steps", "save", "since", "by_whoever_took")]
        for step in (step for group in (*named, *law.get("without", ())) for step in group):
            if step not in steps:
                yield f"{name}: {step}"
        for state in law.get("entering", ()):
            if state not in document["states"]:
                yield f"{name}: {state}"
        for rule in (*law.get("starting", ()), law.get("not_by_itself_after")):
            if rule is not None and rule not in limits:
                yield f"{name}: {rule}"


def _used(
    document: Document, asked: Document, limits: Mapping[str, str]
) -> Iterator[tuple[str | None, Container[str]]]:
    """Every name that the opening or a step uses, with those that there are."""
    ask, steps = asked.get("ask", {}), document["steps"]
    for start in asked.get("start", ()):
        yield from ((rule, limits) for rule in (start["rule"], *start.get("ends", ())))
        yield from ((start.get(key), ask) for key in ("from", "until"))
        yield start.get("when"), CONDITIONS
        for key in ("instead", "after"):
            yield from ((answer, ask) for answer in start.get(key, {}))
            yield from ((rule, limits) for by_value in start.get(key, {}).values() for rule in by_value.values())
    for place in ("stop", "pause", "resume"):
        for one in asked.get(place, ()):
            yield from ((one["rule"], limits), (one.get("on"), ask), (one.get("when"), CONDITIONS))
    for answer, by_value in asked.get("waive", {}).items():
        yield answer, ask
        yield from ((rule, limits) for waived in by_value.values() for rule in waived)
    yield from ((role, document["roles"]) for role in asked.get("by", ()))
    yield from ((state, document["states"]) for state in asked.get("from", ()))
    yield from ((step, (OPENING, *steps)) for step in asked.get("not_by", ()))
    yield asked.get("follows"), steps
    yield asked.get("on_expiry"), limits
    yield from ((asked.get(key), ask) for key in ("assigns", "withdraws", "title", "works"))
    yield from ((asked.get("joins", {}).get(key), ask) for key in ("name", "kind", "number"))
    parties = asked.get("party")  # of the opening: by part; of a step: for how many it is taken
    yield from ((answer, ask) for answer in (parties.values() if isinstance(parties, dict) else ()))
    for counted in asked.get("count", {}).values():
        yield from _counted(document, ask, counted)


def _counted(document: Document, ask: Document, counted: Any) -> Iterator[tuple[str | None, Container[str]]]:
    long = isinstance(counted, dict) and "amount" in counted
    amount = counted["amount"] if long else counted
    if long:
        yield counted.get("when"), CONDITIONS
    if isinstance(amount, dict):
        for earlier, answer in amount.items():
            yield earlier, document["steps"]
            yield answer, document["steps"].get(earlier, {}).get("ask", {})
    elif not amount.lstrip("-").isdigit():
        yield amount, ask


def _guard_wrong(document: Document, asked: Document, item: Document, limits: Mapping[str, str]) -> Iterator[str]:
    for name, given in item.items():
        if name not in GUARDS:
            yield name
            continue
        taken = {k: p for k, p in inspect.signature(GUARDS[name]).parameters.items() if p.kind is p.KEYWORD_ONLY}
        yield from (f"{name}.{key}" for key in given if key not in taken)
        yield from (f"{name}.{key}" for key, p in taken.items() if p.default is p.empty and key not in given)
        for key, value in given.items():
            if value not in _named_by(document, asked, key, given, limits):
                yield f"{name}.{key} {value}"


def _named_by(document: Document, asked: Document, key: str, given: Document, limits: Mapping[str, str]) -> set[str]:
    """What a parameter can name: limits, steps, answers of an earlier step; else answers of the step itself."""
    if key == "optional":
        return {"yes", "no"}
    if key in LIMIT_PARAMETERS:
        return set(limits)
    asking = {OPENING: document["open"], **document["steps"]}
    if key == "step":
        return set(asking)
    looked_at = asking.get(given.get("step", ""), {}) if key == "answered" else asked
    return set(looked_at.get("ask", {}))


def _target_wrong(document: Document, asked: Document, target: Any) -> Iterator[str]:
    if isinstance(target, str):
        if target != "same" and target not in document["states"]:
            yield target
        return
    ((key, inner),) = target.items()
    if key == "previous":
        if inner not in document["steps"]:
            yield inner
        return
    if key == "choose":
        if inner["by"] not in CONDITIONS:
            yield inner["by"]
        nested: Iterable[Any] = (inner["yes"], inner["no"])
    elif key == "at":
        yield from (state for state in asked.get("from", ()) if state not in inner)
        yield from (state for state in inner if state not in document["states"])
        nested = inner.values()
    else:
        yield from _unsaid(asked.get("ask", {}).get(key), key, inner)
        nested = inner.values()
    for one in nested:
        yield from _target_wrong(document, asked, one)


def _unsaid(answer: Mapping[str, Any] | None, key: str, by_value: Document) -> Iterator[str]:
    """What can be answered for which no target is said, having no answer among it."""
    if answer is None or answer["type"] not in {"choice", "yes_no"}:
        yield key  # no answer at all, or one whose values nobody can list
    elif "otherwise" not in by_value:
        values = ("yes", "no") if answer["type"] == "yes_no" else answer["choices"]
        yield from (value for value in values if value not in by_value)
        if answer.get("optional"):
            yield key
