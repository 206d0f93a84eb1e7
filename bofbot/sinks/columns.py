"""Text on a terminal: cells as wide as they look, and nothing in them that steers the terminal."""

from __future__ import annotations

import re
import unicodedata

from bofbot.values.text import character_width, width


def tame(text: str) -> str:
    """One line without control characters: a page title may hold escape codes, or turn the reading direction round."""
    return text if text.isprintable() else "".join(_tamed(character) for character in text)


def visible(text: str) -> str:
    """For a page: without characters that a browser would not show, or that turn the reading direction round."""
    return _UNSEEN.sub("�", text)


_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def pad(text: str, columns: int) -> str:
    """Filled up with spaces; a longer text stays whole."""
    return text + " " * (columns - width(text))


def clip(text: str, columns: int) -> str:
    """Cut to so many columns, the cut shown by …"""
    if width(text) <= columns:
        return text
    kept, used = [], 0
    for character in text:
        used += character_width(character)
        if used > columns - 1:
            break
        kept.append(character)
    return "".join(kept) + "…" * (columns > 0)


def cell(text: str, columns: int) -> str:
    """Exactly so many columns."""
    return pad(clip(text, columns), columns)


def bar(done: int, total: int, columns: int) -> str:
    """A progress bar of so many columns."""
    filled = 0 if total <= 0 else min(columns, columns * done // total)
    return "━" * filled + "─" * (columns - filled)


def _tamed(character: str) -> str:
    if character in "\t\r\n\v\f\u2028\u2029":
        return " "
    # Cc are control characters, Cf turns direction or hides; joiners and variation selectors inside names stay.
    if unicodedata.category(character) in ("Cc", "Cf", "Cs") and character not in "\u200c\u200d":
        return "�" if character in "\x1b\x9b" else ""
    return character
