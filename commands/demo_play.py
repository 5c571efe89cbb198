"""Plays the script of the demo through the doors that everybody uses: cases, passes, reminders, forms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

from commands.demo_script import Act, Script
from engine import casework
from engine.campaign_checks import read_campaign
from engine.campaign_plan import shipped_campaign
from engine.clock import SHANGHAI, StandingClock
from engine.errors import TransitionRefused
from engine.granting import PassOrder, grant_pass
from engine.office import Office
from engine.orders import OpenCase, TakeStep
from notifications.delivery import Delivery
from notifications.reminding import run_reminders
from reports.export import export_month
from reports.monthly import ReportOrder, monthly_report
from workflows.campaign_loading import load_campaign

MORNING, OFFICE_OPENS = time(8, 0), time(9, 0)
ONE_DAY, ONE_MINUTE = timedelta(days=1), timedelta(minutes=1)


@dataclass
class Played:
    """What happened in the demo."""

    cases: dict[str, str] = field(default_factory=dict)  # name in the script: case number
    refused: list[TransitionRefused] = field(default_factory=list)
    passes: list[str] = field(default_factory=list)
    warnings: Counter[str] = field(default_factory=Counter)
    mails: int = 0
    files: list[Path] = field(default_factory=list)


class Player:
    """Walks through the days of a script with a clock of its own."""

    def __init__(self, office: Office, clock: StandingClock, delivery: Delivery, forms: Path) -> None:
        self.office, self.clock, self.delivery, self.forms = office, clock, delivery, forms
        self.played = Played()

    def play(self, script: Script, advance: Callable[[int], None]) -> Played:
        """Every day from the first to the last: reminders in the morning, then the acts. `advance` hears of days."""
        self._set(script.from_on, OFFICE_OPENS)
        self._load(script)
        for day in _days(script.from_on, script.to_on):
            self._set(day, MORNING)
            self.played.mails += run_reminders(self.office, self.delivery).sent
            self._set(day, OFFICE_OPENS)
            for act in (a for a in script.acts if a.day == day):
                self._tick(act)
                self._act(script, act)
            advance(1)
        return self.played

    def _load(self, script: Script) -> None:
        plan, _remarks = read_campaign(shipped_campaign(script.campaign))
        with self.office.store.writing() as work:
            self.office.refresh(work)
            load_campaign(self.office, work, self.office.people.person("campaign_office"), plan)

    def _set(self, day: date, at: time) -> None:
        self.clock.move_to(datetime.combine(day, at, tzinfo=SHANGHAI))

    def _tick(self, act: Act) -> None:
        """A minute passes between two acts; an act that names its minute is typed a moment after it."""
        later = self.clock.now() + ONE_MINUTE
        if act.minute is not None:
            later = max(later, datetime.fromisoformat(act.minute).replace(tzinfo=SHANGHAI) + ONE_MINUTE)
        self.clock.move_to(later)

    def _act(self, script: Script, act: Act) -> None:
        if act.open is not None:
            self._open(script, act)
        elif act.do is not None:
            self._do(act)
        elif act.pass_ is not None:
            self._grant(act)
        elif act.report is not None:
            self._report(script, act)

    def _open(self, script: Script, act: Act) -> None:
        o = act.open
        assert o is not None
        order = OpenCase(
            "case", act.by, o.answers, unit=o.unit, campaign=script.campaign, category=o.category, on=act.day
        )
        with self.office.store.writing() as work:
            self.played.cases[o.case] = casework.open_case(self.office, work, order).after.case_no

    def _do(self, act: Act) -> None:
        s = act.do
        assert s is not None
        at = datetime.fromisoformat(act.minute).replace(tzinfo=SHANGHAI) if act.minute else None
        order = TakeStep(self.played.cases[s.case], s.step, act.by, s.answers, act.day, at)
        try:
            with self.office.store.writing() as work:
                move = casework.take_step(self.office, work, order)
        except TransitionRefused as refusal:
            if s.refused not in {r.code for r in refusal.refusals}:
                raise
            self.played.refused.append(refusal)
            with self.office.store.writing() as work:
                casework.record_refusal(self.office, work, refusal, act.by)
        else:
            self.played.warnings.update(w.code for w in move.warnings)

    def _grant(self, act: Act) -> None:
        p = act.pass_
        assert p is not None
        order = PassOrder(act.by, p.asked_by, p.reason, p.until, self.played.cases[p.case], p.step)
        with self.office.store.writing() as work:
            self.played.passes += [granted.id for granted in grant_pass(self.office, work, order)]

    def _report(self, script: Script, act: Act) -> None:
        form = act.report
        assert form is not None
        self.forms.mkdir(exist_ok=True)
        file = self.forms / f"{script.campaign}-{form.month}.xlsx"
        with self.office.store.reading() as work:
            self.office.refresh(work)
            actor = self.office.people.person(act.by)
            order = ReportOrder(script.campaign, form.month, act.by, None, tree=True, cumulative=False)
            export_month(monthly_report(self.office, work, order), file, actor)
        self.played.files.append(file)


def _days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += ONE_DAY
