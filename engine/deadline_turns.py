"""Turns the course of a running deadline: pauses it, lets it run again, extends it, begins it anew. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta

from engine.case_view import Attempt, CaseView
from engine.changing import changed
from engine.deadlines import Deadline, derived
from engine.definitions import PauseBy, Step
from engine.period_values import Basis, Extension, Pause, Restart
from engine.time_limits import Ground
from engine.working_days import WorkingDays

ONE_DAY = timedelta(days=1)


def basis_of(ground: Ground, reason: str, by: str) -> Basis:
    """The ground of the rule, cited for one case."""
    return Basis(ground.id, ground.zh, ground.en, reason, by, ground.basis, ground.confidence)


def paused(deadline: Deadline, pause: Pause, calendar: WorkingDays) -> Deadline:
    """Its days are left out from the first day of the pause on."""
    course, before = deadline.course, deadline.course.open_pause
    if before is not None and before.last_on is not None:  # its cap let it run again by itself
        course = course.with_pause_ended(before.last_on)
    course = replace(course, pauses=(*course.pauses, pause))
    return derived(changed(deadline, course=course, state="paused"), calendar)


def resumed(deadline: Deadline, counts_from: date, calendar: WorkingDays) -> Deadline:
    """Its days count again from `counts_from` on. A pause that never had a day falls away."""
    course = deadline.course.with_pause_ended(counts_from - ONE_DAY)
    return derived(changed(deadline, course=course, state="running"), calendar)


def extended(deadline: Deadline, extension: Extension, calendar: WorkingDays) -> Deadline:
    """It has more time."""
    course = replace(deadline.course, extensions=(*deadline.course.extensions, extension))
    return derived(changed(deadline, course=course), calendar)


def begun_anew(deadline: Deadline, restart: Restart, calendar: WorkingDays) -> Deadline:
    """The whole limit runs again; what had been left out or granted before is void."""
    course = replace(deadline.course, pauses=(), extensions=(), restart=restart)
    return derived(changed(deadline, course=course, state="running"), calendar)


def turned_by(case: CaseView, attempt: Attempt, step: Step, ended: Collection[str]) -> tuple[Deadline, ...]:
    """The deadlines that a step pauses or lets run again, leaving out those that it ends."""
    calendar = attempt.law.calendar
    turned = []
    for pause_by in step.pause:
        found = case.latest_deadline(pause_by.rule)
        pause = _pause_of(case, attempt, pause_by, found) if found is not None and found.id not in ended else None
        if found is not None and pause is not None:
            turned.append(paused(found, pause, calendar))
    for resume_by in step.resume:
        found = case.latest_deadline(resume_by.rule)
        if found is not None and found.state == "paused" and found.id not in ended:
            answered = attempt.day(resume_by.on) if resume_by.on else None
            turned.append(resumed(found, answered or attempt.on, calendar))
    return tuple(turned)


def _pause_of(case: CaseView, attempt: Attempt, pause_by: PauseBy, deadline: Deadline) -> Pause | None:
    """The pause that the law of the day allows; None where it knows no such ground or nothing is left to pause."""
    version = attempt.law.limit_on(deadline.terms.limit, attempt.on)
    first_on = (attempt.day(pause_by.on) if pause_by.on else None) or attempt.on
    grounds = version.exclusions if version is not None else ()
    ground = next((g for g in grounds if g.id == pause_by.ground), None)
    if ground is None or not ground.fits(attempt.law.authority_of(case.unit, attempt.on)):
        return None
    if deadline.state != "running" or not deadline.started_on <= first_on <= deadline.due_on:
        return None
    return Pause(first_on, None, basis_of(ground, "", attempt.actor.name), ground.most_days)
