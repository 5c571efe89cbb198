"""What a campaign file says about what is owed: once, again and again, or when something happens."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from engine.campaign_parts import Named, Part, Printing, Reading, Words
from engine.data_values import Contradiction, Day, Identifier, Month, Number, Text

EACH_UNIT = "each_unit"

DayOfMonth = Annotated[Number, Field(ge=1, le=28)]
DayCount = Annotated[Number, Field(ge=0, le=366)]
ObligationKind = Literal["work_plan", "site_list", "monthly_form", "summary", "report", "ad_hoc"]
_WAYS = ("due_on", "within", "monthly", "each_phase", "event", "undated")


class Within(Part):
    """So many calendar days after a day of the campaign, that day not counted."""

    days: Annotated[Number, Field(ge=1, le=366)]
    of: Literal["issued_on", "launched_on", "starts_on", "ends_on"]


class Monthly(Part):
    """Owed for every named month: on a day of the month after it, at its own end, or without a day."""

    day: DayOfMonth | None = None
    at_end: bool = False
    months: tuple[Month, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_day_at_most(self) -> Monthly:
        if self.day is not None and self.at_end:
            raise Contradiction("day和at_end只能写一项", "write only one of day, at_end", "obligation.dates")
        return self


class EachPhase(Part):
    """Owed for every dated phase, or for those named: so many calendar days after its last day (0: on it)."""

    days: DayCount
    phases: tuple[Identifier, ...] = ()


class OnEvent(Words):
    """Owed whenever this happens: within so many calendar days, or at once."""

    days: DayCount | None = None


class ReportingLine(Part):
    """One of several ways of reporting side by side: which body reports to which, as printed."""

    by: Text
    to: Text


class ObligationRule(Named):
    """Something that the campaign owes, in exactly one way. Kind `ad_hoc` is owed when there is something to report.

    `owed_by` lists unit ids, or only `each_unit`: the owning unit and every unit below it that takes part.
    `printed` keeps the words of the notice. `character_limit` counts Chinese characters with their punctuation.
    """

    kind: ObligationKind
    due_on: Day | None = None
    within: Within | None = None
    monthly: Monthly | None = None
    each_phase: EachPhase | None = None
    event: OnEvent | None = None
    undated: bool = False
    owed_by: tuple[Identifier, ...] = (EACH_UNIT,)
    to: Text
    lines: tuple[ReportingLine, ...] = ()
    forms: tuple[Identifier, ...] = ()
    character_limit: Annotated[Number, Field(ge=1, le=1_000_000)] | None = None
    printed: Text | None = None
    printings: tuple[Printing, ...] = ()
    reading: Reading | None = None

    @model_validator(mode="after")
    def _one_way_to_say_when(self) -> ObligationRule:
        ways = [way for way in _WAYS if getattr(self, way)]
        if len(ways) > 1:
            raise Contradiction(
                f"{'、'.join(ways)}只能写一项", f"write only one of {', '.join(ways)}", "obligation.dates"
            )
        if not ways and self.kind != "ad_hoc":
            raise Contradiction(
                f"请写明期限（{'、'.join(_WAYS)}之一；确无期限的写undated: yes）",
                f"say when it is due (one of {', '.join(_WAYS)}; undated: yes where it has no date)",
                "obligation.undated",
            )
        if ways and ways != ["event"] and self.kind == "ad_hoc":
            raise Contradiction("随时报送的事项不设期限", "an ad-hoc report has no date", "obligation.dates")
        return self
