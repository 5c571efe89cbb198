"""`anjuan unit`: lists the units and adds one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from typer import Argument, Option

from commands.door import reading, writing
from commands.frame import Run, command, noun
from commands.output import table, wrap
from commands.words import t
from engine.people import People, Unit
from workflows.staffing import LEVELS, set_up

app = noun("unit", zh="单位", en="Units")


@command(app, "list", zh="列出单位", en="List the units")
def list_units(run: Run) -> None:
    with reading(run) as desk:
        people = desk.office.people
        units = sorted(people.units.values(), key=lambda u: tuple(reversed(people.above(u.id))))
        run.show([unit_document(u) for u in units], lambda: _table(people, units))


@command(app, "add", zh="新增单位，比上级单位低一级", en="Add a unit, one level below its parent", changes=True)
def add(
    run: Run,
    unit_id: Annotated[str, Argument(metavar="ID", help=t("代号，如 changshu", "a short name like changshu"))],
    zh: Annotated[str, Option("--zh", metavar="NAME", help=t("单位名称", "its name in Chinese"))],
    parent: Annotated[str, Option("--parent", metavar="U", help=t("上级单位", "the unit above"))],
) -> None:
    with writing(run) as desk:
        unit = set_up(desk.office, desk.work, desk.who, unit_id, zh, parent)
    run.show(
        unit_document(unit),
        lambda: wrap(t(f"已新增单位{unit.zh}（{unit.id}），上级{parent}", f"Added the unit {unit.id} below {parent}")),
    )


def unit_document(unit: Unit) -> dict[str, Any]:
    """A unit as scripts read it."""
    return {"id": unit.id, "zh": unit.zh, "level": unit.level, "parent": unit.parent}


def _table(people: People, units: list[Unit]) -> Iterator[str]:
    levels_zh = dict(zip(LEVELS, ("国家", "省", "市", "县"), strict=True))
    rows = [
        ("  " * (len(people.above(u.id)) - 1) + u.id, u.zh, t(levels_zh.get(u.level, u.level), u.level), u.parent)
        for u in units
    ]
    yield from table((t("代号", "unit"), t("名称", "name"), t("级别", "level"), t("上级", "parent")), rows)
