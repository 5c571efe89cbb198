"""`anjuan workflow move` as typed words: what a rehearsal shows, what a move answers, and wrong words."""

from __future__ import annotations

from pathlib import Path

import pytest
from errands import FIRST, MAPPING, THIRD
from test_version_commands import Anjuan, anjuan

__all__ = ["anjuan"]  # fixtures

TOMORROW = "2026-11-26"


@pytest.fixture
def errand(anjuan: Anjuan, tmp_path: Path) -> Anjuan:
    """A small workflow in its first version with two open cases, and the third in force since today."""
    put(anjuan, tmp_path, FIRST)
    for title in ("协查一", "协查二"):
        assert anjuan("case", "open", "errand", "--set", f"title={title}", "--as", "handler1").code == 0
    said = ("--set", "result=属实", "--set", "officers=handler2")
    assert anjuan("case", "do", "suzhou-2026-0002", "check", *said, "--as", "lead").code == 0
    put(anjuan, tmp_path, THIRD)
    (tmp_path / "names.yaml").write_text(MAPPING, encoding="utf-8")
    return anjuan


def put(anjuan: Anjuan, folder: Path, text: str) -> None:
    (folder / "errand.yaml").write_text(text, encoding="utf-8")
    assert anjuan("workflow", "load", "errand.yaml", "--reason", "试行", "--as", "reviewer").code == 0
    for name in ("reviewer", "head"):
        done = anjuan("workflow", "activate", "errand", "--from", "2026-11-25", "--reason", "同意", "--as", name)
        assert done.code == 0


def moving(anjuan: Anjuan, *more: str) -> object:
    return anjuan("workflow", "move", "errand", "--reason", "新版", "--as", "head", *more)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "zh",
            (
                "可以移动1件，须有对应表1件，不能移动0件",
                "状态    checked",
                "期限    publication",
                "按此移动：anjuan workflow move errand --to",
            ),
        ),
        (
            "en",
            (
                "can move: 1, need a mapping: 1, blocked: 0",
                "state   checked",
                "limit   publication",
                "to move them: anjuan",
            ),
        ),
    ],
)
def test_a_rehearsal_says_what_can_move_and_what_must_be_mapped(
    errand: Anjuan, language: str, said: tuple[str, ...]
) -> None:
    shown = errand("workflow", "move", "errand", "--rehearse", "--reason", "新版", "--as", "head", "--lang", language)

    assert shown.code == 0
    for words in said:
        assert words in shown.out, shown.out


def test_rehearsed_moved_and_back(errand: Anjuan) -> None:
    mapped = ("--mapping", "names.yaml", "--reason", "新版", "--as", "head", "--json")
    first = errand("case", "show", "suzhou-2026-0002", "--json").json["definition"]

    unrehearsed = errand("workflow", "move", "errand", *mapped)
    rehearsed = errand("workflow", "move", "errand", "--rehearse", *mapped).json
    moved = errand("workflow", "move", "errand", *mapped).json

    assert unrehearsed.code == 3
    assert {"workflow", "to", "rehearsed", "counts", "verdicts", "needs", "cases", "left"} == set(moved)
    assert (rehearsed["rehearsed"], moved["rehearsed"]) == (True, False)
    assert rehearsed["verdicts"] == moved["verdicts"]
    assert [(c["case_no"], c["from"], c["to"], c["ended"]) for c in moved["cases"]] == [
        ("suzhou-2026-0001", "begun", "begun", []),
        ("suzhou-2026-0002", "checked", "examined", ["publication"]),
    ]
    shown = errand("case", "show", "suzhou-2026-0002", "--json").json
    assert (shown["definition"], shown["state"]) == (moved["to"], "examined")
    assert "移到" in errand("case", "history", "suzhou-2026-0002").out
    assert "moved to" in errand("case", "history", "suzhou-2026-0002", "--lang", "en").out

    back = ("--to", first[:12], "--reason", "移回", "--as", "head")
    assert errand("workflow", "move", "errand", "--rehearse", *back).code == 0
    assert errand("workflow", "move", "errand", *back).code == 0

    shown = errand("case", "show", "suzhou-2026-0002", "--json").json
    assert (shown["definition"], shown["state"]) == (first, "checked")
    assert errand("ledger", "verify").code == 0


def test_wrong_words_change_nothing(errand: Anjuan, tmp_path: Path) -> None:
    (tmp_path / "wrong.yaml").write_text("states: {begun: done}\n", encoding="utf-8")
    words = ("workflow", "move", "errand", "--rehearse", "--reason", "新版")

    assert errand(*words, "--to", "ffffff", "--as", "head").code == 6
    assert errand(*words, "--mapping", "wrong.yaml", "--as", "head").code == 2
    assert errand(*words, "--mapping", "none.yaml", "--as", "head").code == 6
    assert errand(*words, "--as", "handler1").code == 4
    assert errand("workflow", "move", "nothing", "--rehearse", "--reason", "新版", "--as", "head").code == 6
    assert errand("case", "show", "suzhou-2026-0002", "--json").json["state"] == "checked"
