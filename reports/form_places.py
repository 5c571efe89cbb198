"""Finds the form of figures, the row and the column that somebody names, and says which there are."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from engine.campaign_plan import CampaignPlan
from engine.errors import InputWrong, NotFound, Remedy
from engine.office import Office
from reports.forms import OTHER, TOTAL, FigureColumn, FigureForm
from reports.monthly import ReportOrder, form_of, row_of


def figure_forms(office: Office, plan: CampaignPlan) -> tuple[FigureForm, ...]:
    """The campaign's forms of figures, in its order. Raises as `form_of`."""
    return tuple(form for id_ in plan.forms if isinstance(form := form_of(office, id_), FigureForm))


def figure_form(office: Office, plan: CampaignPlan, form_id: str | None = None) -> FigureForm:
    """The form of that id, the campaign's first without one.

    Raises NotFound for one that the campaign does not have, InputWrong for one without figures.
    """
    forms = figure_forms(office, plan)
    found = next((form for form in forms if form_id in (None, form.id)), None)
    if found is not None:
        return found
    if form_id is not None and form_id not in plan.forms:
        raise unknown_name("form", ("报表", "form"), form_id, plan.forms)
    zh, en = f"“{plan.name.zh}”没有统计表", f"{plan.id} has no form of figures"
    if form_id is not None:
        zh, en = f"“{form_id}”不是统计表，没有可追溯的数字", f"the form {form_id!r} has no figures to open"
    ids = [form.id for form in forms]
    remedy = Remedy(f"统计表：{'、'.join(ids) or '无'}", f"forms of figures: {', '.join(ids) or 'none'}")
    raise InputWrong("form.without_figures", zh, en, remedy)


def column_of(form: FigureForm, column_id: str) -> FigureColumn:
    """Raises NotFound with the columns there are."""
    found = next((column for column in form.columns if column.id == column_id), None)
    if found is None:
        raise unknown_name("column", ("栏目", "column"), column_id, (column.id for column in form.columns))
    return found


def require_category(plan: CampaignPlan, row_id: str) -> None:
    """The row is one in which something can count. Raises InputWrong for the row of totals, NotFound."""
    if row_id == TOTAL:
        raise InputWrong(
            "row.total",
            "合计由各行相加，不能直接登记：请写明类别",
            "the total adds up the rows and is not counted itself: name a category",
            Remedy(f"可用的有：{'、'.join(categories_of(plan))}", f"known are: {', '.join(categories_of(plan))}"),
        )
    if row_of(plan, row_id) != row_id:
        raise unknown_name("row", ("行", "row"), row_id, categories_of(plan))


def categories_of(plan: CampaignPlan) -> tuple[str, ...]:
    """The rows in which something can count: the campaign's categories, and the one for everything else."""
    return tuple(dict.fromkeys((*(category.id for category in plan.categories), row_of(plan, OTHER))))


def cells_command(order: ReportOrder, form: FigureForm, row_id: str, column_id: str) -> str:
    """What to type to see the entries behind a figure of that report."""
    words = ["anjuan", "report", "cells", order.campaign, "--month", order.month]
    words += ["--form", form.id, "--row", row_id, "--column", column_id]
    words += ["--unit", order.unit] if order.unit else []
    words += ["--tree"] if order.tree else []
    words += ["--cumulative"] if order.cumulative else []
    return shlex.join(words)


def unknown_name(code: str, what: tuple[str, str], name: str, known: Iterable[str]) -> NotFound:
    """There is no such form, row or column; those that there are."""
    names, shown = list(known), name[:40]
    return NotFound(
        f"{code}.unknown",
        f"没有{what[0]}“{shown}”",
        f"there is no {what[1]} {shown!r}",
        Remedy(f"可用的有：{'、'.join(names)}", f"known are: {', '.join(names)}"),
    )
