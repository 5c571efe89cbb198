"""Reads a file of rules: time limits, parameters, the holidays of a year, or ladders; one reader for all."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.data_files import read_yaml
from engine.errors import FileWrong, Problem
from engine.holiday_years import holiday_year_in
from engine.ladder_checks import ladders_of, shipped_ladders
from engine.limit_checks import shipped_time_limits, time_limits_of
from engine.office import Office
from engine.parameter_checks import parameters_of, shipped_parameters
from engine.parsed_file import KeyPath, Parsed
from engine.time_limits import TimeLimit
from workflows.definition_files import shipped_definitions
from workflows.ladder_references import ladder_problems
from workflows.rule_references import Known, holiday_problems, limit_problems, parameter_problems

LIMIT, PARAMETER, HOLIDAYS, LADDER = "time_limit", "parameter", "holidays", "ladder"
# By what a file begins with.
KINDS = {"limits": LIMIT, "parameters": PARAMETER, "year": HOLIDAYS, "ladders": LADDER}
# Those that are not kept in dated versions: what is loaded last holds.
UNDATED = frozenset({HOLIDAYS, LADDER})


@dataclass(frozen=True)
class Rule:
    """One rule of a file: the document it becomes, and where it stands in the file."""

    kind: str
    id: str
    content: Mapping[str, Any]
    path: KeyPath = ()


@dataclass(frozen=True)
class RuleFile:
    """A file of rules that is right in itself. Remarks do not stop it from being loaded."""

    parsed: Parsed
    kind: str
    rules: tuple[Rule, ...]
    remarks: tuple[Problem, ...] = ()


def known_in(office: Office | None) -> Known:
    """What the office knows; without one, what is shipped with the program."""
    if office is not None:
        law = office.law
        held = {role for person in office.people.persons.values() for _, role in person.roles}
        silent = _silent(law.limits.values())
        units = set(office.people.units)
        return Known(office.definitions(), law.natures, set(law.parameters), units, law.ladders, silent, held)
    limits = shipped_time_limits()
    natures = {limit.id: limit.nature for limit in limits.values()}
    silent = _silent(limits.values())
    return Known(shipped_definitions(natures), natures, set(shipped_parameters()), None, shipped_ladders(), silent)


def _silent(limits: Iterable[TimeLimit]) -> frozenset[str]:
    """The limits that name nobody to be reminded."""
    return frozenset(limit.id for limit in limits if not limit.remind)


def read_rules(path: Path, known: Known) -> RuleFile:
    """The rules in a file. Raises FileWrong with every problem and its line, NotFound, InputWrong."""
    return rules_in(read_yaml(path), known)


def rules_in(parsed: Parsed, known: Known) -> RuleFile:
    """The rules in a parsed file. Raises FileWrong with every problem and its line."""
    kind = kind_of(parsed)
    if kind == LIMIT:
        limits = tuple(time_limits_of(parsed).values())
        rules = tuple(Rule(kind, x.id, x.document(), ("limits", i)) for i, x in enumerate(limits))
        found = [*limit_problems(limits, known, parsed)]
    elif kind == PARAMETER:
        parameters = tuple(parameters_of(parsed, read_by_guards=shipped_parameters()).values())
        rules = tuple(Rule(kind, x.id, x.document(), ("parameters", i)) for i, x in enumerate(parameters))
        found = [*parameter_problems(parameters, known, parsed)]
    elif kind == LADDER:
        ladders = tuple(ladders_of(parsed).values())
        rules = tuple(Rule(kind, x.id, x.document(), ("ladders", i)) for i, x in enumerate(ladders))
        found = [*ladder_problems(ladders, known, parsed)]
    else:
        year = holiday_year_in(parsed)
        rules = (Rule(kind, str(year.year), year.document()),)
        found = [*holiday_problems(year, parsed)]
    wrong = tuple(problem for problem in found if not problem.remark)
    if wrong:
        raise FileWrong(parsed.name, tuple(sorted(wrong, key=lambda p: p.line)))
    return RuleFile(parsed, kind, rules, tuple(found))


def kind_of(parsed: Parsed) -> str:
    """What kind of rules the file holds. Raises FileWrong."""
    keys = list(parsed.value) if isinstance(parsed.value, dict) else []
    for key in keys:
        if key in KINDS:
            return KINDS[key]
    near = [n for key in keys for n in difflib.get_close_matches(key, KINDS, 1)]
    hint_zh, hint_en = (f"；是否想写“{near[0]}”？", f"; did you mean {near[0]!r}?") if near else ("", "")
    zh = f"这不是规则文件：应有limits（期限）、parameters（参数）、ladders（提醒层级）或year（一年的放假安排）{hint_zh}"
    en = f"this is no file of rules: it has limits, parameters, ladders, or year (the holidays of one){hint_en}"
    raise FileWrong(parsed.name, (Problem(1, "rule.kind", zh, en),))
