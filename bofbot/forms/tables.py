"""Tables that stand on a page: their rows, and what stands around them and says how much more there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bofbot.forms.frames import Answer, frames_of
from bofbot.forms.reader import ask, ask_keeping


@dataclass(frozen=True, slots=True)
class SeenTable:
    """A table as it stands on a page: its caption or the heading above it, column headings, rows of text."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Stated:
    """What a page says about its number of rows: 全123件, or 1–20 of 123. `to` is 0 where no range is said."""

    total: int
    start: int = 0
    to: int = 0


@dataclass(frozen=True, slots=True)
class More:
    """A button or link that brings further rows: the next page, or more of them below."""

    kind: Literal["next", "load"]
    words: str
    usable: bool
    number: int
    """The number of the page that is shown; 0 when the page does not say."""


@dataclass(frozen=True, slots=True)
class View:
    """A table as it is shown at one moment."""

    table: SeenTable
    more: More | None
    stated: tuple[Stated, ...]
    scrolls: Literal["", "box", "page"]
    at_end: bool
    """Nothing is left to scroll to, as far as the page has laid it out."""
    loading: bool
    indexes: tuple[int, ...]
    """The number of each row within the whole, where the page says it (aria-rowindex); else 0."""
    count: int
    """How many rows the whole has, headings included (aria-rowcount); 0 when the page does not say."""
    sorted: tuple[str, ...]
    """What each heading says of the order (aria-sort)."""
    answer: Answer
    number: int

    @property
    def face(self) -> tuple[Any, ...]:
        """What tells this view from another one of the same table."""
        page = self.more.number if self.more else 0
        return (self.table.rows, self.indexes, self.stated, page, self.sorted)

    async def press_more(self) -> None:
        """Bring further rows."""
        await self._press("more")

    async def press_heading(self, column: int) -> None:
        """Press the heading of a column, as people do to sort."""
        await self._press(f"head{self.number}_{column}")

    async def _press(self, name: str) -> None:
        element = await self.answer.element(f"more{self.number}" if name == "more" else name)
        if element is not None:
            await element.click()

    async def scroll(self, *, to_top: bool = False, screens: float = 0.8) -> None:
        """Show the rows below (or the first ones), as far as most of what is shown now stays on the screen."""
        box = await self.answer.element(f"box{self.number}")
        if box is not None:
            await box.evaluate(_SCROLL, [to_top, screens])


_SCROLL = """(box, [toTop, screens]) => {
  box.scrollTop = toTop ? 0 : box.scrollTop + box.clientHeight * screens;
  return new Promise((done) => { requestAnimationFrame(() => setTimeout(done)); setTimeout(done, 100); });
}"""


async def seen_tables(page: Any) -> list[SeenTable]:
    """Every visible table of all frames."""
    tables = [table for frame in frames_of(page) for table in await ask(frame, "tables", None)]
    return [_table(one) for one in tables]


async def survey(page: Any, columns: Sequence[str]) -> list[SeenTable | View]:
    """Every visible table, grid, and list of all frames; as a View where it has all of these columns."""
    found: list[SeenTable | View] = []
    for frame in frames_of(page):
        kept, plain = await ask_keeping(frame, "survey", list(columns))
        answer = Answer(frame, plain, kept)
        found.extend(_view(one, answer, number) for number, one in enumerate(plain["tables"]))
    return found


def _table(plain: dict[str, Any]) -> SeenTable:
    return SeenTable(plain["title"], tuple(plain["columns"]), tuple(map(tuple, plain["rows"])))


def _view(plain: dict[str, Any], answer: Answer, number: int) -> SeenTable | View:
    table = _table(plain)
    if "stated" not in plain:
        return table
    stated = (Stated(one["total"], one.get("from", 0), one.get("to", 0)) for one in plain["stated"])
    return View(
        table=table,
        more=More(**plain["more"]) if plain["more"] else None,
        stated=tuple(stated),
        scrolls=plain["scroll"]["kind"],
        at_end=plain["scroll"]["end"],
        loading=plain["loading"],
        indexes=tuple(plain["indexes"]),
        count=plain["count"],
        sorted=tuple(plain["sorted"]),
        answer=answer,
        number=number,
    )
