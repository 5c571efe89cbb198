"""Files are attached to cases: the content lies there before any entry names it, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import Scene

from engine.attaching import attach
from engine.casework import take_step
from engine.errors import Forbidden, InputWrong
from engine.evidence import is_whole
from engine.evidence_queries import NamedFile, files_named
from engine.health import evidence_checks
from engine.orders import TakeStep
from engine.snapshot import snapshot
from engine.verifying import verify_store

pytest_plugins = ("scenes",)


class Killed(Exception):
    """The process ends here."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "evidence"


@pytest.fixture
def shot(tmp_path: Path) -> Path:
    file = tmp_path / "截图.png"
    file.write_bytes(b"page")
    return file


def named(scene: Scene) -> tuple[NamedFile, ...]:
    with scene.office.store.reading() as work:
        return files_named(work)


def healthy(scene: Scene, folder: Path) -> list[bool]:
    with scene.office.store.reading() as work:
        return [check.ok for check in evidence_checks(work, folder)]


def test_the_record_names_the_file_and_the_folder_has_it(scene: Scene, folder: Path, shot: Path) -> None:
    no = scene.open()
    before = scene.case(no)

    with scene.office.store.writing() as work:
        done = attach(scene.office, work, no, "handler2", shot, folder, "截图")

    after, entry = scene.case(no), scene.entries(no)[-1]
    assert (entry.kind, entry.actor) == ("attach", "handler2")
    assert entry.said()["effects"] == {"file": {**done.kept.document(), "kind": "截图"}}
    assert is_whole(folder, done.kept.sha256)
    assert (after.state, after.version) == (before.state, before.version)
    assert healthy(scene, folder) == [True]
    with snapshot(scene.office.store) as work:
        assert verify_store(work).ok


def test_a_process_killed_before_the_commit_leaves_at_most_a_file_that_nothing_names(
    scene: Scene, folder: Path, shot: Path
) -> None:
    no = scene.open()

    def attach_and_die() -> None:
        with scene.office.store.writing() as work:
            attach(scene.office, work, no, "handler1", shot, folder)
            raise Killed

    with pytest.raises(Killed):
        attach_and_die()

    assert named(scene) == ()
    assert len(scene.entries(no)) == 1
    assert healthy(scene, folder) == []


def test_nothing_is_kept_for_an_actor_who_may_not_see_the_case_or_under_an_impossible_kind(
    scene: Scene, folder: Path, shot: Path
) -> None:
    no = scene.open()

    with pytest.raises(Forbidden), scene.office.store.writing() as work:
        attach(scene.office, work, no, "county_lead", shot, folder)
    for kind in ("种" * 61, "a\nb"):
        with pytest.raises(InputWrong), scene.office.store.writing() as work:
            attach(scene.office, work, no, "handler1", shot, folder, kind)

    assert not folder.exists()


def test_the_paper_that_somebody_signed_is_looked_after_too(scene: Scene, folder: Path) -> None:
    no = scene.open()
    scene.walk(no, "verify", "2018-09-03")
    paper = {"name": "立案审批表.pdf", "bytes": 4, "sha256": "0" * 64}
    given = {"public_interest": "yes"}

    with scene.office.store.writing() as work:
        take_step(scene.office, work, TakeStep(no, "file", "handler1", given, signed_by="head", paper=paper))

    assert named(scene) == (NamedFile(no, "立案审批表.pdf", "0" * 64),)
    assert healthy(scene, folder) == [False]
