"""What a reminder of a certificate is about: whose it is, whether it still ends on that day, what the mail says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.agenda import Rung
from engine.clock import today
from engine.ladders import Ladder
from engine.office import Office
from engine.people import Certificate, Person
from notifications.readers import Reader, readers_of_certificate
from notifications.truth import CERTIFICATE_GONE, Untrue, certificate_untrue, rung_untrue
from notifications.views import CertificateMail


@dataclass(frozen=True)
class CertificateCause:
    """An officer with the certificate, as they stand now."""

    office: Office
    officer: Person
    certificate: Certificate
    case: None = None

    @property
    def ladder(self) -> Ladder:
        return self.office.law.ladders.of_certificates

    def untrue(self, rung: Rung) -> Untrue | None:
        gone = certificate_untrue(rung, self.officer, self.certificate)
        return gone or rung_untrue(rung, self.ladder, None)

    def views(self, rung: Rung) -> Iterator[tuple[Reader, CertificateMail]]:
        office, officer = self.office, self.officer
        on = today(office.clock)
        for reader in readers_of_certificate(office.people, officer, on, self.ladder.heard_from(rung.rung_days)):
            yield (
                reader,
                CertificateMail(
                    to_name=reader.zh,
                    to_address=reader.address,
                    due_on=rung.due_on,
                    safe_on=rung.safe_on,
                    rung_days=rung.rung_days,
                    days_left=(rung.due_on - on).days,
                    working_days_left=office.law.calendar.count(on, rung.due_on),
                    provisional=False,  # the day is printed on the certificate; no holiday moves it
                    why_zh=reader.why_zh,
                    why_en=reader.why_en,
                    command=f"anjuan staff show {officer.name}",
                    number=self.certificate.number,
                    officer=officer.name,
                    officer_zh=officer.zh,
                    unit_zh=office.people.unit(officer.unit).zh,
                ),
            )


def certificate_cause(office: Office, rung: Rung) -> CertificateCause | Untrue:
    """The officer who has the certificate of that number."""
    for officer in office.people.persons.values():
        for certificate in officer.certificates:
            if certificate.number == rung.subject:
                return CertificateCause(office, officer, certificate)
    return CERTIFICATE_GONE
