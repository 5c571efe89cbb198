"""Cold starts of the command line against a bare Python that imports the same libraries."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.figures import Pace, Pairs, in_turn, seconds
from bench.scene import DECIDED_ON
from engine.home import Home

PROJECT = Path(__file__).parent.parent
_ANJUAN = "import sys; from cli import main; sys.exit(main())"  # what the installed script does


def help_page(pace: Pace) -> Pairs:
    """`anjuan --help` against importing typer."""
    return _against("import typer", ["--help"], {}, pace)


def why(home: Home, case_no: str, pace: Pace) -> Pairs:
    """A cold `anjuan case why NO decide` against importing the libraries that it cannot do without."""
    environment = {"ANJUAN_HOME": str(home.folder), "ANJUAN_NOW": DECIDED_ON.isoformat()}
    words = ["case", "why", case_no, "decide", "--as", "head", "--json"]
    return _against("import typer, pydantic, sqlalchemy, transitions", words, environment, pace)


def _against(imports: str, words: Sequence[str], environment: Mapping[str, str], pace: Pace) -> Pairs:
    product, raw = [sys.executable, "-c", _ANJUAN, *words], [sys.executable, "-c", imports]
    surroundings = {**os.environ, **environment}
    surroundings.pop("PYTHONDONTWRITEBYTECODE", None)
    for command in (product, raw):  # both compiled and in the file cache, as on the second day of use
        _ran(command, surroundings)
    return in_turn(lambda: _ran(product, surroundings), lambda: _ran(raw, surroundings), pace)


def _ran(command: Sequence[str], environment: Mapping[str, str]) -> float:
    def run() -> None:
        subprocess.run(command, env=environment, cwd=PROJECT, check=True, capture_output=True)

    return seconds(run)
