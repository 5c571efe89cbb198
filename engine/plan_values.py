"""What a plan is made of: its steps with their days, what they wait for, what they end, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.case_view import CaseView
from engine.deadlines import Deadline
from engine.definitions import Definition, Role, Words
from engine.errors import Holder, Refusal
from engine.ways import Arc
from engine.working_days import WorkingDays


@dataclass(frozen=True)
class Aim:
    """Where a case is to go, by which day (inclusive; None: as soon as it can), through which steps.

    `usual` is the line that is taken where `via` names no steps, as far as it leads there.
    """

    goal: str
    by: date | None = None
    via: tuple[str, ...] = ()
    usual: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """A way, and the steps through which it was made to lead."""

    way: tuple[Arc, ...]
    through: tuple[str, ...]


@dataclass(frozen=True)
class OnTheWay:
    """A time limit as it runs when every step of the way is taken on its earliest day.

    `begun_by` is the step of the way that starts it, None when it runs already.
    """

    deadline: Deadline
    begun_by: str | None

    @property
    def is_duty(self) -> bool:
        """Whether we owe something by its last day. While it is paused, nobody knows that day."""
        d = self.deadline
        return (d.nature == "duty" or d.terms.owed) and (d.state == "running" or d.ends_by_itself)

    def plan_on(self, calendar: WorkingDays) -> date:
        """The last day on which to plan what ends it: a working day, except where hours count, which do not stop."""
        d = self.deadline
        return d.due_on if d.due_at is not None else calendar.previous_working(d.due_on)

    @property
    def zh(self) -> str:
        """Its name, marked where nobody has confirmed what it rests on."""
        return self.deadline.terms.zh + ("（未确认）" if self.deadline.unsure else "")

    @property
    def en(self) -> str:
        return self.deadline.terms.en + (" (unconfirmed)" if self.deadline.unsure else "")

    @property
    def is_of_others(self) -> bool:
        """Whether those outside may use it up. A last day that our own order sets is ours."""
        return self.deadline.nature == "other_body" and self.deadline.terms.fixed_on is None

    def document(self) -> dict[str, Any]:
        d = self.deadline
        return {
            "deadline": d.id,
            "nature": d.nature,
            "zh": d.terms.zh,
            "en": d.terms.en,
            "started_on": d.started_on.isoformat(),
            "due_on": d.due_on.isoformat(),
            "begun_by": self.begun_by,
            "provisional": d.provisional,
            "basis": d.terms.basis,
            "confidence": d.terms.confidence,
            "unconfirmed": bool(d.unsure),
            "unsure": d.unsure or None,
        }


@dataclass(frozen=True)
class Stage:
    """A step of the way on its earliest day, and the case before and after it.

    `waits_for` are the periods for which it waits until then, `held` what else makes it wait (a campaign that has not
    begun), `against` what stands against it on that day all the same.
    """

    arc: Arc
    earliest_on: date
    before: CaseView
    after: CaseView
    waits_for: tuple[OnTheWay, ...]
    held: tuple[Refusal, ...]
    against: tuple[Refusal, ...]
    ends: tuple[OnTheWay, ...]

    @property
    def on_any_day(self) -> bool:
        """Whether it is owed within hours, so that it is planned on rest days too."""
        return any(limit.deadline.due_at is not None for limit in self.ends)


@dataclass(frozen=True)
class Timed:
    """A stage with its last days: that on which it still reaches the goal in time (None: nothing limits it), and that
    day when those outside (the party, the police) use all the time they have.

    `refusals` stand against it on its earliest day whatever amounts will be answered, `shut` from the day after its
    last day on.
    """

    stage: Stage
    latest_on: date | None
    prudent_on: date | None
    refusals: tuple[Refusal, ...]
    shut: tuple[Refusal, ...]

    @property
    def step(self) -> str:
        return self.stage.arc.step

    @property
    def earliest_on(self) -> date:
        return self.stage.earliest_on

    @property
    def is_missed(self) -> bool:
        """Whether its last day comes before its first."""
        return self.latest_on is not None and self.latest_on < self.earliest_on

    @property
    def owed_by(self) -> date | None:
        """The first day by which our own duty wants it."""
        return min((limit.deadline.due_on for limit in self.stage.ends if limit.is_duty), default=None)


@dataclass(frozen=True)
class Draft:
    """A plan whose days are known. `by` is None too when the day of the aim is over."""

    definition: Definition
    case: CaseView
    aim: Aim
    by: date | None
    line: Line
    rows: tuple[Timed, ...]
    calendar: WorkingDays

    @property
    def pivot(self) -> Timed | None:
        """The first step that begins what a later one waits for; without one, the next step."""
        begins = {wait.begun_by for row in self.rows for wait in row.stage.waits_for}
        return next((row for row in self.rows if row.step in begins), self.rows[0] if self.rows else None)


@dataclass(frozen=True)
class PlannedStep:
    """A step of the plan as it is shown: with its words, the roles that take it and who holds them. `who_can` leaves
    out those who may not because of what they did before.

    A day is provisional when it rests on a year whose holidays are not published.
    """

    timed: Timed
    words: Words
    roles: Mapping[str, Role]
    who_can: tuple[Holder, ...]
    earliest_provisional: bool
    latest_provisional: bool

    def document(self) -> dict[str, Any]:
        timed, stage = self.timed, self.timed.stage
        return {
            "step": timed.step,
            "zh": self.words.zh,
            "en": self.words.en,
            "by": list(self.roles),
            "who_can": [{"name": h.name, "role": h.role} for h in self.who_can],
            "from": stage.arc.source,
            "to": stage.arc.dest,
            "earliest_on": stage.earliest_on.isoformat(),
            "latest_on": _text(timed.latest_on),
            "prudent_on": _text(timed.prudent_on),
            "owed_by": _text(timed.owed_by),
            "waits_for": [wait.document() for wait in stage.waits_for],
            "ends": [limit.document() for limit in stage.ends],
            "provisional": self.earliest_provisional or self.latest_provisional,
        }


@dataclass(frozen=True)
class Plan:
    """How a case reaches a state: the steps in order, why it cannot be done in time, what to mind.

    `reachable` says that a way exists, be it too long. `said_zh` and `said_en` are the plan in one sentence.
    """

    case_no: str
    state: str
    aim: Aim
    through: tuple[str, ...]
    reachable: bool
    steps: tuple[PlannedStep, ...]
    refusals: tuple[Refusal, ...]
    warnings: tuple[Refusal, ...]
    said_zh: str
    said_en: str

    def document(self) -> dict[str, Any]:
        """What `case plan` answers."""
        return {
            "case_no": self.case_no,
            "from": self.state,
            "to": self.aim.goal,
            "by": _text(self.aim.by),
            "via": list(self.through),
            "reachable": self.reachable,
            "zh": self.said_zh,
            "en": self.said_en,
            "steps": [step.document() for step in self.steps],
            "refusals": [refusal.document() for refusal in self.refusals],
            "warnings": [warning.document() for warning in self.warnings],
        }


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
