"""The campaign language: what a campaign file may say, as frozen models.

A plan is identified by the hash of its document; comments do not count. `campaign_checks.py` judges whether it
contradicts itself, `campaigns.py` answers what it means on a day.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from engine.canonical import content_hash
from engine.data_files import data_folder, validated
from engine.data_values import Contradiction, Day, FileId, Identifier, Month, Number, Text
from engine.parsed_file import Parsed

EACH_UNIT = "each_unit"

DayOfMonth = Annotated[Number, Field(ge=1, le=28)]
Level = Literal["nation", "province", "city", "county"]
ObligationKind = Literal["work_plan", "site_list", "monthly_form", "summary", "ad_hoc"]


class Part(BaseModel):
    """Base of everything in a campaign file: nothing unknown, nothing changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(Part):
    """One text in both languages."""

    zh: Text
    en: Text


class Named(Part):
    """Something with an id by which cases, forms and commands refer to it."""

    id: Identifier
    zh: Text
    en: Text


class Reading(Words):
    """How an ambiguous printed text is read here, and how sure that is."""

    confidence: Literal["V1", "V2", "M+", "M-", "inference"]


class Parent(Words):
    """The notice that this campaign carries out, with its issuers in printed order; `id` if it is loaded too."""

    id: FileId | None = None
    issuers: tuple[Text, ...] = Field(min_length=1)


class TargetGroup(Named):
    """Fields of the internet that the campaign treats in the same way."""

    items: tuple[Words, ...] = Field(min_length=1)


class Task(Part):
    """A task with the number printed in its phase."""

    no: Number = Field(ge=1)
    zh: Text
    en: Text


class Phase(Named):
    """A dated part of the campaign; both days belong to it."""

    starts_on: Day
    ends_on: Day
    tasks: tuple[Task, ...] = ()


class Department(Named):
    """A department that takes part, with its duties; the leading one is marked."""

    lead: bool = False
    duties: tuple[Words, ...] = Field(min_length=1)


class Within(Part):
    """So many calendar days after a day of the campaign, that day not counted."""

    days: Annotated[Number, Field(ge=1, le=366)]
    of: Literal["issued_on", "starts_on"]


class Monthly(Part):
    """Due for every named month, on a day of the month after it."""

    day: DayOfMonth
    months: tuple[Month, ...] = Field(min_length=1)


class ObligationRule(Named):
    """Something that the campaign owes: once, every month, or (ad hoc) when there is something to report.

    `owed_by` lists unit ids, or only `each_unit`: the owning unit and every unit below it that takes part.
    `printed` keeps the words of the notice.
    """

    kind: ObligationKind
    due_on: Day | None = None
    within: Within | None = None
    monthly: Monthly | None = None
    owed_by: tuple[Identifier, ...] = (EACH_UNIT,)
    to: Text
    printed: Text | None = None
    reading: Reading | None = None

    @model_validator(mode="after")
    def _one_way_to_say_when(self) -> ObligationRule:
        ways = [way for way in (self.due_on, self.within, self.monthly) if way is not None]
        if len(ways) > 1:
            raise Contradiction(
                "due_on、within、monthly只能写一项", "write only one of due_on, within, monthly", "obligation.dates"
            )
        if not ways and self.kind != "ad_hoc":
            raise Contradiction(
                "请写明期限（due_on、within、monthly之一）",
                "say when it is due (due_on, within or monthly)",
                "obligation.undated",
            )
        if ways and self.kind == "ad_hoc":
            raise Contradiction("随时报送的事项不设期限", "an ad-hoc report has no date", "obligation.dates")
        return self


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


class CampaignPlan(Part):
    """A campaign as its notice lays it down. Lists keep the printed order."""

    id: FileId
    name: Words
    title: Words
    level: Level
    document_no: Text | None = None
    issued_on: Day
    issuers: tuple[Text, ...] = Field(min_length=1)
    addressees: Text | None = None
    organisers: tuple[Text, ...] = Field(min_length=1)
    unit: Identifier
    parents: tuple[Parent, ...] = ()
    starts_on: Day
    ends_on: Day
    aim: Words | None = None
    means: tuple[Words, ...] = ()
    targets: tuple[TargetGroup, ...] = ()
    key_areas: tuple[Named, ...] = ()
    measures: tuple[Named, ...] = ()
    phases: tuple[Phase, ...] = ()
    departments: tuple[Department, ...] = ()
    categories: tuple[Named, ...] = ()
    unknown_category: Identifier | None = None
    forms: tuple[Identifier, ...] = ()
    obligations: tuple[ObligationRule, ...] = ()
    gates: tuple[Gate, ...] = ()

    def as_document(self) -> dict[str, Any]:
        """The plan as plain JSON values; what equals its default is left out, so that a later field moves no hash."""
        return self.model_dump(mode="json", exclude_defaults=True)

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

    def window_of(self, gate: Gate) -> tuple[date, date]:
        """First and last day on which the gate is open, both inclusive."""
        frame = self.phase(gate.phase) if gate.phase else None
        first, last = (frame.starts_on, frame.ends_on) if frame else (self.starts_on, self.ends_on)
        return gate.starts_on or first, gate.ends_on or last


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
