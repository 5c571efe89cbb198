"""Finds what a rung is about: whether it still holds, who is to be told, and what the mail says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol, cast

from engine.acknowledgements import Acknowledgement, acknowledged
from engine.agenda import Rung
from engine.book_store import entries_of
from engine.campaign_plan import CampaignPlan
from engine.case_view import CaseView
from engine.casework import find_case
from engine.clock import today
from engine.deadlines import Deadline
from engine.definitions import Definition, steps_that_meet
from engine.errors import NotFound
from engine.ladders import CERTIFICATE, Ladder
from engine.obligations import Obligation, obligations_of
from engine.office import Office
from engine.store import Work
from notifications.certificate_causes import certificate_cause
from notifications.readers import (
    Reader,
    readers_of_deadline,
    readers_of_obligation,
    way_to_meet,
    way_to_submit,
)
from notifications.truth import (
    CAMPAIGN_GONE,
    CASE_GONE,
    DEADLINE_GONE,
    Untrue,
    deadline_untrue,
    obligation_untrue,
    rung_untrue,
)
from notifications.views import DeadlineMail, MailView, Nature, ObligationMail

# How a mail names the thing owed; what the notice itself says is often a whole sentence.
_OWED = {
    "work_plan": ("工作计划", "the work plan"),
    "site_list": ("重点监管网站名单", "the list of supervised sites"),
    "monthly_form": ("统计表", "the statistics forms"),
    "summary": ("专项行动工作总结", "the final summary"),
    "report": ("情况报告", "the report"),
    "ad_hoc": ("情况报告", "a report"),
}


class Cause(Protocol):
    """What a rung is about, as it stands now."""

    @property
    def case(self) -> CaseView | None:
        """The case in whose book the mail is recorded, if it is about one."""

    @property
    def ladder(self) -> Ladder:
        """The ladder that holds today for what it is about."""

    def untrue(self, rung: Rung) -> Untrue | None:
        """Why the reminder is not to be sent; `None` while it holds."""

    def views(self, rung: Rung) -> Iterator[tuple[Reader, MailView]]:
        """Every reader with his mail. The rung must hold."""


def cause_of(office: Office, work: Work, rung: Rung) -> Cause | Untrue:
    """The case, campaign or certificate of a rung, with the office's knowledge refreshed; why there is none."""
    if rung.kind == CERTIFICATE:
        office.refresh(work)
        return certificate_cause(office, rung)
    book_kind, _, subject = rung.book.partition(":")
    if book_kind == "case":
        try:
            case = find_case(office, work, subject, None)
        except NotFound:
            return CASE_GONE
        deadline = case.deadlines.get(rung.subject)
        if deadline is None:
            return DEADLINE_GONE
        # Only what is said after the date can have been acknowledged.
        known = acknowledged(entries_of(work, rung.book)).get(rung.subject) if rung.rung_days < 0 else None
        return _CaseCause(office, case, deadline, office.definition_of(work, case.definition), known)
    office.refresh(work)
    plan = office.campaigns().get(subject)
    return _CampaignCause(office, plan, obligations_of(plan, office.law.calendar)) if plan else CAMPAIGN_GONE


@dataclass(frozen=True)
class _CaseCause:
    """A time limit of a case; of one whose definition is gone nobody can say what would meet it."""

    office: Office
    case: CaseView
    deadline: Deadline
    definition: Definition | None
    acknowledged: Acknowledgement | None

    @property
    def ladder(self) -> Ladder:
        return self.office.law.ladders.of_limit(self.deadline.terms.limit, self.deadline.nature)

    def untrue(self, rung: Rung) -> Untrue | None:
        definition = self.definition
        ending = steps_that_meet(definition, self.deadline.rule) if definition else ()
        still_open = any(self.case.state in definition.steps[name].from_ for name in ending if definition)
        ended = deadline_untrue(rung, self.case, still_open=still_open)
        return ended or rung_untrue(rung, self.ladder, self.acknowledged)

    def views(self, rung: Rung) -> Iterator[tuple[Reader, MailView]]:
        case, people, deadline = self.case, self.office.people, self.deadline
        way = way_to_meet(self.definition, case, deadline)
        campaigns = [self.office.plan(campaign.id).name.zh for campaign in case.campaigns]
        on = today(self.office.clock)
        also = self.ladder.heard_from(rung.rung_days)
        late = rung.rung_days < 0
        for reader in readers_of_deadline(people, self.definition, case, deadline, on, also):
            yield (
                reader,
                DeadlineMail(
                    to_name=reader.zh,
                    to_address=reader.address,
                    nature=cast(Nature, deadline.nature),
                    due_on=rung.due_on,
                    safe_on=rung.safe_on,
                    rung_days=rung.rung_days,
                    days_left=(rung.due_on - on).days,
                    working_days_left=_working_days_left(self.office, on, rung.due_on),
                    provisional=deadline.provisional,
                    why_zh=reader.why_zh,
                    why_en=reader.why_en,
                    command=way.command,
                    case_no=case.case_no,
                    case_title=case.title,
                    deadline_zh=deadline.terms.zh,
                    deadline_en=deadline.terms.en,
                    step_zh=way.zh,
                    step_en=way.en,
                    basis=deadline.terms.basis,
                    unit_zh=people.unit(case.unit).zh,
                    campaign_zh="、".join(campaigns) or None,
                    acknowledge=f"anjuan case acknowledge {case.case_no} {deadline.id} --reason …" if late else None,
                ),
            )


@dataclass(frozen=True)
class _CampaignCause:
    office: Office
    plan: CampaignPlan
    obligations: tuple[Obligation, ...]
    case: None = None

    @property
    def ladder(self) -> Ladder:
        return self.office.law.ladders.of_obligations

    def untrue(self, rung: Rung) -> Untrue | None:
        gone = obligation_untrue(rung, self.plan, self.obligations, self.office.people)
        return gone or rung_untrue(rung, self.ladder, None)

    def views(self, rung: Rung) -> Iterator[tuple[Reader, MailView]]:
        plan = self.plan
        owed = next(one for one in self.obligations if one.id == rung.subject)
        noun_zh, noun_en = _noun(owed)
        on = today(self.office.clock)
        also = self.ladder.heard_from(rung.rung_days)
        for reader in readers_of_obligation(self.office.people, rung.unit, on, also):
            yield (
                reader,
                ObligationMail(
                    to_name=reader.zh,
                    to_address=reader.address,
                    due_on=rung.due_on,
                    safe_on=rung.safe_on,
                    rung_days=rung.rung_days,
                    days_left=(rung.due_on - on).days,
                    working_days_left=_working_days_left(self.office, on, rung.due_on),
                    provisional=not self.office.law.calendar.is_published(rung.due_on.year),
                    why_zh=reader.why_zh,
                    why_en=reader.why_en,
                    command=way_to_submit(plan, owed),
                    campaign_id=plan.id,
                    campaign_zh=plan.name.zh,
                    obligation_zh=noun_zh,
                    obligation_en=noun_en,
                    period_from=owed.period_from,
                    period_to=owed.period_to,
                    owed_to_zh=owed.to,
                ),
            )


def _noun(owed: Obligation) -> tuple[str, str]:
    zh, en = _OWED[owed.kind]
    return (f"{owed.of_zh}{zh}", f"{en} of {owed.of_en}") if owed.of_zh else (zh, en)


def _working_days_left(office: Office, on: date, due_on: date) -> int:
    return office.law.calendar.count(on, due_on)
