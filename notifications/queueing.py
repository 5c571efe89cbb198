"""Turns the due rungs of one deadline, obligation or certificate into queued mails, within one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.agenda import Rung, settle
from engine.case_view import CaseView
from engine.casework import add_entry
from engine.errors import InputWrong
from engine.office import Office
from engine.settings import STORE_ID, setting
from engine.store import Work
from notifications.causes import Cause, cause_of
from notifications.mail_store import SUPPRESSED, Draft, insert
from notifications.message import checked_address, message_id_of
from notifications.render import render
from notifications.truth import NOBODY, SUPERSEDED, Untrue

ACTOR = "anjuan"
MAILED = "mailed"
NO_ADDRESS = Untrue("没有登记电子邮件地址", "no mail address is on record")


@dataclass(frozen=True)
class Queued:
    """What became of the due rungs of one subject: the mails made from the latest, the rungs that are not sent."""

    mails: tuple[Draft, ...] = ()
    suppressed: tuple[tuple[Rung, Untrue], ...] = ()

    @property
    def refused(self) -> tuple[Draft, ...]:
        """The mails that can never be sent."""
        return tuple(mail for mail in self.mails if mail.refused)

    @property
    def nobody(self) -> bool:
        """Whether the reminder was due and nobody was there to hear of it."""
        return any(reason == NOBODY for _, reason in self.suppressed)


def queue_subject(office: Office, work: Work, rungs: tuple[Rung, ...]) -> Queued:
    """Settle the due rungs of one subject, the latest first, and keep the mails of the latest.

    Nothing is done when somebody else has settled them. Raises TransitionRefused when the clock stands before the
    last entry of the case, CaseChangedMeanwhile, TemplateWrong; then nothing may be kept.
    """
    latest, *older = rungs
    cause = cause_of(office, work, latest)
    if isinstance(cause, Untrue):
        return _suppressed(work, [(rung, cause) for rung in rungs])
    untrue = cause.untrue(latest)
    if untrue:
        return _suppressed(work, [(rung, untrue) for rung in rungs])
    mails = tuple(_drafts(work, latest, cause))
    if not mails:
        return _suppressed(work, [(latest, NOBODY), *((rung, SUPERSEDED) for rung in older)])
    if not settle(work, latest.key, MAILED, None):
        return Queued()
    insert(work, mails, office.clock.now())
    if cause.case is not None:
        _record(office, work, cause.case, latest, mails)
    return Queued(mails, _suppressed(work, [(rung, SUPERSEDED) for rung in older]).suppressed)


def _suppressed(work: Work, reasons: Iterable[tuple[Rung, Untrue]]) -> Queued:
    settled = tuple((rung, reason) for rung, reason in reasons if settle(work, rung.key, SUPPRESSED, reason.kept))
    return Queued(suppressed=settled)


def _drafts(work: Work, rung: Rung, cause: Cause) -> Iterator[Draft]:
    store_id = setting(work, STORE_ID)
    for reader, view in cause.views(rung):
        rendered = render(view)
        yield Draft(
            key=rung.key,
            kind=rung.kind,
            book=rung.book,
            to_name=reader.name,
            to_address=reader.address,
            message_id=message_id_of(f"{store_id}:{rung.key}:{reader.name}", rung.send_on),
            subject=rendered.subject,
            text=rendered.text,
            html=rendered.html,
            refused=_wrong_with(reader.address),
        )


def _wrong_with(address: str) -> str | None:
    if not address:
        return NO_ADDRESS.kept
    try:
        checked_address(address)
    except InputWrong as wrong:
        return Untrue(wrong.zh, wrong.en).kept
    return None


def _record(office: Office, work: Work, case: CaseView, rung: Rung, mails: tuple[Draft, ...]) -> None:
    """Put into the case's book who was reminded of what."""
    effects = {
        "rung": rung.key,
        "to": [mail.to_name for mail in mails if not mail.refused],
        "message_ids": [mail.message_id for mail in mails if not mail.refused],
        "unreachable": [mail.to_name for mail in mails if mail.refused],
    }
    add_entry(office, work, case, ACTOR, "mail", effects, None)
