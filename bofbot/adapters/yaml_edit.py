"""Small changes to a YAML file that people write too: comments, order and line ends stay. The only door to `ruamel.yaml`."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bofbot.errors import ApplicationError
from bofbot.files import atomic_write
from bofbot.words import Sentence


def edit_list(
    path: Path,
    key: str,
    change: Callable[[list[Any]], None],
    check: Callable[[str], object],
    empty: str = "",
) -> None:
    """Change the list under a top-level key in place and write the file whole or not at all.

    `change` gets the list, whose entries are mappings that keep their comments; `check` gets the new text and may refuse
    it; `empty` is the text to begin with when there is no file. Raises ApplicationError when the file is not YAML or holds
    no list there; what `change` and `check` raise passes through and leaves the file alone."""
    text = _text_of(path) if path.exists() else empty
    yaml = _yaml(text)
    try:
        tree = _as_map(yaml.load(text) if text.strip() else None)
    except _faults() as error:
        raise ApplicationError(
            Sentence(en=f"{path.name} is not valid YAML", ja=f"{path.name} は YAML として読めません"),
            fix=Sentence(en="mend the file first", ja="先にファイルを直してください"),
        ) from error
    if isinstance(tree, dict) and tree.get(key) is None:
        tree[key] = _as_list([])
    if not isinstance(tree, dict) or not isinstance(tree[key], list):
        raise ApplicationError(
            Sentence(
                en=f"`{key}:` in {path.name} is no list", ja=f"{path.name} の `{key}:` が一覧になっていません"
            )
        )
    change(tree[key])
    written = io.StringIO()
    yaml.dump(tree, written)
    said = written.getvalue()
    if _only_comments(text):  # these belong to nothing in the tree, so they would be lost
        said = text.rstrip() + "\n" + said
    check(said)
    atomic_write(path, said.replace("\n", "\r\n") if "\r\n" in text else said)


def _text_of(path: Path) -> str:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return file.read()


def entry(values: Mapping[str, Any]) -> Any:
    """A new mapping for such a list: keys in the given order, small mappings on one line."""
    made = _as_map(None)
    for name, value in values.items():
        made[name] = _flow(value) if isinstance(value, Mapping | list | tuple) else value
    return made


def _flow(value: Any) -> Any:
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

    made = CommentedMap(value) if isinstance(value, Mapping) else CommentedSeq(value)
    made.fa.set_flow_style()
    return made


def _as_map(tree: Any) -> Any:
    from ruamel.yaml.comments import CommentedMap

    return CommentedMap() if tree is None else tree


def _as_list(values: list[Any]) -> Any:
    from ruamel.yaml.comments import CommentedSeq

    return CommentedSeq(values)


def _yaml(text: str) -> Any:
    from ruamel.yaml import YAML

    yaml = YAML()  # round-trip: comments and quotes are kept
    yaml.preserve_quotes = True
    yaml.width = 4096
    nested = "\n- " not in text
    yaml.indent(mapping=2, sequence=4 if nested else 2, offset=2 if nested else 0)
    return yaml


def _faults() -> type[Exception]:
    from ruamel.yaml.error import YAMLError

    return YAMLError


def _only_comments(text: str) -> bool:
    lines = [line.strip() for line in text.splitlines()]
    return bool(text.strip()) and all(not line or line.startswith("#") for line in lines)
