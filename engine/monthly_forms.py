"""The monthly forms that loaded campaigns owe by a day, and from when on each is rehearsed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from engine.campaign_plan import CampaignPlan
from engine.obligations import Obligation, obligations_of
from engine.office import Office

MONTHLY_FORM = "monthly_form"
# Practice, not law: a week is enough to mend a case and too short to forget the mail.
DAYS_BEFORE_SAFE = timedelta(days=7)


@dataclass(frozen=True)
class DatedForm:
    """What a campaign owes for one month, from `first_on` to `last_on`, both inclusive."""

    plan: CampaignPlan
    owed: Obligation
    due_on: date
    safe_on: date
    first_on: date
    last_on: date

    @property
    def rehearsed_from_on(self) -> date:
        """From seven calendar days before the safe day on, and never while its month still runs."""
        return max(self.safe_on - DAYS_BEFORE_SAFE, self.last_on + timedelta(days=1))


def dated_forms(office: Office) -> Iterator[DatedForm]:
    """Those of every loaded campaign, campaign by campaign. What is owed without a day is not among them."""
    for plan in office.campaigns().values():
        for owed in obligations_of(plan, office.law.calendar):
            due_on, safe_on, first_on, last_on = owed.due_on, owed.safe_on, owed.period_from, owed.period_to
            if owed.kind == MONTHLY_FORM and due_on and safe_on and first_on and last_on:
                yield DatedForm(plan, owed, due_on, safe_on, first_on, last_on)


def first_rehearsal(office: Office) -> date | None:
    """The first day on which any form was to be rehearsed; `None` where there is no such form."""
    return min((form.rehearsed_from_on for form in dated_forms(office)), default=None)
