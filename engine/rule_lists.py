"""Rules that stand as a list in one file: each checked by itself, none under an id that is taken. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple, Protocol, TypeVar

from engine.errors import FileWrong, Problem
from engine.parsed_file import KeyPath, Parsed


class Fault(NamedTuple):
    """Something wrong at a place inside one rule."""

    at: KeyPath
    code: str
    zh: str
    en: str


class _Rule(Protocol):
    @property
    def id(self) -> str: ...


R = TypeVar("R", bound=_Rule)


def rules_by_id(
    parsed: Parsed,
    place: str,
    rules: Iterable[R],
    faults_of: Callable[[R], Iterable[Fault]],
    *,
    taken: Iterable[str],
    twice: str,
    noun_zh: str = "",
) -> dict[str, R]:
    """The rules of the list at that place of the file, by id; `taken` are ids that other files hold, `twice` the code
    for one that stands twice. Raises FileWrong with every problem of the file, each with its line."""
    problems: list[Problem] = []
    seen = set(taken)
    found: dict[str, R] = {}
    for index, rule in enumerate(rules):
        faults = [*faults_of(rule)]
        if rule.id in seen:
            zh, en = f"{noun_zh}“{rule.id}”重复，请改名或者合并", f"{rule.id} stands twice; rename it or merge the two"
            faults.insert(0, Fault(("id",), twice, zh, en))
        seen.add(rule.id)
        found[rule.id] = rule
        problems += [Problem(parsed.line_of((place, index, *f.at)), f.code, f.zh, f.en) for f in faults]
    if problems:
        raise FileWrong(parsed.name, tuple(problems))
    return found
