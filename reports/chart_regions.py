"""The panels of a chart that compares units: cases filed, penalties and fines of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from reports.chart_counts import sums_in
from reports.chart_figures import NO_SOURCE, NOW, Content, Figures, fed, told
from reports.chart_ground import Setting
from reports.chart_values import Label, Panel, Point, Series

MEASURES = {
    "filed": Label("立案（件）", "Cases filed"),
    "penalties": Label("处罚（件）", "Penalties imposed"),
    "fines_fen": Label("罚款（万元）", "Fines (10 000 yuan)"),
}


def regions(at: Setting) -> Content:
    """Cases filed, penalties and fines for each unit directly below, or with `tree` for every unit below by itself."""
    people, scope = at.office.people, at.ground.scope
    below = people.below(scope.unit.id)
    sums = sums_in(at.work, at.asked, below, tuple(MEASURES))
    group_of = {unit: unit if scope.tree else _branch(people.above(unit), scope.unit.id) for unit in below}
    taking = {group_of[u] for u in below if at.plan.unit in people.above(u)}
    own = Figures(sums, at.plan.id, fed(at, sums))
    filed = _by_group(own.by_unit("filed", at.counts) or {}, group_of)
    order = sorted(taking | set(filed), key=lambda unit: (-filed.get(unit, 0), unit))
    panels = []
    for measure, label in MEASURES.items():
        name, money = measure.replace("_fen", "_wan"), measure.endswith("_fen")
        named = {unit: _unit_label(at, unit, group_of) for unit in order}
        found = [
            _by_unit(
                name, label if at.previous is None else NOW, named, own.by_unit(measure, at.counts), group_of, money
            )
        ]
        if at.previous is not None:
            before = Figures(sums, at.previous.id, own.fed).by_unit(measure, lambda p: at.counts(p, before=True))
            found.append(_by_unit(f"{name}.previous", at.before_name, named, before, group_of, money, before=True))
        panels.append(Panel(label, tuple(found)))
    remark = (
        Label("每个单位只计本单位", "Each unit by itself")
        if scope.tree
        else Label(
            "每个单位连同其所属单位；“本级”为本单位自己", "Each unit with those below it; “itself” is the unit alone"
        )
    )
    return told(tuple(panels), remark)


def _branch(above: tuple[str, ...], top: str) -> str:
    """The unit directly below `top` to which a unit belongs; `top` itself for itself."""
    place = above.index(top)
    return above[place - 1] if place else top


def _by_group(counted: Mapping[str, int], group_of: Mapping[str, str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for unit, n in counted.items():
        found[group_of[unit]] += n
    return found


def _by_unit(
    id_: str,
    label: Label,
    named: Mapping[str, Label],
    counted: Mapping[str, int] | None,
    group_of: Mapping[str, str],
    money: bool,
    *,
    before: bool = False,
) -> Series:
    grouped = None if counted is None else _by_group(counted, group_of)
    points = [
        Point(unit, name, None if grouped is None else grouped[unit], why=NO_SOURCE) for unit, name in named.items()
    ]
    return Series(id_, label, tuple(points), money=money, before=before)


def _unit_label(at: Setting, unit: str, group_of: Mapping[str, str]) -> Label:
    zh = at.office.people.unit(unit).zh
    itself = unit == at.ground.scope.unit.id and len(group_of) > 1
    return Label(f"{zh}（本级）", f"{unit} (itself)") if itself else Label(zh, unit)
