"""What a campaign board counts: every measure of its forms and counters to date, beside the campaign before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.campaign_plan import CampaignPlan
from engine.office import Office
from engine.store import Statement, Work
from engine.tallies import TALLY
from reports.board_plan import View
from reports.forms import FigureForm, form_from
from reports.monthly import fed_measures
from reports.tally_store import in_list, listed

NO_CAMPAIGN = ""


@dataclass(frozen=True)
class Previous:
    """The campaign before, up to the same day of its run (inclusive)."""

    id: str
    on: date


def previous_of(office: Office, view: View) -> Previous | None:
    """The campaign with which this one is compared, where the plan names one and it is loaded."""
    if view.plan.previous is None or office.document("campaign", view.plan.previous) is None:
        return None
    days_run = view.on - began_on(view.plan)
    return Previous(view.plan.previous, began_on(office.plan(view.plan.previous)) + days_run)


def counters_of(office: Office, work: Work, view: View, previous: Previous | None) -> list[dict[str, Any]]:
    """The figures of the units in view; amounts of money, whose measure ends in `_fen`, are in fen.

    `value` is None where nothing feeds the measure, `previous` where there is nothing to compare with: never 0.
    """
    wanted = [*_of_forms(office, view.plan), *_of_plan(view.plan)]
    if not wanted:
        return []
    sums, fed = _sums(work, view, previous), fed_measures(office)
    for one in wanted:
        measure = one["measure"]
        one["value"] = _figure(sums, view.plan.id, measure, fed)
        one["previous"] = _figure(sums, previous.id, measure, fed) if previous is not None else None
    return wanted


def _figure(sums: Mapping[tuple[str, str], int], campaign: str, measure: str | None, fed: frozenset[str]) -> int | None:
    if measure is None:
        return None
    return sums.get((campaign, measure), 0 if measure in fed else None)


def _of_forms(office: Office, plan: CampaignPlan) -> list[dict[str, Any]]:
    """Each measure once, under the head of the first column that shows it."""
    found: dict[str, dict[str, Any]] = {}
    for form_id in plan.forms:
        document = office.document("form", form_id)
        form = form_from(document.content) if document is not None else None
        if not isinstance(form, FigureForm):
            continue
        for column in form.columns:
            group = form.group_of(column)
            zh, en = (f"{group.zh}：{column.zh}", f"{group.en}: {column.en}") if group else (column.zh, column.en)
            found.setdefault(column.measure, _counter(column.measure, zh, en, column.measure, form_id))
    return list(found.values())


def _of_plan(plan: CampaignPlan) -> list[dict[str, Any]]:
    return [
        {
            **_counter(one.id, one.zh, one.en, one.measure, None),
            "published": [published.model_dump(mode="json") for published in one.published],
        }
        for one in plan.counters
    ]


def _counter(id_: str, zh: str, en: str, measure: str | None, form: str | None) -> dict[str, Any]:
    return {"id": id_, "zh": zh, "en": en, "measure": measure, "form": form, "published": []}


def began_on(plan: CampaignPlan) -> date:
    """The first day of the run: that of the campaign, else of its launch, else of its notice."""
    return plan.starts_on or plan.launched_on or plan.issued_on


def _sums(work: Work, view: View, previous: Previous | None) -> dict[tuple[str, str], int]:
    """The sums by campaign and measure, in one statement for both campaigns."""
    values = {
        "campaign_key": view.plan.id,
        "on_key": view.on.isoformat(),
        "previous_key": previous.id if previous is not None else NO_CAMPAIGN,
        "previous_on_key": previous.on.isoformat() if previous is not None else "",
        "unit_list": listed(view.units),
    }
    return {(campaign, measure): int(n) for campaign, measure, n in work.all(_SUMS, values)}


def _build_sums(dialect: str) -> sa.Executable:
    def up_to(campaign: str, on: str) -> sa.ColumnElement[bool]:
        return sa.and_(TALLY.c.campaign == sa.bindparam(campaign), TALLY.c.happened_on <= sa.bindparam(on))

    return (
        sa.select(TALLY.c.campaign, TALLY.c.measure, sa.func.sum(TALLY.c.n))
        .where(
            sa.or_(up_to("campaign_key", "on_key"), up_to("previous_key", "previous_on_key")),
            in_list(dialect, TALLY.c.unit, "unit_list"),
        )
        .group_by(TALLY.c.campaign, TALLY.c.measure)
    )


_SUMS = Statement(_build_sums)
