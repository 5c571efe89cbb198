"""A run under CI=true fails for each skip that it was not told of by name."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from told_skips import read_told

TESTS = Path(__file__).parent.parent
SAMPLES = {
    "test_marked.py": "import pytest\n@pytest.mark.skip(reason='too cold')\ndef test_it(): pass\n",
    "test_expected.py": "import pytest\n@pytest.mark.xfail(reason='not yet')\ndef test_it(): assert False\n",
    "test_late.py": "import pytest\ndef test_it(): pytest.skip('no network')\n",
    "test_whole.py": "import pytest\npytest.skip('not here', allow_module_level=True)\n",
    "test_good.py": "def test_it(): pass\n",
}


def pytest_in(folder: Path, told: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Runs pytest under CI=true with this repository's conftest on the samples."""
    files = {name: (TESTS / name).read_text("utf-8") for name in ("conftest.py", "told_skips.py")}
    for name, text in {**files, **SAMPLES, "allowed_skips.txt": told, "pytest.ini": "[pytest]\n"}.items():
        (folder / name).write_text(text, "utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *words]
    settings = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")} | {"CI": "true"}
    return subprocess.run(command, cwd=folder, env=settings, capture_output=True, text=True, timeout=60, check=False)


def test_every_untold_skip_of_every_worker_fails_the_run_and_is_named(tmp_path: Path) -> None:
    ended = pytest_in(tmp_path, "", "-n", "2")

    assert ended.returncode == 1
    assert "test_marked.py::test_it: Skipped: too cold" in ended.stdout
    assert "test_expected.py::test_it: expected to fail: not yet" in ended.stdout
    assert "test_late.py::test_it: Skipped: no network" in ended.stdout
    assert "test_whole.py: Skipped: not here" in ended.stdout
    assert "test_good.py:" not in ended.stdout


def test_skips_that_are_told_of_pass(tmp_path: Path) -> None:
    names = ("test_marked.py::test_it", "test_expected.py::test_it", "test_late.py::test_it", "test_whole.py")

    ended = pytest_in(tmp_path, "".join(f"{name} → there is no heating in CI\n" for name in names))

    assert ended.returncode == 0
    assert "1 passed, 3 skipped, 1 xfailed" in ended.stdout


def test_a_skip_without_a_reason_is_not_told(tmp_path: Path) -> None:
    file = tmp_path / "allowed_skips.txt"
    file.write_text("# a remark\ntest_sample.py::test_it\n", "utf-8")

    with pytest.raises(ValueError, match="no reason is given"):
        read_told(file)
