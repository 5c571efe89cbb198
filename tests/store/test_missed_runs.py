"""Runs leave their day behind and silence is seen in it, on both databases."""

from __future__ import annotations

import pytest
from builders import Scene, day

from engine.backup_day import BACKED_UP, backed_up
from engine.office import Office
from notifications.gathering import gather
from notifications.run_days import REMINDED, last_on
from notifications.silence import silent_runs, standings
from notifications.telling import silent as unheard

pytest_plugins = ("scenes",)


def silences(office: Office) -> dict[str, str]:
    """The silent runs, each with the day since when."""
    with office.store.reading() as work:
        return {one.run.id: str(one.since) for one in silent_runs(office, work)}


def run(scene: Scene, on: str) -> None:
    """What every run does first, in which it leaves its day behind."""
    scene.it_is(on)
    gather(scene.office, unheard)


def on(scene: Scene, when: str) -> dict[str, str]:
    scene.it_is(when)
    return silences(scene.office)


def test_a_new_store_is_silent_only_after_its_first_working_day(scene: Scene) -> None:
    # Made on Monday, 1 January 2007; 1 to 3 January were holidays.
    assert on(scene, "2007-01-01") == on(scene, "2007-01-04") == {}
    assert on(scene, "2007-01-05") == {"digest": "2007-01-04"}


def test_silence_comes_with_the_working_day_after_a_missed_one_and_goes_with_a_run(scene: Scene) -> None:
    run(scene, "2018-09-28")

    assert on(scene, "2018-09-29") == {}
    # Two make-up days.
    assert on(scene, "2018-09-30") == dict.fromkeys(["reminders", "digest", "rehearsal"], "2018-09-29")
    run(scene, "2018-09-30")
    assert silences(scene.office) == {}
    assert on(scene, "2018-10-08") == {}
    assert set(on(scene, "2018-10-09")) == {"reminders", "digest", "rehearsal"}


def test_reminders_are_missed_from_the_first_that_nobody_sent(scene: Scene) -> None:
    with scene.office.store.reading() as work:
        first = min(day(row[0]) for row in work.connection.exec_driver_sql("SELECT send_on FROM agenda"))
    after = scene.office.law.calendar.add(first, 1)

    assert "reminders" not in on(scene, first.isoformat())
    assert on(scene, after.isoformat())["reminders"] == first.isoformat()


def test_whether_a_run_had_anything_to_do_does_not_matter(scene: Scene) -> None:
    run(scene, "2007-01-05")

    with scene.office.store.reading() as work:
        assert last_on(work, REMINDED) == day("2007-01-05")
    assert on(scene, "2007-01-08") == {}


def test_a_backup_is_owed_in_a_real_store_and_counted_from_its_last_day(scene: Scene) -> None:
    real = Office(scene.office.store, scene.clock, practice=False)
    with real.store.reading() as work:
        real.refresh(work)

    scene.it_is("2007-01-08")
    assert "backup" not in silences(real)
    scene.it_is("2007-01-09")
    assert silences(real)["backup"] == "2007-01-08"
    assert "backup" not in silences(scene.office)
    with real.store.writing() as work:
        backed_up(work, day("2007-01-09"))
    assert "backup" not in silences(real)


def test_a_later_backup_replaces_the_day_and_so_does_one_after_a_clock_that_was_ahead(scene: Scene) -> None:
    for noted in ("2018-09-03", "2027-01-01", "2018-09-10"):
        with scene.office.store.writing() as work:
            backed_up(work, day(noted))
        with scene.office.store.reading() as work:
            assert last_on(work, BACKED_UP) == day(noted)


def test_a_clock_that_was_put_back_is_no_silence(scene: Scene) -> None:
    run(scene, "2018-09-10")
    scene.it_is("2018-09-04")

    with scene.office.store.reading() as work:
        found = {one.run.id: (one.since, one.ahead) for one in standings(scene.office, work)}

    assert (found["reminders"], found["digest"]) == ((None, True), (None, True))
    run(scene, "2018-09-04")
    assert set(on(scene, "2018-09-06")) == {"reminders", "digest", "rehearsal"}


def test_whoever_types_a_command_pays_for_one_statement(scene: Scene) -> None:
    scene.it_is("2018-09-10")

    with scene.office.store.reading() as work:
        before = work.statements
        assert silent_runs(scene.office, work)
        assert work.statements - before == 1


@pytest.mark.parametrize("scene", ["sqlite"], indirect=True)
def test_every_part_of_it_is_one_look_into_an_index(scene: Scene) -> None:
    from notifications.silence import _EVIDENCE

    with scene.office.store.reading() as work:
        compiled = work.store.compiled(_EVIDENCE)
        plan = work._raw.execute(f"EXPLAIN QUERY PLAN {compiled.text}", compiled.arguments({})).fetchall()

    assert [row[3] for row in plan if row[3].startswith("SCAN")] == []
