"""Stretches of rows of one table, seen one after the other, joined into one: by their numbers, or by what they share."""

from __future__ import annotations

from dataclasses import dataclass

from bofbot.forms.tables import Stated, View

Rows = list[tuple[str, ...]]


@dataclass
class Scrolled:
    """The rows of one page that is scrolled: by their numbers where the page says them, else by what they share."""

    rows: Rows
    numbered: dict[int, tuple[str, ...]]

    def take(self, view: View, shown: Rows) -> bool:
        """Add what a further view shows; false when it does not join what was seen before."""
        if self.numbered:
            fresh = dict(numbered(view))
            joins = not fresh or min(fresh) <= max(self.numbered) + 1
            if joins:
                self.numbered.update(fresh)
                self.rows = [row for _, row in sorted(self.numbered.items())]
            return joins
        if shown and not self.rows:
            self.rows = shown
            return True
        whole = grown(self.rows, shown)
        joined = len(whole) < len(self.rows) + len(shown) or not shown
        if joined:
            self.rows = whole
        return joined


def numbered(view: View) -> list[tuple[int, tuple[str, ...]]]:
    if not view.indexes or not all(view.indexes):
        return []
    return [(at, row) for at, row in zip(view.indexes, view.table.rows, strict=True) if any(row)]


def grown(before: Rows, shown: Rows) -> Rows:
    """What was seen and what is seen now, joined where they overlap."""
    if shown[: len(before)] == before:
        return shown
    overlap = overlap_of(before, shown)
    if not overlap:
        inside = next(
            (at for at in range(len(before) - len(shown) + 1) if before[at : at + len(shown)] == shown), None
        )
        if inside is not None:
            return before
    return before + shown[overlap:]


def overlap_of(before: Rows, after: Rows) -> int:
    """How many rows at the end of one stretch stand at the beginning of the other."""
    longest = min(len(before), len(after))
    return next((many for many in range(longest, 0, -1) if before[-many:] == after[:many]), 0)


def range_of(view: View) -> Stated | None:
    """What the page says of the part that it shows: 11–20 of 123."""
    return next((one for one in view.stated if one.to), None)
