"""What a campaign file is made of: phases, tasks, departments, printed dates, and what stands beside them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from engine.data_values import Contradiction, Day, FileId, Identifier, Number, Text

PrintedDate = Literal["issued_on", "launched_on", "starts_on", "ends_on", "due_on"]
Rhythm = Literal["monthly", "quarterly", "half_yearly", "yearly", "standing", "on_occasion"]


class Part(BaseModel):
    """Base of everything in a campaign file: nothing unknown, nothing changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(Part):
    """One text in both languages."""

    zh: Text
    en: Text


class Named(Part):
    """Something with an id by which cases, forms and commands refer to it."""

    id: Identifier
    zh: Text
    en: Text


class Reading(Words):
    """How an ambiguous printed text is read here, and how sure that is."""

    confidence: Literal["V1", "V2", "M+", "M-", "inference"]


class Printing(Part):
    """How a document prints a date: its words, the day that they mean where they mean one, and where they stand."""

    date: PrintedDate
    words: Text
    on: Day | None = None
    source: Text | None = None


class RegionDates(Part):
    """Dates of a unit and of those below it that differ from those of the rest."""

    unit: Identifier
    starts_on: Day | None = None
    ends_on: Day | None = None

    @model_validator(mode="after")
    def _says_something(self) -> RegionDates:
        if self.starts_on is None and self.ends_on is None:
            raise Contradiction(
                "请写明该单位的开始日或者结束日", "say when it starts or ends for that unit", "region.undated"
            )
        return self


class Dated(Part):
    """From a day to a day, both inclusive, open where there is none; with what is printed and how it is read."""

    starts_on: Day | None = None
    ends_on: Day | None = None
    regions: tuple[RegionDates, ...] = ()
    printed: tuple[Printing, ...] = ()
    reading: Reading | None = None


class Parent(Words):
    """The notice that this campaign carries out, with its issuers in printed order, none where they are not printed;
    `id` if it is loaded too, `task` where this campaign is one task of that one."""

    id: FileId | None = None
    task: Identifier | None = None
    document_no: Text | None = None
    issuers: tuple[Text, ...] = ()


class TargetGroup(Named):
    """Fields of the internet that the campaign treats in the same way."""

    items: tuple[Words, ...] = Field(min_length=1)


class Target(Part):
    """Somebody or something named on a list, as it is called there."""

    name: Text
    url: Text | None = None
    from_on: Day | None = None
    to_on: Day | None = None


class TargetList(Named):
    """A list that comes with the campaign: sites under watch, works under protection."""

    items: tuple[Target, ...] = ()
    source: Text | None = None


class Task(Part):
    """A task with its number as printed, if it has one, its owners among the departments, and the tasks below it.

    `id` is needed where something refers to it; `campaign` names the campaign that carries it out.
    """

    id: Identifier | None = None
    no: Annotated[Number, Field(ge=1)] | None = None
    zh: Text
    en: Text
    owners: tuple[Text, ...] = ()
    campaign: FileId | None = None
    tasks: tuple[Task, ...] = ()


class Phase(Named, Dated):
    """A part of the campaign; both days belong to it. One without dates is never running by the calendar."""

    tasks: tuple[Task, ...] = ()


class Department(Named):
    """A department that takes part, with its duties; the leading one is marked. `aliases` are what other places of the
    document call it."""

    lead: bool = False
    aliases: tuple[Text, ...] = ()
    duties: tuple[Words, ...] = ()


class Marks(Part):
    """A row of the responsibility matrix: the tasks that are marked for a department."""

    department: Text
    tasks: tuple[Identifier, ...] = Field(min_length=1)


class Hotline(Words):
    """A way to complain: what it is, and the number or address where the source gives one."""

    kind: Literal["phone", "mail", "web", "letter", "message"]
    value: Text | None = None


class SpecialPeriod(Named, Dated):
    """Days inside or beside the campaign with rules of their own: an event to be protected, a sitting of congress."""

    lists: tuple[Identifier, ...] = ()
    duty: Words | None = None


class Reward(Named):
    """What is given to whom for what was done in the campaign, and which tests a proposal has to meet."""

    for_: tuple[Literal["units", "persons", "cases"], ...] = Field(alias="for", min_length=1)
    to: Text | None = None
    tests: tuple[Words, ...] = ()

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class LawChange(Words):
    """A law that changes while the campaign runs. Which law holds for a step follows from the limits and parameters;
    this says it to people."""

    on: Day
    basis: Text


class Published(Part):
    """A figure as it was published: the number as printed, for which time, and where."""

    value: Text
    period: Text
    source: Text | None = None


class Counter(Named):
    """A figure that the campaign counts outside of its forms: from a measure of the cases, or only published."""

    measure: Identifier | None = None
    published: tuple[Published, ...] = ()


class Mechanism(Named):
    """A way of working together that goes on: who takes part, and how often it comes round."""

    rhythm: Rhythm
    partners: tuple[Text, ...] = ()
    since: Text | None = None


def all_tasks(tasks: tuple[Task, ...]) -> tuple[Task, ...]:
    """The tasks and all those below them, each before its own."""
    return tuple(one for task in tasks for one in (task, *all_tasks(task.tasks)))


def plain(part: Part) -> dict[str, Any]:
    """The part as plain JSON values, without what equals its default."""
    return part.model_dump(mode="json", by_alias=True, exclude_defaults=True)
