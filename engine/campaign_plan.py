"""The campaign language: what a campaign file may say, as one frozen model of its parts.

A plan is identified by the hash of its document; comments do not count. `campaign_checks.py` judges whether it
contradicts itself, `campaigns.py` answers what it means on a day.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field

from engine.campaign_owed import ObligationRule
from engine.campaign_parts import (
    Counter,
    Dated,
    Department,
    Hotline,
    LawChange,
    Marks,
    Mechanism,
    Named,
    Parent,
    Phase,
    Reward,
    SpecialPeriod,
    TargetGroup,
    TargetList,
    Task,
    Words,
    all_tasks,
    plain,
)
from engine.canonical import content_hash
from engine.data_files import data_folder, validated
from engine.data_values import Day, FileId, Identifier, Text
from engine.parsed_file import Parsed

Level = Literal["nation", "province", "city", "county"]

# First and last day, both inclusive; open where there is none.
Span = tuple[date | None, date | None]


class Gate(Named):
    """When a step of campaign work is open, and whether it is refused or only warned about outside that time.

    The window is that of `phase`, without a phase that of the campaign; a written `starts_on` or `ends_on` replaces
    that end of it. Both days are inside. With `when`, the gate concerns only attempts whose answers are these.
    """

    step: Identifier
    when: dict[Identifier, Text] = Field(default_factory=dict)
    phase: Identifier | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    after: Literal["refuse", "warn"]
    basis: Text | None = None


class CampaignPlan(Dated):
    """A campaign as its notice lays it down. Lists keep the printed order.

    `issued_on` is the day of the notice, or of the page that tells of it; `launched_on` that of the meeting.
    `previous` is the campaign of the year before; `based_on` the hash of the version from which an extension made this.
    """

    id: FileId
    name: Words
    title: Words
    level: Level
    document_no: Text | None = None
    issued_on: Day
    launched_on: Day | None = None
    issuers: tuple[Text, ...] = Field(min_length=1)
    addressees: Text | None = None
    organisers: tuple[Text, ...] = Field(min_length=1)
    unit: Identifier
    parents: tuple[Parent, ...] = ()
    previous: FileId | None = None
    aim: Words | None = None
    means: tuple[Words, ...] = ()
    targets: tuple[TargetGroup, ...] = ()
    target_lists: tuple[TargetList, ...] = ()
    key_areas: tuple[Named, ...] = ()
    measures: tuple[Named, ...] = ()
    mechanisms: tuple[Mechanism, ...] = ()
    phases: tuple[Phase, ...] = ()
    tasks: tuple[Task, ...] = ()
    special_periods: tuple[SpecialPeriod, ...] = ()
    law_changes: tuple[LawChange, ...] = ()
    departments: tuple[Department, ...] = ()
    matrix: tuple[Marks, ...] = ()
    categories: tuple[Named, ...] = ()
    unknown_category: Identifier | None = None
    forms: tuple[Identifier, ...] = ()
    counters: tuple[Counter, ...] = ()
    obligations: tuple[ObligationRule, ...] = ()
    gates: tuple[Gate, ...] = ()
    rewards: tuple[Reward, ...] = ()
    hotlines: tuple[Hotline, ...] = ()
    based_on: Text | None = None

    def as_document(self) -> dict[str, Any]:
        """The plan as plain JSON values; what equals its default is left out, so that a later field moves no hash."""
        return plain(self)

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the document: the identity of this version."""
        return content_hash(self.as_document())

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A changed copy is another version: it does not take the worked-out hash along."""
        copied = super().model_copy(update=update, deep=deep)
        vars(copied).pop("hash", None)
        return copied

    def phase(self, phase_id: str) -> Phase | None:
        """The phase of that id, if there is one."""
        return next((phase for phase in self.phases if phase.id == phase_id), None)

    def department(self, name: str) -> Department | None:
        """The department of that id, or that is called so somewhere in the document."""
        return next((d for d in self.departments if name in (d.id, d.zh, *d.aliases)), None)

    def every_task(self) -> tuple[tuple[Phase | None, Task], ...]:
        """All tasks with their phase: those of the campaign first, each before the tasks below it."""
        return (
            *((None, task) for task in all_tasks(self.tasks)),
            *((phase, task) for phase in self.phases for task in all_tasks(phase.tasks)),
        )

    def window_of(self, gate: Gate, units: tuple[str, ...] = ()) -> Span:
        """First and last day on which the gate is open, both inclusive, `None` where it has no end on that side.

        `units` are the unit of the case and those above it, the nearest first: a region's own dates go before.
        """
        frame = self.phase(gate.phase) if gate.phase else None
        first, last = span_of(frame or self, units)
        return gate.starts_on or first, gate.ends_on or last


def span_of(dated: Dated, units: tuple[str, ...] = ()) -> Span:
    """From when to when, for the nearest of these units that has dates of its own."""
    regions = {region.unit: region for region in dated.regions}
    own = next((regions[unit] for unit in units if unit in regions), None)
    first = own.starts_on if own is not None and own.starts_on is not None else dated.starts_on
    last = own.ends_on if own is not None and own.ends_on is not None else dated.ends_on
    return first, last


def plan_from(document: Mapping[str, Any], name: str = "campaign") -> CampaignPlan:
    """The plan of a stored document (see `as_document`). Raises FileWrong."""
    return validated(CampaignPlan, Parsed(dict(document), {}, name))


def schema_text() -> str:
    """The JSON Schema of the campaign language, for editors; committed as `data/schemas/campaign.schema.json`."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **CampaignPlan.model_json_schema()}
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def shipped_campaign(campaign_id: str) -> Path:
    """Where the file of a shipped campaign would lie; it need not exist."""
    return data_folder() / "campaigns" / f"{campaign_id}.yaml"
