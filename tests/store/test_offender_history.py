"""A penalty in one case lowers the criminal threshold of the party's next case, in whichever unit that is."""

from __future__ import annotations

from typing import Any

from builders import Scene

from engine import casework
from engine.case_page import case_document
from engine.case_store import PARTY
from engine.party_history import other_cases_of

pytest_plugins = ("scenes",)

TO_NOTIFIED = "review approve_notice notify"


def concluded(scene: Scene, on: str, respondent: str = "某公司", **found: Any) -> str:
    """A case whose investigation is concluded on that day."""
    no = scene.open(on, campaign=None, respondent=respondent)
    scene.walk(no, "verify file investigate", on)
    scene.take(no, "conclude", on, **found)
    return no


def notified(scene: Scene, on: str, respondent: str = "某公司", **found: Any) -> str:
    no = concluded(scene, on, respondent, **found)
    scene.walk(no, TO_NOTIFIED, on)
    return no


def punished(scene: Scene, on: str, decided_on: str, respondent: str = "某公司") -> str:
    """A case in which a fine was decided: turnover of 20,000 yuan, below every threshold."""
    no = notified(scene, on, respondent, turnover_fen="2000000")
    scene.take(no, "decide", decided_on)
    return no


# Turnover of 40,000 yuan: the threshold is 50,000, and 30,000 for whoever was punished within two years.
FORTY_THOUSAND = {"turnover_fen": "4000000"}


def test_whoever_was_punished_before_must_be_referred_for_less(scene: Scene) -> None:
    """法释〔2025〕5号 §13: in force from 2025-04-26."""
    first = punished(scene, "2025-05-06", "2025-05-20")
    again = notified(scene, "2025-06-03", **FORTY_THOUSAND)
    stranger = notified(scene, "2025-06-03", "另一公司", **FORTY_THOUSAND)

    assert scene.refusals(again, "decide", "2025-06-17") == ["referral.owed"]
    assert scene.refusals(stranger, "decide", "2025-06-17") == []
    with scene.office.store.reading() as work:
        asked = casework.explain(scene.office, work, scene.order(again, "decide", "2025-06-17"))
    assert [p["case_no"] for p in asked.verdict.refusals[0].facts["earlier"]] == [first]


def test_two_years_after_the_penalty_the_threshold_is_the_usual_one_again(scene: Scene) -> None:
    punished(scene, "2024-01-08", "2024-01-22")
    again = notified(scene, "2026-01-05", **FORTY_THOUSAND)

    assert scene.refusals(again, "decide", "2026-01-22") == ["referral.owed"]
    assert scene.refusals(again, "decide", "2026-01-23") == []


def test_a_penalty_that_another_unit_decided_counts_too(scene: Scene) -> None:
    county = scene.open("2025-05-06", by="county_handler1", campaign=None, unit="kunshan")
    two = "county_handler1,county_handler2"
    scene.take(county, "verify", "2025-05-06", by="county_lead", officers=two)
    scene.take(county, "file", "2025-05-06", by="county_head")
    scene.take(county, "investigate", "2025-05-06", by="county_lead", officers=two)
    scene.take(county, "conclude", "2025-05-06", by="county_handler1", officers=two, turnover_fen="2000000")
    scene.take(county, "review", "2025-05-06", by="county_reviewer")
    scene.take(county, "approve_notice", "2025-05-06", by="county_head")
    scene.take(county, "notify", "2025-05-06", by="county_handler1", officers=two)
    scene.take(county, "decide", "2025-05-20", by="county_head")

    again = concluded(scene, "2025-06-03", **FORTY_THOUSAND)

    assert "referral.owed" in warnings(scene, again, "approve_notice", "2025-06-03")


def test_an_undone_decision_is_no_penalty(scene: Scene) -> None:
    first = punished(scene, "2025-05-06", "2025-05-20")
    again = notified(scene, "2025-06-03", **FORTY_THOUSAND)

    scene.undo(first, by="lead")

    assert scene.refusals(again, "decide", "2025-06-17") == []


def test_the_warning_comes_as_soon_as_the_figures_are_recorded(scene: Scene) -> None:
    punished(scene, "2025-05-06", "2025-05-20")
    again = scene.open("2025-06-03", campaign=None)
    scene.walk(again, "verify file investigate", "2025-06-03")

    move = scene.take(again, "conclude", "2025-06-03", **FORTY_THOUSAND)

    assert [w.code for w in move.warnings] == ["referral.owed"]


def test_only_the_very_name_in_the_very_part_is_the_same_party(scene: Scene) -> None:
    numbers = [
        scene.open("2025-06-03", campaign=None, respondent=name) for name in ("某公司", "某公司", "某公司苏州分公司")
    ]
    nameless = [scene.open("2025-06-03", campaign=None, respondent=None) for _ in range(2)]

    with scene.office.store.reading() as work:
        found = {no: [other.case_no for other in other_cases_of(work, no)] for no in (*numbers, *nameless)}

    assert found[numbers[0]] == [numbers[1]]
    assert found[numbers[1]] == [numbers[0]]
    assert found[numbers[2]] == []
    assert [found[no] for no in nameless] == [[], []]


def test_the_history_is_read_once_and_only_for_steps_that_need_it(scene: Scene) -> None:
    punished(scene, "2025-05-06", "2025-05-20")
    no = concluded(scene, "2025-06-03")

    asked = {step: statements(scene, no, step) for step in ("approve_notice", "decide", "review", "discuss", "notify")}

    plain = asked["review"]
    assert asked == {
        "approve_notice": plain + 1,
        "decide": plain + 1,
        "review": plain,
        "discuss": plain,
        "notify": plain,
    }


def test_the_page_of_a_case_judges_with_the_history(scene: Scene) -> None:
    """What `case show` calls possible, `case do` does not refuse."""
    punished(scene, "2025-05-06", "2025-05-20")
    again = notified(scene, "2025-06-03", **FORTY_THOUSAND)
    scene.it_is("2025-06-17")

    with scene.office.store.reading() as work:
        page = case_document(scene.office, work, scene.case(again), scene.office.people.person("head"), {})

    assert "referral.owed" in {step["id"]: step["refusals"] for step in page["steps"]}["decide"]


def test_the_same_name_in_another_part_is_not_the_respondent(scene: Scene) -> None:
    """Whoever complains in one case may be the respondent of another: that is no history."""
    complained_in, other = (scene.open("2025-06-03", campaign=None, respondent=name) for name in ("另一公司", "某公司"))
    with scene.office.store.writing() as work:
        row = {
            "case_no": complained_in,
            "party_no": 2,
            "part": "complainant",
            "kind": "unit",
            "name": "某公司",
            "joined_seq": 1,
        }
        work.connection.execute(PARTY.insert().values(**row))

    with scene.office.store.reading() as work:
        found = [other_cases_of(work, no) for no in (complained_in, other)]

    assert found == [(), ()]


def warnings(scene: Scene, no: str, step: str, on: str) -> list[str]:
    with scene.office.store.reading() as work:
        asked = casework.explain(scene.office, work, scene.order(no, step, on))
    return [w.code for w in asked.verdict.warnings]


def statements(scene: Scene, no: str, step: str) -> int:
    with scene.office.store.reading() as work:
        casework.explain(scene.office, work, scene.order(no, step, "2025-06-03"))
        return work.statements
