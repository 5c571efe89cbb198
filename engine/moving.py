"""Works out what a step changes: the case as it then stands, deadlines, figures, reminders, and the entry that says so.

Pure: nothing is stored here. Whoever receives a `Move` carries it out whole or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine.agenda import Rung, deadline_rungs
from engine.case_view import Attempt, CaseView, GatePass, StepTaken
from engine.changing import changed
from engine.clock import SHANGHAI, stored_instant
from engine.courses import Course
from engine.deadline_effects import course_effect, ended_effect, started_effect
from engine.deadline_page import shown
from engine.deadline_turns import turned_by
from engine.deadlines import Deadline, end_of_limit, ended, new_deadline, next_id
from engine.definitions import OPEN, Answer, Definition, Start, Step, Words
from engine.errors import Refusal
from engine.guards import CONDITIONS
from engine.ledger import Said, case_book
from engine.machine import Workflow
from engine.parties import joining
from engine.party_views import stands_at
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


@dataclass(frozen=True)
class _Limits:
    """What a step does to the time limits of its case: those it ends, those it pauses or lets run again, new ones."""

    before: Mapping[str, Deadline]
    stopped: tuple[Deadline, ...]
    turned: tuple[Deadline, ...]
    started: tuple[Deadline, ...]

    @property
    def after(self) -> dict[str, Deadline]:
        return {**self.before, **{d.id: d for d in (*self.stopped, *self.turned, *self.started)}}

    @property
    def running(self) -> tuple[Deadline, ...]:
        return (*self.started, *self.turned)

    def effects(self) -> list[dict[str, Any]]:
        return [
            *map(started_effect, self.started),
            *(ended_effect(self.before[d.id], d) for d in self.stopped),
            *(course_effect(self.before[d.id], d) for d in self.turned),
        ]


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
    limits = _limits(case, seen, attempt, step)
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
    book, calendar = case_book(case.case_no), attempt.law.calendar
    return Move(
        attempt.step,
        case,
        after,
        said_of(case.case_no, "step", attempt, step.ask, effects, rules, now),
        limits.started,
        (*limits.stopped, *limits.turned),
        tallies,
        deadline_rungs(book, case.unit, limits.running, calendar, attempt.today),
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
        **({"joined": [{"party_no": p.party_no, "part": p.part, "kind": p.kind} for p in joined]} if joined else {}),
    }


def _of_taker(attempt: Attempt) -> dict[str, Any]:
    """For whom the one who decided stands in, and the paper on which it was decided."""
    return {
        **({"for": attempt.for_name} if attempt.for_name is not None else {}),
        **({"paper": dict(attempt.paper)} if attempt.paper is not None else {}),
    }


def _limits(case: CaseView, seen: CaseView, attempt: Attempt, step: Step) -> _Limits:
    stopped = tuple(_stopped(seen, attempt, step))
    turned = turned_by(seen, attempt, step, {d.id for d in stopped})
    standing = {**seen.deadlines, **{d.id: d for d in (*stopped, *turned)}}
    seen = changed(seen, deadlines=standing) if stopped else seen
    started = tuple(_started(seen, attempt, step.start, case.deadlines))
    return _Limits(case.deadlines, stopped, turned, started)


def _after(workflow: Workflow, case: CaseView, attempt: Attempt, limits: _Limits, now: datetime) -> CaseView:
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
    started = tuple(_started(blank, attempt, opening.start, {}))
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
        "deadlines": [started_effect(d) for d in started],
        "tallies": [],
        "warnings": [w.code for w in warnings],
        "passes": [p.id for p in passes],
        "outside_campaign": attempt.outside_campaign,
    }
    said = said_of(blank.case_no, "open", attempt, opening.ask, effects, rules_of(workflow, attempt, started), now)
    rungs = deadline_rungs(case_book(blank.case_no), blank.unit, started, attempt.law.calendar, attempt.today)
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


def _stopped(case: CaseView, attempt: Attempt, step: Step) -> Iterable[Deadline]:
    done: set[str] = set()
    for stop in step.stop:
        if stop.when is not None and not CONDITIONS[stop.when](case, attempt):
            continue
        on, at = _start_of(attempt, stop.on)
        for d in case.deadlines.values():
            if d.rule == stop.rule and d.is_open and d.id not in done:
                done.add(d.id)
                yield ended(d, stop.as_, on, at)
    for answer, by_value in step.waive.items():
        for rule in by_value.get(str(attempt.answers.get(answer)), ()):
            found = case.latest_deadline(rule)
            if found is not None and found.is_open and found.id not in done:
                done.add(found.id)
                yield ended(found, "stopped", attempt.on, note="waived")


def _started(
    case: CaseView, attempt: Attempt, starts: Iterable[Start], known: Mapping[str, Deadline]
) -> Iterable[Deadline]:
    """The limits that begin; `known` are those of all parties, so that each gets an id of its own."""
    taken = dict(known)
    for start in starts:
        if start.when is not None and not CONDITIONS[start.when](case, attempt):
            continue
        deadline = _new(start, attempt, next_id(start.rule, taken))
        if deadline is not None:
            taken[deadline.id] = deadline
            yield deadline


def _new(start: Start, attempt: Attempt, deadline_id: str) -> Deadline | None:
    law = attempt.law
    rule = _by_answer(start.instead, attempt) or start.rule
    version = law.limit_on(rule, attempt.on)
    on, at = _start_of(attempt, start.from_)
    if version is None or (start.until and attempt.day(start.until) is None):
        return None
    after = _by_answer(start.after, attempt)
    course = Course(attempt.on, after, on) if after is not None else Course(attempt.on)
    made = new_deadline(
        law.limits[rule],
        version,
        deadline_id,
        law.rule_hash(rule),
        law.calendar,
        started_on=on if after is None else end_of_limit(law, after, on, attempt.on),
        started_at=at if version.counts_hours else None,
        fixed_on=attempt.day(start.until) if start.until else None,
        course=course,
    )
    return changed(made, rule=start.rule, party_no=attempt.party_no)


def _by_answer(choices: Mapping[str, Mapping[str, str]], attempt: Attempt) -> str | None:
    for answer, by_value in choices.items():
        found = by_value.get(str(attempt.answers.get(answer)))
        if found is not None:
            return found
    return None


def _start_of(attempt: Attempt, answer: str | None) -> tuple[date, datetime | None]:
    """The day, and where known the minute, from which something counts: an answer's, else the step's."""
    if answer is None or attempt.answers.get(answer) is None:
        return attempt.on, attempt.at
    value: str = attempt.answers[answer]
    at = datetime.fromisoformat(value) if "T" in value else None
    return date.fromisoformat(value[:10]), at
