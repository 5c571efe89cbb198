"""What a guard sees: the case as it stands, and the attempt to move it. Values only; nothing here reads or writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field

from engine.campaign_plan import CampaignPlan
from engine.deadlines import Deadline
from engine.law_book import LawBook
from engine.people import People, Person


def answered_day(answers: Mapping[str, Any], name: str) -> date | None:
    """The day in an answer of type date or moment, of a schedule its last; `None` when it was not answered."""
    value = answers.get(name)
    if not value:
        return None
    text: str = value[-1]["on"] if isinstance(value, list) else value
    return date.fromisoformat(text[:10])


@dataclass(frozen=True)
class StepTaken:
    """A step on the trail of a case; the first is `open`. `answers` leaves out free texts.

    `outside` says that it was taken outside the campaigns, `at` is its minute where one was given. `party` is the party
    for which alone it was taken. `signed_by` decided it on paper, `for_name` is whose place the decider took. The
    aliases are the names in the stored form.
    """

    seq: int
    step: str
    source: Annotated[str, Field(alias="from")]
    dest: Annotated[str, Field(alias="to")]
    actor: str
    role: str
    on: date
    answers: Mapping[str, Any]
    at: str | None = None
    outside: bool = False
    party: int | None = None
    signed_by: str | None = None
    for_name: str | None = None

    @property
    def officers(self) -> tuple[str, ...]:
        return tuple(self.answers.get("officers") or ())

    def day(self, answer: str) -> date | None:
        return answered_day(self.answers, answer)

    @property
    def involved(self) -> frozenset[str]:
        """Who had a hand in it: who decided it, for whom, and the officers named. Typing is no part in it."""
        absent = (self.for_name,) if self.for_name else ()
        return frozenset({self.signed_by or self.actor, *absent, *self.officers})


@dataclass(frozen=True)
class Party:
    """A party of the case. `joined_seq` is the entry that made it one; `respondent` the person or unit behind it."""

    party_no: int
    part: str
    kind: str
    name: str
    joined_seq: int = 1
    respondent: str | None = None


@dataclass(frozen=True)
class InCampaign:
    """A campaign in which the case counts, with its category there."""

    id: str
    category: str
    since: date


@dataclass(frozen=True)
class GatePass:
    """A one-time exception to a gate of one campaign, good until `until` (inclusive)."""

    id: str
    campaign: str
    step: str
    until: date


@dataclass(frozen=True)
class Child:
    case_no: str
    workflow: str
    state: str
    ended: bool


@dataclass(frozen=True)
class OtherCase:
    """Another case of the same party, or about the same work, in whichever unit: what has been done in it so far.

    `of` are the parties of the present case that are a party of that one too; empty where only the work is the same.
    The trail is that of these parties.
    """

    case_no: str
    workflow: str
    unit: str
    trail: tuple[StepTaken, ...]
    of: tuple[int, ...] = ()
    same_work: bool = False


@dataclass(frozen=True)
class CaseView:
    """One case, read once. `deadlines` are by their id in the case, in the order they were started."""

    case_no: str
    workflow: str
    definition: str
    state: str
    ended: bool
    version: int
    unit: str
    title: str
    holders: tuple[str, ...]
    facts: Mapping[str, Any]
    trail: tuple[StepTaken, ...]
    deadlines: Mapping[str, Deadline]
    parties: tuple[Party, ...]
    campaigns: tuple[InCampaign, ...]
    passes: tuple[GatePass, ...]
    children: tuple[Child, ...]
    parent: str | None
    opened_on: date
    last_on: date
    last_at: str | None
    recorded_at: str
    head_seq: int
    head_hash: str

    def taken(self, *steps: str) -> Iterator[StepTaken]:
        """Those steps on the trail, oldest first."""
        return (t for t in self.trail if t.step in steps)

    def last(self, *steps: str) -> StepTaken | None:
        """The newest of those steps, `None` if none was taken."""
        for t in reversed(self.trail):
            if t.step in steps:
                return t
        return None

    def latest_deadline(self, rule: str) -> Deadline | None:
        """The newest deadline under that rule: a second notice starts a second one, be its first day an earlier one."""
        found = [d for d in self.deadlines.values() if d.rule == rule]
        return max(found, key=lambda d: d.number) if found else None


@dataclass(frozen=True)
class Attempt:
    """Who tries what, on which day, with which answers, and what the office knows.

    `on` is the day of the step: it selects the law, the gate and the month of the figures. `at` is its minute
    where one was given. `today` is the legal day of the clock. `history` are the other cases of the parties, read only
    for a step one of whose guards needs them. `party_no` is the party for which alone it is tried. `actor` types it;
    `signed_by` decided it on the `paper` (its name, bytes, sha256), `for_name` is whose place the decider takes.
    `respondent` is the person or unit behind the name that becomes a party.
    """

    step: str
    actor: Person
    role: str
    on: date
    at: datetime | None
    today: date
    answers: Mapping[str, Any]
    law: LawBook
    people: People
    plans: Mapping[str, CampaignPlan] = field(default_factory=dict)
    reason: str = ""
    outside_campaign: bool = False
    source: str = ""
    dest: str = ""
    party_no: int | None = None
    signed_by: str | None = None
    for_name: str | None = None
    paper: Mapping[str, Any] | None = None
    respondent: str | None = None
    history: tuple[OtherCase, ...] = ()

    def day(self, answer: str) -> date | None:
        """An answered day; of an answered minute its day."""
        return answered_day(self.answers, answer)
