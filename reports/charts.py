"""A chart of a campaign: the kind that was asked for, with its title, period, unit and source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.clock import today
from engine.office import Office
from engine.store import Work
from reports.chart_figures import Content
from reports.chart_ground import ChartOrder, Setting, setting_of
from reports.chart_kinds import fines, funnel, links, monthly
from reports.chart_phases import phases
from reports.chart_regions import regions
from reports.chart_values import Chart, Label

UPRIGHT = ("monthly", "fines")
TITLES = {
    "funnel": Label("案件办理漏斗", "From complaint to closure"),
    "monthly": Label("各月案件和删除链接", "Cases and links by month"),
    "fines": Label("罚款金额", "Fines"),
    "regions": Label("各地区查办情况", "Regions"),
    "phases": Label("各阶段进度", "Progress of the phases"),
    "links": Label("侵权链接：发现、通知、删除", "Infringing links: found, notified, removed"),
}
EMPTY = {
    "funnel": Label("本期没有案件", "no case in this period"),
    "regions": Label("没有参加的单位", "no unit takes part"),
}
_FILLED: Mapping[str, Callable[[Setting], Content]] = {
    "funnel": funnel,
    "monthly": monthly,
    "fines": fines,
    "regions": regions,
    "phases": phases,
    "links": links,
}


def chart_of(office: Office, work: Work, order: ChartOrder) -> tuple[Chart, dict[str, Any]]:
    """The chart, and what scripts read of what it is about; whatever there is to count, in the same few statements.

    Raises NotFound, Forbidden, InputWrong (`chart.unknown`, `chart.without_previous`, `month.invalid`, `month.future`).
    """
    at = setting_of(office, work, order)
    content = _FILLED[order.kind](at)
    chart = Chart(
        order.kind,
        TITLES[order.kind],
        _about(at, order.kind),
        content.panels,
        _source(at),
        upright=order.kind in UPRIGHT,
        empty=EMPTY.get(order.kind, Chart.empty),
        missing=content.missing,
        remarks=(*content.remarks, *_compared(at)),
    )
    return chart, at.document()


def _about(at: Setting, kind: str) -> Label:
    scope, month = at.ground.scope, at.ground.month
    period = Label(f"截至{at.until}", f"up to {at.until}")
    if not month.cumulative and kind not in (*UPRIGHT, "phases"):
        period = Label(month.zh, month.en)
    unit_zh, unit_en = (scope.unit.zh, scope.unit.id) if kind == "regions" else (scope.zh, _unit_en(at))
    name = at.plan.name
    return Label(f"{name.zh} · {unit_zh} · {period.zh}", f"{name.en} · {unit_en} · {period.en}")


def _unit_en(at: Setting) -> str:
    scope = at.ground.scope
    return f"{scope.unit.id} and below" if scope.tree else scope.unit.id


def _source(at: Setting) -> Label:
    on, id_ = today(at.office.clock), at.plan.id
    return Label(f"来源：本系统{id_}的案件和统计记录，{on}", f"Source: the records of {id_} in this system, {on}")


def _compared(at: Setting) -> tuple[Label, ...]:
    if at.previous is None:
        return ()
    name, on = at.office.plan(at.previous.id).name, at.previous.on
    return (
        Label(
            f"上次：{name.zh}（{at.previous.id}），行动的第几个月对第几个月，截至同一天（{on}）",
            f"Before: {name.en} ({at.previous.id}), month of the run by month of the run, up to the same day ({on})",
        ),
    )
