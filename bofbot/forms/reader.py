"""The reader that lives in the page: its JavaScript, put together once, and one handle to it per document."""

from __future__ import annotations

import asyncio
import json
import re
from functools import cache
from importlib.resources import files
from typing import Any
from weakref import WeakKeyDictionary

_PARTS = (
    "words",
    "kinds",
    "sight",
    "tokens",
    "groups",
    "tables",
    "pairs",
    "signals",
    "rivals",
    "doubt",
    "resolve",
    "sections",
    "lone",
    "state",
    "values",
    "calendar",
    "fill",
    "buttons",
    "choices",
    "read",
    "rows",
    "paging",
    "why",
    "naming",
    "fingerprint",
    "door",
)
_handles: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()


@cache
def source() -> str:
    """The reader as one JavaScript expression; nothing of it becomes visible to the page."""
    folder = files("bofbot.forms") / "js"
    body = "\n".join((folder / f"{part}.js").read_text("utf-8") for part in _PARTS)
    terse = re.sub(r"^\s*//.*\n|^[ \t]+", "", body, flags=re.MULTILINE)  # it is sent to every document
    # With letters of one byte alone it is on its way, and understood, in three quarters of the time.
    spelled = re.sub(r"[^\x00-\x7f]", lambda letter: json.dumps(letter[0])[1:-1], terse)
    return f"(() => {{ 'use strict';\n{spelled}\n}})()"


async def ask(frame: Any, call: str, argument: Any, *, longest: float = 30.0) -> Any:
    """Ask the reader in one frame; `call` is like "resolve". The answer is plain data.

    Raises TimeoutError when the page does not answer (evaluation has no time limit of its own)."""
    return await _with_reader(
        frame, lambda reader: reader.evaluate(f"(r, a) => r.{call}(a)", argument), longest
    )


async def ask_keeping(
    frame: Any, call: str, argument: Any, *, longest: float = 30.0
) -> tuple[int, dict[str, Any]]:
    """The same for answers that hold elements: its plain part, and a number by which `kept_element` finds the rest."""
    packed = isinstance(argument, dict | list)
    if packed:
        argument = json.dumps(argument, ensure_ascii=False, separators=(",", ":"))
    script = f"async (r, a) => r.asText(r.keep(await r.{call}({'JSON.parse(a)' if packed else 'a'})))"
    answer = await _with_reader(frame, lambda reader: reader.evaluate(script, argument), longest)
    number, plain = json.loads(answer) if isinstance(answer, str) else answer
    return number, plain


async def kept_element(frame: Any, number: int, name: str, *, longest: float = 30.0) -> Any:
    """An element of a kept answer, as a handle; None when there is none (or it is long ago)."""
    script = "(r, [number, name]) => (r.kept.get(number) || {})[name]"
    handle = await _with_reader(frame, lambda reader: reader.evaluate_handle(script, [number, name]), longest)
    return handle.as_element()


async def _with_reader(frame: Any, use: Any, longest: float) -> Any:
    """Use the frame's reader; when the document goes away meanwhile, ask the next one: every question may be repeated."""
    async with asyncio.timeout(longest):
        while True:
            try:
                reader = _handles.get(frame)
                if reader is None:
                    reader = _handles[frame] = await frame.evaluate_handle(source())
                return await use(reader)
            except Exception as error:
                if not _is_between_documents(error):
                    raise
                _handles.pop(frame, None)
                await asyncio.sleep(0.02)


def _is_between_documents(error: Exception) -> bool:
    text = str(error)
    return (
        "context was destroyed" in text
        or "disposed" in text
        or "Cannot find context" in text
        or "navigat" in text
    )
