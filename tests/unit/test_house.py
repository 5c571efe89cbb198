"""The house stands as it was drawn: who may import whom, who reads the clock, who commits, what every room is for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent.parent
FLOORS = {"cli": 5, "commands": 4, "web": 3, "reports": 2, "notifications": 2, "workflows": 1, "engine": 0}
LARGEST_MODULE_LINES = 450

# Whoever ends a transaction, and why it is not left to the store.
MAY_COMMIT = {
    "engine/store.py",  # one command, one transaction
    "engine/migrating.py",  # tables and triggers are made before there is a store to ask
    "workflows/founding.py",  # takes the tables of a founding that failed away again
}


def modules() -> list[Path]:
    """The Python files of the product."""
    inside = [p for floor in FLOORS if (HOUSE / floor).is_dir() for p in (HOUSE / floor).rglob("*.py")]
    return sorted([HOUSE / "cli.py", *inside])


def name_of(module: Path) -> str:
    return module.relative_to(HOUSE).as_posix()


def tree_of(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"), filename=name_of(module))


def imported(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Every absolute import, inside functions too: its dotted name and line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: imports are written in full"
            yield node.module or "", node.lineno


def calls(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Every call by its dotted name (`datetime.now`, or `.commit` on any value) and line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node.lineno


def floor_of(dotted: str) -> str:
    return dotted.partition(".")[0]


def goes_up(module: str, dotted: str) -> bool:
    """Whether this import leads to a higher floor, or from one side of the same floor to the other."""
    here, there = floor_of(module.removesuffix(".py").replace("/", ".")), floor_of(dotted)
    if there not in FLOORS or there == here:
        return False
    return FLOORS[there] >= FLOORS[here]


@pytest.mark.parametrize(
    ("module", "dotted", "up"),
    [
        ("engine/store.py", "workflows.guards", True),
        ("reports/cells.py", "notifications.render", True),
        ("notifications/render.py", "reports.cells", True),
        ("workflows/money.py", "commands.case", True),
        ("cli.py", "commands.running", False),
        ("commands/case.py", "engine.casework", False),
        ("reports/cells.py", "reports.month", False),
        ("engine/store.py", "sqlalchemy", False),
    ],
)
def test_the_rule_of_floors_knows_up_from_down(module: str, dotted: str, up: bool) -> None:
    assert goes_up(module, dotted) is up


def test_imports_only_go_down() -> None:
    climbing = [
        f"{name_of(module)}:{line} imports {dotted}"
        for module in modules()
        for dotted, line in imported(tree_of(module))
        if goes_up(name_of(module), dotted)
    ]

    assert climbing == []


def test_every_module_has_its_line_in_the_table_of_rooms() -> None:
    table = (HOUSE / "docs" / "house.md").read_text(encoding="utf-8")
    rows = {line.split("`")[1]: line for line in table.splitlines() if line.startswith("| `")}

    files = {name_of(module) for module in modules() if module.name != "__init__.py"}

    assert sorted(files - set(rows)) == [], "modules without a line in docs/house.md"
    assert sorted(room for room in set(rows) - files if room.endswith(".py")) == [], "lines without a module"


def test_only_the_clock_reads_the_time_of_day() -> None:
    readers = ("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns")
    readers += ("time.localtime", "time.gmtime", "time.strftime", "pendulum.now", "pendulum.today", "sa.func.now")

    found = [
        f"{name_of(module)}:{line} {called}"
        for module in modules()
        for called, line in calls(tree_of(module))
        if any(called == reader or called.endswith(f".{reader}") for reader in readers)
        and name_of(module) != "engine/clock.py"
    ]
    named = [
        f"{name_of(module)}:{line} {dotted}"
        for module in modules()
        for dotted, line in imported(tree_of(module))
        if floor_of(dotted) in {"pendulum", "time"} and name_of(module) != "engine/clock.py"
    ]

    assert found == []
    assert named == []


def test_nobody_but_the_store_ends_a_transaction() -> None:
    enders = (".commit", ".begin", ".begin_nested", ".rollback", ".autocommit")

    found = {
        f"{name_of(module)}:{line} {called}"
        for module in modules()
        for called, line in calls(tree_of(module))
        if called.endswith(enders) and name_of(module) not in MAY_COMMIT
    }

    assert found == set()
    assert {name for name in MAY_COMMIT if not (HOUSE / name).exists()} == set()


def test_the_product_never_imports_the_libraries_of_holidays() -> None:
    oracles = {"holidays", "chinese_calendar"}

    found = [
        f"{name_of(module)}:{line} imports {dotted}"
        for module in modules()
        for dotted, line in imported(tree_of(module))
        if floor_of(dotted) in oracles
    ]

    assert found == []


def test_a_module_is_short_enough_to_be_read_at_one_sitting() -> None:
    lengths = {name_of(module): len(module.read_text(encoding="utf-8").splitlines()) for module in modules()}

    assert {name: lines for name, lines in lengths.items() if lines > LARGEST_MODULE_LINES} == {}
