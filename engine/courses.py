"""What has happened to a running time limit: whose law chose it, what it waited for, pauses, more time, a new start."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from engine.period_values import Basis, Extension, Pause, Restart, parse_length


@dataclass(frozen=True)
class Course:
    """The course of a deadline. `chosen_on` is the day of the step that started it: its law chose the version.

    `after` names another limit that had to run out first, from `told_on` on (service by public notice). Pauses and
    extensions stand in the order in which they were decided; those before a restart are void and stand in the
    record only.
    """

    chosen_on: date
    after: str | None = None
    told_on: date | None = None
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    restart: Restart | None = None

    @property
    def open_pause(self) -> Pause | None:
        """The pause that nobody has ended, be its cap reached or not."""
        return self.pauses[-1] if self.pauses and self.pauses[-1].to_on is None else None

    @property
    def counted_pauses(self) -> tuple[Pause, ...]:
        """The pauses, one that goes on taken as its first day alone: the earliest that the limit can end."""
        return tuple(replace(p, to_on=p.from_on) if p.last_on is None else p for p in self.pauses)

    @property
    def bases(self) -> tuple[Basis, ...]:
        """On what its running was changed."""
        changes = (*self.pauses, *self.extensions, *((self.restart,) if self.restart else ()))
        return tuple(change.basis for change in changes)

    def extended(self, ground: str) -> tuple[Extension, ...]:
        """What was granted under that ground."""
        return tuple(e for e in self.extensions if e.basis.ground == ground)

    def with_pause_ended(self, last_on: date) -> Course:
        """The open pause ended on its last day; a pause that has no day at all falls away."""
        *before, pause = self.pauses
        return replace(
            self, pauses=(*before, replace(pause, to_on=last_on)) if last_on >= pause.from_on else tuple(before)
        )

    def document(self) -> dict[str, Any]:
        """Plain values, as the record and the database keep them; what is empty is left out."""
        said = {
            "chosen_on": self.chosen_on.isoformat(),
            "after": self.after,
            "told_on": self.told_on.isoformat() if self.told_on else None,
            "pauses": [_pause_document(pause) for pause in self.pauses],
            "extensions": [{"length": str(e.length), **_basis_document(e.basis)} for e in self.extensions],
            "restart": _restart_document(self.restart) if self.restart else None,
        }
        return {name: value for name, value in said.items() if value}


def course_of(document: Mapping[str, Any]) -> Course:
    """Reads `Course.document` back."""
    told_on, restart = document.get("told_on"), document.get("restart")
    return Course(
        date.fromisoformat(document["chosen_on"]),
        document.get("after"),
        date.fromisoformat(told_on) if told_on else None,
        tuple(_pause_of(pause) for pause in document.get("pauses", ())),
        tuple(Extension(parse_length(e["length"]), _basis_of(e)) for e in document.get("extensions", ())),
        _restart_of(restart) if restart else None,
    )


# Most deadlines of a day share their course: nothing has happened to them yet.
@lru_cache(maxsize=512)
def course_text(course: Course) -> str:
    """The stored text."""
    return json.dumps(course.document(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@lru_cache(maxsize=512)
def course_from_text(text: str) -> Course:
    """Reads the stored text back."""
    return course_of(json.loads(text))


def _pause_document(pause: Pause) -> dict[str, Any]:
    return {
        "from_on": pause.from_on.isoformat(),
        "to_on": pause.to_on.isoformat() if pause.to_on else None,
        "most_days": pause.most_days,
        **_basis_document(pause.basis),
    }


def _pause_of(said: Mapping[str, Any]) -> Pause:
    to_on = said["to_on"]
    return Pause(
        date.fromisoformat(said["from_on"]),
        date.fromisoformat(to_on) if to_on else None,
        _basis_of(said),
        said["most_days"],
    )


def _restart_document(restart: Restart) -> dict[str, Any]:
    return {
        "from_on": restart.from_on.isoformat(),
        "latest": str(restart.latest) if restart.latest else None,
        **_basis_document(restart.basis),
    }


def _restart_of(said: Mapping[str, Any]) -> Restart:
    latest = said["latest"]
    return Restart(date.fromisoformat(said["from_on"]), _basis_of(said), parse_length(latest) if latest else None)


def _basis_document(basis: Basis) -> dict[str, str]:
    return {
        "ground": basis.ground,
        "zh": basis.ground_zh,
        "en": basis.ground_en,
        "reason": basis.reason,
        "by": basis.by,
        "basis": basis.text,
        "confidence": basis.confidence,
    }


def _basis_of(said: Mapping[str, Any]) -> Basis:
    names = ("ground", "zh", "en", "reason", "by", "basis", "confidence")
    return Basis(*(said[name] for name in names))
