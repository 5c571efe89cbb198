"""What is missing of a case for a month's report: which answers, cells and duties, with which command, for whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from builders import PEOPLE, a_case, day, running, taken
from hypothesis import given
from hypothesis import strategies as st

from engine.campaign_checks import read_campaign
from engine.campaign_plan import shipped_campaign
from engine.case_view import CaseView, InCampaign, Party, StepTaken
from engine.clock import end_of_day
from engine.deadlines import Deadline
from engine.definitions import Definition, Words
from workflows.month_gaps import Eyes, Gap, Month, gaps_of

PLAN, _ = read_campaign(shipped_campaign("suzhou-2018"))
SEPTEMBER = (day("2018-09-01"), day("2018-09-30"))
CELLS = {name: Words(zh=name, en=name) for name in ("number", "title", "source", "summary", "outcome")}
HERE = (InCampaign(PLAN.id, "short_video", day("2018-08-20")),)
NO = "suzhou-2018-0001"
SOURCE = {"type": "choice", "zh": "来源", "en": "source", "choices": {"patrol": {"zh": "巡查", "en": "patrol"}}}
NUMBER = {"type": "integer", "zh": "数量", "en": "how many", "optional": True}
OWED = {**NUMBER, "optional": False}
FULL = {"source": "patrol", "work": "《流浪地球》"}


def a_step(**more: Any) -> dict[str, Any]:
    return {"zh": "步骤", "en": "Step", "from": "a", "to": "a", "by": "handler", **more}


DEFINITION = Definition.model_validate(
    {
        "workflow": "trial",
        "zh": "试办",
        "en": "Trial",
        "roles": {role: {"zh": role, "en": role} for role in ("handler", "lead", "head")},
        "open": {
            "to": "a",
            "by": ["handler"],
            "title": "title",
            "ask": {
                "title": {"type": "text", "zh": "名称", "en": "title"},
                "source": SOURCE,
                "work": {"type": "text", "zh": "作品", "en": "work", "optional": True, "correctable": True},
            },
        },
        "states": {"a": {"zh": "甲", "en": "a", "stage": "s"}, "b": {"zh": "乙", "en": "b", "stage": "s"}},
        "steps": {
            "order": a_step(),
            "recheck": a_step(
                ask={"links": {**NUMBER, "correctable": True}}, count={"links_removed": "links"}, follows="order"
            ),
            "weigh": a_step(ask={"kilos": NUMBER}, count={"kilos": "kilos", "copies_seized": "kilos"}),
            "sure": a_step(ask={"fine_fen": OWED}, count={"fines_fen": "fine_fen", "filed": "1"}),
            "propose": a_step(ask={"amount_fen": {**NUMBER, "correctable": True}}),
            "refer": a_step(count={"referred_fen": {"propose": "amount_fen"}}),
            "perhaps": a_step(
                ask={"some": NUMBER}, count={"links_removed": {"amount": "some", "when": "was_filed"}}
            ),
            "punish": a_step(
                ask={"copies": {**NUMBER, "correctable": True}}, count={"penalties": "1", "copies_seized": "copies"}
            ),
            "accept": a_step(stop=["complaint_decision"]),
            "decide": {**a_step(stop=["decision_limit"], count={"penalties": "1"}), "from": "b"},
        },
    },
)  # fmt: skip
MEASURES = frozenset({"links_removed", "copies_seized", "fines_fen", "filed", "referred_fen", "penalties"})
MONTH = Month(PLAN, *SEPTEMBER, MEASURES, CELLS)


def gaps(case: CaseView, *, on: str = "2018-10-08", month: Month = MONTH, read_only: bool = False) -> list[Gap]:
    return list(gaps_of(month, case, DEFINITION, Eyes(PEOPLE, end_of_day(day(on))), read_only=read_only))


def with_steps(*steps: StepTaken, deadlines: tuple[Deadline, ...] = (), **changes: Any) -> CaseView:
    changed = {"campaigns": HERE, "facts": FULL, **changes}
    opened = replace(taken("open", "2018-08-20"), dest="a")
    trail = (replace(t, source="a", dest="a") for t in steps)
    return a_case("a", opened, *trail, deadlines=deadlines, **changed)


def codes(found: list[Gap]) -> list[str]:
    return [gap.code for gap in found]


def test_a_whole_case_misses_nothing() -> None:
    assert gaps(with_steps(taken("sure", "2018-09-03", fine_fen=0))) == []


# --- categories -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("category", ["anime", "", "short-video"])
def test_a_category_that_the_campaign_does_not_know_is_named_with_the_correction(category: str) -> None:
    (gap,) = gaps(with_steps(campaigns=(replace(HERE[0], category=category),)))

    assert (gap.code, gap.case_no, gap.counts) == ("category.unknown", NO, True)
    assert gap.command == f"anjuan case correct {NO} --set category=… --reason …"
    assert [(one.name, one.role) for one in gap.who_can] == [
        ("handler1", "handler"), ("handler2", "handler"), ("lead", "lead"), ("head", "head"),
    ]  # fmt: skip
    assert "“其他”" in gap.zh
    assert "'Other'" in gap.en


def test_of_a_case_in_two_campaigns_the_correction_says_in_which() -> None:
    both = (replace(HERE[0], category="anime"), InCampaign("elsewhere", "also_unknown", day("2018-08-20")))

    (gap,) = gaps(with_steps(campaigns=both))

    assert f"--set {PLAN.id}:category=…" in gap.command


def test_a_campaign_without_categories_knows_none_and_misses_none() -> None:
    month = replace(MONTH, plan=PLAN.model_copy(update={"categories": (), "unknown_category": None}))

    assert gaps(with_steps(campaigns=(replace(HERE[0], category="anime"),)), month=month) == []


# --- amounts ----------------------------------------------------------------------------------------------------------

ORDER = taken("order", "2018-08-25")


@pytest.mark.parametrize(
    ("steps", "name"),
    [
        ((ORDER, taken("recheck", "2018-09-30")), "links"),
        ((ORDER, taken("recheck", "2018-09-01", links=None)), "links"),
        ((ORDER, taken("recheck", "2018-09-30", links=0)), None),  # none is an answer
        ((ORDER, taken("recheck", "2018-08-31")), None),
        ((ORDER, taken("recheck", "2018-10-01")), None),
        ((taken("propose", "2018-08-30"), taken("refer", "2018-09-03")), "amount_fen"),
        ((taken("propose", "2018-08-30", amount_fen=1), taken("refer", "2018-09-03")), None),
        ((taken("propose", "2018-09-03"),), None),  # nothing counts it yet
        ((taken("refer", "2018-09-03"),), None),
        ((taken("perhaps", "2018-09-03"),), None),  # whether it counts hangs on a condition
        ((taken("sure", "2018-09-03"),), None),  # never optional: another version let it be empty
        ((taken("gone", "2018-09-03"),), None),
        # Outside the campaigns, itself or by what it follows.
        ((ORDER, replace(taken("recheck", "2018-09-03"), outside=True)), None),
        ((replace(ORDER, outside=True), taken("recheck", "2018-09-03")), None),
        # Before the campaign held the case.
        ((taken("order", "2018-08-19"), taken("recheck", "2018-09-03")), None),
    ],
)
def test_an_amount_that_counts_and_was_left_empty_is_missing(steps: tuple[StepTaken, ...], name: str | None) -> None:
    found = gaps(with_steps(*steps))

    assert [(g.code, g.command) for g in found] == (
        [("amount.unanswered", f"anjuan case correct {NO} --set {name}=… --reason …")] if name else []
    )


def test_one_empty_figure_of_several_is_a_remark_since_it_may_well_be_none() -> None:
    (gap,) = gaps(with_steps(taken("punish", "2018-09-03")))
    (alone,) = gaps(with_steps(ORDER, taken("recheck", "2018-09-03")))
    (earlier,) = gaps(with_steps(taken("propose", "2018-08-30"), taken("refer", "2018-09-03")))

    assert (gap.code, gap.counts) == ("amount.unanswered", False)
    assert gap.command == f"anjuan case correct {NO} --set copies=… --reason …"
    assert (alone.counts, earlier.counts) == (True, True)


def test_a_column_that_no_form_has_misses_nothing_and_an_answer_of_two_columns_is_missing_once() -> None:
    case = with_steps(taken("weigh", "2018-09-03"))

    assert codes(gaps(case)) == ["amount.unanswered"]
    assert codes(gaps(case, month=replace(MONTH, measures=frozenset({"kilos", "copies_seized"})))) == [
        "amount.unanswered"
    ]
    assert gaps(case, month=replace(MONTH, measures=frozenset({"filed"}))) == []


def test_what_cannot_be_corrected_is_taken_back() -> None:
    (last,) = gaps(with_steps(taken("weigh", "2018-09-03")))
    (earlier,) = gaps(with_steps(taken("weigh", "2018-09-03"), taken("order", "2018-09-04")))

    assert last.command == earlier.command == f"anjuan case undo {NO} --reason …"


def test_where_a_step_was_taken_twice_its_entry_is_named() -> None:
    (gap,) = gaps(with_steps(ORDER, taken("recheck", "2018-09-03", links=2), taken("recheck", "2018-09-10")))

    assert gap.command == f"anjuan case correct {NO} --set links=… --entry 4 --reason …"


DAYS = st.integers(0, 80).map(lambda n: date(2018, 8, 15) + timedelta(days=n))


def test_each_of_several_parties_is_judged_by_its_own_steps() -> None:
    ordered = replace(ORDER, party=1)
    first, second = (replace(taken("recheck", "2018-09-03"), party=number) for number in (1, 2))
    parties = (Party(1, "respondent", "unit", "甲公司"), Party(2, "respondent", "unit", "乙公司"))

    # What the order to the first party was taken outside of the campaigns for does not concern the second.
    found = gaps(with_steps(replace(ordered, outside=True), first, second, parties=parties))

    assert [gap.command for gap in found] == [f"anjuan case correct {NO} --set links=… --entry 4 --reason …"]


@given(rechecks=st.lists(st.tuples(DAYS, st.none() | st.integers(0, 9), st.booleans()), max_size=8), since=DAYS)
def test_missing_is_what_counts_in_the_month_and_is_empty_and_filling_it_in_ends_it(
    rechecks: list[tuple[date, int | None, bool]], since: date
) -> None:
    steps = [
        replace(taken("recheck", on.isoformat(), **({} if n is None else {"links": n})), outside=outside)
        for on, n, outside in rechecks
    ]
    case = with_steps(*steps, campaigns=(replace(HERE[0], since=since),))
    meant = [
        taken.seq
        for taken in case.trail[1:]
        if "links" not in taken.answers and not taken.outside and max(SEPTEMBER[0], since) <= taken.on <= SEPTEMBER[1]
    ]

    found = gaps(case)
    filled = [replace(t, answers={**t.answers, "links": 0}) if t.seq in meant else t for t in case.trail]

    assert len(found) == len(meant)
    assert all(f"--entry {seq} " in gap.command for seq, gap in zip(meant, found, strict=True) if len(steps) > 1)
    assert gaps(replace(case, trail=tuple(filled))) == []


# --- cells ------------------------------------------------------------------------------------------------------------


def test_an_empty_cell_of_a_case_that_was_dealt_with_is_missing() -> None:
    case = with_steps(taken("order", "2018-09-03"), facts={"source": "patrol"})

    (gap,) = gaps(case)

    assert (gap.code, gap.command) == ("cell.empty", f"anjuan case correct {NO} --set work=… --reason …")
    assert gaps(with_steps(facts={"source": "patrol"})) == []  # nobody has begun with it
    assert gaps(with_steps(taken("order", "2018-10-01"), facts={"source": "patrol"})) == []
    assert gaps(case, month=replace(MONTH, cells={})) == []  # no list of cases among the forms


def test_a_cell_that_cannot_be_corrected_shows_the_case_and_one_that_nothing_feeds_is_not_missing() -> None:
    (gap,) = gaps(with_steps(taken("order", "2018-09-03"), facts={"work": "《流浪地球》"}))
    without = DEFINITION.model_copy(
        update={"open": DEFINITION.open.model_copy(update={"ask": {"title": DEFINITION.open.ask["title"]}})}
    )
    eyes = Eyes(PEOPLE, end_of_day(day("2018-10-08")))

    assert (gap.code, gap.command) == ("cell.empty", f"anjuan case show {NO}")
    assert list(gaps_of(MONTH, with_steps(taken("order", "2018-09-03"), facts={}), without, eyes)) == []


# --- duties -----------------------------------------------------------------------------------------------------------


def a_duty(rule: str, due_on: str, **changes: Any) -> Deadline:
    return running(rule, "2018-08-20", law_on="2022-01-03", due_on=day(due_on), due_at=None, nature="duty", **changes)


@pytest.mark.parametrize(
    ("due_on", "on", "missing"),
    [
        ("2018-09-01", "2018-09-02", True),
        ("2018-09-30", "2018-10-01", True),
        ("2018-09-30", "2018-09-30", False),  # the whole of the last day is in time
        ("2018-08-31", "2018-10-08", False),
        ("2018-10-01", "2018-10-08", False),
    ],
)
def test_a_duty_that_fell_due_in_the_month_and_is_overdue_is_missing(due_on: str, on: str, missing: bool) -> None:
    found = gaps(with_steps(deadlines=(a_duty("decision_limit", due_on),)), on=on)

    assert [(g.code, g.command, g.counts) for g in found] == (
        [("duty.overdue", f"anjuan case why {NO} decide", True)] if missing else []
    )
    assert all([one.name for one in gap.who_can] == ["handler1", "handler2", "handler_expired"] for gap in found)


def test_what_is_met_by_a_step_that_counts_nothing_is_a_remark() -> None:
    (gap,) = gaps(with_steps(deadlines=(a_duty("complaint_decision", "2018-09-12"),)))
    unknown = gaps(with_steps(deadlines=(a_duty("publication", "2018-09-12"),)))

    assert (gap.command, gap.counts) == (f"anjuan case why {NO} accept", False)
    assert [(g.command, g.counts) for g in unknown] == [(f"anjuan case show {NO}", False)]


def test_the_duty_of_one_of_several_parties_names_it() -> None:
    parties = (Party(1, "respondent", "unit", "甲公司"), Party(2, "respondent", "unit", "乙公司"))
    case = with_steps(deadlines=(a_duty("decision_limit", "2018-09-12", party_no=2),), parties=parties)

    assert [gap.command for gap in gaps(case)] == [f"anjuan case why {NO} decide --party 2"]


# --- cases that can only be read --------------------------------------------------------------------------------------


def test_of_a_case_that_can_only_be_read_everything_is_named_and_nobody_can_mend_it() -> None:
    case = with_steps(
        ORDER,
        taken("recheck", "2018-09-03"),
        facts={},
        campaigns=(replace(HERE[0], category="anime"),),
        deadlines=(a_duty("decision_limit", "2018-09-12"),),
    )
    found = gaps(case, read_only=True)
    lost = list(gaps_of(MONTH, case, None, Eyes(PEOPLE, end_of_day(day("2018-10-08"))), read_only=True))

    assert codes(found) == ["category.unknown", "amount.unanswered", "cell.empty", "cell.empty", "duty.overdue"]
    assert {gap.command for gap in (*found, *lost)} == {f"anjuan case show {NO}"}
    assert {gap.who_can for gap in (*found, *lost)} == {()}
    assert codes(lost) == ["category.unknown"]


def test_everything_is_said_in_both_languages_and_as_a_document() -> None:
    case = with_steps(
        ORDER,
        taken("recheck", "2018-09-03"),
        facts={},
        campaigns=(replace(HERE[0], category="anime"),),
        deadlines=(a_duty("decision_limit", "2018-09-12"),),
    )

    for gap in gaps(case):
        assert any("\u4e00" <= c <= "\u9fff" for c in gap.zh)
        assert gap.en
        assert set(gap.document()) == {"code", "case_no", "title", "unit", "zh", "en", "command", "who_can"}
