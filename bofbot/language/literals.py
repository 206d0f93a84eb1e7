"""Values that stand in a robot as they are and are known before the run: true and false, durations, numbers, `retry`."""

from __future__ import annotations

from typing import Any, cast

from bofbot.language.findings import did_you_mean
from bofbot.language.misfits import tell_unit
from bofbot.language.page import Page
from bofbot.language.shape import RETRY_KEYS
from bofbot.language.yaml_text import Node, Scalar
from bofbot.robot import Retry
from bofbot.values.units import read_duration
from bofbot.words import Sentence


def read_truth(page: Page, node: Node, key: str) -> bool:
    """`true` or `false`; False after adding a finding."""
    text = page.literal(node, Sentence(en=f"`{key}`", ja=f"`{key}`"))
    if text is not None and text not in ("true", "false"):
        message = Sentence(en=f"`{key}` is true or false", ja=f"`{key}` は true か false です")
        page.fault("E116", message, node, did_you_mean(text, ("true", "false")))
    return text == "true"


def read_seconds(page: Page, node: Node, key: str) -> float | None:
    """A duration with its unit; None after adding a finding."""
    text = page.literal(node, Sentence(en=f"`{key}`", ja=f"`{key}`"))
    if text is None:
        return None
    try:
        return read_duration(text)
    except ValueError:
        tell_unit(page, cast(Scalar, node))
        return None


def read_retry(page: Page, node: Node) -> Retry | None:
    """`{times: 2, wait: 1s, longest: 1m}`; None after adding a finding."""
    if isinstance(node, Scalar):
        text = (node.text or "").strip()
        times = text if text.isdigit() else "2"
        message = Sentence(en="`retry` is a mapping", ja="`retry` は「{times: 回数}」の形で書きます")
        page.fault(
            "E119",
            message,
            node,
            Sentence(
                en=f"write {{times: {times}, wait: 1s}}", ja=f"{{times: {times}, wait: 1s}} と書いてください"
            ),
        )
        return None
    mapping = page.mapping(node, Sentence(en="`retry`", ja="`retry` "))
    if mapping is None:
        return None
    for key, key_node in mapping.keys.items():
        if key not in RETRY_KEYS:
            page.unknown_key(key_node, RETRY_KEYS, "E113", Sentence(en="in `retry`", ja="`retry` "))
    values: dict[str, Any] = {
        key: read_seconds(page, mapping.values[key], key)
        for key in ("wait", "longest")
        if key in mapping.values
    }
    if "times" in mapping.values:
        values["times"] = read_whole(page, mapping.values["times"], "times", 100)
    if any(value is None for value in values.values()):
        return None
    return Retry(**values)


def read_whole(page: Page, node: Node, key: str, most: int) -> int | None:
    text = page.literal(node, Sentence(en=f"`{key}`", ja=f"`{key}`"))
    if text is not None and text.isascii() and text.isdigit() and len(text) < 10 and int(text) <= most:
        return int(text)
    if text is not None:
        message = Sentence(
            en=f"`{key}` is a whole number up to {most}", ja=f"`{key}` には0から{most}までの整数を書きます"
        )
        page.fault("E116", message, node)
    return None
