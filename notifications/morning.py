"""Makes the morning mails of a working day: once a day, in the first run, for everybody who has something to do.

Reports that are due soon are rehearsed with them: what is missing is part of what somebody has to do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.clock import today
from engine.errors import AnjuanError, StoreUnavailable
from engine.monthly_forms import first_rehearsal
from engine.office import Office
from engine.repeating import kept
from engine.store import Work
from engine.workload import Workloads
from notifications.digest import digest_of
from notifications.mail_store import Draft
from notifications.person_mails import Envelope, Gathered, draft_of, envelope, keep
from notifications.person_views import DigestMail
from notifications.rehearsing import Missing, missing_by_name
from notifications.run_days import DIGESTED, REHEARSED, done_on, last_on
from notifications.telling import Tell


def make_digests(office: Office, tell: Tell, *, keep_them: bool = True) -> Gathered:
    """The digests of today, where it is a working day and nobody has made them, kept unless it is a rehearsal.

    Those of a day on which nothing ran are never made. Somebody whose digest cannot be made does not stop the others,
    and a rehearsal that fails stops none; its day is then not written, so that its silence is seen.
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
        missing = _rehearsed(office, work, tell)
        rehearsed_last = last_on(work, REHEARSED)
        made, failed = _digests(office, work, tell, missing or {})
    failed += 1 if missing is None else 0
    if not keep_them:
        return Gathered(tuple(mail for _, mail in made), failed=failed)

    def write(work: Work) -> Gathered:
        if not done_on(work, DIGESTED, last, on):
            return Gathered()
        if missing is not None and first_rehearsal(office) is not None:
            done_on(work, REHEARSED, rehearsed_last, on)
        return Gathered(keep(office, work, made), failed=failed)

    return kept(office.store, write)


def _rehearsed(office: Office, work: Work, tell: Tell) -> Mapping[str, Sequence[Missing]] | None:
    """What is missing in reports, by name; `None` where that could not be said."""
    try:
        return missing_by_name(office, work)
    except StoreUnavailable:
        raise
    except AnjuanError as wrong:
        tell(f"未能预演报表：{wrong.zh}", f"reports could not be rehearsed: {wrong.en}")
        return None


def _digests(
    office: Office, work: Work, tell: Tell, missing: Mapping[str, Sequence[Missing]]
) -> tuple[list[tuple[Envelope, Draft]], int]:
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
            view = digest_of(office, work, loads.of(person), person, missing.get(person.name, ()))
            if view is not None:
                made.append((to, draft_of(to, view)))
        except StoreUnavailable:
            raise
        except AnjuanError as wrong:
            failed += 1
            name = person.name
            tell(f"{name}：未能生成当日汇总：{wrong.zh}", f"{name}: no digest could be made: {wrong.en}")
    return made, failed
