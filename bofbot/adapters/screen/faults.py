"""What can go wrong on a screen, in our words: every failure of the hands is mapped here."""

from __future__ import annotations

from bofbot.errors import ApplicationError, BusinessError, NeedsPerson, NotReady, RunError
from bofbot.words import Sentence


def put_into_words(code: str, detail: str) -> RunError | NotReady:
    """The error for what the hands refused."""
    if code == "nokey":
        return BusinessError(
            Sentence(en=f"there is no key “{detail}”", ja=f"「{detail}」というキーはありません"),
            fix=Sentence(en="e.g. Enter, Tab, F2, Ctrl+S", ja="例：Enter、Tab、F2、Ctrl+S"),
        )
    if code == "outside":
        return BusinessError(
            Sentence(en=f"that place is outside the screen ({detail})", ja=f"画面の外です（{detail}）")
        )
    if code == "image":
        return BusinessError(_UNFIT.get(detail, _UNFIT["plain"]))
    if code == "failsafe":
        return NeedsPerson(
            Sentence(
                en="somebody moved the mouse into a corner of the screen, so the robot stopped",
                ja="マウスが画面の隅に動かされたため、停止しました",
            )
        )
    if code == "nowindows":
        return NotReady(
            Sentence(
                en="windows cannot be told apart on this system", ja="この環境ではウィンドウを判別できません"
            )
        )
    return ApplicationError(
        Sentence(
            en=f"the screen could not be used: {detail or code}", ja=f"画面を操作できません：{detail or code}"
        )
    )


_UNFIT = {
    "larger": Sentence(en="the picture is larger than the screen", ja="画像が画面より大きいため探せません"),
    "plain": Sentence(
        en="the picture shows one colour only; cut out something with a form",
        ja="画像が1色だけのため探せません。形の分かる部分を切り取ってください",
    ),
}


def hands_gone() -> ApplicationError:
    """The program that moves mouse and keyboard has ended, or hangs."""
    return ApplicationError(
        Sentence(en="the screen does not answer any more", ja="画面が応答しなくなりました"),
        fix=Sentence(
            en="`bofbot doctor --only desktop`", ja="`bofbot doctor --only desktop` で確認してください"
        ),
    )


def lost_focus(wanted: str, front: str) -> ApplicationError:
    """Another window is in front of the one the robot means."""
    return ApplicationError(
        Sentence(
            en=f"the window “{wanted}” is not in front; in front is “{front}”",
            ja=f"ウィンドウ「{wanted}」が前面にありません。前面は「{front}」です",
        )
        if front
        else Sentence(
            en=f"the window “{wanted}” is not in front, nor is any other",
            ja=f"ウィンドウ「{wanted}」が前面にありません（前面のウィンドウなし）",
        ),
        fix=Sentence(
            en="say `window: …` before the keys, or answer the dialog that came up",
            ja="入力の前に `window: …` を書くか、表示されたダイアログに対応してください",
        ),
    )
