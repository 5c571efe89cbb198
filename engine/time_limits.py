"""Time limits as data: the rule a deadline follows, in versions that hold from one day to another."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, model_validator

from engine.canonical import content_hash
from engine.data_values import Contradiction, Day, Number
from engine.errors import DeadlineUndetermined, InputWrong
from engine.period_values import Extension, Length, Pause, Period, Pick, Reading, Restart, Roll, parse_length

Nature = Literal["right", "duty", "waiting", "bar", "automatic", "other_body"]
Confidence = Literal["V1", "V2", "M+", "M-", "inference", "practice"]
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, Field(min_length=1)]


def _read_length(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return parse_length(value)
    except InputWrong as e:
        how = (f"{e.zh}，{e.remedy.zh}", f"{e.en}; {e.remedy.en}") if e.remedy else (e.zh, e.en)
        raise Contradiction(*how, "length.invalid") from e


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


class Ground(_Data):
    """A named legal basis on which the running of a limit may be changed, and who may decide on it.

    `authorities` are the kinds of authority whose rules know it (copyright bureau, culture enforcement, market
    regulation); empty: every one. The kind of a unit is a setting, see `engine.law_book.LawBook.authority_of`.
    """

    id: Id
    zh: Text
    en: Text
    by: Annotated[tuple[Id, ...], Field(min_length=1)]
    authorities: tuple[Id, ...] = ()
    basis: Text
    source: Text
    confidence: Confidence

    def fits(self, authority: str) -> bool:
        """Whether an authority of that kind may rely on it."""
        return not self.authorities or authority in self.authorities


class Extending(Ground):
    """A ground for more time: at most `most` in all under it, granted at most `times` times; no cap where empty."""

    most: LengthText | None = None
    times: Annotated[Number, Field(ge=1, le=99)] | None = None


class Excluding(Ground):
    """A ground on which days are not counted (扣除期间), at most `most_days` calendar days each time.

    `by_step`: only a step of the workflow may rely on it, nobody on his own word.
    """

    by_step: bool = False
    most_days: Annotated[Number, Field(ge=1, le=36_600)] | None = None


class Restarting(Ground):
    """A ground on which the whole limit begins anew; it then ends no later than `latest` after its first start."""

    latest: LengthText | None = None


class LimitVersion(_Data):
    """What the law said from one day to another, both inclusive; `~` is open.

    Exactly one holds: `readings`; `none` (the law of those days knew no such limit); `fixed` (the day itself
    comes from an answer, such as the date in an order); `unstated` (the act is owed, the law sets no number:
    及时, 依法).
    """

    from_on: Annotated[Day | None, Field(alias="from")]
    to_on: Annotated[Day | None, Field(alias="to")] = None
    readings: tuple[LimitReading, ...] = ()
    none: bool = False
    fixed: bool = False
    unstated: bool = False
    pick: Pick | None = None
    extensions: tuple[Extending, ...] = ()
    exclusions: tuple[Excluding, ...] = ()
    restarts: tuple[Restarting, ...] = ()
    basis: Text
    source: Text
    confidence: Confidence
    confirmed_by: Text | None = None
    confirmed_on: Day | None = None
    note_zh: Text | None = None
    note_en: Text | None = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> LimitVersion:
        if (bool(self.readings), self.none, self.fixed, self.unstated).count(True) != 1:
            raise Contradiction(
                "readings、none: yes、fixed: yes、unstated: yes四者必须且只能写一项",
                "write exactly one of readings, none: yes, fixed: yes, unstated: yes",
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
        self._refuse_idle_grounds()
        return self

    def _refuse_idle_grounds(self) -> None:
        """Nothing can be extended, excluded or begun anew where nothing is counted; hours neither pause nor restart."""
        grounds = (*self.extensions, *self.exclusions, *self.restarts)
        if grounds and (self.none or self.unstated):
            zh, en = "没有期限可供延长、扣除或者重新计算", "there is nothing to extend, exclude or begin anew"
            raise Contradiction(zh, en, "version.grounds")
        if (self.counts_hours or self.fixed) and (self.exclusions or self.restarts):
            zh = "以小时计算或者由文书确定末日的期限不能扣除或者重新计算"
            en = "a limit in hours, or one whose last day an order fixes, has no exclusions and no restarts"
            raise Contradiction(zh, en, "version.grounds")
        if len({ground.id for ground in grounds}) < len(grounds):
            raise Contradiction("同一版本的依据重名", "two grounds of a version have the same id", "version.grounds")

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
        restart: Restart | None = None,
    ) -> Period:
        """The limit running from a day, or a minute where it counts hours. Raises InputWrong as `Period` does.

        A `fixed` limit has no period of its own: ValueError.
        """
        if not self.readings:
            raise ValueError(f"nothing to count: {self.basis}")
        readings = tuple(Reading(reading.length, reading.roll) for reading in self.readings)
        return Period(readings, start_on, start_at, self.pick or "later", pauses, extensions, restart)


class TimeLimit(_Data):
    """A rule of time: from when it runs, whose it is, what happens when it passes, whom to remind, its dated versions.

    `owed` says that missing it is a defect of ours although something else happens of itself (a hold on evidence
    lapses: we had to act before).
    """

    id: Id
    zh: Text
    en: Text
    trigger: Words | None = None  # a file must say it; rules that older programs kept do not
    nature: Nature
    owed: bool = False
    expiry: Words
    remind: tuple[Id, ...]
    based_on: Text | None = None  # the hash of the version that was edited; the first version has none
    versions: Annotated[tuple[LimitVersion, ...], Field(min_length=1)]

    def version_on(self, on: date) -> LimitVersion:
        """The version in force on the day of the step, `none` ones included. Raises DeadlineUndetermined."""
        for version in self.versions:
            if version.holds_on(on):
                return version
        raise DeadlineUndetermined(self.id, on, "当日没有适用的规定", "no version is in force on that day")

    def choose(self, on: date) -> LimitVersion | None:
        """The version in force on the day of the step; None where the law of that day sets no such limit."""
        version = self.version_on(on)
        return None if version.none or version.unstated else version

    def document(self) -> dict[str, Any]:
        """The rule as plain texts, the form the database keeps; `TimeLimit.model_validate` reads it back."""
        said = self.model_dump(mode="json", by_alias=True)
        if self.based_on is None:
            del said["based_on"]
        return said

    def rule_hash(self) -> str:
        """SHA-256 of the whole rule; stands in the record beside every date derived from it."""
        return content_hash(self.document())
