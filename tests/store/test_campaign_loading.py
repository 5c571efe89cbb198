"""Loading a campaign: who may, once, with its reminders planned for every unit that owes something."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest

from engine.agenda import due_rungs
from engine.book_store import entries_of
from engine.campaign_plan import CampaignPlan, shipped_campaign
from engine.clock import SHANGHAI, StandingClock
from engine.errors import FileWrong, Forbidden, InputWrong, NotFound
from engine.ledger import STORE_BOOK, campaign_book
from engine.office import Office
from workflows.campaign_loading import Loading, load_campaign, read_checked, unit_for

SUZHOU = shipped_campaign("suzhou-2018")


def _plan(office: Office, path: Path = SUZHOU) -> CampaignPlan:
    return read_checked(path, office)[0]


def _load(office: Office, actor: str, plan: CampaignPlan, unit: str | None = None) -> Loading:
    with office.store.writing() as work:
        return load_campaign(office, work, office.people.person(actor), plan, unit)


def test_a_loaded_campaign_is_there_and_on_record(office: Office) -> None:
    plan = _plan(office)

    loading = _load(office, "campaign_office", plan)

    assert loading.new
    assert office.plan("suzhou-2018") == plan
    with office.store.reading() as work:
        (entry,) = entries_of(work, campaign_book("suzhou-2018"))
        last = entries_of(work, STORE_BOOK)[-1]
    assert (entry.kind, entry.actor, entry.said()["effects"]["hash"]) == ("load", "campaign_office", plan.hash)
    assert last.said()["effects"]["documents"] == [["campaign", "suzhou-2018", plan.hash]]


def test_every_owing_unit_is_reminded_of_every_dated_obligation(office: Office) -> None:
    """Loaded on 14 August: six dated obligations, two units, four rungs each; the ad-hoc report has no date."""
    _load(office, "campaign_office", _plan(office))

    with office.store.reading() as work:
        planned = due_rungs(work, date(2018, 12, 31))

    owed = ["work_plan", "site_list", "summary", *(f"monthly_form.2018-{month}" for month in ("08", "09", "10"))]
    assert Counter((p.unit, p.subject) for p in planned) == {(u, o): 4 for u in ("suzhou", "kunshan") for o in owed}
    # 15 September 2018 is a Saturday: the safe day is Friday the 14th, seven days before it is Friday the 7th.
    assert sorted({p.send_on for p in planned if p.subject == "monthly_form.2018-08"}) == [
        date(2018, 9, 7),
        date(2018, 9, 11),
        date(2018, 9, 13),
        date(2018, 9, 14),
    ]


def test_reminders_whose_day_has_passed_are_not_planned(office: Office) -> None:
    assert isinstance(office.clock, StandingClock)
    office.clock.move_to(datetime(2018, 11, 18, 9, 0, tzinfo=SHANGHAI))

    loading = _load(office, "campaign_office", _plan(office))

    assert {(r.subject, r.unit, r.send_on) for r in loading.rungs} == {
        ("summary", unit, day) for unit in ("suzhou", "kunshan") for day in (date(2018, 11, 19), date(2018, 11, 20))
    }


def test_the_same_plan_again_changes_nothing(office: Office) -> None:
    _load(office, "campaign_office", _plan(office))

    again = _load(office, "admin", _plan(office))

    assert again == Loading(new=False, plan=_plan(office))
    with office.store.reading() as work:
        assert len(entries_of(work, campaign_book("suzhou-2018"))) == 1
        assert len(due_rungs(work, date(2018, 12, 31))) == 48


def test_another_plan_of_the_same_id_is_refused(office: Office, tmp_path: Path) -> None:
    _load(office, "campaign_office", _plan(office))
    changed = tmp_path / "changed.yaml"
    text = SUZHOU.read_text(encoding="utf-8")
    changed.write_text(text.replace("starts_on: 2018-10-01", "starts_on: 2018-10-02", 1), encoding="utf-8")

    with pytest.raises(InputWrong) as caught:
        _load(office, "campaign_office", _plan(office, changed))

    assert caught.value.code == "campaign.exists"
    assert "campaign extend" in caught.value.en


def test_a_plan_of_a_unit_elsewhere_is_kept_for_the_unit_that_runs_it(office: Office) -> None:
    """The plan that is kept is the one with that unit; the file loaded again is the same campaign, whoever loads it."""
    elsewhere = _plan(office).model_copy(update={"unit": "nation"})

    first = _load(office, "campaign_office", elsewhere)
    again = _load(office, "admin", elsewhere)

    assert first.plan.unit == office.plan("suzhou-2018").unit == "suzhou"
    assert first.plan.hash != elsewhere.hash
    assert {rung.unit for rung in first.rungs} == {"suzhou", "kunshan"}
    assert again == Loading(new=False, plan=first.plan)


def test_a_unit_may_be_wanted_and_the_right_is_judged_there(office: Office) -> None:
    plan = _plan(office)

    with pytest.raises(NotFound):
        _load(office, "admin", plan, "nowhere")
    with pytest.raises(Forbidden):
        _load(office, "campaign_office", plan, "jiangsu")
    done = _load(office, "campaign_office", plan, "kunshan")

    assert (done.plan.unit, {rung.unit for rung in done.rungs}) == ("kunshan", {"kunshan"})
    assert unit_for(office, office.people.person("admin"), plan) == "suzhou"


@pytest.mark.parametrize("actor", ["handler1", "head", "supervisor", "county_clerk", "province"])
def test_only_the_campaign_office_and_the_administrator_load(office: Office, actor: str) -> None:
    with pytest.raises(Forbidden) as caught:
        _load(office, actor, _plan(office))

    assert caught.value.code == "command.forbidden"
    assert office.campaigns() == {}


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("step: order_rectification", "step: order_rectificaton"),
        ("when: {source: self_inspection}", "when: {sourc: self_inspection}"),
        ("when: {source: self_inspection}", "when: {source: self_inspecton}"),
    ],
)
def test_a_gate_on_something_that_no_workflow_has_is_named_with_its_line(
    office: Office, tmp_path: Path, right: str, wrong: str
) -> None:
    text = SUZHOU.read_text(encoding="utf-8")
    assert text.count(right) == 1
    file = tmp_path / "wrong.yaml"
    file.write_text(text.replace(right, wrong), encoding="utf-8")

    for judge in (office, None):
        with pytest.raises(FileWrong) as caught:
            read_checked(file, judge)
        (problem,) = caught.value.problems
        assert problem.code == "name.unknown"
        assert problem.line == text[: text.index(right)].count("\n") + 1
