"""Text read out of a program by its own copy command; what stood on a person's clipboard stands there again."""

from __future__ import annotations

import asyncio

from bofbot.adapters.screen import Screen

_UNTOUCHED = "\u2063bofbot\u2063"
"""What stands on the clipboard before a copy: whoever finds it afterwards knows that nothing was copied."""


async def copied(screen: Screen, what: str, longest: float = 5.0) -> str:
    """The selected text, the cursor's line or all of it; "" when the program gives nothing within `longest` seconds."""
    before = "" if screen.display.own else await screen.copied()
    await screen.copy(_UNTOUCHED)
    if what == "line":
        await screen.press("end")
        await screen.press("shift", "home")
    elif what == "all":
        await screen.press("ctrl", "a")
    await screen.press("ctrl", "c")
    text = await _put_there(screen, longest)
    if what == "line":
        await screen.press("end")
    if before:
        await screen.copy(before)
    return text


async def _put_there(screen: Screen, longest: float) -> str:
    """What a program put on the clipboard after Ctrl+C; "" when it put nothing within `longest` seconds."""
    loop = asyncio.get_running_loop()
    until = loop.time() + longest
    while (text := await screen.copied()) == _UNTOUCHED:
        if loop.time() > until:
            return ""
        await asyncio.sleep(0.02)
    return text
