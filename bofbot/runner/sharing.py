"""Plays a loop whose items several runs play together, on machines of their own: one has the loop, the others help.

Who has the loop plays like everybody else, hears what became of the items that others played, decides by it, and tells
all of them in its own run. Who helps plays items and ends: what follows the loop is none of its business."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

from bofbot.action import Item
from bofbot.robot import ForEach, Robot, Step, walk_steps
from bofbot.runner.effect import payload_of
from bofbot.runner.share import BUSY, Share, Told
from bofbot.runner.state import Failed

LOOK_AGAIN = 0.2
"""Seconds between two looks whether the others have ended."""


def shared_loop(robot: Robot, wanted: int) -> Step | None:
    """The loop whose items may be spread over workers: the first of the robot's own loops with a `key` and a `spread`; where
    somebody asks for it (`wanted` > 1), the first with a key. One that asks people is played by one run."""
    for step in robot.steps:
        verb = step.verb
        if not isinstance(verb, ForEach) or verb.key is None or (wanted or verb.spread) < 2:
            continue
        if not any(inner.verb.verb == "ask" for inner in walk_steps(verb.steps)):
            return step
    return None


def batch_of(items: Iterable[Item], written: frozenset[str]) -> str:
    """The hash of a whole list of items: their places, keys and values."""
    said = [[item.index, item.key, payload_of(item, written)] for item in items]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


async def play_shared(
    share: Share,
    items: Sequence[Item],
    play: Callable[[Item], Awaitable[Failed | None]],
    hear: Callable[[Item, Told], Failed | None],
    sleep: Callable[[float], Awaitable[None]],
) -> Failed | None:
    """Play what can be claimed, hear what others played. Comes back with the failure that stops the loop, once the items
    at work have ended."""
    by_index = {item.index: item for item in items}
    stopped: Failed | None = None
    try:
        while not stopped:
            index = share.claim()
            if index:
                stopped = await _play(share, by_index[index], play)
            elif share.helping:
                return None
            if share.helping:
                continue
            stopped = _heard(share, by_index, hear) or stopped
            if index is None:
                return stopped
            if index == BUSY and not stopped:
                await sleep(LOOK_AGAIN)
        if not share.helping:
            share.close(over=False)
            while share.at_work():
                await sleep(LOOK_AGAIN)
            _heard(share, by_index, hear)
        return stopped
    except BaseException:
        if not share.helping:
            share.close(over=False)
        raise


def _heard(
    share: Share, items: Mapping[int, Item], hear: Callable[[Item, Told], Failed | None]
) -> Failed | None:
    stopped = [failed for told in share.news() if (failed := hear(items[told.index], told))]
    return stopped[0] if stopped else None


async def _play(share: Share, item: Item, play: Callable[[Item], Awaitable[Failed | None]]) -> Failed | None:
    try:
        return await play(item)
    except BaseException:
        share.give_back(item.index)
        raise
