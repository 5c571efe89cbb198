"""What the checks find in a campaign file that contradicts itself, and whether that stops loading."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from campaign_documents import FULL, Place, fields_of_the_language, full_text, leaves

from engine.campaign_checks import checked_campaign
from engine.campaign_parts import Dated
from engine.campaign_plan import CampaignPlan, plan_from
from engine.data_files import parse_yaml
from engine.errors import FileWrong, Problem
from engine.parsed_file import Parsed

FORMS = {"statistics", "cases"}


def parsed(document: dict[str, Any]) -> Parsed:
    return parse_yaml(full_text(document), "full.yaml")


def problems(document: dict[str, Any]) -> tuple[Problem, ...]:
    """Everything found, remarks too."""
    try:
        return checked_campaign(parsed(document), None, FORMS)[1]
    except FileWrong as wrong:
        return wrong.problems


def changed(place: Place, value: Any) -> dict[str, Any]:
    """FULL with one thing changed; a place that ends with `+` takes one item more, `None` takes the field away."""
    document = copy.deepcopy(FULL)
    inner: Any = document
    for step in place[:-1]:
        inner = inner[step]
    if place[-1] == "+":
        inner.append(value)
    elif value is None:
        del inner[place[-1]]
    else:
        inner[place[-1]] = value
    return document


def line_of(document: dict[str, Any], place: Place) -> int:
    return parsed(document).line_of(tuple(step for step in place if step != "+"))


KNOWN = {problem.code for problem in problems(FULL)}
PHASE, TASK, RULE = ("phases", 0), ("phases", 0, "tasks", 0), ("obligations", 0)
A_TASK = {"zh": "又一任务", "en": "Another task"}

ERRORS: list[tuple[Place, Any, str, Place]] = [  # where, what is put there, code, the line where it is told
    (("ends_on",), "2026-06-09", "campaign.ends_before_start", ("ends_on",)),
    ((*PHASE, "ends_on"), "2026-06-09", "phase.ends_before_start", (*PHASE, "ends_on")),
    (("special_periods", 0, "ends_on"), "2026-09-09", "special.ends_before_start", ("special_periods", 0, "ends_on")),
    (("regions", 0, "ends_on"), "2026-06-10", "region.ends_before_start", ("regions", 0)),
    ((*PHASE, "regions", 0, "ends_on"), "2026-06-09", "region.ends_before_start", (*PHASE, "regions", 0)),
    (("regions", "+"), {"unit": "kunshan", "ends_on": "2026-12-01"}, "id.duplicate", ("regions", 1, "unit")),
    (
        ("target_lists", 0, "items", 0, "to_on"),
        "2026-06-11",
        "target.ends_before_start",
        ("target_lists", 0, "items", 0),
    ),
    ((*PHASE, "printed", 0, "date"), "issued_on", "printed.no_such_date", (*PHASE, "printed", 0, "date")),
    ((*RULE, "printings", 0, "date"), "ends_on", "printed.no_such_date", (*RULE, "printings", 0, "date")),
    (("tasks", 0, "id"), "train", "id.duplicate", (*TASK, "id")),
    ((*TASK, "tasks", 0), {**A_TASK, "id": "handed"}, "id.duplicate", (*TASK, "tasks", 0, "id")),
    ((*TASK, "tasks", "+"), {**A_TASK, "no": 1}, "id.duplicate", (*TASK, "tasks", 1, "no")),
    ((*TASK, "owners", 0), "nobody", "name.unknown", (*TASK, "owners", 0)),
    ((*TASK, "owners", "+"), "版权局", "id.duplicate", (*TASK, "owners", 1)),
    (("tasks", 0, "campaign"), "full-2026", "campaign.itself", ("tasks", 0, "campaign")),
    (("previous",), "full-2026", "campaign.itself", ("previous",)),
    (("parents", 0, "id"), "full-2026", "campaign.itself", ("parents", 0, "id")),
    (("departments", 0, "aliases", 0), "公安局", "department.ambiguous", ("departments", 1, "zh")),
    (("departments", 1, "aliases"), ["copyright"], "department.ambiguous", ("departments", 1, "aliases", 0)),
    (("departments", 1, "aliases"), ["版权处"], "department.ambiguous", ("departments", 1, "aliases", 0)),
    (("matrix", 0, "department"), "农委", "name.unknown", ("matrix", 0, "department")),
    (("matrix", 0, "tasks", 0), "handled", "name.unknown", ("matrix", 0, "tasks", 0)),
    (("matrix", 0, "tasks", "+"), "handed", "id.duplicate", ("matrix", 0, "tasks", 1)),
    (("matrix", "+"), {"department": "police", "tasks": ["train"]}, "id.duplicate", ("matrix", 1, "department")),
    (("special_periods", 0, "lists", 0), "site", "name.unknown", ("special_periods", 0, "lists", 0)),
    ((*RULE, "forms"), ["links"], "name.unknown", (*RULE, "forms", 0)),
    ((*RULE, "owed_by"), ["suzhou", "each_unit"], "obligation.owed_by", (*RULE, "owed_by")),
    ((*RULE, "owed_by"), ["suzhou", "suzhou"], "id.duplicate", (*RULE, "owed_by", 1)),
    ((*RULE, "lines", "+"), {"by": "报送方", "to": "接收方"}, "id.duplicate", (*RULE, "lines", 1)),
    (("obligations", 1, "character_limit"), 2000, "obligation.character_limit", ("obligations", 1, "character_limit")),
    (
        ("obligations", 3, "each_phase", "phases", 0),
        "fist",
        "name.unknown",
        ("obligations", 3, "each_phase", "phases", 0),
    ),
    (("gates", 0, "phase"), "fist", "name.unknown", ("gates", 0, "phase")),
    (("gates", 0, "starts_on"), "2026-08-16", "gate.ends_before_start", ("gates", 0)),
    (("forms", "+"), "links", "name.unknown", ("forms", 1)),
    (("unknown_category",), "others", "name.unknown", ("unknown_category",)),
    (("categories", 0, "id"), "total", "name.reserved", ("categories", 0, "id")),
    (("rewards", 0, "for"), ["units", "units"], "id.duplicate", ("rewards", 0, "for", 1)),
    (("issuers", 1), "甲发文局", "id.duplicate", ("issuers", 1)),
]
REMARKS: list[tuple[Place, Any, str, Place]] = [
    ((*PHASE, "ends_on"), "2026-12-05", "phase.outside", (*PHASE, "ends_on")),
    (("phases", 1, "starts_on"), "2026-08-20", "phase.overlap", ("phases", 1, "starts_on")),
    (("phases", 1, "starts_on"), "2026-09-03", "phase.gap", ("phases", 1, "starts_on")),
    (("issued_on",), "2026-06-20", "date.back_dated", ("starts_on",)),
    (("printed", 0, "on"), "2026-11-29", "printed.differs", ("printed",)),
    (
        ("printed", "+"),
        {"date": "issued_on", "words": "六月一日", "on": "2026-06-01"},
        "printed.differs",
        ("printed",),
    ),
    ((*RULE, "printings", 0, "on"), "2026-06-13", "printed.differs", (*RULE, "printings")),
    (("ends_on",), None, "printed.unset", ("printed", 0)),
    (("law_changes", 0, "on"), "2026-12-01", "law_change.outside", ("law_changes", 0, "on")),
    (
        ("target_lists", 0, "items", 1),
        {"name": "某某网", "url": "watched.example"},
        "target.twice",
        ("target_lists", 0, "items", 0),
    ),
    (("matrix", 0, "tasks", 0), "train", "matrix.other_owner", ("matrix", 0, "tasks", 0)),
    ((*RULE, "forms"), ["cases"], "form.not_listed", (*RULE, "forms", 0)),
    ((*RULE, "within"), {"days": 200, "of": "issued_on"}, "obligation.outside", RULE),
    (("obligations", 6, "due_on"), "2026-11-29", "obligation.rest_day", ("obligations", 6)),
    (
        ("obligations", 3, "each_phase", "phases", 0),
        "third",
        "obligation.undated_phase",
        ("obligations", 3, "each_phase"),
    ),
    (("gates", 0), {**FULL["gates"][0], "phase": "third", "starts_on": None, "ends_on": None}, "gate.always_open", ()),
]


def test_the_full_document_says_something_in_every_field_of_the_language() -> None:
    """So that no field goes untested: a new one has to be said here too."""
    plan = plan_from(FULL)
    said: set[tuple[str, str]] = set()

    def look(value: Any) -> None:
        if isinstance(value, (list, tuple)):
            for one in value:
                look(one)
        elif hasattr(value, "model_fields_set"):
            kind = type(value)
            names = {name: field.alias or name for name, field in kind.model_fields.items()}
            said.update((kind.__name__, names[name]) for name in value.model_fields_set)
            for name in value.model_fields_set:
                look(getattr(value, name))

    look(plan)

    assert fields_of_the_language() - said == set()


def test_a_plan_in_order_has_no_error() -> None:
    assert [problem for problem in problems(FULL) if not problem.remark] == []
    assert {problem.code for problem in problems(FULL)} <= {"obligation.rest_day", "matrix.other_owner"}


@pytest.mark.parametrize(("place", "value", "code", "told"), ERRORS)
def test_a_contradiction_stops_loading_and_is_told_with_its_line(
    place: Place, value: Any, code: str, told: Place
) -> None:
    document = changed(place, value)

    found = [problem for problem in problems(document) if problem.code == code]

    # A second place may follow from the first (an id that others refer to): one of them is the one that is wrong.
    assert line_of(document, told) in [problem.line for problem in found]
    for problem in found:
        assert not problem.remark
        assert any("一" <= sign <= "鿿" for sign in problem.zh)
        assert problem.en.isascii() or "”" not in problem.en


@pytest.mark.parametrize(("place", "value", "code", "told"), REMARKS)
def test_what_is_odd_but_legal_is_remarked_with_its_line(place: Place, value: Any, code: str, told: Place) -> None:
    document = changed(place, value)

    found = problems(document)

    assert [problem for problem in found if not problem.remark] == []
    lines = [problem.line for problem in found if problem.code == code]
    assert lines
    assert not told or line_of(document, told) in lines


def test_a_date_printed_twice_is_told_with_both_days_and_sources() -> None:
    """The national notice of 2015 is signed on 11 June and stands on a page of 10 June."""
    document = copy.deepcopy(FULL) | {
        "issued_on": "2026-06-02",
        "printed": [
            {"date": "issued_on", "words": "6月1日", "on": "2026-06-01", "source": "网页"},
            {"date": "issued_on", "words": "6月2日", "on": "2026-06-02", "source": "落款"},
        ],
    }

    (remark,) = [problem for problem in problems(document) if problem.code == "printed.differs"]

    assert all(said in remark.zh for said in ("2026-06-01", "2026-06-02", "网页", "落款"))
    assert all(said in remark.en for said in ("2026-06-01", "2026-06-02"))


def test_words_that_mean_no_day_are_no_contradiction() -> None:
    document = changed(("printed", 0), {"date": "ends_on", "words": "年底"})

    assert {problem.code for problem in problems(document)} == KNOWN


def test_phases_without_dates_and_without_end_leave_no_gap() -> None:
    document = changed(("phases", 0, "ends_on"), None)
    document["phases"][1] = {"id": "second", "zh": "第二段", "en": "Second part", "starts_on": "2026-10-01"}

    assert "phase.gap" not in {problem.code for problem in problems(document)}


def test_a_plan_that_begins_before_its_notice_says_so_for_each_part_that_does() -> None:
    document = changed(("issued_on",), "2026-06-11")

    told = [problem for problem in problems(document) if problem.code == "date.back_dated"]

    assert [problem.line for problem in told] == [
        line_of(document, ("starts_on",)),
        line_of(document, ("phases", 0, "starts_on")),
    ]


def test_every_dated_part_takes_all_its_fields() -> None:
    """Parts with dates are checked alike: a new one must be added to the checks of dates."""
    dated = {kind.__name__ for kind in Dated.__subclasses__()}

    assert dated == {"Phase", "SpecialPeriod", "CampaignPlan"}


def test_leaves_and_file_agree_on_lines() -> None:
    """The helper that finds lines is not to be trusted blindly: a value stands in the line that it gives."""
    text = full_text().splitlines()
    read = parsed(FULL)

    for place, value in leaves(FULL):
        assert json.dumps(value, ensure_ascii=False) in text[read.line_of(place) - 1]


def test_the_language_is_closed() -> None:
    assert CampaignPlan.model_config["extra"] == "forbid"
