"""The inputs a robot declares: their types, labels and defaults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bofbot.action import Computed
from bofbot.language.findings import did_you_mean
from bofbot.language.literals import read_truth
from bofbot.language.page import Page, quoted
from bofbot.language.shape import INPUT_KEYS
from bofbot.language.yaml_text import Node, Scalar
from bofbot.robot import Input
from bofbot.values.types import TYPES, BadValue, is_type, read_value
from bofbot.words import Sentence


def read_inputs(page: Page, node: Node | None) -> dict[str, Input]:
    """The inputs by name; what is wrong is added to the page's findings."""
    mapping = page.mapping(node, quoted("inputs")) if node is not None else None
    inputs: dict[str, Input] = {}
    for key, value in mapping.items() if mapping else ():
        assert mapping
        name = page.name(mapping.keys[key], Sentence(en="the name of an input", ja="入力の名前"), taken=())
        if name and (one := _input(page, name, mapping.keys[key], value)):
            inputs[name] = one
    return inputs


def _input(page: Page, name: str, key: Scalar, node: Node) -> Input | None:
    values = _options(page, name, node)
    if values is None:
        return None

    def said(option: str) -> str:
        return (page.literal(values[option], quoted(option)) or "") if option in values else ""

    def truth(option: str, *, usual: bool) -> bool:
        return read_truth(page, values[option], option) if option in values else usual

    kind = _type(page, said("type") or "text", values.get("type"))
    choices = page.literals(values.get("choices"), "choices")
    if (kind == "choice") is not bool(choices):
        message = Sentence(
            en="`choices` and `type: choice` belong together",
            ja="`choices` と `type: choice` は一緒に書きます",
        )
        page.fault("E123", message, values.get("choices") or values.get("type") or key)
    required = truth("required", usual="default" not in values)
    default = _default(page, kind, choices, values["default"]) if "default" in values else None
    return Input(
        name=name,
        type=kind,
        label=said("label"),
        default=default,
        required=required,
        choices=choices,
        personal=truth("personal", usual=False),
        help=said("help"),
        place=page.place(key),
    )


def _options(page: Page, name: str, node: Node) -> Mapping[str, Node] | None:
    """What is written under an input's name; None when that is no mapping."""
    if isinstance(node, Scalar) and node.text and is_type(node.text):
        message = Sentence(en=f"`{name}` is a mapping", ja=f"`{name}` は「{{type: …}}」の形で書きます")
        fix = Sentence(en=f"write {{type: {node.text}}}", ja=f"{{type: {node.text}}} と書いてください")
        page.fault("E119", message, node, fix)
        return None
    said = Sentence(en=f"the input `{name}`", ja=f"入力 `{name}` ")
    mapping = page.mapping(node, said)
    if mapping is None:
        return None
    for option, option_node in mapping.keys.items():
        if option not in INPUT_KEYS:
            where = Sentence(en=f"in {said.en}", ja=said.ja)
            page.unknown_key(option_node, INPUT_KEYS, "E113", where)
    return mapping.values


def _type(page: Page, kind: str, node: Node | None) -> str:
    """The type's name; text when there is none of that name."""
    if is_type(kind):
        return kind
    assert node is not None
    message = Sentence(en=f'there is no type "{kind}"', ja=f"「{kind}」という型はありません")
    page.fault("E123", message, node, did_you_mean(kind, TYPES, listed="types", listed_ja="型"))
    return "text"


def _default(page: Page, kind: str, choices: tuple[str, ...], node: Node) -> Any:
    if not isinstance(node, Scalar):
        page.fault(
            "E119", Sentence(en="a default is a single value", ja="`default` には値を一つ書きます"), node
        )
        return None
    if kind == "secret":
        message = Sentence(
            en="a secret has no default: it would stand in this file",
            ja="秘密の値に `default` は書けません（ファイルに残ります）",
        )
        page.fault(
            "E123",
            message,
            node,
            Sentence(
                en="remove it; `bofbot secret set …` keeps secrets",
                ja="消してください。秘密は `bofbot secret set …` で登録します",
            ),
        )
        return None
    value = page.scalar(node)
    if isinstance(value, Computed) or (kind == "choice" and not choices):
        return value
    try:
        return read_value(kind, value, choices=choices)
    except BadValue as bad:
        page.fault("E123", bad.reason, node)
        return None
