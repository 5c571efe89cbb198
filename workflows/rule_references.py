"""Holds rules against what refers to them: roles, kinds of authority, units, and the workflows that start them.

Stable codes:

| Code | What is wrong |
|---|---|
| `role.unknown`, `authority.unknown`, `weight.unknown`, `unit.unknown` | a name that nothing in use knows |
| `rule.breaks_workflow` | a workflow in use could no longer run with this nature |
| `rule.day_missing`, `rule.minute_missing` | `fixed` or hours where the step that starts it knows no day, no minute |
| `values.missing` | a setting of units says nothing for units in general |
| `notice.missing` | a holiday year without the number of its notice |
| `rule.new`, `notice.year`, `year.incomplete` | remarks: a name not known yet; a notice of another time; an odd year |
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from engine.definitions import Answer, Definition, Start
from engine.errors import Problem
from engine.holiday_values import HolidayYear
from engine.ladders import Ladders
from engine.law_book import AUTHORITY, DEFAULT, Parameter
from engine.parsed_file import KeyPath, Parsed
from engine.soundness import flaws_of
from engine.time_limits import Ground, TimeLimit
from workflows.definition_files import MEASURES
from workflows.repeated_works import HEAVIER, REMARK
from workflows.repeated_works import SETTING as SAME_WORK

AUTHORITIES = ("copyright_bureau", "culture_enforcement", "market_regulation")
# The settings of units: the words that each takes, and what such a word is called.
SETTINGS = {
    AUTHORITY: (AUTHORITIES, "authority", "机关类别"),
    SAME_WORK: ((REMARK, HEAVIER), "weight", "处理方式"),
}
NOTICE = re.compile(r"〔([0-9]{4})〕\s*[0-9]+号")
# Days on which every notice so far has given a holiday: New Year's Day, Labour Day, National Day.
ALWAYS_REST = ((1, 1), (5, 1), (10, 1))


@dataclass(frozen=True)
class Known:
    """What rules may refer to: workflows in use, rules in force, units (`None` where there is no office).

    `silent` are the limits that name nobody to be reminded, `held` the roles that somebody in the office has.
    """

    definitions: Mapping[str, Definition]
    natures: Mapping[str, str]
    parameters: Collection[str]
    units: Collection[str] | None
    ladders: Ladders
    silent: Collection[str] = ()
    held: Collection[str] | None = None

    @property
    def roles(self) -> tuple[str, ...]:
        return tuple(sorted({role for definition in self.definitions.values() for role in definition.roles}))


def limit_problems(limits: Iterable[TimeLimit], known: Known, parsed: Parsed) -> Iterator[Problem]:
    for index, limit in enumerate(limits):
        place: KeyPath = ("limits", index)
        yield from unknown_names(parsed, (*place, "remind"), limit.remind, known.roles, "role", "角色")
        for at, ground in _grounds(limit):
            yield from unknown_names(parsed, (*place, *at, "by"), ground.by, known.roles, "role", "角色")
            path = (*place, *at, "authorities")
            yield from unknown_names(parsed, path, ground.authorities, AUTHORITIES, "authority", "机关类别")
        yield from _broken_workflows(limit, known, parsed.line_of((*place, "nature")))
        for definition in known.definitions.values():
            yield from _impossible_starts(limit, definition, parsed, place)
        if limit.id not in known.natures:
            yield new_rule(parsed, (*place, "id"), limit.id, known.natures)


def _grounds(limit: TimeLimit) -> Iterator[tuple[KeyPath, Ground]]:
    for number, version in enumerate(limit.versions):
        kinds: Mapping[str, tuple[Ground, ...]] = {
            "extensions": version.extensions,
            "exclusions": version.exclusions,
            "restarts": version.restarts,
        }
        for name, grounds in kinds.items():
            for position, ground in enumerate(grounds):
                yield ("versions", number, name, position), ground


def _broken_workflows(limit: TimeLimit, known: Known, line: int) -> Iterator[Problem]:
    """What would be wrong with the workflows in use that is not wrong now."""
    natures = {**known.natures, limit.id: limit.nature}
    for name, definition in known.definitions.items():
        before = {flaw.path for flaw in flaws_of(definition, known.natures, MEASURES)}
        for flaw in flaws_of(definition, natures, MEASURES):
            if flaw.path not in before:
                zh, en = f"流程“{name}”不能这样运行：{flaw.zh}", f"the workflow {name} could not run: {flaw.en}"
                yield Problem(line, "rule.breaks_workflow", zh, en)


def _impossible_starts(limit: TimeLimit, definition: Definition, parsed: Parsed, place: KeyPath) -> Iterator[Problem]:
    """Versions that a step of the workflow could not start: it knows no last day, or no minute."""
    for step, start, ask in _starts(definition):
        if limit.id not in {start.rule, *(rule for by_value in start.instead.values() for rule in by_value.values())}:
            continue
        asked = ask.get(start.from_ or "")
        for number, version in enumerate(limit.versions):
            line = parsed.line_of((*place, "versions", number))
            if version.fixed and start.until is None:
                zh = f"流程“{definition.workflow}”的“{step}”没有填报末日，不能写fixed: yes"
                en = f"{step} of the workflow {definition.workflow} asks no last day: fixed: yes cannot be"
                yield Problem(line, "rule.day_missing", zh, en)
            if version.counts_hours and (asked is None or asked.type != "moment"):
                zh = f"流程“{definition.workflow}”的“{step}”没有填报时刻，不能以小时计算"
                en = f"{step} of the workflow {definition.workflow} asks no minute: hours cannot be counted"
                yield Problem(line, "rule.minute_missing", zh, en)


def _starts(definition: Definition) -> Iterator[tuple[str, Start, Mapping[str, Answer]]]:
    for start in definition.open.start:
        yield "open", start, definition.open.ask
    for name, step in definition.steps.items():
        for start in step.start:
            yield name, start, step.ask


def parameter_problems(parameters: Iterable[Parameter], known: Known, parsed: Parsed) -> Iterator[Problem]:
    for index, parameter in enumerate(parameters):
        place: KeyPath = ("parameters", index)
        if parameter.id in SETTINGS:
            yield from _setting_problems(parameter, known, parsed, place)
        if parameter.id not in known.parameters:
            yield new_rule(parsed, (*place, "id"), parameter.id, known.parameters)


def _setting_problems(parameter: Parameter, known: Known, parsed: Parsed, place: KeyPath) -> Iterator[Problem]:
    words, en_name, zh_name = SETTINGS[parameter.id]
    for number, version in enumerate(parameter.versions):
        path: KeyPath = (*place, "versions", number, "values")
        if DEFAULT not in version.values:
            zh, en = "缺少“default”，请补上一般情形", "default is missing; add what holds for every other unit"
            yield Problem(parsed.line_of(path), "values.missing", zh, en)
        for unit, word in version.values.items():
            here = (*path, unit)
            yield from unknown_names(parsed, here, [word], words, en_name, zh_name, listed=False)
            if unit != DEFAULT and known.units is not None:
                yield from unknown_names(parsed, here, [unit], known.units, "unit", "单位", listed=False)


def holiday_problems(year: HolidayYear, parsed: Parsed) -> Iterator[Problem]:
    numbers = NOTICE.findall(year.notice or "")
    if not numbers:
        zh = f"请在notice写明放假通知的文号，如国办发明电〔{year.year - 1}〕…号"
        en = f"name the number of the notice under notice, like 国办发明电〔{year.year - 1}〕…号"
        yield Problem(parsed.line_of(("notice",)), "notice.missing", zh, en)
    elif not {str(year.year - 1), str(year.year)} & set(numbers):
        zh, en = "文号的年份与放假年份不相近，请核对", "the year of the notice is not near the year itself; check it"
        yield Problem(parsed.line_of(("notice",)), "notice.year", zh, en, remark=True)
    for month, day in ALWAYS_REST:
        on = date(year.year, month, day)
        if on not in year.rest:
            zh, en = f"{on}没有列为放假日，请与通知核对", f"{on} is not among the days off; check it against the notice"
            yield Problem(parsed.line_of(("rest",)), "year.incomplete", zh, en, remark=True)


def unknown_names(
    parsed: Parsed,
    path: KeyPath,
    names: Iterable[str],
    known: Collection[str],
    en: str,
    zh: str,
    *,
    listed: bool = True,
) -> Iterator[Problem]:
    """Names that nobody knows, each at its place in the list, with the nearest one that is known."""
    for position, name in enumerate(names):
        if name in known:
            continue
        near = difflib.get_close_matches(name, known, 1)
        choices = sorted(known)
        hint_zh = f"；是否想写“{near[0]}”？" if near else f"，可选：{'、'.join(choices)}"
        hint_en = f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(choices)}"
        line = parsed.line_of((*path, position) if listed else path)
        yield Problem(line, f"{en}.unknown", f"没有{zh}“{name}”{hint_zh}", f"there is no {en} {name!r}{hint_en}")


def new_rule(parsed: Parsed, path: KeyPath, id_: str, known: Iterable[str]) -> Problem:
    """A rule of a new name may be meant, or be a slip of the pen."""
    near = difflib.get_close_matches(id_, list(known), 1)
    hint_zh, hint_en = (f"；是否想写“{near[0]}”？", f"; did you mean {near[0]!r}?") if near else ("", "")
    zh, en = f"“{id_}”是新的规则，现有流程都不使用{hint_zh}", f"{id_} is a new rule that no workflow uses yet{hint_en}"
    return Problem(parsed.line_of(path), "rule.new", zh, en, remark=True)
