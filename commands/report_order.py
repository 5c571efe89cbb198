"""Which report a command means, as it is typed: campaign, month, unit and whether those below it count."""

from __future__ import annotations

from typing import Annotated

from typer import Argument, Option

from commands.door import Desk
from commands.words import t
from reports.monthly import ReportOrder

Campaign = Annotated[str, Argument(metavar="CAMPAIGN", help=t("专项行动", "the campaign"))]
Month = Annotated[str, Option("--month", metavar="YYYY-MM", help=t("月份", "the month"))]
Unit = Annotated[
    str | None,
    Option("--unit", metavar="U", help=t("只报该单位（默认本人单位）", "that unit alone (default: your own)")),
]
Tree = Annotated[bool, Option("--tree", help=t("连同所属单位", "with the units below it"))]


def order_of(
    desk: Desk, campaign: str, month: str, unit: str | None, *, tree: bool, cumulative: bool = False
) -> ReportOrder:
    """The order of whoever acts; of nobody where nobody has to."""
    actor = desk.actor.name if desk.actor else None
    return ReportOrder(campaign, month, actor, unit, tree=tree, cumulative=cumulative)
