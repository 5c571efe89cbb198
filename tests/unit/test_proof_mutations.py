"""A wrong edit of a shipped definition is refused and a harmless one is not, as a search over every path says."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from random import Random
from typing import Any

import pytest
from brute_force import Found, wrong_in
from edits import EDITS

from engine.definitions import OPEN, Definition, definition_from
from engine.flaws import Flaw
from engine.legal_proof import prove
from engine.limit_checks import shipped_time_limits
from engine.soundness import flaws_of
from workflows.definition_files import MEASURES, shipped_definitions

NATURES = {limit.id: limit.nature for limit in shipped_time_limits().values()}
KINDS = tuple(EDITS)
EDITED = 500
CHUNK = 50
# In every chunk, so that the comparison cannot go blind: a proof that refuses all or nothing is none.
REFUSED_AT_LEAST, HARMLESS_AT_LEAST = 15, 10
# Where a state cannot be reached, or a step not be taken, both say so; what more they say of the rest may differ.
UNREACHED = ("state.unreachable", "step.never")


@cache
def documents() -> dict[str, dict[str, Any]]:
    return {name: definition.as_document() for name, definition in shipped_definitions(NATURES).items()}


def edited(seed: int) -> tuple[dict[str, Any], str]:
    """A shipped document with one edit, and that edit in words. The kinds of edits take turns."""
    rng, kind = Random(seed), KINDS[seed % len(KINDS)]
    while True:
        workflow = "preservation" if rng.random() < 0.1 else "case"
        document = deepcopy(documents()[workflow])
        said = EDITS[kind](document, rng, NATURES)
        if said is not None:
            return document, f"{seed}: {workflow}, {kind}: {said}"


def told_by_the_proof(definition: Definition, flaws: tuple[Flaw, ...]) -> set[Found]:
    """The flaws as the oracle names them."""
    told = {(flaw.code, _where(flaw)) for flaw in flaws if flaw.code != "law.broken"}
    if len(told) < len(flaws):
        told |= {(f"law.broken {proof.law}", b.step) for proof in prove(definition) for b in proof.breaches}
    return told


def _where(flaw: Flaw) -> str:
    return OPEN if flaw.path[0] == OPEN else str(flaw.path[1])


def test_the_search_finds_nothing_wrong_with_what_is_shipped() -> None:
    assert {name: wrong_in(document, NATURES) for name, document in documents().items()} == {
        "case": frozenset(),
        "preservation": frozenset(),
    }


@pytest.mark.parametrize("first", range(0, EDITED, CHUNK))
def test_the_proof_refuses_what_is_wrong_and_nothing_else(first: int) -> None:
    refused, kinds = 0, set()
    for seed in range(first, first + CHUNK):
        document, said = edited(seed)
        definition = definition_from(document)

        flaws, wrong = flaws_of(definition, NATURES, MEASURES), wrong_in(document, NATURES)

        assert bool(flaws) == bool(wrong), f"{said}\nproof: {flaws}\nsearch: {sorted(wrong)}"
        codes = {code for code, _ in wrong}
        if "name" not in codes and not codes & set(UNREACHED):
            assert told_by_the_proof(definition, flaws) == wrong, said
        refused += bool(wrong)
        kinds.add(KINDS[seed % len(KINDS)])
    assert refused >= REFUSED_AT_LEAST
    assert CHUNK - refused >= HARMLESS_AT_LEAST
    assert kinds == set(KINDS)


@pytest.mark.parametrize(
    ("step", "to"),
    [
        ("file", "decided"),  # what must come before is itself what it must come before
        ("demand", "court_enforcement"),
        ("return_to_penalty", "referred"),  # what lets the law count anew is itself what the law speaks of
        ("redo", "heard"),
        ("redo", "referral_proposed"),  # from where others lead back to before the fresh start
        ("approve_notice", "court_enforcement"),
    ],
)
def test_every_way_round_a_law_is_told(step: str, to: str) -> None:
    document = deepcopy(documents()["case"])
    document["steps"][step]["to"] = to
    definition = definition_from(document)

    wrong = wrong_in(document, NATURES)

    assert any(code.startswith("law.broken") for code, _ in wrong)
    assert told_by_the_proof(definition, flaws_of(definition, NATURES, MEASURES)) == wrong


def test_of_guards_written_as_one_entry_of_a_law_each_is_asked() -> None:
    document = deepcopy(documents()["case"])
    document["never"]["act_alone"]["unguarded"] = [{"two_officers": {}, "valid_certificates": {}}]
    document["steps"]["verify"]["require"].remove({"two_officers": {}})
    asked = document["steps"]["inspect"]["require"]
    asked.remove(next(item for item in asked if "valid_certificates" in item))
    definition = definition_from(document)

    told = told_by_the_proof(definition, flaws_of(definition, NATURES, MEASURES))

    assert told == {("law.broken act_alone", "verify"), ("law.broken act_alone", "inspect")}


def test_an_opening_with_a_law_of_its_own_is_left_to_that_law() -> None:
    document = deepcopy(documents()["preservation"])
    document["never"]["held_unseen"] = {
        "zh": "甲", "en": "a", "basis": "乙", "entering": ["held"], "unguarded": [{"one_party_only": {}}]
    }  # fmt: skip
    broken = definition_from(document)
    document["never"]["held_unseen"]["save"] = ["open"]
    saved = definition_from(document)

    assert told_by_the_proof(broken, flaws_of(broken, NATURES, MEASURES)) == {("law.broken held_unseen", "open")}
    assert flaws_of(saved, NATURES, MEASURES) == ()
