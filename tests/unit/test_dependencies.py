"""What the product imports is declared in pyproject.toml, and what is declared there is imported."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import engine

ROOT = Path(engine.__file__).parent.parent
FOLDERS = ("engine", "workflows", "notifications", "reports", "commands", "migrations")
OURS = {*FOLDERS, "cli"}
# Loaded by SQLAlchemy, by the name of its dialect in an address.
LOADED_BY_NAME = {"psycopg"}


def test_every_package_that_the_product_imports_is_declared() -> None:
    by_module = packages_distributions()

    undeclared = {
        f"{module} in {place}"
        for module, place in imports()
        if not {plain(name) for name in by_module.get(module, ())} & declared()
    }

    assert undeclared == set()


def test_every_declared_package_is_imported_by_the_product() -> None:
    by_module = packages_distributions()
    used = {plain(name) for module, _place in imports() for name in by_module.get(module, ())}

    assert declared() - used - LOADED_BY_NAME == set()


def test_every_declared_version_is_exact() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = [
        *project["build-system"]["requires"],
        *project["project"]["dependencies"],
        *(one for group in project["dependency-groups"].values() for one in group),
        *project["tool"]["uv"]["constraint-dependencies"],
    ]

    assert [one for one in wanted if not re.fullmatch(r"[\w.\-]+(\[\w+\])?==[\w.]+", one)] == []


def imports() -> Iterator[tuple[str, str]]:
    """The module from elsewhere, outside of the standard library, and the file that imports it."""
    files = [ROOT / "cli.py", *(file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py"))]
    for file in files:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            for name in imported_by(node):
                module = name.partition(".")[0]
                if module not in OURS and module not in sys.stdlib_module_names:
                    yield module, str(file.relative_to(ROOT))


def imported_by(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module is not None:
        return [node.module]
    return []


def declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return {plain(re.split(r"[\[=]", one)[0]) for one in project["project"]["dependencies"]}


def plain(name: str) -> str:
    """A distribution's name in the one spelling that all indexes agree on."""
    return re.sub(r"[-_.]+", "-", name).lower()
