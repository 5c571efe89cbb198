"""Fails the run for every test that was skipped, or failed as expected, without CI having been told of it by name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

ARROW = " → "


class ToldSkips:
    """Collects what was skipped and holds it against the tests that are told of."""

    def __init__(self, told: Mapping[str, str]) -> None:
        self.told = told
        self.untold: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._look_at(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._look_at(report)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.untold and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if not self.untold:
            return
        terminalreporter.section("skipped without CI being told", red=True)
        for node, why in sorted(self.untold.items()):
            terminalreporter.line(f"{node}: {why}")
        terminalreporter.line("Run what was left out, or name it with its reason in tests/allowed_skips.txt.")

    def _look_at(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        expected = hasattr(report, "wasxfail")
        if (report.skipped or expected) and report.nodeid not in self.told:
            self.untold[report.nodeid] = f"expected to fail: {report.wasxfail}" if expected else _reason(report)


def read_told(file: Path) -> dict[str, str]:
    """Node id → reason. Raises ValueError on a line without a reason."""
    told = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        node, arrow, reason = line.partition(ARROW)
        if not arrow or not reason.strip():
            raise ValueError(f"{file.name}: no reason is given in {line!r}")
        told[node.strip()] = reason.strip()
    return told


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    return report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
