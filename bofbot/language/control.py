"""Control totals as written: every one but `count` names a column of the loop's rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bofbot.language.findings import did_you_mean
from bofbot.robot import ForEach
from bofbot.values.text import find_name
from bofbot.words import Sentence


def misnamed_columns(
    loop: ForEach, columns: Iterable[str] | None
) -> Iterator[tuple[Sentence, Sentence | None]]:
    """What is wrong with the names of `control`, and what was meant; nothing while the columns are not known (None)."""
    if columns is None:
        return
    known = tuple(columns)
    for name in loop.control:
        if name == "count" or find_name(name, known):
            continue
        message = Sentence(
            en=f"`control` adds up a column that is not there: {name}",
            ja=f"`control` で合計する列「{name}」は表にありません",
        )
        if name in ("件数", "行数", "rows"):
            yield message, Sentence(en="the number of items is `count`", ja="件数は `count` と書いてください")
        else:
            yield message, did_you_mean(name, [*known, "count"], listed="columns", listed_ja="列")
