"""Takes steps in thought: what would stand against a step on a day, and how the case would stand after it.

Nobody knows yet what will be answered. Days are answered with the day of the step, a choice as it usually falls (the
first one of the definition), money with the amount that the rehearsal is told, and what cannot be guessed is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.case_view import Attempt, CaseView
from engine.changing import changed
from engine.definitions import Answer, Step
from engine.errors import Refusal
from engine.judging import Surroundings, judge_campaign_gates
from engine.machine import Workflow
from engine.moving import plan_move
from engine.people import Person
from engine.ways import Arc

HOUR = "T09:00+08:00"


@dataclass(frozen=True)
class Rehearsal:
    """In which surroundings, in whose name and with what money steps are taken in thought."""

    workflow: Workflow
    around: Surroundings
    actor: Person
    amount_fen: int

    def against(self, case: CaseView, arc: Arc, on: date) -> tuple[Refusal, ...]:
        """What guards and campaigns say against the step on that day, as far as it can be known."""
        attempt = self._attempt(arc, on, self._foreseen(arc, on))
        gates, _, _ = judge_campaign_gates(case, attempt, self.around.people)
        return (*gates, *self.workflow.judge(case, attempt))

    def after(self, case: CaseView, arc: Arc, on: date) -> CaseView:
        """The case as it would stand, with the time limits that the step starts and ends."""
        attempt = self._attempt(arc, on, {**self._usual(case, arc), **self._foreseen(arc, on)})
        after = plan_move(self.workflow, case, attempt, (), (), self.around.now).after
        return changed(after, head_seq=case.head_seq + 1)

    def _attempt(self, arc: Arc, on: date, answers: Mapping[str, Any]) -> Attempt:
        around = self.around
        return Attempt(
            step=arc.step,
            actor=self.actor,
            role="",
            on=on,
            at=None,
            today=on,
            answers=answers,
            law=around.law,
            people=around.people,
            plans=around.plans,
            source=arc.source,
            dest=arc.dest,
            history=around.history,
        )

    def _step(self, arc: Arc) -> Step:
        return self.workflow.definition.steps[arc.step]

    def _foreseen(self, arc: Arc, on: date) -> dict[str, Any]:
        """The answers by which the step is judged: days, money, and those that lead where the way goes."""
        days = {"date": on.isoformat(), "moment": f"{on}{HOUR}", "money": self.amount_fen}
        asked = self._step(arc).ask
        return {n: days[a.type] for n, a in asked.items() if a.type in days and _is_answered(a)} | dict(arc.said)

    def _usual(self, case: CaseView, arc: Arc) -> dict[str, Any]:
        """The other answers, which later steps may look back at."""
        kinds: dict[str, Any] = {"integer": 0, "choices": [], "officers": list(case.holders), "yes_no": "yes"}
        asked = {n: a for n, a in self._step(arc).ask.items() if _is_answered(a)}
        chosen = {n: next(iter(a.choices)) for n, a in asked.items() if a.type == "choice"}
        return {n: kinds[a.type] for n, a in asked.items() if a.type in kinds} | chosen


def _is_answered(answer: Answer) -> bool:
    """Whether it must be answered, with something that has happened: plans are somebody's to make."""
    return not answer.optional and answer.not_in_future
