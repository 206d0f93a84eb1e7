"""A form in Tk on a screen of its own: what tests of desktop verbs work on."""

from __future__ import annotations

import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from bofbot.actions.desktop.programs import Program
from bofbot.adapters.screen.display import NEEDED
from tests.actions.stage import Stage

FORM = Path(__file__).parents[2] / "adapters" / "screen_programs" / "form.py"

_lacking = [name for name in NEEDED if shutil.which(name) is None]
_lacking += [name for name in ("pyautogui", "tkinter") if find_spec(name) is None]
desktop_needed = pytest.mark.skipif(bool(_lacking), reason=f"no desktop here: {', '.join(_lacking)}")


def on_screen(test: Any) -> Any:
    """A test that takes a screen of its own, and some seconds."""
    return pytest.mark.slow(desktop_needed(test))


async def started(stage: Stage, *more: str) -> Path:
    """The form in front; the file it saves into."""
    kept = stage.work_folder / "kept.txt"
    program = (sys.executable, str(FORM), str(kept), *more)
    await Program(program=program, window="取引先の登録").run(stage)
    return kept


async def do(stage: Stage, *verbs: Any) -> Any:
    """Plays the verbs one after the other; what the last one yields."""
    result = None
    for verb in verbs:
        result = await verb.run(stage)
    return result
