"""Tasks by the names that commands use, their departments, and how entries add up to done or open."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.campaign_parts import all_tasks
from engine.campaign_plan import CampaignPlan, plan_from
from engine.campaign_tasks import (
    Progress,
    departments_by_task,
    find_task,
    planned_tasks,
    standing_of,
    standings,
)
from engine.errors import NotFound

WORDS = {"zh": "事", "en": "thing"}


def a_plan(**parts: Any) -> CampaignPlan:
    return plan_from(
        {
            "id": "trial",
            "name": WORDS,
            "title": WORDS,
            "level": "city",
            "issued_on": "2017-03-22",
            "issuers": ["某办"],
            "organisers": ["某局"],
            "unit": "suzhou",
            **parts,
        }
    )


def a_task(**parts: Any) -> dict[str, Any]:
    return {**WORDS, **parts}


def progress(seq: int, *, done: bool = False, reopened: bool = False, unit: str = "suzhou") -> Progress:
    on = date(2018, 9, 3)
    return Progress(seq, "a", unit, "lead", on, "做了", "", (), (), done, reopened)


PLAN = a_plan(
    tasks=[a_task(id="sales", tasks=[a_task(no="3"), a_task()]), a_task(no="1"), a_task()],
    phases=[{"id": "first", **WORDS, "tasks": [a_task(no="1"), a_task(no="2", id="named", tasks=[a_task(no="1")])]}],
)


def test_a_task_is_named_by_its_id_or_by_its_phase_and_number() -> None:
    keys = [one.key for one in planned_tasks(PLAN)]

    assert keys == ["sales", "sales.3", "sales._2", "1", "_3", "first.1", "named", "named.1"]
    assert [one.above for one in planned_tasks(PLAN)] == [None, "sales", "sales", None, None, None, None, "named"]


def test_a_task_with_an_id_is_found_by_its_number_too() -> None:
    assert find_task(PLAN, "first.2") == find_task(PLAN, "named")


@pytest.mark.parametrize(
    ("name", "told"), [("first.11", "first.1"), ("naned", "named"), ("不存在", "sales、sales.3"), ("x" * 3000, "sales")]
)
def test_a_wrong_name_is_told_the_nearest_or_those_there_are(name: str, told: str) -> None:
    with pytest.raises(NotFound) as caught:
        find_task(PLAN, name)

    assert caught.value.code == "task.unknown"
    assert caught.value.remedy is not None
    assert told in caught.value.remedy.zh
    assert len(caught.value.zh) < 100


def test_a_plan_without_tasks_says_so() -> None:
    with pytest.raises(NotFound) as caught:
        find_task(a_plan(), "1")

    assert caught.value.remedy is not None
    assert "没有列出任务" in caught.value.remedy.zh


def test_a_department_called_by_an_alias_is_one_department_in_matrix_and_owners() -> None:
    plan = a_plan(
        tasks=[a_task(id="sales", owners=["市质监局", "某某学会"]), a_task(id="source")],
        departments=[
            {"id": "quality", "zh": "质监局", "en": "Quality", "aliases": ["市质监局"]},
            {"id": "police", "zh": "公安局", "en": "Police"},
        ],
        matrix=[
            {"department": "质监局", "tasks": ["sales", "source"]},
            {"department": "police", "tasks": ["source"]},
        ],
    )

    assert departments_by_task(plan) == {"sales": ("quality", "某某学会"), "source": ("quality", "police")}


def test_done_stays_done_until_it_is_opened_again() -> None:
    closed, more, opened = progress(1, done=True), progress(2), progress(3, reopened=True)

    assert standing_of([closed, more]).done_by == closed
    assert not standing_of([closed, more, opened]).done
    assert standing_of([closed, opened, progress(4, done=True)]).done


def test_one_unit_does_not_close_the_task_of_another() -> None:
    found = standings([progress(1, done=True), progress(2, unit="kunshan")])

    assert found["a", "suzhou"].done
    assert not found["a", "kunshan"].done


TREES = st.recursive(
    st.builds(lambda no: {**WORDS, **({"no": str(no)} if no else {})}, st.none()),
    lambda below: st.lists(below, max_size=3).map(lambda tasks: {**WORDS, "tasks": tasks}),
    max_leaves=12,
)


@given(own=st.lists(TREES, max_size=4), phased=st.lists(TREES, max_size=4))
def test_every_task_of_any_plan_has_a_name_of_its_own(own: list[Any], phased: list[Any]) -> None:
    numbered = [{**task, "no": str(number)} for number, task in enumerate(phased, start=1)]
    plan = a_plan(tasks=own, phases=[{"id": "first", **WORDS, "tasks": numbered}])

    keys = [one.key for one in planned_tasks(plan)]

    assert len(set(keys)) == len(keys) == len(plan.every_task())
    assert [find_task(plan, key).key for key in keys] == keys
    assert [one.task for one in planned_tasks(plan)] == [*all_tasks(plan.tasks), *all_tasks(plan.phases[0].tasks)]
