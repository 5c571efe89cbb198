"""Guards on money: the band of the law, the notice as the ceiling, what is settled and what is open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from builders import a_case, an_attempt, day, law, running, taken

from engine.case_view import Attempt, CaseView
from engine.errors import Refusal
from engine.law_book import LawBook, Parameter, ParameterVersion
from workflows.money_guards import fine_within_band, not_above_notice, platform_order_disobeyed
from workflows.settlement import (
    balance_of,
    fine_settled_with_this,
    imposed_is_executed,
    money_ordered,
    nothing_open,
    settled_with_this,
    something_to_pay,
)


def code(refusal: Refusal | None) -> str | None:
    return refusal.code if refusal else None


@pytest.mark.parametrize(
    ("fine_fen", "refused"),
    [
        (0, None),
        (11_999_999, "fine.outside_band"),
        (12_000_000, None),
        (60_000_000, None),
        (60_000_001, "fine.outside_band"),
    ],
)
def test_a_fine_lies_in_its_band_both_ends_included_and_zero_always(fine_fen: int, refused: str | None) -> None:
    case = a_case("notified", taken("conclude", "2018-09-20", turnover_fen=12_000_000))

    assert (
        code(fine_within_band(case, an_attempt("decide", "2018-10-13", fine_fen=fine_fen), answer="fine_fen"))
        == refused
    )


def test_a_refused_fine_says_the_band_and_its_article() -> None:
    case = a_case("notified", taken("conclude", "2018-09-20"))

    found = fine_within_band(case, an_attempt("decide", "2018-10-13", fine_fen=25_000_001), answer="fine_fen")

    assert found is not None
    assert found.facts["least_fen"] == 0
    assert found.facts["most_fen"] == 25_000_000
    assert "实施条例（2013）" in found.basis
    assert "0.00元至250,000.00元" in found.zh


# --- the milder of two laws -------------------------------------------------------------------------------------------


def law_where(name: str, before: dict[str, str], since: dict[str, str], changed_on: str) -> LawBook:
    """The shipped law, but for one band that changed on that day."""

    def version(values: dict[str, str], **dates: date) -> ParameterVersion:
        of = "旧法" if "to" in dates else "新法"
        return ParameterVersion.model_validate(
            {"values": {"known": "yes", **values}, "basis": of, "source": "x", "confidence": "V1", **dates}
        )

    on = day(changed_on)
    versions = (version(before, to=on - timedelta(days=1)), version(since, **{"from": on}))
    changed = Parameter(id=name, zh="罚款幅度", en="band", versions=versions)
    shipped = law()
    others = [p for p in shipped.parameters.values() if p.id != name]
    return LawBook(shipped.limits.values(), [*others, changed], shipped.calendar)


UP_TO_10 = {"measured_by": "nothing", "least_fen": "0", "most_fen": "1000000"}
UP_TO_20 = {"measured_by": "nothing", "least_fen": "0", "most_fen": "2000000"}
FROM_5_TO_20 = {"measured_by": "nothing", "least_fen": "500000", "most_fen": "2000000"}
CHOICES = [  # before and since 2020-01-01, a fine that the milder of them refuses, which law was used
    (UP_TO_10, UP_TO_20, 1_500_000, "act"),
    (UP_TO_20, UP_TO_10, 1_500_000, "decision"),
    (UP_TO_20, FROM_5_TO_20, 2_000_001, "act"),
    (FROM_5_TO_20, UP_TO_20, 2_000_001, "decision"),
    (UP_TO_10, UP_TO_10, 1_000_001, "act"),
]


@pytest.mark.parametrize(("before", "since", "fine", "used"), CHOICES)
def test_of_the_law_of_the_act_and_that_of_the_day_the_milder_holds(
    before: dict[str, str], since: dict[str, str], fine: int, used: str
) -> None:
    """行政处罚法（2021） §37: the act ended in 2019, the decision is taken in 2022."""
    changed = law_where("fine_band", before, since, "2020-01-01")
    case = a_case("notified", taken("conclude", "2021-12-01"), facts={"ended_on": "2019-12-31"})
    milder_most = min(int(before["most_fen"]), int(since["most_fen"]))

    inside = fine_within_band(case, deciding("2022-03-01", milder_most, changed), answer="fine_fen")
    found = fine_within_band(case, deciding("2022-03-01", fine, changed), answer="fine_fen")

    assert inside is None
    assert found is not None
    assert found.facts["law"] == used
    assert {name: side["most_fen"] for name, side in found.facts["bands"].items()} == {
        "act": int(before["most_fen"]),
        "decision": int(since["most_fen"]),
    }
    assert [side["on"] for side in found.facts["bands"].values()] == ["2019-12-31", "2022-03-01"]
    assert found.basis.startswith("旧法" if used == "act" else "新法")
    assert ("行政处罚法（2021）第三十七条" in found.basis) == (before != since)
    assert ("办理时的规定比行为终了时（2019-12-31）的轻" in found.zh) == (used == "decision")


def test_while_the_act_goes_on_the_law_of_the_day_holds_alone() -> None:
    changed = law_where("fine_band", UP_TO_10, UP_TO_20, "2020-01-01")
    case = a_case("notified", taken("conclude", "2021-12-01"))

    assert fine_within_band(case, deciding("2022-03-01", 1_500_000, changed), answer="fine_fen") is None
    refused = fine_within_band(case, deciding("2022-03-01", 2_000_001, changed), answer="fine_fen")
    assert refused is not None
    assert "仍在持续" in refused.zh


def deciding(on: str, fine: int, by: LawBook) -> Attempt:
    return replace(an_attempt("decide", on, fine_fen=fine), law=by)


# --- the band of the act ----------------------------------------------------------------------------------------------

OF_THE_ACT = [  # what was recorded, fine in yuan, inside
    ({"band": "software_copying", "goods_value_fen": 30_000_00}, 150_000, True),
    ({"band": "software_copying", "goods_value_fen": 30_000_00}, 150_001, False),
    ({"band": "software_copying", "goods_value_fen": 30_000_00, "copies": 40}, 4_000, True),
    ({"band": "software_copying", "goods_value_fen": 30_000_00, "copies": 40}, 4_001, False),
    ({"band": "software_copying", "copies": 40}, 4_000, True),
    ({"band": "software_measures", "turnover_fen": 500_000_00}, 200_000, True),
    ({"band": "software_measures", "turnover_fen": 500_000_00}, 200_001, False),
    ({"band": "platform"}, 49_999, False),
    ({"band": "platform"}, 50_000, True),
    ({"band": "platform"}, 500_001, False),
    ({"band": "platform_serious"}, 499_999, False),
    ({"band": "platform_serious"}, 2_000_000, True),
    ({"band": "copyright"}, 250_001, False),
    ({}, 250_000, True),
]


@pytest.mark.parametrize(("found", "yuan", "inside"), OF_THE_ACT)
def test_the_band_is_that_of_the_act_that_was_recorded(found: dict[str, object], yuan: int, inside: bool) -> None:
    case = a_case("notified", taken("conclude", "2022-02-01", **found))

    refused = fine_within_band(case, an_attempt("decide", "2022-03-01", fine_fen=yuan * 100), answer="fine_fen")

    assert code(refused) == (None if inside else "fine.outside_band")
    assert refused is None or refused.facts["band"] == found.get("band", "copyright")


def test_software_without_copies_or_goods_value_cannot_be_fined_but_need_not_be() -> None:
    case = a_case("notified", taken("conclude", "2022-02-01", band="software_copying", turnover_fen=9_000_000))

    fined, free = (an_attempt("decide", "2022-03-01", fine_fen=fine) for fine in (1, 0))

    assert code(fine_within_band(case, fined, answer="fine_fen")) == "fine.no_measure"
    assert fine_within_band(case, free, answer="fine_fen") is None


def test_a_platform_was_not_fined_for_what_it_did_before_the_law_knew_that() -> None:
    """电子商务法 §89: in force from 2019-01-01. The older law is the milder one."""
    case = a_case("notified", taken("conclude", "2019-02-01", band="platform"), facts={"ended_on": "2018-12-31"})

    found = fine_within_band(case, an_attempt("decide", "2019-03-01", fine_fen=5_000_000), answer="fine_fen")

    assert found is not None
    assert found.facts["most_fen"] == 0
    assert "没有这一罚款" in found.zh


ORDERS = [  # re-checked on, with which result, platform may be fined; the order was good until 2022-01-10
    ("2022-01-11", "not_done", True),
    ("2022-01-11", "partly", True),
    ("2022-01-11", "done", False),
    ("2022-01-10", "not_done", False),  # its time had not passed
    (None, None, False),
]


@pytest.mark.parametrize("band", ["platform", "platform_serious"])
@pytest.mark.parametrize(("on", "result", "open_"), ORDERS)
def test_a_platform_is_fined_only_for_an_order_it_did_not_obey(
    band: str, on: str | None, result: str | None, open_: bool
) -> None:
    """电子商务法 §84: 责令限期改正；逾期不改正的."""
    checks = [] if on is None else [taken("recheck", on, result=result)]
    order = taken("order_rectification", "2022-01-04", "lead", rectify_by="2022-01-10")
    case = a_case("notified", order, *checks, taken("conclude", "2022-02-01", band=band))

    found = platform_order_disobeyed(case, an_attempt("decide", "2022-03-01", fine_fen=1), answer="fine_fen")

    assert code(found) == (None if open_ else "band.not_open")
    assert found is None or found.facts["rectify_by"] == "2022-01-10"


def test_more_time_for_the_order_is_more_time_to_obey_it() -> None:
    order = taken("order_rectification", "2022-01-04", "lead", rectify_by="2022-01-10")
    check = taken("recheck", "2022-01-11", result="not_done")
    extended = replace(
        running("payment", "2022-01-04"), rule="rectification", id="rectification", due_on=day("2022-01-20")
    )
    case = a_case("notified", order, check, taken("conclude", "2022-02-01", band="platform"), deadlines=(extended,))

    assert code(platform_order_disobeyed(case, an_attempt("decide", "2022-03-01"))) == "band.not_open"


def test_without_an_order_the_refusal_names_the_steps_that_open_the_band() -> None:
    case = a_case("notified", taken("conclude", "2022-02-01", band="platform"))

    found = platform_order_disobeyed(case, an_attempt("decide", "2022-03-01", fine_fen=1), answer="fine_fen")

    assert found is not None
    assert found.remedy is not None
    assert "没有责令限期改正" in found.zh
    assert "order_rectification" in found.remedy.zh
    assert "recheck" in found.remedy.en


def test_other_bands_and_a_platform_without_a_fine_need_no_order() -> None:
    platform = a_case("notified", taken("conclude", "2022-02-01", band="platform"))
    other = a_case("notified", taken("conclude", "2022-02-01", band="software_measures"))

    unfined = an_attempt("decide", "2022-03-01", fine_fen=0)

    assert platform_order_disobeyed(platform, unfined, answer="fine_fen") is None
    assert platform_order_disobeyed(other, an_attempt("decide", "2022-03-01", fine_fen=1), answer="fine_fen") is None


def test_the_band_just_being_recorded_is_looked_at_and_not_the_one_before() -> None:
    case = a_case("investigating", taken("conclude", "2022-02-01", band="platform"))

    again = an_attempt("conclude", "2022-03-01", "handler1", band="copyright")
    platform = an_attempt("conclude", "2022-03-01", "handler1", band="platform")

    assert platform_order_disobeyed(case, again) is None
    assert code(platform_order_disobeyed(case, platform)) == "band.not_open"


def test_the_band_is_that_of_the_end_of_the_act_not_of_the_decision() -> None:
    """Substance follows the law of the act; before 2013-03-01 no amount is confirmed, so none is refused."""
    old_act = a_case("notified", facts={"ended_on": "2013-02-28"})
    new_act = a_case("notified", facts={"ended_on": "2013-03-01"})
    attempt = an_attempt("decide", "2013-10-13", fine_fen=99_000_000)

    assert fine_within_band(old_act, attempt, answer="fine_fen") is None
    assert code(fine_within_band(new_act, attempt, answer="fine_fen")) == "fine.outside_band"


@pytest.mark.parametrize(
    ("fine", "confiscated", "refused"),
    [
        (5_000_000, 1_000_000, None),
        (4_000_000, None, None),
        (5_000_001, 0, "fine.above_notice"),
        (0, 1_000_001, "fine.above_notice"),
    ],
)
def test_a_decision_is_never_heavier_than_the_notice(fine: int, confiscated: int | None, refused: str | None) -> None:
    notice = taken(
        "approve_notice", "2018-09-25", "head", proposed_fine_fen=5_000_000, proposed_confiscation_fen=1_000_000
    )
    said = {"fine_fen": fine, **({} if confiscated is None else {"confiscated_fen": confiscated})}

    found = not_above_notice(
        a_case("notified", notice),
        an_attempt("decide", "2018-10-13", **said),
        fine="fine_fen",
        confiscation="confiscated_fen",
    )

    assert code(found) == refused


def test_after_a_new_notice_the_new_amount_is_the_ceiling() -> None:
    case = a_case(
        "notified",
        taken("approve_notice", "2018-09-25", "head", proposed_fine_fen=1_000_000),
        taken("approve_notice", "2018-10-09", "head", proposed_fine_fen=3_000_000),
    )

    attempt = an_attempt("decide", "2018-10-30", fine_fen=3_000_000)

    assert not_above_notice(case, attempt, fine="fine_fen", confiscation="confiscated_fen") is None


def served(*more: object, fine: int = 5_000_000, confiscated: int = 0, state: str = "served") -> CaseView:
    """A decision served on 2018-10-19, payable until 2018-11-05 (T2)."""
    return a_case(
        state,
        taken("decide", "2018-10-13", "head", fine_fen=fine, confiscated_fen=confiscated),
        taken("serve", "2018-10-19", served_on="2018-10-19"),
        *more,  # type: ignore[arg-type]
        deadlines=(running("payment", "2018-10-19"),),
    )


def paying(on: str, fen: int, kind: str = "fine") -> dict[str, object]:
    return {"paid_on": on, "paid_fen": fen, "for": kind}


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        (paying("2018-11-05", 5_000_000), None),
        (paying("2018-11-05", 1), None),
        (paying("2018-11-05", 5_000_001), "payment.not_owed"),
        (paying("2018-11-05", 0), "payment.not_owed"),
        (paying("2018-11-05", 1, "confiscation"), "payment.not_owed"),
        (paying("2018-11-05", 1, "late_fee"), "payment.not_owed"),
        (paying("2018-11-06", 150_000, "late_fee"), None),
        (paying("2018-11-06", 150_001, "late_fee"), "payment.not_owed"),
    ],
)
def test_a_payment_fits_what_is_owed(said: dict[str, object], refused: str | None) -> None:
    on = str(said["paid_on"])

    assert code(something_to_pay(served(), an_attempt("pay", on, "finance", **said))) == refused


def test_a_payment_without_its_answers_is_left_to_the_missing_answers() -> None:
    assert something_to_pay(served(), an_attempt("pay", "2018-11-05", "finance")) is None


def test_a_fine_paid_in_time_but_recorded_late_leaves_nothing_open() -> None:
    attempt = an_attempt("pay", "2018-11-20", "finance", **paying("2018-11-05", 5_000_000))

    assert settled_with_this(served(), attempt)
    assert fine_settled_with_this(served(), attempt)


def test_a_fine_paid_late_settles_the_fine_but_leaves_the_late_fee() -> None:
    attempt = an_attempt("pay", "2018-11-06", "finance", **paying("2018-11-06", 5_000_000))

    assert not settled_with_this(served(), attempt)
    assert fine_settled_with_this(served(), attempt)


def test_confiscated_gains_carry_no_late_fee() -> None:
    case = served(fine=0, confiscated=1_000_000)

    balance = balance_of(case, law(), day("2019-01-01"))

    assert balance is not None
    assert balance.open == {"confiscation": 1_000_000}


@pytest.mark.parametrize("guard", [nothing_open, imposed_is_executed])
def test_what_is_open_is_named_with_the_running_late_fee(guard: Callable[..., Refusal | None]) -> None:
    found = guard(served(), an_attempt("complete", "2018-11-15", "handler1"))

    assert code(found) == "execution.open"
    assert found is not None
    assert found.facts["fine_open_fen"] == 5_000_000
    assert found.facts["late_fee_fen"] == 1_500_000  # ten days at 3 %


@pytest.mark.parametrize("guard", [nothing_open, imposed_is_executed])
def test_a_settled_decision_has_nothing_open(guard: Callable[..., Refusal | None]) -> None:
    case = served(taken("pay", "2018-11-05", "finance", **paying("2018-11-05", 5_000_000)))

    assert guard(case, an_attempt("complete", "2018-11-15", "handler1")) is None


def test_only_a_served_case_is_asked_for_execution_when_it_is_closed() -> None:
    assert imposed_is_executed(served(state="executed"), an_attempt("close", "2018-11-15")) is None


def test_a_later_decision_without_penalty_leaves_nothing_of_the_first_one_open() -> None:
    """Reopened and corrected: the penalty is gone, and with it its payment and late fee."""
    case = served(taken("decide_no_penalty", "2019-03-01", "head", ground="not_established"))

    assert balance_of(case, law(), day("2019-03-02")) is None
    assert imposed_is_executed(case, an_attempt("close", "2019-03-02")) is None


@pytest.mark.parametrize(("fine", "confiscated", "ordered"), [(1, 0, True), (0, 1, True), (0, 0, False)])
def test_a_payment_period_begins_only_when_money_was_ordered(fine: int, confiscated: int, ordered: bool) -> None:
    case = served(fine=fine, confiscated=confiscated)

    assert money_ordered(case, an_attempt("serve", "2018-10-19", "handler1")) is ordered


def test_no_payment_is_ordered_by_a_decision_without_penalty() -> None:
    case = a_case("no_penalty", taken("decide_no_penalty", "2018-10-13", "head", ground="no_fault"))

    assert not money_ordered(case, an_attempt("serve", "2018-10-19", "handler1"))
