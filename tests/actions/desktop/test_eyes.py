"""Reading a screen for real: what is copied has its type, and what must be gone is waited for."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic import ValidationError

from bofbot.actions.desktop.eyes import Copy, See
from bofbot.actions.desktop.hands import Keys, TypeText
from bofbot.errors import ApplicationError, BusinessError
from tests.actions.desktop.form_program import do, on_screen, started
from tests.actions.stage import Stage


@on_screen
async def test_what_is_copied_has_its_type_or_the_reason_why_not(stage: Stage) -> None:
    await started(stage)
    with pytest.raises(ApplicationError, match="nothing could be copied"):
        await do(stage, Copy())
    yen = await do(stage, TypeText(type_text="1,980円"), Copy(copy="line", type="yen"))
    assert yen.value == Decimal(1980)
    with pytest.raises(BusinessError, match="the copied text: "):
        await do(stage, Copy(copy="line", type="date"))
    assert (await do(stage, Copy(copy="clipboard"))).value == "1,980円"


@on_screen
async def test_a_window_that_stays_is_not_gone(stage: Stage) -> None:
    await started(stage)
    stage.timeout = 0.5
    with pytest.raises(ApplicationError, match="the window “取引先” is still there"):
        await do(stage, See(see="取引先", seen=False))
    stage.timeout = 20.0
    await do(stage, Keys(keys="Alt+F4"), See(see="取引先", seen=False))


def test_a_type_that_does_not_exist_is_refused_when_the_robot_is_read() -> None:
    with pytest.raises(ValidationError, match="yenn"):
        Copy(copy="line", type="yenn")
