"""Every check of `bofbot doctor` by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bofbot.cli.commands import checkup_machine as machine
from bofbot.cli.commands import checkup_project as project
from bofbot.cli.commands.finding import Finding, Patient

CHECKS: dict[str, Callable[[Patient], Iterator[Finding]]] = {
    "python": machine.python,
    "packages": machine.packages,
    "browser": machine.browser,
    "display": machine.display,
    "desktop": machine.desktop,
    "keyring": machine.vault,
    "disk": machine.disk,
    "settings": project.settings,
    "store": project.store,
    "secrets": project.secrets,
    "clock": machine.clock,
}
"""Every check by its name, in the order of the doctor's lines."""
