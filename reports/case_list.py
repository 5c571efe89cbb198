"""Attachment 2: the cases of a campaign, one line each, as they stood on the last day of the period."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.case_store import trail_from_json
from engine.case_view import StepTaken
from engine.definitions import Definition
from engine.office import Office
from engine.store import Statement, Work
from engine.tables import CaseCampaignRow, CaseRow
from reports.scope import Scope
from reports.tally_store import in_list, listed
from workflows.case_cells import outcome_of, source_zh, summary_zh

CASE = CaseRow.__table__  # type: ignore[attr-defined]
IN_CAMPAIGN = CaseCampaignRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class ListedCase:
    """A case as the list needs it: `facts` are its latest answers, `trail` the steps taken so far."""

    case_no: str
    title: str
    unit: str
    definition: str
    facts: Mapping[str, Any]
    trail: tuple[StepTaken, ...]


@dataclass(frozen=True)
class ListRow:
    """A line of a list form. The cells, by column, are Chinese as printed; `outcome_en` is one of them in English."""

    id: str
    zh: str
    en: str
    cells: Mapping[str, int | str]
    outcome_en: str

    def document(self) -> dict[str, Any]:
        return {"id": self.id, "zh": self.zh, "en": self.en, "cells": dict(self.cells)}


def case_rows(office: Office, work: Work, campaign: str, scope: Scope, last_on: date) -> tuple[ListRow, ...]:
    """One line per case that counted in the campaign by `last_on` (inclusive), in the order in which it came in.

    What was done after that day does not show.
    """
    cases = cases_in(work, campaign, scope.units, last_on)
    return tuple(
        _row(number, case, office.definition_of(work, case.definition), _unit_zh(office, case), last_on)
        for number, case in enumerate(cases, start=1)
    )


def cases_in(work: Work, campaign: str, units: Sequence[str], last_on: date) -> tuple[ListedCase, ...]:
    """The cases of those units that counted in the campaign on or before a day."""
    values = {"campaign_key": campaign, "unit_list": listed(units), "last_on_key": last_on.isoformat()}
    return tuple(
        ListedCase(case_no, title, unit, definition, json.loads(facts), trail_from_json(trail))
        for case_no, title, unit, definition, facts, trail in work.all(_CASES, values)
    )


def _row(number: int, case: ListedCase, definition: Definition | None, unit_zh: str, last_on: date) -> ListRow:
    outcome_zh, outcome_en = outcome_of(definition, case.trail, last_on)
    cells: dict[str, int | str] = {
        "number": number,
        "title": case.title,
        "unit": unit_zh,
        "source": source_zh(definition, case.facts),
        "summary": summary_zh(case.facts),
        "outcome": outcome_zh,
        "remarks": f"案号{case.case_no}",
    }
    return ListRow(case.case_no, case.title, case.title, cells, outcome_en)


def _unit_zh(office: Office, case: ListedCase) -> str:
    unit = office.people.units.get(case.unit)
    return unit.zh if unit else case.unit


_CASES = Statement(
    lambda dialect: (
        sa.select(CASE.c.case_no, CASE.c.title, CASE.c.unit, CASE.c.definition, CASE.c.facts, CASE.c.trail)
        .join(IN_CAMPAIGN, IN_CAMPAIGN.c.case_no == CASE.c.case_no)
        .where(
            IN_CAMPAIGN.c.campaign == sa.bindparam("campaign_key"),
            IN_CAMPAIGN.c.since <= sa.bindparam("last_on_key"),
            in_list(dialect, CASE.c.unit, "unit_list"),
        )
        .order_by(IN_CAMPAIGN.c.since, CASE.c.case_no)
    )
)
