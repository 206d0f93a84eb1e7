"""What the verbs of the desktop have in common: they work on a screen, and a dry run leaves them out."""

from __future__ import annotations

from typing import ClassVar

from bofbot.action import Action


class OnScreen(Action):
    """A verb that works on the screen. A dry run leaves it out: no gate stands between a program and the world."""

    repeatable: ClassVar[bool] = False
    rehearsed: ClassVar[bool] = False
