"""Makes every guard and condition of the law known to definitions."""

from __future__ import annotations


def known() -> None:
    """Load the modules that carry the law; each names its guards when it is loaded. Doing it again changes nothing."""
    from workflows import (  # noqa: F401 - loaded for the names they give
        closing,
        criminal,
        criminal_answers,
        decisions,
        enforcement,
        evidence,
        hearings,
        intake,
        leaving,
        money_guards,
        officers,
        on_spot,
        parties,
        payment_relief,
        periods,
        records,
        repeated_works,
        service,
        setting_aside,
        settlement,
        spot_fines,
    )
