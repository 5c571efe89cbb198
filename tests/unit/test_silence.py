"""Which runs an office missed: against a count over whole histories of runs, at the edges, and as it is said."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from builders import day, law
from hypothesis import given
from hypothesis import strategies as st

from commands.answer import Answer
from commands.frame import Run
from commands.output import MAX_WIDTH, display_width
from commands.silence_lines import say_silent, silent_document, silent_lines
from commands.words import use_language
from engine.holiday_values import HolidayName, HolidayYear
from engine.working_days import WorkingDays
from notifications.silence import BACKUP_DAYS, OWED, Evidence, Standing, judged
from notifications.silence_health import run_checks

FOUNDED = day("2018-08-01")
CALENDAR = law().calendar
NAME = HolidayName("节", "holiday")
# A year of which the notice is not there yet: Monday to Friday.
UNPUBLISHED = day("2035-01-01")
DATES = st.integers(0, 70).map(lambda n: FOUNDED + timedelta(days=n))


def standing(run: str, on: str | date, *, calendar: WorkingDays = CALENDAR, **evidence: object) -> Standing:
    told = Evidence(**{"founded_on": FOUNDED, **evidence})  # type: ignore[arg-type]
    (found,) = (one for one in judged(told, day(on) if isinstance(on, str) else on, calendar) if one.run.id == run)
    return found


def since(run: str, on: str | date, **more: object) -> date | None:
    return standing(run, on, **more).since  # type: ignore[arg-type]


def done(run: str, on: str | date) -> dict[str, date]:
    (name,) = (one.setting for one in OWED if one.id == run)
    return {name: day(on) if isinstance(on, str) else on}


@st.composite
def calendars(draw: st.DrawFn) -> WorkingDays:
    """Any table of the year, make-up Saturdays and rest days in the middle of the week among them."""
    rest, worked = draw(st.sets(DATES, max_size=12)), draw(st.sets(DATES, max_size=6))
    year = HolidayYear(2018, dict.fromkeys(rest - worked, NAME), dict.fromkeys(worked, NAME), None, "", "V1")
    return WorkingDays([2018], lambda _: year)


@given(calendar=calendars(), runs=st.sets(DATES, max_size=12), on=DATES)
def test_a_working_day_is_missed_when_it_is_over_and_nothing_has_run_since_it_began(
    calendar: WorkingDays, runs: set[date], on: date
) -> None:
    runs = {one for one in runs if one <= on}
    days = [FOUNDED + timedelta(days=n) for n in range(1, (on - FOUNDED).days)]
    missed = [one for one in days if calendar.is_working(one) and not any(one <= ran for ran in runs)]

    last = done("digest", max(runs)) if runs else {}

    assert since("digest", on, calendar=calendar, done_on=last) == (missed[0] if missed else None)


@given(runs=st.sets(DATES, max_size=12), on=DATES)
def test_a_backup_is_missed_when_there_is_none_of_the_last_days(runs: set[date], on: date) -> None:
    runs = {FOUNDED, *(one for one in runs if one <= on)}
    last_days = {on - timedelta(days=n) for n in range(BACKUP_DAYS + 1)}

    found = since("backup", on, done_on=done("backup", max(runs)))

    assert (found is None) == bool(runs & last_days)
    if found is not None:
        assert not {found - timedelta(days=n) for n in range(BACKUP_DAYS)} & runs
        assert found < on


@given(on=DATES, reminder=st.none() | DATES)
def test_whatever_has_run_today_is_not_silent(on: date, reminder: date | None) -> None:
    everything = {one.setting: on for one in OWED}

    assert all(one.since is None for one in judged(Evidence(FOUNDED, reminder, everything), on, CALENDAR))


@pytest.mark.parametrize(
    ("last", "on", "missed"),
    [
        ("2018-09-07", "2018-09-10", None),  # Friday to Monday: Monday is not over
        ("2018-09-07", "2018-09-11", "2018-09-10"),
        ("2018-09-08", "2018-09-10", None),  # on a Saturday, for the Friday before
        ("2018-09-06", "2018-09-08", "2018-09-07"),  # and on Saturday the Friday is over
        ("2018-09-28", "2018-09-29", None),  # 29 and 30 September 2018 were worked
        ("2018-09-28", "2018-09-30", "2018-09-29"),
        ("2018-09-30", "2018-10-08", None),  # the National Day week
        ("2018-09-30", "2018-10-09", "2018-10-08"),
    ],
)
def test_rest_days_are_not_owed_and_make_up_days_are(last: str, on: str, missed: str | None) -> None:
    found = since("reminders", on, done_on=done("reminders", last))

    assert found == (day(missed) if missed else None)


def test_in_a_year_without_a_table_monday_to_friday_are_owed() -> None:
    assert since("digest", "2035-10-02", founded_on=UNPUBLISHED, done_on=done("digest", "2035-09-28")) == day(
        "2035-10-01"
    )
    assert since("digest", "2035-10-01", founded_on=UNPUBLISHED, done_on=done("digest", "2035-09-28")) is None


@pytest.mark.parametrize(("on", "missed"), [("2018-08-01", None), ("2018-08-02", None), ("2018-08-03", "2018-08-02")])
def test_a_new_store_is_counted_from_the_day_after_it_was_made(on: str, missed: str | None) -> None:
    assert since("digest", on) == (day(missed) if missed else None)


@pytest.mark.parametrize(
    ("reminder", "on", "missed"),
    [
        (None, "2018-12-31", None),  # none was ever due: none was missed
        ("2018-09-10", "2018-09-10", None),
        ("2018-09-10", "2018-09-11", "2018-09-10"),
        ("2018-09-08", "2018-09-10", None),  # an urgent one on a Saturday: the next working day is not over
        ("2018-09-08", "2018-09-11", "2018-09-10"),
        ("2018-07-01", "2018-08-03", "2018-08-02"),  # never before the store was made
    ],
)
def test_reminders_are_owed_from_the_first_one_that_is_due(reminder: str | None, on: str, missed: str | None) -> None:
    found = since("reminders", on, reminder_on=day(reminder) if reminder else None)

    assert found == (day(missed) if missed else None)


@pytest.mark.parametrize(
    ("rehearsal", "digested", "on", "missed"),
    [
        (None, None, "2018-12-31", None),  # no campaign owes a monthly form
        ("2018-09-10", None, "2018-09-10", None),
        ("2018-09-10", None, "2018-09-11", "2018-09-10"),
        (
            "2018-09-10",
            "2018-09-11",
            "2018-09-12",
            None,
        ),  # the campaign was loaded after the digest, or by an older program
        ("2018-09-10", "2018-09-11", "2018-09-13", "2018-09-12"),
        ("2018-09-10", "2018-08-20", "2018-09-11", "2018-09-10"),
        ("2017-09-10", None, "2018-08-03", "2018-08-02"),  # never before the store was made
    ],
)
def test_rehearsals_are_owed_from_the_first_form_that_is_due_soon(
    rehearsal: str | None, digested: str | None, on: str, missed: str | None
) -> None:
    done_on = done("digest", digested) if digested else {}

    found = since("rehearsal", on, rehearsal_on=day(rehearsal) if rehearsal else None, done_on=done_on)

    assert found == (day(missed) if missed else None)


def test_once_it_has_run_it_is_owed_every_working_day_whether_or_not_a_reminder_is_due() -> None:
    assert since("reminders", "2018-09-12", done_on=done("reminders", "2018-09-10")) == day("2018-09-11")


def test_nobody_backs_up_a_practice_store_but_everything_else_is_owed_in_it() -> None:
    silent = {
        one.run.id
        for one in judged(Evidence(FOUNDED, FOUNDED, practice=True), day("2018-12-03"), CALENDAR)
        if one.since
    }

    assert silent == {"reminders", "digest"}


@given(days=st.integers(1, 4000))
def test_a_last_day_after_today_is_no_silence_but_said(days: int) -> None:
    on = day("2018-09-10")
    ahead = {one.setting: on + timedelta(days=days) for one in OWED}

    found = judged(Evidence(FOUNDED, FOUNDED, ahead), on, CALENDAR)
    checks = list(run_checks(found))

    assert all(one.ahead and one.since is None for one in found)
    assert all(check.ok and str(on + timedelta(days=days)) in check.zh and "clock" in check.en for check in checks)


def test_a_store_made_after_today_owes_nothing_yet() -> None:
    assert all(one.since is None for one in judged(Evidence(day("2026-11-25")), day("2018-09-10"), CALENDAR))


@pytest.mark.parametrize("on", [date.min, date.max])
def test_the_ends_of_the_calendar_are_no_fault(on: date) -> None:
    everything = {one.setting: date.max for one in OWED}

    assert all(one.since is None for one in judged(Evidence(on, on, everything), on, CALENDAR))


# --- as it is said ----------------------------------------------------------------------------------------------------

SINCE = ("2018-09-04", "2018-09-05", "2018-09-07", "2018-09-11")
MISSED = tuple(Standing(run, None, day(on)) for run, on in zip(OWED, SINCE, strict=True))


def a_run(lang: str) -> Run:
    use_language("zh" if lang == "zh" else "en")
    return Run(None, False, lang, False, Answer(as_json=False))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("runs", [MISSED, MISSED[:3], MISSED[3:]], ids=["all", "scheduler", "backup"])
def test_one_remark_names_every_silent_run_since_when_and_what_to_type(
    lang: str, runs: tuple[Standing, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    say_silent(a_run(lang), runs)
    said = capsys.readouterr().err.splitlines()
    line = " ".join(said)
    lines = list(silent_lines(silent_document(runs)))
    use_language("zh")

    assert all(display_width(one) <= MAX_WIDTH for one in said)
    assert all(str(one.since) in line and (one.run.zh if lang == "zh" else one.run.en) in line for one in runs)
    commands = {one.run.command for one in runs}
    assert line.endswith(commands.pop() if len(commands) == 1 else "anjuan doctor")
    assert all(display_width(one) <= MAX_WIDTH for one in lines)
    assert all(any(one.run.command in text and str(one.since) in text for text in lines) for one in runs)


def test_the_doctor_has_one_check_of_each_run_with_what_to_type() -> None:
    checks = list(run_checks(MISSED))

    assert [(check.id, check.ok) for check in checks] == [
        ("run_reminders", False),
        ("run_digest", False),
        ("run_rehearsal", False),
        ("run_backup", False),
    ]
    for check, one in zip(checks, MISSED, strict=True):
        assert all(text in check.zh and text in check.en for text in (str(one.since), one.run.command))
        assert ("从未" in check.zh, "never" in check.en) == (True, True)
