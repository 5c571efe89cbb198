"""`python -m bench --json [--short]`: measures everything and prints one JSON document."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from contextlib import AbstractContextManager
from dataclasses import dataclass
from math import inf
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.dates import date_figures
from bench.definitions import definition_figures
from bench.figures import Pace, Pairs
from bench.judging import explain_ms
from bench.mails import morning
from bench.places import PostgresPlace, SqlitePlace, postgres_place
from bench.processes import help_page, why
from bench.scene import set_scene
from bench.steps import StepBench
from engine.home import Home

RATIOS = ("step_full", "step_normal", "step_postgres", "batch_500", "batch_500_postgres", "help", "why")
BATCH = 500
WARMING = 10


@dataclass(frozen=True)
class Size:
    """How much is measured: steps in a block, pairs of blocks, cases that fall due on one morning, and after how many
    seconds one pair is enough."""

    steps: int
    step_pairs: int
    batch_pairs: int
    process_pairs: int
    explain_calls: int
    date_rounds: int
    due_cases: int
    seconds: float = inf


SHORT = Size(
    steps=100,
    step_pairs=3,
    batch_pairs=3,
    process_pairs=3,
    explain_calls=50,
    date_rounds=30,
    due_cases=200,
    seconds=12,
)
WHOLE = Size(
    steps=200, step_pairs=15, batch_pairs=9, process_pairs=11, explain_calls=500, date_rounds=300, due_cases=5000
)


def main() -> int:
    """Parses the words typed, measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--short", action="store_true", help="end within 30 seconds")
    typed = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="anjuan-bench-") as folder:
        found = measured(Path(folder), SHORT if typed.short else WHOLE)
    if typed.json:
        json.dump(found, sys.stdout, indent=1)
        sys.stdout.write("\n")
    else:
        sys.stdout.writelines(f"{name:20} {ratio}\n" for name, ratio in found["ratios"].items())
    return 0


def measured(folder: Path, size: Size) -> dict[str, Any]:
    """The ratios, `None` for what could not be run here, and the details behind them."""
    until = perf_counter() + size.seconds
    steps, batches, processes = (Pace(n, until) for n in (size.step_pairs, size.batch_pairs, size.process_pairs))
    full = SqlitePlace(folder)
    scene = set_scene(full.home, BATCH, WARMING)
    details: dict[str, Any] = {
        **explain_ms(full, scene, size.explain_calls),
        **date_figures(size.date_rounds),
        **definition_figures(full, size.process_pairs),
    }
    bench = StepBench(full, scene)
    details["mails"] = {"sqlite": morning(Home(folder / "morning", None), size.due_cases), "postgres": None}
    details["statements"] = dict(zip(("most", "mean"), bench.statements, strict=True))
    pairs: dict[str, Pairs | None] = {
        "help": help_page(processes),
        "why": why(full.home, scene.long_case, processes),
        "step_full": bench.one_by_one(steps, size.steps),
        "step_normal": StepBench(SqlitePlace(folder, "NORMAL"), scene).one_by_one(steps, size.steps),
        "batch_500": bench.in_one_commit(batches),
    }
    with _postgres(folder) as place:
        if place is not None:
            bench = StepBench(place, set_scene(place.home, BATCH, WARMING))
            pairs["step_postgres"] = bench.one_by_one(steps, size.steps)
            pairs["batch_500_postgres"] = bench.in_one_commit(batches)
            details["mails"]["postgres"] = morning(place.empty("morning"), size.due_cases)
    units = dict.fromkeys(("step_full", "step_normal", "step_postgres"), size.steps)
    shown = {name: found.document(units.get(name, 1)) if (found := pairs.get(name)) else None for name in RATIOS}
    return {"ratios": {name: of and of["ratio"] for name, of in shown.items()}, **details, "details": shown}


def _postgres(folder: Path) -> AbstractContextManager[PostgresPlace | None]:
    (own := folder / "postgres").mkdir(mode=0o700)
    return postgres_place(own)


if __name__ == "__main__":
    raise SystemExit(main())
