"""The wheel carries all that the program needs, and works where the checkout is out of reach."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import cli

ROOT = Path(cli.__file__).parent
TRAVELLING = ("engine", "workflows", "notifications", "reports", "commands", "migrations", "data")
LEFT_BEHIND = {"__pycache__", ".mypy_cache", ".ruff_cache"}


class Installed(NamedTuple):
    """A wheel, and the environment of its own that it was installed into."""

    wheel: Path
    environment: Path

    @property
    def scripts(self) -> Path:
        return self.environment / ("Scripts" if os.name == "nt" else "bin")

    def run(self, program: str, *words: str) -> str:
        """What the program prints on stdout, run in another folder and without what leads back to the checkout."""
        leading_back = ("ANJUAN_", "PYTHON", "VIRTUAL_ENV", "UV")
        settings = {key: value for key, value in os.environ.items() if not key.startswith(leading_back)}
        ended = subprocess.run(
            [str(self.scripts / program), *words],
            cwd=self.environment,
            env=settings,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    uv = shutil.which(os.environ.get("UV", "uv"))
    if uv is None:
        pytest.skip("uv, which builds the wheel, is not on this machine")
    folder = tmp_path_factory.mktemp("wheel")

    def say(*words: str) -> None:
        done = subprocess.run([uv, *words], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=300)
        assert done.returncode == 0, done.stderr

    say("build", "--wheel", "--out-dir", str(folder / "dist"), str(ROOT))
    (wheel,) = (folder / "dist").glob("*.whl")
    say("venv", "--python", sys.executable, str(folder / "environment"))
    say("pip", "install", "--python", str(folder / "environment"), str(wheel))
    return Installed(wheel, folder / "environment")


def test_every_file_of_the_house_travels(installed: Installed) -> None:
    house = {file.relative_to(ROOT).as_posix() for folder in TRAVELLING for file in (ROOT / folder).rglob("*")}
    house = {name for name in house if (ROOT / name).is_file() and not LEFT_BEHIND & set(name.split("/"))}

    with zipfile.ZipFile(installed.wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}

    assert packed == house | {"cli.py"}


def test_the_installed_program_is_not_the_checkout(installed: Installed) -> None:
    place = installed.run("python", "-c", "import engine; print(engine.__file__)")

    assert Path(place.strip()).is_relative_to(installed.environment)


def test_the_demo_plays_from_the_wheel(installed: Installed) -> None:
    home = installed.environment / "home"

    answer: dict[str, Any] = json.loads(installed.run("anjuan", "demo", "--json", "--home", str(home)))

    assert answer["ledger_ok"] is True
    assert len(answer["files"]) == 3
    assert all(Path(file).is_relative_to(home) for file in answer["files"])


def test_the_workflow_and_the_campaign_travel_with_the_wheel(installed: Installed) -> None:
    (shipped,) = installed.environment.rglob("data/campaigns/suzhou-2018.yaml")

    workflows = json.loads(installed.run("anjuan", "workflow", "list", "--json"))
    checked = json.loads(installed.run("anjuan", "campaign", "check", str(shipped), "--json"))

    assert [workflow["id"] for workflow in workflows] == ["case", "preservation"]
    assert (checked["ok"], checked["errors"]) == (True, [])
