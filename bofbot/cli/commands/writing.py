"""Files that `init` and `new` put into a project: written whole, and never over what is there already."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from bofbot.cli.screen import say
from bofbot.files import atomic_write
from bofbot.words import Language, Sentence


def template(name: str) -> str:
    """The text of a file in `templates/`."""
    return (files("bofbot.cli") / "templates" / name).read_text(encoding="utf-8")


def write_new(path: Path, text: str, language: Language, *, shown: Path | None = None) -> bool:
    """Write the file unless it exists; says which. True when it was written."""
    name = shown or path
    if path.exists():
        say(
            Sentence(en=f"  kept   {name} (it was there)", ja=f"  既存   {name}（変更していません）"),
            language,
        )
        return False
    atomic_write(path, text)
    say(Sentence(en=f"  wrote  {name}", ja=f"  作成   {name}"), language)
    return True
