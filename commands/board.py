"""`anjuan campaign board`: where a campaign stands, for one unit and those below it."""

from __future__ import annotations

from typing import Annotated

from typer import Argument, Option, Typer

from commands.door import reading
from commands.frame import Run, command
from commands.words import t

CampaignId = Annotated[
    str, Argument(metavar="ID", help=t("行动代号，如 suzhou-2018", "the campaign, like suzhou-2018"))
]
OfUnit = Annotated[
    str | None,
    Option("--unit", metavar="U", help=t("该单位及其下级（默认本人单位）", "that unit and those below; your own")),
]


def hang(app: Typer) -> None:
    """Makes the board a command of the noun."""
    command(
        app,
        "board",
        zh="专项行动进展\n\n阶段、各部门和各单位的任务、报送事项、与上一次行动同期相比的数字、各状态的案件、逾期的事项。报送与否尚未登记的，写作"
        "not_recorded，颜色只表示日期。",
        en="Where a campaign stands\n\nPhases, tasks by department and unit, what is owed, figures beside those of the "
        "campaign before up to the same day of its run, cases by state, what is late. Whether something was sent is "
        "not on record yet (not_recorded); the colour is that of its date.",
    )(board)


def board(run: Run, campaign: CampaignId, unit: OfUnit = None) -> None:
    """Shows the board as of today; it counts what the actor may see."""
    from commands.board_lines import board_lines
    from reports.board import campaign_board

    with reading(run) as desk:
        found = campaign_board(desk.office, desk.work, campaign, desk.who, unit)
    run.show(found, lambda: board_lines(found))
