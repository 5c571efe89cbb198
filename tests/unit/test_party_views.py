"""One case seen through the eyes of its parties: where each stands, what concerns it, what is said of all."""

from __future__ import annotations

from dataclasses import replace

from builders import a_case, running, taken
from hypothesis import given
from hypothesis import strategies as st

from engine.case_view import CaseView, Party, StepTaken
from engine.definitions import Definition
from engine.errors import Refusal
from engine.limit_checks import shipped_time_limits
from engine.party_views import apart, by_parties, least_far, positions, seen_by, sight_of, stands_at, strays
from workflows.definition_files import shipped_definitions

DEFINITION: Definition = shipped_definitions({limit.id: limit.nature for limit in shipped_time_limits().values()})[
    "case"
]


def parties(count: int, **joined: int) -> tuple[Party, ...]:
    """So many respondents; `p2=5` says that the second joined with entry 5."""
    return tuple(Party(n, "respondent", "unit", f"公司{n}", joined.get(f"p{n}", 1)) for n in range(1, count + 1))


def step(name: str, source: str, dest: str, party: int | None = None, **said: object) -> StepTaken:
    return replace(taken(name, "2018-09-10", source=source, **said), dest=dest, party=party)


def two(*trail: StepTaken, state: str = "notice_approved", **changes: object) -> CaseView:
    begins = trail[0].source if trail else "lead"
    return a_case(state, step("open", "", begins), *trail, **{"parties": parties(2), **changes})  # type: ignore[arg-type]


def states(case: CaseView) -> dict[int, str]:
    return positions(DEFINITION, case.parties, case.trail)


def test_parties_go_together_until_a_step_is_taken_for_one() -> None:
    together = two(step("verify", "lead", "verifying"))
    apart_ = two(
        step("approve_notice", "reviewed", "notice_approved"), step("notify", "notice_approved", "notified", 2)
    )

    assert states(together) == {1: "verifying", 2: "verifying"}
    assert states(apart_) == {1: "notice_approved", 2: "notified"}
    assert stands_at(DEFINITION, apart_.parties, apart_.trail) == "notice_approved"


def test_a_step_for_all_leads_all_of_them_on_and_one_that_leads_nowhere_leaves_each_where_it_is() -> None:
    served = two(
        step("approve_notice", "reviewed", "notice_approved"),
        step("notify", "notice_approved", "notified", 1),
        step("publish", "notice_approved", "notice_approved"),
        step("somehow", "notice_approved", "investigating"),
    )

    assert states(replace(served, trail=served.trail[:-1])) == {1: "notified", 2: "notice_approved"}
    assert states(served) == {1: "investigating", 2: "investigating"}


def test_a_step_of_the_whole_case_leaves_alone_whoever_is_further() -> None:
    case = two(
        step("investigate", "filed", "investigating"),
        step("terminate", "investigating", "terminated", 2),
        step("conclude", "investigating", "concluded"),
    )

    assert states(case) == {1: "concluded", 2: "terminated"}
    assert strays(DEFINITION, replace(case, trail=case.trail[:-1]), "conclude") == {}


def test_a_party_that_joined_later_begins_where_the_case_stood() -> None:
    case = two(
        step("verify", "lead", "verifying"),
        step("add_party", "verifying", "verifying"),
        step("file", "verifying", "filed"),
        parties=parties(3, p3=3),
    )

    assert states(case) == {1: "filed", 2: "filed", 3: "filed"}


def test_what_concerns_one_party_is_hidden_from_the_other() -> None:
    notified = step("notify", "notice_approved", "notified", 1, served_on="2018-09-11")
    mine = replace(running("statement_period", "2018-09-11"), party_no=1)
    of_all = running("complaint_decision", "2018-09-03")
    case = two(
        step("approve_notice", "reviewed", "notice_approved"),
        notified,
        deadlines=(mine, of_all),
        facts={"title": "案", "served_on": "2018-09-11"},
    )

    first, second = seen_by(DEFINITION, case, 1), seen_by(DEFINITION, case, 2)

    assert (first.state, second.state) == ("notified", "notice_approved")
    assert (first.last("notify") is not None, second.last("notify")) == (True, None)
    assert set(first.deadlines) == {"statement_period", "complaint_decision"}
    assert set(second.deadlines) == {"complaint_decision"}
    assert first.facts["served_on"] == "2018-09-11"
    assert "served_on" not in second.facts
    assert [p.party_no for p in second.parties] == [2]


def test_what_was_done_for_the_parties_before_it_joined_is_none_of_a_later_one() -> None:
    case = two(
        step("approve_notice", "concluded", "notice_approved"),
        step("file", "notice_approved", "notice_approved"),
        parties=parties(2, p2=3),
    )

    assert seen_by(DEFINITION, case, 1).last("approve_notice") is not None
    assert seen_by(DEFINITION, case, 2).last("approve_notice") is None
    assert seen_by(DEFINITION, case, 2).last("file") is not None


def test_a_step_for_one_party_of_several_wants_to_know_which() -> None:
    case = two(step("approve_notice", "reviewed", "notice_approved"))

    unnamed, unknown = sight_of(DEFINITION, case, "notify", None), sight_of(DEFINITION, case, "notify", 7)
    not_asked = sight_of(DEFINITION, case, "archive", 1)

    assert [r.code for s in (unnamed, unknown, not_asked) for r in s.refusals] == [
        "party.missing",
        "party.unknown",
        "party.not_asked",
    ]
    for sight in (unnamed, unknown, not_asked):
        (refusal,) = sight.refusals
        assert refusal.remedy is not None
        assert refusal.remedy.command
        assert "公司1" in refusal.remedy.zh or sight is not_asked
    assert sight_of(DEFINITION, case, "notify", 2).party_no == 2


def test_the_only_party_need_not_be_named_and_nobody_can_be_in_a_case_without_one() -> None:
    alone = a_case("notice_approved", step("open", "", "lead"), parties=parties(1))

    assert sight_of(DEFINITION, alone, "notify", None).party_no == 1
    assert sight_of(DEFINITION, replace(alone, parties=()), "notify", None).party_no is None
    assert sight_of(DEFINITION, alone, "archive", 1).refusals == ()  # of one party all is the whole


def test_a_step_for_all_names_the_parties_that_stand_elsewhere() -> None:
    case = two(
        step("approve_notice", "reviewed", "notice_approved"),
        step("notify", "notice_approved", "notified", 2),
    )

    stray = strays(DEFINITION, case, "approve_notice")
    refusal = apart(DEFINITION, case, "approve_notice", stray)

    assert stray == {1: "notice_approved", 2: "notified"}
    assert refusal.code == "parties.apart"
    assert "2号公司2：已告知" in refusal.zh
    assert refusal.remedy is not None
    assert refusal.remedy.command == "anjuan case why suzhou-2018-0001 approve_notice --party N"


def test_two_hundred_parties_are_told_in_one_sentence_that_fits() -> None:
    case = two(step("approve_notice", "reviewed", "notice_approved"), parties=parties(200))

    (refusal,) = sight_of(DEFINITION, case, "notify", None).refusals
    stray = apart(DEFINITION, case, "close", dict.fromkeys(range(1, 201), "notified"))

    assert refusal.facts["parties"] == list(range(1, 201))
    assert all(len(text) < 400 for text in (refusal.zh, refusal.en, stray.zh, stray.en))
    assert refusal.remedy is not None
    assert len(refusal.remedy.zh) < 300
    assert "200" in stray.zh


def test_guards_of_a_step_for_all_are_asked_through_the_eyes_of_each() -> None:
    case = two(
        step("notify", "notice_approved", "notified", 1),
        step("notify", "notice_approved", "notified", 2),
        state="notified",
    )

    def ask(seen: CaseView) -> tuple[Refusal, ...]:
        number = seen.parties[0].party_no
        own = (Refusal("own", "只对二号", "only the second"),) if number == 2 else ()
        return (Refusal("same", "对谁都一样", "the same for all"), *own)

    said = by_parties(DEFINITION, case, case, ask, for_all=True)

    assert [(r.code, r.zh, r.facts) for r in said] == [
        ("same", "对谁都一样", {}),
        ("own", "2号当事人：只对二号", {"parties": [2]}),
    ]
    assert [r.zh for r in by_parties(DEFINITION, case, seen_by(DEFINITION, case, 2), ask, for_all=False)] == [
        "对谁都一样",
        "只对二号",
    ]


STATES = list(DEFINITION.states)


@given(st.data(), st.integers(2, 5))
def test_the_case_stands_where_its_least_advanced_party_does(data: st.DataObject, count: int) -> None:
    """Whatever is done for whom: each party's own steps lead it, the case is never ahead of any of them."""
    trail = [step("open", "", "lead")]
    expected = dict.fromkeys(range(1, count + 1), "lead")
    for _ in range(data.draw(st.integers(0, 12))):
        dest = data.draw(st.sampled_from(STATES))
        party = data.draw(st.none() | st.integers(1, count))
        here = least_far(DEFINITION, expected.values())
        trail.append(step("x", here if party is None else expected[party], dest, party))
        if party is not None:
            expected[party] = dest
        elif dest != here:
            expected = dict.fromkeys(expected, dest)  # no step of the definition is called so: all of them move
    case = a_case("lead", *trail, parties=parties(count))

    assert states(case) == expected
    overall = stands_at(DEFINITION, case.parties, case.trail)
    assert all(STATES.index(overall) <= STATES.index(state) for state in expected.values())
    for number, state in expected.items():
        seen = seen_by(DEFINITION, case, number)
        assert seen.state == state
        assert all(t.party in (None, number) for t in seen.trail)
