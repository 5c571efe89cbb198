"""What one process knows of a store: rules, people, campaigns, forms and workflows, read once and kept while they hold.

Every change of staff, rules or campaigns is an entry of the store's book, so the hash of its last entry tells whether
this knowledge is stale: a case is loaded together with that hash, and `refresh` reads again when it is another. (A
number would not do: after a transaction that was rolled back another entry may have the same number.)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from engine.book_store import head_of
from engine.campaign_plan import CampaignPlan, plan_from
from engine.clock import Clock
from engine.definitions import Definition, definition_from
from engine.documents import Document, document_by_hash, documents_in_force
from engine.errors import NotFound, Remedy, StoreUnavailable
from engine.law_book import LawBook, Parameter
from engine.ledger import STORE_BOOK
from engine.machine import Workflow
from engine.people import People
from engine.people_store import load_people
from engine.store import Store, Work
from engine.time_limits import TimeLimit
from engine.working_days import WorkingDays


class Office:
    """The knowledge of one process about one store, and the clock it goes by."""

    def __init__(self, store: Store, clock: Clock, *, practice: bool) -> None:
        self.store = store
        self.clock = clock
        self.practice = practice
        self._head = ""
        self._documents: Mapping[tuple[str, str], Document] = {}
        self._workflows: dict[str, Workflow] = {}
        self._plans: dict[str, CampaignPlan] = {}
        self.people = People((), ())
        self.law = LawBook((), (), WorkingDays.from_documents(()))

    def refresh(self, work: Work, store_head: str | None = None) -> None:
        """Read again what has changed. `store_head` is the hash of the store's last entry where it is known already."""
        head = head_of(work, STORE_BOOK).hash if store_head is None else store_head
        if head == self._head:
            return
        self._documents = documents_in_force(work)
        self.people = load_people(work)
        self.law = law_from(self._documents.values())
        self._plans = {}
        self._head = head

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
        """The workflow definitions in force, by id."""
        return {d.id: self.workflow_by_hash(d.hash, d).definition for d in self.documents("workflow")}

    def workflow(self, workflow_id: str) -> Workflow:
        """The definition in force for new cases. Raises NotFound."""
        document = self.document("workflow", workflow_id)
        if document is None:
            known = [d.id for d in self.documents("workflow")]
            raise NotFound(
                "workflow.unknown",
                f"没有流程“{workflow_id}”",
                f"there is no workflow {workflow_id!r}",
                Remedy(f"现有：{'、'.join(known)}", f"there are: {', '.join(known)}", "anjuan workflow list"),
            )
        return self.workflow_by_hash(document.hash, document)

    def workflow_of(self, work: Work, hash_: str) -> Workflow:
        """The very version under which a case was opened. Raises StoreUnavailable when the store has lost it."""
        if hash_ in self._workflows:
            return self._workflows[hash_]
        document = document_by_hash(work, "workflow", hash_)
        if document is None:
            raise StoreUnavailable(
                "workflow.lost",
                f"数据库中找不到该案所依的流程版本（{hash_[:12]}）",
                f"the store has lost the workflow version {hash_[:12]} of this case",
                Remedy("检查数据库", "check the store", "anjuan doctor"),
            )
        return self.workflow_by_hash(hash_, document)

    def workflow_by_hash(self, hash_: str, document: Document) -> Workflow:
        found = self._workflows.get(hash_)
        if found is None:
            found = self._workflows[hash_] = Workflow(definition_from(document.content), hash_)
        return found


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
    )


def campaign_not_found(campaign_id: str) -> NotFound:
    return NotFound(
        "campaign.unknown",
        f"没有专项行动“{campaign_id}”",
        f"there is no campaign {campaign_id!r}",
        Remedy("查看已载入的专项行动", "list the loaded campaigns", "anjuan campaign list"),
    )
