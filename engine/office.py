"""What one process knows of a store: rules, people, campaigns, forms and workflows, read once and kept while they hold.

Every change of staff, rules or campaigns is an entry of the store's book, so the hash of its last entry tells whether
this knowledge is stale: a case is loaded together with that hash, and `refresh` reads again when it is another. (A
number would not do: after a transaction that was rolled back another entry may have the same number.)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import ValidationError

from engine.book_store import head_of
from engine.campaign_plan import CampaignPlan, plan_from
from engine.case_view import CaseView
from engine.clock import Clock, legal_day
from engine.definitions import OPEN, Definition, definition_from
from engine.documents import Document, Edition, all_editions, document_by_hash, in_turn, newest_of
from engine.errors import NotFound, Refusal, Remedy, TransitionRefused
from engine.ladders import Ladder, Ladders
from engine.law_book import LawBook, Parameter
from engine.ledger import STORE_BOOK
from engine.machine import Workflow
from engine.people import People
from engine.people_store import load_people
from engine.runnable import (
    MOST_NAMED,
    Lost,
    definition_lost,
    definition_unreadable,
    lost_in,
    lost_states,
    read_only,
)
from engine.settings import STORE_ID, setting
from engine.store import Store, Work
from engine.time_limits import TimeLimit
from engine.workflow_versions import begins_under
from engine.working_days import WorkingDays

# What somebody wanted to do to a case that can only be read, where it was no step.
CHANGE = ("change", "办理", "change the case")


class Office:
    """The knowledge of one process about one store, and the clock it goes by."""

    def __init__(self, store: Store, clock: Clock, *, practice: bool) -> None:
        self.store = store
        self.clock = clock
        self.practice = practice
        self._head = ""
        self._store_id: str | None = None
        self._documents: Mapping[tuple[str, str], Document] = {}
        self._versions: Mapping[str, Sequence[Edition]] = {}
        self._by_hash: dict[str, _Known] = {}
        self._plans: dict[str, CampaignPlan] = {}
        self.people = People((), ())
        self.law = LawBook((), (), WorkingDays.from_documents(()))

    def refresh(self, work: Work, store_head: str | None = None) -> None:
        """Read again what has changed. `store_head` is the hash of the store's last entry where it is known already."""
        head = head_of(work, STORE_BOOK).hash if store_head is None else store_head
        if head == self._head:
            return
        editions = all_editions(work)
        self._documents = newest_of(editions)
        self._versions = _workflows_among(editions)
        self.people = load_people(work)
        self.law = law_from(self._documents.values())
        self._plans = {}
        self._head = head

    def store_id(self, work: Work) -> str | None:
        """Which store this is: read once, for it never changes."""
        if self._store_id is None:
            self._store_id = setting(work, STORE_ID)
        return self._store_id

    def law_with(self, changed: Iterable[Document]) -> LawBook:
        """The law as it would be with these documents in force."""
        return law_from({**self._documents, **{(d.kind, d.id): d for d in changed}}.values())

    def documents(self, kind: str) -> list[Document]:
        """The documents of a kind in force, by id."""
        return [d for (k, _), d in sorted(self._documents.items()) if k == kind]

    def document(self, kind: str, id_: str) -> Document | None:
        return self._documents.get((kind, id_))

    def campaigns(self) -> dict[str, CampaignPlan]:
        """Every loaded campaign, by id."""
        return {d.id: self.plan(d.id) for d in self.documents("campaign")}

    def plan(self, campaign_id: str) -> CampaignPlan:
        """A loaded campaign. Raises NotFound."""
        found = self._plans.get(campaign_id)
        if found is None:
            document = self.document("campaign", campaign_id)
            if document is None:
                raise campaign_not_found(campaign_id)
            found = self._plans[campaign_id] = plan_from(document.content)
        return found

    def plans_of(self, campaign_ids: tuple[str, ...]) -> dict[str, CampaignPlan]:
        return {c: self.plan(c) for c in campaign_ids}

    def definitions(self) -> dict[str, Definition]:
        """The workflow definitions in force today, by id; one that this program cannot read is left out."""
        today = legal_day(self.clock.now())
        found = ((id_, begins_under(versions, today, today)) for id_, versions in self._versions.items())
        read = ((id_, self._known(edition.document).definition) for id_, edition in found if edition is not None)
        return {id_: definition for id_, definition in read if definition is not None}

    def workflow(self, workflow_id: str, on: date | None = None) -> Workflow:
        """The version under which a case opened on that day begins (default: today).

        Raises NotFound for a workflow that there is not, or not yet; TransitionRefused for one that cannot be run.
        """
        today = legal_day(self.clock.now())
        versions = self._versions.get(workflow_id, ())
        edition = begins_under(versions, on or today, today)
        if edition is None:
            raise _not_in_force(workflow_id, versions[0].effective_on) if versions else self.no_workflow(workflow_id)
        known = self._known(edition.document)
        if known.workflow is None:
            raise _unusable(workflow_id, known.lost)
        return known.workflow

    def workflow_of(self, work: Work, hash_: str) -> Workflow:
        """The very version with that hash. Raises CaseReadOnly where it cannot be run any more."""
        found = self._found(work, hash_)
        if found.workflow is None:
            raise read_only("", "", found.lost, CHANGE)
        return found.workflow

    def workflow_for(self, work: Work, case: CaseView, step: str = "") -> Workflow:
        """The version that the case follows, to change it; `step` is the one that somebody wants to take.

        Raises CaseReadOnly where that version cannot be run any more, or has no such state.
        """
        lost = self.lost_to(work, case)
        if lost:
            definition = self.definition_of(work, case.definition)
            named = definition.steps.get(step) if definition is not None else None
            act = (step, named.zh, named.en) if named is not None else CHANGE
            raise read_only(case.case_no, case.workflow, lost, act)
        return self.workflow_of(work, case.definition)

    def lost_to(self, work: Work, case: CaseView) -> tuple[Lost, ...]:
        """What the case needs and what is gone; nothing where it can be moved on."""
        # Of several parties each stands where its own steps led.
        led = (taken.dest for taken in case.trail) if len(case.parties) > 1 else ()
        return self.lost_under(work, case.definition, (case.state, *led))

    def lost_under(self, work: Work, hash_: str, states: Iterable[str]) -> tuple[Lost, ...]:
        """What a case in those states under that version needs and what is gone."""
        found = self._found(work, hash_)
        if found.definition is None:
            return found.lost
        return (*found.lost, *lost_states(found.definition, states))

    def definition_of(self, work: Work, hash_: str) -> Definition | None:
        """That very version for its words, whether or not it can be run; None where it is gone or cannot be read."""
        return self._found(work, hash_).definition

    def no_workflow(self, workflow_id: str) -> NotFound:
        known = sorted(self._versions)
        return NotFound(
            "workflow.unknown",
            f"没有流程“{workflow_id}”",
            f"there is no workflow {workflow_id!r}",
            Remedy(f"现有：{'、'.join(known)}", f"there are: {', '.join(known)}", "anjuan workflow list"),
        )

    def _found(self, work: Work, hash_: str) -> _Known:
        if hash_ in self._by_hash:
            return self._by_hash[hash_]
        document = document_by_hash(work, "workflow", hash_)
        return self._known(document) if document is not None else _Known(lost=(definition_lost(hash_),))

    def _known(self, document: Document) -> _Known:
        found = self._by_hash.get(document.hash)
        if found is None:
            found = self._by_hash[document.hash] = _read(document)
        return found


@dataclass(frozen=True)
class _Known:
    """A version as far as this program can read and run it."""

    definition: Definition | None = None
    workflow: Workflow | None = None
    lost: tuple[Lost, ...] = ()


def _read(document: Document) -> _Known:
    try:
        definition = definition_from(document.content)
    except ValidationError:
        return _Known(lost=(definition_unreadable(document.hash),))
    lost = lost_in(definition)
    return _Known(definition, None if lost else Workflow(definition, document.hash), lost)


def _workflows_among(editions: Iterable[Edition]) -> dict[str, Sequence[Edition]]:
    """The versions of every workflow, as each was made from the one before."""
    found: dict[str, list[Edition]] = defaultdict(list)
    for edition in editions:
        if edition.document.kind == "workflow":
            found[edition.document.id].append(edition)
    return {id_: in_turn(versions) for id_, versions in found.items()}


def law_from(documents: Iterable[Document]) -> LawBook:
    """The law that these documents make, each under the hash that the store knows it by."""
    by_kind: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        by_kind[document.kind].append(document)
    return LawBook(
        [TimeLimit.model_validate(d.content) for d in by_kind["time_limit"]],
        [Parameter.model_validate(d.content) for d in by_kind["parameter"]],
        WorkingDays.from_documents([d.content for d in by_kind["holidays"]]),
        {d.id: d.hash for d in by_kind["time_limit"]},
        Ladders(Ladder.model_validate(d.content) for d in by_kind["ladder"]) if by_kind["ladder"] else None,
    )


def _not_in_force(workflow_id: str, effective_on: date) -> NotFound:
    return NotFound(
        "workflow.not_yet",
        f"流程“{workflow_id}”自{effective_on}起施行",
        f"workflow {workflow_id!r} is in force from {effective_on} on",
        Remedy("查看各版本", "see its versions", f"anjuan workflow versions {workflow_id}"),
    )


def _unusable(workflow_id: str, lost: Sequence[Lost]) -> TransitionRefused:
    zh, en = "；".join(one.zh for one in lost[:MOST_NAMED]), "; ".join(one.en for one in lost[:MOST_NAMED])
    why = Refusal(
        "workflow.unusable",
        f"本程序不能运行流程“{workflow_id}”的现行版本：{zh}",
        f"this program cannot run the version of {workflow_id!r} in force: {en}",
        facts={"lost": [{"reason": one.reason, "name": one.name} for one in lost]},
        remedy=Remedy("检查案卷库", "check the store", "anjuan doctor"),
    )
    return TransitionRefused("", OPEN, (why,), (), "登记案件", "open a case")


def campaign_not_found(campaign_id: str) -> NotFound:
    return NotFound(
        "campaign.unknown",
        f"没有专项行动“{campaign_id}”",
        f"there is no campaign {campaign_id!r}",
        Remedy("查看已载入的专项行动", "list the loaded campaigns", "anjuan campaign list"),
    )
