"""Conditions on how a paper reached the party."""

from __future__ import annotations

from engine.case_view import Attempt, CaseView
from engine.guards import condition


@condition
def by_public_notice(case: CaseView, attempt: Attempt) -> bool:
    """It is served by public notice: it takes effect by itself when the period has run (民事诉讼法2023 §95)."""
    return attempt.answers.get("served_how") == "public_notice"
