"""The workflow language: what a definition file may say, as frozen models.

A definition is identified by the hash of its parsed content; comments do not count. `soundness.py` judges
whether a definition makes sense, `machine.py` runs it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from engine.canonical import content_hash

SAME = "same"
OPEN = "open"

AnswerType: TypeAlias = Literal[
    "text", "date", "moment", "money", "integer", "choice", "choices", "officers", "yes_no", "schedule"
]
# A target is a state, `same`, or a choice between targets: {answer: {value: target}}, {at: {state: target}},
# {previous: step}, {choose: {by: name, yes: target, no: target}}.
Target: TypeAlias = str | dict[str, Any]


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _as_names(value: object) -> object:
    """A list of names, or of {name: {parameters}}, as a list of {name: parameters}."""
    if not isinstance(value, list):
        return value
    return [{item: {}} if isinstance(item, str) else {k: v or {} for k, v in item.items()} for item in value]


Names: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(_as_list)]
Named: TypeAlias = Annotated[tuple[dict[str, dict[str, Any]], ...], BeforeValidator(_as_names)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Words(_Model):
    """One term in both languages."""

    zh: str
    en: str


class Role(Words):
    """Who takes a step. A role `from_above` may be held in a higher unit than the case's."""

    from_above: bool = False


class State(Words):
    """Where a case stands. From an `end` only steps marked `after_end` lead on."""

    stage: str
    end: bool = False


class Answer(Words):
    """One thing that a step asks. Money is integer fen; a moment is a day or a minute; a schedule is money by day."""

    type: AnswerType
    optional: bool = False
    choices: dict[str, Words] = Field(default_factory=dict)
    personal: bool = False
    correctable: bool = False  # a slip of the pen in it may be put right later, by a marked entry
    not_in_future: bool = True  # a day or moment that has happened; plans (a hearing, a time limit) say `no`


class Start(_Model):
    """A time limit that a step starts: from which answered day (default: the day of the step), and when at all.

    `instead` names another rule to count by for some answers, `after` another limit that must run out first
    (service by public notice takes effect later): both {answer: {value: rule}}.
    """

    rule: str
    from_: str | None = Field(default=None, alias="from")
    # Limits of the case from the end of the last of which it counts, instead of from a day.
    ends: tuple[str, ...] = ()
    until: str | None = None  # the answer that holds the last day, for a limit that an order sets
    instead: dict[str, dict[str, str]] = Field(default_factory=dict)
    after: dict[str, dict[str, str]] = Field(default_factory=dict)
    when: str | None = None  # a named condition


class Stop(_Model):
    """A time limit that a step ends: on which answered day (default: the day of the step), and when at all."""

    rule: str
    on: str | None = None
    when: str | None = None  # a named condition
    as_: Literal["met", "stopped", "lapsed"] = Field(default="met", alias="as")


class PauseBy(_Model):
    """A time limit whose days a step leaves out from its day on, under a named ground of the limit."""

    rule: str
    ground: str
    on: str | None = None  # the answered day, the first that is not counted (default: the day of the step)


class ResumeBy(_Model):
    """A paused time limit that a step lets run again."""

    rule: str
    on: str | None = None  # the answered day, the first that counts again (default: the day of the step)


class Joins(_Model):
    """How a step makes somebody a party: as which part, and the answers with the name, the kind and the number."""

    part: str
    name: str
    kind: str
    number: str | None = None


class Counted(_Model):
    """How much a step counts of one measure, and when at all.

    `amount` is a whole number (with a minus where it corrects an earlier one), the name of an answer, or
    {earlier step: its answer}; of several steps the newest on the trail is meant. `sign: minus` takes it off.
    """

    amount: str | dict[str, str]
    sign: Literal["minus"] | None = None
    when: str | None = None  # a named condition


def _as_stops(value: object) -> object:
    return [{"rule": item} if isinstance(item, str) else item for item in value] if isinstance(value, list) else value


Stops: TypeAlias = Annotated[tuple[Stop, ...], BeforeValidator(_as_stops)]
# The short forms of `Counted` without sign and condition, and the long one.
HowMany: TypeAlias = Annotated[str | Counted | dict[str, str], Field(union_mode="left_to_right")]


class Step(Words):
    """A named transition that an officer takes."""

    from_: Names = Field(alias="from")
    to: Target
    by: Names = ()
    on_expiry: str | None = None  # happens by itself when that time limit has run out; nobody takes it
    not_by: tuple[str, ...] = ()
    ask: dict[str, Answer] = Field(default_factory=dict)
    require: Named = ()
    warn: Named = ()
    start: tuple[Start, ...] = ()
    stop: Stops = ()
    pause: tuple[PauseBy, ...] = ()
    resume: tuple[ResumeBy, ...] = ()
    waive: dict[str, dict[str, tuple[str, ...]]] = Field(default_factory=dict)  # {answer: {value: [deadlines]}}
    # Of a case with several parties: `one` is taken for one of them, who must be named; `some` for one that is named,
    # else for all; without it for all of them together.
    party: Literal["one", "some"] | None = None
    on_paper: bool = False  # may be typed by another for somebody who signed it on paper
    in_person: bool = False  # nobody may stand in for the one who takes it
    confirmed: bool = False  # the one who takes it proves once more who he is
    joins: Joins | None = None  # somebody becomes a party
    withdraws: str | None = None  # the answer that names who may no longer act in the case
    count: dict[str, HowMany] = Field(default_factory=dict)  # {measure: how many}
    assigns: str | None = None  # the answer that names who holds the case from now on
    follows: str | None = None  # counts only in campaigns where that earlier step was taken under them
    serves: bool = False  # something has reached a party: only the unit lead may undo it
    after_end: bool = False
    on_occasion: bool = False  # taken only when the case calls for it; never proposed as the next thing to do
    basis: str = ""


class Opening(_Model):
    """How a case of this kind begins."""

    to: Target
    by: Names
    title: str  # the answer that becomes the title
    # part -> answer with the name; `kind` and `number` -> the answers that say more about it
    party: dict[str, str] = Field(default_factory=dict)
    works: str | None = None  # the answer that names the works the case is about
    ask: dict[str, Answer] = Field(default_factory=dict)
    require: Named = ()
    warn: Named = ()
    start: tuple[Start, ...] = ()
    basis: str = ""


class Never(Words):
    """A law that no version of the workflow may break: what never happens, in words, under which article.

    It speaks of `steps`, and of every step `entering` a state from outside, but for those of `save`, which have laws of
    their own. None of them ever comes without one step of each group of `without` before it, counted anew after those
    of `since` (where the way through the states does not show that, the guards of `unless` may see to it); unguarded
    by the guards of `unguarded`; without asking what `unasked` names; by whoever took `by_whoever_took`; or without
    `starting` these limits from these answers (`~`: from whichever day), which nothing else starts. It may have to
    happen by itself when a limit has run out, or be taken in person. `kept_by` names a promise of the engine.
    """

    basis: str
    number: int | None = None  # in the list of the field's invariants
    steps: Names = ()
    entering: Names = ()
    save: Names = ()
    without: tuple[Names, ...] = ()
    since: Names = ()
    unless: Named = ()
    unguarded: Named = ()
    unasked: dict[str, AnswerType] = Field(default_factory=dict)
    by_whoever_took: Names = ()
    starting: dict[str, str | None] = Field(default_factory=dict)
    not_by_itself_after: str | None = None
    not_in_person: bool = False
    kept_by: str | None = None


class Extended(_Model):
    """The workflow that a local one starts from, and the very version of it."""

    workflow: str
    hash: str


class Definition(_Model):
    """A kind of case: its states, steps, guards, deadlines and counts, and the laws that it keeps.

    `extends` names what a local workflow starts from, `based_on` the version that this one replaces in a store.
    """

    workflow: str
    zh: str
    en: str
    extends: Extended | None = None
    based_on: str | None = None
    roles: dict[str, Role]
    open: Opening
    states: dict[str, State]
    steps: dict[str, Step]
    never: dict[str, Never] = Field(default_factory=dict)

    def as_document(self) -> dict[str, Any]:
        """Plain JSON values; `definition_from` reads them back."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)

    @property
    def hash(self) -> str:
        return content_hash(self.as_document())

    @cached_property
    def met_by(self) -> Mapping[str, tuple[str, ...]]:
        """What `steps_that_meet` tells, of every time limit that a step ends."""
        met, stopped = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
        for name, step in self.steps.items():
            for stop in step.stop if step.by else ():
                if stop.as_ == "met":
                    met[stop.rule].append(name)
                elif not step.on_occasion:
                    stopped[stop.rule].append(name)
        return {rule: tuple(dict.fromkeys(names)) for rule, names in (stopped | met).items()}


def definition_from(document: Mapping[str, Any]) -> Definition:
    """The definition kept in the database."""
    return Definition.model_validate(document)


def state_words(definition: Definition | None, state: str) -> Words:
    """What the state is called; one that the definition does not have, or whose definition is gone, by its id."""
    found = definition.states.get(state) if definition is not None else None
    return found if found is not None else Words(zh=state, en=state)


def schema_text() -> str:
    """The JSON Schema of the language, for editors: the content of `data/schemas/workflow.schema.json`."""
    return json.dumps(Definition.model_json_schema(by_alias=True), ensure_ascii=False, indent=2) + "\n"


def is_number(how_many: str) -> bool:
    """Whether an amount is a whole number, be it with a minus, and no name of an answer."""
    return how_many.removeprefix("-").isdigit()


def arcs_of(definition: Definition, step_id: str) -> Iterator[tuple[str, str]]:
    """Every (source, destination) that the step can take."""
    for source, dest, _ in arcs_and_returns(definition, step_id):
        yield source, dest


def arcs_and_returns(definition: Definition, step_id: str) -> Iterator[tuple[str, str, str | None]]:
    """Every (source, destination, returned) that the step can take: `returned` is the earlier step to whose source it
    leads back, `None` where the destination does not hang on what came before."""
    step = definition.steps[step_id]
    for source in step.from_:
        for dest, returned in _destinations(definition, step.to, source):
            yield source, dest, returned


def openings_of(definition: Definition) -> tuple[str, ...]:
    """Every state in which a new case can begin."""
    return tuple(dict.fromkeys(dest for dest, _ in _destinations(definition, definition.open.to, "")))


def steps_that_meet(definition: Definition, rule: str) -> tuple[str, ...]:
    """The steps that meet a time limit; where none does, those that end it and are not taken on occasion alone."""
    return definition.met_by.get(rule, ())


def _destinations(definition: Definition, target: Target, source: str) -> Iterator[tuple[str, str | None]]:
    if isinstance(target, str):
        yield source if target == SAME else target, None
        return
    for key, inner in target.items():
        if key == "previous":
            yield from ((dest, inner) for dest in definition.steps[inner].from_)
        elif key == "at":
            if source in inner:
                yield from _destinations(definition, inner[source], source)
        elif key == "choose":
            yield from _destinations(definition, inner["yes"], source)
            yield from _destinations(definition, inner["no"], source)
        else:
            for nested in inner.values():
                yield from _destinations(definition, nested, source)
