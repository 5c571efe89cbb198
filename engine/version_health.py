"""Looks after the versions of workflows: cases that can only be read, by reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import sqlalchemy as sa

from engine.case_store import CASE
from engine.health import Check
from engine.office import Office
from engine.store import Statement, Work

REASONS = {
    "definition_lost": ("流程版本已不在库中", "the version is gone from the store"),
    "definition_unreadable": ("本程序读不懂流程版本", "the version cannot be read by this program"),
    "guard_unknown": ("流程所用的条件已不存在", "a guard is gone"),
    "guard_changed": ("流程所用条件的参数已不同", "a guard takes other parameters"),
    "condition_unknown": ("流程所用的判断已不存在", "a condition is gone"),
    "role_unknown": ("流程所用的职责已不存在", "a role is gone"),
    "state_unknown": ("流程中没有案件所在状态", "the state is gone"),
    "step_unknown": ("流程所用的步骤已不存在", "a step is gone"),
}


def read_only_by_reason(office: Office, work: Work) -> tuple[int, Counter[str]]:
    """How many cases can only be read and have not ended, and of all such cases how many for each reason.

    A case may have several reasons.
    """
    open_, reasons = 0, Counter[str]()
    for definition, state, ended, n in work.all(_CASES, {}):
        found = {one.reason for one in office.lost_under(work, definition, (state,))}
        reasons.update(dict.fromkeys(found, n))
        open_ += n if found and not ended else 0
    return open_, reasons


def read_only_checks(office: Office, work: Work) -> Iterator[Check]:
    """Whether every case can be moved on; of those that have ended it is a remark."""
    open_, reasons = read_only_by_reason(office, work)
    if not reasons:
        yield Check("read_only", True, "没有只能查看的案件", "no case can only be read")
        return
    zh = "、".join(f"{REASONS[reason][0]}{n}件" for reason, n in sorted(reasons.items()))
    en = ", ".join(f"{REASONS[reason][1]}: {n}" for reason, n in sorted(reasons.items()))
    yield Check("read_only", open_ == 0, f"只能查看、不能办理的案件：{zh}", f"cases that can only be read: {en}")


_CASES = Statement(
    lambda _: (
        sa.select(CASE.c.definition, CASE.c.state, CASE.c.ended, sa.func.count())
        .group_by(CASE.c.definition, CASE.c.state, CASE.c.ended)
        .order_by(CASE.c.definition, CASE.c.state)
    )
)
