"""What the doctor looks at, and one line of what it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from bofbot.errors import BofbotError
from bofbot.settings import Settings
from bofbot.words import Sentence

State = Literal["ok", "warn", "missing"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor. `warn`: robots play, something is not as it should be; `missing`: some robots cannot play."""

    subject: Sentence
    state: State
    detail: Sentence
    fix: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Patient:
    """What is looked at: a project folder and its settings, and whether what is missing shall be installed."""

    folder: Path
    settings: Settings
    wrong_settings: BofbotError | None = None
    repair: bool = False
    say: Callable[[str], None] = field(default=lambda text: None)
