"""The help page and the streams as a real process: what is loaded, what is written, how it ends."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

import cli

ROOT = Path(cli.__file__).parent
HEAVY = {"sqlalchemy", "sqlmodel", "pydantic", "pendulum", "jinja2", "fastapi", "rich", "wcwidth", "ruamel", "openpyxl"}


def anjuan(
    *words: str, options: tuple[str, ...] = (), environment: Mapping[str, str] = MappingProxyType({})
) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, *options, "cli.py", *words]
    settings = {key: value for key, value in os.environ.items() if key != "ANJUAN_LANG"} | dict(environment)
    return subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, timeout=60, check=False)


def test_help_loads_no_command_and_nothing_heavy() -> None:
    ended = anjuan("--help", options=("-X", "importtime"))

    loaded = {
        line.rpartition("|")[2].strip() for line in ended.stderr.decode().splitlines() if line.startswith("import time")
    }
    modules = {place.module for place in cli.PLACES.values()}
    assert ended.returncode == 0
    assert "typer" in loaded
    assert {name.partition(".")[0] for name in loaded} & HEAVY == set()
    assert loaded & modules == set()


def test_help_names_every_command() -> None:
    page = anjuan("--help").stdout.decode()

    assert [name for name in cli.PLACES if f"  {name} " not in page] == []


@pytest.mark.parametrize(
    "locale", [{"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}, {"PYTHONIOENCODING": "gbk"}]
)
def test_output_is_utf_8_whatever_the_locale(locale: dict[str, str]) -> None:
    ended = anjuan("--help", environment=locale)
    wrong = anjuan("nosuchcommand", environment=locale)

    assert ended.stdout.decode("utf-8").startswith("用法：anjuan")
    assert "没有“nosuchcommand”这个命令" in wrong.stderr.decode("utf-8")


def test_a_reader_that_leaves_early_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as nobody:
        command = [sys.executable, "cli.py", "--help"]
        ended = subprocess.run(command, cwd=ROOT, stdout=nobody, stderr=subprocess.PIPE, timeout=60, check=False)

    assert (ended.returncode, ended.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_told_in_one_sentence() -> None:
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "cli.py", "--help", "--json"]
        ended = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)

    assert ended.returncode == 1
    assert "磁盘已满" in ended.stderr.decode()
    assert b"Traceback" not in ended.stderr
