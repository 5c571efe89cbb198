"""Deadlines projected anew under other rules: what moves, what stays, and what is never dropped silently."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from builders import day, law
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.clock import SHANGHAI
from engine.courses import Course
from engine.deadline_turns import extended, paused
from engine.deadlines import Deadline, new_deadline
from engine.errors import DeadlineUndetermined
from engine.holiday_values import SATURDAY
from engine.law_book import LawBook
from engine.period_values import Extension, Length, Pause
from engine.reprojecting import kept_up, reprojected
from engine.rule_changes import Reach, touches, turn_of
from engine.time_limits import TimeLimit
from engine.working_days import WorkingDays

EXPIRY = {"zh": "届满", "en": "ends"}
OPEN = {"from": None, "to": None, "basis": "法", "source": "试验", "confidence": "V1"}


def limit(id: str = "reply", nature: str = "right", *versions: dict[str, Any], **said: Any) -> TimeLimit:
    """A rule of one version from `~` to `~`, or of those given."""
    content = {"id": id, "zh": "答复", "en": "reply", "nature": nature, "expiry": EXPIRY, "remind": ["handler"]}
    return TimeLimit.model_validate({**content, "versions": versions or ({**OPEN, **counted("+5wd")},), **said})


def counted(*lengths: str, roll: str = "none", pick: str | None = None) -> dict[str, Any]:
    return {"readings": [{"length": length, "roll": roll} for length in lengths], "pick": pick}


def holidays(year: int, rest: Iterable[str] = (), worked: Iterable[str] = ()) -> dict[str, Any]:
    days = {"rest": rest, "worked": worked}
    rows = {name: [{"on": on, "zh": "节", "en": "holiday"} for on in found] for name, found in days.items()}
    return {"year": str(year), "notice": "国办发明电〔2026〕1号", "source": "试验", "confidence": "M-", **rows}


def book(*limits: TimeLimit, calendar: WorkingDays | None = None) -> LawBook:
    return LawBook(limits, (), calendar or law().calendar)


def started(rules: LawBook, on: str, rule: str = "reply", **given: Any) -> Deadline:
    """A deadline as a step of that day starts it."""
    chosen = given.pop("course", Course(day(on)))
    version = rules.limit_on(rule, chosen.chosen_on)
    assert version is not None
    return new_deadline(
        rules.limits[rule],
        version,
        rule,
        rules.rule_hash(rule),
        rules.calendar,
        started_on=day(on),
        course=chosen,
        **given,
    )


# --- what stays -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", sorted(law().limits))
@pytest.mark.parametrize("on", ["2016-03-01", "2018-09-14", "2021-07-14", "2021-07-15", "2025-11-21"])
def test_the_same_law_gives_the_same_deadline(rule: str, on: str) -> None:
    version = law().limit_on(rule, day(on))
    if version is None:
        return
    given: dict[str, Any] = {}
    if version.fixed:
        given["fixed_on"] = day("2030-01-02")
    if version.counts_hours:
        given["started_at"] = datetime(2018, 9, 14, 16, 30, tzinfo=SHANGHAI)
    made = started(law(), on, rule, **given)

    assert reprojected(made, law()) == made


def test_a_day_that_an_order_fixed_stays_and_what_was_granted_later_is_counted_from_it() -> None:
    fixed = book(limit("reply", "right", {**OPEN, "fixed": True}))
    plain = started(fixed, "2025-11-03", fixed_on=day("2025-11-28"))
    more = extended(plain, Extension(Length(3, "cd")), fixed.calendar)
    reworded = book(limit("reply", "right", {**OPEN, "fixed": True, "basis": "新法"}))

    again, again_more = reprojected(plain, reworded), reprojected(more, reworded)

    assert (again.due_on, again.terms.basis) == (day("2025-11-28"), "新法")
    assert again_more.due_on == day("2025-12-01")


def test_the_version_is_that_of_the_day_on_which_it_was_chosen() -> None:
    until = {**OPEN, **counted("+3cd"), "to": "2021-07-14"}
    since = {**OPEN, **counted("+5wd"), "from": "2021-07-15"}
    made = started(book(limit("reply", "right", until, since)), "2021-07-20", course=Course(day("2021-07-14")))
    edited = book(limit("reply", "right", until, {**since, **counted("+9wd")}))

    assert made.due_on == day("2021-07-23")
    assert reprojected(made, edited).due_on == day("2021-07-23")


# --- what moves -------------------------------------------------------------------------------------------------------


def test_an_edited_length_moves_the_day_and_everything_that_was_said_follows() -> None:
    """From Friday 21 November 2025: the fifth working day is the 28th, the seventh 2 December."""
    made = started(book(limit()), "2025-11-21")
    version = {**OPEN, **counted("+7wd"), "basis": "新法", "confirmed_by": "reviewer", "confirmed_on": "2025-11-24"}
    edited = book(limit("reply", "duty", version, zh="新名", remind=["lead"]))

    after = reprojected(made, edited)

    assert (made.due_on, after.due_on) == (day("2025-11-28"), day("2025-12-02"))
    assert (after.nature, after.terms.zh, after.terms.remind) == ("duty", "新名", ("lead",))
    assert (after.terms.basis, after.terms.confirmed, after.terms.rule_hash) == (
        "新法",
        True,
        edited.limits["reply"].rule_hash(),
    )
    assert (after.id, after.course, after.started_on) == (made.id, made.course, made.started_on)


def test_pauses_and_extensions_go_with_it() -> None:
    """From 3 November 2025, ten days: the 13th. Paused 5 to 6 November: the 15th. Three days more: the 18th."""
    rules = book(limit("reply", "right", {**OPEN, **counted("+10cd")}))
    pause = Pause(day("2025-11-05"), day("2025-11-06"))
    made = started(rules, "2025-11-03", course=Course(day("2025-11-03"), pauses=(pause,)))
    made = extended(made, Extension(Length(3, "cd")), rules.calendar)
    edited = book(limit("reply", "right", {**OPEN, **counted("+20cd")}))

    assert made.due_on == day("2025-11-18")
    assert reprojected(made, edited).due_on == day("2025-11-28")


def test_while_it_is_paused_the_earliest_day_moves() -> None:
    rules = book(limit("reply", "right", {**OPEN, **counted("+10cd")}))
    made = paused(started(rules, "2025-11-03"), Pause(day("2025-11-05"), None), rules.calendar)
    edited = book(limit("reply", "right", {**OPEN, **counted("+20cd")}))

    after = reprojected(made, edited)

    assert (made.due_on, after.due_on, after.state) == (day("2025-11-14"), day("2025-11-24"), "paused")


def test_what_waits_for_another_limit_starts_at_its_new_end() -> None:
    """Told by public notice on 1 August 2025: after 30 days 31 August, after 60 days 30 September; then ten days."""
    reply = limit("reply", "right", {**OPEN, **counted("+10cd")})
    told = limit("public_notice", "automatic", {**OPEN, **counted("+30cd")})
    longer = limit("public_notice", "automatic", {**OPEN, **counted("+60cd")})
    course = Course(day("2025-08-01"), "public_notice", day("2025-08-01"))
    made = started(book(reply, told), "2025-08-31", course=course)

    after = reprojected(made, book(reply, longer))

    assert (made.due_on, after.started_on, after.due_on) == (
        day("2025-09-10"),
        day("2025-09-30"),
        day("2025-10-10"),
    )


def test_a_published_year_makes_a_provisional_day_firm() -> None:
    """From Monday 28 December 2026 by weekdays alone: 29, 30, 31, 1 and 4 January; with the holiday the 5th."""
    known = [law().calendar.year(2026).document()]
    before = book(limit(), calendar=WorkingDays.from_documents(known))
    table = holidays(2027, ["2027-01-01", "2027-01-02", "2027-01-03"])
    after = book(limit(), calendar=WorkingDays.from_documents([*known, table]))

    made = started(before, "2026-12-28")
    again = reprojected(made, after)

    assert (made.due_on, made.provisional) == (day("2027-01-04"), True)
    assert (again.due_on, again.provisional) == (day("2027-01-05"), False)


def test_an_edit_there_and_back_leaves_nothing_behind() -> None:
    rules = book(limit())
    edited = book(limit("reply", "duty", {**OPEN, **counted("+90cd", roll="next")}))
    made = started(rules, "2025-11-21")

    assert reprojected(reprojected(made, edited), rules) == made


# --- what is kept as it is --------------------------------------------------------------------------------------------

HOURS = {**OPEN, **counted("+24h")}
FIXED = {**OPEN, "fixed": True}
NONE = {**OPEN, "none": True}
UNSTATED = {**OPEN, "unstated": True}


@pytest.mark.parametrize(
    "edited",
    [
        (),
        (limit("reply", "right", NONE),),
        (limit("reply", "right", UNSTATED),),
        (limit("reply", "right", FIXED),),
        (limit("reply", "right", HOURS),),
    ],
    ids=["gone", "none", "unstated", "fixed_without_a_day", "hours_without_a_minute"],
)
def test_rules_that_give_no_date_are_an_error_and_the_deadline_stays(edited: tuple[TimeLimit, ...]) -> None:
    made = started(book(limit()), "2025-11-21")

    with pytest.raises(DeadlineUndetermined) as caught:
        reprojected(made, book(*edited))

    assert caught.value.reason_zh
    assert caught.value.reason_en
    assert kept_up(made, book(*edited)) is made


def test_a_rule_from_whose_end_it_ran_is_missed_too() -> None:
    course = Course(day("2025-08-01"), "public_notice", day("2025-08-01"))
    told = limit("public_notice", "automatic", {**OPEN, **counted("+30cd")})
    made = started(book(limit(), told), "2025-08-31", course=course)

    with pytest.raises(DeadlineUndetermined):
        reprojected(made, book(limit()))


def test_what_has_no_date_any_more_is_told_beside_what_moves() -> None:
    rules = book(limit(), limit("other"))
    moving, losing = started(rules, "2025-11-21"), started(rules, "2025-11-21", "other")
    edited = book(limit("reply", "right", {**OPEN, **counted("+7wd")}))

    turn = turn_of("suzhou-2025-0001", "suzhou", [moving, losing], edited, rules, day("2025-11-21"))

    assert [(s.deadline_id, s.moved, s.became_firm) for s in turn.shifts] == [("reply", True, False)]
    assert [(o.deadline_id, o.due_on) for o in turn.orphans] == [("other", losing.due_on)]
    assert {(r.subject, r.due_on) for r in turn.rungs} == {("reply", day("2025-12-02"))}


def test_a_reminder_that_falls_on_a_new_day_off_is_planned_for_the_day_before_it() -> None:
    """Due Wednesday 12 November 2025, no working days counted: only the day of the seven-day rung becomes free."""
    rules = limit("reply", "right", {**OPEN, **counted("+12cd")})
    known = law().calendar.year(2025).document()
    free = {**known, "rest": [*known["rest"], *holidays(2025, ["2025-11-05"])["rest"]]}
    before, after = (book(rules, calendar=WorkingDays.from_documents([table])) for table in (known, free))
    made = started(before, "2025-10-31")

    turn = turn_of("suzhou-2025-0001", "suzhou", [made], after, before, day("2025-11-01"))

    assert turn.changed == ()
    assert [(r.rung_days, r.send_on) for r in turn.rungs] == [(7, day("2025-11-04"))]


# --- which deadlines a change can touch -------------------------------------------------------------------------------

LENGTHS = ["+1wd", "+5wd", "+20wd", "+90wd", "-7wd", "-3cd", "+1cd", "+15cd", "+60cd", "+3mo", "+1yr"]


@settings(max_examples=600, deadline=None)
@given(
    st.integers(2019, 2023),
    st.sampled_from([0, 1]),
    st.integers(-100, 40),
    st.lists(st.sampled_from(LENGTHS), min_size=1, max_size=2, unique=True),
    st.sampled_from(["next", "previous", "none"]),
    st.sampled_from(["later", "earlier"]),
    st.sampled_from([None, "+30cd", "+60wd"]),
    st.lists(st.integers(-12, 12), min_size=3, max_size=12),
)
def test_whatever_an_edited_year_changes_is_among_those_that_it_can_touch(
    year: int, end: int, offset: int, lengths: list[str], roll: str, pick: str, told: str | None, turned: list[int]
) -> None:
    """Around both turns of a year, days are turned from worked into free or the other way round."""
    turn_on = date(year - 1 + end, 12, 31)
    on = turn_on + timedelta(days=offset)
    chosen = pick if len(lengths) > 1 else None
    rules = [
        limit("reply", "automatic", {**OPEN, **counted(*lengths, roll=roll, pick=chosen)}),
        limit("public_notice", "automatic", {**OPEN, **counted(told or "+30cd", roll="next")}),
    ]
    tables = {y: law().calendar.year(y).document() for y in range(2018, 2027)}
    flipped = {turn_on + timedelta(days=n) for n in turned}
    flipped = {d for d in flipped if d.year == year}
    edited = {
        **tables,
        year: holidays(
            year,
            [d.isoformat() for d in sorted(flipped) if d.weekday() < SATURDAY],
            [d.isoformat() for d in sorted(flipped) if d.weekday() >= SATURDAY],
        ),
    }
    before = book(*rules, calendar=WorkingDays.from_documents(tables.values()))
    after = book(*rules, calendar=WorkingDays.from_documents(edited.values()))
    course = Course(on, "public_notice", on) if told else Course(on)
    made = started(before, on.isoformat(), course=course)
    made = reprojected(made, before)

    if reprojected(made, after) != made:
        assert touches(Reach(years=frozenset({year})), made)


def test_a_day_moved_back_over_the_turn_of_the_year_rests_on_the_new_one() -> None:
    """Ten days from 22 December 2025 end on New Year's Day, which moves the end back to 31 December."""
    rules = limit("reply", "right", {**OPEN, **counted("+10cd", roll="previous")})
    made = started(book(rules), "2025-12-22")
    worked = [law().calendar.year(2025).document(), holidays(2026)]

    after = reprojected(made, book(rules, calendar=WorkingDays.from_documents(worked)))

    assert (made.due_on, after.due_on) == (day("2025-12-31"), day("2026-01-01"))
    assert touches(Reach(years=frozenset({2026})), made)


def test_a_deadline_far_from_the_year_is_left_alone() -> None:
    made = started(book(limit()), "2025-11-21")

    assert not touches(Reach(years=frozenset({2023, 2027})), made)
    assert not touches(Reach(limits=frozenset({"other"})), made)
    assert touches(Reach(limits=frozenset({"reply"})), made)
    assert touches(Reach(limits=frozenset({"x"})), replace(made, course=Course(made.started_on, "x", made.started_on)))
