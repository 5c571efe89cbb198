"""Reads files of ladders and refuses what nobody could hear, or what leaves a limit with no ladder or with two.

Stable codes of the problems found, beside those of `engine.data_files` and of the schema (`engine.ladders`):

| Code | What is wrong |
|---|---|
| `ladder.twice` | an id that stands twice, in this file or in another |
| `ladder.order` | rungs that do not follow one another in time, or stand twice |
| `ladder.reach` | natures or limits where the ladder is not for deadlines; neither where it is |
| `ladder.after` | a rung after the date of something that cannot be overdue, or of which no fulfilment is recorded |
| `ladder.yellow` | a ladder for deadlines that does not say when they are yellow |
| `ladder.why` | `compulsory` without its reason in both languages, or a reason without it |
| `version.confirmed` | half of a confirmation |
| `rung.nobody` | a rung after the date that names nobody |
| `ladder.two`, `ladder.none` | two ladders for one nature, limit or kind; none for it |
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Annotated, get_args

from pydantic import BaseModel, ConfigDict, Field

from engine.data_files import data_folder, read_yaml, validated
from engine.ladders import CERTIFICATE, DEADLINE, OBLIGATION, OWED_NATURES, Ladder, Ladders
from engine.parsed_file import Parsed
from engine.rule_lists import Fault, rules_by_id
from engine.time_limits import Nature


class LadderFile(BaseModel):
    """A file of ladders."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ladders: Annotated[tuple[Ladder, ...], Field(min_length=1)]


@cache
def shipped_ladders() -> Ladders:
    """Every ladder in `data/ladders`. Raises FileWrong."""
    found: dict[str, Ladder] = {}
    for path in sorted((data_folder() / "ladders").glob("*.yaml")):
        found |= ladders_of(read_yaml(path), taken=found)
    return Ladders(found.values())


def ladders_of(parsed: Parsed, taken: Iterable[str] = ()) -> dict[str, Ladder]:
    """The ladders of a parsed file by id; `taken` are ids that other files hold.

    Raises FileWrong with every problem of the file, each with its line.
    """
    file = validated(LadderFile, parsed)
    return rules_by_id(parsed, "ladders", file.ladders, _faults_of, taken=taken, twice="ladder.twice")


def faults_together(ladders: Iterable[Ladder]) -> Iterator[tuple[str | None, Fault]]:
    """Whatever has no ladder or two, with the id of the ladder that is one too many (`None` where one is missing)."""
    claims: dict[tuple[str, str], list[str]] = defaultdict(list)
    for ladder in ladders:
        if ladder.for_ == DEADLINE:
            for name, values in (("natures", ladder.natures), ("limits", ladder.limits)):
                for value in values:
                    claims[name, value].append(ladder.id)
        else:
            claims["for", ladder.for_].append(ladder.id)
    for (name, value), ids in claims.items():
        for extra in ids[1:]:
            zh = f"“{value}”已由提醒层级“{ids[0]}”适用，只能有一个"
            yield extra, Fault((name,), "ladder.two", zh, f"{value} has the ladder {ids[0]} already; it can have one")
    wanted = [*(("natures", nature) for nature in get_args(Nature)), ("for", OBLIGATION), ("for", CERTIFICATE)]
    for name, value in wanted:
        if (name, value) not in claims:
            zh, en = f"“{value}”没有提醒层级，请补上", f"{value} would have no ladder; add it"
            yield None, Fault((name,), "ladder.none", zh, en)


def _faults_of(ladder: Ladder) -> Iterator[Fault]:
    yield from _faults_of_reach(ladder)
    yield from _faults_of_rungs(ladder)
    if ladder.for_ == DEADLINE and ladder.yellow_from is None:
        zh, en = "缺少yellow_from，请写明届满前几个工作日起为黄", "yellow_from is missing; say when it turns yellow"
        yield Fault((), "ladder.yellow", zh, en)
    if (ladder.why_zh is not None, ladder.why_en is not None) != (ladder.compulsory, ladder.compulsory):
        zh = "compulsory: yes须以why_zh和why_en写明理由，可以关闭的不写"
        en = "compulsory: yes gives its reason in why_zh and why_en; what may be muted gives none"
        yield Fault(("compulsory",), "ladder.why", zh, en)
    if (ladder.confirmed_by is None) != (ladder.confirmed_on is None):
        zh, en = "confirmed_by与confirmed_on须同时填写", "confirmed_by and confirmed_on go together"
        yield Fault((), "version.confirmed", zh, en)


def _faults_of_reach(ladder: Ladder) -> Iterator[Fault]:
    named = bool(ladder.natures or ladder.limits)
    if ladder.for_ == DEADLINE and not named:
        zh, en = "用于期限的，须写natures或者limits", "a ladder for deadlines names natures or limits"
        yield Fault(("for",), "ladder.reach", zh, en)
    if ladder.for_ != DEADLINE and named:
        zh, en = "natures和limits只用于期限（for: deadline）", "natures and limits go with for: deadline only"
        yield Fault(("natures",) if ladder.natures else ("limits",), "ladder.reach", zh, en)


def _faults_of_rungs(ladder: Ladder) -> Iterator[Fault]:
    for position, (one, after) in enumerate(zip(ladder.numbers, ladder.numbers[1:], strict=False), start=1):
        if after >= one:
            zh, en = "提醒档须由早到晚排列，不得重复", "rungs stand in the order of time, each once"
            yield Fault(("rungs", position), "ladder.order", zh, en)
    can_be_late = ladder.for_ == DEADLINE and set(ladder.natures) <= OWED_NATURES
    for position, rung in enumerate(ladder.rungs):
        if rung.after is None:
            continue
        if not can_be_late:
            zh = "只有本机关和其他机关办理的期限（duty、other_body）会逾期，请删去after档"
            en = "only duties, ours or another body's (duty, other_body), can be overdue here; delete rungs with after"
            yield Fault(("rungs", position), "ladder.after", zh, en)
        if not rung.to:
            zh, en = "逾期后的提醒档须以to写明通知谁", "a rung after the date says in `to` who hears"
            yield Fault(("rungs", position), "rung.nobody", zh, en)
