"""What a run makes before its reminders: the digests of the day, and one mail each about what an outage left behind."""

from __future__ import annotations

from collections.abc import Callable

from engine.clock import today
from engine.errors import AnjuanError, StoreUnavailable
from engine.office import Office
from engine.store import Work
from notifications.catch_up import gather_missed, told_in
from notifications.causes import cause_of
from notifications.mail_store import Mail
from notifications.morning import make_digests
from notifications.person_mails import Gathered
from notifications.person_views import CatchUpMail, DigestMail
from notifications.telling import Tell
from notifications.truth import Untrue

GATHERED = frozenset({CatchUpMail.kind, DigestMail.kind})
NOTHING_HOLDS = Untrue("所列事项均已办理或变更", "nothing that it lists holds any more")


def gather(office: Office, tell: Tell, *, keep: bool = True) -> Gathered:
    """Make both, where their time has come; with `keep=False` only say what would be made.

    What fails is told and counted and stops nothing else: reminders that were not gathered go one by one. Raises
    StoreUnavailable.
    """
    missed = _told(lambda: gather_missed(office, keep_them=keep), "补发的提醒", "missed reminders", tell)
    digests = _told(lambda: make_digests(office, tell, keep_them=keep), "当日汇总", "digests", tell)
    mails, failed = (*missed.mails, *digests.mails), missed.failed + digests.failed
    return Gathered(mails, missed.settled, missed.suppressed, failed)


def gathered_untrue(office: Office, work: Work, mail: Mail) -> Untrue | None:
    """Why such a mail, perhaps left over from an earlier run, is not to be sent any more; `None` while it holds.

    A digest is for its day. What was missed is told while one of the reminders in it holds.
    """
    if mail.line.kind == DigestMail.kind:
        day = mail.rung.send_on
        gone = Untrue(f"这是{day}的汇总，当日已过", f"this is what there was to do on {day}, which has passed")
        return gone if today(office.clock) > day else None
    for rung in told_in(work, mail.line.key):
        cause = cause_of(office, work, rung)
        if not isinstance(cause, Untrue) and cause.untrue(rung) is None:
            return None
    return NOTHING_HOLDS


def _told(make: Callable[[], Gathered], zh: str, en: str, tell: Tell) -> Gathered:
    try:
        return make()
    except StoreUnavailable:
        raise
    except AnjuanError as wrong:
        tell(f"未能生成{zh}：{wrong.zh}", f"the {en} could not be made: {wrong.en}")
        return Gathered(failed=1)
