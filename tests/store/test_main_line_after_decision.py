"""What becomes of a decision: set aside, taken up anew, withdrawn from publication; a closed case reopened."""

from __future__ import annotations

from collections import Counter

import pytest
from builders import Scene, all_tallies

from engine.snapshot import snapshot
from engine.verifying import verify_store

pytest_plugins = ("scenes",)


def by_month(scene: Scene) -> dict[tuple[str, str], int]:
    found: Counter[tuple[str, str]] = Counter()
    with scene.office.store.reading() as work:
        for tallies in all_tallies(work).values():
            for tally in tallies:
                found[tally["column"], tally["period"]] += tally["n"]
    return dict(found)


def whole(scene: Scene) -> bool:
    with snapshot(scene.office.store) as work:
        verified = verify_store(work)
    assert verified.first_bad is None, verified.first_bad
    return verified.ok


def decided(scene: Scene, on: str = "2018-10-22", *, campaign: bool = True, fine: str = "1000000") -> str:
    """A case whose penalty was decided and served on that day, three weeks after the notice."""
    year, month, _ = on.split("-")
    begun = f"{year}-{int(month) - 1:02}-05"
    told = f"{year}-{int(month) - 1:02}-20"
    no = scene.open(begun, **({} if campaign else {"campaign": None}))
    scene.walk(no, "verify file investigate conclude review", begun)
    scene.take(no, "approve_notice", told, proposed_fine_fen=fine)
    scene.take(no, "notify", told)
    scene.take(no, "decide", on, fine_fen=fine)
    scene.take(no, "serve", on)
    return no


def test_a_decision_that_falls_is_taken_out_of_the_figures_in_its_own_month(scene: Scene) -> None:
    """T72: c2 and c3 are corrected in the month of the change, the month of the decision stays as it was."""
    no = decided(scene)

    scene.take(no, "set_aside", "2018-11-20")

    assert scene.case(no).state == "quashed"
    assert by_month(scene) == {
        ("filed", "2018-09"): 1,
        ("penalties", "2018-10"): 1,
        ("fines_fen", "2018-10"): 1_000_000,
        ("penalties", "2018-11"): -1,
        ("fines_fen", "2018-11"): -1_000_000,
    }
    ended = {rule: scene.standing(no, rule) for rule in ("payment", "reconsideration", "suit", "publication")}
    assert set(ended.values()) == {"stopped"}
    scene.take(no, "close", "2018-11-21", result="quashed")
    assert scene.case(no).state == "closed"
    assert whole(scene)


def test_a_new_decision_that_was_ordered_is_owed_by_its_day(scene: Scene) -> None:
    no = decided(scene, "2024-03-22", campaign=False)

    scene.take(no, "set_aside", "2024-06-03", set_aside_by="suit", redo="yes", redo_by="2024-08-01")
    assert scene.due(no, "redo_period") == "2024-08-01"
    assert scene.refusals(no, "close", "2024-06-04", result="quashed") == ["redo.owed"]
    scene.take(no, "redo", "2024-06-05")

    assert scene.case(no).state == "investigating"
    assert scene.due(no, "decision_limit.2") == "2024-09-03"
    scene.walk(no, "conclude review", "2024-06-10")
    # What was told before the first decision does not carry the second one.
    assert scene.refusals(no, "decide", "2024-06-10")[0] == "state.wrong"
    scene.take(no, "approve_notice", "2024-06-11", proposed_fine_fen="500000")
    scene.take(no, "notify", "2024-06-11")
    move = scene.take(no, "decide", "2024-08-05", fine_fen="500000")
    assert [w.code for w in move.warnings] == ["duty.overdue"]
    scene.take(no, "serve", "2024-08-05")
    assert scene.standing(no, "redo_period") == "met"
    # What is to be paid is that of the new decision.
    scene.take(no, "pay", "2024-08-06", paid_fen="500000")
    assert scene.case(no).state == "executed"


def test_where_the_facts_stand_only_the_decision_is_taken_anew(scene: Scene) -> None:
    no = decided(scene, "2024-03-22", campaign=False)
    scene.take(no, "set_aside", "2024-06-03")

    scene.take(no, "redo", "2024-06-05", again="decision")

    assert scene.case(no).state == "concluded"


def test_the_same_decision_falls_only_once(scene: Scene) -> None:
    no = decided(scene)
    scene.take(no, "set_aside", "2018-11-20")
    scene.take(no, "close", "2018-11-21", result="quashed")

    assert scene.refusals(no, "set_aside", "2018-11-22") == ["decision.none"]


def test_a_decision_without_penalty_falls_without_touching_the_figures(scene: Scene) -> None:
    no = scene.open("2018-09-05")
    scene.walk(no, "verify file investigate conclude review decide_no_penalty serve", "2018-09-10")
    before = by_month(scene)

    scene.take(no, "set_aside", "2018-10-20")

    assert by_month(scene) == before == {("filed", "2018-09"): 1}


def test_a_penalty_on_the_spot_falls_with_its_fine(scene: Scene) -> None:
    no = scene.open("2018-09-05")
    scene.take(no, "decide_on_spot", "2018-09-05", fine_fen="100000")

    scene.take(no, "set_aside", "2018-10-20", set_aside_by="self_correction")

    assert by_month(scene)["fines_fen", "2018-10"] == -100_000


def test_of_several_parties_only_the_one_whose_decision_falls_goes_back(scene: Scene) -> None:
    no = scene.open("2018-09-05")
    scene.walk(no, "verify file investigate add_party conclude review", "2018-09-05")
    scene.take(no, "approve_notice", "2018-09-06", proposed_fine_fen="1000000")
    for party in (1, 2):
        scene.take(no, "notify", "2018-09-06", party=party)
    for party, fine in ((1, "1000000"), (2, "300000")):
        scene.take(no, "decide", "2018-10-08", party=party, fine_fen=fine)
        scene.take(no, "serve", "2018-10-08", party=party)

    scene.take(no, "set_aside", "2018-11-05", party=2)

    assert by_month(scene)["fines_fen", "2018-11"] == -300_000
    assert scene.refusals(no, "pay", "2018-11-06", party=1, paid_fen="1000000") == []
    assert scene.refusals(no, "pay", "2018-11-06", party=2, paid_fen="300000")[0] == "state.wrong"
    scene.take(no, "redo", "2018-11-06", party=2, again="decision")
    assert scene.refusals(no, "approve_notice", "2018-11-06", party=2) == []


def test_what_was_published_is_withdrawn_within_three_working_days(scene: Scene) -> None:
    """行政处罚法（2021） §48(2)."""
    no = decided(scene, "2024-03-22", campaign=False)
    scene.take(no, "publish", "2024-03-25")

    scene.take(no, "set_aside", "2024-06-03")
    assert scene.due(no, "publication_withdrawal") == "2024-06-06"
    move = scene.take(no, "withdraw_publication", "2024-06-07")

    assert [w.code for w in move.warnings] == ["duty.overdue"]
    assert scene.standing(no, "publication_withdrawal") == "met"
    assert scene.refusals(no, "withdraw_publication", "2024-06-08") == ["publication.none"]


def test_what_was_never_published_has_nothing_to_withdraw(scene: Scene) -> None:
    no = decided(scene, "2024-03-22", campaign=False)

    scene.take(no, "set_aside", "2024-06-03")

    assert "publication_withdrawal" not in scene.case(no).deadlines
    assert scene.refusals(no, "publish", "2024-06-04")[0] == "state.wrong"


@pytest.mark.parametrize(("filed", "rules"), [(True, {"decision_limit", "decision_limit.2"}), (False, set())])
def test_a_reopened_case_has_ninety_days_again_where_it_had_been_filed(
    scene: Scene, filed: bool, rules: set[str]
) -> None:
    """T112: new P11 from the new filing."""
    no = scene.open("2024-03-04", campaign=None)
    scene.take(no, "verify", "2024-03-04")
    if filed:
        scene.walk(no, "file investigate", "2024-03-05")
        scene.take(no, "terminate", "2024-03-10")
        scene.take(no, "close", "2024-03-11", result="terminated")
    else:
        scene.take(no, "decline_filing", "2024-03-10")
        scene.take(no, "close", "2024-03-11", result="not_filed")

    scene.take(no, "reopen", "2024-05-06")

    case = scene.case(no)
    assert case.state == ("investigating" if filed else "verifying")
    assert {d for d in case.deadlines if d.startswith("decision_limit")} == rules
    assert not filed or scene.due(no, "decision_limit.2") == "2024-08-04"


def test_a_case_reopened_before_it_was_filed_is_not_decided(scene: Scene) -> None:
    """case-lifecycle §5, 16: whichever way it came back."""
    no = scene.open("2024-03-04", campaign=None)
    scene.take(no, "verify", "2024-03-04")
    scene.take(no, "decline_filing", "2024-03-10")
    scene.take(no, "close", "2024-03-11", result="not_filed")
    scene.take(no, "reopen", "2024-05-06")

    assert scene.refusals(no, "decide", "2024-05-07")[0] == "state.wrong"
    assert scene.refusals(no, "file", "2024-05-07") == []
