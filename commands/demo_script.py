"""The script of the demo: who does what on which day, as data."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from engine.data_files import data_folder, read_yaml, validated
from engine.data_values import Day


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Opening(_Part):
    """A case to open, under a name by which later acts find it."""

    case: str
    category: str
    unit: str | None = None
    answers: dict[str, str] = Field(alias="set")


class Step(_Part):
    """A step to take. `refused` is the code for which it must be refused."""

    case: str
    step: str
    answers: dict[str, str] = Field(default_factory=dict, alias="set")
    refused: str | None = None


class Passing(_Part):
    """A pass to grant."""

    case: str
    step: str
    asked_by: str
    reason: str
    until: Day


class Form(_Part):
    """A monthly form to write."""

    month: str


class Act(_Part):
    """One act of one person, on a day or at a minute."""

    on: str
    by: str
    open: Opening | None = None
    do: Step | None = None
    pass_: Passing | None = Field(default=None, alias="pass")
    report: Form | None = None

    @property
    def day(self) -> date:
        return date.fromisoformat(self.on[:10])

    @property
    def minute(self) -> str | None:
        return self.on if "T" in self.on else None


class Script(_Part):
    """The acts of one campaign, in order."""

    campaign: str
    from_on: Day
    to_on: Day
    acts: tuple[Act, ...]


def shipped_script(campaign: str) -> Script:
    """The demo of a shipped campaign. Raises FileWrong, NotFound."""
    path: Path = data_folder() / "demo" / f"{campaign}.yaml"
    return validated(Script, read_yaml(path))
