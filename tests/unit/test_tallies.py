"""What a step counts: numbers, answers, answers of earlier steps; taken off, and only when something holds."""

from __future__ import annotations

from typing import Any

import pytest
from builders import a_case, an_attempt, day, taken

from engine.case_view import InCampaign
from engine.definitions import Step
from engine.tallies import tallies_of

HERE = (InCampaign("suzhou-2018", "short_video", day("2018-09-01")),)
FILED = taken("file", "2018-09-10", "head")
DECIDED = taken("decide", "2018-10-10", "head", fine_fen=500)
ON_SPOT = taken("decide_on_spot", "2018-10-20", fine_fen=70)


def counted(how_many: Any, *trail: Any, **said: Any) -> int:
    """How much of one measure a step counts in a case with that trail."""
    step = Step.model_validate({"zh": "步骤", "en": "Step", "from": "a", "to": "b", "count": {"filed": how_many}})
    found = tallies_of(step, an_attempt("step", "2018-11-05", **said), a_case("a", *trail), HERE)
    assert all((t.happened_on, t.period) == (day("2018-11-05"), "2018-11") for t in found)
    return sum(t.n for t in found)


COUNTS: list[tuple[Any, tuple[Any, ...], int]] = [
    ("1", (), 1),
    ("-1", (), -1),
    ("amount_fen", (), 30),
    ("unanswered_fen", (), 0),
    ({"decide": "fine_fen"}, (DECIDED,), 500),
    ({"decide": "fine_fen"}, (), 0),
    ({"amount": "-1"}, (), -1),
    ({"amount": "amount_fen", "sign": "minus"}, (), -30),
    ({"amount": "-1", "when": "was_filed"}, (FILED,), -1),
    ({"amount": "-1", "when": "was_filed"}, (), 0),
    ({"amount": {"decide": "fine_fen"}, "sign": "minus"}, (DECIDED,), -500),
    # Of several steps the newest on the trail is meant.
    ({"amount": {"decide": "fine_fen", "decide_on_spot": "fine_fen"}, "sign": "minus"}, (DECIDED, ON_SPOT), -70),
    ({"amount": {"decide": "fine_fen", "decide_on_spot": "fine_fen"}, "sign": "minus"}, (ON_SPOT, DECIDED), -500),
]


@pytest.mark.parametrize(("how_many", "trail", "n"), COUNTS)
def test_a_step_counts_what_its_definition_says(how_many: Any, trail: tuple[Any, ...], n: int) -> None:
    assert counted(how_many, *trail, amount_fen=30) == n


def test_the_short_and_the_long_form_survive_the_database_as_they_were_written() -> None:
    """The identity of a definition that is in use must not change with the language."""
    written = {"filed": "1", "fines_fen": {"decide": "fine_fen"}, "penalties": {"amount": "-1", "when": "was_filed"}}
    step = Step.model_validate({"zh": "步", "en": "Step", "from": "a", "to": "b", "count": written})

    assert step.model_dump(mode="json", by_alias=True, exclude_defaults=True)["count"] == written
