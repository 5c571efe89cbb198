"""One change between two versions of a workflow as a value, and the names by which its sentences speak."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple, Protocol, TypeAlias

from engine.definitions import OPEN, Answer, Definition

Topic: TypeAlias = Literal[
    "step", "way", "people", "guard", "limit", "answer", "law", "state", "figure", "other", "basis", "wording", "origin"
]
# What an officer has to know first stands first; how something is worded, and what a version was made from, last.
TOPICS: tuple[Topic, ...] = (
    "step",
    "way",
    "people",
    "guard",
    "limit",
    "answer",
    "law",
    "state",
    "figure",
    "other",
    "basis",
    "wording",
    "origin",
)
Effect: TypeAlias = Literal["tightened", "loosened"]
SubjectKind: TypeAlias = Literal["workflow", "open", "step", "state", "role", "law"]
Path: TypeAlias = tuple[str, ...]


class Said(NamedTuple):
    """The same in both languages."""

    zh: str
    en: str


class Worded(Protocol):
    """Anything that has words in both languages."""

    @property
    def zh(self) -> str: ...
    @property
    def en(self) -> str: ...


NONE = Said("无", "none")


@dataclass(frozen=True)
class Change:
    """One change, in one sentence.

    `effect` says whether the later version asks for more or for less than the earlier one; it is `None` where that
    cannot be said. `basis` is the article under which the changed thing stands, empty where none is named.
    """

    path: Path
    code: str
    zh: str
    en: str
    kind: SubjectKind
    name: str
    topic: Topic
    effect: Effect | None = None
    basis: str = ""


@dataclass(frozen=True)
class Names:
    """What things outside a definition are called, by id: time limits, guards, conditions, parameters of guards."""

    limits: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    guards: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    conditions: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    parameters: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def limit(self, rule: str) -> Said:
        return _known(self.limits.get(rule), rule)

    def condition(self, name: str) -> Said:
        return _known(self.conditions.get(name), name)


@dataclass(frozen=True)
class Two:
    """The two versions that are compared. What only one of them knows is called as it is called there."""

    before: Definition
    after: Definition
    names: Names

    def role(self, name: str) -> Said:
        return named(name, self.after.roles.get(name), self.before.roles.get(name))

    def state(self, name: str) -> Said:
        return named(name, self.after.states.get(name), self.before.states.get(name))

    def step(self, name: str) -> Said:
        if name == OPEN:
            return Said("登记（open）", "Open (open)")
        return named(name, self.after.steps.get(name), self.before.steps.get(name))

    def asked_by(self, step: str) -> dict[str, Answer]:
        """The answers of a step of either version."""
        sides = (self.before, self.after)
        asking = [side.open if step == OPEN else side.steps.get(step) for side in sides]
        return {name: answer for one in asking if one is not None for name, answer in one.ask.items()}


@dataclass(frozen=True)
class Place:
    """Where a change is: the thing that its sentence begins with, the way there, and the answers known there."""

    two: Two
    kind: SubjectKind
    name: str
    said: Said
    path: Path
    basis: str = ""
    asked: Mapping[str, Answer] = field(default_factory=dict)

    def at(self, *path: str) -> Place:
        """A place further inside the same thing."""
        return replace(self, path=(*self.path, *path))

    def within(self, part: Said) -> Place:
        """The same place, named more closely."""
        return replace(self, said=say("{}，{}", "{}, {}", self.said, part))

    def answer(self, name: str) -> Said:
        return named(name, self.asked.get(name))

    def value(self, answer: str, value: str) -> Said:
        """A choice of an answer, by its words."""
        known = self.asked.get(answer)
        return quoted(known.choices.get(value) if known else None, value)

    def change(self, code: str, topic: Topic, sentence: Said, effect: Effect | None = None) -> Change:
        whole = Said(f"{self.said.zh}：{sentence.zh}", f"{self.said.en}: {sentence.en}")
        return Change(self.path, code, *whole, self.kind, self.name, topic, effect, self.basis)


def say(zh: str, en: str, *parts: Said) -> Said:
    """A sentence with `{}` for every part, in both languages."""
    return Said(zh.format(*(p.zh for p in parts)), en.format(*(p.en for p in parts)))


def listed(parts: Iterable[Said]) -> Said:
    """Several things in a row; `NONE` for no thing."""
    known = list(parts)
    return Said("、".join(p.zh for p in known), ", ".join(p.en for p in known)) if known else NONE


def literal(text: str) -> Said:
    """What is the same in both languages."""
    return Said(text, text)


def named(name: str, *words: Worded | None) -> Said:
    """By its words and its id; by the id alone where nothing has words for it."""
    found = next((w for w in words if w is not None), None)
    return _known((found.zh, found.en) if found else None, name)


def quoted(words: Worded | None, name: str) -> Said:
    """By its words alone, in quotation marks; by its id where it has none."""
    return Said(f"“{words.zh}”", f"'{words.en}'") if words else Said(f"“{name}”", f"'{name}'")


def opposite(effect: Effect | None) -> Effect | None:
    """What it means to take that away again."""
    return None if effect is None else ("loosened" if effect == "tightened" else "tightened")


def _known(words: tuple[str, str] | None, name: str) -> Said:
    return Said(f"{words[0]}（{name}）", f"{words[1]} ({name})") if words else literal(name)
