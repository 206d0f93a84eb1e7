"""A rules file of `bofbot reconcile`: the options of the `reconcile` verb in a file of their own, checked with places."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bofbot.actions.reconcile import RulesFile
from bofbot.errors import InvalidRobot, Place
from bofbot.language.findings import Findings, Source
from bofbot.language.misfits import node_at
from bofbot.language.yaml_text import Mapping, Node, Scalar, Unreadable, length_of, place_of, read_tree
from bofbot.values.misfits import reason_of
from bofbot.words import Sentence


def read_rules(path: Path) -> RulesFile:
    """The rules in a YAML file. Raises InvalidRobot with every fault and its place."""
    findings = Findings()
    source = Source(str(path), "")
    try:
        source = Source(str(path), path.read_text(encoding="utf-8-sig"))
        tree = read_tree(source, findings)
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "not UTF-8"
        message = Sentence(en=f"{path} cannot be read: {why}", ja=f"{path} を読めません（{why}）")
        findings.add(source, "E101", message, Place(str(path), 1, 1))
        raise InvalidRobot(findings.sorted()) from error
    except Unreadable as error:
        raise InvalidRobot(findings.sorted()) from error
    if not isinstance(tree, Mapping):
        message = Sentence(
            en="a rules file holds `rules:` and `decide:`",
            ja="ルールファイルには rules: や decide: を書きます",
        )
        findings.add(source, "E102", message, Place(str(path), 1, 1))
        raise InvalidRobot(findings.sorted())
    try:
        return RulesFile.model_validate(_plain(tree))
    except ValidationError as error:
        for one in error.errors():
            node = node_at(tree, one["loc"])
            where = ".".join(str(part) for part in one["loc"])
            reason = reason_of(dict(one))
            message = Sentence(
                en=f"`{where}` does not fit: {reason.en}", ja=f"`{where}` の値が合いません。{reason.ja}"
            )
            findings.add(source, "E116", message, place_of(source, node), length_of(node))
        raise InvalidRobot(findings.sorted()) from error


def _plain(node: Node) -> Any:
    if isinstance(node, Scalar):
        return node.text or ""
    if isinstance(node, Mapping):
        return {key: _plain(value) for key, value in node.items()}
    return [_plain(item) for item in node.items]
