"""Moves the end of a phase of a loaded campaign: a new version of the plan, on record, with what follows from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from engine.answers import require_text
from engine.book_store import head_of
from engine.campaign_checks import problems_of_plan
from engine.campaign_parts import Phase
from engine.campaign_plan import CampaignPlan
from engine.clock import legal_day
from engine.errors import InputWrong, NotFound, Problem, Remedy
from engine.ledger import STORE_BOOK
from engine.obligations import obligations_of
from engine.office import Office
from engine.parsed_file import Parsed
from engine.people import Person
from engine.store import Work
from engine.working_days import WorkingDays
from workflows.campaign_loading import Version, keep_version, obligation_rungs, require_may_load

ACT = "extend"


@dataclass(frozen=True)
class Moved:
    """A day of the campaign that follows. `kind` is `phase_end`, `campaign_end`, `gate_end` or `obligation`; `None`
    is no day."""

    kind: str
    subject: str
    zh: str
    en: str
    from_on: date | None
    to_on: date | None


@dataclass(frozen=True)
class Extension:
    """What an extension did: the plan as it is now, what moved, what looks odd since, and how many reminders stand."""

    plan: CampaignPlan
    phase: Phase
    from_on: date | None
    to_on: date
    moved: tuple[Moved, ...]
    remarks: tuple[Problem, ...]
    reminders: int


def extend_phase(
    office: Office, work: Work, actor: Person, campaign_id: str, phase_id: str, to_on: date, reason: str
) -> Extension:
    """Let a phase end on `to_on` (inclusive), earlier or later than now; that of the campaign goes along where this
    was its last phase and would end outside.

    Cases keep what they did; from now on the new plan judges. Raises NotFound, Forbidden, InputWrong (`extend.…`),
    CaseChangedMeanwhile where somebody changes the campaign at the same time.
    """
    _require_reason(reason)
    head = head_of(work, STORE_BOOK)
    office.refresh(work, head.hash)
    plan = office.plan(campaign_id)
    require_may_load(office, actor, plan.unit)
    phase = _phase(plan, phase_id)
    after = extended(plan, phase, to_on)
    remarks = _new_problems(office, plan, after)
    today = legal_day(office.clock.now())
    moved = tuple(what_moved(plan, after, office.law.calendar))
    rungs = tuple(obligation_rungs(after, office.people, office.law, today))
    effects = {
        "replaces": plan.hash,
        "phase": phase.id,
        "from": _iso(phase.ends_on),
        "to": to_on.isoformat(),
        "moved": [[m.kind, m.subject, _iso(m.from_on), _iso(m.to_on)] for m in moved],
    }
    keep_version(office, work, actor, after, Version(ACT, today, rungs, reason, effects), head)
    return Extension(after, phase, phase.ends_on, to_on, moved, remarks, len(rungs))


def extended(plan: CampaignPlan, phase: Phase, to_on: date) -> CampaignPlan:
    """The plan with that phase ending on that day. Raises InputWrong where it ends then already, or would before it
    starts."""
    if phase.ends_on == to_on:
        raise InputWrong(
            "extend.unchanged",
            f"{phase.zh}本来就到{to_on}结束，没有改动",
            f"{phase.en} ends on {to_on} already; nothing was changed",
        )
    if phase.starts_on is not None and to_on < phase.starts_on:
        raise InputWrong(
            "extend.before_start",
            f"{to_on}早于{phase.zh}的开始日{phase.starts_on}，没有改动",
            f"{to_on} is before {phase.en} starts ({phase.starts_on}); nothing was changed",
            Remedy(f"改用{phase.starts_on}或以后的日期", f"use {phase.starts_on} or later"),
        )
    phases = tuple(p.model_copy(update={"ends_on": to_on}) if p.id == phase.id else p for p in plan.phases)
    changes: dict[str, object] = {"phases": phases, "based_on": plan.hash}
    if _is_last(plan, phase) and plan.ends_on is not None and plan.ends_on < to_on:
        changes["ends_on"] = to_on
    return plan.model_copy(update=changes)


def what_moved(before: CampaignPlan, after: CampaignPlan, calendar: WorkingDays) -> Iterator[Moved]:
    """Every day of the campaign that is another one after the change, in the order of the plan."""
    yield from _different("campaign_end", "", before.name.zh, before.name.en, before.ends_on, after.ends_on)
    for old, new in zip(before.phases, after.phases, strict=True):
        yield from _different("phase_end", old.id, old.zh, old.en, old.ends_on, new.ends_on)
    for old_gate, new_gate in zip(before.gates, after.gates, strict=True):
        ends = before.window_of(old_gate)[1], after.window_of(new_gate)[1]
        yield from _different("gate_end", old_gate.id, old_gate.zh, old_gate.en, *ends)
    due = {owed.id: owed.due_on for owed in obligations_of(after, calendar)}
    for owed in obligations_of(before, calendar):
        yield from _different("obligation", owed.id, owed.zh, owed.en, owed.due_on, due[owed.id])


def _different(kind: str, subject: str, zh: str, en: str, from_on: date | None, to_on: date | None) -> Iterator[Moved]:
    if from_on != to_on:
        yield Moved(kind, subject, zh, en, from_on, to_on)


def _phase(plan: CampaignPlan, phase_id: str) -> Phase:
    found = plan.phase(phase_id)
    if found is None:
        named = [f"{phase.id}（{phase.zh}）" for phase in plan.phases]
        raise NotFound(
            "phase.unknown",
            f"“{plan.name.zh}”没有阶段“{phase_id}”，有：{'、'.join(named) or '无'}",
            f"{plan.id} has no phase {phase_id!r}; it has {', '.join(p.id for p in plan.phases) or 'none'}",
            Remedy("查看各阶段", "see its phases", f"anjuan campaign show {plan.id}"),
        )
    return found


def _is_last(plan: CampaignPlan, phase: Phase) -> bool:
    """Whether no other phase ends after it; one that is open ends after all."""
    end = phase.ends_on or date.max
    return all((other.ends_on or date.max) <= end for other in plan.phases if other.starts_on or other.ends_on)


def _new_problems(office: Office, before: CampaignPlan, after: CampaignPlan) -> tuple[Problem, ...]:
    """What looks odd since the change. Raises InputWrong where the plan would contradict itself."""
    forms = {document.id for document in office.documents("form")}

    def problems(plan: CampaignPlan) -> tuple[Problem, ...]:
        parsed = Parsed(plan.as_document(), {}, plan.id)
        return problems_of_plan(plan, parsed, office.law.calendar, forms)

    known = set(problems(before))
    new = tuple(problem for problem in problems(after) if problem not in known)
    errors = [problem for problem in new if not problem.remark]
    if errors:
        raise InputWrong(
            "extend.contradiction",
            f"这样改动后方案自相矛盾，没有改动：{'；'.join(problem.zh for problem in errors)}",
            f"the plan would contradict itself; nothing was changed: {'; '.join(problem.en for problem in errors)}",
            Remedy("改用其他日期", "choose another day"),
        )
    return new


def _require_reason(reason: str) -> None:
    require_text(reason)
    if not reason.strip():
        raise InputWrong("reason.missing", "变更专项行动须用--reason说明依据", "changing a campaign needs a --reason")


def _iso(on: date | None) -> str | None:
    return on.isoformat() if on is not None else None
