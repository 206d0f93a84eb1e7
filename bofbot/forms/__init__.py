"""Forms: which control a label means, filling it, reading it back, and saying why it cannot be done.

Pure of robots and YAML: any page of Playwright's async API will do. Playwright itself is not imported here."""

from __future__ import annotations

from bofbot.forms.explain import Explanation, explain
from bofbot.forms.fill import Filled, fill
from bofbot.forms.patience import Patience
from bofbot.forms.press import click_button, click_found, find_button
from bofbot.forms.resolve import Resolution, resolve

__all__ = [
    "Explanation",
    "Filled",
    "Patience",
    "Resolution",
    "click_button",
    "click_found",
    "explain",
    "fill",
    "find_button",
    "resolve",
]
