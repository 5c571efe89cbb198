"""Who holds a case is named by its lead, offered and accepted, or handed over for everything one person holds."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from builders import Scene

from engine import assigning
from engine.assigning import Assigned
from engine.book_store import entries_of
from engine.case_page import case_document
from engine.errors import Forbidden, InputWrong, NotFound, TransitionRefused
from engine.handing_over import HandedOver, HandOver, hand_over, record_refused_hand_over
from engine.holder_store import offer_of, offers_to
from engine.ledger import unit_book
from engine.people import Term
from engine.people_store import load_people, save_role
from engine.snapshot import snapshot
from engine.verifying import verify_case, verify_store
from engine.workload import workload_of

pytest_plugins = ("scenes",)

# For what no database can change.
ON_SQLITE = pytest.mark.parametrize("scene", ["sqlite"], indirect=True)


def assign(scene: Scene, no: str, *to: str, by: str = "lead", reason: str = "") -> Assigned:
    with scene.office.store.writing() as work:
        return assigning.assign(scene.office, work, no, by, to, reason)


def offer(scene: Scene, no: str, to: str, *, by: str = "handler1", reason: str = "出差") -> Assigned:
    with scene.office.store.writing() as work:
        return assigning.offer(scene.office, work, no, by, to, reason)


def accept(scene: Scene, no: str, *, by: str) -> Assigned:
    with scene.office.store.writing() as work:
        return assigning.accept(scene.office, work, no, by)


def decline(scene: Scene, no: str, *, by: str, reason: str = "手头案件多") -> Assigned:
    with scene.office.store.writing() as work:
        return assigning.decline(scene.office, work, no, by, reason)


def give_away(
    scene: Scene,
    gone: str,
    *to: str,
    by: str = "lead",
    reason: str = "调离",
    cases: tuple[str, ...] = (),
    keep: bool = True,
) -> HandedOver:
    with scene.office.store.writing(keep=keep) as work:
        return hand_over(scene.office, work, HandOver(gone, to, by, reason, cases))


def lend(scene: Scene, name: str, unit: str) -> None:
    """He is also a handler of that unit; no entry says so, which only a case's own book does not mind."""
    with scene.office.store.writing() as work:
        save_role(work, name, unit, "handler", Term())
        scene.office.people = load_people(work)


def whole(scene: Scene, *cases: str) -> bool:
    """Whether the record holds: of the whole store, or of those cases."""
    with snapshot(scene.office.store) as work:
        for verified in [verify_case(work, no) for no in cases] or [verify_store(work)]:
            assert verified.first_bad is None, verified.first_bad
    return True


def codes(caught: pytest.ExceptionInfo[TransitionRefused]) -> list[str]:
    for refusal in caught.value.refusals:
        assert any("\u4e00" <= c <= "\u9fff" for c in refusal.zh)
        assert refusal.en
    return [r.code for r in caught.value.refusals]


# --- assign -----------------------------------------------------------------------------------------------------------


def test_the_lead_names_who_holds_the_case(scene: Scene) -> None:
    no = scene.open()
    before = scene.case(no)

    done = assign(scene, no, "handler2", "handler3", reason="工作安排")

    after, entry = scene.case(no), scene.entries(no)[-1]
    assert (done.before.holders, after.holders) == (("handler1",), ("handler2", "handler3"))
    assert (entry.kind, entry.actor) == ("assign", "lead")
    assert entry.said()["effects"] == {"before": ["handler1"], "holders": ["handler2", "handler3"]}
    assert (after.state, after.version, after.trail) == (before.state, before.version, before.trail)
    assert whole(scene)


@ON_SQLITE
@pytest.mark.parametrize(
    ("by", "to", "told"),
    [
        ("handler1", ("handler2",), ["role.missing"]),
        ("reviewer", ("handler2",), ["role.missing"]),
        ("lead", ("finance",), ["holder.not_handler", "officers.certificate"]),
        ("head", ("handler_expired",), ["officers.certificate"]),
        ("lead", ("county_handler1",), ["holder.not_handler"]),
        ("lead", ("handler1",), ["holder.unchanged"]),
        ("lead", ("handler2", "reviewer"), ["holder.not_handler", "officers.certificate"]),
    ],
)
def test_only_who_may_handle_the_case_is_named_and_only_by_a_lead(
    scene: Scene, by: str, to: tuple[str, ...], told: list[str]
) -> None:
    no = scene.open()

    with pytest.raises(TransitionRefused) as caught:
        assign(scene, no, *to, by=by)

    assert codes(caught) == told
    assert scene.case(no).holders == ("handler1",)


@ON_SQLITE
def test_who_is_lent_to_the_unit_may_hold_its_case(scene: Scene) -> None:
    no = scene.open()
    lend(scene, "county_handler1", "suzhou")

    assign(scene, no, "county_handler1")

    assert scene.case(no).holders == ("county_handler1",)
    assert whole(scene, no)


@ON_SQLITE
def test_who_had_to_withdraw_is_given_the_case_by_nobody(scene: Scene) -> None:
    no = scene.open()
    scene.walk(no, "verify", "2018-09-03")
    scene.take(no, "withdraw_officer", "2018-09-04", concerned="handler3")

    with pytest.raises(TransitionRefused) as caught:
        assign(scene, no, "handler3")

    assert codes(caught) == ["duty.withdrawn"]


@ON_SQLITE
def test_wrong_names_and_cases_elsewhere_are_told_apart(scene: Scene) -> None:
    no = scene.open()

    with pytest.raises(NotFound):
        assign(scene, no, "nobody")
    with pytest.raises(InputWrong):
        assign(scene, no, " ")
    with pytest.raises(Forbidden):
        assign(scene, no, "county_handler1", by="county_lead")


def test_a_step_that_names_investigators_and_an_assignment_follow_each_other(scene: Scene) -> None:
    no = scene.open()
    scene.walk(no, "verify file", "2018-09-03")
    assign(scene, no, "handler3")
    assert scene.case(no).holders == ("handler3",)

    scene.take(no, "investigate", "2018-09-04")
    named = scene.case(no).holders
    scene.undo(no, by="lead")

    assert named == ("handler1", "handler2")
    assert scene.case(no).holders == ("handler3",)
    assert whole(scene)


def test_an_assignment_stays_when_the_step_before_it_is_taken_back(scene: Scene) -> None:
    no = scene.open()
    scene.walk(no, "verify file investigate", "2018-09-03")
    assign(scene, no, "handler3", "handler2")

    scene.undo(no, by="lead")

    assert scene.case(no).holders == ("handler3", "handler2")
    assert whole(scene)


# --- offers -----------------------------------------------------------------------------------------------------------


def test_an_offer_changes_nothing_until_it_is_accepted(scene: Scene) -> None:
    no = scene.open()
    scene.walk(no, "verify", "2018-09-03")

    offer(scene, no, "handler3")
    waiting = scene.case(no).holders
    assert whole(scene)
    accept(scene, no, by="handler3")

    assert waiting == ("handler1", "handler2")
    assert scene.case(no).holders == ("handler3", "handler2")
    assert [e.kind for e in scene.entries(no)[-2:]] == ["offer", "accept"]
    with scene.office.store.reading() as work:
        assert offer_of(work, no) is None
    assert whole(scene)


def test_an_offer_is_seen_by_the_one_asked_and_on_the_case(scene: Scene) -> None:
    no = scene.open()
    offer(scene, no, "handler3")

    with scene.office.store.reading() as work:
        asked = workload_of(scene.office, work, scene.office.people.person("handler3")).offers
        others = workload_of(scene.office, work, scene.office.people.person("handler2")).offers
        shown = case_document(scene.office, work, scene.case(no), scene.office.people.person("lead"), {})

    assert [(o.offer.case_no, o.offer.from_name, o.offer.reason) for o in asked] == [(no, "handler1", "出差")]
    assert others == ()
    assert (shown["holders"], shown["offer"]["to"]) == (["handler1"], "handler3")


def test_a_refused_offer_leaves_the_case_where_it_is(scene: Scene) -> None:
    no = scene.open()
    offer(scene, no, "handler3")

    decline(scene, no, by="handler3")

    assert scene.case(no).holders == ("handler1",)
    assert scene.entries(no)[-1].kind == "decline"
    with scene.office.store.reading() as work:
        assert offers_to(work, "handler3") == ()
    assert whole(scene)


def test_a_new_offer_stands_in_the_place_of_the_one_before(scene: Scene) -> None:
    no = scene.open()
    offer(scene, no, "handler3")
    offer(scene, no, "handler2")

    with pytest.raises(TransitionRefused) as caught:
        accept(scene, no, by="handler3")
    accept(scene, no, by="handler2")

    assert codes(caught) == ["offer.not_yours"]
    assert scene.case(no).holders == ("handler2",)
    assert whole(scene)


def test_an_assignment_ends_an_offer(scene: Scene) -> None:
    no = scene.open()
    offer(scene, no, "handler3")
    assign(scene, no, "handler2")

    with pytest.raises(TransitionRefused) as caught:
        accept(scene, no, by="handler3")

    assert codes(caught) == ["offer.none"]
    assert whole(scene)


def test_what_is_offered_by_one_who_no_longer_holds_it_is_not_accepted(scene: Scene) -> None:
    no = scene.open()
    scene.walk(no, "verify file", "2018-09-03")
    offer(scene, no, "handler3")
    scene.take(no, "investigate", "2018-09-03", officers="handler2,handler_reviewer")

    with pytest.raises(TransitionRefused) as caught:
        accept(scene, no, by="handler3")

    assert codes(caught) == ["offer.stale"]
    with scene.office.store.reading() as work:
        assert offers_to(work, "handler3") == ()
    assert whole(scene)


@ON_SQLITE
@pytest.mark.parametrize(
    ("by", "to", "reason", "told"),
    [
        ("handler2", "handler3", "出差", ["role.missing"]),
        ("lead", "handler3", "出差", ["role.missing"]),
        ("handler1", "handler1", "出差", ["holder.unchanged"]),
        ("handler1", "reviewer", "", ["holder.not_handler", "officers.certificate", "reason.missing"]),
    ],
)
def test_only_a_holder_offers_and_only_to_a_handler(
    scene: Scene, by: str, to: str, reason: str, told: list[str]
) -> None:
    no = scene.open()

    with pytest.raises(TransitionRefused) as caught:
        offer(scene, no, to, by=by, reason=reason)

    assert codes(caught) == told


@ON_SQLITE
def test_only_the_one_asked_and_the_one_who_offered_may_answer(scene: Scene) -> None:
    no = scene.open()
    with pytest.raises(TransitionRefused) as none_yet:
        decline(scene, no, by="handler3")
    offer(scene, no, "handler3")
    with pytest.raises(TransitionRefused) as foreign:
        decline(scene, no, by="handler2", reason="")

    decline(scene, no, by="handler1")

    assert codes(none_yet) == ["offer.none"]
    assert codes(foreign) == ["offer.not_yours", "reason.missing"]


# --- hand-over --------------------------------------------------------------------------------------------------------


def test_everything_one_person_holds_moves_in_one_act(scene: Scene) -> None:
    alone, shared = scene.open(), scene.open()
    scene.walk(shared, "verify", "2018-09-03")
    versions = [scene.case(no).version for no in (alone, shared)]

    done = give_away(scene, "handler1", "handler3")

    assert [m.case.case_no for m in done.moved] == [alone, shared]
    assert done.kept == ()
    assert scene.case(alone).holders == ("handler3",)
    assert scene.case(shared).holders == ("handler3", "handler2")
    assert [scene.case(no).version for no in (alone, shared)] == versions
    entry = scene.entries(alone)[-1]
    assert (entry.kind, entry.actor, entry.said()["reason"]) == ("handover", "lead", "调离")
    assert whole(scene)


def test_what_ended_is_not_handed_over(scene: Scene) -> None:
    ended, running = scene.open(), scene.open()
    scene.walk(ended, "verify order_rectification recheck close_rectified", "2018-10-08")
    holders = scene.case(ended).holders

    done = give_away(scene, "handler1", "handler3")

    assert [m.case.case_no for m in done.moved] == [running]
    assert scene.case(ended).holders == holders


def test_the_receiver_who_holds_it_already_holds_it_once(scene: Scene) -> None:
    no = scene.open()
    scene.walk(no, "verify", "2018-09-03")

    give_away(scene, "handler1", "handler2", "handler3")

    assert scene.case(no).holders == ("handler2", "handler3")
    assert whole(scene)


def test_cases_where_the_receiver_may_not_act_are_kept_with_the_reason(scene: Scene) -> None:
    mine, withdrawn = scene.open(), scene.open()
    scene.walk(withdrawn, "verify", "2018-09-03")
    scene.take(withdrawn, "withdraw_officer", "2018-09-04", concerned="handler3")
    lend(scene, "handler1", "kunshan")
    county = scene.open(unit="kunshan")

    done = give_away(scene, "handler1", "handler3")

    assert [m.case.case_no for m in done.moved] == [mine]
    kept = {k.case_no: [r.code for r in k.refusals] for k in done.kept}
    assert kept == {county: ["role.missing", "holder.not_handler"], withdrawn: ["duty.withdrawn"]}
    assert scene.case(county).holders == ("handler1",)
    assert whole(scene, mine, withdrawn, county)


def test_only_named_cases_move(scene: Scene) -> None:
    first, second, foreign = scene.open(), scene.open(), scene.open(by="handler2")

    done = give_away(scene, "handler1", "handler3", cases=(second, foreign, second))

    assert [m.case.case_no for m in done.moved] == [second]
    assert [(k.case_no, [r.code for r in k.refusals]) for k in done.kept] == [(foreign, ["holder.other"])]
    assert scene.case(first).holders == ("handler1",)


def test_a_rehearsal_tells_everything_and_keeps_nothing(scene: Scene) -> None:
    no = scene.open()
    before = scene.case(no)

    done = give_away(scene, "handler1", "handler3", keep=False)

    assert [m.document()["holders"] for m in done.moved] == [["handler3"]]
    assert scene.case(no) == before


def test_an_open_offer_ends_with_the_hand_over(scene: Scene) -> None:
    no = scene.open()
    offer(scene, no, "handler2")

    give_away(scene, "handler1", "handler3")

    with scene.office.store.reading() as work:
        assert offer_of(work, no) is None
    assert whole(scene)


@ON_SQLITE
def test_whoever_leads_nowhere_is_refused_and_that_is_on_record(scene: Scene) -> None:
    no = scene.open()

    with pytest.raises(TransitionRefused) as caught:
        give_away(scene, "handler1", "handler3", by="handler2", reason=" ")
    with scene.office.store.writing() as work:
        record_refused_hand_over(scene.office, work, caught.value, "handler2")

    assert codes(caught) == ["role.missing", "reason.missing"]
    assert scene.case(no).holders == ("handler1",)
    with scene.office.store.reading() as work:
        last = entries_of(work, unit_book("suzhou"))[-1]
    assert (last.kind, last.step, last.actor) == ("refusal", "hand-over", "handler2")
    assert whole(scene)


@ON_SQLITE
def test_nothing_to_move_the_same_person_and_unknown_names(scene: Scene) -> None:
    assert give_away(scene, "handler1", "handler3") == HandedOver((), ())
    with pytest.raises(InputWrong):
        give_away(scene, "handler1", "handler1")
    for gone, to in (("nobody", "handler1"), ("handler1", "nobody")):
        with pytest.raises(NotFound):
            give_away(scene, gone, to)
    with pytest.raises(NotFound):
        give_away(scene, "handler1", "handler3", cases=("suzhou-2018-9999",))


# --- what somebody changes behind the program's back ------------------------------------------------------------------


@ON_SQLITE
@pytest.mark.parametrize(
    "statement",
    [
        """UPDATE case_file SET holders = '["handler1"]'""",
        "DELETE FROM offer",
        "UPDATE offer SET to_name = 'handler2'",
    ],
)
def test_holders_and_offers_are_held_against_the_record(scene: Scene, statement: str) -> None:
    no = scene.open()
    assign(scene, no, "handler2")
    offer(scene, no, "handler3", by="handler2")
    assert whole(scene)

    with scene.office.store.writing() as work:
        work.connection.execute(sa.text(statement))

    with snapshot(scene.office.store) as work:
        bad = verify_store(work).first_bad
    assert bad is not None
    assert bad.book == f"case:{no}"
