"""Who may do what in the main line is what case-lifecycle §8 says, row by row; and how it is shown."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from commands.output import display_width
from commands.words import use_language
from commands.workflow_matrix import matrix_document, matrix_lines
from engine.definitions import Definition
from engine.limit_checks import shipped_time_limits
from workflows import guards
from workflows.definition_files import DEFINITIONS, read_definition
from workflows.permissions import rights_of, who_may


class Row(NamedTuple):
    """A row of §8: the steps of the main line that it means, and the columns with a full dot.

    `narrower` are dots that the main line does not have: contract §3 prints one role for these steps.
    """

    steps: str
    may: str
    narrower: str = ""


# Columns of §8 that are no role of the main line yet: C (the meeting decides through the step of the head), P (the
# provincial office), N and T (cases of their own), AU (reads, moves nothing).
COLUMNS = {
    "H": "handler",
    "S": "lead",
    "L": "reviewer",
    "B": "head",
    "O": "hearing_officer",
    "D": "supervisor",
    "M": "campaign_office",
    "K": "finance",
    "A": "archivist",
    "G": "police",
}
MATRIX = {
    "register lead / complaint": Row("open", "H S D M"),
    "accept / refuse complaint": Row("accept refuse", "S B", narrower="B"),
    "assign two officers": Row("verify investigate", "S B", narrower="B"),
    "filing approval": Row("file decline_filing", "B"),
    "inspection, inquiry (two)": Row("inspect inquire", "H S"),
    "interview, rectification order": Row("interview order_rectification extend_rectification", "S"),
    "investigation report": Row("conclude", "H"),
    "legal review": Row("review", "L"),
    "sign prior notice": Row("approve_notice", "B"),
    "preside hearing": Row("call_hearing hold_hearing end_hearing", "O"),
    "collective discussion minutes": Row("discuss", "B"),
    "sign decision": Row("decide decide_no_penalty set_aside", "B"),
    "service": Row("notify serve", "H S", narrower="S"),
    "approve instalments / demand / court": Row("allow_instalments", "B"),
    "record payment, goods store": Row("pay", "K"),
    "approve criminal referral": Row("approve_referral refuse_referral", "B"),
    "enter police answer": Row("police_file police_refuse", "G"),
    "reopen": Row("reopen redo", "B"),
    "archive": Row("archive", "A"),
}
# Rows of §8 that no step of the main line carries; the work that brings them.
ELSEWHERE = {
    "approve preservation / seizure": "cases of their own that belong to this one (preservation, seizure)",
    "enter comms / cyberspace answer": "requests to other departments",
    "list / delist flagship": "the flagship track",
    "campaign plan, phases, forms": "no case: campaigns",
    "submit monthly form": "no case: reports",
    "change clock, holiday table or rule data": "no case: rules",
}


@functools.cache
def main_line() -> Definition:
    guards.known()
    natures = {limit.id: limit.nature for limit in shipped_time_limits().values()}
    return read_definition(DEFINITIONS / "case.yaml", natures)


def roles(columns: str) -> set[str]:
    return {COLUMNS[column] for column in columns.split()}


@pytest.fixture(autouse=True)
def _chinese_afterwards() -> Iterator[None]:
    yield
    use_language("zh")


@pytest.mark.parametrize("row", MATRIX)
def test_a_step_is_for_whom_the_matrix_says(row: str) -> None:
    said = MATRIX[row]

    found = {step: set(rights_of(main_line())[step].by) for step in said.steps.split()}

    assert found == dict.fromkeys(said.steps.split(), roles(said.may) - roles(said.narrower))


def test_every_row_of_the_matrix_is_looked_at_or_waits_for_its_own_work() -> None:
    assert len(MATRIX) + len(ELSEWHERE) == 25  # 24 rows of §8, one of them for four liaisons in two
    assert set(MATRIX) & set(ELSEWHERE) == set()


def test_of_several_steps_a_role_must_be_allowed_all() -> None:
    found = who_may(main_line(), {"begin": ["open", "verify"], "look": ["inspect", "inquire"]})

    assert {role for role, may in found["begin"].items() if may} == {"lead"}
    assert {role for role, may in found["look"].items() if may} == {"handler", "lead"}
    assert set(found["look"]) == set(main_line().roles)


@pytest.mark.parametrize("step", ["approve_referral", "refuse_referral"])
def test_a_referral_is_decided_by_the_head_in_person(step: str) -> None:
    assert rights_of(main_line())[step].in_person


APART = [  # who may not take a step, because of which earlier ones: the conflict rules of §1
    ("review", "verify investigate conclude"),
    ("call_hearing", "verify investigate conclude review"),
    ("hold_hearing", "verify investigate conclude review"),
    ("approve_referral", "propose_referral"),
    ("refuse_referral", "propose_referral"),
    ("decide", "verify investigate conclude review hold_hearing"),
    ("decide_no_penalty", "verify investigate conclude review hold_hearing"),
    ("pay", "decide investigate conclude"),
    ("file", "verify"),
]


@pytest.mark.parametrize(("step", "barred_by"), APART)
def test_nobody_judges_his_own_work(step: str, barred_by: str) -> None:
    assert set(barred_by.split()) <= set(rights_of(main_line())[step].not_by)


def test_what_the_head_approves_he_confirms() -> None:
    approvals = "file approve_notice decide decide_no_penalty approve_referral refuse_referral close reopen set_aside"

    assert [step for step in approvals.split() if not rights_of(main_line())[step].confirmed] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_matrix_keeps_within_a_hundred_columns_with_a_line_for_every_step(lang: str) -> None:
    use_language(lang)

    lines = list(matrix_lines(main_line()))

    assert max(map(display_width, lines)) <= 100
    steps = len(rights_of(main_line()))
    head = next(place for place, line in enumerate(lines) if line.startswith("---"))
    assert len(lines) - head - 1 == steps
    # A mark stands under the number of its role.
    column = display_width(lines[head - 1][: lines[head - 1].index("4")])
    (filing,) = [line for line in lines if line.startswith({"zh": "立案 ", "en": "file "}[lang])]
    assert [display_width(filing[:place]) for place, sign in enumerate(filing) if sign == "x"] == [column]


def test_the_matrix_as_json_names_roles_and_steps() -> None:
    document = json.loads(json.dumps(matrix_document(main_line())))

    assert set(document) == {"workflow", "roles", "steps"}
    assert [role["id"] for role in document["roles"]] == list(main_line().roles)
    assert document["steps"]["file"]["by"] == ["head"]
    assert document["steps"]["approve_referral"]["in_person"] is True
    assert document["steps"]["service_takes_effect"]["by"] == []
