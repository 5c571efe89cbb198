"""Loads a campaign into the store: checks it against the office, keeps it, and plans the reminders of what it owes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from engine import agenda
from engine.agenda import Rung, rungs_around
from engine.book_store import append
from engine.campaign_checks import read_campaign
from engine.campaign_owed import EACH_UNIT
from engine.campaign_plan import CampaignPlan
from engine.clock import legal_day
from engine.data_files import read_yaml
from engine.definitions import OPEN, Definition
from engine.documents import add_document
from engine.errors import FileWrong, Forbidden, InputWrong, Problem, Remedy
from engine.law_book import LawBook
from engine.ledger import STORE_BOOK, Said, campaign_book
from engine.limit_checks import shipped_time_limits
from engine.obligations import Obligation, obligations_of
from engine.office import Office
from engine.parsed_file import Parsed
from engine.people import ADMINISTRATOR, People, Person
from engine.store import Work
from workflows.definition_files import shipped_definitions

MAY_LOAD = ("campaign_office", ADMINISTRATOR)
KIND = "campaign"


@dataclass(frozen=True)
class Loading:
    """What loading did: whether the campaign is new here, and the reminders planned."""

    new: bool
    rungs: tuple[Rung, ...] = ()


def read_checked(path: Path, office: Office | None) -> tuple[CampaignPlan, tuple[Problem, ...]]:
    """The plan in a file with the remarks on it, judged by the office's forms, holidays and workflows.

    Without an office those shipped count. Raises FileWrong with every error, NotFound, InputWrong.
    """
    if office is None:
        natures = {limit.id: limit.nature for limit in shipped_time_limits().values()}
        definitions: Mapping[str, Definition] = shipped_definitions(natures)
        plan, remarks = read_campaign(path)
    else:
        definitions = office.definitions()
        plan, remarks = read_campaign(path, office.law.calendar, {d.id for d in office.documents("form")})
    parsed = read_yaml(path)
    wrong = tuple(_gate_problems(plan, parsed, definitions.values()))
    if wrong:
        raise FileWrong(parsed.name, wrong)
    return plan, remarks


def load_campaign(office: Office, work: Work, actor: Person, plan: CampaignPlan) -> Loading:
    """Load a plan. The very same plan again changes nothing.

    Raises Forbidden, NotFound for a unit that is not there, InputWrong (`campaign.exists`) when another plan has
    its id.
    """
    _require_units(office.people, plan)
    _require_may_load(office.people, actor, plan, legal_day(office.clock.now()))
    existing = office.document(KIND, plan.id)
    if existing is not None:
        if existing.hash == plan.hash:
            return Loading(new=False)
        raise InputWrong(
            "campaign.exists",
            f"专项行动“{plan.id}”已载入，内容与此文件不同；载入后的调整以campaign extend办理",
            f"campaign {plan.id!r} is loaded already and differs from this file; a loaded campaign is changed by "
            "campaign extend, not by loading it again",
            Remedy("查看已载入的内容", "see what is loaded", f"anjuan campaign show {plan.id}"),
        )
    rungs = tuple(obligation_rungs(plan, office.people, office.law, legal_day(office.clock.now())))
    _keep(office, work, actor, plan, rungs)
    return Loading(new=True, rungs=rungs)


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


def _keep(office: Office, work: Work, actor: Person, plan: CampaignPlan, rungs: tuple[Rung, ...]) -> None:
    now = office.clock.now()
    on = legal_day(now).isoformat()
    add_document(
        work,
        KIND,
        plan.id,
        plan.as_document(),
        # In force from the day of the notice: a later version, dated later, then stands before this one.
        effective_on=plan.issued_on,
        author=actor.name,
        reason=plan.document_no or plan.title.zh,
        at=now,
    )
    append(
        work,
        Said(
            campaign_book(plan.id),
            "load",
            actor.name,
            on,
            now,
            effects={"campaign": plan.id, "hash": plan.hash, "unit": plan.unit, "rungs": [r.key for r in rungs]},
        ),
    )
    effects = {"act": "load", "id": plan.id, "documents": [[KIND, plan.id, plan.hash]]}
    append(work, Said(STORE_BOOK, KIND, actor.name, on, now, effects=effects))
    agenda.plan(work, rungs)
    office.refresh(work)


def _require_units(people: People, plan: CampaignPlan) -> None:
    owing = {unit for rule in plan.obligations for unit in rule.owed_by if unit != EACH_UNIT}
    for unit in (plan.unit, *sorted(owing)):
        people.unit(unit)


def _require_may_load(people: People, actor: Person, plan: CampaignPlan, today: date) -> None:
    if any(people.holds(actor, role, plan.unit, today, from_above=True) for role in MAY_LOAD):
        return
    names = [h.name for role in MAY_LOAD for h in people.holders(role, plan.unit, today, from_above=True)]
    raise Forbidden(
        "command.forbidden",
        f"{actor.zh}不能载入“{plan.unit}”的专项行动",
        f"{actor.name} may not load a campaign of {plan.unit!r}",
        Remedy(f"请以下人员办理：{'、'.join(names)}", f"ask one of: {', '.join(names)}"),
    )


def _gate_problems(plan: CampaignPlan, parsed: Parsed, definitions: Iterable[Definition]) -> Iterator[Problem]:
    """A gate on a step, an answer or a choice that no workflow has would never close: surely a slip of the pen."""
    kinds = tuple(definitions)
    for position, gate in enumerate(plan.gates):
        asked = [d.open.ask if gate.step == OPEN else d.steps[gate.step].ask for d in kinds if _has(d, gate.step)]
        if not asked:
            steps = sorted({step for d in kinds for step in d.steps})
            yield _unknown(parsed, ("gates", position, "step"), "步骤", "step", gate.step, steps)
            continue
        for answer, value in gate.when.items():
            answers = [ask[answer] for ask in asked if answer in ask]
            if not answers:
                known = sorted({name for ask in asked for name in ask})
                yield _unknown(parsed, ("gates", position, "when"), "填报项", "answer", answer, known)
            elif all(a.choices and value not in a.choices for a in answers):
                known = sorted({choice for a in answers for choice in a.choices})
                yield _unknown(parsed, ("gates", position, "when", answer), "选项", "choice", value, known)


def _has(definition: Definition, step: str) -> bool:
    return step == OPEN or step in definition.steps


def _unknown(parsed: Parsed, path: tuple[str | int, ...], zh: str, en: str, name: str, known: list[str]) -> Problem:
    import difflib

    near = difflib.get_close_matches(name, known, 1)
    hint_zh, hint_en = (f"，是否为“{near[0]}”", f"; did you mean {near[0]}?") if near else ("", "")
    return Problem(
        parsed.line_of(path),
        "name.unknown",
        f"流程中没有{zh}“{name}”{hint_zh}",
        f"no workflow has the {en} {name!r}{hint_en}",
    )
