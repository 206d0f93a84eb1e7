"""Verbs to write sample robots with."""

from __future__ import annotations

from importlib import import_module
from typing import Any, ClassVar

import pytest
from pydantic import Field

from bofbot.action import Action, Context, Later, Result, Scalar, Verb
from bofbot.actions import VERBS
from bofbot.values.units import Duration


class _StandIn(Action):
    async def run(self, context: Context) -> Result | None:
        return None


class Open(_StandIn):
    """Opens a page.
    ページを開く。"""

    verb: ClassVar[str] = "open"
    open: str
    """The address.
    アドレス。"""


class Click(_StandIn):
    """Clicks.
    クリックする。"""

    verb: ClassVar[str] = "click"
    click: str
    """What.
    対象。"""


class Expect(_StandIn):
    """Waits for text.
    文字を待つ。"""

    verb: ClassVar[str] = "expect"
    expect: str
    """Text.
    文字。"""
    within: Duration = 5.0
    """How long.
    長さ。"""


class Fill(_StandIn):
    """Fills fields.
    欄に入力する。"""

    verb: ClassVar[str] = "fill"
    takes_secrets: ClassVar[frozenset[str]] = frozenset({"fill"})
    fill: dict[str, Later[Scalar]] = Field(min_length=1)
    """Labels and values.
    欄の名前と値。"""


class Submit(_StandIn):
    """Submits.
    送信する。"""

    verb: ClassVar[str] = "submit"
    effect: ClassVar[bool] = True
    submit: str
    """The button.
    ボタン。"""
    expect: str = ""
    """Text of success.
    成功の文字。"""
    verify: dict[str, Later[Scalar]] = Field(default_factory=dict)
    """Where to look.
    確認先。"""
    receipt: str = ""
    """Where the receipt stands.
    受付番号の欄。"""

    def names_made(self) -> tuple[str, ...]:
        return ("receipt",)


class Login(_StandIn):
    """Logs in.
    ログインする。"""

    verb: ClassVar[str] = "login"
    login: str
    """The secret.
    秘密の名前。"""
    at: str = ""
    """The address.
    アドレス。"""

    def secrets_needed(self) -> tuple[str, ...]:
        return (self.login,)


class WriteBack(_StandIn):
    """Writes back.
    書き戻す。"""

    verb: ClassVar[str] = "write_back"
    write_back: dict[str, Later[Scalar]]
    """Columns and values.
    列と値。"""


STAND_INS: dict[str, type[Verb]] = {
    kind.verb: kind for kind in (Open, Click, Expect, Fill, Submit, Login, WriteBack)
}


class SampleVerbs:
    """The built-in verbs."""

    def get(self, name: str) -> type[Verb] | None:
        if name in STAND_INS:
            return STAND_INS[name]
        if name not in VERBS:
            return None
        module, _, attribute = VERBS[name].partition(":")
        try:
            kind: Any = getattr(import_module(module), attribute)
        except (ImportError, AttributeError):
            return None
        return kind  # type: ignore[no-any-return]

    def names(self) -> tuple[str, ...]:
        return tuple(VERBS)


@pytest.fixture(scope="session")
def verbs() -> SampleVerbs:
    return SampleVerbs()
