"""Moves the open cases of a workflow to another version: rehearsed first, then for real, in batches, and back.

A rehearsal on record is what a move rests on: the same version and the same mapping. The real move judges every case
again by the same function, each batch in a transaction of its own; what is moved already is no candidate any more, so a
move that was killed is begun again by the same command.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import sqlalchemy as sa

from engine.book_store import ENTRY, append, head_of
from engine.canonical import content_hash
from engine.case_moving import MoveOrder, judged, move_case
from engine.case_store import CASE
from engine.clock import legal_day
from engine.errors import CaseChangedMeanwhile, InputWrong, NotFound, Refusal, Remedy, TransitionRefused
from engine.ledger import STORE_BOOK, Said
from engine.move_judging import MoveVerdict, NameMapping, Target
from engine.office import Office
from engine.people import Person
from engine.store import Statement, Work
from engine.workflow_versions import Version, history_of
from workflows.name_mappings import mapping_hash
from workflows.rule_loading import JUDGES_OF_LAW, require_may_load, require_reason

KIND = "workflow_move"
BATCH = 50
SHOWN_DIGITS = 12
Advance = Callable[[int], None]


@dataclass(frozen=True)
class MovePlan:
    """Which workflow goes to which version, by whose word."""

    workflow: str
    target: Target
    mapping: NameMapping
    actor: Person
    reason: str


@dataclass
class MoveAccount:
    """What became, or would become, of every candidate. `left` are cases that others worked on all the time."""

    verdicts: list[MoveVerdict] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        found = {"moves": 0, "needs_mapping": 0, "blocked": 0}
        for verdict in self.verdicts:
            found[verdict.outcome] += 1
        return found

    @property
    def needs(self) -> dict[tuple[str, str], list[str]]:
        """Every name that needs a mapping, with the cases that need it."""
        found: dict[tuple[str, str], list[str]] = {}
        for verdict in self.verdicts:
            for need in verdict.needs:
                found.setdefault((need.kind, need.name), []).append(verdict.case.case_no)
        return found

    def digest(self) -> str:
        """What the verdicts come to, for the record."""
        return content_hash({v.case.case_no: v.outcome for v in self.verdicts})


def target_version(office: Office, work: Work, workflow: str, named: str | None) -> tuple[Version, Target]:
    """The version in force, or the one of which the hash begins so. Raises NotFound, InputWrong."""
    office.refresh(work)
    history = history_of(work, workflow, legal_day(office.clock.now()))
    if not history.versions:
        raise office.no_workflow(workflow)
    in_force = [v for v in history.versions if v.standing == "in_force"]
    found = in_force if named is None else [v for v in history.versions if v.hash.startswith(named)]
    if len(found) != 1:
        known = "、".join(v.hash[:SHOWN_DIGITS] for v in history.versions)
        raise NotFound(
            "version.unknown",
            f"流程“{workflow}”没有（或者不止一个）版本“{named or ''}”，现有：{known}",
            f"workflow {workflow!r} has no single version {named or ''!r}; there are: {known.replace('、', ', ')}",
            Remedy("查看各版本", "see its versions", f"anjuan workflow versions {workflow}"),
        )
    (version,) = found
    if version.standing == "coming":
        raise InputWrong(
            "version.coming",
            f"该版本自{version.effective_on}起施行，此前不能移入",
            f"that version holds from {version.effective_on} on; no case is moved to it before",
        )
    return version, Target(office.workflow_of(work, version.hash).definition, version.hash)


def candidates(work: Work, workflow: str, target: str, after: str = "", limit: int = BATCH) -> list[str]:
    """The next open cases under another version, by number."""
    values = {"workflow_key": workflow, "target": target, "after": after, "most": limit}
    return [row[0] for row in work.all(_CANDIDATES, values)]


def count_candidates(work: Work, workflow: str, target: str) -> int:
    """How many open cases follow another version."""
    found: int = work.first(_COUNT, {"workflow_key": workflow, "target": target})[0]
    return found


def rehearse(office: Office, plan: MovePlan, advance: Advance) -> MoveAccount:
    """What would become of every open case; the rehearsal goes on record, the cases are left alone.

    Raises Forbidden, InputWrong.
    """
    require_reason(plan.reason)
    require_may_load(office, plan.actor)
    account = MoveAccount()
    for numbers in _pages(office, plan):
        with office.store.reading() as work:
            account.verdicts += [judged(office, work, no, plan.target, plan.mapping) for no in numbers]
        advance(len(numbers))
    with office.store.writing() as work:
        _enter(office, work, plan, "rehearse", account)
    return account


def move(office: Office, plan: MovePlan, advance: Advance) -> MoveAccount:
    """Move what can be moved. Raises Forbidden, InputWrong, TransitionRefused where nobody rehearsed the same."""
    require_reason(plan.reason)
    require_may_load(office, plan.actor, JUDGES_OF_LAW)
    with office.store.reading() as work:
        _require_rehearsed(work, plan)
    account = MoveAccount()
    order = MoveOrder(plan.target, plan.mapping, plan.actor.name, plan.reason)
    for numbers in _pages(office, plan):
        _move_batch(office, order, numbers, account)
        advance(len(numbers))
    with office.store.writing() as work:
        _enter(office, work, plan, "move", account)
    return account


def _move_batch(office: Office, order: MoveOrder, numbers: list[str], account: MoveAccount) -> None:
    """All of a batch at once; where somebody works on one of its cases, one by one."""
    try:
        with office.store.writing() as work:
            verdicts = [move_case(office, work, no, order) for no in numbers]
    except CaseChangedMeanwhile:
        if len(numbers) == 1:
            account.left.append(numbers[0])
            return
        for no in numbers:
            _move_batch(office, order, [no], account)
    else:
        account.verdicts += verdicts


def _pages(office: Office, plan: MovePlan) -> Iterator[list[str]]:
    """The numbers of the candidates, a batch at a time; one that stays where it is is met once."""
    last = ""
    while True:
        with office.store.reading() as work:
            numbers = candidates(work, plan.workflow, plan.target.hash, last)
        if not numbers:
            return
        yield numbers
        last = numbers[-1]


def _require_rehearsed(work: Work, plan: MovePlan) -> None:
    wanted = (plan.workflow, plan.target.hash, mapping_hash(plan.mapping))
    for row in work.all(_REHEARSALS, {}):
        effects: dict[str, Any] = json.loads(row[0])["effects"]
        if effects["act"] == "rehearse" and (effects["workflow"], effects["to"], effects["mapping"]) == wanted:
            return
    command = f"anjuan workflow move {plan.workflow} --to {plan.target.hash[:SHOWN_DIGITS]} --rehearse --reason …"
    why = Refusal(
        "move.not_rehearsed",
        "移到这一版本（连同这一对应表）尚未预演",
        "moving to this version, with this mapping, was not rehearsed",
        remedy=Remedy("先预演", "rehearse it first", command),
    )
    raise TransitionRefused("", "move", (why,), (), "移动案件", "move the cases")


def _enter(office: Office, work: Work, plan: MovePlan, act: Literal["rehearse", "move"], account: MoveAccount) -> None:
    now = office.clock.now()
    effects = {
        "act": act,
        "workflow": plan.workflow,
        "to": plan.target.hash,
        "mapping": mapping_hash(plan.mapping),
        "counts": account.counts,
        "verdicts": account.digest(),
    }
    on, actor = legal_day(now).isoformat(), plan.actor.name
    append(work, Said(STORE_BOOK, KIND, actor, on, now, reason=plan.reason, effects=effects), head_of(work, STORE_BOOK))


_CANDIDATES = Statement(
    lambda _: (
        sa.select(CASE.c.case_no)
        .where(
            CASE.c.workflow == sa.bindparam("workflow_key"),
            CASE.c.ended == sa.literal(0),
            CASE.c.definition != sa.bindparam("target"),
            CASE.c.case_no > sa.bindparam("after"),
        )
        .order_by(CASE.c.case_no)
        .limit(sa.bindparam("most"))
    )
)
_COUNT = Statement(
    lambda _: (
        sa.select(sa.func.count())
        .select_from(CASE)
        .where(
            CASE.c.workflow == sa.bindparam("workflow_key"),
            CASE.c.ended == sa.literal(0),
            CASE.c.definition != sa.bindparam("target"),
        )
    )
)
_REHEARSALS = Statement(
    lambda _: (
        sa.select(ENTRY.c.body)
        .where(ENTRY.c.book == sa.literal(STORE_BOOK), ENTRY.c.kind == sa.literal(KIND))
        .order_by(ENTRY.c.seq.desc())
    )
)
