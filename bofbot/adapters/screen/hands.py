"""The hands: a small program beside the run that alone talks to pyautogui, one JSON line in, one out.

A program of its own, because pyautogui belongs to one display from its import on, its calls block, and some of what it
imports ends the whole process (mouseinfo, where tkinter is missing). Started as `python -m bofbot.adapters.screen.hands`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bofbot.adapters.screen import pictures

PAUSE = 0.01
"""Seconds after each call; pyautogui's own 0.1 makes a field five times slower."""


class Refused(Exception):
    """A code that the session puts into words, and a detail."""


class Hands:
    """What can be done on a screen; every public method is a command."""

    def __init__(self) -> None:
        sys.modules.setdefault("mouseinfo", None)  # type: ignore[arg-type]  # it wants tkinter, and ends the process
        import pyautogui

        pyautogui.PAUSE = PAUSE
        pyautogui.FAILSAFE = True
        self._gui: Any = pyautogui
        self._before: Any = None
        if sys.platform.startswith("linux"):
            from bofbot.adapters.screen.x11 import Windows

            self._x11: Windows | None = Windows()
        else:
            self._x11 = None

    def windows(self) -> list[dict[str, Any]]:
        if self._x11 is not None:
            return self._x11.all()
        if not hasattr(self._gui, "getAllWindows"):
            raise Refused("nowindows")
        return [
            {
                "id": number,
                "title": one.title,
                "active": bool(one.isActive),
                "x": one.left,
                "y": one.top,
                "width": one.width,
                "height": one.height,
            }
            for number, one in enumerate(self._gui.getAllWindows())
            if one.title
        ]

    def activate(self, window: int) -> None:
        if self._x11 is not None:
            self._x11.activate(window)
        else:
            self._gui.getAllWindows()[window].activate()

    def write(self, text: str) -> None:
        self._gui.write(text)

    def keys(self, keys: list[str]) -> None:
        for key in keys:
            if not self._gui.isValidKey(key):
                raise Refused("nokey", key)
        self._gui.hotkey(*keys)

    def click(self, x: int, y: int, clicks: int, button: str) -> None:
        width, height = self._gui.size()
        if not (0 <= x < width and 0 <= y < height):
            raise Refused("outside", f"{x}, {y} / {width} x {height}")
        self._gui.click(x, y, clicks=clicks, interval=0.05, button=button)

    def locate(self, image: str, confidence: float) -> list[tuple[int, int, float]]:
        """The middle of every place where the picture is seen."""
        part = _pixels(image)
        try:
            found = pictures.find_all(self._look(), part, confidence)
        except ValueError as unfit:
            raise Refused("image", str(unfit)) from None
        return [(x + part.shape[1] // 2, y + part.shape[0] // 2, likeness) for x, y, likeness in found]

    def glance(self) -> None:
        """Remember the screen as it is now, for `changed`."""
        self._before = self._look()

    def changed(self) -> tuple[int, int, int, int] | None:
        return pictures.changed(self._before, self._look())

    def picture(self, file: str, masks: list[tuple[int, int, int, int]]) -> None:
        from PIL import Image

        pixels = self._look().copy()
        for left, top, width, height in masks:
            pixels[max(0, top) : top + height, max(0, left) : left + width] = 0x55
        Image.fromarray(pixels).save(file, quality=40)  # of a JPEG: light, and small letters can be read

    def copied(self) -> str:
        """The clipboard's text; "" when it holds none."""
        if self._x11 is None:
            import pyperclip

            return str(pyperclip.paste())
        told = subprocess.run(
            ["xclip", "-selection", "clipboard", "-out", "-target", "UTF8_STRING"],  # noqa: S607
            capture_output=True,
            timeout=10,
        )
        return told.stdout.decode("utf-8", "replace") if told.returncode == 0 else ""

    def copy(self, text: str) -> None:
        """Put a text on the clipboard, and see that it is there."""
        if self._x11 is None:
            import pyperclip

            pyperclip.copy(text)
            return
        subprocess.run(
            ["xclip", "-selection", "clipboard", "-in"],  # noqa: S607
            input=text.encode("utf-8"),
            stdout=subprocess.DEVNULL,  # its daemon keeps them open: whoever waits for their end waits for ever
            stderr=subprocess.DEVNULL,
            timeout=10,
            check=True,
        )
        until = time.monotonic() + 3
        while self.copied() != text:
            if time.monotonic() > until:
                raise Refused("clipboard")
            time.sleep(0.02)

    def _look(self) -> Any:
        import numpy as np
        from PIL import ImageGrab

        # pyautogui's own screenshot wants scrot or gnome-screenshot; Pillow asks the display itself.
        shot = ImageGrab.grab(xdisplay="") if self._x11 is not None else ImageGrab.grab()
        return np.asarray(shot.convert("RGB"))


def _pixels(image: str) -> Any:
    import numpy as np
    from PIL import Image

    with Image.open(Path(image)) as picture:
        return np.asarray(picture.convert("RGB"))


def main() -> None:
    """Answer until nobody asks any more."""
    try:
        hands = Hands()
    except (ImportError, OSError) as absent:
        print(json.dumps({"refused": "import", "detail": str(absent)}), flush=True)  # noqa: T201
        return
    print(json.dumps({"answer": "ready"}), flush=True)  # noqa: T201
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            answer = {"answer": getattr(hands, asked.pop("do"))(**asked)}
        except Refused as refused:
            answer = {"refused": refused.args[0], "detail": "".join(refused.args[1:])}
        except Exception as failed:
            code = "failsafe" if type(failed).__name__ == "FailSafeException" else "failed"
            answer = {"refused": code, "detail": f"{type(failed).__name__}: {failed}"}
        print(json.dumps(answer), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
