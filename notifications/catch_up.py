"""Gathers the reminders that an outage left behind into one mail per person, in one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import sqlalchemy as sa

from engine.agenda import AGENDA, Rung, due_rungs
from engine.clock import today
from engine.errors import AnjuanError, CaseChangedMeanwhile, StoreUnavailable
from engine.office import Office
from engine.people import Person
from engine.repeating import kept
from engine.store import Statement, Work
from notifications.mail_store import Draft
from notifications.person_lines import group, line_of
from notifications.person_mails import Envelope, Gathered, draft_of, envelope, keep
from notifications.person_views import CatchUpMail
from notifications.queueing import MAILED, Queued, queue_subject
from notifications.run_days import REMINDED, done_on, last_on
from notifications.truth import Untrue, by_subject
from notifications.views import MailView
from notifications.wording import cn_date, en_date

# It is read once, to see what was missed: longer than the mail of every morning.
MOST_LINES = 30
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Said:
    """What one rung says to one person."""

    rung: Rung
    view: MailView


class _Basket:
    """What each person should have heard, until it goes into one mail."""

    def __init__(self, office: Office, work: Work, last: date | None, on: date) -> None:
        self._office, self._work, self._last, self._on = office, work, last, on
        self._envelopes: dict[str, Envelope] = {}
        self._said: dict[str, list[_Said]] = defaultdict(list)

    def addressed(self, draft: Draft) -> Draft:
        to = self._envelope(draft)
        return replace(draft, key=to.key, message_id=to.message_id)

    def put(self, rung: Rung, drafts: Sequence[Draft], views: Sequence[MailView]) -> None:
        for made, view in zip(drafts, views, strict=True):
            if not made.muted:
                self._said[made.to_name].append(_Said(rung, view))

    def mails(self) -> Iterator[tuple[Envelope, Draft]]:
        """One for everybody to whom something is said, by name."""
        for name, said in sorted(self._said.items()):
            to = self._envelopes[name]
            yield to, draft_of(to, _view(to, said, self._last, self._on))

    def _envelope(self, draft: Draft) -> Envelope:
        name = draft.to_name
        if name not in self._envelopes:
            # Somebody of whom the staff list knows nothing is named by a case; he has no address.
            unknown = Person(name, name, "", frozenset())
            person = self._office.people.persons.get(name, unknown)
            self._envelopes[name] = envelope(self._work, CatchUpMail.kind, person, self._on)
        return self._envelopes[name]


def gather_missed(office: Office, *, keep_them: bool = True) -> Gathered:
    """Settle the reminders whose day has passed without a run, and keep one mail for everybody who should have heard.

    Only the first run of a day does anything. What is due today is left alone, and so is what cannot be mailed: the
    run meets both one by one. Raises StoreUnavailable, CaseChangedMeanwhile, TemplateWrong; then nothing was kept.
    """
    on = today(office.clock)
    with office.store.reading() as work:
        if last_on(work, REMINDED) == on:
            return Gathered()
    return kept(office.store, lambda work: _gathered(office, work, on), keep=keep_them)


def told_in(work: Work, key: str) -> tuple[Rung, ...]:
    """The reminders that went into the mail with that key."""
    return tuple(
        Rung(book, kind, subject, unit, days, *map(date.fromisoformat, dates))
        for why, book, kind, subject, unit, days, *dates in work.all(_TOLD, {"part": key})
        if key in why.split()
    )


def _gathered(office: Office, work: Work, on: date) -> Gathered:
    last = last_on(work, REMINDED)
    if last == on or not done_on(work, REMINDED, last, on):
        return Gathered()
    office.refresh(work)
    basket = _Basket(office, work, last, on)
    suppressed: list[tuple[Rung, Untrue]] = []
    settled: set[str] = set()
    for rungs in by_subject(due_rungs(work, on)):
        if _missed(rungs[0], last, on):
            queued = _queued(office, work, rungs, basket)
            if queued is not None:
                suppressed += queued.suppressed
                settled |= {rung.key for rung in rungs}
    mails = keep(office, work, basket.mails())
    return Gathered(mails, frozenset(settled), tuple(suppressed))


def _missed(latest: Rung, last: date | None, on: date) -> bool:
    """Whether nothing has run from its day until today. One planned after the run of its day is only a day late."""
    return latest.send_on < on and (last is None or last < latest.send_on)


def _queued(office: Office, work: Work, rungs: tuple[Rung, ...], basket: _Basket) -> Queued | None:
    """What became of the rungs of one subject; `None`, and nothing done, where it failed."""
    try:
        with work.part():
            return queue_subject(office, work, rungs, basket)
    except (StoreUnavailable, CaseChangedMeanwhile):
        raise
    except AnjuanError:
        return None


def _view(to: Envelope, said: Sequence[_Said], last: date | None, on: date) -> CatchUpMail:
    said = sorted(said, key=lambda one: (one.view.due_on, one.rung.key))
    first = last + ONE_DAY if last is not None else min(one.rung.send_on for one in said)
    until = on - ONE_DAY
    past = [line_of(one.view) for one in said if one.view.days_left < 0]
    ahead = [line_of(one.view) for one in said if one.view.days_left >= 0]
    return CatchUpMail(
        to_name=to.person.zh,
        to_address=to.person.email,
        on=on,
        groups=(
            *group("已过期限", "Past the date", past, MOST_LINES),
            *group("即将到期", "Still to come", ahead, MOST_LINES),
        ),
        missed_zh=cn_date(first) if first == until else f"{cn_date(first)}至{cn_date(until)}",
        missed_en=en_date(first) if first == until else f"{en_date(first)} to {en_date(until)}",
    )


_TOLD = Statement(
    lambda _: sa.select(
        AGENDA.c.why,
        AGENDA.c.book,
        AGENDA.c.kind,
        AGENDA.c.subject,
        AGENDA.c.unit,
        AGENDA.c.rung_days,
        AGENDA.c.due_on,
        AGENDA.c.safe_on,
        AGENDA.c.send_on,
    ).where(AGENDA.c.state == sa.literal(MAILED), AGENDA.c.why.contains(sa.bindparam("part")))
)
