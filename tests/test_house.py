"""The house as docs/house.md draws it: import rules, one library one door, lengths, names, docstrings."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HOUSE = ROOT / "bofbot"

EVERYWHERE = {"pydantic", "pydantic_core"}
"""The language the contracts themselves are written in."""

_THEIRS = {"psycopg", "sqlalchemy", "pydantic_core", "markupsafe", "PIL", "Xlib", "pyperclip"}
"""Come with dbos, pydantic, jinja2 and pyautogui, in the version that fits."""

_CALLED = {"pyyaml": "yaml", "ruamel.yaml": "ruamel", "opentelemetry_sdk": "opentelemetry"}
"""Packages whose module has another name."""

DOORS: dict[str, str | tuple[str, ...]] = {
    "PIL": "bofbot.adapters.screen",  # comes with pyautogui
    "Xlib": "bofbot.adapters.screen.x11",  # comes with pyautogui
    "apprise": "bofbot.adapters.notices",
    "dbos": "bofbot.engine.queue",
    "fsspec": "bofbot.adapters.shelf",
    "highspy": "bofbot.reconcile.choice.solving",
    "holidays": "bofbot.values.business_days",
    "jinja2": ("bofbot.sinks.report", "bofbot.sinks.compiled"),
    "keyring": "bofbot.adapters.credentials.keyring_vault",
    "loguru": "bofbot.sinks.log",
    "lxml": "bofbot.statements.markup",
    "markupsafe": "bofbot.sinks.report",  # comes with jinja2
    "numpy": ("bofbot.reconcile", "bofbot.adapters.screen"),  # arrays are how these rooms speak
    "openpyxl": "bofbot.adapters.workbooks.books",
    "opentelemetry": "bofbot.sinks.telemetry",
    "playwright": "bofbot.adapters.browser",
    "psycopg": "bofbot.store.postgres",  # comes with dbos
    "pyautogui": "bofbot.adapters.screen.hands",
    "pyperclip": "bofbot.adapters.screen.hands",  # comes with pyautogui
    "pyotp": "bofbot.adapters.credentials.totp",
    "pypdfium2": "bofbot.statements.pdf",
    "pyrage": "bofbot.adapters.credentials.age_vault",
    "python_calamine": "bofbot.adapters.workbooks.sheets",
    "rapidfuzz": "bofbot.reconcile.evidence.names",
    "rapidocr": "bofbot.statements.ocr",
    "reportlab": "bofbot.practice.pdf",
    "ruamel": "bofbot.adapters.yaml_edit",
    "schedule": "bofbot.schedule.metronome",
    "sqlalchemy": "bofbot.engine.queue",  # comes with dbos
    "starlette": "bofbot.practice",  # the portal is a Starlette site
    "uvicorn": "bofbot.practice.wire",
    "xlsxwriter": ("bofbot.adapters.workbooks.reportbook", "bofbot.practice.workbooks"),
    "yaml": "bofbot.language.yaml_text",
}
"""Each outside library and the one module (or room) that may import it; the practice company makes its own papers."""

HEAVY = {
    "playwright",
    "openpyxl",
    "python_calamine",
    "numpy",
    "lxml",
    "highspy",
    "keyring",
    "apprise",
    "jinja2",
    "pypdfium2",
    "loguru",
    "starlette",
    "dbos",
    "sqlalchemy",
    "opentelemetry",
    "fsspec",
}
"""Imported when first used, never when a module is imported."""

LONG_FILES: dict[str, str] = {}
LONG_FUNCTIONS = {}
"""Name → the reason why it is better left whole. (`arguments` of a command is a plain list of options, however long.)"""

BARE_WORDS = {
    "utils",
    "util",
    "helpers",
    "helper",
    "manager",
    "common",
    "misc",
    "core",
    "base",
    "handlers",
    "handler",
}


@cache
def modules() -> dict[str, tuple[Path, ast.Module]]:
    """Every module of bofbot by its name, parsed."""
    found = {}
    for path in sorted(HOUSE.rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        found[name] = (path, ast.parse(path.read_text(encoding="utf-8")))
    return found


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def outside_libraries() -> dict[str, set[str]]:
    """Library → the modules of bofbot that import it."""
    importers: dict[str, set[str]] = defaultdict(set)
    for name, (_, tree) in modules().items():
        for library in imported(tree):
            if library != "bofbot" and library not in sys.stdlib_module_names:
                importers[library].add(name)
    return importers


def test_rooms_import_downwards_only() -> None:
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command as run; run()",
        "--no-cache",
        "--no-logo",
    ]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert told.returncode == 0, told.stdout + told.stderr


def test_one_library_has_one_door() -> None:
    importers = outside_libraries()
    strangers = {
        library: sorted(by)
        for library, by in importers.items()
        if library not in DOORS and library not in EVERYWHERE
    }
    assert not strangers, "a new library: give it one module, and a line in DOORS"
    astray = {
        library: sorted(name for name in importers.get(library, ()) if not _at(name, door))
        for library, door in DOORS.items()
    }
    assert not {library: by for library, by in astray.items() if by}
    unused = sorted(set(DOORS) - set(importers))
    assert not unused, f"no longer imported: {unused}"


def _at(name: str, door: str | tuple[str, ...]) -> bool:
    doors = (door,) if isinstance(door, str) else door
    return any(name == one or name.startswith(one + ".") for one in doors)


def test_every_library_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = [
        *project["dependencies"],
        *(line for extra in project["optional-dependencies"].values() for line in extra),
    ]
    names = {re.split(r"[\s<>=\[;]", line)[0].replace("-", "_").lower() for line in declared}
    names |= {_CALLED.get(name, name) for name in names} | _THEIRS
    assert not set(outside_libraries()) - names


def test_heavy_libraries_are_imported_when_first_used() -> None:
    itself_late = (
        "bofbot.practice",
        "bofbot.reconcile",
        "bofbot.engine",
    )  # whole rooms that are imported when first used
    everything = [
        name for name in modules() if not name.startswith(itself_late) and not name.endswith("__main__")
    ]
    program = f"import importlib, sys\nfor name in {everything!r}: importlib.import_module(name)\nprint(*sys.modules)"
    plain = {key: value for key, value in os.environ.items() if not key.startswith("COVERAGE")}
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=120, env=plain
    )
    assert told.returncode == 0, told.stderr
    loaded = {name.split(".")[0] for name in told.stdout.split()}
    assert sorted(HEAVY & loaded) == []


def test_files_and_functions_stay_short() -> None:
    files, functions = {}, {}
    for name, (path, tree) in modules().items():
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > 350:
            files[name] = lines
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                size = (node.end_lineno or 0) - node.lineno + 1
                options = node.name == "arguments" and name.startswith("bofbot.cli.")
                if size > 60 and not options:
                    functions[f"{name}.{node.name}"] = size
    assert not {name: size for name, size in files.items() if name not in LONG_FILES}
    assert not {name: size for name, size in functions.items() if name not in LONG_FUNCTIONS}


def test_names_say_what_a_thing_is() -> None:
    assert not [name for name in modules() if BARE_WORDS & set(re.split(r"[._]", name))]


def test_every_module_says_what_it_is_for() -> None:
    assert not [
        name
        for name, (path, tree) in modules().items()
        if path.stat().st_size and not ast.get_docstring(tree)
    ]


def test_every_module_is_tested_in_a_file_of_its_own_room() -> None:
    rooms = {path.relative_to(HOUSE).parts[0] for path in HOUSE.rglob("*.py") if path.parent != HOUSE}
    untested = [room for room in sorted(rooms) if not list((ROOT / "tests" / room).glob("**/test_*.py"))]
    assert not untested


@pytest.mark.parametrize(
    "door",
    re.findall(
        r"`((?:language|values|adapters|forms|reconcile|statements|sinks|practice|cli)(?:\.\w+)+)",
        (ROOT / "docs" / "house.md").read_text(encoding="utf-8"),
    ),
)
def test_the_doors_that_the_house_names_are_there(door: str) -> None:
    path, _, name = f"bofbot.{door}".rpartition(".")
    try:
        module = import_module(path)
    except ModuleNotFoundError:
        pytest.fail(f"docs/house.md names {door}, and there is no {path}")
    assert hasattr(module, name) or f"{path}.{name}" in modules()


def test_nothing_committed_names_this_machine() -> None:
    told = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if told.returncode:
        pytest.skip("no git here: the files of the project are not known")
    home = re.compile("/(?:work|root|tmp/[a-z]+)/")
    places = []
    for name in filter(None, told.stdout.split("\0")):
        path = ROOT / name
        if path.suffix in (".py", ".md", ".toml", ".yaml", ".yml", ".lock", "") and path.is_file():
            text = path.read_text(encoding="utf-8", errors="ignore")
            places += [f"{name}: {found.group()}" for found in home.finditer(text)]
    assert not places
