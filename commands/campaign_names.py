"""Finds the campaign that is meant: a file, a shipped one, or one that is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from engine.campaign_plan import CampaignPlan, shipped_campaign
from engine.errors import NotFound, Remedy
from engine.office import campaign_not_found


def shipped_ids() -> list[str]:
    """The ids of the shipped campaigns, sorted."""
    return sorted(file.stem for file in shipped_campaign("any").parent.glob("*.yaml"))


def path_of(text: str) -> Path:
    """The file meant: one of that name, else the shipped campaign of that id. Raises NotFound."""
    path, shipped = Path(text), None
    if text in shipped_ids():
        shipped = shipped_campaign(text)
    if shipped is not None and not path.is_file():
        return shipped
    if path.exists() or path.suffix or len(path.parts) > 1:
        return path
    names = shipped_ids()
    raise NotFound(
        "campaign.unknown",
        f"没有文件“{text}”，也没有这个代号的专项行动",
        f"there is no file {text!r} and no shipped campaign of that id",
        Remedy(
            f"随程序发布的有：{'、'.join(names)}", f"shipped: {', '.join(names)}", f"anjuan campaign load {names[0]}"
        ),
    )


def loaded(plans: Mapping[str, CampaignPlan], campaign_id: str) -> CampaignPlan:
    """The loaded campaign of that id. Raises NotFound, with the way to load it where it is shipped."""
    if campaign_id in plans:
        return plans[campaign_id]
    if campaign_id not in shipped_ids():
        raise campaign_not_found(campaign_id)
    raise NotFound(
        "campaign.unknown",
        f"专项行动“{campaign_id}”尚未载入",
        f"campaign {campaign_id!r} is not loaded yet",
        Remedy("先载入", "load it first", f"anjuan campaign load {campaign_id}"),
    )
