"""Days from a calendar: opened by a click on the field, turned to the month, the day pressed, and the field read back."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from bofbot.forms.patience import Patience
from bofbot.forms.reader import ask, ask_keeping, kept_element

_TURNS = 300
_GESTURE = 3000


async def pick_day(frame: Any, control: Any, day: tuple[int, int, int]) -> Mapping[str, Any]:
    """Press one day in the calendar that belongs to a control.

    Answers {"shown": what the field holds then}, or a reason: {"code": "nocalendar" | "optiondisabled" | "changed"}."""
    _, plain = await ask_keeping(frame, "towards", day)
    if plain["state"] == "none" and not await _opened(frame, control, day):
        return {"code": "nocalendar"}
    before, tries = "", 0
    for _ in range(_TURNS):
        number, plain = await ask_keeping(frame, "towards", day)
        state = plain["state"]
        if state == "turn" and plain["shown"] == before:
            tries += 1
            if tries > 20:
                break
            await asyncio.sleep(0.03)
            if tries % 7:
                continue
        if state in ("none", "stuck"):
            break
        target = await kept_element(frame, number, "control")
        if state == "off":
            await frame.page.keyboard.press("Escape")
            return {"code": "optiondisabled"}
        if state == "turn":
            if plain["shown"] != before:
                before, tries = plain["shown"], 0
            if target is not None:
                await target.click(timeout=_GESTURE, force=True)
            continue
        await target.click(timeout=_GESTURE)
        return await _shown(frame, control, day)
    return {"code": "nocalendar"}


async def confirm(frame: Any) -> None:
    """Press the one OK button of what a field has opened, when there is one."""
    number, plain = await ask_keeping(frame, "confirmer", None)
    if plain["found"]:
        await (await kept_element(frame, number, "control")).click(timeout=_GESTURE)


async def _opened(frame: Any, control: Any, day: tuple[int, int, int]) -> bool:
    try:
        await control.click(timeout=_GESTURE)
    except Exception as error:
        if type(error).__name__ != "TimeoutError":
            raise
        return False
    waiting = Patience(longest=1.0, quiet=1.0).begin()
    while (await ask_keeping(frame, "towards", day))[1]["state"] == "none":
        if not await waiting.more():
            return False
    return True


async def _close(frame: Any, control: Any, day: tuple[int, int, int]) -> None:
    """A calendar that stays open would cover the next field."""
    waiting = Patience(longest=0.4, quiet=0.4).begin()
    while (await ask_keeping(frame, "towards", day))[1].get("floats"):
        if not await waiting.more():
            await control.press("Escape", timeout=_GESTURE)
            await control.evaluate("el => el.blur && el.blur()")
            return


async def _shown(frame: Any, control: Any, day: tuple[int, int, int]) -> Mapping[str, Any]:
    waiting = Patience(longest=1.5, quiet=1.5).begin()
    confirmed = False
    while True:
        shown = str(await ask(frame, "standing", control))
        if await ask(frame, "meansDay", [shown, day]):
            await control.evaluate("el => el.blur && el.blur()")
            await _close(frame, control, day)
            return {"shown": shown}
        if not confirmed:
            await confirm(frame)
            confirmed = True
        if not await waiting.more():
            return {"code": "changed", "detail": shown}
