"""configs/bofbot.yaml → Settings, by the same strict loader as robots; then BOFBOT_… variables lie over it.

`BOFBOT_LOGS`, `BOFBOT_STORE`, `BOFBOT_STEP_TIMEOUT`, `BOFBOT_RUN_TIMEOUT`, `BOFBOT_COMPANY_DAYS`, `BOFBOT_RECORD`, `BOFBOT_EVIDENCE` and one
`BOFBOT_BROWSER_…` for each setting of the browser (`OVERRIDES` lists them all; several values are parted by commas). Durations carry their unit: `step_timeout: 30s`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping as AnyMapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from bofbot.errors import InvalidRobot, Place
from bofbot.files import why_refused
from bofbot.language.findings import Findings, Source, did_you_mean
from bofbot.language.misfits import node_at, tell_unit
from bofbot.language.page import Page
from bofbot.language.yaml_text import Mapping, Node, Scalar, Unreadable, read_tree
from bofbot.settings import BrowserSettings, Settings
from bofbot.values.misfits import reason_of
from bofbot.values.units import read_duration
from bofbot.words import Sentence

_DURATIONS = {
    ("step_timeout",),
    ("run_timeout",),
    ("browser", "slow_mo"),
    ("keep", "evidence"),
    ("keep", "history"),
}
_LISTS = {
    ("browser", name)
    for name, field in BrowserSettings.model_fields.items()
    if isinstance(field.default, tuple)
}
_SCALARS = (
    "logs",
    "store",
    "journal_key",
    "drift",
    "step_timeout",
    "run_timeout",
    "company_days",
    "record",
    "evidence",
)

OVERRIDES: dict[str, tuple[str, ...]] = {
    **{f"BOFBOT_{name.upper()}": (name,) for name in _SCALARS},
    **{f"BOFBOT_BROWSER_{name.upper()}": ("browser", name) for name in BrowserSettings.model_fields},
}
"""Environment variable → the setting it lies over."""


class InvalidSettings(InvalidRobot):
    """configs/bofbot.yaml or a BOFBOT_… variable is wrong; carries diagnostics."""


def load_settings(path: Path | str | None = None, environ: AnyMapping[str, str] = os.environ) -> Settings:
    """The settings of an office; without a file, the defaults and the environment. Raises InvalidSettings."""
    findings = Findings()
    tree, page = _read(str(path), findings) if path is not None else (None, None)
    values = _plain(page, tree, ()) if page and isinstance(tree, Mapping) else {}
    for variable, setting in OVERRIDES.items():
        if environ.get(variable):
            _lay_over(values, variable, setting, environ[variable], findings)
    settings = Settings()
    try:
        if not findings.errors:
            settings = Settings.model_validate(values)
    except ValidationError as error:
        _tell(page, tree, error, findings, environ)
    if findings.errors:
        raise InvalidSettings(findings.sorted())
    return settings


def _read(file: str, findings: Findings) -> tuple[Node | None, Page]:
    source = Source(file, "")
    try:
        source = Source(file, Path(file).read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        why = why_refused(error)
        message = Sentence(en=f"{file} cannot be read: {why.en}", ja=f"{file} を読めません（{why.ja}）")
        findings.add(source, "E101", message, Place(file, 1, 1))
    page = Page(source, findings)
    try:
        tree = read_tree(source, findings)
    except Unreadable:
        return None, page
    if tree is not None:
        page.mapping(tree, Sentence(en="configs/bofbot.yaml", ja="configs/bofbot.yaml "))
    return tree, page


def _plain(page: Page, node: Node, path: tuple[str, ...]) -> Any:
    """Plain values; `${NAME}` in a channel's address stays for the notifier, nothing is computed here."""
    if isinstance(node, Scalar):
        if path in _DURATIONS:
            return _seconds(page, node)
        if node.text is None:
            page.fault("E118", Sentence(en="there is no value here", ja="値がありません"), node)
        return node.text
    if isinstance(node, Mapping):
        return {key: _plain(page, value, (*path, key)) for key, value in node.items()}
    return [_plain(page, item, path) for item in node.items]


def _seconds(page: Page, node: Scalar) -> float | None:
    try:
        return read_duration(node.text or "")
    except ValueError:
        tell_unit(page, node)
        return None


def _lay_over(values: Any, variable: str, setting: tuple[str, ...], text: str, findings: Findings) -> None:
    value: Any = text
    if setting in _DURATIONS:
        try:
            value = read_duration(text)
        except ValueError:
            message = Sentence(
                en=f'{variable}: a duration needs its unit: "{text}"',
                ja=f"{variable}：時間には単位が必要です（「{text}」）",
            )
            fix = Sentence(en=f"write {text}s or {text}m", ja=f"{text}s、{text}m のように書いてください")
            findings.add(Source(variable, text), "E117", message, Place(variable, 1, 1), len(text), fix=fix)
            return
    if setting in _LISTS:
        value = [part.strip() for part in text.split(",") if part.strip()]
    inner = values
    for key in setting[:-1]:
        inner = inner.setdefault(key, {})
    if isinstance(inner, dict):
        inner[setting[-1]] = value


def _tell(
    page: Page | None,
    tree: Node | None,
    error: ValidationError,
    findings: Findings,
    environ: AnyMapping[str, str],
) -> None:
    for one in error.errors(include_url=False):
        loc = tuple(str(part) for part in one["loc"])
        variable = next(
            (name for name, setting in OVERRIDES.items() if setting == loc and environ.get(name)), None
        )
        known = _known_at(Settings, loc[:-1])
        reason = reason_of(dict(one))
        if variable:
            message = Sentence(en=f"{variable}: {reason.en}", ja=f"{variable}：{reason.ja}")
            findings.add(
                Source(variable, environ[variable]),
                "E116",
                message,
                Place(variable, 1, 1),
                len(environ[variable]),
            )
        elif page and isinstance(tree, Mapping):
            node = node_at(tree, one["loc"])
            if one["type"] == "extra_forbidden":
                parent = node_at(tree, one["loc"][:-1])
                key = parent.keys[loc[-1]] if isinstance(parent, Mapping) else node
                message = Sentence(
                    en=f'there is no setting "{loc[-1]}"', ja=f"「{loc[-1]}」という設定はありません"
                )
                page.fault(
                    "E120", message, key, did_you_mean(loc[-1], known, listed="settings", listed_ja="設定")
                )
            else:
                message = Sentence(
                    en=f"`{'.'.join(loc)}` does not fit: {reason.en}",
                    ja=f"`{'.'.join(loc)}` の値が合いません。{reason.ja}",
                )
                page.fault("E116", message, node)


def _known_at(model: type[BaseModel], loc: tuple[str, ...]) -> list[str]:
    """The settings that exist at a place; inside `notify` and `secrets` the first name is the office's own."""
    for part in loc:
        field = model.model_fields.get(part)
        annotation = field.annotation if field else None
        inner = [*getattr(annotation, "__args__", ()), annotation]
        found = next((one for one in inner if isinstance(one, type) and issubclass(one, BaseModel)), None)
        model = found or model
    return list(model.model_fields)
