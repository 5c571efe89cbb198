"""Reads what is missing for the report of a campaign for one month, in some units."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from engine.campaign_cases import cases_in_campaign
from engine.campaign_plan import CampaignPlan
from engine.definitions import Words
from engine.office import Office
from engine.store import Work
from workflows.month_gaps import Eyes, Gap, Month, gaps_of

CASES = "cases"


def gaps_in_month(
    office: Office, work: Work, plan: CampaignPlan, units: Collection[str], first_on: date, last_on: date
) -> tuple[Gap, ...]:
    """What is missing of the cases of those units, remarks among it, as it stands now; in the order of the list of
    cases. Both days are inclusive. However many cases there are it takes the same number of statements."""
    month = month_of(office, plan, first_on, last_on)
    eyes = Eyes(office.people, office.clock.now())
    return tuple(
        gap
        for case in cases_in_campaign(work, plan.id, units, last_on, (first_on, last_on))
        for gap in gaps_of(
            month, case, office.definition_of(work, case.definition), eyes, read_only=bool(office.lost_to(work, case))
        )
    )


def month_of(office: Office, plan: CampaignPlan, first_on: date, last_on: date) -> Month:
    """The month, with what the campaign's forms in force show of cases."""
    forms = [document.content for form in plan.forms if (document := office.document("form", form)) is not None]
    measures = {column["measure"] for form in forms for column in _columns(form, "figures")}
    cells = {
        column["id"]: Words(zh=column["zh"], en=column["en"])
        for form in forms
        if CASES in (form["form"], form.get("rows"))
        for column in _columns(form, "list")
    }
    return Month(plan, first_on, last_on, frozenset(measures), cells)


def _columns(form: Mapping[str, Any], kind: str) -> Iterator[Mapping[str, Any]]:
    if form.get("kind") == kind:
        yield from form["columns"]
