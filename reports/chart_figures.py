"""The figures from which series of a chart are made, and what is told of those that nothing feeds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reports.chart_counts import Sums
from reports.chart_ground import Setting
from reports.chart_months import by_month
from reports.chart_values import Label, Panel, Series, not_counted
from reports.monthly import fed_measures

NOW = Label("本次", "now")
NO_SOURCE = Label("尚无来源", "no source")


@dataclass(frozen=True)
class Content:
    """What a kind has to show, and what there is to say of it."""

    panels: tuple[Panel, ...]
    missing: tuple[tuple[str, Label], ...] = ()
    remarks: tuple[Label, ...] = ()


@dataclass(frozen=True)
class Figures:
    """Sums of one campaign by measure; a measure that nothing feeds has none."""

    sums: Sums
    campaign: str
    fed: frozenset[str]

    def by_month(self, measure: str) -> Mapping[str, int] | None:
        """None where nothing counts it."""
        return self._grouped(measure, lambda _, period: period, lambda _: True)

    def by_unit(self, measure: str, within: Callable[[str], bool]) -> Mapping[str, int] | None:
        """Of the months `within`. None where nothing counts it."""
        return self._grouped(measure, lambda unit, _: unit, within)

    def _grouped(
        self, measure: str, key: Callable[[str, str], str], within: Callable[[str], bool]
    ) -> Mapping[str, int] | None:
        if measure not in self.fed:
            return None
        found: Counter[str] = Counter()
        for (campaign, unit, period, counted), n in self.sums.items():
            if (campaign, counted) == (self.campaign, measure) and within(period):
                found[key(unit, period)] += n
        return found


def with_before(
    at: Setting,
    id_: str,
    label: Label,
    months: tuple[str, ...],
    counted: Callable[[Figures], Mapping[str, int] | None],
    sums: Sums,
    *,
    money: bool = False,
) -> list[Series]:
    """The series, and where it is asked for that of the campaign before, month of the run by month of the run."""
    known = fed(at, sums)
    found = [by_month(id_, label, months, counted(Figures(sums, at.plan.id, known)), money=money)]
    if at.previous is not None:
        name = Label(f"{label.zh}（{at.before_name.zh}）", f"{label.en} ({at.before_name.en})")
        before = counted(Figures(sums, at.previous.id, known))
        found.append(by_month(f"{id_}.previous", name, months, before, money=money, before=True, named=at.month_before))
    return found


def fed(at: Setting, sums: Sums) -> frozenset[str]:
    """What some step counts, or somebody has counted from outside."""
    return fed_measures(at.office) | {measure for _, _, _, measure in sums}


def told(panels: tuple[Panel, ...], remark: Label) -> Content:
    """Names every series that nothing feeds."""
    missing = tuple(
        not_counted(series.id, panel.label if sum(not one.before for one in panel.series) == 1 else series.label)
        for panel in panels
        for series in panel.series
        if not series.before and series.points and all(point.amount is None for point in series.points)
    )
    return Content(panels, missing, (remark,))
