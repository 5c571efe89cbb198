"""What the templates of mails to one person about many things may know: lines in groups, values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from notifications.views import Nature


@dataclass(frozen=True)
class Dates:
    """The dates of one thing, named as in `MailView`."""

    nature: Nature
    due_on: date
    safe_on: date
    days_left: int
    working_days_left: int
    provisional: bool


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing to do: what it is about (the number of a case, a campaign, a certificate), what, and until when.

    `title`, `when_…` and `command`, to be copied, are empty where there is none.
    """

    about: str
    title: str = ""
    what_zh: str
    what_en: str
    when_zh: str = ""
    when_en: str = ""
    command: str = ""


@dataclass(frozen=True)
class Group:
    """Lines of one urgency under a head, the most urgent first; `more` of them are left out, which `command` shows
    where that of the whole mail does not."""

    zh: str
    en: str
    lines: tuple[Line, ...]
    more: int = 0
    command: str = ""

    @property
    def total(self) -> int:
        return len(self.lines) + self.more


@dataclass(frozen=True, kw_only=True)
class PersonMail:
    """What every mail of this sort says. `kind` is the folder of its templates, `on` the day of sending."""

    kind: ClassVar[str]

    to_name: str
    to_address: str
    on: date
    groups: tuple[Group, ...]
    command: str = "anjuan today"


@dataclass(frozen=True, kw_only=True)
class DigestMail(PersonMail):
    """What one person has to do on a working day."""

    kind: ClassVar[str] = "digest"


@dataclass(frozen=True, kw_only=True)
class CatchUpMail(PersonMail):
    """The reminders that one person should have got before; `missed_…` names the day or the days without a run."""

    kind: ClassVar[str] = "catch_up"

    missed_zh: str
    missed_en: str
