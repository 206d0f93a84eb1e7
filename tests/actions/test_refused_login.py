"""Why a log-in was refused: the words of a page, and what they prove about the password."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bofbot.actions.pages.refused_login import refusal, refuse_error_page, session_ended
from bofbot.errors import ApplicationError, NeedsPerson

from .stage import Stage


class Page:
    """A browser that shows one page: its status, and what it says."""

    def __init__(self, *says: str, status: int = 200) -> None:
        self._says, self._status = says, status

    async def stop_for_a_person(self, *, failed: bool = False) -> None: ...

    async def says(self) -> tuple[str, ...]:
        return self._says

    def status(self) -> int:
        return self._status


async def refused(stage: Stage, page: Any, *, code: bool = False) -> Exception:
    return await refusal(stage, page, "経費", code=code)


@pytest.mark.parametrize(
    ("says", "ended"),
    [
        (("セッションの有効期限が切れました。",), True),
        (("Your session has timed out. Please log in again.",), True),
        (("一定時間が経過したため、再度ログインしてください",), True),
        (("パスワードが違います。再度ログインしてください。",), False),
        (("Wrong password. Please sign in again.",), False),
        (("アカウントはロックされました", "セッションが切れました"), False),
        (("ログインに失敗しました。再度ログインしてください。",), False),
        (("もう一度ログインしてください",), False),
        (("Login failed: session could not be started",), False),
        (("ようこそ",), False),
        ((), False),
    ],
)
def test_a_session_has_ended_when_the_page_says_so_and_nothing_of_the_password(
    says: tuple[str, ...], ended: bool
) -> None:
    assert session_ended(says) is ended


async def test_a_password_refused_in_words_is_tried_by_no_robot_again(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    error = await refused(stage, Page("パスワードが違います"))
    assert isinstance(error, NeedsPerson)
    assert (
        error.message.ja
        == "「経費」にユーザーまたはパスワードが受け付けられませんでした：「パスワードが違います」"
    )
    assert error.message.en == "経費 did not accept the user or the password: “パスワードが違います”"
    assert "bofbot secret set 経費" in str(error.fix)
    assert stage.rejected == ["経費"]


@pytest.mark.parametrize(
    ("page", "code", "kind"),
    [
        (Page(), False, NeedsPerson),
        (Page("認証コードが違います"), True, NeedsPerson),
        (Page("ただいま混み合っています", status=503), False, ApplicationError),
        (Page("セッションが切れました"), False, ApplicationError),
    ],
    ids=["silent", "code", "failed", "ended"],
)
async def test_what_says_nothing_about_the_password_does_not_reject_it(
    tmp_path: Path, page: Any, code: bool, kind: type[Exception]
) -> None:
    stage = Stage(tmp_path)
    assert isinstance(await refused(stage, page, code=code), kind)
    assert stage.rejected == []


async def test_an_error_page_without_a_password_box_is_no_log_in() -> None:
    page: Any = Page("Internal Server Error", status=500)
    with pytest.raises(ApplicationError, match=r"answered the log-in with an error \(500\)") as failed:
        await refuse_error_page(page)
    assert failed.value.sighting.page_says == ("Internal Server Error",)
    await refuse_error_page(Page("ようこそ"))  # type: ignore[arg-type]
