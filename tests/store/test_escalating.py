"""What happens when nobody acts: who hears, what stands on record, how it is acknowledged, what somebody may mute."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from builders import Scene, day

from engine.acknowledging import Acknowledged, acknowledge
from engine.agenda import AGENDA, due_rungs
from engine.errors import FileWrong, NotFound, TransitionRefused
from engine.mutes import mute, mutes_of, unmute
from engine.snapshot import snapshot
from engine.verifying import verify_store
from notifications.mail_store import Mail, listed, mail_of
from notifications.queueing import queue_subject
from notifications.run_count import RunCount
from notifications.telling import silent
from notifications.truth import NO_RUNG, by_subject

pytest_plugins = ("scenes",)

ON_SQLITE = pytest.mark.parametrize("scene", ["sqlite"], indirect=True)
LIMIT = "complaint_decision"
# Papers complete on Monday 2018-09-03, due on Tuesday the 18th. One working day on is the 19th, three are Friday the
# 21st; the 22nd to 24th are a holiday, so that seven are Friday the 28th.
DUE, FIRST, SECOND, THIRD = "2018-09-18", "2018-09-19", "2018-09-21", "2018-09-28"


@pytest.fixture
def case(scene: Scene) -> str:
    """A complaint that nobody decides on."""
    no = scene.open("2018-09-03", campaign=None, source="complaint")
    scene.take(no, "receive_materials", "2018-09-03")
    return no


def remind(scene: Scene, *days: str, limit: str = LIMIT) -> None:
    """On each of the days every rung of the limit that is due becomes mails."""
    for on in days:
        scene.it_is(on)
        with scene.office.store.reading() as work:
            due = [rung for rung in due_rungs(work, day(on)) if rung.subject == limit]
        for rungs in by_subject(due):
            with scene.office.store.writing() as work:
                queue_subject(scene.office, work, rungs)


def mails(scene: Scene, number: int | None = None) -> list[Mail]:
    with scene.office.store.reading() as work:
        found = [mail_of(work, line.id) for line in listed(work)]
    return [mail for mail in found if number is None or mail.rung.rung_days == number]


def heard(scene: Scene, number: int) -> set[str]:
    return {mail.line.to_name for mail in mails(scene, number)}


def rungs(scene: Scene, limit: str = LIMIT) -> dict[int, tuple[str, str]]:
    """State and reason of every rung of the limit."""
    with scene.office.store.reading() as work:
        columns = (AGENDA.c.rung_days, AGENDA.c.state, AGENDA.c.why)
        rows = work.connection.execute(sa.select(*columns).where(AGENDA.c.subject == limit)).all()
    return {number: (state, why or "") for number, state, why in rows}


def escalations(scene: Scene, no: str) -> list[tuple[int, set[str]]]:
    said = [entry.said()["effects"] for entry in scene.entries(no) if entry.kind == "escalate"]
    assert all((one["deadline"], one["due_on"]) == (LIMIT, DUE) for one in said)
    return [(one["rung"], set(one["to"])) for one in said]


def knows(scene: Scene, no: str, by: str = "lead", reason: str = "等权利人补证") -> Acknowledged:
    with scene.office.store.writing() as work:
        return acknowledge(scene.office, work, no, LIMIT, by, reason)


def refused(scene: Scene, no: str, by: str = "lead", reason: str = "等权利人补证") -> list[str]:
    try:
        knows(scene, no, by, reason)
    except TransitionRefused as refusal:
        return [r.code for r in refusal.refusals if r.remedy is not None]
    return []


def whole(scene: Scene) -> bool:
    with snapshot(scene.office.store) as work:
        verified = verify_store(work)
    assert verified.first_bad is None, verified.first_bad
    return verified.ok


def test_an_overdue_duty_goes_up_and_stands_on_record(scene: Scene, case: str) -> None:
    before = scene.case(case)

    remind(scene, DUE, FIRST, SECOND, THIRD)

    assert heard(scene, 0) == {"handler1", "lead"}
    assert heard(scene, -1) == {"handler1", "lead"}
    assert heard(scene, -3) == {"handler1", "lead", "head", "handler_head"}
    assert heard(scene, -7) == {"handler1", "lead", "head", "handler_head", "supervisor"}
    assert escalations(scene, case) == [(n, heard(scene, n)) for n in (-1, -3, -7)]
    after = scene.case(case)
    assert (after.state, after.version, after.deadlines) == (before.state, before.version, before.deadlines)
    assert whole(scene)


def test_after_an_outage_one_mail_reaches_everybody_who_should_have_heard(scene: Scene, case: str) -> None:
    remind(scene, THIRD)

    assert {mail.rung.rung_days for mail in mails(scene)} == {-7}
    assert heard(scene, -7) >= {"handler1", "lead", "head", "supervisor"}
    assert [number for number, _ in escalations(scene, case)] == [-7]


def test_an_overdue_mail_says_so_and_how_to_acknowledge_in_both_languages(scene: Scene, case: str) -> None:
    remind(scene, THIRD)

    mail = next(mail for mail in mails(scene, -7) if mail.line.to_name == "supervisor")
    assert mail.line.subject == f"{case} 受理或者不予受理：已于2018年9月18日（周二）届满"
    command = f"anjuan case acknowledge {case} {LIMIT} --reason …"
    for told in ("已逾期10天", "overdue by 10 days", f"确认知悉：{command}", f"Acknowledge: {command}"):
        assert told in mail.text
    assert "您收到本邮件，因为本案期限逾期，您是督办人员（逾期提醒）" in mail.text
    assert "You get this mail because the date has passed, and you are the supervisor (overdue reminder)." in mail.text
    assert mail.html.count(command) == 2


@ON_SQLITE
def test_a_reminder_before_the_date_has_nothing_to_acknowledge(scene: Scene, case: str) -> None:
    remind(scene, DUE)

    assert all("acknowledge" not in mail.text + mail.html for mail in mails(scene))


def test_what_was_done_late_is_announced_no_more(scene: Scene, case: str) -> None:
    remind(scene, FIRST)
    scene.take(case, "accept", "2018-09-20", reason="补证较晚")

    remind(scene, SECOND)

    assert (rungs(scene)[-3][0], heard(scene, -3)) == ("suppressed", set())
    assert "已于2018-09-20办理" in rungs(scene)[-3][1]
    assert [number for number, _ in escalations(scene, case)] == [-1]


def test_acknowledging_stops_the_next_rungs_and_not_the_limit(scene: Scene, case: str) -> None:
    remind(scene, FIRST)
    version = scene.case(case).version

    done = knows(scene, case)
    remind(scene, SECOND, THIRD)

    assert (done.entry.kind, done.entry.said()["effects"]["rung"]) == ("acknowledge", -1)
    for number in (-3, -7):
        state, why = rungs(scene)[number]
        assert (state, heard(scene, number)) == ("suppressed", set())
        assert "lead已于2018-09-19确认知悉（等权利人补证）" in why
        assert "acknowledged by lead on 2018-09-19 (等权利人补证)" in why
    assert (scene.standing(case, LIMIT), scene.case(case).version) == ("overdue", version)
    assert whole(scene)


def test_a_new_date_makes_it_void(scene: Scene, case: str) -> None:
    remind(scene, FIRST)
    knows(scene, case)
    # The office learns better how the limit is counted.
    scene.edit_rule(LIMIT, "+15cd", "+16cd")
    moved = scene.due(case, LIMIT)

    remind(scene, "2018-09-29")

    assert moved == "2018-09-19"
    assert {number: rungs(scene)[number][0] for number in (-1, -3)} == {-1: "suppressed", -3: "suppressed"}
    assert escalations_of(scene, case)[-1] == (-7, moved)
    assert whole(scene)


def escalations_of(scene: Scene, no: str) -> list[tuple[int, str]]:
    said = [entry.said()["effects"] for entry in scene.entries(no) if entry.kind == "escalate"]
    return [(one["rung"], one["due_on"]) for one in said]


@pytest.mark.parametrize("by", ["handler1", "lead", "head", "supervisor"])
@ON_SQLITE
def test_who_holds_it_heard_it_or_stands_above_may_acknowledge(scene: Scene, case: str, by: str) -> None:
    remind(scene, FIRST)

    assert refused(scene, case, by) == []


@ON_SQLITE
def test_what_cannot_be_acknowledged_is_refused_with_every_reason(scene: Scene, case: str) -> None:
    remind(scene, DUE)
    assert refused(scene, case) == ["acknowledge.not_overdue"]

    scene.it_is(FIRST)
    assert refused(scene, case) == ["acknowledge.not_announced"]
    assert refused(scene, case, "finance", " ") == ["role.missing", "acknowledge.not_announced", "reason.missing"]

    remind(scene, FIRST)
    knows(scene, case)
    assert refused(scene, case, "head") == ["acknowledge.already"]
    with pytest.raises(NotFound), scene.office.store.writing() as work:
        acknowledge(scene.office, work, case, "no_such_limit", "lead", "x")


# --- muting -----------------------------------------------------------------------------------------------------------


def told(scene: Scene) -> str:
    """A case in which the party may make a statement until 2018-09-13."""
    no = scene.open("2018-09-03")
    scene.walk(no, "verify file investigate conclude review approve_notice notify", "2018-09-04")
    return no


def muting(scene: Scene, name: str, ladder: str, *, off: bool = True) -> None:
    person = scene.office.people.person(name)
    with scene.office.store.writing() as work:
        if off:
            mute(work, scene.office.law.ladders, person, ladder, scene.clock.now())
        else:
            unmute(work, scene.office.law.ladders, person, ladder)


def test_a_muted_mail_is_kept_with_its_reason_and_the_others_go(scene: Scene) -> None:
    no = told(scene)
    due = scene.due(no, "statement_period")
    muting(scene, "lead", "rights")

    remind(scene, due, limit="statement_period")

    states = {mail.line.to_name: (mail.line.state, [one.answer for one in mail.attempts]) for mail in mails(scene)}
    assert states == {
        "handler1": ("queued", []),
        "handler2": ("queued", []),
        "lead": ("suppressed", ["本人已关闭这类提醒 / muted by the person"]),
    }
    said = next(e for e in reversed(scene.entries(no)) if e.kind == "mail").said()["effects"]
    assert (said["to"], said["muted"], said["unreachable"]) == (["handler1", "handler2"], ["lead"], [])
    assert whole(scene)


def test_a_run_counts_the_mails_that_nobody_wants(scene: Scene) -> None:
    no = told(scene)
    muting(scene, "lead", "rights")
    scene.it_is(scene.due(no, "statement_period"))
    with scene.office.store.reading() as work:
        due = due_rungs(work, day(scene.due(no, "statement_period")))
    (rungs,) = (one for one in by_subject(due) if one[0].subject == "statement_period")
    count = RunCount(silent)

    with scene.office.store.writing() as work:
        queued = queue_subject(scene.office, work, rungs)
    count.add_queued(queued)

    assert [mail.to_name for mail in queued.muted] == ["lead"]
    assert count.suppressed == len(queued.suppressed) + 1


def test_what_was_unmuted_is_heard_again(scene: Scene) -> None:
    no = told(scene)
    for _ in range(2):
        muting(scene, "lead", "rights")
    muting(scene, "lead", "rights", off=False)

    remind(scene, scene.due(no, "statement_period"), limit="statement_period")

    assert {mail.line.state for mail in mails(scene)} == {"queued"}
    with scene.office.store.reading() as work:
        assert mutes_of(work, scene.office.people.person("lead")) == {}


@ON_SQLITE
def test_the_compulsory_cannot_be_muted_and_says_why(scene: Scene) -> None:
    with pytest.raises(TransitionRefused) as caught:
        muting(scene, "lead", "duties")

    (why,) = caught.value.refusals
    assert (why.code, "法定办理期限" in why.zh, bool(why.basis)) == ("ladder.compulsory", True, True)
    with pytest.raises(NotFound) as unknown:
        muting(scene, "lead", "right")
    assert "rights" in str(unknown.value.remedy)


@ON_SQLITE
def test_a_ladder_that_has_become_compulsory_is_heard_by_those_who_had_muted_it(scene: Scene) -> None:
    no = told(scene)
    muting(scene, "lead", "rights")
    scene.edit_rule(
        "rights", "yellow_from: 3", "yellow_from: 3\n    compulsory: yes\n    why_zh: 法定\n    why_en: law"
    )

    remind(scene, scene.due(no, "statement_period"), limit="statement_period")

    assert {mail.line.state for mail in mails(scene)} == {"queued"}


# --- another ladder ---------------------------------------------------------------------------------------------------


def test_another_ladder_plans_anew_and_drops_what_it_no_longer_has(scene: Scene, case: str) -> None:
    scene.edit_rule("duties", "{before: 1}", "{before: 2, to: [head]}")

    remind(scene, "2018-09-14", "2018-09-17", DUE)

    assert set(rungs(scene)) == {7, 3, 2, 1, 0, -1, -3, -7}
    assert rungs(scene)[1] == (
        "suppressed",
        "提醒层级已修改，不再有这一级 / the ladder was changed and has no such rung any more",
    )
    assert heard(scene, 2) == {"handler1", "lead", "head", "handler_head"}
    assert heard(scene, 0) == heard(scene, 2)
    assert whole(scene)


@ON_SQLITE
def test_a_rung_that_there_is_no_more_takes_no_other_ones_place(scene: Scene, case: str) -> None:
    # Three days before is a Saturday, two a Sunday: both go out on Friday the 14th.
    scene.edit_rule("duties", "{before: 1}", "{before: 2}")
    scene.edit_rule("duties", "{before: 2}", "{before: 1}")

    remind(scene, "2018-09-14")

    assert (rungs(scene)[3][0], rungs(scene)[2]) == ("mailed", ("suppressed", NO_RUNG.kept))
    assert heard(scene, 3) == {"handler1", "lead"}


@ON_SQLITE
def test_a_ladder_with_a_role_that_there_is_not_is_refused(scene: Scene) -> None:
    with pytest.raises(FileWrong) as caught:
        scene.edit_rule("other_bodies", "to: [lead]", "to: [hearing_officer, no_such_role]")
    assert [p.code for p in caught.value.problems] == ["role.unknown"]
