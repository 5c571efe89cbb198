"""Exports a campaign as a file that says the same: loaded, exported and loaded again it is the same plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from engine.campaign_plan import CampaignPlan
from engine.clock import legal_day
from engine.documents import Edition
from workflows.campaign_text import campaign_text
from workflows.new_files import write_new


def campaign_file(plan: CampaignPlan, editions: Sequence[Edition] = ()) -> str:
    """The text of the file, with comments in both languages; `editions` are the versions of the plan in their order."""
    return campaign_text(plan, _comments(plan, editions))


def export_campaign(plan: CampaignPlan, editions: Sequence[Edition], to: Path) -> None:
    """Write the file. Raises InputWrong where the place is taken or cannot be."""
    write_new(campaign_file(plan, editions), to, f"anjuan campaign export {plan.id} --to {plan.id}.yaml")


def _comments(plan: CampaignPlan, editions: Sequence[Edition]) -> list[str]:
    zh, en = f"{plan.name.zh}（{plan.id}）", f"{plan.name.en} ({plan.id})"
    if editions:
        last, count = editions[-1], len(editions)
        on = legal_day(datetime.fromisoformat(last.recorded_at))
        zh += f"，第{count}版，{on}由{last.author}记录：{last.reason}"
        en += f", version {count}, put on record on {on} by {last.author}: {last.reason}"
    return [
        " ".join(zh.split()),
        " ".join(en.split()),
        "每行“项目: 内容”，下级缩进两格；起止日均含当日。修改后用 anjuan campaign check 文件名 检查。",
        "One `field: content` per line, two spaces deeper for what belongs to it; first and last days both count.",
        "Check it with: anjuan campaign check FILE",
    ]
