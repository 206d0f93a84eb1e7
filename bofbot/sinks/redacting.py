"""Stands before every other sink: no known secret passes, wherever in an event it hides."""

from __future__ import annotations

import dataclasses
import functools
import traceback
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Protocol, TypeVar

from bofbot.errors import BofbotError
from bofbot.events import Event
from bofbot.secret import Redactor

E = TypeVar("E", bound=Event)
_STRUCTURE = frozenset(
    {
        "run",
        "of_run",
        "step",
        "verb",
        "state",
        "mode",
        "outcome",
        "level",
        "kind",
        "robot_sha256",
        "sha256",
        "at",
    }
)
"""Fields that say which event this is. They come from bofbot, never from data, and must stay comparable."""


class Sink(Protocol):
    """Any listener of a run."""

    def __call__(self, event: Event) -> None: ...

    def close(self) -> None: ...


class Redacting:
    """Passes events on to `sink` with every known secret replaced. An event without any passes as it is."""

    def __init__(self, sink: Sink, redact: Redactor) -> None:
        self._sink = sink
        self._redact = redact

    def __call__(self, event: Event) -> None:
        self._sink(redacted(event, self._redact) if self._redact.knows_any else event)

    def close(self) -> None:
        self._sink.close()


def redacted(event: E, redact: Callable[[str], str]) -> E:
    """The event without secrets; the same object when there was none in it."""
    clean: E = _clean(event, redact)
    return clean


def told_safely(error: Exception, redact: Callable[[str], str]) -> Exception:
    """The error itself, or one of the same meaning where its text (or that of its causes) tells a secret.

    An error that leaves a run ends on the screen and in a crash log, where no sink stands between."""
    story = "".join(traceback.format_exception(error))
    if redact(story) == story:
        return error
    if isinstance(error, BofbotError):
        safe = type(error).__new__(type(error))
        safe.__dict__.update(_clean(vars(error), redact))
        safe.args = (redact(str(error)),)
        return safe
    return RuntimeError(f"{type(error).__name__}\n{redact(story)}")


def _clean(value: Any, redact: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return redact(value) if value else value
    if value is None or isinstance(value, bool):
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _clean_record(value, redact)
    if isinstance(value, Mapping):
        return _clean_mapping(value, redact) if value else value
    if isinstance(value, tuple | list):
        parts = [_clean(part, redact) for part in value]
        return value if all(map(_is, parts, value)) else type(value)(parts)
    if isinstance(value, set | frozenset):
        return type(value)(_clean(part, redact) for part in value)
    # A number, a path or anything else is shown by its text sooner or later.
    text = value.isoformat() if isinstance(value, date) else str(value)
    shown = redact(text)
    return value if shown == text else shown


def _clean_record(value: Any, redact: Callable[[str], str]) -> Any:
    changes, kind = {}, value.__class__
    for name in _free_fields(kind):
        part = getattr(value, name)
        clean = _clean(part, redact)
        if clean is not part:
            changes[name] = clean
    return dataclasses.replace(value, **changes) if changes else value


@functools.cache
def _free_fields(kind: Any) -> tuple[str, ...]:
    """The fields that may hold words of data, pages and people."""
    return tuple(field.name for field in dataclasses.fields(kind) if field.name not in _STRUCTURE)


def _clean_mapping(value: Mapping[Any, Any], redact: Callable[[str], str]) -> Mapping[Any, Any]:
    clean = {_clean(key, redact): _clean(part, redact) for key, part in value.items()}
    same = len(clean) == len(value) and all(
        key in value and value[key] is part for key, part in clean.items()
    )
    return value if same else clean


def _is(first: Any, second: Any) -> bool:
    return first is second
