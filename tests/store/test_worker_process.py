"""`anjuan worker` as a process: it does what is due and waits, ends on a signal with 0, and is missed when killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from builders import Scene
from mail_lives import silenced

import cli
from engine.jobs import JobCounts, queue_of
from notifications.mail_store import SENT, listed, mail_of

pytest_plugins = ["scenes"]

ROOT = Path(cli.__file__).parent
# The complaint is to be decided by Tuesday 2018-09-18: seven days before is the 11th.
FIRST = "2018-09-11"
PATIENCE = 60.0

Started = subprocess.Popen[str]


@pytest.fixture
def start(scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Started]]:
    """Starts `anjuan` in the scene's home, where a complaint waits for its decision."""
    scene.take(scene.open("2018-09-03", campaign=None, source="complaint"), "receive_materials", "2018-09-03")
    for name in [one for one in os.environ if one.startswith("ANJUAN_")]:
        monkeypatch.delenv(name)
    children: list[Started] = []

    def started(*words: str, now: str = FIRST, lang: str = "en") -> Started:
        env = {**os.environ, "ANJUAN_HOME": str(tmp_path / "home"), "ANJUAN_NOW": now, "ANJUAN_LANG": lang}
        url = scene.office.store.engine.url
        if url.drivername.startswith("postgresql"):
            env["ANJUAN_DATABASE"] = url.set(drivername="postgresql").render_as_string(hide_password=False)
        child = subprocess.Popen(
            [sys.executable, "-m", "cli", *words],
            cwd=ROOT,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        children.append(child)
        return child

    yield started
    for child in children:
        child.kill()
        child.wait()


def until(true: Callable[[], bool]) -> None:
    """Waits for something that another process does."""
    give_up_at = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < give_up_at
        time.sleep(0.05)


def sent(scene: Scene) -> int:
    with scene.office.store.reading() as work:
        return len(listed(work, state=SENT))


def idle(scene: Scene) -> bool:
    with scene.office.store.reading() as work:
        return queue_of(scene.office.store).counts(work) == JobCounts(0, 0, 0)


def answer(child: Started) -> Any:
    out, err = child.communicate(timeout=PATIENCE)
    assert "Traceback" not in err
    return json.loads(out)


def status(start: Callable[..., Started]) -> Any:
    return answer(start("worker", "--status", "--json"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_sends_what_is_due_waits_and_ends_with_0(
    scene: Scene, start: Callable[..., Started], number: signal.Signals
) -> None:
    worker = start("worker", "--json")
    until(lambda: sent(scene) > 0)
    [while_it_works] = status(start)["workers"]
    worker.send_signal(number)
    done = answer(worker)
    [afterwards] = status(start)["workers"]

    assert worker.returncode == 0
    assert done["sent"] == sent(scene)
    assert (while_it_works["state"], while_it_works["process"]) == ("working", worker.pid)
    assert afterwards["state"] == "ended"


def test_a_mail_that_somebody_sends_again_goes_out_at_once(scene: Scene, start: Callable[..., Started]) -> None:
    worker = start("worker")
    until(lambda: sent(scene) > 0 and idle(scene))
    before = sent(scene)
    with scene.office.store.reading() as work:
        reader = mail_of(work, 1).line.to_name

    again = start("mail", "resend", "1", "--as", reader)
    again.communicate(timeout=PATIENCE)
    until(lambda: sent(scene) == before + 1)
    worker.terminate()

    assert (again.returncode, worker.wait(PATIENCE)) == (0, 0)


def test_a_killed_worker_is_missed_and_another_takes_its_place(scene: Scene, start: Callable[..., Started]) -> None:
    killed = start("worker")
    until(lambda: sent(scene) > 0)
    killed.kill()
    killed.wait()
    silenced(scene.office.store, workers_too=True)
    missed, doctor = status(start), answer(start("doctor", "--json"))

    worker = start("worker")
    until(lambda: any(one["state"] == "working" for one in status(start)["workers"]))
    mended = answer(start("doctor", "--json"))
    worker.terminate()
    worker.wait(PATIENCE)

    assert [one["state"] for one in missed["workers"]] == ["silent"]
    assert [one["ok"] for one in doctor["checks"] if one["id"] == "workers"] == [False]
    assert [one["ok"] for one in mended["checks"] if one["id"] == "workers"] == [True]


def test_a_worker_does_not_begin_without_a_store(start: Callable[..., Started], tmp_path: Path) -> None:
    child = subprocess.run(
        [sys.executable, "-m", "cli", "worker"],
        cwd=ROOT,
        env={**os.environ, "ANJUAN_HOME": str(tmp_path / "nowhere"), "ANJUAN_LANG": "en"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )

    assert child.returncode == 1
    assert "there is no store here yet" in child.stderr
    assert "Traceback" not in child.stderr


def test_a_rehearsal_of_a_worker_is_refused(start: Callable[..., Started]) -> None:
    child = start("worker", "--dry-run")
    _, err = child.communicate(timeout=PATIENCE)

    assert child.returncode == 2
    assert "there is no option --dry-run" in err
