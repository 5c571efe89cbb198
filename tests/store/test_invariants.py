"""The invariants of the field hold in every life of a case, each is shown by a refusal, and none would go unnoticed.

The numbers are those of case-lifecycle §5. Every property walks random lives and holds them against the law in words
(`laws.py`); every refusal is written by hand, on both databases; and for every property what protects it is switched
off, after which the same property must find a life in which it does not hold.

Of 5 the hold of registered evidence is there; seizure and storage wait for the side records of goods. Of 13 the
figures from outside the cases wait for `report count`, and sealed reports with their restatements for `report seal`.
Of 15 every child of a case keeps it open; the listing itself and the confirmation of its level wait for the flagship.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

import laws
import pytest
from builders import TWO, Scene, all_tallies, day
from hypothesis import Phase
from lives import BACK, PAPER, Broken, Law, Tour, add_newcomers, hold, names

import engine.capacities
import engine.casework
import engine.correcting
import engine.judging
import engine.moving
import engine.office
import engine.party_views
import engine.undoing
from engine import casework
from engine.campaign_gates import judge_gates
from engine.capacities import Taker, about_his_part
from engine.correct_judging import CorrectCase
from engine.correcting import correct
from engine.defects import defects_of
from engine.definitions import Definition
from engine.errors import TransitionRefused
from engine.guards import GUARDS
from engine.happening import Standing
from engine.orders import OpenCase, TakeStep
from engine.snapshot import snapshot
from engine.verifying import verify_store

pytest_plugins = ("scenes",)

TO_CONCLUDED = "verify file investigate conclude"
TO_NOTICE = f"{TO_CONCLUDED} review approve_notice"
TO_NOTIFIED = f"{TO_NOTICE} notify"
TO_SERVED = f"{TO_NOTIFIED} waive_rights decide serve"
# What leads nowhere in particular is left to the tour that goes everywhere.
ASIDE = dict.fromkeys(
    names(
        "ask_withdrawal withdraw_officer refuse_withdrawal split terminate merge transfer_out suspend "
        "tell_complainant withdraw_publication propose_referral"
    ),
    0,
)
AHEAD = {**ASIDE, "decide": 40, "discuss": 10, "notify": 25, "serve": 20, "pay": 15, "close": 10}
HEARING = {"request_hearing": 15, "call_hearing": 25, "hold_hearing": 25}
REFERRING = {**ASIDE, "propose_referral": 30, "approve_referral": 25, "hand_over": 25, "return_to_penalty": 15}

DECIDING = Tour(
    preludes=(
        TO_NOTIFIED,
        TO_NOTIFIED,
        TO_NOTICE,
        f"{TO_NOTIFIED} waive_rights",
        f"{TO_CONCLUDED} approve_notice notify",
    ),
    eager={**AHEAD, **HEARING, "state_defence": 12, "waive_rights": 10},
    likely={
        "approve_notice": ({}, {"proposed_fine_fen": "10000000"}),
        "waive_rights": ({}, {"waived": "statement"}, {"waived": "hearing"}),
    },
    turns=14,
)
WAIVING = replace(DECIDING, preludes=(f"{TO_NOTIFIED} waive_rights",), days=(0, 0, 1, 2, 4), turns=8)
OFFICERS = Tour(
    preludes=("", "verify", TO_CONCLUDED, TO_NOTICE),
    begins=("2018-06-28", "2018-08-31", "2025-02-10"),
    eager={**ASIDE, "inspect": 10, "inquire": 10, "interview": 10, "notify": 20},
    likely={
        "inspect": (
            {},
            {"officers": "handler1,handler_new", "inspected_on": BACK},
            {"officers": "handler1,handler_expired", "inspected_on": BACK},
        ),
        "inquire": ({}, {"officers": "handler2,handler_new", "asked_on": BACK}),
    },
    mischief=("", "answer", "back"),
    days=(0, 0, 1, 1, 2, 4),
    campaign=False,
    turns=14,
)
PARTIES = Tour(
    preludes=(f"verify add_party {TO_NOTICE.removeprefix('verify ')}", f"verify add_party {TO_CONCLUDED[7:]}"),
    parties=(2, 2, 3),
    eager={**AHEAD, "approve_notice": 10, "close": 20},
    turns=24,
)
FUNCTIONS = Tour(
    preludes=(TO_CONCLUDED, f"{TO_NOTIFIED} request_hearing", f"{TO_CONCLUDED} approve_notice notify"),
    eager={**AHEAD, **HEARING, "review": 15, "withdraw_officer": 6},
    likely={
        "approve_notice": ({}, {"proposed_fine_fen": "10000000"}),
        "investigate": ({"officers": "handler_head,handler_reviewer"}, {"officers": "handler1,handler_hearing"}),
    },
    mischief=("", "otherwise", "who", "who", "paper", "paper"),
    turns=18,
)
FILING = Tour(
    preludes=("", "verify", "verify order_rectification recheck", "verify file"),
    sources=("patrol", "complaint"),
    begins=("2018-08-20", "2025-02-10", "2025-02-10"),
    eager={**ASIDE, "file": 20, "transfer_out": 10, "transfer_back": 20, "recheck": 10, "accept": 10},
    acts=("step", "step", "step", "undo"),
)
REFERRALS = Tour(preludes=(TO_CONCLUDED, "verify", TO_NOTIFIED), eager={**REFERRING, "police_refuse": 15}, turns=16)
OWED = replace(
    DECIDING,
    preludes=(TO_CONCLUDED, TO_NOTIFIED),
    eager={**REFERRING, **AHEAD, "propose_referral": 5, "refuse_referral": 9},
    likely={"conclude": ({"turnover_fen": "6000000"}, {"gains_fen": "3000000"}, {"copies": "600"}, {})},
)
SERVICE = Tour(
    preludes=(TO_NOTICE, TO_NOTIFIED, f"{TO_NOTIFIED} waive_rights decide"),
    eager={**AHEAD, "approve_notice": 10, "notify_again": 10, "serve_again": 10},
    likely=dict.fromkeys(["notify", "serve"], ({}, {"served_on": BACK}, {"served_how": "public_notice"})),
    mischief=("", "otherwise", "otherwise", "answer", "back"),
    acts=("step",) * 6 + ("undo",),
)
LATE = Tour(
    preludes=(
        "",
        TO_NOTIFIED,
        f"{TO_NOTIFIED} request_hearing call_hearing",
        f"{TO_NOTIFIED} waive_rights decide",
    ),
    sources=("patrol", "complaint"),
    eager={**AHEAD, **HEARING, "request_hearing": 40, "state_defence": 15, "accept": 10},
    likely={"approve_notice": ({}, {"proposed_fine_fen": "10000000"}, {"proposed_fine_fen": "10000000"})},
    days=(0, 1, 3, 8, 16, 20, 20),
    turns=18,
)
AFTERWARDS = Tour(
    preludes=("verify order_rectification", "verify", "verify order_rectification recheck", ""),
    begins=("2018-10-20", "2018-10-30"),
    eager={**ASIDE, "recheck": 10, "close_rectified": 10, "order_rectification": 10},
    days=(0, 1, 8, 20),
)
RECORD = Tour(
    preludes=(TO_SERVED, TO_CONCLUDED, "verify", ""),
    sources=("patrol", "complaint"),
    parties=(1, 1, 2),
    mischief=("", "", "otherwise", "paper", "answer"),
    acts=("step",) * 7 + ("undo", "correct"),
)
FIGURES = Tour(
    preludes=(TO_SERVED, "verify order_rectification recheck", f"{TO_NOTIFIED} waive_rights", "verify file"),
    begins=("2018-08-20", "2018-10-20"),
    eager={**AHEAD, "recheck": 20, "order_rectification": 10, "set_aside": 10, "transfer_out": 5, "transfer_back": 15},
    acts=("step",) * 5 + ("undo", "correct", "correct"),
)
CHILDREN = Tour(
    preludes=("verify order_rectification recheck", f"{TO_CONCLUDED} decide_no_penalty serve", "verify decline_filing"),
    eager={**ASIDE, "close": 25, "close_rectified": 25, "dispose": 3, "release": 3},
    acts=("step", "step", "child"),
    days=(0, 0, 1, 2, 4, 8),
    campaign=False,
    turns=12,
)
REVIVED = Tour(
    preludes=("verify decline_filing close", "verify order_rectification recheck close_rectified", "verify"),
    eager={
        **REFERRING,
        "reopen": 30,
        "conclude": 20,
        "approve_notice": 20,
        "notify": 20,
        "decide": 30,
        "police_refuse": 9,
    },
    turns=20,
)
FINED = Tour(
    preludes=(TO_SERVED, f"{TO_NOTIFIED} waive_rights"),
    eager={**AHEAD, "set_aside": 20, "redo": 25, "approve_notice": 10, "reopen": 5, "conclude": 10},
    mischief=("", "", "otherwise"),
    turns=24,
)
EVERYWHERE = (
    Tour(
        preludes=("", "verify", "verify order_rectification", f"{TO_SERVED} pay", f"{TO_NOTIFIED} request_hearing"),
        eager={**ASIDE, "close": 10, "archive": 10, "reopen": 10, "recheck": 10, "end_hearing": 10},
        sources=("patrol", "complaint", "report"),
        parties=(1, 1, 2),
        likely={"approve_notice": ({}, {"proposed_fine_fen": "10000000"})},
        acts=("step",) * 9 + ("undo", "correct", "child"),
    ),
    Tour(
        preludes=("", "verify order_rectification recheck", f"{TO_CONCLUDED} review"),
        sources=("complaint", "patrol"),
        eager={**ASIDE, "refuse": 5, "close_rectified": 10, "decide_no_penalty": 10, "complete": 10},
        mischief=("", "otherwise"),
        turns=10,
    ),
    replace(DECIDING, turns=30, mischief=("", "", "otherwise")),
    replace(REFERRALS, turns=24, mischief=("", "", "otherwise")),
    replace(FUNCTIONS, eager={**FUNCTIONS.eager, **HEARING}, turns=30, mischief=("", "otherwise")),
)

PROPERTIES: dict[str, tuple[Law, Tour]] = {
    "1 no decision without a delivered notice and the end of the periods": (laws.one, DECIDING),
    "1 a right that was not waived is waited for": (laws.one, WAIVING),
    "2 two certified officers on the day of the act": (laws.two, OFFICERS),
    "3 a defence or a hearing never raises the penalty": (laws.three, DECIDING),
    "3 nothing done for one party touches another": (laws.apart, PARTIES),
    "3 each party of a case ends as it was decided for it": (laws.outcomes, PARTIES),
    "4 one fine per act and party": (laws.four, FINED),
    "5 a preserved item is in one disposition and lost in time": (laws.five, CHILDREN),
    "6 review after a hearing, and different people": (laws.six, FUNCTIONS),
    "7 a referral carries the head's name, and both times to the minute": (laws.seven, REFERRALS),
    "8 the ninety days start at the filing": (laws.eight, FILING),
    "9 the clocks start at service and anew when served again": (laws.nine, SERVICE),
    "10 the end of a campaign closes nothing": (laws.ten, AFTERWARDS),
    "11 late is recorded, lapsed is refused, early is refused": (laws.eleven, LATE),
    "12 every step is on record and nothing leaves it": (laws.twelve, RECORD),
    "13 totals are the sum over cases": (laws.thirteen, FIGURES),
    "14 no way round the police": (laws.fourteen, OWED),
    "15 nothing is closed over an open child": (laws.fifteen, CHILDREN),
    "16 no decision without a filing": (laws.sixteen, REVIVED),
}


@pytest.mark.parametrize("name", PROPERTIES)
def test_it_holds_in_every_life(name: str) -> None:
    law, tour = PROPERTIES[name]

    hold(law, tour, 18)


# The steps that scripts know by name: most of them are taken somewhere in these lives.
CONTRACT = set(
    names(
        "receive_materials accept refuse verify interview order_rectification recheck close_rectified "
        "decline_filing file investigate conclude review discuss approve_notice notify state_defence "
        "answer_defence request_hearing call_hearing hold_hearing end_hearing waive_rights decide "
        "decide_no_penalty serve pay complete propose_referral approve_referral refuse_referral "
        "hand_over police_file police_refuse return_to_penalty close archive reopen"
    )
)


def test_the_lives_go_everywhere_and_what_they_leave_behind_is_whole() -> None:
    seen: set[str] = set()

    for tour in EVERYWHERE:
        hold(lambda _: iter(()), tour, 12, seen=seen)

    assert sorted(CONTRACT - seen)[5:] == []


# --- what protects it is switched off, and it is noticed --------------------------------------------------------------

Mutant = Callable[[pytest.MonkeyPatch], None]


def without(*guards: str) -> Mutant:
    """Those guards say yes to everything."""

    def mutant(patch: pytest.MonkeyPatch) -> None:
        for name in guards:
            # It takes what the guard takes: otherwise the definition could not be run at all.
            patch.setitem(GUARDS, name, wraps(GUARDS[name])(lambda *_, **__: None))

    return mutant


def changed_step(name: str, change: Callable[[Any], dict[str, Any]] | None = None, **fields: Any) -> Mutant:
    """The definition says something else about that step."""

    def mutant(patch: pytest.MonkeyPatch) -> None:
        read = engine.office.definition_from

        def altered(document: Any) -> Definition:
            definition = read(document)
            if name not in definition.steps:
                return definition
            step = definition.steps[name]
            new = step.model_copy(update={**fields, **(change(step) if change else {})})
            return definition.model_copy(update={"steps": {**definition.steps, name: new}})

        patch.setattr(engine.office, "definition_from", altered)

    return mutant


def both(*mutants: Mutant) -> Mutant:
    def mutant(patch: pytest.MonkeyPatch) -> None:
        for one in mutants:
            one(patch)

    return mutant


def replaced(module: Any, name: str, new: Any) -> Mutant:
    return lambda patch: patch.setattr(module, name, new)


def _from_the_step(step: Any) -> dict[str, Any]:
    """Its limits run from the day on which it is recorded."""
    return {"start": tuple(start.model_copy(update={"from_": None}) for start in step.start)}


def _from_today(step: Any) -> dict[str, Any]:
    """Certificates are asked for on the day on which it is recorded."""
    return {
        "require": tuple({g: {} if g == "valid_certificates" else p for g, p in item.items()} for item in step.require)
    }


def _unwaited(step: Any) -> dict[str, Any]:
    return {"require": tuple(item for item in step.require if "waited" not in item)}


def _refusing(step: Any) -> dict[str, Any]:
    """What is late is refused instead of marked."""
    return {"require": (*step.require, *(item for item in step.warn if "late_duty" in item))}


def _deaf(_: Any) -> dict[str, Any]:
    return {"warn": ()}


def _a_part(judge: Callable[..., Any], taker_as: Callable[[Taker], Taker]) -> Callable[..., Any]:
    return lambda post, case, people, taker: judge(post, case, people, taker_as(taker))


def _in_his_own_name(taker: Taker) -> Taker:
    capacity = taker.capacity
    return Taker(taker.actor, taker.signed_by, replace(capacity, for_name=None) if capacity else None)


def _gates_closed(plan: Any, step: str, answers: Any, on: Any, units: Any) -> Any:
    """Campaign gates that stand in the way of everything once the campaign is over."""
    judged = judge_gates(plan, step, answers, on, units)
    return [replace(v, outcome="refused") if v.refusal is not None else v for v in judged]


WAIVES_ALL = {"waived": dict.fromkeys(["statement", "hearing", "both"], ("statement_period", "hearing_request"))}

MUTANTS: dict[str, tuple[str, Mutant]] = {
    "1 waiting": ("1 ", without("waited")),
    "1 answering": ("1 ", without("defences_answered")),
    "1 a waiver of one right for both": ("1 a", changed_step("waive_rights", waive=WAIVES_ALL)),
    "2 two": ("2 ", without("two_officers")),
    "2 certificates": ("2 ", without("valid_certificates")),
    "2 certificates of today": (
        "2 ",
        both(*(changed_step(s, _from_today) for s in ("inspect", "inquire", "interview", "notify"))),
    ),
    "3 the amount told": ("3 a", without("not_above_notice")),
    "3 eyes of all": ("3 n", replaced(engine.party_views, "_concerns", lambda *_: True)),
    "3 any result": ("3 e", without("result_fits", "imposed_is_executed")),
    "4 a second decision": (
        "4 ",
        both(without("fined_once"), changed_step("redo", from_=("quashed", "served", "executed"))),
    ),
    "5 time": ("5 ", replaced(engine.casework, "as_it_stands", lambda _, case, around: Standing(case, ()))),
    "6 review": ("6 ", without("reviewed_as_required")),
    "6 the reviewer": ("6 ", changed_step("review", not_by=())),
    "6 the decider": ("6 ", changed_step("decide", not_by=())),
    "6 the hearing officer": ("6 ", both(*(changed_step(s, not_by=()) for s in ("call_hearing", "hold_hearing")))),
    "6 stand-ins": ("6 ", replaced(engine.judging, "about_his_part", _a_part(about_his_part, _in_his_own_name))),
    "6 whoever types": (
        "6 ",
        replaced(engine.judging, "about_his_part", _a_part(about_his_part, lambda t: Taker(t.actor, None, None))),
    ),
    "6 withdrawal": ("6 ", replaced(engine.judging, "about_withdrawal", lambda *_: ())),
    "7 the head": ("7 ", changed_step("approve_referral", by=("lead", "head"))),
    "7 the clock": ("7 ", changed_step("hand_over", stop=())),
    "8 from the verification": ("8 ", changed_step("file", start=())),
    "8 from the return": ("8 ", changed_step("transfer_back", _from_the_step)),
    "9 the notice": ("9 ", changed_step("notify", _from_the_step)),
    "9 the decision": ("9 ", changed_step("serve", _from_the_step)),
    "9 serving again": ("9 ", changed_step("notify_again", start=())),
    "10 gates": ("10 ", replaced(engine.judging, "judge_gates", _gates_closed)),
    "11 late and refused": ("11 ", changed_step("serve", _refusing)),
    "11 late and not said": ("11 ", changed_step("serve", _deaf)),
    "11 a right used late": ("11 ", without("right_in_time")),
    "11 a hearing too early": ("11 ", changed_step("hold_hearing", _unwaited)),
    "12 the rules": ("12 ", replaced(engine.moving, "rules_of", lambda *_: {})),
    "12 the paper": ("12 ", replaced(engine.moving, "_of_taker", lambda _: {})),
    "13 taking back": ("13 ", replaced(engine.undoing, "write_tallies", lambda *_: None)),
    "13 putting right": ("13 ", replaced(engine.correcting, "write_tallies", lambda *_: None)),
    "13 what fell": ("13 ", changed_step("set_aside", count={})),
    "14 the police": ("14 ", without("referral_not_owed")),
    "15 children": ("15 ", without("no_open_children")),
    "16 filing": ("16 ", both(without("filed_before"), changed_step("reopen", to="investigating"))),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_it_is_noticed_when_nothing_protects_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    prefix, mutant = MUTANTS[name]
    law, tour = next(p for title, p in PROPERTIES.items() if title.startswith(prefix))
    mutant(monkeypatch)

    with pytest.raises(Broken, match=rf"^{name.split()[0]}: "):
        hold(law, tour, 250, phases=(Phase.generate,))


def test_the_guard_alone_keeps_an_unfiled_case_from_a_decision(monkeypatch: pytest.MonkeyPatch) -> None:
    """16: also where the definition would let a case in that was never filed."""
    changed_step("reopen", to="investigating")(monkeypatch)

    hold(*PROPERTIES["16 no decision without a filing"], 18)


# --- by hand: what each of them refuses, marks or records, on both databases ------------------------------------------


def notified(scene: Scene, fine_fen: str = "5000000", *, on: str = "2018-09-10", **told: str) -> str:
    """A case whose party was told on that day of the fine it may get."""
    no = scene.open("2018-09-03")
    scene.walk(no, f"{TO_CONCLUDED} review", "2018-09-05")
    scene.take(no, "approve_notice", "2018-09-06", proposed_fine_fen=fine_fen, **told)
    scene.take(no, "notify", on)
    return no


def test_1_no_decision_inside_the_period_and_none_without_a_notice(scene: Scene) -> None:
    no = notified(scene)
    bare = scene.open("2018-09-03")
    scene.walk(bare, f"{TO_CONCLUDED} review", "2018-09-05")

    assert scene.refusals(no, "decide", "2018-09-19") == ["wait.running"]
    assert scene.refusals(no, "decide", "2018-09-20") == []
    assert scene.refusals(bare, "decide", "2018-09-20") == ["state.wrong"]


def test_2_one_officer_is_none_and_a_certificate_counts_on_the_day_of_the_act(scene: Scene) -> None:
    """The certificate of handler_expired ended on 30 June 2018: what he did that day may be recorded in July."""
    no = scene.open("2018-06-25", campaign=None)
    scene.walk(no, "verify", "2018-06-25")
    lapsed, alone = "handler1,handler_expired", "handler1,handler1"

    assert scene.refusals(no, "inspect", "2018-07-02", officers=alone) == ["officers.two"]
    assert scene.refusals(no, "inspect", "2018-07-02", officers=lapsed, inspected_on="2018-07-01") == [
        "officers.certificate"
    ]
    assert scene.refusals(no, "inspect", "2018-07-02", officers=lapsed, inspected_on="2018-06-30") == []


def test_2_a_certificate_that_begins_later_does_not_reach_back(scene: Scene) -> None:
    add_newcomers(scene)
    no = scene.open("2018-09-01")
    scene.walk(no, "verify", "2018-09-01")
    new = "handler1,handler_new"

    assert scene.refusals(no, "inquire", "2018-09-05", officers=new, asked_on="2018-09-02") == ["officers.certificate"]
    assert scene.refusals(no, "inquire", "2018-09-05", officers=new, asked_on="2018-09-03") == []
    assert scene.refusals(no, "inquire", "2018-09-20", officers=new, asked_on="2018-09-14") == []
    assert scene.refusals(no, "inquire", "2018-09-20", officers=new, asked_on="2018-09-15") == ["officers.certificate"]


def test_3_a_defence_that_was_not_accepted_does_not_raise_the_fine(scene: Scene) -> None:
    no = notified(scene)
    scene.walk(no, "state_defence answer_defence", "2018-09-12")

    assert scene.refusals(no, "decide", "2018-09-20", fine_fen="5000001") == ["fine.above_notice"]
    assert scene.refusals(no, "decide", "2018-09-20", fine_fen="4000000") == []


def test_3_two_outcomes_in_one_case(scene: Scene) -> None:
    no = scene.open("2018-09-03")
    scene.walk(no, f"verify add_party {TO_CONCLUDED.removeprefix('verify ')} review", "2018-09-05")
    scene.take(no, "approve_notice", "2018-09-06", party=1)
    scene.take(no, "decide_no_penalty", "2018-09-06", party=2)
    scene.take(no, "notify", "2018-09-07", party=1)
    for party in (1, 2):
        assert "answer.invalid" not in scene.refusals(no, "decide", "2018-09-20", party=party, fine_fen="5000000")
    assert "state.wrong" in scene.refusals(no, "decide", "2018-09-20", party=2)

    scene.take(no, "serve", "2018-09-20", party=2)
    scene.take(no, "decide", "2018-09-20", party=1)
    scene.take(no, "serve", "2018-09-20", party=1)

    assert scene.refusals(no, "close", "2018-09-20", party=2, result="penalty_executed") == ["answer.invalid"]
    assert scene.refusals(no, "close", "2018-09-20", party=1, result="no_penalty") == [
        "answer.invalid",
        "execution.open",
    ]
    assert scene.refusals(no, "close", "2018-09-20", party=2, result="no_penalty") == []


def test_4_a_party_that_was_fined_is_not_fined_again_in_the_same_case(scene: Scene) -> None:
    no = notified(scene)
    scene.walk(no, "waive_rights decide serve", "2018-09-11")

    assert scene.refusals(no, "decide", "2018-09-30") == ["state.wrong"]
    scene.take(no, "set_aside", "2018-09-30", redo="yes")
    scene.take(no, "redo", "2018-09-30", again="decision")
    scene.walk(no, "review approve_notice notify waive_rights", "2018-10-08")
    assert scene.refusals(no, "decide", "2018-10-08") == []


def test_5_a_hold_that_was_forgotten_is_lost_and_stays_a_defect(scene: Scene) -> None:
    """Held on 26 September 2025: seven working days end on 13 October, with two worked days of rest between."""
    scene.it_is("2025-09-26")
    given = {"goods": "光盘", "officers": TWO, "approved_on": "2025-09-26", "delivered_on": "2025-09-26"}
    with scene.office.store.writing() as work:
        order = OpenCase("preservation", "handler1", given, on=day("2025-09-26"))
        no = casework.open_case(scene.office, work, order).after.case_no
    scene.it_is("2025-10-14")

    late = TakeStep(no, "dispose", "head", {"measure": "confiscated"}, on=day("2025-10-14"))
    with scene.office.store.writing() as work:
        against = casework.explain(scene.office, work, late).verdict.refusals
        casework.settle(scene.office, work, no)
    case = scene.case(no)

    assert [r.code for r in against] == ["state.wrong"]
    assert case.state == "lapsed"
    (defect,) = defects_of(case.deadlines.values(), scene.entries(no), scene.clock.now())
    assert (defect.lapsed, defect.deadline.due_on) == (True, day("2025-10-13"))


def test_6_after_a_hearing_nothing_is_decided_unreviewed(scene: Scene) -> None:
    no = notified(scene, "10000000")
    scene.take(no, "request_hearing", "2018-09-11")
    scene.take(no, "call_hearing", "2018-09-11", hearing_on="2018-09-20")
    scene.take(no, "hold_hearing", "2018-09-20")

    assert scene.refusals(no, "approve_notice", "2018-09-20") == ["state.wrong"]
    assert scene.refusals(no, "decide", "2018-09-20", fine_fen="10000000") == ["state.wrong"]
    with scene.office.store.reading() as work:
        heard = replace(scene.case(no), state="notified")  # wherever it stood
        asked = casework.explain(scene.office, work, scene.order(no, "decide", "2018-09-20"))
    assert "review.required" in [r.code for r in asked.workflow.judge(heard, replace(asked.verdict.attempt, dest=""))]
    assert scene.refusals(no, "review", "2018-09-20", by="handler_reviewer") == []


def test_6_whoever_handled_the_case_neither_reviews_nor_hears_nor_decides(scene: Scene) -> None:
    no = scene.open("2018-09-03")
    scene.walk(no, "verify file", "2018-09-05")
    scene.take(no, "investigate", "2018-09-05", officers="handler_head,handler_reviewer")
    scene.take(no, "conclude", "2018-09-05", officers="handler_head,handler_reviewer", by="handler_head")

    assert scene.refusals(no, "review", "2018-09-05", by="handler_reviewer") == ["duty.same_person"]
    scene.walk(no, "review approve_notice notify waive_rights", "2018-09-06")
    assert scene.refusals(no, "decide", "2018-09-06", by="handler_head") == ["duty.same_person"]


def test_6_neither_a_stand_in_nor_a_paper_gets_round_it(scene: Scene) -> None:
    """handler2 stands in for the head, deputy for handler_head, reviewer2 for handler_reviewer."""
    add_newcomers(scene)
    no = scene.open("2018-09-03")
    scene.walk(no, "verify file", "2018-09-05")
    scene.take(no, "investigate", "2018-09-05", officers="handler_head,handler_reviewer")
    scene.take(no, "conclude", "2018-09-05", officers="handler1,handler2")

    assert scene.refusals(no, "review", "2018-09-05", by="reviewer2") == []  # a reviewer in his own right
    scene.walk(no, "review approve_notice notify waive_rights", "2018-09-06")
    for actor in ("deputy", "handler2"):
        assert scene.refusals(no, "decide", "2018-09-06", by=actor) == ["duty.same_person"]
        on_paper = scene.refusals(no, "decide", "2018-09-06", by="handler1", signed_by=actor, paper=PAPER)
        assert on_paper == ["duty.same_person"]
    assert scene.refusals(no, "decide", "2018-09-06", by="handler2", signed_by="head", paper=PAPER) == []


def test_7_a_referral_is_handed_over_within_a_day_or_marked_late(scene: Scene) -> None:
    no = scene.open("2018-09-03")
    scene.walk(no, "verify propose_referral", "2018-09-05")
    assert scene.refusals(no, "approve_referral", "2018-09-05", by="lead") == ["role.missing"]
    assert scene.refusals(no, "approve_referral", "2018-09-05", approved_at="2018-09-05") == ["answer.invalid"]

    scene.take(no, "approve_referral", "2018-09-05", approved_at="2018-09-05T10:00")
    with scene.office.store.writing(keep=False) as work:
        scene.it_is("2018-09-06")
        order = scene.order(no, "hand_over", "2018-09-06", handed_at="2018-09-06T10:00")
        in_time = casework.take_step(scene.office, work, order)
    late = scene.take(no, "hand_over", "2018-09-06", handed_at="2018-09-06T10:01")

    assert [r.code for r in in_time.warnings] == []
    assert [r.code for r in late.warnings] == ["duty.overdue"]
    assert scene.case(no).deadlines["hand_over"].note == "late"


def test_8_the_ninety_days_run_from_the_filing_and_a_late_decision_is_marked(scene: Scene) -> None:
    no = scene.open("2025-02-10", campaign=None)
    scene.walk(no, "verify inspect", "2025-02-12")
    assert "decision_limit" not in scene.case(no).deadlines

    scene.walk(no, "file investigate conclude", "2025-02-17")
    late = scene.take(no, "decide_no_penalty", "2025-05-19")

    assert scene.case(no).deadlines["decision_limit"].started_on == day("2025-02-17")
    assert scene.due(no, "decision_limit") == "2025-05-18"
    assert "duty.overdue" in [r.code for r in late.warnings]


def test_9_the_clock_starts_on_the_served_day_and_not_without_its_proof(scene: Scene) -> None:
    no = scene.open("2018-09-03")
    scene.walk(no, f"{TO_CONCLUDED} review approve_notice", "2018-09-05")

    assert scene.refusals(no, "notify", "2018-09-10", proof=None) == ["answer.missing"]
    assert scene.refusals(no, "notify", "2018-09-10", served_how=None) == ["answer.missing"]
    assert scene.refusals(no, "notify", "2018-09-10", served_on="2018-09-04") == ["date.before_previous"]
    scene.take(no, "notify", "2018-09-10", served_on="2018-09-07")
    assert scene.case(no).deadlines["statement_period"].started_on == day("2018-09-07")


def test_10_a_case_outlives_its_campaign(scene: Scene) -> None:
    """Suzhou 2018 ended on 20 November: nothing new is opened in it, what was admitted goes on and closes."""
    no = scene.open("2018-10-08")
    scene.walk(no, "verify order_rectification", "2018-10-08")
    with pytest.raises(TransitionRefused) as closed:
        scene.open("2018-12-03")

    assert [r.code for r in closed.value.refusals] == ["phase.closed"]
    assert scene.case(no).state == "rectifying"
    assert scene.refusals(no, "recheck", "2018-12-03") == []
    scene.walk(no, "recheck close_rectified", "2018-12-03")
    assert scene.case(no).ended


def test_11_late_is_marked_lapsed_is_refused_and_early_is_refused(scene: Scene) -> None:
    no = notified(scene, "10000000")

    assert scene.refusals(no, "request_hearing", "2018-09-14") == ["right.lapsed"]
    assert scene.refusals(no, "request_hearing", "2018-09-14", late_ground="住院") == []
    scene.take(no, "request_hearing", "2018-09-13")
    assert scene.refusals(no, "call_hearing", "2018-09-14", hearing_on="2018-09-21") == ["wait.running"]
    scene.take(no, "call_hearing", "2018-09-14", hearing_on="2018-09-25")
    assert scene.refusals(no, "hold_hearing", "2018-09-21") == ["wait.running"]
    scene.walk(no, "hold_hearing review discuss", "2018-09-25")
    scene.take(no, "decide", "2018-09-25", fine_fen="10000000")
    late = scene.take(no, "serve", "2018-11-20")

    assert [r.code for r in late.warnings] == ["duty.overdue"]
    defects = defects_of(scene.case(no).deadlines.values(), scene.entries(no), scene.clock.now())
    assert "service_of_decision" in [defect.deadline.id for defect in defects]


def test_12_what_was_taken_back_is_still_on_record(scene: Scene) -> None:
    no = scene.open("2018-09-03")
    scene.take(no, "verify", "2018-09-05")
    before = scene.entries(no)

    scene.undo(no, by="lead", reason="填错")

    after = scene.entries(no)
    assert after[: len(before)] == before
    said = after[-1].said()
    assert (after[-1].kind, said["actor"], said["reason"], said["effects"]["undoes"]) == ("undo", "lead", "填错", 2)
    assert scene.undo_refusals(no, by="lead") == ["undo.nothing"]


def test_13_a_corrected_figure_leaves_the_total_the_sum(scene: Scene) -> None:
    no = scene.open("2018-10-08")
    scene.walk(no, "verify order_rectification recheck", "2018-10-08")

    def corrected(links: str) -> None:
        with scene.office.store.writing() as work:
            correct(scene.office, work, CorrectCase(no, "handler1", {"links_removed": links}, "笔误"))

    corrected("12")
    corrected("5")
    with pytest.raises(TransitionRefused) as again:
        corrected("5")

    assert [r.code for r in again.value.refusals] == ["correct.unchanged"]
    with scene.office.store.reading() as work:
        links = [t["n"] for found in all_tallies(work).values() for t in found if t["column"] == "links_removed"]
    assert (links, sum(links)) == ([3, 9, -7], 5)


def test_14_what_must_be_referred_is_neither_fined_nor_dropped(scene: Scene) -> None:
    no = scene.open("2018-09-03")
    scene.walk(no, "verify file investigate", "2018-09-05")
    warned = scene.take(no, "conclude", "2018-09-05", turnover_fen="5000000")
    scene.walk(no, "review", "2018-09-05")

    assert [r.code for r in warned.warnings] == ["referral.owed"]
    assert scene.refusals(no, "decide_no_penalty", "2018-09-06") == ["referral.owed"]
    scene.walk(no, "approve_notice notify waive_rights", "2018-09-06")
    assert "referral.owed" in scene.refusals(no, "decide", "2018-09-06", fine_fen="5000000")
    scene.walk(no, "propose_referral refuse_referral", "2018-09-06")
    assert "referral.owed" not in scene.refusals(no, "decide", "2018-09-06", fine_fen="5000000")


def test_15_nothing_is_closed_over_an_open_child(scene: Scene) -> None:
    no = scene.open("2018-10-08")
    scene.walk(no, "verify order_rectification recheck", "2018-10-08")
    given = {"goods": "光盘", "officers": TWO, "approved_on": "2018-10-08", "delivered_on": "2018-10-08"}
    with scene.office.store.writing() as work:
        order = OpenCase("preservation", "handler1", given, on=day("2018-10-08"), parent=no)
        child = casework.open_case(scene.office, work, order).after.case_no

    assert scene.refusals(no, "close_rectified", "2018-10-09") == ["children.open"]
    with scene.office.store.writing() as work:
        casework.take_step(
            scene.office, work, TakeStep(child, "dispose", "head", {"measure": "released"}, on=day("2018-10-09"))
        )
    assert scene.refusals(no, "close_rectified", "2018-10-09") == []


def test_16_a_case_that_was_never_filed_comes_back_to_where_it_can_be(scene: Scene) -> None:
    no = scene.open("2018-09-03")
    scene.walk(no, "verify propose_referral approve_referral hand_over police_refuse return_to_penalty", "2018-09-05")

    assert scene.case(no).state == "verifying"
    assert scene.refusals(no, "decide", "2018-09-05") == ["state.wrong"]
    with scene.office.store.reading() as work:
        unfiled = replace(scene.case(no), state="notified")  # wherever it stood
        asked = casework.explain(scene.office, work, scene.order(no, "decide", "2018-09-05"))
    assert "filing.missing" in [r.code for r in asked.workflow.judge(unfiled, replace(asked.verdict.attempt, dest=""))]
    assert scene.refusals(no, "file", "2018-09-05") == []


# --- 200 parties in one case ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scene", ["sqlite"], indirect=True)
def test_200_parties_in_one_case_each_step_is_done_or_refused_whole(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    no = scene.open("2018-09-03")
    scene.walk(no, "verify", "2018-09-03")
    with monkeypatch.context() as patch:  # nothing that is asked of a new party hangs on the others
        patch.setattr(engine.judging, "by_parties", lambda definition, case, seen, ask, for_all: ask(seen))
        for number in range(2, 201):
            scene.take(no, "add_party", "2018-09-03", party_name=f"公司{number}")
    scene.walk(no, "file investigate conclude approve_notice", "2018-09-05")
    scene.take(no, "notify", "2018-09-06", party=200)
    told = scene.case(no)

    assert scene.refusals(no, "notify", "2018-09-06") == ["party.missing"]
    assert "parties.apart" in scene.refusals(no, "terminate", "2018-09-06")
    with pytest.raises(TransitionRefused) as refused:
        scene.take(no, "decide", "2018-09-06", party=200)

    assert "wait.running" in {r.code for r in refused.value.refusals}
    assert scene.case(no) == told
    assert (len(told.parties), told.state) == (200, "notice_approved")
    assert [d.party_no for d in told.deadlines.values() if d.rule == "statement_period"] == [200]
    with snapshot(scene.office.store) as work:
        assert verify_store(work).first_bad is None
