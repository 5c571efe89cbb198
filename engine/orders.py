"""What somebody wants done to a case: to open one, or to take a step. Values, as they were typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class TakeStep:
    """An order to take a step. `on` is the day of the step (today when `None`), `at` its minute.

    `expect` is the version of the case that the actor saw. `outside_campaign` takes a step of campaign work outside
    the campaign, uncounted. `party` is the number of the party for which it is taken. `signed_by` decided it on the
    `paper` (its name, bytes and sha256), and the actor only types it.
    """

    case_no: str
    step: str
    actor: str
    given: Mapping[str, Any] = field(default_factory=dict)
    on: date | None = None
    at: datetime | None = None
    reason: str = ""
    expect: int | None = None
    outside_campaign: bool = False
    party: int | None = None
    signed_by: str | None = None
    paper: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class OpenCase:
    """An order to open a case, in the actor's unit unless `unit` says otherwise."""

    workflow: str
    actor: str
    given: Mapping[str, Any] = field(default_factory=dict)
    unit: str | None = None
    campaign: str | None = None
    category: str | None = None
    parent: str | None = None
    on: date | None = None
    at: datetime | None = None
    reason: str = ""
    outside_campaign: bool = False
