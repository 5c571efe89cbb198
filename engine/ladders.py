"""Says when people hear of a date and who hears then: ladders as values, chosen by limit, nature or kind. Pure.

A rung has a number: calendar days before the safe day, 0 on that day, and below nought working days after the due day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from engine.data_values import Contradiction, Day, Number
from engine.time_limits import Confidence, Id, Nature, Text

Kind = Literal["deadline", "obligation", "certificate"]
DEADLINE, OBLIGATION, CERTIFICATE = "deadline", "obligation", "certificate"
# Beside the roles of the workflows: whoever holds the case, and whoever watches over the unit.
HOLDER, ABOVE = "holder", "above"
# What can be overdue; the others end by themselves on their day.
OWED_NATURES = frozenset({"duty", "other_body"})


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class LadderRung(_Data):
    """One rung: exactly one of `before` (calendar days before the safe day), `on` (that day itself) and `after`
    (working days after the due day). `to` are those who hear from here on, beside whom the limit itself names;
    `escalates`: it stands on the record of the case that they were told."""

    before: Annotated[Number, Field(ge=1, le=366)] | None = None
    on: bool = False
    after: Annotated[Number, Field(ge=1, le=90)] | None = None
    to: tuple[Id, ...] = ()
    escalates: bool = False

    @model_validator(mode="after")
    def _is_one_thing(self) -> LadderRung:
        if (self.before is not None, self.on, self.after is not None).count(True) != 1:
            raise Contradiction(
                "before（稳妥日前几天）、on: yes（当日）、after（逾期后第几个工作日）三者必须且只能写一项",
                "write exactly one of before (days before the safe day), on: yes, after (working days after the date)",
                "rung.kind",
            )
        if self.escalates and self.after is None:
            raise Contradiction(
                "escalates: yes只用于逾期后的提醒档（after）", "escalates: yes goes with after only", "rung.escalates"
            )
        return self

    @property
    def number(self) -> int:
        """Days before the safe day; below nought working days after the due day."""
        return self.before if self.before is not None else -(self.after or 0)


class Ladder(_Data):
    """When and to whom a date is announced. Of limits: of those that it names, else of those of its natures.

    `urgent`: it goes out on rest days too, and what stands after the date is counted in calendar days, for limits in
    hours. `compulsory`: nobody may mute it, for the reason `why_…`. `yellow_from`: from how many working days before
    the due day the limit is yellow.
    """

    id: Id
    zh: Text
    en: Text
    for_: Kind = Field(alias="for")
    natures: tuple[Nature, ...] = ()
    limits: tuple[Id, ...] = ()
    rungs: Annotated[tuple[LadderRung, ...], Field(min_length=1)]
    yellow_from: Annotated[Number, Field(ge=0, le=366)] | None = None
    urgent: bool = False
    compulsory: bool = False
    why_zh: Text | None = None
    why_en: Text | None = None
    basis: Text
    source: Text
    confidence: Confidence
    confirmed_by: Text | None = None
    confirmed_on: Day | None = None
    based_on: Text | None = None  # the hash of the version that was edited; the first version has none

    def document(self) -> dict[str, Any]:
        """Plain JSON values, the form that the database keeps."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)

    @cached_property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of its rungs, the earliest first."""
        return tuple(rung.number for rung in self.rungs)

    def heard_from(self, number: int) -> tuple[str, ...]:
        """Who is named for a rung or for an earlier one: a later reminder takes the place of those before it, so that
        whoever was to hear of those hears of it too."""
        return tuple(dict.fromkeys(name for rung in self.rungs if rung.number >= number for name in rung.to))

    def escalates_at(self, number: int) -> bool:
        """Whether it goes on record that somebody was told at this rung."""
        return any(rung.escalates for rung in self.rungs if rung.number == number)


class Ladders:
    """The ladders in force. Of every limit exactly one holds, of obligations and of certificates one each.

    That it is so is checked where ladders are loaded (`engine.ladder_checks`).
    """

    def __init__(self, ladders: Iterable[Ladder]) -> None:
        self.by_id: Mapping[str, Ladder] = {ladder.id: ladder for ladder in ladders}
        self._by_limit = {limit: ladder for ladder in self.by_id.values() for limit in ladder.limits}
        self._by_nature: Mapping[str, Ladder] = {n: ladder for ladder in self.by_id.values() for n in ladder.natures}
        self._by_kind: Mapping[str, Ladder] = {ladder.for_: ladder for ladder in self.by_id.values()}

    def of_limit(self, limit: str, nature: str) -> Ladder:
        """The ladder that names the limit, else the one of its nature."""
        return self._by_limit.get(limit) or self._by_nature[nature]

    @property
    def of_obligations(self) -> Ladder:
        return self._by_kind[OBLIGATION]

    @property
    def of_certificates(self) -> Ladder:
        return self._by_kind[CERTIFICATE]

    def numbers(self, kind: str) -> tuple[int, ...]:
        """The numbers that a rung of that kind may have under any of its ladders, the earliest first."""
        found = {number for ladder in self.by_id.values() if ladder.for_ == kind for number in ladder.numbers}
        return tuple(sorted(found, reverse=True))
