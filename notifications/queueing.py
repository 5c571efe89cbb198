"""Turns the due rungs of one deadline, obligation or certificate into queued mails, within one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from engine.acknowledgements import ESCALATE, MAIL
from engine.agenda import Rung, settle
from engine.case_view import CaseView
from engine.casework import add_entry
from engine.changing import changed
from engine.errors import InputWrong
from engine.mutes import muted_by
from engine.office import Office
from engine.store import Work
from notifications.causes import Cause, cause_of
from notifications.mail_store import SUPPRESSED, Draft, insert
from notifications.message import checked_address, message_id_of
from notifications.readers import Reader
from notifications.render import Rendered, render
from notifications.truth import NO_RUNG, NOBODY, SUPERSEDED, Untrue
from notifications.views import MailView

ACTOR = "anjuan"
MAILED = "mailed"
MUTED = Untrue("本人已关闭这类提醒", "muted by the person")
NO_ADDRESS = Untrue("没有登记电子邮件地址", "no mail address is on record")


@dataclass(frozen=True)
class Queued:
    """What became of the due rungs of one subject: the mails made from the latest, the rungs that are not sent, and
    those of the mails that nobody wants (`muted`)."""

    mails: tuple[Draft, ...] = ()
    suppressed: tuple[tuple[Rung, Untrue], ...] = ()
    muted: tuple[Draft, ...] = ()

    @property
    def refused(self) -> tuple[Draft, ...]:
        """The mails that can never be sent."""
        return tuple(mail for mail in self.mails if mail.refused)

    @property
    def nobody(self) -> bool:
        """Whether the reminder was due and nobody was there to hear of it."""
        return any(reason == NOBODY for _, reason in self.suppressed)


class Basket(Protocol):
    """Gathers what several rungs say to one person into one mail."""

    def addressed(self, draft: Draft) -> Draft:
        """The draft under the key and Message-ID of the mail that is to say it."""

    def put(self, rung: Rung, drafts: Sequence[Draft], views: Sequence[MailView]) -> None:
        """Take what the rung says to each reader who wants it."""


def queue_subject(office: Office, work: Work, rungs: tuple[Rung, ...], basket: Basket | None = None) -> Queued:
    """Settle the due rungs of one subject, the latest first, and keep the mails of the latest, or put what they say
    into the basket; then the rung keeps the keys of the mails that will say it.

    Nothing is done when somebody else has settled them. Raises TransitionRefused when the clock stands before the
    last entry of the case, CaseChangedMeanwhile, TemplateWrong; then nothing may be kept.
    """
    latest, *older = rungs
    cause = cause_of(office, work, latest)
    if isinstance(cause, Untrue):
        return _suppressed(work, [(rung, cause) for rung in rungs])
    untrue = cause.untrue(latest)
    if untrue == NO_RUNG and older:
        # A rung that there is no more takes nobody's place.
        gone, rest = _suppressed(work, [(latest, NO_RUNG)]), queue_subject(office, work, tuple(older), basket)
        return replace(rest, suppressed=(*gone.suppressed, *rest.suppressed))
    if untrue:
        return _suppressed(work, [(rung, untrue) for rung in rungs])
    views = tuple(cause.views(latest))
    drafts = tuple(_drafts(office, work, latest, cause, views, basket))
    if not drafts:
        return _suppressed(work, [(latest, NOBODY), *((rung, SUPERSEDED) for rung in older)])
    wanted = [draft for draft in drafts if not draft.muted]
    if not settle(work, latest.key, MAILED, " ".join(draft.key for draft in wanted) if basket is not None else None):
        return Queued()
    insert(work, [draft for draft in drafts if basket is None or draft.muted], office.clock.now())
    if cause.case is not None:
        _record(office, work, cause.case, latest, drafts, escalates=cause.ladder.escalates_at(latest.rung_days))
    muted = tuple(mail for mail in drafts if mail.muted)
    if basket is not None:
        basket.put(latest, drafts, [view for _, view in views])
    return Queued(tuple(wanted), _suppressed(work, [(rung, SUPERSEDED) for rung in older]).suppressed, muted)


def _suppressed(work: Work, reasons: Iterable[tuple[Rung, Untrue]]) -> Queued:
    settled = tuple((rung, reason) for rung, reason in reasons if settle(work, rung.key, SUPPRESSED, reason.kept))
    return Queued(suppressed=settled)


def _drafts(
    office: Office,
    work: Work,
    rung: Rung,
    cause: Cause,
    views: Iterable[tuple[Reader, MailView]],
    basket: Basket | None,
) -> Iterator[Draft]:
    store_id = office.store_id(work)
    muted = muted_by(work, cause.ladder)
    for reader, view in views:
        gathered = basket is not None and reader.name not in muted
        # What goes into a basket is said in the words of another mail.
        rendered = Rendered("", "", "") if gathered else render(view)
        draft = Draft(
            key=rung.key,
            kind=rung.kind,
            book=rung.book,
            to_name=reader.name,
            to_address=reader.address,
            message_id=message_id_of(f"{store_id}:{rung.key}:{reader.name}", rung.send_on),
            subject=rendered.subject,
            text=rendered.text,
            html=rendered.html,
            refused=wrong_with(reader.address),
            muted=MUTED.kept if reader.name in muted else None,
        )
        yield basket.addressed(draft) if basket is not None and gathered else draft


def wrong_with(address: str) -> str | None:
    """Why no mail can ever go to that address; `None` for one that may be right."""
    if not address:
        return NO_ADDRESS.kept
    try:
        checked_address(address)
    except InputWrong as wrong:
        return Untrue(wrong.zh, wrong.en).kept
    return None


def _record(
    office: Office, work: Work, case: CaseView, rung: Rung, drafts: tuple[Draft, ...], *, escalates: bool
) -> None:
    """Put into the case's book who was reminded of what, and that it went up the ladder where it did."""
    sent = [mail for mail in drafts if not mail.stopped]
    names = [mail.to_name for mail in sent]
    muted = [mail.to_name for mail in drafts if mail.muted]
    effects = {
        "rung": rung.key,
        "to": names,
        "message_ids": [mail.message_id for mail in sent],
        "unreachable": [mail.to_name for mail in drafts if mail.refused and not mail.muted],
        **({"muted": muted} if muted else {}),
    }
    entry = add_entry(office, work, case, ACTOR, MAIL, effects, None)
    if escalates:
        after = changed(case, head_seq=entry.seq, head_hash=entry.hash, recorded_at=entry.recorded_at)
        due_on = rung.due_on.isoformat()
        told = {"deadline": rung.subject, "due_on": due_on, "rung": rung.rung_days, "to": names}
        add_entry(office, work, after, ACTOR, ESCALATE, told, None)
