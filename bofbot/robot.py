"""What a robot file may say: its head, its inputs, its steps, and the verbs that hold other steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, SkipValidation, model_validator

from bofbot.action import Action, Computed, Scalar, Verb
from bofbot.errors import Place
from bofbot.values.misfits import misfit
from bofbot.words import Sentence

OnError = Literal["stop", "skip", "collect"]
"""stop: the run fails · skip: go on, the failure is noted · collect: go on, the run ends with exit 4."""


@dataclass(frozen=True, slots=True)
class Retry:
    """How often and how patiently a repeatable step is tried again after an ApplicationError."""

    times: int = 2
    """Further tries after the first."""
    wait: float = 1.0
    """Seconds before the second try; doubled each time, with jitter."""
    longest: float = 60.0


@dataclass(frozen=True, slots=True)
class Input:
    """A value the robot is given when it starts."""

    name: str
    type: str = "text"
    label: str = ""
    default: Any = None
    """A literal of the type, a Computed, or None."""
    required: bool = True
    choices: tuple[str, ...] = ()
    personal: bool = False
    """Masked in pictures, logs and reports."""
    help: str = ""
    place: Place = field(default_factory=lambda: Place(""))


@dataclass(frozen=True, slots=True)
class Step:
    """One step: a verb with its options, and what every step may say."""

    verb: Verb
    path: str
    """"3", "3.1": position in the robot, from 1; "finally.1", "on_failure.2"."""
    place: Place
    name: str = ""
    condition: Computed | bool = True
    timeout: float | None = None
    retry: Retry | None = None
    on_error: OnError = "stop"
    optional: bool = False
    save_as: str = ""
    note: str = ""

    def titled(self) -> Sentence:
        """What a person sees: the name given, else what the verb does."""
        return Sentence.same(self.name) if self.name else self.verb.sentence()


class Block(Verb):
    """A verb that holds steps; the runner plays it."""

    side_by_side: ClassVar[bool] = True


class ForEach(Block):
    """Repeats its steps for every item of a list.
    一覧の各件について手順を繰り返す。"""

    verb: ClassVar[str] = "for_each"

    for_each: Any
    """The rows or values to repeat for, e.g. `${rows}`.
    繰り返す対象（例 `${rows}`）。"""
    as_: str = Field("item", alias="as")
    """The name of one item inside the loop.
    ループの中で1件を呼ぶ名前。"""
    key: Scalar = None
    """What identifies an item for ever; an item that was done is never done again.
    1件を識別する値。完了した件は二度と実行しない。"""
    control: dict[str, Scalar] | tuple[str, ...] = ()
    """Control totals, checked before the first item: `{count: 42, 金額: "${inputs.合計}"}`; a list (`[金額]`) only tells them.
    開始前に照合する件数と合計（例 `{count: 42, 金額: "${inputs.合計}"}`）。リスト（`[金額]`）なら集計して示すだけ。"""
    parallel: int = Field(1, ge=1, le=8)
    """How many items are played at once, each in a browser of its own; needs a `key`.
    同時に処理する件数。1件ごとに専用のブラウザーを使う。`key` が必要。"""
    spread: int = Field(1, ge=1, le=16)
    """Over how many workers the items of a queued run are spread; needs a `key`. docs/engine.md.
    順番待ちからの実行で、各件を分担するワーカーの数。`key` が必要。"""
    steps: SkipValidation[tuple[Step, ...]] = ()
    """What to do for each item.
    各件で行う手順。"""

    @model_validator(mode="after")
    def _many_need_a_key(self) -> Self:
        for name in ("parallel", "spread"):
            many = getattr(self, name)
            if not isinstance(many, int):
                raise misfit(
                    Sentence(
                        en=f"`{name}` is a number, not computed", ja=f"`{name}` には数値を直接書いてください"
                    )
                )
            if many > 1 and self.key is None:
                raise misfit(
                    Sentence(
                        en=f"`{name}` needs a `key` that tells the items apart",
                        ja=f"`{name}` を使うには、各件を区別する `key` が必要です",
                    )
                )
        if self.parallel > 1 and self.spread > 1:
            raise misfit(
                Sentence(
                    en="`parallel` (on one machine) and `spread` (over workers) do not go together",
                    ja="`parallel`（1台で並行）と `spread`（ワーカーで分担）は併用できません",
                )
            )
        return self

    def sentence(self) -> Sentence:
        said = Sentence(en=f"for each of {self.for_each}", ja=f"{self.for_each} の各件を処理する")
        return said + self._controlled() if self.control else said

    def _controlled(self) -> Sentence:
        """The control totals, with their figures where these are known."""
        figures = self.control if isinstance(self.control, Mapping) else dict.fromkeys(self.control, "")
        en = ", ".join(f"{name} {figure}".strip() for name, figure in figures.items())
        ja = "、".join(
            f"{'件数' if name == 'count' else name} {figure}".strip() for name, figure in figures.items()
        )
        return Sentence(en=f" (control totals: {en})", ja=f"（照合する件数・合計：{ja}）")


class Use(Block):
    """Plays the steps of a part (a file of its own) with values of its own.
    部品ファイルの手順を実行する。"""

    verb: ClassVar[str] = "use"
    side_by_side: ClassVar[bool] = False

    use: str
    """The part's file, relative to the robot.
    部品のファイル（ロボットからの相対パス）。"""
    with_: dict[str, Scalar] = Field(default_factory=dict, alias="with")
    """Values for the part's inputs.
    部品に渡す値。"""
    part: SkipValidation[Any] = Field(None, exclude=True)
    """The loaded part, a Robot; filled in by the loader."""

    def sentence(self) -> Sentence:
        return Sentence(en=f"use {self.use}", ja=f"部品 {self.use} を使う")


@dataclass(frozen=True, slots=True)
class Robot:
    """A robot file, read and found valid. A part (`use:`) is a Robot as well."""

    name: str
    file: Path
    sha256: str
    """Of the text of the robot and of its parts."""
    steps: tuple[Step, ...]
    purpose: str = ""
    owner: str = ""
    deputy: str = ""
    tags: tuple[str, ...] = ()
    by_hand: float = 0.0
    review_by: Any = None
    inputs: Mapping[str, Input] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    """Hosts the browser may reach besides those the robot opens."""
    needs_approval: bool = False
    """It plays only what a person has approved, to the letter."""
    approval_by: str = ""
    """`other`: never the person who asked for the run; `anyone`; "" as the settings say."""
    defaults: Mapping[str, Any] = field(default_factory=dict)
    """`timeout`, `retry`, `run_timeout` and `at` (base URL) for all steps."""
    on_failure: tuple[Step, ...] = ()
    finally_: tuple[Step, ...] = ()
    outputs: Mapping[str, Any] = field(default_factory=dict)
    """Name → Computed or literal, computed at the end."""
    texts: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    """File → text, of the robot and its parts: a run that waits for a person goes on with these."""

    def walk(self) -> Iterator[Step]:
        """Every step of this robot, inner steps and parts included, in reading order."""
        for group in (self.steps, self.on_failure, self.finally_):
            yield from walk_steps(group)


def walk_steps(steps: tuple[Step, ...]) -> Iterator[Step]:
    for step in steps:
        yield step
        if isinstance(step.verb, ForEach):
            yield from walk_steps(step.verb.steps)
        elif isinstance(step.verb, Use) and step.verb.part is not None:
            yield from step.verb.part.walk()


__all__ = [
    "Action",
    "Block",
    "Computed",
    "ForEach",
    "Input",
    "OnError",
    "Retry",
    "Robot",
    "Step",
    "Use",
    "Verb",
    "walk_steps",
]
