"""Time limits as data: the rule a deadline follows, in versions that hold from one day to another."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, model_validator

from engine.canonical import content_hash
from engine.data_files import data_folder, read_yaml, validated
from engine.data_values import Contradiction, Day
from engine.errors import DeadlineUndetermined, FileWrong, InputWrong, Problem
from engine.parsed_file import Parsed
from engine.period_values import Extension, Length, Pause, Period, Pick, Reading, Roll, parse_length

Nature = Literal["right", "duty", "waiting", "bar", "automatic", "other_body"]
Confidence = Literal["V1", "V2", "M+", "M-", "inference", "practice"]
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, Field(min_length=1)]

# Where a text can be read in two ways, whoever could lose a right gets the later day, our own duty the earlier one.
PICK_OF_NATURE: dict[str, Pick] = {"right": "later", "waiting": "later", "duty": "earlier"}


def _read_length(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return parse_length(value)
    except InputWrong as e:
        raise Contradiction(e.zh, e.en, "length.invalid") from e


LengthText = Annotated[Length, BeforeValidator(_read_length), PlainSerializer(str)]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Words(_Data):
    """One text in both languages."""

    zh: Text
    en: Text


class LimitReading(_Data):
    """How long, in the way `engine.periods` writes it (`+7wd`), and where an end on a rest day moves."""

    length: LengthText
    roll: Roll


class LimitVersion(_Data):
    """What the law said from one day to another, both inclusive; `~` is open.

    Exactly one holds: `readings`; `none` (the law of those days knew no such limit); `fixed` (the day itself
    comes from an answer, such as the date in an order).
    """

    from_on: Annotated[Day | None, Field(alias="from")]
    to_on: Annotated[Day | None, Field(alias="to")] = None
    readings: tuple[LimitReading, ...] = ()
    none: bool = False
    fixed: bool = False
    pick: Pick | None = None
    basis: Text
    source: Text
    confidence: Confidence
    confirmed_by: Text | None = None
    confirmed_on: Day | None = None
    note_zh: Text | None = None
    note_en: Text | None = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> LimitVersion:
        if (bool(self.readings), self.none, self.fixed).count(True) != 1:
            raise Contradiction(
                "readings、none: yes、fixed: yes三者必须且只能写一项",
                "write exactly one of readings, none: yes, fixed: yes",
                "version.kind",
            )
        if (len(self.readings) > 1) != (self.pick is not None):
            raise Contradiction(
                "有两种以上读法时须写pick（later或earlier），只有一种时不写",
                "pick (later or earlier) goes with two readings or more, and only then",
                "version.pick",
            )
        if (self.confirmed_by is None) != (self.confirmed_on is None):
            zh, en = "confirmed_by与confirmed_on须同时填写", "confirmed_by and confirmed_on go together"
            raise Contradiction(zh, en, "version.confirmed")
        if (self.note_zh is None) != (self.note_en is None):
            raise Contradiction("note_zh与note_en须同时填写", "note_zh and note_en go together", "version.note")
        return self

    @property
    def counts_hours(self) -> bool:
        """Whether the limit runs from minute to minute."""
        return any(reading.length.unit == "h" for reading in self.readings)

    def holds_on(self, on: date) -> bool:
        """Whether this version is the law of that day."""
        return (self.from_on is None or self.from_on <= on) and (self.to_on is None or on <= self.to_on)

    def period(
        self,
        start_on: date | None = None,
        start_at: datetime | None = None,
        pauses: tuple[Pause, ...] = (),
        extensions: tuple[Extension, ...] = (),
    ) -> Period:
        """The limit running from a day, or a minute where it counts hours. Raises InputWrong as `Period` does.

        A `fixed` limit has no period of its own: ValueError.
        """
        if not self.readings:
            raise ValueError(f"nothing to count: {self.basis}")
        readings = tuple(Reading(reading.length, reading.roll) for reading in self.readings)
        return Period(readings, start_on, start_at, self.pick or "later", pauses, extensions)


class TimeLimit(_Data):
    """A rule of time: whose it is, what happens when it passes, whom to remind, and its dated versions."""

    id: Id
    zh: Text
    en: Text
    nature: Nature
    expiry: Words
    remind: tuple[Id, ...]
    versions: Annotated[tuple[LimitVersion, ...], Field(min_length=1)]

    def version_on(self, on: date) -> LimitVersion:
        """The version in force on the day of the step, `none` ones included. Raises DeadlineUndetermined."""
        for version in self.versions:
            if version.holds_on(on):
                return version
        raise DeadlineUndetermined(self.id, on, "当日没有适用的规定", "no version is in force on that day")

    def choose(self, on: date) -> LimitVersion | None:
        """The version in force on the day of the step; None where the law of that day knows no such limit."""
        version = self.version_on(on)
        return None if version.none else version

    def document(self) -> dict[str, Any]:
        """The rule as plain texts, the form the database keeps; `TimeLimit.model_validate` reads it back."""
        return self.model_dump(mode="json", by_alias=True)

    def rule_hash(self) -> str:
        """SHA-256 of the whole rule; stands in the record beside every date derived from it."""
        return content_hash(self.document())


class TimeLimitFile(_Data):
    """A file of time limits."""

    limits: Annotated[tuple[TimeLimit, ...], Field(min_length=1)]


def shipped_time_limits() -> dict[str, TimeLimit]:
    """All rules in `data/time_limits` by id. Raises FileWrong, also when two files hold the same id."""
    limits: dict[str, TimeLimit] = {}
    for path in sorted((data_folder() / "time_limits").glob("*.yaml")):
        parsed = read_yaml(path)
        limits |= time_limits_of(parsed, taken=limits)
    return limits


def time_limits_of(parsed: Parsed, taken: Iterable[str] = ()) -> dict[str, TimeLimit]:
    """The rules of a parsed file by id. Raises FileWrong with every problem and its line.

    Beyond the schema it refuses: an id used twice or `taken` by another file, versions that overlap, leave a gap
    or do not reach from `~` to `~`, a pick that goes against the nature, and a duty with nobody to remind.
    """
    file = validated(TimeLimitFile, parsed)
    problems: list[Problem] = []
    seen = set(taken)
    for index, limit in enumerate(file.limits):
        if limit.id in seen:
            line = parsed.line_of(("limits", index, "id"))
            problems.append(Problem(line, "limit.twice", f"期限“{limit.id}”重复", f"{limit.id} stands twice"))
        seen.add(limit.id)
        problems += _problems_of(limit, index, parsed)
    if problems:
        raise FileWrong(parsed.name, tuple(problems))
    return {limit.id: limit for limit in file.limits}


def _problems_of(limit: TimeLimit, index: int, parsed: Parsed) -> list[Problem]:
    problems = [
        Problem(parsed.line_of(("limits", index, "versions", position)), code, zh, en)
        for position, code, zh, en in (*_faults_in_time(limit), *_faults_of_pick(limit))
    ]
    if limit.nature == "duty" and not limit.remind:
        zh, en = f"“{limit.id}”是本机关的义务，须写明提醒谁", f"{limit.id} is a duty: say whom to remind"
        problems.append(Problem(parsed.line_of(("limits", index, "remind")), "limit.remind", zh, en))
    return problems


def _faults_in_time(limit: TimeLimit) -> list[tuple[int, str, str, str]]:
    """Versions must stand in order of time and cover all of it: each begins the day after the one before ends."""
    faults: list[tuple[int, str, str, str]] = []
    if limit.versions[0].from_on is not None:
        faults.append((0, "version.gap", "第一个版本须写from: ~", "the first version begins with from: ~"))
    for position, version in enumerate(limit.versions):
        if version.from_on is not None and version.to_on is not None and version.to_on < version.from_on:
            faults.append((position, "version.reversed", "to早于from，请核对", "to is before from; check it"))
        if position == 0:
            continue
        before_to, begins = limit.versions[position - 1].to_on, version.from_on
        if before_to is None or begins is None or begins <= before_to:
            zh, en = (
                "与前一版本的期间重叠，请核对from和前一版本的to",
                "overlaps the version before; check from and its to",
            )
            faults.append((position, "version.overlap", zh, en))
        elif (begins - before_to).days > 1:
            zh = f"与前一版本之间有空档（{before_to}之后），请补写一个版本或none: yes"
            faults.append((position, "version.gap", zh, f"a gap after {before_to}; write a version or none: yes"))
    if limit.versions[-1].to_on is not None:
        last = len(limit.versions) - 1
        faults.append((last, "version.gap", "最后一个版本须写to: ~", "the last version ends with to: ~"))
    return faults


def _faults_of_pick(limit: TimeLimit) -> list[tuple[int, str, str, str]]:
    """A right and a waiting period take the later reading, a duty of ours the earlier one."""
    wanted = PICK_OF_NATURE.get(limit.nature)
    return [
        (
            position,
            "version.pick",
            f"性质为{limit.nature}的期限应取{wanted}",
            f"a limit of nature {limit.nature} takes the {wanted} reading",
        )
        for position, version in enumerate(limit.versions)
        if wanted is not None and version.pick is not None and version.pick != wanted
    ]
