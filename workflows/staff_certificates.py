"""Puts enforcement certificates (执法证) on record, new ones and other days of one, with their reminders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.clock import legal_day
from engine.errors import InputWrong, Refusal, Remedy
from engine.office import Office
from engine.people import Certificate, Person
from engine.people_effects import certificate_effect
from engine.people_store import save_certificate
from engine.store import Work
from workflows.certificate_reminders import plan_certificate
from workflows.staff_rights import Act, enter, has_left, own_rights, require_may_change, require_none
from workflows.staffing import require_possible

RECORD = Act("staff_certificate", "登记执法证", "recording a certificate")


@dataclass(frozen=True)
class Recorded:
    """A certificate as it stands now, and how the same number stood before; how many reminders were planned."""

    person: Person
    certificate: Certificate
    before: Certificate | None
    reminders: int


def record_certificate(office: Office, work: Work, actor: Person, name: str, certificate: Certificate) -> Recorded:
    """Record a certificate of somebody. A number that he has already gets the new days: renewed, put right, or ended.

    Raises Forbidden, NotFound, InputWrong, TransitionRefused.
    """
    person = office.people.person(name)
    require_possible(certificate)
    require_may_change(office, actor, person.unit)
    before = _known(office, person, certificate)
    require_none(RECORD, _against(office, actor, person, certificate, before))
    save_certificate(work, name, certificate)
    reminders = plan_certificate(work, person, certificate, office.law, legal_day(office.clock.now()))
    enter(office, work, actor, "staff", certificate_effect(name, certificate, before))
    return Recorded(office.people.person(name), certificate, before, reminders)


def _known(office: Office, person: Person, certificate: Certificate) -> Certificate | None:
    """The same number as it stands now. Raises InputWrong where it is somebody else's."""
    for other in office.people.persons.values():
        for held in other.certificates:
            if held.number == certificate.number and other.name != person.name:
                raise InputWrong(
                    "certificate.exists",
                    f"执法证号“{held.number}”已登记在{other.zh}（{other.name}）名下",
                    f"certificate {held.number!r} is registered for {other.name}",
                    Remedy("核对证号", "check the number", f"anjuan staff show {other.name}"),
                )
            if held.number == certificate.number:
                return held
    return None


def _against(
    office: Office, actor: Person, person: Person, certificate: Certificate, before: Certificate | None
) -> Iterator[Refusal]:
    today = legal_day(office.clock.now())
    if actor.name == person.name:
        yield own_rights(office.people, actor, person.unit, today)
    if person.has_left(today):
        yield has_left(person)
    if before == certificate:
        yield Refusal(
            "certificate.same",
            f"执法证“{certificate.number}”已按此登记",
            f"certificate {certificate.number!r} stands like this already",
            facts={"number": certificate.number},
        )
