"""Makes the morning mails of a working day: once a day, in the first run, for everybody who has something to do."""

from __future__ import annotations

from engine.clock import today
from engine.errors import AnjuanError, StoreUnavailable
from engine.office import Office
from engine.repeating import kept
from engine.store import Work
from engine.workload import Workloads
from notifications.digest import digest_of
from notifications.mail_store import Draft
from notifications.person_mails import Envelope, Gathered, draft_of, envelope, keep
from notifications.person_views import DigestMail
from notifications.run_days import DIGESTED, done_on, last_on
from notifications.telling import Tell


def make_digests(office: Office, tell: Tell, *, keep_them: bool = True) -> Gathered:
    """The digests of today, where it is a working day and nobody has made them, kept unless it is a rehearsal.

    Those of a day on which nothing ran are never made. Somebody whose digest cannot be made does not stop the others.
    Raises StoreUnavailable, CaseChangedMeanwhile.
    """
    on = today(office.clock)
    with office.store.reading() as work:
        last = last_on(work, DIGESTED)
        if last == on:
            return Gathered()
        office.refresh(work)
        if not office.law.calendar.is_working(on):
            return Gathered()
        made, failed = _digests(office, work, tell)
    if not keep_them:
        return Gathered(tuple(mail for _, mail in made), failed=failed)

    def write(work: Work) -> Gathered:
        first = done_on(work, DIGESTED, last, on)
        return Gathered(keep(office, work, made), failed=failed) if first else Gathered()

    return kept(office.store, write)


def _digests(office: Office, work: Work, tell: Tell) -> tuple[list[tuple[Envelope, Draft]], int]:
    """One of everybody who has something to do and an address and has not left; and how many could not be made."""
    on, loads = today(office.clock), Workloads(office, work)
    made: list[tuple[Envelope, Draft]] = []
    failed = 0
    for person in office.people.persons.values():
        to = envelope(work, DigestMail.kind, person, on)
        # Whoever has no address: every reminder says so already, and a dead mail each morning would say no more.
        if person.has_left(on) or to.refused:
            continue
        try:
            view = digest_of(office, work, loads.of(person), person)
            if view is not None:
                made.append((to, draft_of(to, view)))
        except StoreUnavailable:
            raise
        except AnjuanError as wrong:
            failed += 1
            name = person.name
            tell(f"{name}：未能生成当日汇总：{wrong.zh}", f"{name}: no digest could be made: {wrong.en}")
    return made, failed
