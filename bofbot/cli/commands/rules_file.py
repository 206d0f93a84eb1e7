"""A rules file of `bofbot reconcile`: the options of the `reconcile` verb in a file of their own, checked with places."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from bofbot.actions.reconciliation.reconcile import RulesFile
from bofbot.errors import InvalidRobot, Place
from bofbot.files import why_refused
from bofbot.language.findings import Findings, Source, did_you_mean
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
        why = why_refused(error)
        message = Sentence(en=f"{path} cannot be read: {why.en}", ja=f"{path} を読めません（{why.ja}）")
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
            _tell(findings, source, tree, dict(one))
        raise InvalidRobot(findings.sorted()) from error


def _tell(findings: Findings, source: Source, tree: Mapping, one: dict[str, Any]) -> None:
    """One misfit under its token: an unknown key with what was probably meant, else the value and why it does not fit."""
    where = ".".join(str(part) for part in one["loc"])
    if one["type"] == "extra_forbidden":
        word = str(one["loc"][-1])
        holder = node_at(tree, one["loc"][:-1])
        key = holder.keys[word] if isinstance(holder, Mapping) and word in holder.keys else holder
        known = _fields_at(one["loc"][:-1])
        message = Sentence(
            en=f"`{where}`: there is no option `{word}`", ja=f"`{where}`：`{word}` という項目はありません"
        )
        fix = did_you_mean(word, known, listed="known here", listed_ja="書ける項目")
        findings.add(source, "E113", message, place_of(source, key), length_of(key), fix=fix)
        return
    node = node_at(tree, one["loc"])
    reason = reason_of(one)
    message = Sentence(
        en=f"`{where}` does not fit: {reason.en}", ja=f"`{where}` の値が合いません。{reason.ja}"
    )
    findings.add(source, "E116", message, place_of(source, node), length_of(node))


def _fields_at(loc: tuple[int | str, ...]) -> tuple[str, ...]:
    """The options known at a place of a rules file."""
    model: type[BaseModel] | None = RulesFile
    for part in loc:
        if isinstance(part, str) and model is not None and part in model.model_fields:
            model = _model_in(model.model_fields[part].annotation)
    return tuple(model.model_fields) if model is not None else ()


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model an annotation speaks of, alone or in a union or a list."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for inner in get_args(annotation) if (model := _model_in(inner))), None)


def _plain(node: Node) -> Any:
    if isinstance(node, Scalar):
        return node.text or ""
    if isinstance(node, Mapping):
        return {key: _plain(value) for key, value in node.items()}
    return [_plain(item) for item in node.items]
