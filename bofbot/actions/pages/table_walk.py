"""Walking through a table on a page to its end: pages, buttons for more, rows that come while scrolling, order."""

from __future__ import annotations

from dataclasses import dataclass, field

from bofbot.actions.pages.seen_table import place_of
from bofbot.actions.pages.table_faults import (
    gap_while_scrolling,
    more_is_there,
    not_sorted,
    other_total,
    same_row_twice,
    too_many,
    unchanged,
    undecided_doubles,
)
from bofbot.actions.pages.table_looks import TableLooks
from bofbot.actions.pages.table_rows import Rows, Scrolled, grown, numbered, overlap_of, range_of
from bofbot.forms.tables import SeenTable, View

_TOLD = {"up": "ascending", "down": "descending"}


@dataclass
class Walk(TableLooks):
    """One reading of one table."""

    rows: Rows = field(default_factory=list)
    pages: int = 0
    doubles: int = 0
    """Rows that stood on two pages and count once."""
    _faces: set[object] = field(default_factory=set)
    _grows: bool = False
    """The button that was pressed puts further rows below those that are shown."""

    async def whole(self) -> SeenTable:
        """The rows that were asked for. Raises ApplicationError when the table is not there, when it cannot be told
        that all of it was read, or when the page's own total says otherwise."""
        view = await self.first()
        if self.wanted.sort:
            view = await self._sorted(view)
        if self.wanted.pages not in (None, 1):
            view = await self.steady()
        if self.wanted.pages == 1:
            self.rows = self.records(view)
        elif self.wanted.pages is None:
            await self._is_whole(view)
        else:
            view = await self._pages(view)
        self._bound()
        if self.wanted.sort and not self._stands_sorted(view, self.rows):
            raise not_sorted(*self.wanted.sort_as)
        return SeenTable(view.table.title, view.table.columns, tuple(self.rows))

    async def _pages(self, view: View) -> View:
        """Read on to the end, or as many pages as were asked for."""
        self.offset = min((at for at in view.indexes if at), default=2)
        while True:
            self._faces.add(view.face)
            self.pages += 1
            view = await self._read_page(view)
            self._bound()
            if view.more is None or not view.more.usable or self.pages == self.wanted.pages:
                break
            follower = await self._pressed(view)
            if follower is None:
                break
            view = follower
            self.context.progress(len(self.rows), max(self.totals(view) | {len(self.rows)}))
        if self.pages != self.wanted.pages:
            await self._agrees(view)
        return view

    # One page ------------------------------------------------------------------------------------------------------

    async def _read_page(self, view: View) -> View:
        if self._grows:
            self.rows = grown(self.rows, self.records(view))
        else:
            view = await self._scrolled(view)
        return view

    async def _scrolled(self, view: View) -> View:
        """All rows of one page: those that come, or are only drawn, while scrolling too."""
        if view.scrolls == "box" or (view.scrolls and any(view.indexes)):
            await view.scroll(to_top=True)
            view = await self.steady()
        seen = Scrolled(self.records(view), dict(numbered(view)))
        screens = 0.8
        while view.scrolls and not self._complete(seen, view):
            before = view
            await view.scroll(screens=screens)
            following = await self._after_scrolling(before)
            if following is None:
                break
            if seen.take(following, self.records(following)):
                screens, view = 0.8, following
            elif screens > 0.2:
                await following.scroll(screens=-screens)
                screens, view = screens / 2, await self.steady()
            else:
                raise gap_while_scrolling(len(seen.rows))
            if len(seen.rows) > self.wanted.at_most:
                raise too_many(self.wanted.at_most)
        self._append(seen.rows, view)
        return view

    def _complete(self, seen: Scrolled, view: View) -> bool:
        """Does the page itself say that these are all of this page?"""
        if reach := range_of(view):
            return len(seen.rows) == reach.to - reach.start + 1
        if view.more is not None and not any(view.indexes):
            return view.scrolls == "page" or (view.at_end and not view.loading)
        return len(self.rows) + len(seen.rows) in self.totals(view)

    async def _after_scrolling(self, before: View) -> View | None:
        """The view after a scroll; None when nothing comes any more at the end of all rows."""
        quiet = 2.5 if before.loading or before.scrolls == "box" else 1.0
        waiting = self.patient(quiet).begin()
        while True:
            view = await self.look()
            if view.face != before.face and not view.loading:
                return await self.steady()
            if not (view.at_end or view.loading or self.browser.busy()):
                return view
            if not await waiting.more():
                return None

    def _append(self, page: Rows, view: View) -> None:
        """Put the rows of a page behind those of the pages before; the same row on both counts once."""
        if self.wanted.key:
            self._append_keyed(page, view)
            return
        overlap = overlap_of(self.rows, page)
        totals = self.totals(view)
        if overlap and not range_of(view) and len(self.rows) + len(page) not in totals:
            last = view.more is None or not view.more.usable
            if not (last and len(self.rows) + len(page) - overlap in totals):
                raise undecided_doubles(page[0])
            self.doubles += overlap
            page = page[overlap:]
        self.rows.extend(page)

    def _append_keyed(self, page: Rows, view: View) -> None:
        at = place_of(view.table, self.wanted.key)
        known = {row[at]: row for row in self.rows}
        for row in page:
            twin = known.get(row[at])
            if twin is None:
                known[row[at]] = row
                self.rows.append(row)
            elif twin == row:
                self.doubles += 1
            else:
                raise same_row_twice(self.wanted.key, row[at])

    def _bound(self) -> None:
        if len(self.rows) > self.wanted.at_most:
            raise too_many(self.wanted.at_most)

    # From one page to the next -------------------------------------------------------------------------------------

    async def _pressed(self, view: View) -> View | None:
        """The next page; None when the page before was the last in spite of its button."""
        assert view.more is not None
        self._grows = view.more.kind == "load"
        await view.press_more()
        await self.browser.settle(self.context.timeout * 0.5)

        def moved(other: View) -> bool:
            return other.face != view.face and other.face not in self._faces

        follower = await self.when(moved)
        if follower is not None:
            return follower
        if len(self.rows) in self.totals(view):
            return None
        raise unchanged(view.more.words, len(self.rows))

    # The whole -----------------------------------------------------------------------------------------------------

    async def _is_whole(self, view: View) -> None:
        """One page was asked for, without a word on others: then it must be all there is."""
        waiting = self.patient().begin()
        while True:
            rows, totals = self.records(view), self.totals(view)
            reach = range_of(view)
            if totals and len(rows) not in totals:
                part = reach is not None and len(rows) == reach.to - reach.start + 1
                if part or not await waiting.more():
                    raise more_is_there(len(rows), max(totals))
            elif view.more is not None and view.more.usable and not totals:
                raise more_is_there(len(rows), 0, view.more.words)
            else:
                self.rows = rows
                return
            view = await self.look()

    async def _agrees(self, view: View) -> None:
        totals = self.totals(view)
        if totals and len(self.rows) not in totals:
            raise other_total(len(self.rows), max(totals))

    async def _sorted(self, view: View) -> View:
        """Press the heading until the rows stand as asked."""
        heading, way = self.wanted.sort_as
        at = place_of(view.table, heading)
        told = _TOLD[way]
        presses = 0
        while True:
            several = view.more is not None and view.more.usable
            said = view.sorted[at] if at < len(view.sorted) else ""
            sure = said == told or (not said and (presses > 0 or not several))
            if sure and self._stands_sorted(view, self.records(view)):
                return view
            if presses == 3:
                raise not_sorted(heading, way)
            before = view
            await view.press_heading(at)
            presses += 1
            await self.browser.settle(self.context.timeout * 0.5)
            view = await self.other_than(before) or await self.look()

    def _stands_sorted(self, view: View, rows: Rows) -> bool:
        """By the typed values; words may also stand in an order that only the page knows (by reading, say)."""
        heading, way = self.wanted.sort_as
        at = place_of(view.table, heading)
        told = at < len(view.sorted) and view.sorted[at] == _TOLD[way]
        by_words = self.wanted.columns[heading] in ("text", "code") and told
        return by_words or self.wanted.in_order([row[at] for row in rows])
