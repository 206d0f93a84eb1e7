"""Looking at one table on a page until it is there, stands still, or has become another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from bofbot.action import Context
from bofbot.actions.pages.on_page import patience
from bofbot.actions.pages.seen_table import TableWanted, pick_table
from bofbot.actions.pages.table_faults import changes_all_the_time
from bofbot.actions.pages.table_rows import Rows, range_of
from bofbot.adapters.browser import Browser
from bofbot.errors import ApplicationError
from bofbot.forms import Patience
from bofbot.forms.tables import View, survey

_STILL = 0.15
"""Seconds without a change after which rows that nothing is said about count as drawn."""


@dataclass
class TableLooks:
    """What is seen of the table that is wanted."""

    context: Context
    browser: Browser
    wanted: TableWanted
    offset: int = 2
    """The number that the page gives to its first row (aria-rowindex); headings are counted too."""

    async def look(self) -> View:
        found = await survey(self.browser.scope, tuple(self.wanted.columns))
        picked = pick_table(found, self.wanted.title, self.wanted.columns)
        assert isinstance(picked, View)
        return picked

    async def first(self) -> View:
        """The table, as soon as it is there and is not being filled."""
        waiting = self.patient().begin()
        while True:
            try:
                view = await self.look()
                if not view.loading:
                    return view
            except ApplicationError:
                if not await waiting.more():
                    raise
                continue
            if not await waiting.more():
                return view

    async def steady(self) -> View:
        """The table once two looks agree."""
        if view := await self.when(lambda _: True):
            return view
        raise changes_all_the_time()

    def patient(self, quiet: float = 2.5) -> Patience:
        usual = patience(self.context, self.browser)
        return Patience(longest=usual.longest, quiet=quiet, busy=usual.busy)

    async def when(self, holds: Callable[[View], bool]) -> View | None:
        """The table once it is as it should be and stands still; None when it does not become so."""
        clock = asyncio.get_running_loop().time
        waiting = self.patient().begin()
        last: View | None = None
        since = 0.0
        while True:
            try:
                view = await self.look()
            except ApplicationError:
                if not await waiting.more():
                    raise
                continue  # the page is drawing it anew
            if last is None or last.face != view.face:
                last, since = view, clock()
            if holds(view) and not view.loading and not self.browser.busy():
                reach = range_of(view)
                said = reach is not None and len(self.records(view)) == reach.to - reach.start + 1
                if said or clock() - since >= _STILL:
                    return view
            if not await waiting.more():
                return None

    async def other_than(self, before: View) -> View | None:
        return await self.when(lambda view: view.face != before.face)

    def records(self, view: View) -> Rows:
        """Rows of data, up to the one where reading is to stop."""
        rows: Rows = []
        for row in view.table.rows:
            if self.wanted.ends_before(row):
                break
            if any(row):
                rows.append(row)
        return rows

    def totals(self, view: View) -> set[int]:
        totals = {one.total for one in view.stated}
        if view.count and any(view.indexes):
            totals.add(view.count - self.offset + 1)
        return totals
