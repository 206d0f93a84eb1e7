"""The office of the project we stand in, as a command needs it."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bofbot.cli.options import SETTINGS, project_folder, seconds
from bofbot.settings import Settings

if TYPE_CHECKING:  # who only asks for the settings needs nothing of it
    from bofbot.office import Office


def office_for(options: argparse.Namespace, folder: Path | None = None) -> Office:
    """The office, with what the options say about browser, pictures and language. From here on `options.language` is the language
    that the settings ask for, unless the command line asked for another."""
    from bofbot.office import Office

    folder = folder or project_folder()
    settings = settings_for(folder, options)
    office = Office.at(folder, settings=settings, language=options.language)
    office.attended = not getattr(options, "no_input", False)
    options.language = office.language
    return office


def settings_of(folder: Path) -> Settings:
    """What the office of a folder has set. Raises InvalidRobot when it is wrong."""
    from bofbot.language.settings import load_settings

    file = folder / SETTINGS
    return load_settings(file if file.exists() else None)


def settings_for(folder: Path, options: argparse.Namespace) -> Settings:
    """The same, with what the options say. Raises NotReady too, where there is no screen to show a browser on."""
    settings = settings_of(folder)
    browser: dict[str, Any] = {}
    if getattr(options, "headed", False):
        from bofbot.adapters.browser.visible import demand_screen

        demand_screen(os.environ)
        browser["headed"] = True
    if getattr(options, "slow_mo", None):
        browser["slow_mo"] = seconds(options.slow_mo)
    changes: dict[str, Any] = {"browser": settings.browser.model_copy(update=browser)} if browser else {}
    if getattr(options, "record", False):
        changes["record"] = "always"
    if getattr(options, "store", None):
        changes["store"] = options.store
    if options.language_asked:
        changes["language"] = options.language
    return settings.model_copy(update=changes)
