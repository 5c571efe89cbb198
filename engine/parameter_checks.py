"""Reads files of parameters and refuses what no guard could read: gaps in time, unknown values, words for numbers.

Stable codes of the problems found, beside those of `engine.data_files` and of the schema:

| Code | What is wrong |
|---|---|
| `parameter.twice` | an id that stands twice, in this file or in another |
| `version.gap`, `version.overlap`, `version.reversed` | versions that do not cover all of time exactly once |
| `version.confirmed`, `version.note` | half of a confirmation; a note in one language only |
| `values.unknown`, `values.missing` | a value that no guard reads; one that a guard needs |
| `values.number`, `values.word` | not a whole number; not among the words that guards know |
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from engine.data_files import data_folder, read_yaml, validated
from engine.dated_ranges import faults_in_time
from engine.law_book import Parameter, ParameterVersion
from engine.parsed_file import KeyPath, Parsed
from engine.rule_lists import Fault, rules_by_id


class ParameterFile(BaseModel):
    """A file of parameters."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    parameters: Annotated[tuple[Parameter, ...], Field(min_length=1)]


def shipped_parameters() -> dict[str, Parameter]:
    """Every parameter in `data/parameters` by id. Raises FileWrong, also when two files hold the same id."""
    found: dict[str, Parameter] = {}
    for path in sorted((data_folder() / "parameters").glob("*.yaml")):
        found |= parameters_of(read_yaml(path), taken=found)
    return found


def parameters_of(
    parsed: Parsed, taken: Iterable[str] = (), read_by_guards: Mapping[str, Parameter] | None = None
) -> dict[str, Parameter]:
    """The parameters of a parsed file by id; `taken` are ids that other files hold.

    `read_by_guards` are those shipped with the program, whose guards read the values: another set of values, or another
    kind of value, they cannot read. Raises FileWrong with every problem of the file, each with its line.
    """
    file = validated(ParameterFile, parsed)

    def faults_of(parameter: Parameter) -> Iterator[Fault]:
        yield from _faults_of(parameter)
        yield from _faults_of_values(parameter, (read_by_guards or {}).get(parameter.id))

    return rules_by_id(parsed, "parameters", file.parameters, faults_of, taken=taken, twice="parameter.twice")


def _faults_of(parameter: Parameter) -> Iterator[Fault]:
    for fault in faults_in_time([(version.from_, version.to) for version in parameter.versions]):
        yield Fault(("versions", fault.position), *fault[1:])
    for position, version in enumerate(parameter.versions):
        if (version.confirmed_by is None) != (version.confirmed_on is None):
            zh, en = "confirmed_by与confirmed_on须同时填写", "confirmed_by and confirmed_on go together"
            yield Fault(("versions", position), "version.confirmed", zh, en)
        if bool(version.note_zh) != bool(version.note_en):
            zh, en = "note_zh与note_en须同时填写", "note_zh and note_en go together"
            yield Fault(("versions", position), "version.note", zh, en)


def _faults_of_values(parameter: Parameter, model: Parameter | None) -> Iterator[Fault]:
    """The values of every version must be a set that guards read, each of the kind that they read."""
    if model is None or model.is_by_unit:
        return
    sets = [set(version.values) for version in model.versions]
    words = {name: {v.values[name] for v in model.versions if name in v.values} for name in set().union(*sets)}
    for position, version in enumerate(parameter.versions):
        at: KeyPath = ("versions", position, "values")
        if set(version.values) not in sets:
            yield from _faults_of_names(version, max(sets, key=lambda known: _likeness(known, version)), at)
            continue
        for name, value in version.values.items():
            yield from _faults_of_value(name, value, words[name], (*at, name))


def _likeness(known: set[str], version: ParameterVersion) -> int:
    return len(known & set(version.values)) - len(known ^ set(version.values))


def _faults_of_names(version: ParameterVersion, known: set[str], at: KeyPath) -> Iterator[Fault]:
    for name in sorted(set(version.values) - known):
        near = difflib.get_close_matches(name, known, 1)
        zh, en = (f"；是否想写“{near[0]}”？", f"; did you mean {near[0]!r}?") if near else ("，请删去", "; delete it")
        yield Fault((*at, name), "values.unknown", f"没有条件使用“{name}”{zh}", f"no guard reads {name!r}{en}")
    for name in sorted(known - set(version.values)):
        yield Fault(at, "values.missing", f"缺少“{name}”，请补上", f"{name} is missing; add it")


def _faults_of_value(name: str, value: str, known: set[str], at: KeyPath) -> Iterator[Fault]:
    if all(_is_number(word) for word in known):
        if not _is_number(value):
            zh, en = f"“{name}”的“{value}”不是整数", f"{name}: {value!r} is not a whole number"
            yield Fault(at, "values.number", zh, en)
        return
    allowed = {"yes", "no"} if known <= {"yes", "no"} else known
    if value not in allowed:
        zh = f"“{name}”的“{value}”不在可选范围内，可选：{'、'.join(sorted(allowed))}"
        yield Fault(at, "values.word", zh, f"{name}: {value!r} is not among {', '.join(sorted(allowed))}")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 15
