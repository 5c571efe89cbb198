"""`anjuan workflow diff` as typed words: the main line against a local one, in both languages, and wrong words."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_admin_commands import Anjuan, anjuan, practice

from commands.output import MAX_WIDTH, display_width

__all__ = ["anjuan", "practice"]  # fixtures

LOCAL = """extends: case
steps:
  decide:
    require:
      - two_officers
    in_person: yes
  merge:
    by: [head]
  consult:
    zh: 征求意见
    en: Ask for an opinion
    after: decide
    from: investigating
    to: same
    by: handler
    ask:
      asked_whom: {type: text, zh: 征求何人意见, en: whom}
roles:
  head: {from_above: yes}
"""


@pytest.fixture
def local(tmp_path: Path) -> Path:
    """A workflow that a bureau made out of the main line."""
    file = tmp_path / "local.yaml"
    file.write_text(LOCAL, encoding="utf-8")
    return file


def test_the_main_line_and_a_local_one_differ_in_what_the_file_says(practice: Anjuan, local: Path) -> None:
    found = practice("workflow", "diff", "case", "--to", str(local), "--json").json

    assert set(found) == {"workflow", "from", "to", "tightened", "loosened", "changes"}
    assert (found["from"]["origin"], found["from"]["by"], found["from"]["effective_on"]) == (
        "in_force",
        "admin",
        "1990-01-01",
    )
    assert (found["to"]["origin"], found["to"]["file"]) == ("file", "local.yaml")
    assert [(c["code"], c["name"]) for c in found["changes"]] == [
        ("step.added", "consult"),
        ("from_above.added", "head"),
        ("in_person.added", "decide"),
        ("guard.added", "decide"),
        ("extends.added", "case"),
    ]
    assert (found["tightened"], found["loosened"]) == (2, 1)
    assert {"code", "path", "kind", "name", "topic", "effect", "zh", "en", "basis"} == set(found["changes"][0])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_difference_fits_the_screen_and_names_guards_in_the_language(
    practice: Anjuan, local: Path, language: str
) -> None:
    out = practice("workflow", "diff", "case", "--to", str(local), "--lang", language).out

    said = {
        "zh": (
            "［收紧］作出处罚决定（decide）：新增条件：两名以上执法人员参加（two_officers）",
            "共4项变化，其中收紧2项，放宽1项",
        ),
        "en": ("4 changes, of which 2 tighter, 1 looser", "new requirement: at least two officers take part"),
    }
    assert all(sentence in out for sentence in said[language])
    assert "行政处罚法（2021）第五十七条" in out
    assert max(map(display_width, out.splitlines())) <= MAX_WIDTH


def test_a_local_workflow_is_compared_with_its_base_also_without_a_store(anjuan: Anjuan, local: Path) -> None:
    found = anjuan("workflow", "diff", "case", "--local", "--to", str(local), "--json").json

    assert (found["from"]["origin"], found["to"]["origin"]) == ("shipped", "file")
    assert len(found["changes"]) == 5


def test_a_fresh_store_has_what_the_program_ships(practice: Anjuan) -> None:
    found = practice("workflow", "diff", "case", "--json").json
    said = practice("workflow", "diff", "case", "--lang", "en").out

    assert (found["from"]["hash"], found["changes"]) == (found["to"]["hash"], [])
    assert "the two versions say the same" in said


def test_a_draft_is_what_comes_next_and_says_who_put_it_in_and_why(practice: Anjuan, local: Path) -> None:
    assert practice("workflow", "load", str(local), "--reason", "试行", "--as", "head").code == 0

    found = practice("workflow", "diff", "case", "--json").json
    said = practice("workflow", "diff", "case").out

    assert (found["from"]["origin"], found["to"]["origin"]) == ("in_force", "draft")
    assert (found["to"]["by"], found["to"]["reason"], len(found["changes"])) == ("head", "试行", 5)
    assert practice("workflow", "diff", "case", "--to", found["to"]["hash"][:6], "--json").json == found
    assert (
        practice("workflow", "diff", "case", "--local", "--to", "draft", "--json").json["changes"] == found["changes"]
    )
    assert f"到：草案，{found['to']['hash'][:12]}，head于" in said


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("nothing",), 6),
        (("case", "--to", "0123456789"), 6),
        (("case", "--to", "0123"), 2),
        (("case", "--to", "none.yaml"), 6),
        (("case", "--from", "draft"), 6),
        (("case", "--local"), 2),
        (("case", "--local", "--from", "shipped"), 2),
    ],
)
def test_what_cannot_be_compared_is_said_in_a_sentence(practice: Anjuan, words: tuple[str, ...], code: int) -> None:
    ended = practice("workflow", "diff", *words)

    assert (ended.code, ended.out) == (code, "")
    assert "怎么办" in ended.err
    assert "Traceback" not in ended.err
