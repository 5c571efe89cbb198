"""Extending a phase: a new version on record, reminders that follow, calendars that change, cases that stand."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from builders import Scene

from engine.agenda import due_rungs
from engine.book_store import entries_of
from engine.campaign_parts import Phase
from engine.campaign_plan import CampaignPlan, plan_from, shipped_campaign
from engine.clock import SHANGHAI, StandingClock
from engine.documents import editions_of
from engine.errors import Forbidden, InputWrong, NotFound, TransitionRefused
from engine.ledger import STORE_BOOK, campaign_book
from engine.office import Office
from engine.verifying import verify_store
from notifications.calendar_person import campaign_calendar
from notifications.causes import cause_of
from notifications.truth import Untrue
from workflows.campaign_extending import Extension, extend_phase, extended
from workflows.campaign_loading import KIND, load_campaign, read_checked

pytest_plugins = ["scenes"]

ID = "suzhou-2018"
# What follows a phase and what follows the campaign: Suzhou 2018 has neither.
FOLLOWING = """
  - id: phase_report
    kind: report
    zh: 阶段小结
    en: Report on the phase
    each_phase: {days: 5, phases: [inspection]}
    to: 市版权局
  - id: afterwards
    kind: report
    zh: 回头看
    en: Looking back
    within: {days: 10, of: ends_on}
    to: 市版权局
"""


@pytest.fixture
def suzhou(office: Office, tmp_path: Path) -> Office:
    """Suzhou 2018 with two reports that follow from its dates, loaded on 14 August 2018."""
    text = shipped_campaign(ID).read_text("utf-8").replace("\nobligations:\n", f"\nobligations:{FOLLOWING}", 1)
    file = tmp_path / "plan.yaml"
    file.write_text(text, encoding="utf-8")
    with office.store.writing() as work:
        load_campaign(office, work, office.people.person("campaign_office"), read_checked(file, office)[0])
    return office


def extend(office: Office, phase: str, to: str, actor: str = "campaign_office", reason: str = "某通知") -> Extension:
    with office.store.writing() as work:
        return extend_phase(office, work, office.people.person(actor), ID, phase, date.fromisoformat(to), reason)


def moves(done: Extension) -> list[tuple[str, str, str, str]]:
    return [(m.kind, m.subject, str(m.from_on), str(m.to_on)) for m in done.moved]


def planned(office: Office, subject: str) -> set[str]:
    with office.store.reading() as work:
        return {str(rung.due_on) for rung in due_rungs(work, date(2019, 12, 31)) if rung.subject == subject}


def test_what_follows_the_phase_moves_with_it(suzhou: Office) -> None:
    """30 September + 5 days was 5 October; 7 October + 5 days is 12 October."""
    done = extend(suzhou, "inspection", "2018-10-07")

    assert moves(done) == [
        ("phase_end", "inspection", "2018-09-30", "2018-10-07"),
        ("gate_end", "open_self_inspection", "2018-09-30", "2018-10-07"),
        ("obligation", "phase_report.inspection", "2018-10-05", "2018-10-12"),
    ]
    assert [remark.code for remark in done.remarks] == ["phase.overlap"]
    assert suzhou.plan(ID) == done.plan


def test_the_campaign_ends_with_its_last_phase_and_what_follows_it_moves(suzhou: Office) -> None:
    done = extend(suzhou, "summary", "2018-12-05")

    assert moves(done) == [
        ("campaign_end", "", "2018-11-20", "2018-12-05"),
        ("phase_end", "summary", "2018-11-20", "2018-12-05"),
        ("gate_end", "open_case", "2018-11-20", "2018-12-05"),
        ("obligation", "afterwards", "2018-11-30", "2018-12-15"),
    ]


def test_a_phase_that_is_not_the_last_leaves_the_end_of_the_campaign(suzhou: Office) -> None:
    done = extend(suzhou, "rectification", "2018-11-25")

    assert done.plan.ends_on == date(2018, 11, 20)
    assert [remark.code for remark in done.remarks] == ["phase.outside", "phase.overlap"]


def test_a_phase_may_end_earlier_and_the_campaign_stays(suzhou: Office) -> None:
    done = extend(suzhou, "summary", "2018-11-15")

    assert moves(done) == [("phase_end", "summary", "2018-11-20", "2018-11-15")]
    assert done.plan.ends_on == date(2018, 11, 20)


def test_an_extension_is_on_record_in_both_books_and_the_ledger_holds(suzhou: Office) -> None:
    before = suzhou.plan(ID)

    done = extend(suzhou, "inspection", "2018-10-07", reason="苏知法〔2018〕99号")

    with suzhou.store.reading() as work:
        entry = entries_of(work, campaign_book(ID))[-1]
        last = entries_of(work, STORE_BOOK)[-1]
        assert verify_store(work).ok
    said = entry.said()
    assert (entry.kind, entry.actor, said["reason"]) == ("extend", "campaign_office", "苏知法〔2018〕99号")
    assert (said["effects"]["replaces"], said["effects"]["hash"]) == (before.hash, done.plan.hash)
    assert ["obligation", "phase_report.inspection", "2018-10-05", "2018-10-12"] in said["effects"]["moved"]
    assert last.said()["effects"]["documents"] == [[KIND, ID, done.plan.hash]]


def test_the_version_in_force_does_not_hang_on_the_clock_and_a_date_may_come_back(suzhou: Office) -> None:
    first = suzhou.plan(ID)
    clock = suzhou.clock
    assert isinstance(clock, StandingClock)

    extend(suzhou, "inspection", "2018-10-07")
    clock.move_to(datetime(2018, 8, 1, 9, 0, tzinfo=SHANGHAI))  # somebody has put the clock back
    back = extend(suzhou, "inspection", "2018-09-30")

    assert suzhou.plan(ID) == back.plan
    assert back.plan.model_copy(update={"based_on": None}) == first
    with suzhou.store.reading() as work:
        ends = [plan_from(e.document.content).phases[1].ends_on for e in editions_of(work, KIND, ID)]
    assert ends == [date(2018, 9, 30), date(2018, 10, 7), date(2018, 9, 30)]


def test_reminders_go_to_the_new_day_and_the_old_ones_are_untrue(suzhou: Office) -> None:
    assert planned(suzhou, "phase_report.inspection") == {"2018-10-05"}

    extend(suzhou, "inspection", "2018-10-07")

    assert planned(suzhou, "phase_report.inspection") == {"2018-10-05", "2018-10-12"}
    with suzhou.store.reading() as work:
        rungs = [r for r in due_rungs(work, date(2019, 12, 31)) if r.subject == "phase_report.inspection"]
        fates = {}
        for rung in rungs:
            cause = cause_of(suzhou, work, rung)
            assert not isinstance(cause, Untrue)
            fates[str(rung.due_on)] = cause.untrue(rung) is None
    assert fates == {"2018-10-05": False, "2018-10-12": True}


def test_calendars_show_the_new_days_under_the_same_ids(suzhou: Office) -> None:
    with suzhou.store.reading() as work:
        before = {event.uid: event for event in campaign_calendar(suzhou, work, ID)}

    extend(suzhou, "inspection", "2018-10-07")

    with suzhou.store.reading() as work:
        after = {event.uid: event for event in campaign_calendar(suzhou, work, ID)}
    moved = {uid for uid in before if before[uid].on != after[uid].on}
    assert before.keys() == after.keys()
    assert {(before[uid].kind, str(before[uid].on), str(after[uid].on)) for uid in moved} == {
        ("phase_end", "2018-09-30", "2018-10-07"),
        ("gate_end", "2018-09-30", "2018-10-07"),
        ("obligation", "2018-10-05", "2018-10-12"),
    }
    assert all(after[uid].revision.number > before[uid].revision.number for uid in moved)
    assert all(after[uid].revision == before[uid].revision for uid in before.keys() - moved)


def test_the_file_that_was_loaded_first_is_still_known(suzhou: Office) -> None:
    first = suzhou.plan(ID)
    extend(suzhou, "inspection", "2018-10-07")

    with suzhou.store.writing() as work:
        again = load_campaign(suzhou, work, suzhou.people.person("campaign_office"), first)

    assert not again.new
    assert again.plan == suzhou.plan(ID) != first


@pytest.mark.parametrize(
    ("phase", "to", "actor", "reason", "error"),
    [
        ("inspection", "2018-08-31", "campaign_office", "某通知", InputWrong),
        ("inspection", "2018-09-30", "campaign_office", "某通知", InputWrong),
        ("nothing", "2018-10-07", "campaign_office", "某通知", NotFound),
        ("inspection", "2018-10-07", "handler1", "某通知", Forbidden),
        ("inspection", "2018-10-07", "campaign_office", "  ", InputWrong),
        # The gate that opens with 14 August would close before it opens.
        ("deployment", "2018-08-13", "campaign_office", "某通知", InputWrong),
    ],
)
def test_what_cannot_be_leaves_everything_as_it_was(
    suzhou: Office, phase: str, to: str, actor: str, reason: str, error: type[Exception]
) -> None:
    plan = suzhou.plan(ID)

    with pytest.raises(error):
        extend(suzhou, phase, to, actor, reason)

    with suzhou.store.reading() as work:
        suzhou.refresh(work)
        assert len(editions_of(work, KIND, ID)) == 1
    assert suzhou.plan(ID) == plan


def test_whoever_knew_the_plan_before_extends_the_one_that_stands(suzhou: Office) -> None:
    """Another process has read the plan, and the first extends it meanwhile: nothing of that is lost."""
    other = Office(suzhou.store, suzhou.clock, practice=True)
    with suzhou.store.reading() as work:
        other.refresh(work)
    first = extend(suzhou, "inspection", "2018-10-07")

    done = extend(other, "summary", "2018-12-05")

    assert {phase.id: str(phase.ends_on) for phase in done.plan.phases}["inspection"] == "2018-10-07"
    assert done.plan.based_on == first.plan.hash


def test_a_gate_follows_for_new_steps_and_what_was_done_stands(scene: Scene) -> None:
    """A case found by self-inspection can be opened until the end of the phase, which is another one from now on."""
    early = scene.open("2018-09-20", source="self_inspection")
    with pytest.raises(TransitionRefused):
        scene.open("2018-10-05", source="self_inspection")

    extend(scene.office, "inspection", "2018-10-07")
    late = scene.open("2018-10-05", source="self_inspection")

    assert early != late
    with scene.office.store.reading() as work:
        assert verify_store(work).ok


def plan_with(*phases: Phase) -> CampaignPlan:
    return plan_from(
        {
            "id": "some",
            "name": {"zh": "某", "en": "some"},
            "title": {"zh": "某", "en": "some"},
            "level": "city",
            "issued_on": "2018-08-01",
            "issuers": ["某"],
            "organisers": ["某"],
            "unit": "suzhou",
        }
    ).model_copy(update={"phases": phases})


def test_a_phase_without_dates_gets_an_end_and_a_campaign_without_end_gets_none() -> None:
    phase = Phase(id="open", zh="某", en="some")

    plan = extended(plan_with(phase), phase, date(2018, 9, 1))

    assert plan.phases[0].ends_on == date(2018, 9, 1)
    assert plan.ends_on is None
