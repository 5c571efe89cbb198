"""Deadlines as they stood before an entry that ended or turned them; dates anew, the rules may have changed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from engine.case_view import CaseView
from engine.courses import course_of
from engine.deadlines import Deadline, derived
from engine.law_book import LawBook
from engine.reprojecting import kept_up


def restored(case: CaseView, effects: Iterable[Mapping[str, Any]], law: LawBook) -> Iterator[Deadline]:
    """Those of the effects of an entry that say how a deadline stood before."""
    for effect in effects:
        now = case.deadlines.get(effect["id"])
        if now is None or "before" not in effect:
            continue
        before = effect["before"]
        if effect["act"] == "end":
            ended_on = date.fromisoformat(before["ended_on"]) if before["ended_on"] else None
            yield kept_up(replace(now, state=before["state"], note=before["note"], ended_on=ended_on), law)
        else:
            turned = derived(replace(now, state=before["state"], course=course_of(before["course"])), law.calendar)
            yield kept_up(turned, law)
