"""Works out what a step changes: the case as it then stands, deadlines, figures, reminders, and the entry that says so.

Pure: nothing is stored here. Whoever receives a `Move` carries it out whole or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.agenda import Rung, deadline_rungs
from engine.case_view import Attempt, CaseView, GatePass, Party, StepTaken
from engine.changing import changed
from engine.clock import SHANGHAI, stored_instant
from engine.deadline_effects import started_effect
from engine.deadline_page import shown
from engine.deadlines import Deadline
from engine.definitions import OPEN, Answer, Definition, Words
from engine.errors import Refusal
from engine.ledger import Said, case_book
from engine.machine import Workflow
from engine.parties import joining
from engine.party_views import kept_for_others, stands_at
from engine.step_limits import Limits, limits_of_step, started_by
from engine.tallies import Tally, counting, tallies_of


@dataclass(frozen=True)
class Move:
    """Everything that a step does. `before` is the case as it was read, `after` as it will stand, with all parties."""

    step: str
    before: CaseView
    after: CaseView
    said: Said
    started: tuple[Deadline, ...]
    altered: tuple[Deadline, ...]  # met, stopped, paused or running again
    tallies: tuple[Tally, ...]
    rungs: tuple[Rung, ...]
    passes: tuple[GatePass, ...]
    warnings: tuple[Refusal, ...]
    attempt: Attempt
    definition: Definition

    @property
    def changed_deadlines(self) -> tuple[Deadline, ...]:
        return (*self.started, *self.altered)

    def document(self, now: datetime) -> dict[str, Any]:
        """What `case do` answers."""
        calendar, today = self.attempt.law.calendar, self.attempt.today
        return {
            "case_no": self.after.case_no,
            "step": self.step,
            "from": self.attempt.source or self.before.state,
            "to": self.attempt.dest,
            **({"party": self.attempt.party_no, "state": self.after.state} if len(self.after.parties) > 1 else {}),
            "version": self.after.version,
            "warnings": [w.document() for w in self.warnings],
            "deadlines": [shown(d, calendar, today, now) for d in self.changed_deadlines],
            "papers": [],
            "tallies": [t.shown() for t in self.tallies],
            "names": self._names(),
        }

    def _names(self) -> dict[str, dict[str, str]]:
        """The step and the states as people call them."""
        said: dict[str, Words] = {"to": self.definition.states[self.attempt.dest]}
        if self.step != OPEN:
            said |= {"step": self.definition.steps[self.step], "from": self.definition.states[self.attempt.source]}
        return {name: {"zh": words.zh, "en": words.en} for name, words in said.items()}


def plan_move(
    workflow: Workflow,
    case: CaseView,
    attempt: Attempt,
    warnings: tuple[Refusal, ...],
    passes: tuple[GatePass, ...],
    now: datetime,
    seen: CaseView | None = None,
) -> Move:
    """What the step does to the case. The attempt must have been judged and allowed.

    `seen` is the case as the attempt sees it, where it is taken for one party of several.
    """
    step = workflow.definition.steps[attempt.step]
    seen = seen or case
    kept = kept_for_others(workflow.definition, case, attempt.party_no)
    limits = limits_of_step(case, seen, attempt, step, kept)
    tallies = tallies_of(step, attempt, seen, counting(step, attempt, seen))
    after = _after(workflow, case, attempt, limits, now)
    effects = {
        "from": attempt.source,
        "to": attempt.dest,
        **_of_parties(case, after, attempt),
        **_of_taker(attempt),
        "version": after.version,
        "deadlines": limits.effects(),
        "tallies": [t.shown() for t in tallies],
        "warnings": [w.code for w in warnings],
        "passes": [p.id for p in passes],
        "outside_campaign": attempt.outside_campaign,
        "served": step.serves,
    }
    rules = rules_of(workflow, attempt, limits.running)
    return Move(
        attempt.step,
        case,
        after,
        said_of(case.case_no, "step", attempt, step.ask, effects, rules, now),
        limits.started,
        (*limits.stopped, *limits.turned),
        tallies,
        deadline_rungs(case_book(case.case_no), case.unit, limits.running, attempt.law, attempt.today),
        passes,
        warnings,
        attempt,
        workflow.definition,
    )


def _of_parties(case: CaseView, after: CaseView, attempt: Attempt) -> dict[str, Any]:
    """For which party the step was taken, where the case as a whole then stands, and who became a party."""
    joined = after.parties[len(case.parties) :]
    return {
        **({"party": attempt.party_no} if attempt.party_no is not None else {}),
        **({"case": after.state} if len(after.parties) > 1 else {}),
        **({"joined": [_joined(p) for p in joined]} if joined else {}),
    }


def _joined(party: Party) -> dict[str, Any]:
    known = {"respondent": party.respondent} if party.respondent is not None else {}
    return {"party_no": party.party_no, "part": party.part, "kind": party.kind, **known}


def _of_taker(attempt: Attempt) -> dict[str, Any]:
    """For whom the one who decided stands in, and the paper on which it was decided."""
    return {
        **({"for": attempt.for_name} if attempt.for_name is not None else {}),
        **({"paper": dict(attempt.paper)} if attempt.paper is not None else {}),
    }


def _after(workflow: Workflow, case: CaseView, attempt: Attempt, limits: Limits, now: datetime) -> CaseView:
    """The case as it will stand."""
    definition = workflow.definition
    step = definition.steps[attempt.step]
    trail = (*case.trail, _taken(case, attempt, step.ask))
    parties = (*case.parties, *joining(step, case, attempt))
    state = stands_at(definition, parties, trail)
    return changed(
        case,
        state=state,
        ended=definition.states[state].end,
        version=case.version + 1,
        holders=tuple(attempt.answers[step.assigns]) if step.assigns else case.holders,
        facts={**case.facts, **attempt.answers},
        trail=trail,
        parties=parties,
        deadlines=limits.after,
        # What happens by itself is dated on its own day and stands in nobody's way.
        last_on=attempt.on if step.by else case.last_on,
        last_at=_last_at(case, attempt) if step.by else case.last_at,
        recorded_at=stored_instant(now),
    )


def plan_opening(
    workflow: Workflow,
    blank: CaseView,
    attempt: Attempt,
    warnings: tuple[Refusal, ...],
    passes: tuple[GatePass, ...],
    now: datetime,
) -> Move:
    """What opening does: the first entry of the case's book and the deadlines that begin with it."""
    opening = workflow.definition.open
    started = tuple(started_by(blank, attempt, opening.start, {}))
    case = changed(blank, state=attempt.dest)
    after = changed(
        case,
        ended=workflow.definition.states[attempt.dest].end,
        version=1,
        facts=dict(attempt.answers),
        trail=(_taken(blank, attempt, opening.ask),),
        deadlines={d.id: d for d in started},
        recorded_at=stored_instant(now),
    )
    effects = {
        "from": None,
        "to": attempt.dest,
        "version": 1,
        "workflow": blank.workflow,
        "unit": blank.unit,
        "parent": blank.parent,
        "campaigns": [{"id": c.id, "category": c.category} for c in blank.campaigns],
        **({"respondents": known} if (known := {str(p.party_no): p.respondent for p in blank.parties}) else {}),
        "deadlines": [started_effect(d) for d in started],
        "tallies": [],
        "warnings": [w.code for w in warnings],
        "passes": [p.id for p in passes],
        "outside_campaign": attempt.outside_campaign,
    }
    said = said_of(blank.case_no, "open", attempt, opening.ask, effects, rules_of(workflow, attempt, started), now)
    rungs = deadline_rungs(case_book(blank.case_no), blank.unit, started, attempt.law, attempt.today)
    return Move(OPEN, blank, after, said, started, (), (), rungs, passes, warnings, attempt, workflow.definition)


def said_of(
    case_no: str,
    kind: str,
    attempt: Attempt,
    ask: Mapping[str, Answer],
    effects: Mapping[str, Any],
    rules: Mapping[str, Any],
    now: datetime,
) -> Said:
    """The entry of an attempt that was carried out."""
    return Said(
        book=case_book(case_no),
        kind=kind,
        actor=attempt.actor.name,
        happened_on=attempt.on.isoformat(),
        happened_at=attempt.at.astimezone(SHANGHAI).isoformat(timespec="minutes") if attempt.at else None,
        recorded_at=now,
        step=attempt.step,
        role=attempt.role,
        signed_by=attempt.signed_by,
        reason=attempt.reason,
        answers=attempt.answers,
        personal=frozenset(name for name, answer in ask.items() if answer.personal),
        effects=effects,
        rules=rules,
    )


def rules_of(workflow: Workflow, attempt: Attempt, started: Iterable[Deadline]) -> dict[str, Any]:
    """The hashes of what the attempt was judged by: definition, time limits, parameters, holiday tables, campaigns."""
    calendar = attempt.law.calendar
    years = sorted(
        {y for d in started for y in range(d.started_on.year, d.due_on.year + 1) if calendar.is_published(y)}
    )
    return {
        "definition": workflow.hash,
        "time_limits": {d.terms.limit: d.terms.rule_hash for d in started},
        "parameters": attempt.law.parameters_hash,
        "holidays": {str(y): calendar.hash_of([y]) for y in years},
        "campaigns": {c: plan.hash for c, plan in attempt.plans.items()},
    }


def _taken(case: CaseView, attempt: Attempt, ask: Mapping[str, Answer]) -> StepTaken:
    kept = {n: v for n, v in attempt.answers.items() if ask[n].type != "text"}
    return StepTaken(
        case.head_seq + 1,
        attempt.step,
        attempt.source,
        attempt.dest,
        attempt.actor.name,
        attempt.role,
        attempt.on,
        kept,
        attempt.at.astimezone(SHANGHAI).isoformat(timespec="minutes") if attempt.at else None,
        attempt.outside_campaign,
        attempt.party_no,
        attempt.signed_by,
        attempt.for_name,
    )


def _last_at(case: CaseView, attempt: Attempt) -> str | None:
    """The minute of the last step, as far as one is known on that day."""
    if attempt.at is not None:
        return stored_instant(attempt.at)
    return case.last_at if attempt.on == case.last_on else None
