"""What starts a schedule besides a time: a file, a mail, a call, another robot's success; read from a sentence, pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Literal

from bofbot.schedule.bad_sentence import BadSentence
from bofbot.values.text import nearest
from bofbot.words import Sentence

ROBOTS = "robots"


@dataclass(frozen=True, slots=True)
class Trigger:
    """`what` is a pattern of files in one folder (`inbox/*.csv`), a robot by its file's name in robots/, or the name of
    a webhook; "" for mails, whose schedule says which in `mail:`."""

    kind: Literal["file", "after", "mail", "webhook"]
    what: str
    offset: int
    """Where `what` stands in the sentence."""


_SENTENCES = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("mail", r"\s*(?:新しい)?メール(?P<what>)(?:が|を)(?:届いたら|受信したら|受け取ったら)[。\s]*"),
        ("mail", r"\s*(?:when )?(?:a |an )?(?:new )?(?:e-?)?mail(?P<what>) (?:arrives|comes(?: in)?)[.\s]*"),
        ("webhook", r"\s*webhook\s*(?P<what>\S.*?)\s*が(?:呼ばれたら|呼び出されたら)[。\s]*"),
        ("webhook", r"\s*(?:when )?(?:the )?webhook (?P<what>\S.*?) is called[.\s]*"),
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
                _check_no_mail(trigger)
                _check_pattern(trigger)
            if kind == "webhook" and not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", what):
                raise _bad(
                    trigger, _NO_NAME, Sentence(en="e.g. invoices, order-2", ja="例：invoices、order-2")
                )
            return trigger
    return None


def check_keys(trigger: Trigger | None, *, mail: bool, secret: bool) -> None:
    """Raises BadSentence when the keys beside the sentence do not belong to it, or one is missing."""
    kind = trigger.kind if trigger else ""
    for key, given, of in (("mail", mail, "mail"), ("secret", secret, "webhook")):
        if given is not (kind == of):
            raise BadSentence(0, 1, *_KEYS[key, given])


def filled(inputs: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    """The inputs of a schedule with `${file}` and the like; what is put in is never read again."""
    return {
        name: re.sub(r"\$\{(\w+)\}", lambda found: known.get(found[1], found[0]), text)
        for name, text in inputs.items()
    }


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


def _check_no_mail(trigger: Trigger) -> None:
    """`請求書のメールが届いたら` is about a mail; as the name of a file it would wait for ever."""
    if trigger.what.endswith("メール"):
        raise _bad(
            trigger,
            Sentence(en="which mails stands in `mail:`, not in the sentence", ja="どのメールかは文ではなく `mail:` に書きます"),
            Sentence(en="write: when: a mail arrives", ja="when: メールが届いたら と書き、subject: や from: で絞ってください"),
        )  # fmt: skip


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


_NO_NAME = Sentence(
    en="the name of a webhook is a part of its address: letters, digits, - and _",
    ja="Webhook の名前はアドレスの一部になるため、半角の英数字と - _ で書きます",
)
_KEYS: dict[tuple[str, bool], tuple[Sentence, Sentence]] = {
    ("mail", False): (
        Sentence(en="which mailbox? `mail:` is missing", ja="どのメールボックスかを書く `mail:` がありません"),
        Sentence(
            en="e.g. mail: {mailbox: NAME OF A SECRET, subject: invoice}",
            ja="例：mail: {mailbox: 秘密情報の名前, subject: 請求書}",
        ),
    ),
    ("mail", True): (
        Sentence(en="`mail:` belongs to a schedule that begins with a mail", ja="`mail:` はメールで始まる予定にだけ書けます"),
        Sentence(en="write: when: a mail arrives", ja="when: メールが届いたら と書いてください"),
    ),
    ("secret", False): (
        Sentence(en="which secret signs the calls? `secret:` is missing", ja="呼び出しの署名に使う `secret:` がありません"),
        Sentence(en="bofbot secret set NAME --fields key, then secret: NAME", ja="bofbot secret set 名前 --fields key で登録し、secret: 名前 と書いてください"),
    ),
    ("secret", True): (
        Sentence(en="`secret:` belongs to a schedule that begins with a webhook", ja="`secret:` は Webhook で始まる予定にだけ書けます"),
        Sentence(en="write: when: the webhook NAME is called", ja="when: Webhook 名前 が呼ばれたら と書いてください"),
    ),
}  # fmt: skip
