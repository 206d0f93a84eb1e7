"""Names are checked before the run: every input, secret, saved name and column that an expression speaks of must exist.

The steps are walked in reading order with what is known at each: inputs, secrets, run, names saved before, the loop's own
names. A table read with `columns:` tells its columns, and a loop over it tells them of its rows.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from bofbot.action import Action, Computed, Verb
from bofbot.errors import Place
from bofbot.language.control import misnamed_columns
from bofbot.language.expression_rules import Expression
from bofbot.language.expressions import Template
from bofbot.language.findings import Findings, Source, did_you_mean
from bofbot.language.keys import key_faults
from bofbot.language.kinds import ANY, Known, Scope, Trouble, kind_of, known_input
from bofbot.language.page import why_no_name
from bofbot.language.whole_mappings import WHAT, is_whole_mapping, mapping_faults
from bofbot.robot import ForEach, Robot, Step, Use
from bofbot.values.types import BadValue, read_value
from bofbot.words import Sentence

_RUN = Known("record", fields={
    "id": Known("text"), "name": Known("text"), "folder": Known("text"), "file": Known("text"), "started": Known("date"),
    "done_items": Known("number"), "failed_items": Known("number"), "already_items": Known("number"),
    "waiting_items": Known("number"), "failure": Known("text"),
})  # fmt: skip


def check_names(robot: Robot, sources: Mapping[str, Source], findings: Findings) -> None:
    """Add a finding for every name of a robot (and of its parts) that nobody will have made by then."""
    check = _NameCheck(robot, sources, findings)
    check.whole_robot()
    check.keys()


class _NameCheck:
    def __init__(self, robot: Robot, sources: Mapping[str, Source], findings: Findings) -> None:
        self._robot, self._sources, self._findings = robot, sources, findings
        self._holes = findings.errors

    def whole_robot(self) -> Scope:
        """Check everything; comes back with the names that are known at the end."""
        inputs: dict[str, Known] = {}
        scope: Scope = {
            "inputs": Known("record", fields=inputs, noun="input"),
            "secrets": Known(
                "record", fields={name: Known("secrets") for name in self._robot.secrets}, noun="secret"
            ),
            "run": _RUN,
        }
        for name, one in self._robot.inputs.items():
            self._value(one.default, scope, secrets=one.type == "secret")
            inputs[name] = known_input(one)
        self._steps(self._robot.steps, scope)
        late = dict(scope)
        for step in self._robot.walk():  # any of them may have been played before the failure
            for name in _names_saved(step):
                late.setdefault(name, ANY)
        late.setdefault("done", Known("rows"))
        for group in (self._robot.on_failure, self._robot.finally_):
            self._steps(group, dict(late))
        for value in self._robot.outputs.values():
            self._value(value, scope)
        self._value(self._robot.defaults.get("at"), scope)
        return scope

    def keys(self) -> None:
        """What registers something must be known again by the next run."""
        for fault in key_faults(self._robot.steps):
            self._add(fault.code, fault.message, fault.place, fix=fault.fix, severity=fault.severity)

    # Steps ------------------------------------------------------------------------------------------------------

    def _steps(self, steps: tuple[Step, ...], scope: Scope) -> None:
        for step in steps:
            self._step(step, scope)

    def _step(self, step: Step, scope: Scope) -> None:
        if isinstance(step.condition, Computed):
            self._boolean(step.condition, scope, "if")
        verb = step.verb
        if isinstance(verb, ForEach):
            self._loop(step, verb, scope)
        elif isinstance(verb, Use):
            self._use(step, verb, scope)
        else:
            self._action(step, verb, scope)
        for name in _names_saved(step):
            if name != step.save_as and (why := why_no_name(name)):
                message = Sentence(
                    en=f'"{name}" cannot be a name: {why.en}', ja=f"「{name}」は名前にできません（{why.ja}）"
                )
                self._add("E124", message, step.place)
            scope[name] = ANY
        if step.save_as and not isinstance(verb, Use):
            columns = _said(verb.columns_made, None)
            scope[step.save_as] = ANY if columns is None else Known("any", fields=dict.fromkeys(columns, ANY))

    def _action(self, step: Step, verb: Verb, scope: Scope) -> None:
        takes = verb.takes_secrets if isinstance(verb, Action) else frozenset()
        truths = _truth_fields(type(verb))
        for name in verb.model_fields_set:
            value = getattr(verb, name)
            if name in truths and isinstance(value, Computed):
                self._boolean(value, scope, name)
            elif is_whole_mapping(type(verb), name, value):
                known = self._value(value, scope)
                for code, message, fix in mapping_faults(name, known):
                    self._add(code, message, value.place, len(value.source), fix=fix)
            else:
                self._value(value, scope, secrets=name in takes)
        if isinstance(verb, Action):
            for needed in _said(verb.secrets_needed, _NONE):
                if isinstance(needed, str) and needed not in self._robot.secrets:
                    self._tell_undeclared(needed, step.place)

    def _loop(self, step: Step, verb: ForEach, scope: Scope) -> None:
        known = self._value(verb.for_each, scope)
        self._value(verb.control, scope)
        for message, fix in misnamed_columns(verb, known.fields):
            self._add("E153", message, step.place, fix=fix)
        item = ANY if known.fields is None else Known("record", fields=known.fields)
        scope["done"] = Known("rows", fields=known.fields)
        inner = {**scope, verb.as_: item, "index": Known("number")}
        self._value(verb.key, inner)
        self._steps(verb.steps, inner)

    def _use(self, step: Step, verb: Use, scope: Scope) -> None:
        part = verb.part
        if not isinstance(part, Robot):
            return
        for name, value in verb.with_.items():
            one = part.inputs.get(name)
            self._value(value, scope, secrets=one is not None and one.type == "secret")
            if one is None:
                message = Sentence(
                    en=f'the part {verb.use} has no input "{name}"',
                    ja=f"部品 {verb.use} に入力「{name}」はありません",
                )
                self._add(
                    "E127",
                    message,
                    step.place,
                    fix=did_you_mean(name, part.inputs, listed="its inputs", listed_ja="入力"),
                )
            elif isinstance(value, str):
                self._literal_input(step, name, one.type, one.choices, value)
        for name, one in part.inputs.items():
            if one.required and name not in verb.with_:
                message = Sentence(
                    en=f'the part {verb.use} needs the input "{name}"',
                    ja=f"部品 {verb.use} には入力「{name}」が必要です",
                )
                fix = Sentence(
                    en=f"add it under `with:` — {name}: …", ja=f"`with:` に {name}: … を加えてください"
                )
                self._add("E127", message, step.place, fix=fix)
        for secret in part.secrets:
            if secret not in self._robot.secrets:
                self._tell_undeclared(secret, step.place)
        made = _NameCheck(part, self._sources, self._findings).whole_robot()
        if "receipt" in made:
            scope["receipt"] = ANY
        if step.save_as:
            scope[step.save_as] = Known("record", fields=dict.fromkeys(part.outputs, ANY), noun="output")

    def _literal_input(self, step: Step, name: str, kind: str, choices: tuple[str, ...], value: str) -> None:
        try:
            read_value(kind, value, choices=choices)
        except BadValue as bad:
            message = Sentence(en=f"input {name}: {bad.reason.en}", ja=f"入力 {name}：{bad.reason.ja}")
            self._add("E127", message, step.place)

    # Values -----------------------------------------------------------------------------------------------------

    def _value(self, value: Any, scope: Scope, *, secrets: bool = False) -> Known:
        """Check every expression inside a value; what is known of the value itself."""
        if isinstance(value, Template):
            for expression in value.expressions():
                known = self._expression(expression, scope, secrets)
            return known if value.alone is not None else Known("text")
        if isinstance(value, Mapping):
            for part in value.values():
                self._value(part, scope, secrets=secrets)
        elif isinstance(value, list | tuple):
            for part in value:
                self._value(part, scope, secrets=secrets)
            return Known("list")
        elif hasattr(value, "model_fields_set"):
            for name in value.model_fields_set:
                self._value(getattr(value, name), scope, secrets=secrets)
        return ANY

    def _boolean(self, value: Computed, scope: Scope, option: str) -> None:
        known = self._value(value, scope)
        if not isinstance(value, Template) or not value.parts or known.kind in ("any", "bool"):
            return
        message = Sentence(
            en=f"`{option}` needs true or false, and this is {WHAT[known.kind].en}",
            ja=f"`{option}` には真偽値が必要ですが、これは{WHAT[known.kind].ja}です",
        )
        fix = Sentence(
            en="compare it with something: ==, >, is_empty(…)", ja="== や >、is_empty(…) で比べてください"
        )
        self._add("E155", message, value.place, len(value.source), fix=fix)

    def _expression(self, expression: Expression, scope: Scope, secrets: bool) -> Known:
        troubles: list[Trouble] = []
        known = kind_of(expression.tree, scope, troubles)
        for trouble in troubles:
            if trouble.code == "E154" and secrets and trouble.bare:
                continue
            if self._holes and not trouble.sure:
                continue  # a step that could not be read may make this name
            place, length = expression.place_of(trouble.node)
            self._add(trouble.code, trouble.message, place, length, fix=trouble.fix)
        return known

    def _tell_undeclared(self, name: str, place: Place) -> None:
        message = Sentence(
            en=f'the secret "{name}" is not declared', ja=f"秘密「{name}」が宣言されていません"
        )
        fix = did_you_mean(name, self._robot.secrets) or Sentence(
            en=f"add it at the top: `secrets: [{name}]`", ja=f"先頭に `secrets: [{name}]` を加えてください"
        )
        self._add("E152", message, place, fix=fix)

    def _add(
        self,
        code: str,
        message: Sentence,
        place: Place,
        length: int = 1,
        *,
        fix: Sentence | None = None,
        severity: str = "error",
    ) -> None:
        source = self._sources.get(place.file) or Source(place.file, "")
        if length == 1:
            length = _token_length(source.line(place.line), place.column - 1)
        self._findings.add(source, code, message, place, length, fix=fix, severity=severity)


def _names_saved(step: Step) -> Iterator[str]:
    if step.save_as:
        yield step.save_as
    yield from _said(step.verb.names_made, _NONE)


T = TypeVar("T")
_NONE: tuple[str, ...] = ()


def _said(ask: Callable[[], T], otherwise: T) -> T:
    """What a verb says of itself. It may look into an option that is computed, and that has no parts yet."""
    try:
        return ask()
    except (TypeError, AttributeError):
        return otherwise


def _truth_fields(verb: type[Verb]) -> frozenset[str]:
    """Fields that take true or false and nothing else."""
    cached = _TRUTHS.get(verb)
    if cached is None:
        cached = frozenset(name for name, field in verb.model_fields.items() if _is_bool(field.annotation))
        _TRUTHS[verb] = cached
    return cached


def _is_bool(annotation: Any) -> bool:
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return {part for part in typing.get_args(annotation) if part is not type(None)} == {bool}
    return annotation is bool


def _token_length(line: str, start: int) -> int:
    end = start
    while end < len(line) and not line[end].isspace() and line[end] not in ":,}":
        end += 1
    return max(end - start, 1)


_TRUTHS: dict[type[Verb], frozenset[str]] = {}
