"""Where lines go: the result of a command to stdout, what is said on the way to stderr."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Collection, Sequence
from typing import Any

from bofbot.values.text import width
from bofbot.words import Language, Sentence


def put(text: str) -> None:
    """One line (or several) of the result."""
    sys.stdout.write(text + "\n")


def put_json(value: Any) -> None:
    """The result as one JSON object, Japanese letters left readable."""
    put(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def say(sentence: Sentence, language: Language) -> None:
    """One line on the way."""
    sys.stderr.write(sentence.said_in(language) + "\n")
    sys.stderr.flush()


def open_in_browser(address: str, language: Language) -> None:
    """Show an address in the person's own browser; where there is none, or no screen, say where to look."""
    import webbrowser

    if not _has_screen() or not webbrowser.open(address):
        say(
            Sentence(
                en=f"no browser could be opened here; open it yourself: {address}",
                ja=f"ブラウザーを開けませんでした。次のアドレスを開いてください：{address}",
            ),
            language,
        )


def _has_screen() -> bool:
    """On a server `webbrowser` would find a text browser, and hang in it."""
    named = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    return not sys.platform.startswith("linux") or any(os.environ.get(name) for name in named)


def columns(rows: Sequence[Sequence[str]], gap: str = "  ", right: Collection[int] = ()) -> list[str]:
    """Rows as lines, each column as wide as its widest cell, Japanese letters counted as two. `right`: columns of figures,
    which end at one edge."""
    if not rows:
        return []
    widths = [max(width(row[i]) for row in rows) for i in range(len(rows[0]))]

    def padded(at: int, cell: str) -> str:
        blanks = " " * (widths[at] - width(cell))
        return blanks + cell if at in right else cell + blanks

    return [gap.join(padded(at, cell) for at, cell in enumerate(row)).rstrip() for row in rows]
