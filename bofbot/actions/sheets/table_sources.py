"""What a run remembers of the files its rows came from, so that writing back finds them as they were read."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Self

from bofbot.action import Context, Resource
from bofbot.adapters.tables import Wanted
from bofbot.errors import Cell


class Sources(Resource):
    """How the files of a run were read, and what was written back into their rows since."""

    def __init__(self) -> None:
        self._read_as: dict[tuple[str, str], Wanted] = {}
        self._written: dict[Cell, dict[str, Any]] = {}
        self.writing = asyncio.Lock()
        """Held while a file is written back into."""

    @classmethod
    async def open(cls, context: Context) -> Self:
        return cls()

    async def close(self) -> None:
        pass

    def remember_read(self, source: Cell, wanted: Wanted) -> None:
        self._read_as[source.file, source.sheet] = wanted
        self._written = {
            cell: values
            for cell, values in self._written.items()
            if (cell.file, cell.sheet) != (source.file, source.sheet)
        }

    def remember_written(self, source: Cell, values: Mapping[str, Any]) -> None:
        self._written.setdefault(source, {}).update(values)

    def read_as(self, source: Cell) -> Wanted | None:
        return self._read_as.get((source.file, source.sheet))

    def written(self, source: Cell) -> Mapping[str, Any]:
        return self._written.get(source, {})
