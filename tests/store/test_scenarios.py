"""The whole cases that travel with the shipped definitions hold on both databases, and leave a record that is whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import Scene

from engine.snapshot import snapshot
from engine.verifying import verify_store
from workflows.definition_files import DEFINITIONS
from workflows.scenario_acts import Stage, play
from workflows.scenario_files import FOLDER, files_in, read_scenario
from workflows.scenario_playing import prepare

pytest_plugins = ("scenes",)

FILES = sorted((DEFINITIONS / FOLDER).glob("*/*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_whole_case_goes_as_its_file_says(scene: Scene, path: Path) -> None:
    file = read_scenario(path.stem, files_in([path.parent]))
    with scene.office.store.writing() as work:
        prepare(scene.office, work)
    definition = scene.office.definitions()[file.scenario.workflow]

    outcome = play(Stage(scene.office, scene.clock, definition), file)

    assert outcome.differences == ()
    assert outcome.case_no is not None
    assert scene.case(outcome.case_no).state == file.scenario.end.state
    with snapshot(scene.office.store) as work:
        assert verify_store(work).first_bad is None


def test_there_are_as_many_as_were_promised() -> None:
    assert len([f for f in FILES if f.parent.name == "case"]) >= 20
    assert {f.parent.name for f in FILES} == {f.stem for f in DEFINITIONS.glob("*.yaml")}
