"""The editor's schema of robots: flat, so that an editor underlines `clik` and does not ask for a property "open".

`robot_schema(verbs)` is JSON Schema (draft 7, what yaml-language-server knows best). All verbs are optional properties of a
step; a verb that is there says which other keys may stand beside it. `describe_verbs(verbs)` tells the same in words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bofbot.action import Action, Verb
from bofbot.language.field_shapes import COMPUTED, DURATION, TEXT, Schema, shape_of
from bofbot.language.meanings import meaning_of
from bofbot.language.shape import (
    DEFAULT_KEYS,
    INPUT_KEYS,
    RETRY_KEYS,
    ROBOT_KEYS,
    STEP_KEYS,
    VERSION,
    options_of,
    two_languages,
)
from bofbot.language.steps import Verbs
from bofbot.robot import Block
from bofbot.values.types import TYPES
from bofbot.words import Sentence

_STEPS: Schema = {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/step"}}
_TRUE_OR_FALSE: Schema = {"enum": [True, False, "true", "false"]}
_NAME: Schema = {"type": "string", "pattern": r"^[^\s\d!-/:-@\[-^`{-~][^\s!-/:-@\[-^`{-~]*$"}
_TEXTS: Schema = {"type": "array", "items": TEXT}


@dataclass(frozen=True, slots=True)
class OptionDoc:
    """One option of a verb, for the reference."""

    key: str
    kind: Sentence
    required: bool
    default: Any
    meaning: Sentence
    takes_secrets: bool = False


@dataclass(frozen=True, slots=True)
class VerbDoc:
    """One verb, for the reference. The first option is the verb's own value."""

    verb: str
    meaning: Sentence
    saves: str
    repeatable: bool
    rehearsed: bool
    options: tuple[OptionDoc, ...]
    module: str


def robot_schema(verbs: Verbs) -> dict[str, Any]:
    """The schema of robot files with these verbs."""
    kinds = _kinds(verbs)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "bofbot robot",
        "type": "object",
        "properties": {key: _with(_ROBOT[key], said) for key, said in ROBOT_KEYS.items()},
        "required": ["bofbot", "name", "steps"],
        "additionalProperties": False,
        "definitions": {"step": _step(kinds), "input": _input(), "retry": _retry()},
    }


def describe_verbs(verbs: Verbs) -> tuple[VerbDoc, ...]:
    """Every verb and its options, in the order of the table."""
    return tuple(_describe(name, kind) for name, kind in _kinds(verbs).items())


def _kinds(verbs: Verbs) -> dict[str, type[Verb]]:
    return {name: kind for name in verbs.names() if (kind := verbs.get(name)) is not None}


def _with(schema: Schema, said: Sentence) -> Schema:
    return {"description": f"{said.en}\n{said.ja}", **schema}


def _step(kinds: dict[str, type[Verb]]) -> Schema:
    properties: dict[str, Schema] = {key: _with(_STEP[key], said) for key, said in STEP_KEYS.items()}
    owners: dict[str, list[str]] = {}
    for name, kind in kinds.items():
        properties[name] = {"description": _about(kind)}
        for key in options_of(kind):
            owners.setdefault(key, []).append(name)
    for key in owners:
        properties.setdefault(key, {"description": "\n".join(_option_lines(key, owners[key], kinds))})
    return {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "anyOf": [{"required": [name]} for name in kinds],
        "allOf": [_rule(name, kind, kinds) for name, kind in kinds.items()],
    }


def _about(kind: type[Verb]) -> str:
    said = two_languages(kind.__doc__)
    return f"{said.en}\n{said.ja}"


def _option_lines(key: str, owners: list[str], kinds: dict[str, type[Verb]]) -> list[str]:
    lines = []
    for owner in owners:
        said = two_languages(meaning_of(kinds[owner], key))
        lines += [f"{owner}: {said.en}", said.ja] if said.en else []
    return lines


def _rule(name: str, kind: type[Verb], kinds: dict[str, type[Verb]]) -> Schema:
    """When the verb is there (and is not an option of another verb that is there): its options, and no others."""
    options = options_of(kind)
    fields = {(field.alias or attribute): attribute for attribute, field in kind.model_fields.items()}
    present: Schema = {"required": [name]}
    masters = [other for other, one in kinds.items() if other != name and name in options_of(one)]
    if masters:
        present = {"allOf": [present, {"not": {"anyOf": [{"required": [other]} for other in masters]}}]}
    shapes: dict[str, Schema] = {}
    for key in options:
        if key in STEP_KEYS:
            continue
        said = two_languages(meaning_of(kind, key))
        shape = (
            _STEPS
            if key == "steps" and issubclass(kind, Block)
            else _NAME
            if key == "as"
            else shape_of(kind, fields[key]).schema
        )
        shapes[key] = {**shape, **({"description": f"{said.en}\n{said.ja}"} if said.en else {})}
    required = [key for key, field in options.items() if field.is_required()]
    if issubclass(kind, Block) and "steps" in options:
        required.append("steps")
    then: Schema = {"properties": shapes, "propertyNames": {"enum": sorted({*options, *STEP_KEYS})}}
    if rest := [key for key in required if key != name]:
        then["required"] = rest
    return {"if": present, "then": then}


def _retry() -> Schema:
    shapes: dict[str, Schema] = {
        "times": {"enum": [*range(101), *(str(n) for n in range(101))]},
        "wait": DURATION,
        "longest": DURATION,
    }
    shapes = {key: _literal(shape) for key, shape in shapes.items()}
    return {
        "type": "object",
        "properties": {key: _with(shapes[key], said) for key, said in RETRY_KEYS.items()},
        "additionalProperties": False,
    }


def _input() -> Schema:
    shapes: dict[str, Schema] = {
        "type": {"anyOf": [{"enum": list(TYPES)}, {"type": "string", "pattern": r"^code\([1-9]\d?\)$"}]},
        "label": TEXT,
        "default": TEXT,
        "required": _TRUE_OR_FALSE,
        "choices": _TEXTS,
        "personal": _TRUE_OR_FALSE,
        "help": TEXT,
    }
    return {
        "type": "object",
        "properties": {key: _with(shapes[key], said) for key, said in INPUT_KEYS.items()},
        "additionalProperties": False,
    }


def _literal(schema: Schema) -> Schema:
    """Without the way out for `${…}`: these keys are known before the run."""
    if "pattern" in schema:
        return {**schema, "pattern": schema["pattern"].removesuffix(r"|\$\{")}
    return schema


_STEP: dict[str, Schema] = {
    "name": TEXT,
    "if": {"anyOf": [_TRUE_OR_FALSE, COMPUTED]},
    "timeout": _literal(DURATION),
    "retry": {"$ref": "#/definitions/retry"},
    "on_error": {"enum": ["stop", "skip", "collect"]},
    "optional": _TRUE_OR_FALSE,
    "save_as": _NAME,
    "note": TEXT,
}
_ROBOT: dict[str, Schema] = {
    "bofbot": {"enum": [int(VERSION), VERSION]},
    "name": TEXT,
    "purpose": TEXT,
    "owner": TEXT,
    "deputy": TEXT,
    "tags": _TEXTS,
    "by_hand": _literal(DURATION),
    "review_by": TEXT,
    "allow": _TEXTS,
    "approval": {
        "anyOf": [
            {"enum": ["required"]},
            {
                "type": "object",
                "properties": {"by": {"enum": ["other", "anyone"]}},
                "additionalProperties": False,
            },
        ]
    },
    "inputs": {
        "type": "object",
        "propertyNames": {"pattern": _NAME["pattern"]},
        "additionalProperties": {"$ref": "#/definitions/input"},
    },
    "secrets": _TEXTS,
    "defaults": {
        "type": "object",
        "properties": {
            "timeout": _with(_literal(DURATION), DEFAULT_KEYS["timeout"]),
            "retry": {"$ref": "#/definitions/retry"},
            "run_timeout": _with(_literal(DURATION), DEFAULT_KEYS["run_timeout"]),
            "at": _with(TEXT, DEFAULT_KEYS["at"]),
            "drift": _with({"enum": ["follow", "stop"]}, DEFAULT_KEYS["drift"]),
        },
        "additionalProperties": False,
    },
    "steps": _STEPS,
    "on_failure": _STEPS,
    "finally": _STEPS,
    "outputs": {
        "type": "object",
        "propertyNames": {"pattern": _NAME["pattern"]},
        "additionalProperties": True,
    },
}


def _describe(name: str, kind: type[Verb]) -> VerbDoc:
    fields = {(field.alias or attribute): attribute for attribute, field in kind.model_fields.items()}
    takes = kind.takes_secrets if issubclass(kind, Action) else frozenset()
    options = tuple(
        OptionDoc(
            key=key,
            kind=Sentence(en="steps", ja="手順")
            if key == "steps" and issubclass(kind, Block)
            else shape_of(kind, fields[key]).word,
            required=field.is_required() or (key == "steps" and issubclass(kind, Block)),
            default=None if field.is_required() else field.get_default(call_default_factory=True),
            meaning=two_languages(meaning_of(kind, key)),
            takes_secrets=fields[key] in takes,
        )
        for key, field in options_of(kind).items()
        if key not in STEP_KEYS
    )
    return VerbDoc(
        verb=name,
        meaning=two_languages(kind.__doc__),
        saves=kind.saves,
        repeatable=not issubclass(kind, Action) or kind.repeatable,
        rehearsed=not issubclass(kind, Action) or kind.rehearsed,
        options=options,
        module=kind.__module__,
    )
