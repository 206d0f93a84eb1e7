"""What a person did, as it was seen: the pages opened, the fields filled, the buttons pressed, and what came of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Deed:
    """One thing a person did.

    `kind`: open · fill · select · choose · check_box · upload · secret · press (a button or link) · key."""

    kind: str
    url: str
    """Of the page where it was done; of the page that was opened, for `open`."""
    title: str = ""
    label: str = ""
    """Words that are proven to find the control again; "" when none do."""
    value: Any = ""
    name: str = ""
    """What the page's author calls the control, or what a button shows: only for notes."""
    posts: bool = False
    """It sent a request that may change something."""
    with_secret: bool = False
    """The button of a form with a password."""
    link: bool = False
    moved: bool = False
    """Another page came of it."""
    download: str = ""
    """The name of the file that came of it."""
    dialog: str = ""
    before: frozenset[str] = frozenset()
    """What could be read before."""
    messages: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    receipts: tuple[str, ...] = ()

    def appeared(self, texts: tuple[str, ...]) -> list[str]:
        """Of these texts, those that could not be read before."""
        return [text for text in texts if text and not any(text in old for old in self.before)]


@dataclass(slots=True)
class Story:
    """All of it, in order."""

    deeds: list[Deed] = field(default_factory=list)
    hosts: dict[str, None] = field(default_factory=dict)
    """Every host that was asked for something, in order."""

    def last_act(self) -> Deed | None:
        """The deed that whatever happens now came of."""
        return next((deed for deed in reversed(self.deeds) if deed.kind in ("press", "key", "open")), None)
