"""Which time limits a step starts, ends, pauses, resumes or gives up otherwise than before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from engine.definitions import PauseBy, ResumeBy, Start, Stop
from engine.diff_tellers import Teller, paired
from engine.diff_values import Change, Place, Said, listed, literal, say

STEP_DAY = Said("以办理之日为准", "by the day of the step")
ENDS = {
    "met": Said("按期办结", "as met"),
    "stopped": Said("终止计算", "as stopped"),
    "lapsed": Said("失效", "as lapsed"),
}


def _teller(code: str, verb: Said, details: Callable[[Place, Any], Said]) -> Teller:
    """Of one list of what happens to limits; `details` says how it happens to one."""

    def tell(place: Place, before: Sequence[Any], after: Sequence[Any]) -> Iterator[Change]:
        gone, changed, new = paired(before, after, lambda one: str(one.rule))
        limit = place.two.names.limit
        for one in gone:
            sentence = say("不再{}{}（原{}）", "no longer {} {} (was: {})", verb, limit(one.rule), details(place, one))
            yield place.at(one.rule).change(f"limit.{code}.removed", "limit", sentence)
        for one in new:
            sentence = say("新增：{}{}，{}", "now {} {}, {}", verb, limit(one.rule), details(place, one))
            yield place.at(one.rule).change(f"limit.{code}.added", "limit", sentence)
        for old, now in changed:
            parts = (verb, limit(now.rule), details(place, old), details(place, now))
            sentence = say("{}{}的方式由“{}”改为“{}”", "{} {}: '{}' became '{}'", *parts)
            yield place.at(now.rule).change(f"limit.{code}.changed", "limit", sentence)

    return tell


def waiver_changes(
    place: Place,
    before: Mapping[str, Mapping[str, Sequence[str]]],
    after: Mapping[str, Mapping[str, Sequence[str]]],
) -> Iterator[Change]:
    """Of the limits that an answer gives up."""
    old, new = _waived(before), _waived(after)
    for answer, value, rule in old:
        if (answer, value, rule) not in new:
            parts = (place.answer(answer), place.value(answer, value), place.two.names.limit(rule))
            sentence = say("{}填{}时不再视为放弃{}", "{} {} no longer waives the time limit {}", *parts)
            yield place.at(answer, value, rule).change("limit.waive.removed", "limit", sentence, "tightened")
    for answer, value, rule in new:
        if (answer, value, rule) not in old:
            parts = (place.answer(answer), place.value(answer, value), place.two.names.limit(rule))
            sentence = say("{}填{}时视为放弃{}", "{} {} now waives the time limit {}", *parts)
            yield place.at(answer, value, rule).change("limit.waive.added", "limit", sentence, "loosened")


def _waived(said: Mapping[str, Mapping[str, Sequence[str]]]) -> list[tuple[str, str, str]]:
    return [(answer, value, rule) for answer, by in said.items() for value, rules in by.items() for rule in rules]


def _start(place: Place, start: Start) -> Said:
    limit = place.two.names.limit
    parts = []
    if start.from_ is not None:
        parts.append(say("自{}起", "from {}", place.answer(start.from_)))
    if start.ends:
        parts.append(say("自{}届满起", "from the end of {}", listed(limit(rule) for rule in start.ends)))
    if not parts:
        parts.append(Said("自办理之日起", "from the day of the step"))
    if start.until is not None:
        parts.append(say("至{}止", "until {}", place.answer(start.until)))
    for answer, by_value in start.instead.items():
        for value, rule in by_value.items():
            known = (place.answer(answer), place.value(answer, value), limit(rule))
            parts.append(say("{}填{}时按{}", "by {2} where {0} is {1}", *known))
    for answer, by_value in start.after.items():
        for value, rule in by_value.items():
            known = (place.answer(answer), place.value(answer, value), limit(rule))
            parts.append(say("{}填{}时在{}届满后", "after {2} where {0} is {1}", *known))
    return _joined(place, parts, start.when)


def _stop(place: Place, stop: Stop) -> Said:
    return _joined(place, [ENDS[stop.as_], _day(place, stop.on)], stop.when)


def _pause(place: Place, pause: PauseBy) -> Said:
    return _joined(place, [say("情形{}", "ground {}", literal(pause.ground)), _day(place, pause.on)], None)


def _resume(place: Place, resume: ResumeBy) -> Said:
    return _joined(place, [_day(place, resume.on)], None)


def _day(place: Place, answer: str | None) -> Said:
    return STEP_DAY if answer is None else say("以{}为准", "by {}", place.answer(answer))


def _joined(place: Place, parts: list[Said], when: str | None) -> Said:
    if when is not None:
        parts = [*parts, say("仅当：{}", "only if: {}", place.two.names.condition(when))]
    return Said("，".join(p.zh for p in parts), ", ".join(p.en for p in parts))


LIMIT_TELLERS: dict[str, Teller] = {
    "start": _teller("start", Said("开始计算", "starts the time limit"), _start),
    "stop": _teller("stop", Said("结束计算", "ends the time limit"), _stop),
    "pause": _teller("pause", Said("暂停计算", "pauses the time limit"), _pause),
    "resume": _teller("resume", Said("恢复计算", "resumes the time limit"), _resume),
    "waive": waiver_changes,
}
