"""One screen for one run: its windows, the keyboard, the mouse, the clipboard, and what can be seen when a step fails."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

from bofbot.action import Context, Glimpse, Resource, Seen
from bofbot.adapters.screen.display import Display, end
from bofbot.adapters.screen.faults import hands_gone, lost_focus, put_into_words
from bofbot.errors import ApplicationError, NotReady, Sighting
from bofbot.events import Evidence
from bofbot.words import Sentence

_ANSWER = 30.0
"""Seconds for one movement of the hands."""


@dataclass(frozen=True, slots=True)
class Window:
    """A window as the task bar knows it; places and sizes in pixels."""

    id: int
    title: str
    active: bool
    x: int
    y: int
    width: int
    height: int


class Screen(Resource):
    """Opened once per run. `aimed` is the window the robot means; keys go nowhere else."""

    def __init__(self, context: Context, display: Display) -> None:
        self.redact = context.redact
        self.display = display
        self.aimed: Window | None = None
        self._light = context.scratch.folder / "glimpse.jpg"
        self._covered: list[tuple[int, int, int, int, int]] = []
        self._hands: Any = None
        self._turn = asyncio.Lock()

    @classmethod
    async def open(cls, context: Context) -> Self:
        screen = cls(context, await Display.open(context.scratch.folder, _environ(context)))
        try:
            await screen._start()
        except BaseException:
            await screen.close()
            raise
        if not screen.display.own:
            context.note(
                Sentence(
                    en="the robot works on the real screen: keep away from mouse and keyboard; the mouse in a corner stops it",
                    ja="実際の画面を操作します。マウスとキーボードに触れないでください。マウスを画面の隅に動かすと止まります",
                ),
                "warning",
            )
        return screen

    async def _start(self) -> None:
        self._hands = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bofbot.adapters.screen.hands",
            env=self.display.environ,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
            limit=2**22,  # a copied text may be long
        )
        if (await self._heard()).get("answer") != "ready":
            raise NotReady(
                Sentence(
                    en="pyautogui is not installed, or cannot use this screen",
                    ja="pyautogui が入っていないか、この画面では使えません",
                ),
                fix=Sentence.same('pip install "bofbot[desktop]"'),
            )

    async def _do(self, what: str, **how: Any) -> Any:
        async with self._turn:
            try:
                self._hands.stdin.write(json.dumps({"do": what, **how}).encode() + b"\n")
                await self._hands.stdin.drain()
                answer = await self._heard()
            except (ConnectionError, TimeoutError, ValueError) as gone:
                raise hands_gone() from gone
        if "refused" in answer:
            raise put_into_words(answer["refused"], self.redact(str(answer.get("detail", ""))))
        return answer.get("answer")

    async def _heard(self) -> dict[str, Any]:
        async with asyncio.timeout(_ANSWER):
            line = await self._hands.stdout.readline()
        if not line:
            raise hands_gone()
        answer: dict[str, Any] = json.loads(line)
        return answer

    async def windows(self) -> list[Window]:
        return [Window(**one) for one in await self._do("windows")]

    async def titled(self, title: str) -> list[Window]:
        """The windows whose title is this, else those whose title contains it."""
        windows = await self.windows()
        return [one for one in windows if one.title == title] or [
            one for one in windows if title in one.title
        ]

    async def active(self) -> Window | None:
        return next((one for one in await self.windows() if one.active), None)

    async def bring_forward(self, window: Window) -> None:
        """Make a window the active one; from now on it is the one the robot means. Raises when it does not come."""
        self.aimed = window
        if await self._is_in_front():
            return
        await self._do("activate", window=window.id)
        for _ in range(100):
            if await self._is_in_front():
                return
            await asyncio.sleep(0.03)
        raise lost_focus(self.redact(window.title), await self._in_front())

    async def be_there(self) -> Window:
        """The window the robot means, in front. Raises ApplicationError when there is none."""
        if self.aimed is None:
            self.aimed = await self.active()
        if self.aimed is None:
            raise ApplicationError(
                Sentence(
                    en="no window is in front, so keys would go nowhere",
                    ja="前面にウィンドウがないため、入力できません",
                ),
                fix=Sentence(en="start with `window: TITLE`", ja="先に `window: タイトル` を書いてください"),
            )
        now = next((one for one in await self.windows() if one.id == self.aimed.id), None)
        if now is None:
            raise lost_focus(self.redact(self.aimed.title), await self._in_front())
        await self.bring_forward(now)
        return now

    async def _is_in_front(self) -> bool:
        active = await self.active()
        return active is not None and self.aimed is not None and active.id == self.aimed.id

    async def _in_front(self) -> str:
        active = await self.active()
        return self.redact(active.title) if active else ""

    async def type(self, text: str, *, hidden: bool = False) -> None:
        """Type into the window the robot means: plain ASCII by keys, anything else by the clipboard.

        `hidden`: what changes on the screen meanwhile is covered in pictures. Raises ApplicationError when another
        window came to the front meanwhile: then nobody knows where the keys went."""
        window = await self.be_there()
        if hidden:
            await self._do("glance")
        if all(" " <= letter <= "~" or letter in "\t\n" for letter in text):
            await self._do("write", text=text)
        else:
            await self._paste(text, hidden=hidden)
        if hidden:
            await self._cover(window)
        if not await self._is_in_front():
            raise lost_focus(self.redact(window.title), await self._in_front())

    async def _paste(self, text: str, *, hidden: bool) -> None:
        before = await self._do("copied")
        await self._do("copy", text=text)
        await self.press("command" if sys.platform == "darwin" else "ctrl", "v")
        if hidden or not self.display.own:
            await asyncio.sleep(0.5)  # the program fetches the text in its own time; nothing tells when
            await self._do("copy", text="" if hidden else before)

    async def _cover(self, window: Window) -> None:
        box = await self._do("changed")
        if box:
            self._covered.append((window.id, box[0] - window.x, box[1] - window.y, box[2], box[3]))

    async def press(self, *keys: str) -> None:
        """Press keys together: `press("ctrl", "s")`. Raises BusinessError for a key that no keyboard has."""
        await self._do("keys", keys=list(keys))

    async def click(
        self, x: int, y: int, *, clicks: int = 1, button: Literal["left", "right"] = "left"
    ) -> None:
        """Click at a place of the screen, in pixels."""
        await self._do("click", x=x, y=y, clicks=clicks, button=button)

    async def locate(self, image: Path, confidence: float) -> list[tuple[int, int, float]]:
        """The middles of all places where a picture is seen, the likest first: x, y, likeness."""
        found = await self._do("locate", image=str(image), confidence=confidence)
        return [(x, y, likeness) for x, y, likeness in found]

    async def copied(self) -> str:
        """The text on the clipboard; "" when there is none."""
        return str(await self._do("copied"))

    async def copy(self, text: str) -> None:
        """Put a text on the clipboard."""
        await self._do("copy", text=text)

    async def picture(self, path: Path, label: str = "") -> Evidence:
        """A PNG or JPEG of the screen; where secrets were typed it is covered."""
        at = {one.id: one for one in await self.windows()} if self._covered else {}
        masks = [
            (at[window].x + x, at[window].y + y, width, height)
            for window, x, y, width, height in self._covered
            if window in at
        ]
        await self._do("picture", file=str(path), masks=masks)
        data = await asyncio.to_thread(path.read_bytes)
        return Evidence("picture", path.name, label, hashlib.sha256(data).hexdigest())

    async def sighting(self, looked_for: str = "") -> Sighting:
        """The active window's title, and the titles of all."""
        titles = [self.redact(one.title) for one in await self.windows()]
        return Sighting(looked_for=looked_for, title=await self._in_front(), page_says=tuple(titles))

    async def evidence(self, stem: Path) -> Seen:
        try:
            async with asyncio.timeout(10):
                picture = await self.picture(stem.with_suffix(".png"))
                return Seen(await self.sighting(), (picture,))
        except Exception:
            return Seen(Sighting())

    async def glimpse(self, picture: bool, small: bool = False) -> Glimpse | None:
        try:  # no time-out of its own: an answer that nobody waited for would be taken for the next one
            title = await self._in_front()
            if not picture:
                return Glimpse(title)
            await self.picture(self._light)
            data = await asyncio.to_thread(self._light.read_bytes)
            return Glimpse(title, data)
        except Exception:
            return None
        finally:
            self._light.unlink(missing_ok=True)

    async def close(self) -> None:
        if self._hands is not None:
            await end(self._hands)
        await self.display.close()


def _environ(context: Context) -> dict[str, str]:
    private = context.scratch.private
    told = {name: value for name, value in os.environ.items() if name not in private}
    return {**told, "TMPDIR": str(context.scratch.folder)}
