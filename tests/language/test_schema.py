"""The editor's schema and the loader say the same about every sample robot."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from bofbot.actions import VERBS, VerbTable
from bofbot.language.findings import Findings, Source
from bofbot.language.loader import check_robot
from bofbot.language.schema import describe_verbs, robot_schema
from bofbot.language.shape import ROBOT_KEYS, STEP_KEYS
from bofbot.language.yaml_text import Mapping, Node, Scalar, Unreadable, read_tree

SAMPLES = Path(__file__).parent / "robots"
SHIPPED = Path(__file__).parents[2] / "robots"
STRUCTURE = {f"E{number}" for number in range(110, 121)} | {"E121", "E122"}
"""Faults of keys and values, which a schema can see. Names, expressions and other files it cannot."""


@pytest.fixture(scope="module")
def validator(verbs: VerbTable) -> Draft7Validator:
    schema = robot_schema(verbs)
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema)


def _as_an_editor_reads(node: Node | None) -> Any:
    """Plain values with the types that an editor (YAML 1.2, core schema) gives them."""
    if isinstance(node, Scalar):
        return _typed(node.text) if node.plain else node.text
    if isinstance(node, Mapping):
        return {key: _as_an_editor_reads(value) for key, value in node.items()}
    return [_as_an_editor_reads(item) for item in node.items] if node else None


def _typed(text: str | None) -> Any:
    if text in (None, "null", "~"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if re.fullmatch(r"[-+]?[0-9]+", text):
        return int(text)
    return float(text) if re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+\.[0-9]*)", text) else text


def _read(path: Path) -> Any:
    return _as_an_editor_reads(read_tree(Source(path.name, path.read_text(encoding="utf-8")), Findings()))


_GOOD = [*sorted((SAMPLES / "good").glob("**/*.yaml")), *sorted(SHIPPED.glob("**/*.yaml"))]
_UNSEEN = ("E101", "E116_column_type")
"""What a schema cannot see: the encoding of the file, and types written `code(7)`."""
_BAD = [path for path in sorted((SAMPLES / "bad").glob("*.yaml")) if not path.stem.startswith(_UNSEEN)]


@pytest.mark.parametrize("path", _GOOD, ids=lambda path: path.stem)
def test_what_the_loader_takes_the_schema_takes(
    path: Path, validator: Draft7Validator, verbs: VerbTable
) -> None:
    assert check_robot(path, verbs)[0] is not None
    document = _read(path)
    if path.stem == "typed_text":  # null and ~ are text to bofbot and nothing to an editor
        document["steps"][0]["fill"].pop("無")
        document["steps"][1]["set"].pop("a")
    assert [error.message for error in validator.iter_errors(document)] == []


@pytest.mark.parametrize("path", _BAD, ids=lambda path: path.stem)
def test_what_the_schema_can_see_it_refuses(path: Path, validator: Draft7Validator, verbs: VerbTable) -> None:
    _, diagnostics = check_robot(path, verbs)
    try:
        document = _read(path)
    except Unreadable:
        return
    told = {one.code for one in diagnostics}
    refused = not validator.is_valid(document)
    if told & STRUCTURE:
        assert refused
    elif refused:
        assert told & {"E104", "E109", "E123", "E124", "E132", "E155"}


def _step_for(verb: str, verbs: VerbTable) -> dict[str, Any]:
    """A step with something plausible for everything that is required."""
    doc = next(one for one in describe_verbs(verbs) if one.verb == verb)
    keys = [option.key for option in doc.options if option.required or option.key == verb]
    return {key: [{"wait": "1s"}] if key == "steps" else "${run.id}" for key in keys}


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_known_to_both(
    verb: str, validator: Draft7Validator, verbs: VerbTable, tmp_path: Path
) -> None:
    step = _step_for(verb, verbs)
    for changed, fault in (({}, ""), ({"nonsense": "1"}, "E113"), ({"timeout": "5"}, "E117")):
        whole = {"bofbot": 1, "name": "a", "steps": [{**step, **changed}]}
        errors = [error.message for error in validator.iter_errors(whole)]
        assert bool(errors) is bool(fault), errors
        file = tmp_path / "robot.yaml"
        file.write_text(json.dumps(whole), encoding="utf-8")
        told = {one.code for one in check_robot(file, verbs)[1]}
        assert not fault or fault in told
        if not fault and verb not in (
            "use",
            "submit",
        ):  # a part that exists, a way to verify: more than a schema knows
            assert not told & STRUCTURE - {"E116"}


def test_a_misspelt_verb_is_named_and_no_other_property_is_asked_for(validator: Draft7Validator) -> None:
    errors = list(
        validator.iter_errors(
            {"bofbot": 1, "name": "a", "steps": [{"clik": "登録", "expect": "登録しました"}]}
        )
    )
    assert any("'clik' was unexpected" in error.message for error in errors)
    assert not any("required property" in error.message for error in errors)


def test_everything_is_described_in_both_languages(verbs: VerbTable) -> None:
    schema = robot_schema(verbs)
    assert set(schema["properties"]) == set(ROBOT_KEYS)
    step = schema["definitions"]["step"]["properties"]
    assert set(STEP_KEYS) | set(VERBS) <= set(step)
    for key, shape in (*schema["properties"].items(), *step.items()):
        assert re.search("[ぁ-ん一-龥ァ-ン]", shape["description"]), key
    for doc in describe_verbs(verbs):
        assert doc.meaning.en != doc.meaning.ja, doc.verb
        for option in doc.options:
            assert option.meaning.en, f"{doc.verb}.{option.key}"
            assert option.meaning.en != option.meaning.ja, f"{doc.verb}.{option.key}"
