"""Tells what of a definition this program can no longer run: guards, conditions, roles and states that are gone. Pure.

A definition was whole when it was loaded; what it names may be gone from a later program, or the definition itself from
the store. A case under it then is read and not moved on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.definitions import Counted, Definition, Opening, Start, Step, Target, arcs_of, openings_of
from engine.errors import CaseReadOnly, Refusal, Remedy
from engine.guards import CONDITIONS, GUARDS, parameters_of

# So many things are named in a sentence; the facts hold all.
MOST_NAMED = 3
SHOWN_DIGITS = 12


@dataclass(frozen=True)
class Lost:
    """One thing that a case needs and that is gone. `reason` is stable, `name` says which one it is."""

    reason: str
    name: str
    zh: str
    en: str

    @property
    def in_the_store(self) -> bool:
        """Whether it is the store that lacks it, and no other version of the workflow would help."""
        return self.reason in {"definition_lost", "definition_unreadable"}


def definition_lost(hash_: str) -> Lost:
    shown = hash_[:SHOWN_DIGITS]
    zh, en = f"案卷库中没有该案所依的流程版本{shown}", f"the store has lost its workflow version {shown}"
    return Lost("definition_lost", hash_, zh, en)


def definition_unreadable(hash_: str) -> Lost:
    shown = hash_[:SHOWN_DIGITS]
    zh, en = f"本程序读不懂该案所依的流程版本{shown}", f"this program cannot read its workflow version {shown}"
    return Lost("definition_unreadable", hash_, zh, en)


def lost_in(definition: Definition) -> tuple[Lost, ...]:
    """Everything that the definition names and this program does not have, each once; none means that it can be run."""
    return tuple(dict.fromkeys((*_lost_guards(definition), *_lost_conditions(definition), *_lost_names(definition))))


def lost_states(definition: Definition, states: Iterable[str]) -> tuple[Lost, ...]:
    """Those of the states that the definition does not have."""
    return tuple(
        _lost("state_unknown", "状态", "state", s) for s in dict.fromkeys(states) if s not in definition.states
    )


def tells_states(lost: Iterable[Lost]) -> bool:
    """Whether the definition, though it cannot be run, still says where a case and its parties stand."""
    return not any(one.in_the_store or one.reason == "state_unknown" for one in lost)


def read_only(case_no: str, workflow: str, lost: Sequence[Lost], act: tuple[str, str, str]) -> CaseReadOnly:
    """Why a case can only be read. `act` is what was tried: its id, and its name in both languages."""
    return CaseReadOnly(case_no, act[0], (why_read_only(workflow, lost),), (), act[1], act[2])


def why_read_only(workflow: str, lost: Sequence[Lost]) -> Refusal:
    """The one reason, which names what is gone."""
    named, more = lost[:MOST_NAMED], len(lost) - MOST_NAMED
    zh = "；".join(one.zh for one in named) + (f"；另有{more}项" if more > 0 else "")
    en = "; ".join(one.en for one in named) + (f"; and {more} more" if more > 0 else "")
    remedy = Remedy("检查案卷库", "check the store", "anjuan doctor")
    if workflow and not any(one.in_the_store for one in lost):
        remedy = Remedy(
            "预演把案件移到现行版本",
            "rehearse moving the case to the version in force",
            f"anjuan workflow move {workflow} --rehearse",
        )
    return Refusal(
        CaseReadOnly.code,
        f"本案只能查看，不能办理：{zh}",
        f"this case can only be read: {en}",
        facts={"lost": [{"reason": one.reason, "name": one.name} for one in lost]},
        remedy=remedy,
    )


def _lost(reason: str, zh: str, en: str, name: str) -> Lost:
    return Lost(reason, name, f"没有{zh}“{name}”", f"there is no {en} {name!r}")


def _lost_guards(definition: Definition) -> Iterator[Lost]:
    asked: tuple[Opening | Step, ...] = (definition.open, *definition.steps.values())
    for item in (item for one in asked for item in (*one.require, *one.warn)):
        for name, given in item.items():
            if name not in GUARDS:
                yield _lost("guard_unknown", "条件", "guard", name)
            elif not _takes(name, given):
                zh, en = f"条件“{name}”的参数已经不同", f"guard {name!r} takes other parameters now"
                yield Lost("guard_changed", name, zh, en)


def _takes(guard: str, given: Mapping[str, Any]) -> bool:
    known = parameters_of(guard)
    needed = {name for name, parameter in known.items() if parameter.default is parameter.empty}
    return needed <= set(given) <= set(known)


def _lost_conditions(definition: Definition) -> Iterator[Lost]:
    for name in dict.fromkeys(_conditions(definition)):
        if name not in CONDITIONS:
            yield _lost("condition_unknown", "判断", "condition", name)


def _conditions(definition: Definition) -> Iterator[str]:
    yield from _chosen_by(definition.open.to)
    yield from _when(definition.open.start)
    for step in definition.steps.values():
        yield from _chosen_by(step.to)
        yield from _when(step.start)
        yield from (stop.when for stop in step.stop if stop.when)
        yield from (c.when for c in step.count.values() if isinstance(c, Counted) and c.when)


def _when(starts: Iterable[Start]) -> Iterator[str]:
    return (start.when for start in starts if start.when)


def _chosen_by(target: Target) -> Iterator[str]:
    if isinstance(target, str):
        return
    for key, inner in target.items():
        if key == "choose":
            yield inner["by"]
            yield from _chosen_by(inner["yes"])
            yield from _chosen_by(inner["no"])
        elif key != "previous":
            for nested in inner.values():
                yield from _chosen_by(nested)


def _lost_names(definition: Definition) -> Iterator[Lost]:
    roles = (definition.open.by, *(step.by for step in definition.steps.values()))
    for role in (role for named in roles for role in named):
        if role not in definition.roles:
            yield _lost("role_unknown", "职责", "role", role)
    yield from lost_states(definition, openings_of(definition))
    for step in definition.steps:
        try:
            arcs = list(arcs_of(definition, step))
        except KeyError as e:  # `previous` names a step that is gone
            yield _lost("step_unknown", "步骤", "step", str(e.args[0]))
            continue
        yield from lost_states(definition, (state for arc in arcs for state in arc))
