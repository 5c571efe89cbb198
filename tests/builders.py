"""Cases, attempts and whole offices for tests, so that a test reads as a sentence about the law."""

from __future__ import annotations

import functools
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from engine import casework
from engine.book_store import entries_of
from engine.campaign_checks import read_campaign
from engine.campaign_plan import shipped_campaign
from engine.case_store import load_case
from engine.case_view import Attempt, CaseView, Party, StepTaken
from engine.clock import SHANGHAI, StandingClock, end_of_day
from engine.deadlines import Deadline, new_deadline
from engine.documents import editions_of
from engine.errors import TransitionRefused
from engine.home import Home, store_of
from engine.law_book import LawBook
from engine.ledger import Entry, case_book
from engine.limit_checks import shipped_time_limits
from engine.moving import Move
from engine.office import Office
from engine.orders import OpenCase, TakeStep
from engine.people import Certificate, People, Person, Unit
from engine.store import Work, sqlite_store
from engine.tallies import TALLY
from engine.undoing import Undone, undo
from engine.working_days import shipped_working_days
from workflows import guards
from workflows.campaign_loading import load_campaign
from workflows.founding import Founding, found
from workflows.rule_edits import rule_of, rules_in_force
from workflows.rule_exporting import export_rule
from workflows.rule_files import known_in, read_rules
from workflows.rule_loading import load_rules
from workflows.shipped import shipped_parameters

CAMPAIGN = "suzhou-2018"
FOUNDED_AT = datetime(2007, 1, 1, 9, 0, tzinfo=SHANGHAI)
TWO = "handler1,handler2"
# In the rule `authority_kind`: every unit a copyright bureau, and Suzhou what market regulation is.
AS_MARKET_REGULATION = (
    "{default: copyright_bureau}",
    "{default: copyright_bureau, suzhou: market_regulation}",
)

guards.known()


def day(text: str) -> date:
    return date.fromisoformat(text)


# --- values for guards ------------------------------------------------------------------------------------------------


@functools.cache
def law() -> LawBook:
    """The shipped law."""
    return LawBook(shipped_time_limits().values(), shipped_parameters().values(), shipped_working_days())


def person(name: str, *roles: str, certified: tuple[str, str] | None = None, unit: str = "suzhou") -> Person:
    certificates = (Certificate(f"no-{name}", day(certified[0]), day(certified[1])),) if certified else ()
    return Person(name, name, unit, frozenset((unit, role) for role in roles), certificates)


ALWAYS = ("2000-01-01", "2099-12-31")
PEOPLE = People(
    [Unit("jiangsu", "江苏", "province", None), Unit("suzhou", "苏州", "city", "jiangsu")],
    [
        person("handler1", "handler", certified=ALWAYS),
        person("handler2", "handler", certified=ALWAYS),
        person("handler_expired", "handler", certified=("2000-01-01", "2018-06-30")),
        person("lead", "lead"),
        person("head", "head"),
        person("reviewer", "reviewer"),
        person("hearing_officer", "hearing_officer"),
        person("finance", "finance"),
        person("supervisor", "supervisor"),
    ],
)


def taken(
    step: str, on: str, by: str = "handler1", *, source: str = "", at: str | None = None, **said: Any
) -> StepTaken:
    """A step on the trail; `a_case` numbers it."""
    return StepTaken(0, step, source, "", by, "", day(on), said, at)


def running(rule: str, start: str, *, id: str | None = None, law_on: str | None = None, **changes: Any) -> Deadline:
    """A deadline under the version in force on `law_on` (default: the day it starts)."""
    version = law().limit_on(rule, day(law_on or start))
    assert version is not None, f"the law of {law_on or start} knows no {rule}"
    made = new_deadline(law().limits[rule], version, id or rule, "", law().calendar, started_on=day(start))
    return replace(made, **changes)


def a_case(
    state: str,
    *trail: StepTaken,
    deadlines: tuple[Deadline, ...] = (),
    facts: Mapping[str, Any] | None = None,
    opened_on: str = "2018-09-03",
    **changes: Any,
) -> CaseView:
    """A case in that state whose steps were taken in that order."""
    numbered = tuple(replace(t, seq=seq) for seq, t in enumerate(trail, start=1))
    last_on = numbered[-1].on if numbered else day(opened_on)
    case = CaseView(
        case_no="suzhou-2018-0001",
        workflow="case",
        definition="",
        state=state,
        ended=False,
        version=len(numbered) + 1,
        unit="suzhou",
        title="某网站转载案",
        holders=("handler1", "handler2"),
        facts=facts or {},
        trail=numbered,
        deadlines={d.id: d for d in deadlines},
        parties=(Party(1, "respondent", "unit", "某公司"),),
        campaigns=(),
        passes=(),
        children=(),
        parent=None,
        opened_on=day(opened_on),
        last_on=last_on,
        last_at=None,
        recorded_at="",
        head_seq=len(numbered),
        head_hash="",
    )
    return replace(case, **changes)


def an_attempt(step: str, on: str, by: str = "head", *, today: str | None = None, **said: Any) -> Attempt:
    """Somebody tries a step on a day."""
    return Attempt(
        step=step,
        actor=PEOPLE.person(by),
        role="",
        on=day(on),
        at=None,
        today=day(today or on),
        answers=said,
        law=law(),
        people=PEOPLE,
    )


# --- a whole office ---------------------------------------------------------------------------------------------------

PLAIN = ("reason", "expect", "outside_campaign", "party", "signed_by", "paper")
ON = "<on>"
MINUTE = "<minute>"
# Who usually takes a step and what is usually answered; a test says only what it is about.
WALK: dict[str, tuple[str, dict[str, str]]] = {
    "receive_materials": ("handler1", {"materials_complete_on": ON}),
    "accept": ("lead", {}),
    "refuse": ("lead", {"ground": "no_jurisdiction"}),
    "verify": ("lead", {"officers": TWO}),
    "decline_filing": ("head", {"ground": "未发现违法"}),
    "interview": ("lead", {"officers": TWO, "met_on": ON, "minutes": "已约谈"}),
    "order_rectification": ("lead", {"items": "删除侵权内容", "rectify_by": ON}),
    "recheck": ("handler1", {"officers": TWO, "result": "done", "links_removed": "3"}),
    "close_rectified": ("lead", {}),
    "file": ("head", {"public_interest": "yes"}),
    "investigate": ("lead", {"officers": TWO}),
    "add_party": ("handler1", {"party_name": "另一公司", "party_kind": "unit"}),
    "conclude": ("handler1", {"officers": TWO, "turnover_fen": "4000000", "proposal": "给予行政处罚"}),
    "review": ("reviewer", {"opinion": "pass"}),
    "discuss": ("head", {"members": "三位负责人", "minutes": "一致同意", "discussed_on": ON}),
    "approve_notice": ("head", {"proposed_fine_fen": "5000000"}),
    "notify": ("handler1", {"officers": TWO, "served_on": ON, "served_how": "person", "proof": "送达回证"}),
    "state_defence": ("handler1", {"received_on": ON}),
    "answer_defence": ("handler1", {"officers": TWO, "accepted": "no", "reasons": "不成立"}),
    "request_hearing": ("handler1", {"requested_on": ON}),
    "call_hearing": ("hearing_officer", {"hearing_on": ON, "notice_served_on": ON}),
    "hold_hearing": ("hearing_officer", {"held_on": ON}),
    "end_hearing": ("hearing_officer", {"ground": "withdrawn"}),
    "waive_rights": ("handler1", {"waived": "both", "signed_on": ON}),
    "decide": ("head", {"fine_fen": "5000000", "measures": "stop,fine"}),
    "decide_no_penalty": ("head", {"ground": "minor_corrected"}),
    "serve": ("handler1", {"officers": TWO, "served_on": ON, "served_how": "person", "proof": "送达回证"}),
    "publish": ("campaign_office", {"published_on": ON, "where": "https://bureau.example/1"}),
    "pay": ("finance", {"paid_on": ON, "paid_fen": "5000000", "for": "fine", "voucher": "1"}),
    "suspend_late_fee": ("finance", {"ground": "reconsideration", "suspended_on": ON}),
    "resume_late_fee": ("finance", {"resumed_on": ON}),
    "allow_instalments": ("head", {"ground": "经济困难", "instalments": "+30d=20000.00,+60d=30000.00"}),
    "notify_again": (
        "handler1",
        {"ground": "地址有误", "officers": TWO, "served_on": ON, "served_how": "person", "proof": "送达回证"},
    ),
    "serve_again": (
        "handler1",
        {"ground": "地址有误", "officers": TWO, "served_on": ON, "served_how": "person", "proof": "送达回证"},
    ),
    "confirm_address": ("handler1", {"address": "某街1号", "electronic": "yes", "signed_on": ON}),
    "defer_payment": ("head", {"ground": "经济困难", "pay_by": "+60d"}),
    "collect_on_spot": (
        "handler1",
        {"officers": TWO, "collected_on": ON, "collected_fen": "10000", "receipt": "苏票0001"},
    ),
    "receive_spot_fine": ("finance", {"handed_on": ON}),
    "dispose_goods": (
        "handler1",
        {"officers": TWO, "disposed_on": ON, "disposed_how": "destroyed", "pieces": "10", "record": "销毁记录"},
    ),
    "demand": ("head", {"officers": TWO, "served_on": ON, "proof": "送达回证"}),
    "apply_enforcement": ("head", {"applied_on": ON, "court": "苏州市某区人民法院"}),
    "record_court_answer": ("handler1", {"court_answer": "accepted", "answered_on": ON, "document": "（2026）行审1号"}),
    "ask_upper_court": ("head", {"asked_on": ON}),
    "end_enforcement": ("handler1", {"ended_how": "ended", "ended_on": ON, "document": "（2026）执1号"}),
    "complete": ("handler1", {}),
    "propose_referral": ("handler1", {"officers": TWO, "amount_fen": "9000000", "offence": "侵犯著作权罪"}),
    "approve_referral": ("head", {"approved_at": MINUTE}),
    "refuse_referral": ("head", {"ground": "amount_not_proved"}),
    "hand_over": ("handler1", {"officers": TWO, "handed_at": MINUTE, "receipt": "回执"}),
    "police_file": ("police", {"notice_on": ON}),
    "hand_over_goods": ("handler1", {"officers": TWO, "handed_on": ON, "list": "无"}),
    "police_refuse": ("police", {"notice_on": ON}),
    "return_to_penalty": ("head", {}),
    "police_ask_papers": ("police", {"asked_on": ON, "missing": "鉴定意见"}),
    "supplement_papers": ("handler1", {"supplied_on": ON, "supplied": "鉴定意见"}),
    "police_pass_on": ("police", {"passed_on": ON, "to_body": "某区公安分局"}),
    "ask_reconsideration": ("head", {"asked_on": ON, "ground": "证据充分"}),
    "police_reconsidered": ("police", {"result": "upheld", "decided_on": ON}),
    "ask_supervision": ("head", {"asked_on": ON, "ground": "应当立案"}),
    "procurator_asks_police": ("procurator", {"asked_on": ON}),
    "procurator_answer": ("procurator", {"answer": "must_file", "answered_on": ON}),
    "record_outcome": ("handler1", {"outcome": "sentenced", "outcome_on": ON, "document": "（2026）刑初1号"}),
    "receive_opinion": ("handler1", {"opinion_on": ON, "opinion": "建议给予行政处罚"}),
    "answer_procuratorate": ("handler1", {"answered_on": ON, "what_was_done": "已处罚"}),
    "take_back_after_outcome": ("head", {"ground": "不起诉后移送"}),
    "close": ("head", {"result": "penalty_executed"}),
    "archive": ("archivist", {}),
    "request_materials": ("handler1", {"missing": "权属证明", "notified_on": ON}),
    "hand_down": ("lead", {"to_unit": "某区文化执法大队", "feedback_by": ON}),
    "take_back": ("lead", {"ground": "另行办理"}),
    "record_feedback": ("lead", {"fed_back_on": ON, "feedback": "已依法处理"}),
    "transfer_out": ("head", {"to_body": "某市版权局", "reason": "属其管辖", "papers": "案卷一册"}),
    "transfer_back": ("head", {"returned_on": ON, "reason": "协商由本机关管辖"}),
    "tell_complainant": ("handler1", {"told_on": ON, "told_how": "书面"}),
    "act_at_once": ("handler1", {"officers": TWO, "inspected_on": ON, "measures_taken": "现场制止"}),
    "inspect": (
        "handler1",
        {"officers": TWO, "inspected_on": ON, "place": "某机房", "minutes": "笔录", "signed": "signed"},
    ),
    "inquire": (
        "handler1",
        {"officers": TWO, "asked_on": ON, "asked_whom": "某甲", "minutes": "笔录", "signed": "signed"},
    ),
    "extend_rectification": ("lead", {"asked_on": ON, "rectify_by": "2099-12-31", "ground": "内容较多"}),
    "suspend": ("head", {"ground": "court", "waits_for": "民事判决"}),
    "resume": ("lead", {"ground": "判决已生效"}),
    "terminate": ("head", {"ground": "dissolved"}),
    "ask_withdrawal": (
        "handler1",
        {"concerned": "handler_expired", "asked_by": "party", "asked_on": ON, "ground": "近亲属"},
    ),
    "withdraw_officer": ("head", {"concerned": "handler_expired", "ground": "与当事人有利害关系"}),
    "refuse_withdrawal": ("head", {"concerned": "handler_expired", "ground": "没有利害关系"}),
    "merge": ("head", {"into": "suzhou-2018-9999", "reason": "同一违法行为"}),
    "split": ("head", {"what": "另一平台的行为", "new_case": "suzhou-2018-9999"}),
    "educate": ("handler1", {"educated_on": ON, "education": "当面教育"}),
    "decide_on_spot": (
        "handler1",
        {
            "officers": TWO,
            "public_interest": "yes",
            "rights_told": "yes",
            "fine_fen": "100000",
            "measures": "fine",
            "proof": "当场签收",
        },
    ),
    "set_aside": (
        "head",
        {"set_aside_by": "reconsideration", "decided_on": ON, "reasons": "事实不清", "redo": "no"},
    ),
    "redo": ("head", {}),
    "withdraw_publication": ("handler1", {"withdrawn_on": ON, "where": "https://bureau.example/1"}),
    "reopen": ("head", {"ground": "发现新的事实"}),
}


def said_on(step: str, on: date, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The usual answers of a step on that day, with what the test changes; `None` leaves an answer out."""
    usual = {**WALK[step][1], **changes}
    words = {ON: on.isoformat(), MINUTE: f"{on}T10:00"}
    return {name: words.get(value, value) for name, value in usual.items() if value is not None}


@dataclass
class Scene:
    """A practice office with the campaign of Suzhou loaded, and a clock that the test moves."""

    office: Office
    clock: StandingClock

    def it_is(self, on: str) -> None:
        """Move the clock to the end of that day."""
        self.clock.move_to(end_of_day(day(on)))

    def open(
        self, on: str = "2018-09-03", *, by: str = "handler1", campaign: str | None = CAMPAIGN, **given: Any
    ) -> str:
        """A case opened on that day; the number it got."""
        self._reach(on)
        order = self.opening(on, by=by, campaign=campaign, **given)
        with self.office.store.writing() as work:
            return casework.open_case(self.office, work, order).after.case_no

    def opening(self, on: str, *, by: str = "handler1", campaign: str | None = CAMPAIGN, **given: Any) -> OpenCase:
        plain = {k: given.pop(k) for k in ("unit", "reason", "outside_campaign") if k in given}
        category = given.pop("category", "short_video" if campaign else None)
        said = {
            "source": "patrol",
            "title": "某网站转载案",
            "respondent": "某公司",
            "respondent_kind": "unit",
            **given,
        }
        return OpenCase("case", by, said, campaign=campaign, category=category, on=day(on), **plain)

    def take(self, case_no: str, step: str, on: str, *, by: str | None = None, **changes: Any) -> Move:
        """Take a step as it is usually taken, but for `changes`."""
        self._reach(on)
        with self.office.store.writing() as work:
            return casework.take_step(self.office, work, self.order(case_no, step, on, by=by, **changes))

    def walk(self, case_no: str, steps: str, on: str) -> None:
        """Take those steps, named in one text, one after another on the same day."""
        for step in steps.split():
            self.take(case_no, step, on)

    def order(self, case_no: str, step: str, on: str, *, by: str | None = None, **changes: Any) -> TakeStep:
        plain = {k: changes.pop(k) for k in PLAIN if k in changes}
        at = datetime.fromisoformat(on).replace(tzinfo=SHANGHAI) if "T" in on else None
        on_day = day(on[:10])
        given = said_on(step, on_day, changes)
        return TakeStep(case_no, step, by or WALK[step][0], given, on=on_day, at=at, **plain)

    def refusals(self, case_no: str, step: str, on: str, *, by: str | None = None, **changes: Any) -> list[str]:
        """The codes of every reason against taking the step; empty when it could be taken. Nothing is done."""
        self._reach(on)
        with self.office.store.reading() as work:
            asked = casework.explain(self.office, work, self.order(case_no, step, on, by=by, **changes))
        return [r.code for r in asked.verdict.refusals]

    def undo(self, case_no: str, *, by: str, reason: str = "填错") -> Undone:
        with self.office.store.writing() as work:
            return undo(self.office, work, case_no, by, reason)

    def undo_refusals(self, case_no: str, *, by: str, reason: str = "填错") -> list[str]:
        try:
            with self.office.store.writing(keep=False) as work:
                undo(self.office, work, case_no, by, reason)
        except TransitionRefused as refused:
            return [r.code for r in refused.refusals]
        return []

    def edit_rule(self, rule: str, old: str, new: str, *, by: str = "head") -> None:
        """Load the rule anew with one text replaced, as an office does that knows better."""
        document = rule_of(rules_in_force(self.office), rule)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "rule.yaml"
            with self.office.store.reading() as work:
                export_rule(document, editions_of(work, document.kind, document.id), file)
            text = file.read_text(encoding="utf-8")
            assert old in text
            file.write_text(text.replace(old, new), encoding="utf-8")
            read = read_rules(file, known_in(self.office))
        with self.office.store.writing() as work:
            load_rules(self.office, work, self.office.people.person(by), [read], "本机关的规定", lambda _: None)

    def as_market_regulation(self) -> None:
        """Suzhou becomes what market regulation is, which knows grounds for the ninety days; once per scene."""
        self.edit_rule("authority_kind", *AS_MARKET_REGULATION)

    def case(self, case_no: str) -> CaseView:
        with self.office.store.reading() as work:
            return load_case(work, case_no).case

    def due(self, case_no: str, deadline: str) -> str:
        return self.case(case_no).deadlines[deadline].due_on.isoformat()

    def standing(self, case_no: str, deadline: str) -> str:
        return self.case(case_no).deadlines[deadline].standing(self.clock.now())

    def entries(self, case_no: str) -> tuple[Entry, ...]:
        with self.office.store.reading() as work:
            return entries_of(work, case_book(case_no))

    def _reach(self, on: str) -> None:
        at = end_of_day(day(on[:10]))
        if self.clock.now() < at:
            self.clock.move_to(at)


def scene_in(home: Home) -> Scene:
    """A practice office on a founded database, or in an empty home in which a founded file is put."""
    clock = StandingClock(FOUNDED_AT)
    if home.database is None:
        home.folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(founded_file(), home.database_file)
        store = sqlite_store(home.database_file, synchronous="OFF")
    else:
        store = store_of(home)
    office = Office(store, clock, practice=True)
    with store.reading() as work:
        office.refresh(work)
    return Scene(office, clock)


@functools.cache
def founded_file() -> Path:
    """A founded store in one file, made once per process: copying it is quicker than founding another."""
    home = Home(Path(tempfile.mkdtemp(prefix="anjuan-template-")) / "home", None)
    found_for_practice(home)
    return home.database_file


def found_for_practice(home: Home) -> None:
    """Found a practice store and load the campaign of Suzhou."""
    clock = StandingClock(FOUNDED_AT)
    found(home, Founding(practice=True, account="tester", clock=clock))
    office = Office(store_of(home), clock, practice=True)
    with office.store.writing() as work:
        office.refresh(work)
        plan, _ = read_campaign(shipped_campaign(CAMPAIGN))
        load_campaign(office, work, office.people.person("campaign_office"), plan)
    office.store.close()


def all_tallies(work: Work) -> dict[tuple[str, int], list[dict[str, Any]]]:
    """Every tally as shown, by the entry that caused it."""
    shown = (TALLY.c.campaign, TALLY.c.measure, TALLY.c.category, TALLY.c.n, TALLY.c.unit, TALLY.c.period)
    rows = work.connection.execute(
        sa.select(TALLY.c.book, TALLY.c.seq, *shown).order_by(TALLY.c.book, TALLY.c.seq, *shown)
    )
    found: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for book, seq, *values in rows:
        names = ("campaign", "column", "row", "n", "unit", "period")
        found.setdefault((book, seq), []).append(dict(zip(names, values, strict=True)))
    return found
