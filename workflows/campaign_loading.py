"""Loads a campaign into the store: checks it against the office, keeps it, and plans the reminders of what it owes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from engine import agenda
from engine.agenda import Rung, rungs_around
from engine.book_store import append
from engine.campaign_checks import checked_campaign
from engine.campaign_owed import EACH_UNIT
from engine.campaign_plan import CampaignPlan
from engine.campaign_problems import Finder
from engine.clock import legal_day
from engine.data_files import read_yaml
from engine.documents import add_document, editions_of
from engine.errors import Forbidden, InputWrong, Problem, Remedy
from engine.law_book import LawBook
from engine.ledger import STORE_BOOK, Head, Said, campaign_book
from engine.limit_checks import shipped_time_limits
from engine.obligations import Obligation, obligations_of
from engine.office import Office
from engine.parsed_file import Parsed
from engine.people import ADMINISTRATOR, People, Person
from engine.store import Work
from workflows.campaign_references import campaign_references, unit_references, workflow_references
from workflows.definition_files import shipped_definitions

MAY_LOAD = ("campaign_office", ADMINISTRATOR)
KIND = "campaign"


@dataclass(frozen=True)
class Loading:
    """What loading did: whether the campaign is new here, the plan as it is loaded now, and the reminders planned."""

    new: bool
    plan: CampaignPlan
    rungs: tuple[Rung, ...] = ()


@dataclass(frozen=True)
class Version:
    """How a version of a plan comes on record: by which act, from which day on, with which reminders, and why."""

    act: str
    effective_on: date
    rungs: tuple[Rung, ...]
    reason: str = ""
    effects: Mapping[str, Any] = field(default_factory=dict)


def read_checked(path: Path, office: Office | None) -> tuple[CampaignPlan, tuple[Problem, ...]]:
    """The plan in a file with the remarks on it, judged by the office's forms, holidays, workflows, units, campaigns.

    Without an office those shipped count, and nobody knows of units. Raises FileWrong with every error, NotFound,
    InputWrong.
    """
    return checked(read_yaml(path), office)


def checked(parsed: Parsed, office: Office | None) -> tuple[CampaignPlan, tuple[Problem, ...]]:
    """As `read_checked`, of what was read already. Raises FileWrong."""
    if office is None:
        return checked_campaign(parsed, more=_by_what_is_shipped)

    def more(plan: CampaignPlan, find: Finder) -> Iterator[Problem]:
        yield from workflow_references(plan, find, office.definitions().values())
        yield from unit_references(plan, find, office.people)
        yield from campaign_references(plan, find, office.campaigns())

    return checked_campaign(parsed, office.law.calendar, {d.id for d in office.documents("form")}, more)


def load_campaign(office: Office, work: Work, actor: Person, plan: CampaignPlan, unit: str | None = None) -> Loading:
    """Load a plan for `unit` (see `unit_for`). A plan that was loaded before changes nothing.

    Raises Forbidden, NotFound for a unit that is not there, InputWrong (`campaign.exists`) when another plan has
    its id.
    """
    chosen = unit_for(office, actor, plan, unit)
    if chosen != plan.unit:
        plan = plan.model_copy(update={"unit": chosen})
    _require_units(office.people, plan)
    require_may_load(office, actor, plan.unit)
    existing = office.document(KIND, plan.id)
    if existing is not None:
        if any(edition.document.hash == plan.hash for edition in editions_of(work, KIND, plan.id)):
            return Loading(new=False, plan=office.plan(plan.id))
        raise InputWrong(
            "campaign.exists",
            f"专项行动“{plan.id}”已载入，内容与此文件不同；载入后的调整以campaign extend办理",
            f"campaign {plan.id!r} is loaded already and differs from this file; a loaded campaign is changed by "
            "campaign extend, not by loading it again",
            Remedy("查看已载入的内容", "see what is loaded", f"anjuan campaign show {plan.id}"),
        )
    rungs = tuple(obligation_rungs(plan, office.people, office.law, legal_day(office.clock.now())))
    # In force from the day of the notice.
    keep_version(office, work, actor, plan, Version("load", plan.issued_on, rungs))
    return Loading(new=True, plan=plan, rungs=rungs)


def unit_for(office: Office, actor: Person, plan: CampaignPlan, wanted: str | None = None) -> str:
    """The unit that runs a plan here: the one wanted, else the plan's own; where the store has none of that id, the
    one for which it was loaded already, else the actor's."""
    if wanted is not None:
        return wanted
    if plan.unit in office.people.units:
        return plan.unit
    return office.plan(plan.id).unit if office.document(KIND, plan.id) is not None else actor.unit


def require_may_load(office: Office, actor: Person, unit: str) -> None:
    """A campaign is loaded and changed by the campaign office of its unit or of one above, or an administrator there.

    Raises Forbidden.
    """
    people, today = office.people, legal_day(office.clock.now())
    if any(people.holds(actor, role, unit, today, from_above=True) for role in MAY_LOAD):
        return
    names = list(dict.fromkeys(h.name for role in MAY_LOAD for h in people.holders(role, unit, today, from_above=True)))
    raise Forbidden(
        "command.forbidden",
        f"{actor.zh}不能载入或者变更“{unit}”的专项行动",
        f"{actor.name} may not load or change a campaign of {unit!r}",
        Remedy(f"请以下人员办理：{'、'.join(names) or '无'}", f"ask one of: {', '.join(names) or 'nobody at present'}"),
    )


def rungs_of_new_unit(office: Office, unit: str) -> tuple[Rung, ...]:
    """The reminders that a unit owes which was added after campaigns had been loaded."""
    from_on = legal_day(office.clock.now())
    return tuple(
        rung
        for plan in office.campaigns().values()
        for rung in obligation_rungs(plan, office.people, office.law, from_on)
        if rung.unit == unit
    )


def obligation_rungs(plan: CampaignPlan, people: People, law: LawBook, from_on: date) -> Iterator[Rung]:
    """The reminders, from that day on, of every dated obligation: one set for each unit that owes it."""
    book = campaign_book(plan.id)
    for owed in obligations_of(plan, law.calendar):
        if owed.due_on is None:
            continue
        for unit in owing_units(plan, owed, people):
            yield from rungs_around(law.ladders.of_obligations, book, owed.id, unit, owed.due_on, law.calendar, from_on)


def owing_units(plan: CampaignPlan, owed: Obligation, people: People) -> tuple[str, ...]:
    """The units that owe it, by id; `each_unit` is the plan's unit and every unit below it."""
    if owed.owed_by != (EACH_UNIT,):
        return owed.owed_by
    return tuple(sorted(unit for unit in people.units if plan.unit in people.above(unit)))


def keep_version(
    office: Office, work: Work, actor: Person, plan: CampaignPlan, version: Version, head: Head | None = None
) -> None:
    """Put a version of a plan on record, in the campaign's book and the store's, and plan its reminders.

    `head` is the last entry of the store's book on which it was worked out: whoever changes anything there at the same
    time takes the next number, and one of the two gets CaseChangedMeanwhile.
    """
    now = office.clock.now()
    on = legal_day(now).isoformat()
    add_document(
        work,
        KIND,
        plan.id,
        plan.as_document(),
        effective_on=version.effective_on,
        author=actor.name,
        reason=version.reason or plan.document_no or plan.title.zh,
        at=now,
    )
    own = {"campaign": plan.id, "hash": plan.hash, "unit": plan.unit, **version.effects}
    own["rungs"] = [rung.key for rung in version.rungs]
    append(work, Said(campaign_book(plan.id), version.act, actor.name, on, now, reason=version.reason, effects=own))
    effects = {"act": version.act, "id": plan.id, "documents": [[KIND, plan.id, plan.hash]]}
    append(work, Said(STORE_BOOK, KIND, actor.name, on, now, reason=version.reason, effects=effects), head)
    agenda.plan(work, version.rungs)
    office.refresh(work)


def _require_units(people: People, plan: CampaignPlan) -> None:
    owing = {unit for rule in plan.obligations for unit in rule.owed_by if unit != EACH_UNIT}
    for unit in (plan.unit, *sorted(owing)):
        people.unit(unit)


def _by_what_is_shipped(plan: CampaignPlan, find: Finder) -> Iterator[Problem]:
    # Proving the shipped workflows takes longer than everything else: only where the plan refers to them.
    if plan.gates or plan.counters:
        natures = {limit.id: limit.nature for limit in shipped_time_limits().values()}
        yield from workflow_references(plan, find, shipped_definitions(natures).values())
