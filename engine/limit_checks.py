"""Reads files of time limits and refuses what cannot be law: gaps, overlaps, picks against the nature, idle grounds.

Stable codes of the problems found, beside those of `engine.data_files` and of the schema (`engine.time_limits`):

| Code | What is wrong |
|---|---|
| `limit.twice` | an id that stands twice, in this file or in another |
| `limit.remind` | a duty of ours, or an owed effect, with nobody to remind |
| `limit.owed` | `owed` where nothing happens by itself |
| `version.gap`, `version.overlap`, `version.reversed` | versions that do not cover all of time exactly once |
| `version.pick` | the later or earlier reading chosen against the nature |
| `reading.hours` | hours mixed with days, or hours that would move over rest days |
| `ground.unit` | hours granted to a limit in days, or days to one in hours |
| `ground.negative` | a length of a ground that counts back |
| `ground.backwards` | a ground on a limit that is itself counted back |
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from engine.data_files import data_folder, read_yaml, validated
from engine.dated_ranges import faults_in_time
from engine.parsed_file import KeyPath, Parsed
from engine.period_values import Length, Pick
from engine.rule_lists import Fault, rules_by_id
from engine.time_limits import LimitVersion, TimeLimit

# Where a text can be read in two ways, whoever could lose a right gets the later day, our own duty the earlier one.
PICK_OF_NATURE: dict[str, Pick] = {"right": "later", "waiting": "later", "duty": "earlier"}


class TimeLimitFile(BaseModel):
    """A file of time limits."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limits: Annotated[tuple[TimeLimit, ...], Field(min_length=1)]


def shipped_time_limits() -> dict[str, TimeLimit]:
    """All rules in `data/time_limits` by id. Raises FileWrong, also when two files hold the same id."""
    limits: dict[str, TimeLimit] = {}
    for path in sorted((data_folder() / "time_limits").glob("*.yaml")):
        parsed = read_yaml(path)
        limits |= time_limits_of(parsed, taken=limits)
    return limits


def time_limits_of(parsed: Parsed, taken: Iterable[str] = ()) -> dict[str, TimeLimit]:
    """The rules of a parsed file by id; `taken` are ids that other files hold.

    Raises FileWrong with every problem of the file, each with its line.
    """
    file = validated(TimeLimitFile, parsed)
    return rules_by_id(parsed, "limits", file.limits, _faults_of, taken=taken, twice="limit.twice", noun_zh="期限")


def _faults_of(limit: TimeLimit) -> Iterator[Fault]:
    if limit.trigger is None:
        zh = f"“{limit.id}”缺少必填项trigger，请写明自何时起算"
        yield Fault((), "field.missing", zh, f"{limit.id}: trigger is missing; say what starts it")
    ranges = [(version.from_on, version.to_on) for version in limit.versions]
    for fault in faults_in_time(ranges, filler="none: yes"):
        yield Fault(("versions", fault.position), *fault[1:])
    yield from _faults_of_nature(limit)
    for position, version in enumerate(limit.versions):
        at: KeyPath = ("versions", position)
        yield from _faults_of_readings(version, at)
        yield from _faults_of_grounds(version, at)


def _faults_of_nature(limit: TimeLimit) -> Iterator[Fault]:
    """A right and a waiting period take the later reading; what we owe takes the earlier one and reminds somebody."""
    is_ours = limit.nature == "duty" or limit.owed
    if is_ours and not limit.remind:
        zh, en = f"“{limit.id}”是本机关的义务，须写明提醒谁", f"{limit.id} is owed by us: say whom to remind"
        yield Fault(("remind",), "limit.remind", zh, en)
    if limit.owed and limit.nature != "automatic":
        zh = f"owed: yes只用于性质为automatic的期限，“{limit.id}”为{limit.nature}，请删去或者改正性质"
        en = f"owed: yes goes with nature automatic only, {limit.id} is {limit.nature}; delete it or mend the nature"
        yield Fault(("owed",), "limit.owed", zh, en)
    wanted = "earlier" if is_ours else PICK_OF_NATURE.get(limit.nature)
    for position, version in enumerate(limit.versions):
        if wanted is not None and version.pick is not None and version.pick != wanted:
            what = "owed: yes" if limit.owed else f"nature: {limit.nature}"
            zh = f"{what}的期限应取{wanted}，请改正pick"
            en = f"a limit with {what} takes the {wanted} reading; mend pick"
            yield Fault(("versions", position), "version.pick", zh, en)


def _faults_of_readings(version: LimitVersion, at: KeyPath) -> Iterator[Fault]:
    """Hours run from minute to minute: never beside days, never over rest days."""
    if not version.counts_hours:
        return
    if any(reading.length.unit != "h" for reading in version.readings):
        zh, en = "小时不能与日混用，请统一单位", "hours cannot stand beside days; use one unit"
        yield Fault((*at, "readings"), "reading.hours", zh, en)
    for index, reading in enumerate(version.readings):
        if reading.length.unit == "h" and reading.roll != "none":
            zh = "以小时计算的期限不因休息日顺延，请写roll: none"
            en = "a limit in hours does not roll over rest days; write roll: none"
            yield Fault((*at, "readings", index, "roll"), "reading.hours", zh, en)


def _faults_of_grounds(version: LimitVersion, at: KeyPath) -> Iterator[Fault]:
    """A ground may only change a limit that counts forward, and in a unit in which that limit is counted."""
    counts_back = any(reading.length.number < 0 for reading in version.readings)
    for here, _ in _grounds(version, at) if counts_back else ():
        zh, en = "倒算的期限不能延长、扣除或者重新计算，请删去", "a limit counted back knows no grounds; delete it"
        yield Fault(here, "ground.backwards", zh, en)
    for here, length in _grounds(version, at):
        if length is None:
            continue
        if length.number < 0:
            zh, en = f"“{length}”不能是负数，请写成+号", f"{length} cannot count back; write it with +"
            yield Fault(here, "ground.negative", zh, en)
        if (length.unit == "h") != version.counts_hours:
            zh = f"“{length}”与期限的单位不符：以小时计算的期限按小时延长，其余按日、月、年"
            en = f"{length} does not fit: a limit in hours is extended by hours, any other by days, months or years"
            yield Fault(here, "ground.unit", zh, en)


def _grounds(version: LimitVersion, at: KeyPath) -> Iterator[tuple[KeyPath, Length | None]]:
    """Every ground with its place in the file (that of its length, where it has one) and its length."""
    for index, extending in enumerate(version.extensions):
        yield (*at, "extensions", index, *(("most",) if extending.most else ())), extending.most
    for index, _ in enumerate(version.exclusions):
        yield (*at, "exclusions", index), None
    for index, restarting in enumerate(version.restarts):
        yield (*at, "restarts", index, *(("latest",) if restarting.latest else ())), restarting.latest
