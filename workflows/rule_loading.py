"""Brings edited rules into force, whole: the documents, every open deadline set right, the entries that say so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from engine import agenda
from engine.answers import require_text
from engine.book_store import append, head_of
from engine.clock import legal_day
from engine.documents import BASED_ON, add_document
from engine.errors import CaseChangedMeanwhile, Forbidden, InputWrong, Remedy
from engine.law_book import LawBook
from engine.ledger import STORE_BOOK, Head, Said
from engine.obligations import obligations_of
from engine.office import Office
from engine.people import ADMINISTRATOR, Person
from engine.rule_changes import EVERYTHING, KIND, Advance, Orphan, Reach, Setting, Shift, Turn, set_right, turns, unseen
from engine.store import Work
from workflows.campaign_loading import obligation_rungs
from workflows.certificate_reminders import plan_certificates
from workflows.rule_edits import CONFIRMATION, Edit, edit_of, edits_of, rule_of, rules_in_force, versions_in
from workflows.rule_files import HOLIDAYS, LADDER, LIMIT, UNDATED, RuleFile

JUDGES_OF_LAW = ("reviewer", "head")
MAY_LOAD = (*JUDGES_OF_LAW, ADMINISTRATOR)
# Steps that were under way while rules changed are set right after them; each sweep leaves less to the next.
MOST_SWEEPS = 5


@dataclass(frozen=True)
class SafeDay:
    """An obligation of a campaign whose last working day is another one now."""

    campaign: str
    id: str
    zh: str
    en: str
    due_on: date
    before_on: date
    after_on: date


@dataclass
class Account:
    """What a change of rules did, or would do. Deadlines of which only the terms changed are counted in `changed`."""

    edits: tuple[Edit, ...] = ()
    moved: list[Shift] = field(default_factory=list)
    firm: list[Shift] = field(default_factory=list)  # no longer provisional, on the same day
    orphans: list[Orphan] = field(default_factory=list)
    safe_days: tuple[SafeDay, ...] = ()
    changed: int = 0
    touched: int = 0  # cases that got an entry

    @property
    def cases(self) -> int:
        """How many cases have a date that moved."""
        return len({shift.case_no for shift in self.moved})

    def take_all(self, turns_: Iterable[Turn]) -> None:
        """Add what was found, case by case."""
        for turn in turns_:
            shifts = turn.shifts
            self.moved += (shift for shift in shifts if shift.moved)
            self.firm += (shift for shift in shifts if shift.became_firm and not shift.moved)
            self.orphans += turn.orphans
            self.changed += len(shifts)
            self.touched += bool(shifts)

    def add(self, later: Account) -> None:
        """Add what another change, made after this one, has done."""
        self.moved += later.moved
        self.firm += later.firm
        self.changed += later.changed
        self.touched += later.touched


def require_may_load(office: Office, actor: Person, roles: Sequence[str] = MAY_LOAD) -> None:
    """Rules are edited by a reviewer or head of any unit, or the administrator. Raises Forbidden."""
    today = legal_day(office.clock.now())
    if set(roles) & set(actor.role_names(today)):
        return
    names = sorted(p.name for p in office.people.persons.values() if set(roles) & set(p.role_names(today)))
    raise Forbidden(
        "command.forbidden",
        f"{actor.zh}不能修改规则，须由法制审核人员或者机关负责人办理",
        f"{actor.name} may not change rules; a legal reviewer or a bureau head may",
        Remedy(f"请以下人员办理：{'、'.join(names)}", f"ask one of: {', '.join(names)}"),
    )


def foresee(office: Office, work: Work, actor: Person, files: Sequence[RuleFile], advance: Advance = unseen) -> Account:
    """What loading these files would do; nothing is done. Raises as `load_rules` does."""
    require_may_load(office, actor)
    edits = edits_of(office, work, files)
    law = office.law_with(edit.document for edit in edits)
    account = Account(edits, safe_days=tuple(_safe_days(office, law)))
    account.take_all(turns(work, law, office.law, reach_of(edits), legal_day(office.clock.now()), advance))
    return account


def foresee_apply(office: Office, work: Work, actor: Person, advance: Advance) -> Account:
    """What `apply_rules` would do; nothing is done. Raises Forbidden."""
    require_may_load(office, actor)
    account, today = Account(), legal_day(office.clock.now())
    account.take_all(turns(work, office.law, office.law, EVERYTHING, today, advance))
    return account


def load_rules(
    office: Office, work: Work, actor: Person, files: Sequence[RuleFile], reason: str, advance: Advance
) -> Account:
    """Load them, all or none. Files that say what is in force already change nothing.

    Raises Forbidden, InputWrong, FileWrong, RuleChanged when another edit came between, CaseChangedMeanwhile,
    TransitionRefused when the clock stands before the last entry of a case.
    """
    require_reason(reason)
    require_may_load(office, actor)
    order = _Order(actor, reason, "load", _fresh(office, work), advance)
    return _bring_into_force(office, work, order, edits_of(office, work, files))


def confirm_rule(
    office: Office, work: Work, actor: Person, id_: str, begins: str | None, reason: str, advance: Advance
) -> Account:
    """Put on record that the version in force today (or the one that begins on that day, `~` for the first) was held
    against the law. No date moves; confirmed already, nothing changes.

    Raises Forbidden, InputWrong, NotFound, CaseChangedMeanwhile, TransitionRefused as `load_rules` does.
    """
    require_reason(reason)
    require_may_load(office, actor, JUDGES_OF_LAW)
    order = _Order(actor, reason, "confirm", _fresh(office, work), advance)
    current = rule_of(rules_in_force(office), id_)
    today = legal_day(office.clock.now())
    versions = [dict(version) for _, version in versions_in(current.kind, current.content)]
    number = _confirmable(current.kind, id_, versions, begins, today)
    if versions[number].get(CONFIRMATION[0]):
        return Account()
    said = {CONFIRMATION[0]: actor.name, CONFIRMATION[1]: today.isoformat()}
    versions[number] |= said
    changes = said if current.kind in UNDATED else {"versions": versions}
    content = {**current.content, **changes, BASED_ON: current.hash}
    return _bring_into_force(office, work, order, (edit_of(current.kind, id_, content, current),))


def apply_rules(
    office: Office, work: Work, actor: Person, reason: str, advance: Advance = unseen, reach: Reach = EVERYTHING
) -> Account:
    """Set right whatever stands otherwise than the rules in force say. Raises as `load_rules` does."""
    require_reason(reason)
    require_may_load(office, actor)
    head = _fresh(office, work)
    account = Account()
    account.take_all(set_right(office, work, Setting(office.law, reach, actor.name, reason), advance))
    if account.touched:
        said = _said(office, actor, reason, {"act": "apply", **_numbers(account)})
        append(work, said, head)
        office.refresh(work)
    return account


def sweep(office: Office, actor: Person, reason: str, edits: Sequence[Edit]) -> Account:
    """After a load: steps that were under way meanwhile, under the rules of before, are set right too."""
    total, reach = Account(), reach_of(edits)
    for _ in range(MOST_SWEEPS):
        try:
            with office.store.reading() as work:
                office.refresh(work)
                found = turns(work, office.law, office.law, reach, legal_day(office.clock.now()))
                if not any(turn.changed for turn in found):
                    break
            with office.store.writing() as work:
                account = apply_rules(office, work, actor, reason, reach=reach)
        except CaseChangedMeanwhile:
            continue
        total.add(account)
    return total


def reach_of(edits: Iterable[Edit]) -> Reach:
    """Which open deadlines these edits can touch; a parameter touches none, a ladder the reminders of any."""
    edited = tuple(edits)
    if any(edit.kind == LADDER for edit in edited):
        return EVERYTHING
    return Reach(
        frozenset(edit.id for edit in edited if edit.kind == LIMIT),
        frozenset(int(edit.id) for edit in edited if edit.kind == HOLIDAYS),
    )


def require_reason(reason: str) -> None:
    """Raises InputWrong without one, and for a text that no record can hold."""
    require_text(reason)
    if not reason.strip():
        raise InputWrong("reason.missing", "修改规则须用--reason说明依据", "changing rules needs a --reason")


@dataclass(frozen=True)
class _Order:
    """Who brings what about, and after which entry of the store's book."""

    actor: Person
    reason: str
    act: str
    head: Head
    advance: Advance


def _fresh(office: Office, work: Work) -> Head:
    """The last entry of the store's book, with the office's knowledge as of it.

    Read before anything is worked out: whoever changes rules at the same time takes the next number of that book, and
    one of the two begins again.
    """
    head = head_of(work, STORE_BOOK)
    office.refresh(work, head.hash)
    return head


def _bring_into_force(office: Office, work: Work, order: _Order, edits: tuple[Edit, ...]) -> Account:
    if not edits:
        return Account()
    law, reach = office.law_with(edit.document for edit in edits), reach_of(edits)
    account = Account(edits, safe_days=tuple(_safe_days(office, law)))
    hashes = tuple(edit.document.hash for edit in edits)
    setting = Setting(law, reach, order.actor.name, order.reason, hashes)
    account.take_all(set_right(office, work, setting, order.advance))
    if reach.years or reach.everything:
        agenda.plan(work, _rungs_of_obligations(office, law))
        plan_certificates(work, office.people.persons.values(), law, legal_day(office.clock.now()))
    for edit in edits:
        _keep(office, work, order, edit)
    effects = {
        "act": order.act,
        "documents": [[edit.kind, edit.id, edit.document.hash] for edit in edits],
        "replaces": [[edit.kind, edit.id, edit.replaced] for edit in edits if edit.replaced],
        "notices": {edit.id: edit.notice for edit in edits if edit.notice},
        **_numbers(account),
    }
    append(work, _said(office, order.actor, order.reason, effects), order.head)
    office.refresh(work)
    return account


def _numbers(account: Account) -> dict[str, int]:
    return {
        "moved": len(account.moved),
        "firm": len(account.firm),
        "deadlines": account.changed,
        "cases": account.touched,
        "orphaned": len(account.orphans),
    }


def _keep(office: Office, work: Work, order: _Order, edit: Edit) -> None:
    now = office.clock.now()
    add_document(
        work,
        edit.kind,
        edit.id,
        edit.document.content,
        effective_on=legal_day(now),
        author=order.actor.name,
        reason=order.reason,
        at=now,
    )


def _said(office: Office, actor: Person, reason: str, effects: dict[str, object]) -> Said:
    now = office.clock.now()
    return Said(STORE_BOOK, KIND, actor.name, legal_day(now).isoformat(), now, reason=reason, effects=effects)


def _confirmable(kind: str, id_: str, versions: Sequence[dict[str, object]], begins: str | None, today: date) -> int:
    """The number of the version meant. Raises InputWrong where none begins on that day."""
    if kind in UNDATED:
        if begins is not None:
            zh, en = "该规则没有分时段的版本，不需要--from", "this rule has one version for all of time: no --from"
            raise InputWrong("rule.from", zh, en)
        return 0
    ranges = [(str(v.get("from") or "~"), str(v.get("to") or "~")) for v in versions]
    for number, (first, last) in enumerate(ranges):
        holds = (first == "~" or first <= today.isoformat()) and (last == "~" or today.isoformat() <= last)
        if (begins is None and holds) or begins == first:
            return number
    days = [first for first, _ in ranges]
    raise InputWrong(
        "rule.from",
        f"“{id_}”没有自{begins}起的版本，各版本自：{'、'.join(days)}",
        f"no version of {id_} begins on {begins}; they begin on: {', '.join(days)}",
    )


def _safe_days(office: Office, law: LawBook) -> Iterator[SafeDay]:
    """The obligations that have not passed and whose safe day another calendar moves."""
    today = legal_day(office.clock.now())
    for plan in office.campaigns().values():
        before = {owed.id: owed for owed in obligations_of(plan, office.law.calendar)}
        for owed in obligations_of(plan, law.calendar):
            was = before[owed.id].safe_on
            if owed.due_on is None or owed.safe_on is None or was is None or owed.due_on < today:
                continue
            if owed.safe_on != was:
                yield SafeDay(plan.id, owed.id, owed.zh, owed.en, owed.due_on, was, owed.safe_on)


def _rungs_of_obligations(office: Office, law: LawBook) -> Iterator[agenda.Rung]:
    today = legal_day(office.clock.now())
    for plan in office.campaigns().values():
        yield from obligation_rungs(plan, office.people, law, today)
