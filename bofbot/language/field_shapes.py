"""A field of a verb → what may be written there: as JSON Schema for editors, and in words for the reference."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, PlainSerializer, WrapValidator
from pydantic.fields import FieldInfo

from bofbot.action import Later, Scalar
from bofbot.values.units import Duration, Size
from bofbot.words import Sentence

Schema = dict[str, Any]

COMPUTED: Schema = {"type": "string", "pattern": r"\$\{"}
TEXT: Schema = {"type": ["string", "number", "boolean"]}
"""YAML's own types say nothing: 0012 and yes are texts to bofbot, whatever an editor takes them for."""
DURATION: Schema = {
    "type": "string",
    "pattern": r"^(\d+(\.\d+)? ?(ms|s(econds?)?|m(inutes?)?|h(ours?)?|d(ays?)?|秒|分間?|時間|日間?) ?)+$|\$\{",
}
SIZE: Schema = {"type": "string", "pattern": r"^\d+(\.\d+)?(B|KB|MB|GB)$|\$\{"}
TRUTH: Schema = {
    "anyOf": [
        {"type": "boolean"},
        {"enum": ["yes", "no", "on", "off", 1, 0, "1", "0", "true", "false"]},
        COMPUTED,
    ]
}


@dataclass(frozen=True, slots=True)
class Shape:
    """What fits a field."""

    schema: Schema
    word: Sentence


def shape_of(model: type[BaseModel], name: str) -> Shape:
    """The shape of a model's field. A validator of its own that runs first may take anything, so anything fits."""
    field = model.model_fields[name]
    for decorator in model.__pydantic_decorators__.field_validators.values():
        if name in decorator.info.fields and decorator.info.mode in ("before", "wrap", "plain"):
            return Shape({}, _described(field.annotation, tuple(field.metadata)).word)
    shape = _described(field.annotation, tuple(field.metadata))
    return Shape(_or_computed(shape.schema), shape.word)


def _marks(annotated: Any) -> tuple[Any, ...]:
    return tuple(getattr(mark, "func", mark) for mark in annotated.__metadata__)


_DURATION_MARKS, _SIZE_MARKS = _marks(Duration), _marks(Size)
_SCALAR_MARKS = tuple(mark.func for mark in Scalar.__metadata__ if isinstance(mark, BeforeValidator))
_LATER_MARKS = _marks(Later[str])


def _described(annotation: Any, metadata: tuple[Any, ...]) -> Shape:
    if typing.get_origin(annotation) is typing.Annotated:
        inner, *marks = typing.get_args(annotation)
        limits = [one for mark in marks for one in (mark.metadata if isinstance(mark, FieldInfo) else [mark])]
        return _described(inner, (*limits, *metadata))
    functions = [mark.func for mark in metadata if isinstance(mark, BeforeValidator | WrapValidator)]
    if any(function in _DURATION_MARKS for function in functions):
        return Shape(DURATION, Sentence(en="duration", ja="時間（単位付き）"))
    if any(function in _SIZE_MARKS for function in functions):
        return Shape(SIZE, Sentence(en="size", ja="大きさ（単位付き）"))
    if any(function in _SCALAR_MARKS for function in functions):
        return Shape(TEXT, Sentence(en="any single value", ja="値"))
    foreign = [function for function in functions if function not in _LATER_MARKS]
    shape = _plain(annotation)
    if foreign:
        return Shape({}, shape.word)
    shape = _bounded(shape, metadata)
    later = any(function in _LATER_MARKS for function in functions)
    return Shape(_or_computed(shape.schema), shape.word) if later else shape


def _plain(annotation: Any) -> Shape:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        return _union([part for part in arguments if part is not type(None)])
    if origin is Literal:
        shown = ", ".join(str(word) for word in arguments)
        values = [
            part
            for word in arguments
            for part in ({str(word), word} if not isinstance(word, str) else {word})
        ]
        return Shape({"enum": values}, Sentence.same(shown))
    if origin in (dict, Mapping, typing.Mapping) or annotation is dict:
        inner = _described(arguments[1], ()) if len(arguments) > 1 else Shape({}, Sentence.same(""))
        return Shape(
            {"type": "object", "additionalProperties": inner.schema},
            Sentence(en="mapping", ja="「名前: 値」の並び"),
        )
    if origin in (list, tuple, set, frozenset, Sequence) or annotation in (list, tuple, Sequence):
        return _list([part for part in arguments if part is not Ellipsis])
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return Shape(model_schema(annotation), Sentence(en="mapping", ja="「名前: 値」の並び"))
    for kinds, schema, en, ja in _SIMPLE:
        if annotation in kinds:
            return Shape(schema, Sentence(en=en, ja=ja))
    return Shape({}, Sentence(en="any value", ja="任意の値"))


_SIMPLE: tuple[tuple[tuple[Any, ...], Schema, str, str], ...] = (
    ((bool,), TRUTH, "true / false", "true / false"),
    (
        (int,),
        {"anyOf": [{"type": "integer"}, {"type": "string", "pattern": r"^\s*[+-]?\d+\s*$"}]},
        "whole number",
        "整数",
    ),
    (
        (float, Decimal),
        {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^\s*[+-]?[\d.]+\s*$"}]},
        "number",
        "数値",
    ),
    ((str,), TEXT, "text", "文字"),
    ((Path,), TEXT, "path", "パス"),
    ((date,), TEXT, "date", "日付"),
    ((datetime,), TEXT, "date and time", "日時"),
    ((time,), TEXT, "time", "時刻"),
)


def _union(parts: list[Any]) -> Shape:
    shapes = [_described(part, ()) for part in parts]
    if len(shapes) == 1:
        return shapes[0]
    if any(not shape.schema for shape in shapes):
        schema: Schema = {}
    else:
        schema = {"anyOf": [shape.schema for shape in shapes]}
    words = list(dict.fromkeys(shape.word for shape in shapes))
    return Shape(
        schema, Sentence(en=" or ".join(one.en for one in words), ja="または".join(one.ja for one in words))
    )


def _list(parts: list[Any]) -> Shape:
    inner = _described(parts[0], ()) if parts else Shape({}, Sentence.same(""))
    word = Sentence(
        en=f"list of {inner.word.en}".removesuffix(" of "), ja=f"{inner.word.ja}の一覧".removeprefix("の")
    )
    return Shape({"type": "array", "items": _or_computed(inner.schema) if inner.schema else {}}, word)


def _bounded(shape: Shape, metadata: tuple[Any, ...]) -> Shape:
    """With the limits that `Field(ge=…, min_length=…)` put."""
    schema = dict(shape.schema)
    for mark in metadata:
        if isinstance(mark, BeforeValidator | WrapValidator | AfterValidator | PlainSerializer):
            continue
        least, most = getattr(mark, "min_length", None), getattr(mark, "max_length", None)
        if schema.get("type") == "object" and least:
            schema["minProperties"] = least
        if schema.get("type") == "array" and least:
            schema["minItems"] = least
        if schema.get("type") == "array" and most:
            schema["maxItems"] = most
        for name, key in (
            ("ge", "minimum"),
            ("gt", "exclusiveMinimum"),
            ("le", "maximum"),
            ("lt", "exclusiveMaximum"),
        ):
            limit = getattr(mark, name, None)
            if limit is not None and "anyOf" in schema:
                schema["anyOf"] = [
                    {**part, key: limit} if part.get("type") in ("integer", "number") else part
                    for part in schema["anyOf"]
                ]
    return Shape(schema, shape.word)


def _or_computed(schema: Schema) -> Schema:
    """The schema, or `${…}` in its place."""
    kinds = schema.get("type")
    if not schema or kinds == "string" or (isinstance(kinds, list) and "string" in kinds) or schema == TRUTH:
        return schema
    if "anyOf" in schema:
        return {"anyOf": [*schema["anyOf"], COMPUTED]} if COMPUTED not in schema["anyOf"] else schema
    return {"anyOf": [schema, COMPUTED]}


def model_schema(model: type[BaseModel]) -> Schema:
    """A nested model as a closed object."""
    keys = {
        (field.alias or name): (name, field)
        for name, field in model.model_fields.items()
        if not field.exclude
    }
    schema: Schema = {
        "type": "object",
        "properties": {key: shape_of(model, name).schema for key, (name, _) in keys.items()},
        "additionalProperties": model.model_config.get("extra") == "allow",
    }
    if required := [key for key, (_, field) in keys.items() if field.is_required()]:
        schema["required"] = required
    return schema
