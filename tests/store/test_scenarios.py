"""The whole cases that travel with the definitions hold on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
import scenario_files
from builders import Scene

pytest_plugins = ("scenes",)


@pytest.mark.parametrize("file", scenario_files.files(), ids=lambda file: file.stem)
def test_a_whole_case_goes_as_its_file_says(scene: Scene, file: Path) -> None:
    scenario_files.play(scene, file)


def test_there_are_as_many_as_were_promised() -> None:
    assert len(scenario_files.files()) >= 20
