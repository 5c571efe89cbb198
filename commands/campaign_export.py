"""`anjuan campaign export`: writes a loaded campaign as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from typer import Argument, Option, Typer

from commands.campaign_names import loaded
from commands.door import reading
from commands.frame import Run, command
from commands.words import t
from engine.documents import editions_of
from workflows.campaign_export import campaign_file, export_campaign
from workflows.campaign_loading import KIND


def hang(app: Typer) -> None:
    command(
        app,
        "export",
        zh="把已载入的专项行动写成文件\n\n再次载入的即为同一方案；不写--to的显示在屏幕上。",
        en="Write a loaded campaign as a file\n\nLoaded again it is the same plan; without --to it is shown.",
    )(export)


def export(
    run: Run,
    campaign_id: Annotated[str, Argument(metavar="ID", help=t("行动代号", "id of the campaign"))],
    to: Annotated[Path | None, Option("--to", metavar="FILE.yaml", help=t("写到", "where to"))] = None,
) -> None:
    with reading(run) as desk:
        plan = loaded(desk.office.campaigns(), campaign_id)
        editions = editions_of(desk.work, KIND, campaign_id)
    found = {"id": plan.id, "file": str(to) if to is not None else None, "hash": plan.hash}
    if to is None:
        text = campaign_file(plan, editions)
        run.show({**found, "text": text}, text.splitlines)
        return
    export_campaign(plan, editions, to)
    run.show(found, lambda: [t(f"已写出{to}", f"written to {to}")])
