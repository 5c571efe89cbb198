"""What a scenario file may say, and reads it: a whole case as data, beside the definition that it travels with.

The scenarios of a workflow lie in the folder `scenarios/WORKFLOW/` beside the file of its definition. A file tells who
opens a case, what is done in its `life` on which day, what must be refused and for which reasons, and how it must end.

| Code | What is wrong in a file |
|---|---|
| `scenario.id`, `scenario.workflow` | it calls itself otherwise than its file; its workflow is not that of its folder |
| `scenario.act` | a line of the life says two things, or something that does not go with what it does |
| `scenario.before_unknown`, `scenario.before_circle` | an earlier case has no file; it waits for this one itself |
| `scenario.before` | the file of an earlier case is wrong |
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from engine.data_files import read_yaml, validated
from engine.data_values import Contradiction, Day, FileId, Identifier, Month, Number, Text
from engine.errors import AnjuanError, FileWrong, Problem
from engine.parsed_file import KeyPath, Parsed
from workflows.definition_files import base_of
from workflows.extending import EXTENDS

FOLDER = "scenarios"
_MINUTE = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def _minute(text: str) -> str:
    if _MINUTE.fullmatch(text):
        return text
    raise Contradiction(f"“{text}”不是时刻，请写成16:30的样子", f"{text!r} is no minute; write it like 16:30")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Absence(_Part):
    """`name` acts in that role for somebody who is away, between two days, both inclusive."""

    name: Identifier
    for_name: Identifier = Field(alias="for")
    role: Identifier
    from_on: Day = Field(alias="from")
    to_on: Day = Field(alias="to")


# What may be said beside each kind of act; the day always may.
_COMPARED = frozenset({"state", "due"})
_TAKEN = frozenset({"by", "at", "answers", "reason", "party", "signed_by"}) | _COMPARED
_GOES_WITH = {
    "do": _TAKEN | {"mind"},
    "refused": _TAKEN | {"because"},
    "undo": frozenset({"by", "reason", "because"}) | _COMPARED,
    "stand_in": frozenset({"by"}),
    "look": _COMPARED,
}


class Act(_Part):
    """One line of a life.

    `do` takes a step, `refused` must not be possible for exactly the reasons in `because`, `undo` takes the last step
    back (or must not be able to, where `because` says why), `stand_in` names who acts for whom. A line with none of
    them only looks at what time has brought. `at` is the minute where the law counts hours. Afterwards the case must
    stand at `state`, the limits in `due` must end on those days, and the step must have given the warnings in `mind`.
    """

    on: Day
    by: Identifier | None = None
    at: Annotated[Text, AfterValidator(_minute)] | None = None
    do: Identifier | None = None
    refused: Identifier | None = None
    because: tuple[Text, ...] = ()
    undo: bool = False
    stand_in: Absence | None = None
    answers: dict[str, str] = Field(default_factory=dict, alias="set")
    reason: str = ""
    party: Number | None = None
    signed_by: Identifier | None = None
    state: Identifier | None = None
    due: dict[str, Day] = Field(default_factory=dict)
    mind: tuple[Text, ...] = ()

    @property
    def kind(self) -> str:
        """`do`, `refused`, `undo`, `stand_in` or `look`."""
        return next((kind for kind in ("do", "refused", "undo", "stand_in") if getattr(self, kind)), "look")

    @model_validator(mode="after")
    def _says_one_thing(self) -> Act:
        kind = self.kind
        others = self.model_fields_set - _GOES_WITH[kind] - {"on", kind}
        if others:
            named = ", ".join(sorted("set" if name == "answers" else name for name in others))
            raise Contradiction(
                f"本行是“{kind}”，不能同时写{named}",
                f"this line is {kind!r}; {named} cannot stand here",
                "scenario.act",
            )
        if kind == "refused" and not self.because:
            raise Contradiction(
                "应当写明不能办理的原因（because）",
                "say for which reasons it must be refused (because)",
                "scenario.act",
            )
        if kind == "look" and not (self.state or self.due):
            raise Contradiction(
                "本行没有内容：请写do、refused、undo或stand_in，或者写明应有的state、due",
                "this line says nothing: write do, refused, undo or stand_in, or what state and due must be",
                "scenario.act",
            )
        if kind != "look" and self.by is None:
            raise Contradiction("没有写明由谁办理（by）", "say who does it (by)", "scenario.act")
        return self


class Opening(_Part):
    """How the case begins: on which day, by whom, in which unit (his own where none is named), with which answers."""

    on: Day
    by: Identifier
    unit: Identifier | None = None
    category: Identifier = "other"
    answers: dict[str, str] = Field(alias="set")


class End(_Part):
    """How the case must stand at the end. `figures` are all that was counted, by month and measure."""

    state: Identifier
    parties: dict[str, Identifier] = Field(default_factory=dict)
    deadlines: dict[str, Identifier] = Field(default_factory=dict)
    figures: dict[Month, dict[Identifier, Number]] = Field(default_factory=dict)


class Scenario(_Part):
    """A whole case. `before` are earlier cases, by file name, that are played first in the same office.

    `staff` gives people of the practice staff roles besides those that they have, for roles that a workflow adds.
    """

    id: FileId
    zh: Text
    en: Text
    basis: Text
    workflow: Identifier
    before: tuple[FileId, ...] = ()
    staff: dict[Identifier, tuple[Identifier, ...]] = Field(default_factory=dict)
    open: Opening
    life: tuple[Act, ...]
    end: End


@dataclass(frozen=True)
class ScenarioFile:
    """A scenario as it was read, with the lines of its file and the earlier cases that are played before it."""

    scenario: Scenario
    parsed: Parsed
    earlier: tuple[ScenarioFile, ...] = ()

    def problem(self, path: KeyPath, code: str, zh: str, en: str) -> Problem:
        """Something to say about a place in the file."""
        return Problem(self.parsed.line_of(path), code, zh, en)


def folders_of(file: Path) -> tuple[Path, ...]:
    """The folders in which the scenarios of a definition lie; those of what it extends come first.

    To be asked only of a file whose definition could be read.
    """
    return tuple(folder for folder, _ in _folders(file))


def files_in(folders: Iterable[Path]) -> dict[str, Path]:
    """The scenario files of those folders by name, sorted; a file takes the place of one of that name before it."""
    found = {file.stem: file for folder in folders for file in folder.glob("*.yaml")}
    return dict(sorted(found.items()))


def read_scenario(name: str, files: Mapping[str, Path], waiting: tuple[str, ...] = ()) -> ScenarioFile:
    """The scenario of that name among the files, with the earlier cases that it asks for.

    `waiting` are the names of those that wait for this one. Raises FileWrong with every problem and its line.
    """
    parsed = read_yaml(files[name])
    scenario = validated(Scenario, parsed)
    file = ScenarioFile(scenario, parsed)
    problems = [*_names(file, files[name])]
    earlier: list[ScenarioFile] = []
    for number, before in enumerate(scenario.before):
        path = ("before", number)
        if before not in files:
            zh, en = f"没有全程案例“{before}”的文件", f"there is no file of a scenario {before!r}"
            problems.append(file.problem(path, "scenario.before_unknown", zh, en))
        elif before in (*waiting, name):
            zh, en = f"“{before}”自己也要等本案办完", f"{before!r} waits for this one itself"
            problems.append(file.problem(path, "scenario.before_circle", zh, en))
        else:
            try:
                earlier.append(read_scenario(before, files, (*waiting, name)))
            except AnjuanError as e:
                problems.append(file.problem(path, "scenario.before", e.zh, e.en))
    if problems:
        raise FileWrong(parsed.name, tuple(problems))
    return ScenarioFile(scenario, parsed, tuple(earlier))


def _folders(file: Path) -> list[tuple[Path, str]]:
    """The folders, each with the id of its workflow; the last is that of the file itself."""
    said = read_yaml(file).value
    base = base_of(file, str(said[EXTENDS])) if EXTENDS in said else None
    before = _folders(base) if base is not None else []
    workflow = str(said.get("workflow") or before[-1][1])
    return [*before, (file.parent / FOLDER / workflow, workflow)]


def _names(file: ScenarioFile, path: Path) -> Iterable[Problem]:
    scenario, folder = file.scenario, path.parent.name
    if scenario.id != path.stem:
        zh, en = f"应与文件名相同，写作“{path.stem}”", f"it must be called like its file: {path.stem}"
        yield file.problem(("id",), "scenario.id", zh, en)
    if scenario.workflow != folder:
        zh = f"文件在“{folder}”的文件夹里，流程却是“{scenario.workflow}”"
        en = f"it lies in the folder of {folder!r}, but its workflow is {scenario.workflow!r}"
        yield file.problem(("workflow",), "scenario.workflow", zh, en)
