"""What starts a schedule besides a time: a file that arrives, or another robot's success; read from a sentence, pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Literal

from bofbot.schedule.bad_sentence import BadSentence
from bofbot.values.text import nearest
from bofbot.words import Sentence

ROBOTS = "robots"


@dataclass(frozen=True, slots=True)
class Trigger:
    """`what` is a pattern of files in one folder (`inbox/*.csv`), or a robot by its file's name in robots/."""

    kind: Literal["file", "after"]
    what: str
    offset: int
    """Where `what` stands in the sentence."""


_SENTENCES = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("file", r"\s*(?P<what>\S.*?)\s*(?:に(?:新しい)?ファイル)?が(?:届いたら|置かれたら)[。\s]*"),
        ("file", r"\s*(?:when )?(?:a |the )?files? (?P<what>\S.*?) (?:arrives?|appears?)[.\s]*"),
        ("after", r"\s*(?P<what>\S.*?)\s*(?:が成功したら|の成功後に?)[。\s]*"),
        ("after", r"\s*after (?P<what>\S.*?)(?: succeeds| succeeded| has succeeded)?[.\s]*"),
    )
)


def read_trigger(text: str) -> Trigger | None:
    """The trigger of a sentence; None for a sentence about times. Raises BadSentence with the place of the wrong part."""
    for kind, pattern in _SENTENCES:
        if found := pattern.fullmatch(text):
            what = found["what"].strip("「」\"'")
            trigger = Trigger(kind, what, found.start("what") + found["what"].find(what))  # type: ignore[arg-type]
            if kind == "file":
                _check_pattern(trigger)
            return trigger
    return None


def check_known(trigger: Trigger, folder: Path, robot: str) -> None:
    """Raises BadSentence for a robot that does not exist, or that would start itself: neither may stay silent."""
    if trigger.kind != "after":
        return
    known = [path.stem for path in (folder / ROBOTS).glob("*.yaml")]
    if trigger.what not in known:
        near = nearest(trigger.what, known) or known[:5]
        raise _bad(
            trigger,
            Sentence(en=f'there is no robot "{trigger.what}" in robots/', ja=f"robots/ に「{trigger.what}」というロボットはありません"),
            Sentence(en=f"there are: {', '.join(near)}", ja=f"もしかして：{'、'.join(near)}") if near else None,
        )  # fmt: skip
    if PurePath(robot).stem == trigger.what:
        raise _bad(
            trigger,
            Sentence(
                en="a robot that starts itself would never end",
                ja="自分の成功で自分を開始すると、終わりません",
            ),
        )


def check_no_ring(starts: dict[str, list[tuple[str, str]]]) -> str:
    """The first schedule of a ring in which robots start one another for ever; "" when there is none.

    `starts`: robot → (the schedule that its success starts, the robot of that schedule)."""
    for first in starts:
        seen: set[str] = set()
        todo = [first]
        while todo:
            for schedule, robot in starts.get(todo.pop(), ()):
                if robot == first:
                    return schedule
                if robot not in seen:
                    seen.add(robot)
                    todo.append(robot)
    return ""


def _check_pattern(trigger: Trigger) -> None:
    path = PurePath(trigger.what)
    if any(mark in str(path.parent) for mark in "*?[") or "**" in path.name:
        raise _bad(
            trigger,
            Sentence(
                en="a pattern may stand in the file's name only",
                ja="「*」などはファイル名の部分にだけ書けます",
            ),
            Sentence(en="e.g. inbox/*.csv", ja="例：inbox/*.csv"),
        )
    if not path.name or trigger.what.endswith(("/", "\\")):
        raise _bad(
            trigger,
            Sentence(en="which files?", ja="どのファイルかを書いてください"),
            Sentence(en=f"e.g. {trigger.what}*.csv", ja=f"例：{trigger.what}*.csv"),
        )


def _bad(trigger: Trigger, reason: Sentence, fix: Sentence | None = None) -> BadSentence:
    return BadSentence(trigger.offset, len(trigger.what), reason, fix)
