"""Holds ladders against what they refer to: roles, limits, the people of the office, and the other ladders in force.

Stable codes, beside those of `engine.ladder_checks`:

| Code | What is wrong |
|---|---|
| `role.unknown`, `limit.unknown` | a name that nothing in use knows |
| `ladder.after` | a rung after the date of a limit that cannot be overdue |
| `rung.nobody` | nobody in the office has any of the roles that hear at a rung, or no one at all is named |
| `rule.new` | a remark: an id not known yet |
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.errors import Problem
from engine.ladder_checks import faults_together
from engine.ladders import ABOVE, HOLDER, OWED_NATURES, Ladder
from engine.parsed_file import KeyPath, Parsed
from workflows.rule_references import Known, new_rule, unknown_names


def ladder_problems(ladders: Iterable[Ladder], known: Known, parsed: Parsed) -> Iterator[Problem]:
    """What is wrong with these ladders in this office. Each takes the place of the one of its id."""
    loaded = {ladder.id: (index, ladder) for index, ladder in enumerate(ladders)}
    for index, ladder in loaded.values():
        place: KeyPath = ("ladders", index)
        yield from unknown_names(parsed, (*place, "limits"), ladder.limits, known.natures, "limit", "期限")
        yield from _late_problems(ladder, known, parsed, place)
        yield from _hearing_problems(ladder, known, parsed, place)
        if ladder.id not in known.ladders.by_id:
            yield new_rule(parsed, (*place, "id"), ladder.id, known.ladders.by_id)
    # Those that are loaded stand last: of two that claim the same, the new one is told of.
    kept = [ladder for ladder in known.ladders.by_id.values() if ladder.id not in loaded]
    for id_, fault in faults_together([*kept, *(ladder for _, ladder in loaded.values())]):
        path = ("ladders", loaded[id_][0], *fault.at) if id_ in loaded else ("ladders",)
        yield Problem(parsed.line_of(path), fault.code, fault.zh, fault.en)


def _late_problems(ladder: Ladder, known: Known, parsed: Parsed, place: KeyPath) -> Iterator[Problem]:
    if ladder.numbers[-1] >= 0:
        return
    for position, limit in enumerate(ladder.limits):
        if known.natures.get(limit, "duty") not in OWED_NATURES:
            zh = f"“{limit}”不会逾期，不能有逾期后的提醒档"
            en = f"{limit} cannot be overdue: a ladder with rungs after the date does not fit it"
            yield Problem(parsed.line_of((*place, "limits", position)), "ladder.after", zh, en)


def _hearing_problems(ladder: Ladder, known: Known, parsed: Parsed, place: KeyPath) -> Iterator[Problem]:
    roles = {*known.roles, HOLDER, ABOVE}
    for number, rung in enumerate(ladder.rungs):
        path: KeyPath = (*place, "rungs", number, "to")
        yield from unknown_names(parsed, path, rung.to, roles, "role", "角色")
        only_roles = rung.to and set(rung.to) <= set(known.roles)
        if only_roles and known.held is not None and not set(rung.to) & set(known.held):
            zh = f"本案卷库中没有人担任{'、'.join(rung.to)}，这一级无人收到提醒"
            en = f"nobody here is {' or '.join(rung.to)}: nobody would hear at this rung"
            yield Problem(parsed.line_of(path), "rung.nobody", zh, en)
    for position, limit in enumerate(ladder.limits):
        if limit in known.silent:
            zh = f"“{limit}”没有写明提醒谁（remind），这一层级无人收到；先修改该期限"
            en = f"{limit} names nobody to be reminded, so that nobody hears of it; edit that limit first"
            yield Problem(parsed.line_of((*place, "limits", position)), "rung.nobody", zh, en)
