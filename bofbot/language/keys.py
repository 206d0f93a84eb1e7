"""Where a registration needs a key, and where that key stands: without one, a second run registers again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bofbot.action import Action
from bofbot.errors import Place
from bofbot.robot import ForEach, Step, Use
from bofbot.words import Sentence


@dataclass(frozen=True, slots=True)
class KeyFault:
    """What is wrong with the key of one registration."""

    code: str
    message: Sentence
    place: Place
    fix: Sentence | None = None
    severity: Literal["error", "warning"] = "error"


def key_faults(steps: tuple[Step, ...], loop: ForEach | None = None) -> Iterator[KeyFault]:
    """Every step with an effect, in parts and loops too: in a loop the loop has the key, elsewhere the step."""
    for step in steps:
        verb = step.verb
        if isinstance(verb, ForEach):
            yield from key_faults(verb.steps, verb)
        elif isinstance(verb, Use):
            yield from key_faults(verb.part.steps, loop) if verb.part is not None else ()
        elif isinstance(verb, Action) and verb.effect:
            own = bool(getattr(verb, "key", None))
            if loop is None and not own:
                yield _again_with_each_run(verb.verb, step.place)
            elif loop is not None and own:
                yield KeyFault("E116", _KEY_OF_THE_LOOP, step.place)
            elif loop is not None and loop.key is None:
                yield _loop_without(verb.verb, step.place)


def _again_with_each_run(verb: str, place: Place) -> KeyFault:
    message = Sentence(
        en=f"`{verb}` without a key: every run registers it anew",
        ja=f"キーのない `{verb}` です。実行するたびに新しく登録されます",
    )
    fix = Sentence(
        en="write what identifies it for ever, e.g. `key: ${inputs.month}`; then no run repeats it",
        ja="永久に識別できる値（例 `key: ${inputs.month}`）を書くと、二重に登録されません",
    )
    return KeyFault("W204", message, place, fix, "warning")


def _loop_without(verb: str, place: Place) -> KeyFault:
    message = Sentence(
        en=f"`{verb}` inside a `for_each` without a key: a second run would register all of it again",
        ja=f"キーのない `for_each` の中に `{verb}` があります。もう一度実行すると全件が二重に登録されます",
    )
    fix = Sentence(
        en="write `key: ${row.…}` beside `for_each`: what identifies an item for ever",
        ja="`for_each` に `key: ${row.…}`（1件を永久に識別する値）を書いてください",
    )
    return KeyFault("E156", message, place, fix)


_KEY_OF_THE_LOOP = Sentence(
    en="inside a loop the loop's own `key` identifies the item; leave this `key` out",
    ja="ループの中では、ループの `key` が1件を識別します。ここの `key` は書かないでください",
)
