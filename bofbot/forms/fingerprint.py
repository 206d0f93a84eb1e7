"""Fingerprints: what a field or button was known by when a run went well, and which one it is on a page that changed.

Taken and compared in the page (js/fingerprint.js); here is what is asked and what the answers mean. What was typed is
never part of a fingerprint, words of a page are kept as hashes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

from bofbot.forms.frames import frames_of
from bofbot.forms.reader import ask_keeping
from bofbot.words import Sentence

What = Literal["field", "button"]
Known = Mapping[str, Any]
"""{"signals": {name: value}, "trust": {name: 0 … 1}, "age": {name: times seen so}}: plain JSON values."""

SIGNALS: dict[str, Sentence] = {
    "words": Sentence(en="its words", ja="項目名・文字"),
    "id": Sentence(en="id", ja="id 属性"),
    "name": Sentence(en="name", ja="name 属性"),
    "test": Sentence(en="test id", ja="テスト用の識別名"),
    "href": Sentence(en="where it leads", ja="リンク先"),
    "sends": Sentence(en="the only button of its form", ja="フォーム唯一のボタン"),
    "options": Sentence(en="its options", ja="選択肢"),
    "under": Sentence(en="the section named", ja="指定した見出し"),
    "auto": Sentence(en="autocomplete", ja="autocomplete 属性"),
    "hint": Sentence(en="its hint", ja="入力例"),
    "aria": Sentence(en="its title", ja="説明（aria・title）"),
    "kind": Sentence(en="its kind", ja="欄の種類"),
    "limits": Sentence(en="its limits", ja="桁数などの制限"),
    "form": Sentence(en="its form", ja="フォーム"),
    "section": Sentence(en="the heading above", ja="上の見出し"),
    "before": Sentence(en="what comes before", ja="前の項目"),
    "after": Sentence(en="what comes after", ja="次の項目"),
    "place": Sentence(en="its place", ja="並び順"),
    "size": Sentence(en="its boxes", ja="枠の数"),
}
"""Every signal by its name in fingerprints, in words; `words` and `under` are compared, not kept."""


def named(signals: Sequence[str]) -> Sentence:
    """The names of signals in words, at most six."""
    some = [SIGNALS[name] for name in signals if name in SIGNALS][:6]
    return Sentence(en=", ".join(one.en for one in some), ja="、".join(one.ja for one in some))


MAY_BE_RETRACED = frozenset({"missing", "ambiguous", "hidden", "invisible", "tiny"})
"""Reasons for which the page may simply have changed."""


@dataclass(frozen=True, slots=True)
class Trace:
    """Where something known seems to stand now. Only a `sure` one may be gone on with."""

    sure: bool
    label: str
    """Words that resolve to it from where the robot looks; "" when there are none."""
    shown: str
    score: float
    margin: float
    agrees: tuple[str, ...]
    differs: tuple[str, ...]
    likely: bool = True
    """Worth proposing to a person."""
    unsafe: bool = False
    """A button that sends a form by POST."""
    opposed: bool = False
    """Its words mean the opposite, whatever else agrees (税込 and 税抜)."""


class Prints(Protocol):
    """What `fill` and `find_button` are told of a page's past, and tell of its present. One step's."""

    def known(self, label: str) -> Known | None:
        """What is known of a label; asked before anything is typed."""

    def seen(self, label: str, answer: Any) -> None:
        """How it was found now: 1 (just as known), or {"signals", "value", "agrees", "differs"}."""

    async def pursue(self, page: Any, label: str, trouble: Mapping[str, Any]) -> str:
        """It cannot be found (or stands at another field now: code "crossed"). Answers with words to go on with, or "".

        May raise ApplicationError with a better reason."""


async def retrace(
    page: Any,
    label: str,
    known: Known,
    *,
    what: What = "field",
    prefix: str = "",
    others: Sequence[str] = (),
    code: str = "missing",
) -> Trace | None:
    """Which field or button of this page (or frame) is the one that was known as `label`; None when none comes near.

    `prefix`: the section that labels are looked for in; `others`: labels that name something else and keep it."""
    question = {
        "label": label,
        "known": packed(known),
        "what": what,
        "prefix": prefix,
        "others": list(others),
        "code": code,
    }
    traces = []
    for frame in frames_of(page):
        try:
            _, plain = await ask_keeping(frame, "retrace", question, longest=5.0)
        except Exception:  # noqa: S112, a frame that went away or never loads has nothing to say
            continue
        if plain["outcome"] != "missing":
            traces.append(_trace(plain))
    traces.sort(key=lambda trace: -trace.score)
    if not traces:
        return None
    first = traces[0]
    if len(traces) > 1 and (margin := first.score - traces[1].score) < first.margin:
        first = replace(first, margin=margin, sure=first.sure and margin >= APART)
    return first


APART = 0.2
"""So much less must the next best agree; the same figure as in the page."""


def _trace(plain: Mapping[str, Any]) -> Trace:
    return Trace(
        sure=plain["outcome"] == "found",
        label=plain["label"],
        shown=plain["shown"],
        score=round(plain["score"], 3),
        margin=round(plain["margin"], 3),
        agrees=tuple(plain["agrees"]),
        differs=tuple(plain["differs"]),
        likely=bool(plain["likely"]),
        unsafe=bool(plain["unsafe"]),
        opposed=bool(plain["opposed"]),
    )


def packed(known: Known | None) -> dict[str, str] | None:
    """What is known as two texts: one value costs the way into the page much less than thirty."""
    if known is None:
        return None
    return {"same": _text(known["signals"]), "all": _text(dict(known))}


def unpacked(answer: Any) -> Any:
    """The `print` of an answer, as `Prints.seen` takes it."""
    return json.loads(answer) if isinstance(answer, str) else answer


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


async def print_of(page: Any, label: str, known: Known | None) -> Any:
    """The fingerprint of a field that is not filled by `fill` (a file), as `Prints.seen` takes it; None when not found."""
    for frame in frames_of(page):
        _, plain = await ask_keeping(frame, "print", {"label": label, "known": packed(known)})
        if plain["outcome"] == "found":
            return unpacked(plain["print"])
    return None
