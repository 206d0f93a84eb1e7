"""Compiled templates, kept beside them as Python keeps its own modules: compiling costs more than writing a page."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any


def beside(templates: Path) -> Any:
    """Jinja's cache of bytecode in `__pycache__` of the templates' folder; where that cannot be written, nothing is kept.

    What is kept belongs to the text, the version of Jinja and that of Python; it is as trustworthy as the package itself."""
    from jinja2.bccache import Bucket, BytecodeCache

    folder = templates / "__pycache__"

    class Beside(BytecodeCache):
        def load_bytecode(self, bucket: Bucket) -> None:
            try:
                with (folder / f"{bucket.key}.jinja").open("rb") as file:
                    bucket.load_bytecode(file)
            except OSError:
                pass

        def dump_bytecode(self, bucket: Bucket) -> None:
            own = folder / f"{bucket.key}.{os.getpid()}"
            try:
                folder.mkdir(exist_ok=True)
                with own.open("wb") as file:
                    bucket.write_bytecode(file)
                own.replace(folder / f"{bucket.key}.jinja")
            except OSError:
                with suppress(OSError):
                    own.unlink()

    return Beside()
