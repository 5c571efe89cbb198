"""Reads a file that says what another version of a workflow calls states, steps, answers and limits."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from engine.canonical import content_hash
from engine.data_files import read_yaml, validated
from engine.data_values import Identifier
from engine.definitions import Definition
from engine.errors import FileWrong, Problem
from engine.move_judging import KEEP, NameMapping
from engine.parsed_file import Parsed


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    states: dict[Identifier, Identifier] = Field(default_factory=dict)
    steps: dict[Identifier, Identifier] = Field(default_factory=dict)
    answers: dict[Identifier, Identifier] = Field(default_factory=dict)
    deadlines: dict[Identifier, Literal["keep", "end"]] = Field(default_factory=dict)


def read_mapping(path: Path, target: Definition) -> NameMapping:
    """The mapping, each name in it held against the version. Raises FileWrong with every line that is wrong."""
    parsed = read_yaml(path)
    read = validated(_File, parsed)
    answers = {name for ask in (target.open.ask, *(s.ask for s in target.steps.values())) for name in ask}
    problems = [
        *_problems(parsed, "states", read.states, set(target.states)),
        *_problems(parsed, "steps", read.steps, set(target.steps)),
        *_problems(parsed, "answers", read.answers, answers),
    ]
    if problems:
        raise FileWrong(parsed.name, tuple(problems))
    return NameMapping(read.states, read.steps, read.answers, dict(read.deadlines))


def mapping_hash(mapping: NameMapping) -> str:
    """By which a rehearsal and the move that follows it know that they mean the same."""
    parts = {"states": mapping.states, "steps": mapping.steps}
    rest = {"answers": mapping.answers, "deadlines": mapping.deadlines}
    return content_hash({name: dict(found) for name, found in {**parts, **rest}.items()})


def _problems(parsed: Parsed, place: str, named: dict[str, str], known: set[str]) -> list[Problem]:
    """What still exists keeps its name, so that nobody jumps a case; what is gone becomes something that exists."""
    found = []
    for was, now in named.items():
        line = parsed.line_of((place, was))
        if was in known:
            zh, en = f"新版本仍有“{was}”，不能改称“{now}”", f"the version still has {was}; it cannot become {now}"
            found.append(Problem(line, "mapping.still_there", zh, en))
        elif now not in known and now != KEEP:
            zh, en = f"新版本没有“{now}”", f"the version has no {now}"
            found.append(Problem(line, "mapping.unknown", zh, en))
    return found
