"""What a chart is asked to show: the campaign, its units, up to which day, and the campaign before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.campaign_plan import CampaignPlan
from engine.clock import today
from engine.errors import InputWrong, NotFound, Remedy
from engine.office import Office
from engine.store import Work
from reports.board_counters import Previous, began_on, previous_of
from reports.board_plan import View
from reports.chart_counts import Asked
from reports.chart_months import month_of, months_apart, shifted
from reports.chart_values import Label
from reports.monthly import Ground, ReportOrder, ground_of

KINDS = ("funnel", "monthly", "fines", "regions", "phases", "links")
WITHOUT_BEFORE = ("phases",)


@dataclass(frozen=True)
class ChartOrder:
    """Which chart is wanted, as it was typed. Without `month` it shows everything up to today.

    `previous` asks for the figures of the campaign before beside it; the rest is as in `ReportOrder`.
    """

    campaign: str
    kind: str
    month: str | None = None
    actor: str | None = None
    unit: str | None = None
    tree: bool = False
    cumulative: bool = False
    previous: bool = False


@dataclass(frozen=True)
class Setting:
    """What an order means. `until` is the last day that counts, `asked` the campaigns, its own first.

    `months_before` is how many months the campaign before began earlier: that far apart lie the months compared.
    """

    office: Office
    work: Work
    ground: Ground
    view: View
    until: date
    month_named: bool
    previous: Previous | None
    months_before: int

    @property
    def plan(self) -> CampaignPlan:
        return self.ground.plan

    @property
    def asked(self) -> tuple[Asked, ...]:
        own = Asked(self.plan.id, self.until)
        return (own,) if self.previous is None else (own, Asked(self.previous.id, self.previous.on))

    @property
    def before_name(self) -> Label:
        """How the campaign before is called beside a figure."""
        return Label("上次", "before")

    def month_before(self, month: str) -> str:
        """The month of the run of the campaign before that compares with this one."""
        return shifted(month, -self.months_before)

    def counts(self, period: str, *, before: bool = False) -> bool:
        """Whether what counted in that month belongs into a chart of the period asked for."""
        first, last = self.ground.month.first_month, self.ground.month.month
        if before:
            first, last = self.month_before(first) if first else "", self.month_before(last)
        return first <= period <= last

    def document(self) -> dict[str, Any]:
        """What scripts read of it."""
        month, scope, previous = self.ground.month, self.ground.scope, self.previous
        return {
            "campaign": self.plan.id,
            "unit": scope.unit.id,
            "units": list(scope.units),
            "tree": scope.tree,
            "period": month.month,
            "cumulative": month.cumulative,
            "until": self.until.isoformat(),
            "previous": {"id": previous.id, "on": previous.on.isoformat()} if previous is not None else None,
        }


def setting_of(office: Office, work: Work, order: ChartOrder) -> Setting:
    """Raises NotFound (campaign, unit, campaign before), Forbidden, InputWrong for what cannot be drawn."""
    _require_kind(order)
    now = today(office.clock)
    named = order.month or month_of(now)
    cumulative = order.cumulative or order.month is None
    ground = ground_of(
        office, ReportOrder(order.campaign, named, order.actor, order.unit, tree=order.tree, cumulative=cumulative)
    )
    until = min(now, ground.month.last_on)
    taking = tuple(u for u in ground.scope.units if ground.plan.unit in office.people.above(u))
    view = View(ground.plan, ground.scope.unit.id, ground.scope.units, taking, until)
    previous = _previous(office, view) if order.previous else None
    apart = 0
    if previous is not None:
        began, began_before = began_on(ground.plan), began_on(office.plan(previous.id))
        apart = months_apart(month_of(began_before), month_of(began))
    return Setting(office, work, ground, view, until, order.month is not None, previous, apart)


def _require_kind(order: ChartOrder) -> None:
    if order.kind not in KINDS:
        shown = order.kind[:20]
        raise InputWrong(
            "chart.unknown",
            f"没有“{shown}”这种图",
            f"there is no chart {shown!r}",
            Remedy(f"可选：{'、'.join(KINDS)}", f"choose one of {', '.join(KINDS)}"),
        )
    if order.previous and order.kind in WITHOUT_BEFORE:
        raise InputWrong(
            "chart.without_previous",
            "各次行动的阶段不同，阶段进度不与上一次行动比较",
            "campaigns have phases of their own: the progress of phases is not compared with the campaign before",
            Remedy("去掉--previous", "leave out --previous"),
        )


def _previous(office: Office, view: View) -> Previous:
    found = previous_of(office, view)
    if found is None:
        id_, name = view.plan.id, view.plan.previous
        raise NotFound(
            "campaign.no_previous",
            f"“{view.plan.name.zh}”没有写明上一次行动" if name is None else f"上一次行动“{name}”尚未载入",
            f"{id_} names no campaign before it" if name is None else f"the campaign before, {name!r}, is not loaded",
            Remedy("去掉--previous", "leave out --previous")
            if name is None
            else Remedy("先载入上一次行动", "load it first", f"anjuan campaign load {name}"),
        )
    return found
