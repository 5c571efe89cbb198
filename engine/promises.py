"""What the engine keeps for every workflow, by name: laws that rest on no step of a definition point here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Promise:
    """What is kept, and in which module."""

    zh: str
    en: str
    module: str


PROMISES = {
    "whole_record": Promise(
        "每一步都写入不可更改的记录：经办人、角色、时间、理由、文书和所依规则版本；更正只能另写一条",
        "every step is an entry that cannot be changed: who, in which role, when, why, with which papers, under which "
        "version of the rules; a correction is another entry",
        "engine.moving",
    ),
    "figures_from_entries": Promise(
        "报表数字只由记录产生，一事一次，计入发生之月；更正另计",
        "figures come from entries alone, each event once and in its month; corrections are entries of their own",
        "engine.tallies",
    ),
    "campaigns_only_gate": Promise(
        "专项行动只能限制登记和办理的时段，不能使案件结案、失效，也不限制已登记行为的后续",
        "a campaign can only keep a step to its time; it closes no case and lets none expire",
        "engine.campaigns",
    ),
    "lateness_recorded": Promise(
        "机关逾期的，照办并记为逾期，写入履职缺陷",
        "a late act of the authority is taken, and stands on record as late",
        "engine.defects",
    ),
    "parents_unseen": Promise(
        "子案件的任何条件都看不到主案件，子案件总能自行办结，主案件等待子案件不会互相卡住",
        "nothing in a child looks at its parent: a child can always end, and a parent that waits for it is never stuck",
        "engine.case_view",
    ),
}
