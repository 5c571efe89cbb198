"""The dated rules in force: time limits, parameters of guards and the calendar, chosen by the day of a step.

The engine does not know what a rule says; it only finds the version of the day and can name it by its hash.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, Any, TypeVar, TypeVarTuple

from pydantic import BaseModel, ConfigDict, Field

from engine.canonical import content_hash
from engine.data_values import Day
from engine.errors import DeadlineUndetermined
from engine.ladder_checks import shipped_ladders
from engine.ladders import Ladders
from engine.time_limits import Confidence, Id, LimitVersion, Text, TimeLimit
from engine.working_days import WorkingDays

# The parameter that says of what kind a unit is: `default`, and units by their id.
AUTHORITY = "authority_kind"
DEFAULT = "default"
KEPT_ANSWERS = 1024

R = TypeVar("R")
Asked = TypeVarTuple("Asked")


class ParameterVersion(BaseModel):
    """What a guard uses between two days, both inclusive; `values` are texts that the guard reads."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    from_: Day | None = Field(default=None, alias="from")
    to: Day | None = None
    values: dict[str, str]
    basis: Text
    source: Text
    confidence: Confidence
    confirmed_by: Text | None = None
    confirmed_on: Day | None = None
    note_zh: str = ""
    note_en: str = ""

    def covers(self, on: date) -> bool:
        return (self.from_ is None or self.from_ <= on) and (self.to is None or on <= self.to)

    def integer(self, name: str) -> int:
        return int(self.values[name])

    def says(self, name: str) -> bool:
        return self.values[name] == "yes"


class Parameter(BaseModel):
    """A dated parameter of guards: like a time limit, but an amount or a scope."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Id
    zh: Text
    en: Text
    based_on: Text | None = None  # the hash of the version that was edited; the first version has none
    versions: Annotated[tuple[ParameterVersion, ...], Field(min_length=1)]

    @property
    def is_by_unit(self) -> bool:
        """Whether it is a setting of units: a `default`, beside which units are named by their id."""
        return all(DEFAULT in version.values for version in self.versions)

    def document(self) -> dict[str, Any]:
        """Plain JSON values, the form that the database keeps."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)

    def rule_hash(self) -> str:
        """The hash of its content, as it stands in the record."""
        return content_hash(self.document())


class _Rules(dict[str, R]):
    """Rules by id. One that a definition names and the store has lost is a legal date, or an amount, without a rule."""

    def __missing__(self, rule: str) -> R:
        raise DeadlineUndetermined(rule, None, "案卷库中没有这一规则", "the store has no such rule")


class LawBook:
    """Everything dated that steps are judged by. `hashes` are those under which a store keeps the time limits.

    Without `ladders` the shipped ones hold: an older store has none.
    """

    def __init__(
        self,
        limits: Iterable[TimeLimit],
        parameters: Iterable[Parameter],
        calendar: WorkingDays,
        hashes: Mapping[str, str] | None = None,
        ladders: Ladders | None = None,
    ) -> None:
        self.limits: Mapping[str, TimeLimit] = _Rules({limit.id: limit for limit in limits})
        self.parameters: Mapping[str, Parameter] = _Rules({p.id: p for p in parameters})
        self.calendar = calendar
        self._rule_hashes: dict[str, str] = dict(hashes or {})
        self._ladders = ladders
        self._kept: dict[tuple[Hashable, ...], Any] = {}

    @property
    def ladders(self) -> Ladders:
        """When and to whom dates are announced."""
        return self._ladders or shipped_ladders()

    @property
    def natures(self) -> dict[str, str]:
        return {limit.id: limit.nature for limit in self.limits.values()}

    def rule_hash(self, rule: str) -> str:
        """The hash of a time limit's content; worked out once."""
        found = self._rule_hashes.get(rule)
        if found is None:
            found = self._rule_hashes[rule] = self.limits[rule].rule_hash()
        return found

    @cached_property
    def parameters_hash(self) -> str:
        """One hash over all parameters of guards, by which a step says what it was judged by; worked out once."""
        return content_hash({name: parameter.rule_hash() for name, parameter in self.parameters.items()})

    def once(self, work_out: Callable[[LawBook, *Asked], R], *asked: *Asked) -> R:
        """What `work_out` makes of this law and those values, kept for whoever asks the same again.

        The steps of a day ask for the same dates again and again, and a law that changes is another book. The answer
        must follow from what is handed over alone and be a value, never None; at most KEPT_ANSWERS are kept.
        """
        key = (work_out, *asked)
        found: R | None = self._kept.get(key)
        if found is None:
            if len(self._kept) >= KEPT_ANSWERS:
                self._kept.clear()
            found = self._kept[key] = work_out(self, *asked)
        return found

    def limit_on(self, rule: str, on: date) -> LimitVersion | None:
        """The version in force that day; `None` where the law of that day knows no such limit."""
        return self.limits[rule].choose(on)

    def parameter_on(self, name: str, on: date) -> ParameterVersion:
        """The version in force that day. Raises DeadlineUndetermined when no version covers it."""
        for version in self.parameters[name].versions:
            if version.covers(on):
                return version
        raise DeadlineUndetermined(name, on, "没有适用于该日的规定", "no version covers that day")

    def authority_of(self, unit: str, on: date) -> str:
        """What kind of authority a unit is (copyright bureau, culture enforcement, market regulation): a setting."""
        return self.of_unit(AUTHORITY, unit, on)

    def of_unit(self, setting: str, unit: str, on: date) -> str:
        """What a unit has settled for itself, else what holds for every other."""
        values = self.parameter_on(setting, on).values
        return values.get(unit, values[DEFAULT])
