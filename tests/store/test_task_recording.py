"""What was done for a task goes on record in the campaign's book, its evidence kept first, on both databases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builders import CAMPAIGN, Scene

from engine.book_store import entries_of
from engine.errors import Forbidden, InputWrong, NotFound, TransitionRefused
from engine.evidence import is_whole
from engine.evidence_queries import NamedFile, files_named
from engine.health import evidence_checks
from engine.ledger import campaign_book
from engine.snapshot import snapshot
from engine.task_recording import Recorded, TaskOrder, record_refused_task, record_task, task_progress
from engine.verifying import verify_store

pytest_plugins = ("scenes",)

TRAINING = "inspection.3"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "evidence"


@pytest.fixture
def minutes(tmp_path: Path) -> Path:
    file = tmp_path / "培训签到表.pdf"
    file.write_bytes(b"signed")
    return file


def record(scene: Scene, folder: Path, by: str = "handler1", task: str = TRAINING, **said: Any) -> Recorded:
    order = TaskOrder(CAMPAIGN, task, by, **{"note": "已培训", **said})
    with scene.office.store.writing() as work:
        return record_task(scene.office, work, order, folder)


def refusals(scene: Scene, folder: Path, **said: Any) -> list[str]:
    with pytest.raises(TransitionRefused) as caught:
        record(scene, folder, **said)
    return [refusal.code for refusal in caught.value.refusals]


def test_the_entry_names_the_task_the_unit_and_the_evidence(scene: Scene, folder: Path, minutes: Path) -> None:
    no = scene.open("2018-09-03")

    done = record(scene, folder, cases=(no, no), files=(minutes, minutes), done=True)

    with scene.office.store.reading() as work:
        last = entries_of(work, campaign_book(CAMPAIGN))[-1]
        (kept,) = task_progress(work, CAMPAIGN)
        named = files_named(work)
        healthy = [check.ok for check in evidence_checks(work, folder)]
    assert (last.kind, last.step, last.actor, last.hash) == ("task", TRAINING, "handler1", done.entry.hash)
    assert (kept.unit, kept.note, kept.cases, kept.done) == ("suzhou", "已培训", (no,), True)
    (file,) = kept.files
    assert is_whole(folder, file["sha256"])
    assert named == (NamedFile(CAMPAIGN, "培训签到表.pdf", file["sha256"]),)
    assert healthy == [True]
    assert done.standing.done
    with snapshot(scene.office.store) as work:
        assert verify_store(work).ok


def test_a_later_entry_stands_beside_the_earlier_and_leaves_the_task_done(scene: Scene, folder: Path) -> None:
    scene.it_is("2018-09-10")
    record(scene, folder, done=True)

    later = record(scene, folder, by="lead", note="补充名单")

    assert [entry.note for entry in later.standing.entries] == ["已培训", "补充名单"]
    assert later.standing.done


def test_a_task_is_closed_once_and_opened_again_only_with_a_reason(scene: Scene, folder: Path) -> None:
    scene.it_is("2018-09-10")
    assert refusals(scene, folder, reopen=True) == ["task.open", "reason.missing"]
    record(scene, folder, done=True)

    assert refusals(scene, folder, done=True) == ["task.done"]
    assert refusals(scene, folder, reopen=True, note="") == ["reason.missing"]
    opened = record(scene, folder, reopen=True, note="", reason="人员不齐")

    assert not opened.standing.done
    assert opened.entry.said()["reason"] == "人员不齐"
    assert record(scene, folder, done=True).standing.done


def test_each_unit_has_its_own_standing(scene: Scene, folder: Path) -> None:
    scene.it_is("2018-09-10")
    record(scene, folder, done=True)

    county = record(scene, folder, by="county_lead")

    assert (county.unit, county.standing.done, len(county.standing.entries)) == ("kunshan", False, 1)


def test_the_campaign_office_records_for_units_below_and_nobody_else_from_outside_does(
    scene: Scene, folder: Path
) -> None:
    scene.it_is("2018-09-10")

    assert record(scene, folder, by="campaign_office", unit="kunshan").unit == "kunshan"
    with pytest.raises(TransitionRefused) as caught:
        record(scene, folder, by="handler1", unit="kunshan")
    (refusal,) = caught.value.refusals
    assert refusal.code == "role.missing"
    assert [holder.name for holder in refusal.who_can][:2] == ["campaign_office", "county_clerk"]
    with pytest.raises(Forbidden):
        record(scene, folder, by="county_lead", unit="suzhou")


def test_a_unit_above_the_campaign_takes_no_part(scene: Scene, folder: Path) -> None:
    scene.it_is("2018-09-10")

    assert refusals(scene, folder, by="province") == ["campaign.elsewhere"]


def test_cases_of_another_unit_are_no_evidence_and_unseen_ones_are_not_told_of(scene: Scene, folder: Path) -> None:
    city = scene.open("2018-09-03")

    assert refusals(scene, folder, by="campaign_office", unit="kunshan", cases=(city,)) == ["case.other_unit"]
    with pytest.raises(Forbidden):
        record(scene, folder, by="county_lead", cases=(city,))
    with pytest.raises(NotFound):
        record(scene, folder, cases=("suzhou-2018-9999",))


def test_nothing_is_kept_of_what_is_refused_and_the_refusal_is_on_record(
    scene: Scene, folder: Path, minutes: Path
) -> None:
    scene.it_is("2018-09-10")
    order = TaskOrder(CAMPAIGN, TRAINING, "handler1", "代报", "kunshan", files=(minutes,))
    with pytest.raises(TransitionRefused) as caught, scene.office.store.writing() as work:
        record_task(scene.office, work, order, folder)
    with scene.office.store.writing() as work:
        record_refused_task(scene.office, work, caught.value, order)

    assert not folder.exists()
    with scene.office.store.reading() as work:
        last = entries_of(work, campaign_book(CAMPAIGN))[-1]
        assert task_progress(work, CAMPAIGN) == ()
    assert (last.kind, last.step) == ("refusal", "task")
    assert last.said()["effects"] == {"refused": ["role.missing"], "task": TRAINING}


@pytest.mark.parametrize("note", ["", "  ", "a\x00b", "字" * 20_001, "\ud800"])
def test_a_note_that_says_nothing_or_cannot_be_kept_is_wrong_input(scene: Scene, folder: Path, note: str) -> None:
    scene.it_is("2018-09-10")

    with pytest.raises(InputWrong):
        record(scene, folder, note=note)


def test_a_file_that_cannot_be_read_leaves_nothing_behind(scene: Scene, folder: Path, tmp_path: Path) -> None:
    scene.it_is("2018-09-10")
    empty = tmp_path / "空.txt"
    empty.touch()

    for file in (tmp_path, empty):
        with pytest.raises(InputWrong):
            record(scene, folder, files=(file,))
    with pytest.raises(NotFound):
        record(scene, folder, files=(tmp_path / "没有",))

    with scene.office.store.reading() as work:
        assert task_progress(work, CAMPAIGN) == ()
