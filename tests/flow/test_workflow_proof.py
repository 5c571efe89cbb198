"""`anjuan workflow proof` as typed words, the page it writes, the pages of the release, and files that are refused."""

from __future__ import annotations

from pathlib import Path
from time import process_time

import pytest
from test_admin_commands import Anjuan, anjuan, practice

import engine
from commands.output import MAX_WIDTH, display_width
from engine.legal_proof import prove
from engine.limit_checks import shipped_time_limits
from reports.law_report import law_report, page_of
from workflows.definition_files import shipped_definitions
from workflows.law_labels import labels_of

__all__ = ["anjuan", "practice"]  # fixtures

PAGES = Path(engine.__file__).parent.parent / "docs" / "proofs"
QUICK = "workflow: case\nextends: case\nsteps:\n  quick: {zh: 快办, en: Quick, from: filed, to: decided, by: head}\n"
MANY = 1000


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_proof_fits_the_screen_and_says_on_what_a_law_rests(anjuan: Anjuan, language: str) -> None:
    out = anjuan("workflow", "proof", "case", "--lang", language).out

    said = {
        "zh": (
            "8  作出决定的期限自立案",
            "· 流程路径：任何路径都须先经过“批准移送”",
            "移送规定（2020）第三条、第十一条",
        ),
        "en": ("8  the limit for the decision runs", "· the way through the states: every way goes", "第十一条"),
    }
    for words in said[language]:
        assert words in out
    assert all(display_width(line) <= MAX_WIDTH for line in out.splitlines())


def test_scripts_read_every_law_with_its_grounds_and_steps(practice: Anjuan) -> None:
    found = practice("workflow", "proof", "case", "--json").json

    assert set(found) == {"workflow", "hash", "laws", "remarks", "file"}
    law = next(law for law in found["laws"] if law["id"] == "refer_without_head")
    assert (law["number"], law["basis"]) == (7, "移送规定（2020）第五条")
    assert sorted((g["ground"], *g["steps"]) for g in law["rests_on"]) == [
        ("a time limit", "approve_referral"),
        ("an answer that is asked", "approve_referral"),
        ("who may take it", "approve_referral"),
    ]


def test_an_office_where_one_person_does_everything_is_told(practice: Anjuan) -> None:
    assert practice("unit", "add", "town", "--zh", "某镇", "--parent", "suzhou").code == 0
    roles = [word for role in ("handler", "lead", "reviewer", "head") for word in ("--role", role)]
    assert practice("staff", "add", "solo", "--zh", "独任", "--unit", "town", *roles).code == 0

    remarks = practice("workflow", "proof", "case", "--json").json["remarks"]

    town = [r["zh"] for r in remarks if "（town）" in r["zh"]]
    assert "“法制审核”与“交办核查”不得由同一人办理，而本单位（town）目前都只有独任可以办理" in town
    assert "“归档”在本单位（town）目前无人可以办理（档案员）" in town
    assert not any("suzhou" in r["zh"] for r in remarks)


def test_the_page_is_whole_and_needs_no_other(anjuan: Anjuan, tmp_path: Path) -> None:
    page = tmp_path / "proof.html"

    assert anjuan("workflow", "proof", "preservation", "--to", str(page)).code == 0

    text = page.read_text(encoding="utf-8")
    assert "法定规定证明" in text
    assert "two certified officers hold and give back" in text
    assert "src=" not in text
    assert "http" not in text
    assert anjuan("workflow", "proof", "case", "--to", str(tmp_path)).code == 2


@pytest.mark.parametrize("name", ["case", "preservation"])
def test_the_pages_of_the_release_are_those_of_the_shipped_workflows(name: str) -> None:
    limits = shipped_time_limits()
    definition = shipped_definitions({limit.id: limit.nature for limit in limits.values()})[name]

    page = page_of(law_report(definition, prove(definition), labels_of(limits)), "zh")

    assert (PAGES / f"{name}.html").read_text(encoding="utf-8") == page, "write it anew: workflow proof --to"


def test_a_file_that_breaks_a_law_has_no_proof(anjuan: Anjuan, tmp_path: Path) -> None:
    file = tmp_path / "quick.yaml"
    file.write_text(QUICK, encoding="utf-8")

    checked = anjuan("workflow", "check", str(file), "--json")
    proved = anjuan("workflow", "proof", str(file), "--lang", "en")

    assert checked.code == proved.code == 2
    assert {e["line"] for e in checked.json["errors"]} == {3, 4}  # 3: what could be served without a decision
    assert "第四十五条第二款" in proved.err
    assert "open → verify → file → quick" in proved.err


TOO_MUCH = {
    "yaml.tag": "workflow: !!python/object:os.system x\n",
    "yaml.alias": "workflow: &a case\nzh: *a\n",
    "yaml.duplicate_key": "workflow: case\nextends: case\nworkflow: case\n",
    "yaml.too_big": "workflow: case\n" + "# 注\n" * (10 * 1024 * 1024 // 5),
    "definition.too_large": "extends: case\nstates:\n"
    + "".join(f"  s{n}: {{zh: 态, en: s, stage: a}}\n" for n in range(MANY)),
    "extends.circle": "workflow: one\nextends: two\n",
}


@pytest.mark.parametrize("code", TOO_MUCH)
def test_hostile_files_are_refused_with_a_line_and_soon(anjuan: Anjuan, tmp_path: Path, code: str) -> None:
    (tmp_path / "one.yaml").write_text(TOO_MUCH[code], encoding="utf-8")
    (tmp_path / "two.yaml").write_text("workflow: two\nextends: one\n", encoding="utf-8")
    began = process_time()

    found = anjuan("workflow", "check", str(tmp_path / "one.yaml"), "--json")

    assert found.code == 2
    assert code in [e["code"] for e in found.json["errors"]]
    assert all(e["line"] >= 1 and e["zh"] and e["en"] for e in found.json["errors"])
    assert process_time() - began < MANY  # it ends: a search over such files must not run for ever
