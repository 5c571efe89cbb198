"""How many open cases stand in which state, on both databases."""

from __future__ import annotations

from builders import Scene

from engine.case_queries import open_cases_by_state

pytest_plugins = ["scenes"]


def test_open_cases_are_counted_by_state_in_the_units_and_workflow_asked_for(scene: Scene) -> None:
    scene.open("2018-09-03")
    scene.walk(scene.open("2018-09-03"), "verify", "2018-09-04")
    scene.walk(scene.open("2018-09-03"), "verify order_rectification recheck close_rectified", "2018-09-04")

    with scene.office.store.reading() as work:
        assert open_cases_by_state(work, {"suzhou", "kunshan"}, "case") == {"lead": 1, "verifying": 1}
        assert open_cases_by_state(work, {"kunshan"}, "case") == {}
        assert open_cases_by_state(work, set(), "case") == {}
        assert open_cases_by_state(work, {"suzhou"}, "preservation") == {}
