"""The runs of the past as commands need them: found by number, or the last one."""

from __future__ import annotations

from bofbot.errors import UsageError
from bofbot.office import Office
from bofbot.store import RunRow
from bofbot.words import Sentence


def past_run(office: Office, word: str) -> RunRow:
    """The run with this number (or a beginning of it); `last` is the newest. Raises UsageError when there is none."""
    journal = office.store.journal
    found = next(iter(journal.runs(limit=1)), None) if word == "last" else journal.run(word)
    if found is not None:
        return found
    if word == "last":
        raise UsageError(Sentence(en="nothing was played here yet", ja="まだ実行がありません"))
    raise UsageError(
        Sentence(en=f"there is no run {word}", ja=f"実行 {word} はありません"),
        fix=Sentence(
            en="`bofbot list --runs` shows the runs", ja="`bofbot list --runs` で実行の一覧を表示できます"
        ),
    )
