"""The reader that lives in the page: its JavaScript, put together once, and one handle to it per document."""

from __future__ import annotations

import asyncio
from functools import cache
from importlib.resources import files
from typing import Any
from weakref import WeakKeyDictionary

_PARTS = (
    "words",
    "tokens",
    "signals",
    "resolve",
    "state",
    "fill",
    "buttons",
    "choices",
    "read",
    "why",
    "door",
)
_handles: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()


@cache
def source() -> str:
    """The reader as one JavaScript expression; nothing of it becomes visible to the page."""
    folder = files("bofbot.forms") / "js"
    body = "\n".join((folder / f"{part}.js").read_text("utf-8") for part in _PARTS)
    return f"(() => {{ 'use strict';\n{body}\n}})()"


async def ask(frame: Any, call: str, argument: Any, *, longest: float = 30.0) -> Any:
    """Ask the reader in one frame; `call` is like "resolve". The answer is plain data.

    Raises TimeoutError when the page does not answer (evaluation has no time limit of its own)."""
    return await _with_reader(
        frame, lambda reader: reader.evaluate(f"(r, a) => r.{call}(a)", argument), longest
    )


async def ask_for_handle(frame: Any, call: str, argument: Any, *, longest: float = 30.0) -> Any:
    """The same; the answer stays in the page and a handle to it comes back."""
    return await _with_reader(
        frame, lambda reader: reader.evaluate_handle(f"(r, a) => r.{call}(a)", argument), longest
    )


async def _with_reader(frame: Any, use: Any, longest: float) -> Any:
    async with asyncio.timeout(longest):
        reader = _handles.get(frame)
        if reader is not None:
            try:
                return await use(reader)
            except Exception as error:
                if not _is_stale(error):
                    raise
        reader = _handles[frame] = await frame.evaluate_handle(source())
        return await use(reader)


def _is_stale(error: Exception) -> bool:
    """The document the handle belonged to is gone: a navigation came between."""
    text = str(error)
    return "context" in text or "disposed" in text or "Target" in text or "navigat" in text
