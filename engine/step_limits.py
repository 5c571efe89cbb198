"""Works out what a step does to the time limits of its case: which end, are paused or run again, and begin. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine.case_view import Attempt, CaseView
from engine.changing import changed
from engine.courses import Course
from engine.deadline_effects import course_effect, ended_effect, started_effect
from engine.deadline_turns import turned_by
from engine.deadlines import Deadline, end_of_limit, ended, new_deadline, next_id
from engine.definitions import Start, Step
from engine.guards import CONDITIONS
from engine.law_book import LawBook


@dataclass(frozen=True)
class Limits:
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


def limits_of_step(case: CaseView, seen: CaseView, attempt: Attempt, step: Step, kept: frozenset[str]) -> Limits:
    """`kept` are limits of the whole case that other parties still need."""
    stopped = tuple(d for d in _stopped(seen, attempt, step) if d.id not in kept)
    turned = turned_by(seen, attempt, step, {d.id for d in stopped} | kept)
    standing = {**seen.deadlines, **{d.id: d for d in (*stopped, *turned)}}
    seen = changed(seen, deadlines=standing) if stopped else seen
    started = tuple(started_by(seen, attempt, step.start, case.deadlines))
    return Limits(case.deadlines, stopped, turned, started)


def _stopped(case: CaseView, attempt: Attempt, step: Step) -> Iterable[Deadline]:
    done: set[str] = set()
    for stop in step.stop:
        if stop.when is not None and not CONDITIONS[stop.when](case, attempt):
            continue
        on, at = _start_of(attempt, stop.on)
        for d in case.deadlines.values():
            if (
                d.rule == stop.rule
                and d.is_open
                and d.id not in done
                and not (stop.as_ == "stopped" and _is_over(d, on))
            ):
                done.add(d.id)
                yield ended(d, stop.as_, on, at)
    for answer, by_value in step.waive.items():
        for rule in by_value.get(str(attempt.answers.get(answer)), ()):
            found = case.latest_deadline(rule)
            if found is not None and found.is_open and found.id not in done:
                done.add(found.id)
                yield ended(found, "stopped", attempt.on, note="waived")


def _is_over(deadline: Deadline, on: date) -> bool:
    """Whether a right had run out by that day: there is nothing left of it to stop."""
    return deadline.nature == "right" and on > deadline.due_on and not deadline.is_paused(on)


def started_by(
    case: CaseView, attempt: Attempt, starts: Iterable[Start], known: Mapping[str, Deadline]
) -> Iterable[Deadline]:
    """The limits that begin; `known` are those of all parties, so that each gets an id of its own."""
    taken = dict(known)
    begun: dict[str, Deadline] = {}
    for start in starts:
        if start.when is not None and not CONDITIONS[start.when](case, attempt):
            continue
        # A limit may count from the end of another that begins with the same step.
        seen = changed(case, deadlines={**case.deadlines, **begun}) if start.ends else case
        deadline = _new(seen, start, attempt, next_id(start.rule, taken))
        if deadline is not None:
            taken[deadline.id] = begun[deadline.id] = deadline
            yield deadline


def _new(case: CaseView, start: Start, attempt: Attempt, deadline_id: str) -> Deadline | None:
    law = attempt.law
    rule = _by_answer(start.instead, attempt) or start.rule
    version = law.limit_on(rule, attempt.on)
    on, at = _start_of(attempt, start.from_)
    ends = [d.due_on for rule_id in start.ends if (d := case.latest_deadline(rule_id)) is not None]
    on = max(ends, default=on)
    if version is None or (start.until and attempt.day(start.until) is None):
        return None
    begun = law.once(
        _begun,
        rule,
        attempt.on,
        on,
        at if version.counts_hours else None,
        attempt.day(start.until) if start.until else None,
        _by_answer(start.after, attempt),
    )
    return changed(begun, id=deadline_id, rule=start.rule, party_no=attempt.party_no)


def _begun(
    law: LawBook,
    rule: str,
    chosen_on: date,
    on: date,
    at: datetime | None,
    fixed_on: date | None,
    after: str | None,
) -> Deadline:
    """The limit as it begins, whichever case it is of. `chosen_on` is a day whose law knows it; `after` is a limit that
    runs out first."""
    version = law.limits[rule].version_on(chosen_on)
    return new_deadline(
        law.limits[rule],
        version,
        rule,
        law.rule_hash(rule),
        law.calendar,
        started_on=on if after is None else end_of_limit(law, after, on, chosen_on),
        started_at=at,
        fixed_on=fixed_on,
        course=Course(chosen_on, after, on) if after is not None else Course(chosen_on),
    )


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
