"""How a paper reached the party: consent to electronic service, and what each way of service needs as proof."""

from __future__ import annotations

import pytest
from builders import a_case, an_attempt, taken

from engine.case_view import StepTaken
from engine.errors import Refusal
from workflows.service import electronic_consent, electronic_consent_before_2021, service_is_proved

SERVED_ON = "2025-03-03"
BEFORE_2021 = "2021-07-14"


def code(refusal: Refusal | None) -> str | None:
    """The code of a refusal, which speaks both languages, names its article and shows a way out."""
    if refusal is None:
        return None
    assert any("\u4e00" <= c <= "\u9fff" for c in refusal.zh)
    assert refusal.en
    assert refusal.basis
    assert refusal.remedy
    return refusal.code


def confirmed(signed_on: str, electronic: str = "yes") -> StepTaken:
    return taken("confirm_address", signed_on, electronic=electronic, signed_on=signed_on)


@pytest.mark.parametrize(
    ("trail", "said", "refused"),
    [
        ((), {}, "service.consent"),
        ((), {"consent_on": SERVED_ON}, None),
        ((), {"consent_on": "2025-03-04"}, "service.consent"),
        ((confirmed(SERVED_ON),), {}, None),
        ((confirmed("2025-03-02"),), {}, None),
        ((confirmed("2025-03-02", "no"),), {}, "service.consent"),
        ((confirmed("2025-03-01"), confirmed("2025-03-02", "no")), {}, "service.consent"),  # taken back
    ],
)
def test_electronic_service_needs_a_confirmation_signed_by_its_day(
    trail: tuple[StepTaken, ...], said: dict[str, str], refused: str | None
) -> None:
    attempt = an_attempt("serve", "2025-03-05", "handler1", served_how="electronic", served_on=SERVED_ON, **said)

    assert code(electronic_consent(a_case("decided", *trail), attempt)) == refused
    assert electronic_consent_before_2021(a_case("decided", *trail), attempt) is None


def test_under_the_law_of_1996_the_missing_confirmation_is_a_warning() -> None:
    attempt = an_attempt("serve", BEFORE_2021, "handler1", served_how="electronic", served_on=BEFORE_2021)

    assert electronic_consent(a_case("decided"), attempt) is None
    assert code(electronic_consent_before_2021(a_case("decided"), attempt)) == "service.consent"


def test_whoever_is_served_otherwise_need_not_agree() -> None:
    attempt = an_attempt("serve", SERVED_ON, "handler1", served_how="person", served_on=SERVED_ON)

    assert electronic_consent(a_case("decided"), attempt) is None


@pytest.mark.parametrize(
    ("how", "answer"), [("left", "witness"), ("public_notice", "tried"), ("person", None), ("post", None)]
)
def test_what_could_be_challenged_says_what_is_missing(how: str, answer: str | None) -> None:
    bare = service_is_proved(a_case("decided"), an_attempt("serve", SERVED_ON, "handler1", served_how=how))

    assert code(bare) == ("service.proof" if answer else None)
    if answer:
        assert bare is not None
        assert bare.facts["answer"] == answer
        full = an_attempt("serve", SERVED_ON, "handler1", **{"served_how": how, answer: "某乙"})
        assert service_is_proved(a_case("decided"), full) is None
