"""Steps as written → steps as played: every `${…}` computed, every option read by its type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from bofbot.action import Computed, Verb
from bofbot.computed import WHOLE
from bofbot.errors import BusinessError, Place
from bofbot.values.misfits import reason_of
from bofbot.words import Sentence


class Computing:
    """Computes the verbs of one run; remembers which fields of a verb hold something to compute."""

    def __init__(self) -> None:
        self._computed_fields: dict[int, tuple[str, ...]] = {}

    def verb(self, verb: Verb, names: Mapping[str, Any], place: Place) -> Verb:
        """The verb with its values as they are now. Raises BusinessError when a value does not fit its option."""
        fields = self._computed_fields.get(id(verb))
        if fields is None:
            fields = tuple(name for name in type(verb).model_fields if holds_computed(getattr(verb, name)))
            self._computed_fields[id(verb)] = fields
        if not fields:
            return verb
        values = {
            name: getattr(verb, name) for name in type(verb).model_fields if name in verb.model_fields_set
        }
        whole = frozenset(name for name in fields if isinstance(values[name], Computed))
        values.update({name: compute(values[name], names) for name in fields})
        try:
            return type(verb).model_validate(values, context={WHOLE: whole})
        except ValidationError as wrong:
            raise _misfit(verb, wrong, place) from None


def holds_computed(value: Any) -> bool:
    if isinstance(value, Computed):
        return True
    if isinstance(value, BaseModel):
        return any(holds_computed(getattr(value, name)) for name in value.model_fields_set)
    if isinstance(value, Mapping):
        return any(holds_computed(part) for part in (*value.keys(), *value.values()))
    return isinstance(value, list | tuple) and any(holds_computed(part) for part in value)


def compute(value: Any, names: Mapping[str, Any]) -> Any:
    """A value as written → as it is now; options, mappings and lists inside included."""
    if isinstance(value, Computed):
        return value.value(names)
    if isinstance(value, BaseModel) and holds_computed(value):
        now = {name: compute(getattr(value, name), names) for name in value.model_fields_set}
        return value.model_copy(update=now)
    if type(value) is dict:
        return {compute(key, names): compute(part, names) for key, part in value.items()}
    if type(value) in (list, tuple):
        return type(value)(compute(part, names) for part in value)
    return value


def _misfit(verb: Verb, wrong: ValidationError, place: Place) -> BusinessError:
    first = wrong.errors(include_url=False)[0]
    option = ".".join(str(part) for part in first["loc"]) or verb.verb
    reason = reason_of(dict(first))
    if first["type"] in (
        "secret",
        "nothing",
    ):  # about the mapping as a whole, which holds what nobody should quote
        return BusinessError(
            Sentence(en=f"{verb.verb}: {reason.en}", ja=f"{verb.verb}：{reason.ja}"), place=place
        )
    return BusinessError(
        Sentence(
            en=f"{verb.verb}: the value of `{option}` does not fit ({reason.en}): {first['input']!r:.80}",
            ja=f"{verb.verb}：`{option}` の値が合いません（{reason.ja}）：{first['input']!r:.80}",
        ),
        place=place,
    )
