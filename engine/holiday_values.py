"""The rest days and make-up working days of one year as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.canonical import content_hash

SATURDAY = 5
WEEKDAYS = (
    ("周一", "Monday"),
    ("周二", "Tuesday"),
    ("周三", "Wednesday"),
    ("周四", "Thursday"),
    ("周五", "Friday"),
    ("周六", "Saturday"),
    ("周日", "Sunday"),
)


@dataclass(frozen=True)
class HolidayName:
    """The holiday to which a rest day or a make-up day belongs."""

    zh: str
    en: str


@dataclass(frozen=True)
class HolidayYear:
    """The rest days and make-up working days of one year, as the State Council's notices set them.

    `rest` holds the days a notice names, weekends among them; a weekend it does not name rests all the same.
    `notice` is the number of the notice, None where it was not found; `confidence` is the code of the data file.
    """

    year: int
    rest: Mapping[date, HolidayName]
    worked: Mapping[date, HolidayName]
    notice: str | None
    source: str
    confidence: str
    confirmed_by: str | None = None  # who held it against the notice, and when
    confirmed_on: date | None = None
    based_on: str | None = None  # the hash of the version that was edited; the first version has none

    def document(self) -> dict[str, Any]:
        """The year as plain texts, the form that `holiday_year_of` reads and the database keeps."""
        later = {
            "confirmed_by": self.confirmed_by,
            "confirmed_on": self.confirmed_on.isoformat() if self.confirmed_on else None,
            "based_on": self.based_on,
        }
        return {
            "year": str(self.year),
            "notice": self.notice,
            "source": self.source,
            "confidence": self.confidence,
            **{name: value for name, value in later.items() if value is not None},
            "rest": _listed(self.rest),
            "worked": _listed(self.worked),
        }

    def table_hash(self) -> str:
        """SHA-256 of what moves or explains a date: the days and their names, not where they were found."""
        return content_hash({"year": self.year, "rest": _listed(self.rest), "worked": _listed(self.worked)})


def _listed(days: Mapping[date, HolidayName]) -> list[dict[str, str]]:
    return [{"on": day.isoformat(), "zh": name.zh, "en": name.en} for day, name in sorted(days.items())]
