"""The report of a campaign for one month: all its forms, filled in from the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from engine.campaign_plan import CampaignPlan
from engine.campaigns import category_of
from engine.clock import today
from engine.errors import NotFound, Remedy
from engine.obligations import Obligation, obligations_of
from engine.office import Office
from engine.store import Work
from reports.case_list import ListRow, case_rows
from reports.figures import StatisticsPage, statistics_page
from reports.forms import OTHER, FigureForm, Form, HeadForm, ListForm, form_from
from reports.month import ReportMonth, report_month
from reports.scope import Scope, scope_of
from reports.tally_store import Reach, sums_of


@dataclass(frozen=True)
class ReportOrder:
    """Which report is wanted, as it was typed. `unit` is that unit alone, `tree` adds those below it.

    Without `unit` the report is that of the actor's unit, of an administrator or nobody that of the campaign's.
    """

    campaign: str
    month: str
    actor: str | None = None
    unit: str | None = None
    tree: bool = False
    cumulative: bool = False


@dataclass(frozen=True)
class Ground:
    """What an order means: the plan, the units counted and the month."""

    plan: CampaignPlan
    scope: Scope
    month: ReportMonth

    @property
    def reach(self) -> Reach:
        """The tallies of the report."""
        return Reach(self.plan.id, self.scope.units, self.month.first_month, self.month.month)


@dataclass(frozen=True)
class FilledFigures:
    """A form of figures, filled in."""

    form: FigureForm
    page: StatisticsPage

    def document(self) -> dict[str, Any]:
        return self.page.document()


@dataclass(frozen=True)
class FilledList:
    """A list form, filled in. Where nothing feeds it (`fed` is false) it has no rows, which does not mean none."""

    form: ListForm
    rows: tuple[ListRow, ...]
    fed: bool

    def document(self) -> dict[str, Any]:
        return {
            "columns": [{"id": column.id, "zh": column.zh, "en": column.en} for column in self.form.columns],
            "rows": [row.document() for row in self.rows],
        }


@dataclass(frozen=True)
class BlankForm:
    """A form whose columns are not known: nothing can be filled in."""

    form: HeadForm

    def document(self) -> dict[str, Any]:
        return {"columns": [], "rows": []}


FilledForm: TypeAlias = FilledFigures | FilledList | BlankForm


@dataclass(frozen=True)
class MonthlyReport:
    """A report of one month. `duty` is the obligation that it fulfils; `late` that its day has passed.

    A report is never refused for being late, only marked.
    """

    ground: Ground
    duty: Obligation | None
    late: bool
    forms: Mapping[str, FilledForm]

    def document(self) -> dict[str, Any]:
        """As `report show --json` prints it."""
        month, scope = self.ground.month, self.ground.scope
        return {
            "campaign": self.ground.plan.id,
            "unit": scope.unit.id,
            "units": list(scope.units),
            "tree": scope.tree,
            "period": month.month,
            "period_from": month.first_on.isoformat(),
            "period_to": month.last_on.isoformat(),
            "cumulative": month.cumulative,
            "due_on": _iso(self.duty.due_on) if self.duty else None,
            "safe_on": _iso(self.duty.safe_on) if self.duty else None,
            "late": self.late,
            "forms": {form_id: {**form.document(), **_reading_of(form.form)} for form_id, form in self.forms.items()},
        }


def monthly_report(office: Office, work: Work, order: ReportOrder) -> MonthlyReport:
    """Fill in every form of the campaign. Raises NotFound, Forbidden, InputWrong (`month.invalid`, `month.future`)."""
    ground = ground_of(office, order)
    duty = _duty_of(office, ground)
    late = duty is not None and duty.due_on is not None and today(office.clock) > duty.due_on
    forms = {form_id: _filled(office, work, ground, form_of(office, form_id)) for form_id in ground.plan.forms}
    return MonthlyReport(ground, duty, late, forms)


def ground_of(office: Office, order: ReportOrder) -> Ground:
    """What the order means. Raises as `monthly_report`."""
    plan = office.plan(order.campaign)
    actor = office.people.person(order.actor) if order.actor is not None else None
    scope = scope_of(office.people, plan, actor, order.unit, today(office.clock), tree=order.tree)
    return Ground(plan, scope, report_month(order.month, plan, today(office.clock), cumulative=order.cumulative))


def form_of(office: Office, form_id: str) -> Form:
    """The form in force. Raises NotFound, StoreUnavailable."""
    document = office.document("form", form_id)
    if document is None:
        known = [d.id for d in office.documents("form")]
        raise NotFound(
            "form.unknown",
            f"没有报表“{form_id}”",
            f"there is no form {form_id!r}",
            Remedy(f"现有报表：{'、'.join(known)}", f"known forms: {', '.join(known)}"),
        )
    return form_from(document.content)


def figures_of(office: Office, work: Work, ground: Ground, form: FigureForm) -> StatisticsPage:
    """The form of figures of that ground."""
    sums: dict[tuple[str, str], int] = {}
    for (category, measure), n in sums_of(work, ground.reach).items():
        place = (row_of(ground.plan, category), measure)
        sums[place] = sums.get(place, 0) + n
    return statistics_page(form, ground.plan.categories, sums, fed_measures(office))


def row_of(plan: CampaignPlan, category: str) -> str:
    """The row in which a category counts: a category unknown to the campaign in the one that the plan names."""
    return category_of(plan, category) or OTHER


def fed_measures(office: Office) -> frozenset[str]:
    """What any step of any workflow in force counts; a column of anything else has no source yet."""
    return frozenset(
        measure
        for definition in office.definitions().values()
        for step in definition.steps.values()
        for measure in step.count
    )


def _filled(office: Office, work: Work, ground: Ground, form: Form) -> FilledForm:
    if isinstance(form, FigureForm):
        return FilledFigures(form, figures_of(office, work, ground, form))
    if isinstance(form, HeadForm):
        return BlankForm(form)
    if not form.lists_cases:
        return FilledList(form, (), fed=False)
    return FilledList(form, case_rows(office, work, ground.plan.id, ground.scope, ground.month.last_on), fed=True)


def _duty_of(office: Office, ground: Ground) -> Obligation | None:
    first_on = ground.month.last_on.replace(day=1)
    owed = obligations_of(ground.plan, office.law.calendar)
    return next((o for o in owed if o.kind == "monthly_form" and o.period_from == first_on), None)


def _reading_of(form: Form) -> dict[str, Any]:
    """What of the form is ours and not the source's; a form that is as printed has nothing to say."""
    return {"reading": form.reading.model_dump(mode="json")} if form.reading is not None else {}


def _iso(on: date | None) -> str | None:
    return on.isoformat() if on else None
