"""Runs a definition: one shared `transitions` machine per version, firing with every reason collected.

The arc is chosen first from the state and the answers; then all its guards are asked, also after one said no.
Nothing is changed by firing: the outcome is a value, and the unit of work stores it. The machine is never handed a
model to decorate (`add_model` fails on rows and is quadratic), is never queued and has no callbacks, so it may serve
all cases and threads at once. A guard that answers anything but `None` or a `Refusal` is a bug and raises.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast

from transitions import EventData, Machine
from transitions.core import Condition, Transition

from engine.case_view import Attempt, CaseView
from engine.changing import changed
from engine.definitions import SAME, Definition, Step, Target, arcs_of
from engine.errors import Refusal
from engine.guards import CONDITIONS, Need, bound, needs_of


@dataclass
class _Run:
    """One firing: what the machine moves, and what the guards said. Lives for one call."""

    state: str
    case: CaseView
    attempt: Attempt
    refusals: list[Refusal] = field(default_factory=list)


class _Judged(Condition):
    """A guard as a condition: asked always, its refusal collected, never compared with True."""

    def check(self, event_data: EventData) -> bool:
        run: _Run = event_data.kwargs["run"]
        judge = cast("partial[Refusal | None]", self.func)  # what `bound` made
        answer = judge(run.case, run.attempt)
        if answer is None:
            return True
        if not isinstance(answer, Refusal):
            raise TypeError(f"guard {judge.func.__name__} answered {answer!r}; it must answer None or a Refusal")
        run.refusals.append(answer)
        return False


class _Arc(Transition):
    """A transition that is taken only when it leads where the answers say, and asks every guard."""

    condition_cls = _Judged

    def execute(self, event_data: EventData) -> bool:
        """What the library does, without looking for callbacks: the machine has none."""
        run: _Run = event_data.kwargs["run"]
        if run.attempt.dest != self.dest or not self._eval_conditions(event_data):
            return False
        run.state = self.dest
        return True

    def _eval_conditions(self, event_data: EventData) -> bool:
        answers = [c.check(event_data) for c in self.conditions]  # every guard is asked, also after a no
        return all(answers)


class _Machine(Machine):
    transition_cls = _Arc


class Workflow:
    """A definition, ready to run. `hash` names its version."""

    def __init__(self, definition: Definition, hash_: str) -> None:
        self.definition = definition
        self.hash = hash_
        self._warnings = {
            name: [bound(g, p) for item in step.warn for g, p in item.items()]
            for name, step in definition.steps.items()
        }
        self.opening_guards = [bound(g, p) for item in definition.open.require for g, p in item.items()]
        self.opening_warnings = [bound(g, p) for item in definition.open.warn for g, p in item.items()]
        self._machine = _Machine(
            model=None,
            states=list(definition.states),
            initial=None,
            auto_transitions=False,
            send_event=True,
            queued=False,
        )
        for name, step in definition.steps.items():
            guards: Any = [bound(g, p) for item in step.require for g, p in item.items()]
            for source, dest in dict.fromkeys(arcs_of(definition, name)):
                self._machine.add_transition(name, source, dest, conditions=guards)

        self._steps_from = {
            state: frozenset(name for name, step in definition.steps.items() if step.by and state in step.from_)
            for state in definition.states
        }
        self._needs = {
            name: needs_of(g for item in (*step.require, *step.warn) for g in item)
            for name, step in definition.steps.items()
        }

    def needs(self, steps: Iterable[str]) -> frozenset[Need]:
        """What the guards of those steps need besides the case."""
        return frozenset().union(*(self._needs[name] for name in steps))

    def steps_from(self, states: Iterable[str]) -> tuple[str, ...]:
        """The steps that somebody takes from one of those states, in the definition's order."""
        found = frozenset().union(*(self._steps_from[state] for state in states))
        return tuple(name for name in self.definition.steps if name in found)

    def step(self, name: str) -> Step | None:
        return self.definition.steps.get(name)

    def destination(self, case: CaseView, attempt: Attempt) -> str:
        """The state to which the step would lead, from the case's state and the answers."""
        target = self.definition.open.to if attempt.step == "open" else self.definition.steps[attempt.step].to
        return _resolve(target, case, attempt)

    def judge(self, case: CaseView, attempt: Attempt) -> tuple[Refusal, ...]:
        """Every reason of the arc's guards against this attempt; none means that the step may be taken.

        The case's state must be one from which the step exists. An attempt that has its destination keeps it.
        """
        arced = attempt if attempt.dest else changed(attempt, source=case.state, dest=self.destination(case, attempt))
        run = _Run(case.state, case, arced)
        moved = self._machine.events[attempt.step].trigger(run, run=run)
        if not moved and not run.refusals:
            raise RuntimeError(
                f"{attempt.step} from {case.state} to {arced.dest} is no arc of {self.definition.workflow}"
            )
        return tuple(run.refusals)

    def warnings(self, case: CaseView, attempt: Attempt) -> tuple[Refusal, ...]:
        """What to mind about this attempt; never stops it."""
        judges = self.opening_warnings if attempt.step == "open" else self._warnings[attempt.step]
        return tuple(answer for judge in judges if (answer := judge(case, attempt)) is not None)

    def judge_opening(self, case: CaseView, attempt: Attempt) -> tuple[Refusal, ...]:
        """Every reason against opening such a case."""
        return tuple(answer for judge in self.opening_guards if (answer := judge(case, attempt)) is not None)


def _resolve(target: Target, case: CaseView, attempt: Attempt) -> str:
    if isinstance(target, str):
        return case.state if target == SAME else target
    (key, inner), *_ = target.items()
    if key == "previous":
        before = case.last(inner)
        return before.source if before else case.state
    if key == "at":
        return _resolve(inner[case.state], case, attempt)
    if key == "choose":
        return _resolve(inner["yes"] if CONDITIONS[inner["by"]](case, attempt) else inner["no"], case, attempt)
    return _resolve(_by_answer(inner, attempt.answers.get(key)), case, attempt)


def _by_answer(choices: dict[str, Any], value: Any) -> Target:
    if value in choices:
        found: Target = choices[value]
        return found
    # An unanswered choice is refused elsewhere; until then the first way stands in, so that its guards can be asked.
    return cast(Target, choices.get("otherwise", next(iter(choices.values()))))
