"""Attachment 2: the cases of a campaign, one line each, as they stood on the last day of the period."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.case_store import trail_from_json
from engine.case_view import StepTaken
from engine.definitions import Definition, state_words
from engine.office import Office
from engine.store import Statement, Work
from engine.tables import CaseCampaignRow, CaseRow
from reports.scope import Scope
from reports.tally_store import in_list, listed
from workflows.decision_in_force import decision_in_force

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


def outcome_of(definition: Definition | None, trail: Sequence[StepTaken], last_on: date) -> tuple[str, str]:
    """Where the case stood at the end of the day, and what had been imposed by then, in Chinese and English.

    Where steps were taken for several parties, one after another. Without a definition states have no names.
    """
    by_then = [taken for taken in trail if taken.on <= last_on]
    numbers = sorted({taken.party for taken in by_then if taken.party is not None})
    if len(numbers) < 2:
        return _outcome(definition, by_then)
    each = [(n, *_outcome(definition, [taken for taken in by_then if taken.party in (None, n)], n)) for n in numbers]
    return "；".join(f"{n}号当事人{zh}" for n, zh, _ in each), "; ".join(f"party {n}: {en}" for n, _, en in each)


def _outcome(definition: Definition | None, trail: Sequence[StepTaken], party: int | None = None) -> tuple[str, str]:
    if not trail:
        return "", ""
    state = state_words(definition, _stood(trail, party))
    zh, en = [state.zh], [state.en]
    decision = decision_in_force(trail)
    decided = decision.answers if decision is not None else {}
    if fine := decided.get("fine_fen"):
        zh.append(f"罚款{_amount(fine)}元")
        en.append(f"fined {_amount(fine)} yuan")
    if confiscated := decided.get("confiscated_fen"):
        zh.append(f"没收违法所得{_amount(confiscated)}元")
        en.append(f"gains of {_amount(confiscated)} yuan confiscated")
    if copies := decided.get("copies_confiscated"):
        zh.append(f"没收侵权复制品{copies}件")
        en.append(f"{copies} copies confiscated")
    joined = "，" if party is not None else "；"
    return joined.join(zh), ", ".join(en) if party is not None else "; ".join(en)


def _stood(trail: Sequence[StepTaken], party: int | None) -> str:
    """Where those steps led; one for all that leads nowhere leaves a party of several where it was."""
    moved = [taken for taken in trail if party is None or taken.party == party or taken.source != taken.dest]
    return moved[-1].dest


def summary_zh(facts: Mapping[str, Any]) -> str:
    """What the case is about, in a few words. The name of a person is left out: the list leaves the office."""
    parts = []
    if work := facts.get("work"):
        parts.append(f"涉案作品：{work}")
    if facts.get("respondent_kind") == "person":
        parts.append("当事人为公民")
    elif respondent := facts.get("respondent"):
        parts.append(f"当事人：{respondent}")
    urls = [url for url in re.split(r"[\s,，;；、]+", str(facts.get("urls") or "")) if url]
    if urls:
        parts.append(f"涉案网址：{urls[0]}" + (f"等{len(urls)}个" if len(urls) > 1 else ""))
    return "；".join(parts)


def _row(number: int, case: ListedCase, definition: Definition | None, unit_zh: str, last_on: date) -> ListRow:
    outcome_zh, outcome_en = outcome_of(definition, case.trail, last_on)
    cells: dict[str, int | str] = {
        "number": number,
        "title": case.title,
        "unit": unit_zh,
        "source": _source_zh(definition, case.facts),
        "summary": summary_zh(case.facts),
        "outcome": outcome_zh,
        "remarks": f"案号{case.case_no}",
    }
    return ListRow(case.case_no, case.title, case.title, cells, outcome_en)


def _source_zh(definition: Definition | None, facts: Mapping[str, Any]) -> str:
    chosen = str(facts.get("source") or "")
    asked = definition.open.ask.get("source") if definition is not None else None
    words = asked.choices.get(chosen) if asked else None
    return words.zh if words else chosen


def _unit_zh(office: Office, case: ListedCase) -> str:
    unit = office.people.units.get(case.unit)
    return unit.zh if unit else case.unit


def _amount(fen: int) -> str:
    whole, rest = divmod(fen, 100)
    return f"{whole}.{rest:02d}" if rest else str(whole)


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
