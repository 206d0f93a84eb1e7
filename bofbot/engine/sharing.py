"""A loop whose items several workers play: who has the loop calls others through the queue; all meet in the store."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from bofbot.engine.order import Order
from bofbot.errors import ApplicationError
from bofbot.events import as_plain
from bofbot.robot import ForEach, Robot
from bofbot.runner.share import Told
from bofbot.runner.sharing import shared_loop
from bofbot.settings import Settings
from bofbot.store import Store
from bofbot.store.decode import record_from_json
from bofbot.store.shares import ShareRow
from bofbot.words import Sentence

Call = Callable[[int], None]
"""Asks for so many helpers."""


def spread_of(order: Order, robot: Robot, settings: Settings) -> tuple[str, int]:
    """(the path of the loop that is spread, over how many workers); at most so many as the robot's accounts bear sessions."""
    loop = shared_loop(robot, order.spread)
    if loop is None or not isinstance(loop.verb, ForEach):
        return "", 1
    many = order.spread or loop.verb.spread
    return loop.path, min(many, sessions_of(order.account, settings)) if order.account else many


def sessions_of(account: str, settings: Settings) -> int:
    """How many runs at once may be logged in to the accounts of an order."""
    known = (settings.accounts.get(name) for name in account.split(" + "))
    return min(one.sessions if one else 1 for one in known)


class SharedLoop:
    """One loop as one of its runs sees it (`runner.share.Share`)."""

    def __init__(
        self, store: Store, order_id: str, step: str, *, helping: bool, call: Call | None = None
    ) -> None:
        """`order_id`: the order whose loop it is; `call` asks for helpers, once the loop is open to them."""
        self.step, self.helping = step, helping
        self._store, self._order, self._call = store, order_id, call
        self._id = self._run = ""
        self._indexes: Sequence[int] = ()
        self._heard = 0

    def open(self, batch: str, indexes: Sequence[int], run: str) -> bool:
        store = self._store
        self._id, self._run, self._indexes = f"{self._order}|{self.step}|{batch[:16]}", run, indexes
        if self.helping:
            there = store.shares.of_order(self._order)
            if there and self._id not in {share.id for share in there}:
                raise _other_items(there[0].run)
            return bool(there)
        store.journal.flush()
        store.shares.open(ShareRow(self._id, self._order, self.step, batch, run), _now())
        if self._call:
            self._call(len(indexes) - 1)
        return True

    def claim(self) -> int | None:
        self._store.check_lease()
        return self._store.shares.claim(self._id, self._indexes, self._run, self._store.owner, _now())

    def give_back(self, index: int) -> None:
        self._store.shares.give_back(self._id, index, self._store.owner)

    def tell(self, told: Told) -> None:
        said = json.dumps(as_plain(told), ensure_ascii=False)
        self._store.shares.tell(self._id, told.index, self._store.owner, said)

    def news(self) -> list[Told]:
        rows = self._store.shares.told(self._id, self._heard)
        self._heard = rows[-1].number if rows else self._heard
        return [
            record_from_json(Told, {**json.loads(row.told), "run": row.run})
            for row in rows
            if row.run != self._run
        ]

    def at_work(self) -> bool:
        return self._store.shares.at_work(self._id)

    def close(self, *, over: bool) -> None:
        if not self.helping:
            self._store.journal.flush()
            self._store.shares.close(self._id, over=over)


def _other_items(run: str) -> ApplicationError:
    return ApplicationError(
        Sentence(
            en=f"run {run} shares a list of items that is not the one read here; nothing was entered",
            ja=f"実行 {run} が分担している一覧と、ここで読んだ一覧が異なります。何も登録していません",
        ),
        fix=Sentence(
            en="all workers must read the same file; put it on a share, or leave out `spread`",
            ja="すべてのワーカーが同じファイルを読むよう、共有フォルダーに置くか、`spread` を外してください",
        ),
    )


def _now() -> datetime:
    return datetime.now(UTC)
