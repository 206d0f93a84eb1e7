"""Plays the items of a loop side by side: several lanes, each with a browser of its own, one ledger, one count."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bofbot.action import Context, Item, Resource
from bofbot.errors import NotReady
from bofbot.robot import Block, Step
from bofbot.runner.state import Failed, Run
from bofbot.words import Sentence

ROOM = 400 * 1024 * 1024
"""Bytes of memory that must be free before a further lane takes an item."""
_LOOK_AGAIN = 0.5

PlayItem = Callable[[Item, Run], Awaitable[Failed | None]]


@dataclass(slots=True)
class Lane(Run):
    """A run as one lane sees it: what can be doubled (a browser) is its own, everything else is shared."""

    main: Run = field(kw_only=True)
    opening: asyncio.Lock = field(kw_only=True)
    """Only one lane at a time opens what all share."""

    async def open(self, kind: type[Resource], context: Context) -> Resource:
        async with self.opening:
            shared = self.main.resources.get(kind)
            if shared is None:
                shared = self.main.resources[kind] = await kind.open(context)
            return await shared.twin(context)

    async def close(self) -> None:
        """Close what is this lane's own."""
        for resource in reversed(self.resources.values()):
            if resource not in self.main.resources.values():
                await resource.close()


async def play_side_by_side(run: Run, items: Sequence[Item], lanes: int, play: PlayItem) -> Failed | None:
    """Play the items in so many lanes, each item once, in the order in which lanes become free. Comes back with the
    failure that stops the loop, once the items at work have ended; a cancellation ends them all.

    The first lane goes on whatever the memory; the others take an item only while there is room for it."""
    waiting, stopped, opening = deque(items), list[Failed](), asyncio.Lock()
    all_lanes = [
        Lane(run.plan, run.around, run.started, counts=run.counts, main=run, opening=opening)
        for _ in range(min(lanes, len(items)))
    ]

    async def work(lane: Lane, first: bool) -> None:
        try:
            while waiting and not stopped:
                if not first and not room_for_more():
                    await run.around.sleep(_LOOK_AGAIN)
                    continue
                if failed := await play(waiting.popleft(), lane):
                    stopped.append(failed)
        finally:
            await lane.close()
            run.noted_failures += lane.noted_failures

    tasks = [asyncio.ensure_future(work(lane, n == 0)) for n, lane in enumerate(all_lanes)]
    try:
        await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise
    return stopped[0] if stopped else None


def refuse_what_cannot(step: Step) -> None:
    """Raises NotReady when a step of the loop needs something that there is only once: a screen, a person, a log-in."""
    for inner in _below(step):
        if not inner.verb.side_by_side:
            raise NotReady(
                Sentence(
                    en=f"`{inner.verb.verb}` cannot be played for several items at once ({inner.place})",
                    ja=f"`{inner.verb.verb}` は複数件を同時に実行できません（{inner.place}）",
                ),
                fix=Sentence(
                    en="put it before or after the loop, or leave out `parallel`",
                    ja="ループの外に出すか、`parallel` を外してください",
                ),
            )


def _below(step: Step) -> Iterator[Step]:
    for inner in getattr(step.verb, "steps", ()):
        yield inner
        if isinstance(inner.verb, Block):
            yield from _below(inner)


def room_for_more() -> bool:
    """Is there memory for a further page? Where the system does not say, there is."""
    try:
        text = Path("/proc/meminfo").read_text("ascii")
    except OSError:
        return True
    free: Any = next((line for line in text.splitlines() if line.startswith("MemAvailable:")), None)
    return free is None or int(free.split()[1]) * 1024 >= ROOM
