"""Rehearses the monthly forms that are due soon: what is missing in them, by whoever hears of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from engine.clock import today
from engine.monthly_forms import DatedForm, dated_forms
from engine.office import Office
from engine.store import Work
from engine.workload import HORIZON_DAYS
from notifications.readers import readers_of_obligation
from workflows.campaign_loading import owing_units
from workflows.month_gaps import Gap
from workflows.month_missing import gaps_in_month


@dataclass(frozen=True)
class Missing:
    """Something missing in the report of a unit: of which campaign and month, in words, due when, and the command that
    rehearses it."""

    gap: Gap
    of_zh: str
    of_en: str
    due_on: date
    command: str


def missing_by_name(office: Office, work: Work) -> Mapping[str, Sequence[Missing]]:
    """What is missing in every form that is to be rehearsed today, by the account of whoever hears of it, the form due
    first before others.

    That is from seven calendar days before the safe day until as long after the date as `today` shows it: later nobody
    can tell from the record whether it was handed in. Where nothing is missing nobody is named.
    """
    on = today(office.clock)
    forms = [form for form in dated_forms(office) if form.rehearsed_from_on <= on <= _shown_until(form)]
    found: dict[str, list[Missing]] = defaultdict(list)
    for form in sorted(forms, key=lambda form: (form.due_on, form.plan.id, form.owed.id)):
        units = owing_units(form.plan, form.owed, office.people)
        gaps = gaps_in_month(office, work, form.plan, units, form.first_on, form.last_on)
        for unit in units:
            missing = [_missing(office, form, gap) for gap in gaps if gap.counts and gap.unit == unit]
            for reader in readers_of_obligation(office.people, unit, on) if missing else ():
                found[reader.name] += missing
    return found


def _shown_until(form: DatedForm) -> date:
    return form.due_on + timedelta(days=HORIZON_DAYS)


def _missing(office: Office, form: DatedForm, gap: Gap) -> Missing:
    month = f"{form.first_on:%Y-%m}"
    return Missing(
        gap,
        f"{form.plan.name.zh}，{form.owed.of_zh}报表（{office.people.unit(gap.unit).zh}）",
        f"{form.plan.name.en}, report of {month} of {gap.unit}",
        form.due_on,
        f"anjuan report rehearse {form.plan.id} --month {month} --unit {gap.unit}",
    )
