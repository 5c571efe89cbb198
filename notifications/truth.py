"""Judges a rung once more just before it is sent: is what it says still true? Values only; nothing here reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from engine.acknowledgements import Acknowledgement
from engine.agenda import Rung
from engine.campaign_owed import EACH_UNIT
from engine.campaign_plan import CampaignPlan
from engine.case_view import CaseView
from engine.deadlines import Deadline
from engine.ladders import Ladder, Ladders
from engine.obligations import Obligation
from engine.people import Certificate, People, Person


@dataclass(frozen=True)
class Untrue:
    """Why a reminder is not sent, in both languages."""

    zh: str
    en: str

    @property
    def kept(self) -> str:
        """The text kept with the rung or the mail."""
        return f"{self.zh} / {self.en}"


SUPERSEDED = Untrue("已由更近一次提醒代替", "a later reminder has taken its place")
CASE_GONE = Untrue("案件已不存在", "the case no longer exists")
CERTIFICATE_GONE = Untrue("没有登记这一执法证", "no such certificate is on record")
CAMPAIGN_GONE = Untrue("专项行动已不存在", "the campaign no longer exists")
NOBODY = Untrue("没有可以接收提醒的人员", "nobody is there to be reminded")
DEADLINE_GONE = Untrue("启动该期限的步骤已撤回", "the step that started this deadline was undone")
NO_RUNG = Untrue("提醒层级已修改，不再有这一级", "the ladder was changed and has no such rung any more")


def deadline_untrue(rung: Rung, case: CaseView, *, still_open: bool) -> Untrue | None:
    """Why nobody needs to be reminded of this deadline any more; `None` while it runs with the same due day.

    A closed case needs no reminder, unless a step that meets the deadline is `still_open` there (a decision is
    published after closing too).
    """
    deadline = case.deadlines.get(rung.subject)
    if deadline is None:
        return DEADLINE_GONE
    if not deadline.is_open:
        return _ended(deadline)
    if deadline.is_paused(rung.send_on):
        return Untrue("期限已中止", "the deadline is paused")
    if deadline.due_on != rung.due_on:
        return Untrue(f"期限已改为{deadline.due_on}", f"the deadline was moved to {deadline.due_on}")
    return Untrue("案件已结案", "the case is closed") if case.ended and not still_open else None


def rung_untrue(rung: Rung, ladder: Ladder, acknowledged: Acknowledgement | None) -> Untrue | None:
    """Why this rung is not climbed although the date stands: the ladder has none such, or somebody has acknowledged
    that he knows. A delayed mail of the very rung that was acknowledged still goes."""
    if rung.rung_days not in ladder.numbers:
        return NO_RUNG
    if acknowledged is None or rung.rung_days >= acknowledged.rung_days:
        return None
    by, on, reason = acknowledged.by, acknowledged.on, acknowledged.reason
    return Untrue(f"{by}已于{on}确认知悉（{reason}）", f"acknowledged by {by} on {on} ({reason})")


def obligation_untrue(
    rung: Rung, plan: CampaignPlan, obligations: Iterable[Obligation], people: People
) -> Untrue | None:
    """Why this unit no longer owes this on that day; `None` while it does."""
    owed = next((one for one in obligations if one.id == rung.subject), None)
    if owed is None:
        return Untrue("专项行动已不再要求该事项", "the campaign no longer asks for this")
    if owed.due_on != rung.due_on:
        when_zh, when_en = (f"已改为{owed.due_on}", f"is now {owed.due_on}") if owed.due_on else ("已取消", "is gone")
        return Untrue(f"报送日期{when_zh}", f"the date {when_en}")
    below = EACH_UNIT in owed.owed_by and plan.unit in people.above(rung.unit)
    return None if below or rung.unit in owed.owed_by else Untrue("该单位不再负责报送", "this unit no longer owes it")


def certificate_untrue(rung: Rung, officer: Person, certificate: Certificate) -> Untrue | None:
    """Why nobody needs to be reminded of the end of this certificate; `None` while it leaves the officer without one.

    Renewed are other days under the same number, and another certificate that follows without a gap.
    """
    if certificate.to_on != rung.due_on:
        return Untrue(f"执法证有效期已改为至{certificate.to_on}", f"the certificate now ends on {certificate.to_on}")
    after = rung.due_on + timedelta(days=1)
    renewed = next((c for c in officer.certificates if c.from_on <= after <= c.to_on), None)
    if renewed is not None:
        return Untrue(
            f"已换证：{renewed.number}，至{renewed.to_on}", f"renewed: {renewed.number}, valid until {renewed.to_on}"
        )
    if officer.left_on is not None and officer.left_on <= rung.due_on:
        return Untrue(f"本人最后工作日为{officer.left_on}", f"the officer's last day is {officer.left_on}")
    return None


def by_subject(rungs: Iterable[Rung]) -> Iterator[tuple[Rung, ...]]:
    """The due rungs of each subject together, the latest reminder first: only that one is sent."""

    def subject(rung: Rung) -> tuple[str, str, str, str, str]:
        return rung.book, rung.kind, rung.unit, rung.subject, rung.due_on.isoformat()

    for _, group in groupby(sorted(rungs, key=subject), key=subject):
        yield tuple(sorted(group, key=lambda rung: rung.rung_days))


def later_keys(rung: Rung, ladders: Ladders) -> tuple[str, ...]:
    """The keys that rungs of the same subject can have which come after this one."""
    stem = rung.key.rpartition(":")[0]
    return tuple(f"{stem}:{number}" for number in ladders.numbers(rung.kind) if number < rung.rung_days)


def _ended(deadline: Deadline) -> Untrue:
    if deadline.waived:
        return Untrue("当事人已放弃该项权利", "the party has waived this right")
    if deadline.state == "lapsed":
        return Untrue(f"已于{deadline.ended_on}自动失效", f"it lapsed by itself on {deadline.ended_on}")
    if deadline.state == "met":
        return Untrue(f"已于{deadline.ended_on}办理", f"it was done on {deadline.ended_on}")
    return Untrue("期限已终止", "the deadline was stopped")
