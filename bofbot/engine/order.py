"""An order: one run that somebody or some schedule asked for, as it travels through a queue. No secrets in it, ever."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from bofbot.action import Action
from bofbot.actions import VerbTable
from bofbot.errors import UsageError
from bofbot.language.loader import load_kept_robot, texts_of
from bofbot.robot import Robot
from bofbot.words import Sentence

BROWSER = "browser"
"""Robots that log in: one at a time for each account."""
PAGES = "pages"
"""Robots that look at pages without an account."""
SHEET = "sheet"
"""Robots that open no browser."""
DESKTOP = "desktop@"
"""Robots for the screen of one machine; its name follows."""

_ON_SCREENS = ("bofbot.actions.desktop.",)
_NO_LONGER_SAID = frozenset({"stripe"})
"""What orders of an older bofbot say besides."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be played. The texts of the robot are in it: a later edit of its files never touches it."""

    file: str
    texts: Mapping[str, str]
    inputs: Mapping[str, Any] = field(default_factory=dict)
    """Raw, as typed."""
    mode: str = "run"
    slot: int = 0
    """The slot of a schedule that it plays; 0 for none."""
    spread: int = 0
    """Over how many workers the items of its loop are spread; 0: as the robot says."""
    helps: str = ""
    """The order whose items it plays with others; what follows the loop is left to that one."""
    goes_on: str = ""
    """The run that waited for a person and is gone on with."""
    by: str = ""
    """Who asked for the run, as the system calls them; "" when a schedule did."""
    queue: str = SHEET
    account: str = ""
    """What one run at a time may hold."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Order:
        """An order out of a queue, where an older bofbot may have put it. Raises TypeError for one of another version."""
        return cls(**{name: value for name, value in kept.items() if name not in _NO_LONGER_SAID})

    def helper(self, of: str, seat: int) -> Order:
        """The order of somebody who plays items of this one, named `of`; `seat`: which session of the account it takes."""
        account = f"{self.account} #{seat + 1}" if self.account and seat else self.account
        return replace(self, slot=0, helps=of, account=account)

    def robot(self) -> Robot:
        """Raises InvalidRobot: this version of bofbot does not understand it."""
        return load_kept_robot(self.file, VerbTable(), dict(self.texts))


def order_for(
    file: Path, inputs: Mapping[str, Any], *, slot: int = 0, on: str = "", spread: int = 0
) -> Order:
    """The order to play a robot; `on` names the machine whose screen it needs (this one otherwise); `spread`: over how many
    workers its items go (as the robot says otherwise).

    Raises InvalidRobot; UsageError when an input is a secret, which no queue may keep."""
    robot, texts = texts_of(file, VerbTable())
    for name, one in robot.inputs.items():
        if one.type == "secret" and name in inputs:
            raise UsageError(
                Sentence(
                    en=f'input "{name}" is a secret: no queue keeps it',
                    ja=f"入力「{name}」は秘密情報のため、順番待ちには登録できません",
                ),
                fix=Sentence(
                    en="let the robot take it from `secrets:`, or play it with `bofbot run`",
                    ja="ロボットの `secrets:` から渡すか、`bofbot run` で実行してください",
                ),
            )
    queue, account = needs_of(robot, on)
    return Order(str(file), texts, dict(inputs), slot=slot, spread=spread, queue=queue, account=account)


def needs_of(robot: Robot, on: str = "") -> tuple[str, str]:
    """(queue, account): what a worker must be able to do, and what only one run at a time may hold."""
    verbs = [step.verb for step in robot.walk() if isinstance(step.verb, Action)]
    modules = {type(verb).__module__ for verb in verbs}
    if any(module.startswith(_ON_SCREENS) for module in modules):
        return DESKTOP + (on or socket.gethostname()), ""
    logins = sorted({name for verb in verbs if verb.verb == "login" for name in verb.secrets_needed()})
    if logins:
        return BROWSER, " + ".join(logins)
    return (PAGES if any(verb.in_browser for verb in verbs) else SHEET), ""
