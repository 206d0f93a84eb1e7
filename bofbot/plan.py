"""Robot + inputs → Plan: what one run will do, decided before anything is touched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, TypeVar

from bofbot.action import Action, Computed, Verb
from bofbot.computed import CLOCK
from bofbot.errors import BofbotError, UsageError
from bofbot.robot import ForEach, Input, Robot, Step, Use, walk_steps
from bofbot.secret import Redactor, Secret
from bofbot.values.text import nearest
from bofbot.values.types import BadValue, read_value
from bofbot.words import Sentence

Mode = Literal["run", "dry-run", "resume", "retry", "help"]
HIDDEN = "●●●"
V = TypeVar("V", bound=Verb)


@dataclass(frozen=True, slots=True)
class Plan:
    """One run to be: the robot, its typed inputs, and how much of it is to be played."""

    robot: Robot
    inputs: Mapping[str, Any]
    mode: Mode = "run"
    items: tuple[int, int] | None = None
    """Play only these items of every outer loop, both ends included, from 1."""
    until: str = ""
    """Stop after the step of this name."""
    of_run: str = ""
    """The run that is resumed, retried or helped."""
    only_keys: frozenset[str] | None = None
    """Play only the items with these keys (retry)."""
    finished_steps: frozenset[str] = frozenset()
    """Paths of steps outside loops that the earlier run finished and that must not be repeated (resume)."""

    @property
    def dry_run(self) -> bool:
        return self.mode == "dry-run"

    def shown_inputs(self) -> dict[str, Any]:
        """The inputs as screens and reports may show them: secrets and personal values hidden."""
        hidden = {name for name, one in self.robot.inputs.items() if one.personal or one.type == "secret"}
        return {name: HIDDEN if name in hidden else value for name, value in self.inputs.items()}

    def hidden_values(self) -> tuple[Secret, ...]:
        """What no artefact may show: secret inputs, and personal ones in every way they are usually written."""
        values = self.inputs.values()
        given = tuple(value for value in values if isinstance(value, Secret))
        personal = (name for name, one in self.robot.inputs.items() if one.personal)
        return given + tuple(
            Secret(text, name) for name in personal for text in _as_written(self.inputs.get(name))
        )


def _as_written(value: Any) -> Iterable[str]:
    """The texts that a value becomes on pages and in files."""
    if isinstance(value, list | tuple):
        for one in value:
            yield from _as_written(one)
    elif isinstance(value, date):
        day, kanji = f"{value:%Y-%m-%d}", f"{value.year}年{value.month}月{value.day}日"
        yield from (
            day,
            day.replace("-", "/"),
            day.replace("-", ""),
            f"{value.year}/{value.month}/{value.day}",
            kanji,
        )
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        yield from (f"{value:f}" if isinstance(value, Decimal) else str(value), f"{value:,}")
    elif isinstance(value, str):
        yield value


@dataclass(frozen=True, slots=True)
class Extent:
    """How much of a robot is to be played; what `run`, `resume` and `retry` differ in."""

    mode: Mode = "run"
    items: tuple[int, int] | None = None
    until: str = ""
    of_run: str = ""
    only_keys: frozenset[str] | None = None
    finished_steps: frozenset[str] = field(default_factory=frozenset)


def make_plan(
    robot: Robot, given: Mapping[str, Any], clock: Callable[[], datetime], extent: Extent | None = None
) -> Plan:
    """The plan of one run. `given` holds raw inputs by name, as typed. Raises UsageError naming every wrong input."""
    extent = extent or Extent()
    inputs = read_inputs(robot.inputs, given, clock)
    if extent.until and extent.until not in {step.name for step in robot.walk()}:
        names = [step.name for step in robot.walk() if step.name]
        raise UsageError(
            Sentence(
                en=f'no step is named "{extent.until}"', ja=f"「{extent.until}」という名前の手順はありません"
            ),
            fix=_meant(extent.until, names),
        )
    return Plan(
        robot=robot,
        inputs=inputs,
        mode=extent.mode,
        items=extent.items,
        until=extent.until,
        of_run=extent.of_run,
        only_keys=extent.only_keys,
        finished_steps=extent.finished_steps,
    )


def read_inputs(
    inputs: Mapping[str, Input], given: Mapping[str, Any], clock: Callable[[], datetime]
) -> dict[str, Any]:
    """Raw inputs → typed ones, defaults filled in. Defaults may use inputs that stand before them."""
    unknown = [name for name in given if name not in inputs]
    if unknown:
        raise UsageError(
            Sentence(
                en=f'this robot has no input "{unknown[0]}"',
                ja=f"このロボットに入力「{unknown[0]}」はありません",
            ),
            fix=_meant(unknown[0], list(inputs)),
        )
    read: dict[str, Any] = {}
    for name, one in inputs.items():
        read[name] = _read_input(one, given, {"inputs": read, CLOCK: clock})
    return read


def _read_input(one: Input, given: Mapping[str, Any], names: Mapping[str, Any]) -> Any:
    raw = given.get(one.name)
    if raw is None:
        raw = one.default.value(names) if isinstance(one.default, Computed) else one.default
    if raw is None:
        if one.required:
            raise UsageError(
                Sentence(
                    en=f'input "{one.name}"{_labelled(one)} is missing',
                    ja=f"入力「{one.name}」{_labelled(one)}がありません",
                ),
                place=one.place,
                fix=Sentence(en=f"give it with -i {one.name}=…", ja=f"-i {one.name}=… で指定してください"),
            )
        return None
    if isinstance(raw, Secret):
        return raw
    try:
        value = read_value(one.type, raw, choices=one.choices)
    except BadValue as wrong:
        hidden = one.personal or one.type == "secret"
        redact = Redactor([Secret(str(raw), one.name)] if hidden else ())
        said = Sentence(en=redact(wrong.message.en), ja=redact(wrong.message.ja))
        raise UsageError(Sentence(en=f"input {one.name}: ", ja=f"入力 {one.name}：") + said) from None
    return Secret(str(value), one.name) if one.type == "secret" and not isinstance(value, Secret) else value


def _labelled(one: Input) -> str:
    return f" ({one.label})" if one.label else ""


def _meant(word: str, known: list[str]) -> Sentence:
    near = nearest(word, known)
    if near:
        return Sentence(en=f"did you mean {', '.join(near)}?", ja=f"もしかして：{'、'.join(near)}")
    return Sentence(en=f"known: {', '.join(known) or 'none'}", ja=f"使えるもの：{'、'.join(known) or 'なし'}")


# What `bofbot plan` says ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One line of the plan: how deep it stands, the step's path, and what would happen."""

    depth: int
    path: str
    sentence: Sentence
    name: str = ""


@dataclass(frozen=True, slots=True)
class Described:
    """The plan in sentences: the steps, what would be touched, and which secrets are needed."""

    lines: tuple[PlanLine, ...]
    touches: tuple[tuple[str, str], ...]
    """(kind, target), in order, each once; kind is reads, writes, opens, submits or tells."""
    secrets: tuple[str, ...]


def describe(plan: Plan) -> Described:
    """What would be read, written, opened and submitted, without touching anything."""
    robot = plan.robot
    names = {"inputs": plan.shown_inputs()}
    lines = [*_lines(robot.steps, 0, names)]
    for steps, said in (
        (robot.on_failure, Sentence(en="when something failed:", ja="失敗があったとき：")),
        (robot.finally_, Sentence(en="in any case, at the end:", ja="最後に必ず：")),
    ):
        if steps:
            lines.append(PlanLine(0, "", said))
            lines.extend(_lines(steps, 1, names))
    touched: dict[tuple[str, str], None] = {}
    secrets: dict[str, None] = dict.fromkeys(robot.secrets)
    for step in robot.walk():
        if isinstance(step.verb, Action):
            touched.update({(touch.kind, touch.target): None for touch in _touches(step.verb, plan)})
            secrets.update(dict.fromkeys(step.verb.secrets_needed()))
    return Described(tuple(lines), tuple(touched), tuple(secrets))


def hosts_of(plan: Plan) -> tuple[str, ...]:
    """Where the browser of this run may go: what the robot opens, its `at`, its `allow`, and addresses among its inputs.

    An address that only data decides (a cell of a workbook) is not among them; `allow:` must name its host."""
    places = [value for value in plan.inputs.values() if isinstance(value, str)]
    for robot in _with_parts(plan.robot):
        places += robot.allow
        base = robot.defaults.get("at")
        places.append(
            str(_early(base, {"inputs": plan.inputs}) if isinstance(base, Computed) else base or "")
        )
        for step in walk_steps((*robot.steps, *robot.on_failure, *robot.finally_)):
            if isinstance(step.verb, Action):
                places += [touch.target for touch in _touches(step.verb, plan) if touch.kind == "opens"]
    allowed = {one for robot in _with_parts(plan.robot) for one in robot.allow}
    return tuple(dict.fromkeys(place for place in places if place in allowed or _is_address(place)))


def _is_address(text: str) -> bool:
    return text.startswith(("http://", "https://")) and "${" not in text.split("/", 3)[2]


def _with_parts(robot: Robot) -> list[Robot]:
    parts = {
        id(step.verb.part): step.verb.part
        for step in robot.walk()
        if isinstance(step.verb, Use) and step.verb.part
    }
    return [robot, *parts.values()]


def _touches(action: Action, plan: Plan) -> Iterable[Any]:
    """What the verb touches, with the computed parts filled in where the inputs alone decide them."""
    return computed_early(action, {"inputs": plan.inputs}).touches()


def computed_early(verb: V, names: Mapping[str, Any]) -> V:
    """The verb with every top-level value computed that can be computed now; the others stay as written."""
    written = {name: getattr(verb, name) for name in type(verb).model_fields}
    changed = {name: _early(value, names) for name, value in written.items() if isinstance(value, Computed)}
    if isinstance(verb, ForEach) and isinstance(verb.control, dict):
        changed["control"] = {
            name: _early(value, names) if isinstance(value, Computed) else value
            for name, value in verb.control.items()
        }
    return verb.model_copy(update=changed) if changed else verb


def _early(value: Computed, names: Mapping[str, Any]) -> Any:
    try:
        return value.value(names)
    except (BofbotError, KeyError):
        return value


def _lines(steps: tuple[Step, ...], depth: int, names: Mapping[str, Any]) -> Iterable[PlanLine]:
    for step in steps:
        verb = computed_early(step.verb, names)
        said = verb.sentence()
        if isinstance(step.condition, Computed):
            said = Sentence(en=f"if {step.condition}: ", ja=f"{step.condition} のとき：") + said
        yield PlanLine(depth, step.path, said, step.name)
        if isinstance(verb, ForEach):
            yield from _lines(verb.steps, depth + 1, names)
        elif isinstance(verb, Use) and verb.part is not None:
            given = {
                name: _early(value, names) if isinstance(value, Computed) else value
                for name, value in verb.with_.items()
            }
            known = {name: value for name, value in given.items() if not isinstance(value, Computed)}
            yield from _lines(verb.part.steps, depth + 1, {"inputs": known})
