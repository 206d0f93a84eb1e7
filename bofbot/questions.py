"""A question to a person: what is asked, of whom and until when, and how the words of an answer are read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from bofbot.errors import NeedsPerson
from bofbot.values.bad_value import BadValue
from bofbot.values.types import as_text, is_blank, read_value
from bofbot.words import Sentence

Kind = Literal["yes/no", "choice", "text", "number", "date", "secret", "approval"]
"""secret: no store keeps its answer, so somebody must be at the terminal · approval: a yes to a whole plan."""

KINDS: tuple[str, ...] = ("yes/no", "text", "number", "date")
"""What a robot may write as `type:`; `choices` and `secret` say the rest."""

_TYPES = {"yes/no": "bool", "choice": "choice", "text": "text", "number": "number", "date": "date"}
_SHORT = {"y": "yes", "n": "no"}


@dataclass(frozen=True, slots=True)
class Question:
    """What a robot wants to know."""

    said: Sentence
    kind: Kind = "text"
    choices: tuple[str, ...] = ()
    to: str = ""
    """Who is asked: a name or a role; a channel of the settings by this name is told."""
    within: float = 0.0
    """Seconds there are to answer; 0: it waits for ever."""
    otherwise: str | None = None
    """What counts as the answer when nobody gave one in time, as typed; None: the step fails."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a run puts it: where it stands for ever, however often the run is played again."""

    question: Question
    run: str
    story: str
    """The first of the runs that went on from each other."""
    robot: str
    robot_file: str
    robot_sha256: str
    owner: str
    started_by: str
    """Who asked for the run; "" for a schedule."""
    step: str
    """The step's path, with those of the parts that led to it."""
    item: str
    """The item's key; its lap where there is none; "" outside loops."""
    print: str
    """Of all that the answer is bound to (`print_of`)."""
    texts: Mapping[str, str]
    """The robot's text: what the answer was given to is what goes on."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person said."""

    value: Any
    """As its kind reads it: bool, str, Decimal or date."""
    by: str = ""
    """Who said so; "" when nobody did in time."""
    at: datetime | None = None


class Parked(NeedsPerson):
    """The question lies in the store: the run ends here and goes on when it is answered."""


def print_of(robot_sha256: str, inputs: Mapping[str, Any], items: tuple[str, ...], question: Question) -> str:
    """sha256 of what an answer belongs to: the robot's text, its inputs, the rows of the loops around, the question.

    Whatever else a person looked at (a total, a page) must stand in the words of the question."""
    bound = [robot_sha256, {name: str(value) for name, value in sorted(inputs.items())}, items]
    bound += [question.said.en, question.said.ja, question.kind, question.choices, question.to]
    canonical = json.dumps(bound, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "backslashreplace")).hexdigest()


def read_answer(kind: str, choices: tuple[str, ...], text: Any, today: date | None = None) -> Any:
    """The value of an answer as it was typed. Raises BadValue, which says what is expected."""
    word = str(text).strip()
    if kind != "text" and is_blank(word):
        raise BadValue(
            Sentence(en=f"the answer is empty; {expected(kind, choices).en}", ja=f"回答が空です。{expected(kind, choices).ja}")
        )  # fmt: skip
    if kind == "yes/no":
        word = _SHORT.get(word.casefold(), word)
    return read_value(_TYPES[kind], word, choices=choices, today=today)


def as_typed(kind: str, value: Any) -> str:
    """A value as a person would type it: what the store keeps, and what lists show."""
    if kind == "yes/no":
        return "yes" if value else "no"
    return as_text(value)


def expected(kind: str, choices: tuple[str, ...]) -> Sentence:
    """What may be answered, in words."""
    match kind:
        case "yes/no":
            return Sentence(en="yes or no", ja="yes か no")
        case "choice":
            return Sentence(en=f"one of: {', '.join(choices)}", ja=f"次のいずれか：{'、'.join(choices)}")
        case "number":
            return Sentence(en="a number, e.g. 12.5", ja="数値、例 12.5")
        case "date":
            return Sentence(en="a date, e.g. 2026-11-24", ja="日付、例 2026-11-24")
        case "secret":
            return Sentence(en="a secret, at a terminal only", ja="秘密の値、端末でのみ入力")
        case "approval":
            return Sentence(en="an approval", ja="承認")
    return Sentence(en="any text", ja="文字")


def hint(kind: str, choices: tuple[str, ...]) -> Sentence:
    """What stands behind the question on a line: ` [yes/no]`."""
    shown = {"yes/no": "yes/no", "choice": "/".join(choices)}.get(kind, "")
    if shown:
        return Sentence.same(f" [{shown}]")
    return Sentence.same("") if kind == "text" else Sentence.same(" [") + expected(kind, choices) + "]"
