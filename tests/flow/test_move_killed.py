"""Five thousand live cases go from the first version to the third, rehearsed, killed on the way, begun again."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from builders import Scene, scene_in
from errands import FIRST, MAPPING, ON, SECOND, THIRD, check, in_force, opening, step

import cli
from engine import casework
from engine.home import Home, store_of
from engine.snapshot import snapshot
from engine.verifying import verify_store

CASES = 5000
AT_A_TIME = 500
KINDS = 5


def filled(folder: Path) -> Scene:
    """Open cases under the first and the second version in every state, and some that have ended."""
    scene = scene_in(Home(folder / "home", None))
    scene.it_is(ON)
    in_force(scene, folder, FIRST)
    for begin in range(0, CASES, AT_A_TIME):
        if begin == CASES // 2:
            in_force(scene, folder, SECOND)
        with scene.office.store.writing() as work:
            for number in range(begin, begin + AT_A_TIME):
                _one(scene, work, number)
    in_force(scene, folder, THIRD)
    return scene


def _one(scene: Scene, work: Any, number: int) -> None:
    no = casework.open_case(scene.office, work, opening(f"协查{number}")).after.case_no
    steps = [(), ("check",), ("check", "wait"), ("wait",), ("check", "answer")][number % KINDS]
    for name in steps:
        casework.take_step(scene.office, work, check(no) if name == "check" else step(no, name))
    if number % 100 == KINDS - 1:
        casework.take_step(scene.office, work, step(no, "finish"))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    scene = filled(tmp_path)
    scene.office.store.close()
    (tmp_path / "names.yaml").write_text(MAPPING, encoding="utf-8")
    (tmp_path / "fewer.yaml").write_text(MAPPING.replace(", wait: pause", ""), encoding="utf-8")
    for name in ("ANJUAN_DATABASE", "ANJUAN_LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ANJUAN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ANJUAN_NOW", "2018-09-11")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


def states(home: Path) -> Counter[tuple[str, str]]:
    """How many cases stand where under which version."""
    with closing(sqlite3.connect(home / "anjuan.db")) as db:
        return Counter(db.execute("SELECT definition, state FROM case_file").fetchall())


def moved(home: Path) -> int:
    with closing(sqlite3.connect(home / "anjuan.db")) as db:
        found: int = db.execute("SELECT count(*) FROM entry WHERE kind = 'move'").fetchone()[0]
        return found


def words(*more: str) -> list[str]:
    return ["workflow", "move", "errand", "--reason", "启用新版流程", "--as", "head", "--json", *more]


def test_a_move_that_was_killed_is_begun_again_and_keeps_every_verdict(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = states(home)

    def run(*more: str) -> dict[str, Any]:
        assert cli.main(words(*more)) == 0
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return found

    # What is not mapped stays: the names of one step are missing.
    rehearsed = run("--mapping", "fewer.yaml", "--rehearse")
    needing = {c["case_no"] for c in rehearsed["cases"] if c["outcome"] == "needs_mapping"}
    assert rehearsed["counts"] == {"moves": 2950, "needs_mapping": 2000, "blocked": 0}
    assert states(home) == before
    assert moved(home) == 0

    child = subprocess.Popen(
        [sys.executable, str(Path(cli.__file__)), *words("--mapping", "fewer.yaml")],
        env=os.environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while moved(home) < AT_A_TIME and child.poll() is None:
        pass
    child.send_signal(signal.SIGKILL)
    child.wait()
    half = moved(home)
    assert AT_A_TIME <= half < rehearsed["counts"]["moves"], "it was to be killed on the way"

    again = run("--mapping", "fewer.yaml")

    assert again["counts"] == {"moves": 2950 - half, "needs_mapping": 2000, "blocked": 0}
    assert {c["case_no"]: c["outcome"] for c in again["cases"]}.items() <= {
        c["case_no"]: c["outcome"] for c in rehearsed["cases"]
    }.items()
    assert {c["case_no"] for c in again["cases"] if c["outcome"] == "needs_mapping"} == needing
    assert moved(home) == 2950

    rehearsed = run("--mapping", "names.yaml", "--rehearse")
    whole = run("--mapping", "names.yaml")
    assert whole["verdicts"] == rehearsed["verdicts"]
    assert whole["counts"] == {"moves": 2000, "needs_mapping": 0, "blocked": 0}
    _every_case_stands_somewhere(home, whole["to"], before)


def _every_case_stands_somewhere(home: Path, third: str, before: Counter[tuple[str, str]]) -> None:
    names = {"checked": "examined"}
    expected: Counter[tuple[str, str]] = Counter()
    for (version, state), n in before.items():
        expected[(version, state) if state == "done" else (third, names.get(state, state))] += n
    assert states(home) == expected
    store = store_of(Home(home, None))
    with snapshot(store) as work:
        verified = verify_store(work)
    store.close()
    assert verified.first_bad is None
    assert verified.cases == CASES
