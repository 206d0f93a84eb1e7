"""What earlier good runs know of pages: the ports between a step, its run, and what keeps it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit


class Memory(Protocol):
    """What earlier good runs saw of the fields and buttons of a robot's pages, as the step at work may know it.

    Signals are plain JSON values (docs/drift.md): never what was typed. `page` is an address; only its pattern counts."""

    @property
    def strict(self) -> bool:
        """Say what changed, never act on it (`drift: stop`)."""

    @property
    def robot(self) -> str:
        """The file of the robot that is played, for commands."""

    def known(self, label: str, page: str) -> Mapping[str, Any] | None:
        """What identified `label` there: {"signals", "trust", "age"}; None when nothing is known."""

    def others(self, page: str) -> tuple[str, ...]:
        """The labels of the robot that are known on this page."""

    def seen(self, label: str, page: str, signals: Mapping[str, Any] | None) -> None:
        """What identifies it now (None: all as known); kept once the item or the run has gone well."""

    def follows(self, label: str, page: str) -> str:
        """The words under which this run has found it again; "" when it needed none."""

    def followed(self, label: str, page: str, words: str) -> None:
        """This run has found it again under these words."""

    def first(self, *what: str) -> bool:
        """True once in a run for each `what`: a drift is told once."""


class Learnt(NamedTuple):
    """What a fingerprint belongs to: a label of a step (by the robot's file or a part's), on a page."""

    file: str
    step: str
    label: str
    page: str


class Learning(Protocol):
    """What was learned about a robot's pages in earlier good runs, and what this run adds."""

    def known(self, key: Learnt) -> Mapping[str, Any] | None: ...

    def labels(self, page: str) -> tuple[str, ...]: ...

    def seen(self, key: Learnt, item: str, signals: Mapping[str, Any] | None) -> None:
        """Kept when `item` ("" outside of loops) has gone well."""


@lru_cache(maxsize=64)  # each field of a form asks for that of its page, several times
def page_pattern(url: str) -> str:
    """An address without what differs from record to record: `https://x.example/claims/*/edit`.

    Port, query and fragment are left out (unless the fragment is the path of a page, as in `#/claims`)."""
    parts = urlsplit(url)
    path = parts.path + (f"#{parts.fragment.split('?')[0]}" if parts.fragment.startswith("/") else "")
    folded = "/".join(_VARIES.sub("*", part) for part in path.split("/"))
    return f"{parts.scheme}://{parts.hostname or ''}{folded}"


_VARIES = re.compile(r"^(?=.*\d).{3,}$|^\d+$|^.{33,}$|^.*%.*$")
"""Parts of a path that name a record: with digits, very long, or of other letters than ASCII."""
