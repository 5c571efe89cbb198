"""The workflow language: its exported schema, its identity, its round trip through the database's form."""

from __future__ import annotations

import json

from engine.data_files import data_folder, parse_yaml, read_yaml, validated
from engine.definitions import Definition, definition_from, schema_text
from workflows.definition_files import DEFINITIONS


def shipped() -> Definition:
    return validated(Definition, read_yaml(DEFINITIONS / "case.yaml"))


def test_the_committed_schema_is_the_exported_one() -> None:
    committed = (data_folder() / "schemas" / "workflow.schema.json").read_text(encoding="utf-8")

    assert committed == schema_text()


def test_a_definition_survives_the_database_unchanged_and_keeps_the_order_of_its_steps() -> None:
    definition = shipped()

    back = definition_from(json.loads(json.dumps(definition.as_document())))

    assert back == definition
    assert list(back.steps) == list(definition.steps)
    assert back.hash == definition.hash


def test_comments_do_not_count_but_a_changed_word_does() -> None:
    text = (DEFINITIONS / "case.yaml").read_text(encoding="utf-8")

    commented = validated(Definition, parse_yaml("# one more comment\n" + text, "case.yaml"))
    changed = validated(Definition, parse_yaml(text.replace("zh: 受理\n", "zh: 受理投诉\n", 1), "case.yaml"))

    assert commented.hash == shipped().hash
    assert changed.hash != shipped().hash
