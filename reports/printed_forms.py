"""Filled-in forms as they go on paper, whatever the file they are written to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from reports.figures import StatisticsPage
from reports.form_head import FormHead
from reports.forms import FigureForm, HeadForm, ListForm

ListLine: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True)
class StatisticsSheet:
    """The form of figures of one period, ready to be written."""

    page: StatisticsPage
    form: FigureForm
    head: FormHead


@dataclass(frozen=True)
class ListSheet:
    """A form of cases or sites: every row has one value per column, in printed order; a number is an integer."""

    rows: Sequence[ListLine]
    form: ListForm
    head: FormHead


@dataclass(frozen=True)
class HeadSheet:
    """A form whose columns are not known, ready to be written."""

    form: HeadForm
    head: FormHead


PrintedForm: TypeAlias = StatisticsSheet | ListSheet | HeadSheet
