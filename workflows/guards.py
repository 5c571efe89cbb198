"""Makes every guard and condition of the law known to definitions."""

from __future__ import annotations


def known() -> None:
    """Load the modules that carry the law; each names its guards when it is loaded. Doing it again changes nothing."""
    from workflows import (  # noqa: F401 - loaded for the names they give
        criminal,
        decisions,
        evidence,
        hearings,
        intake,
        money_guards,
        officers,
        payment_relief,
        periods,
        service,
        settlement,
    )
