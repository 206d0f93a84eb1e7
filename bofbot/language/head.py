"""The top level of a robot's file: who it is, what it is given, its steps."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bofbot.errors import Place
from bofbot.language.inputs import read_inputs
from bofbot.language.literals import read_retry, read_seconds
from bofbot.language.page import Page, quoted
from bofbot.language.shape import DEFAULT_KEYS, ROBOT_KEYS, VERSION
from bofbot.language.steps import LoadPart, StepReader, Verbs
from bofbot.language.yaml_text import Mapping, Node, Scalar
from bofbot.robot import Robot, Step
from bofbot.values.dates import read_date
from bofbot.values.types import BadValue
from bofbot.words import Sentence


class HeadReader:
    """Reads the top level of one file, a robot or a part."""

    def __init__(
        self,
        page: Page,
        tree: Mapping,
        verbs: Verbs,
        load_part: LoadPart,
        *,
        today: date | None,
        prefix: str,
        is_part: bool,
    ) -> None:
        self._page, self._tree, self._today = page, tree, today
        self._steps = StepReader(page, verbs, load_part)
        self._prefix, self._is_part = prefix, is_part

    def robot(self) -> Robot:
        """The robot as far as it can be read; its sha256 is left to the loader."""
        for key, key_node in self._tree.keys.items():
            if key not in ROBOT_KEYS:
                self._page.unknown_key(
                    key_node, ROBOT_KEYS, "E120", Sentence(en="at the top of a robot", ja="ロボットの最上位")
                )
        self._check_version()
        self._need("name", Sentence(en="every robot has a name", ja="ロボットには名前が必要です"))
        self._need(
            "steps",
            Sentence(en="a robot without steps does nothing", ja="手順のないロボットは何も行いません"),
        )
        groups: dict[str, tuple[Step, ...]] = {}
        for key, numbering in (("steps", ""), ("on_failure", "on_failure."), ("finally", "finally.")):
            listed = self._tree.values.get(key)
            if listed is not None and not self._indented_full_width(listed):
                groups[key] = self._steps.steps(listed, f"{self._prefix}{numbering}", key)
        approval = self._approval()
        robot = Robot(
            name=self._text("name"),
            file=Path(self._page.source.file),
            sha256="",
            steps=groups.get("steps", ()),
            purpose=self._text("purpose"),
            owner=self._text("owner"),
            deputy=self._text("deputy"),
            tags=self._texts("tags"),
            by_hand=self._by_hand(),
            review_by=self._review_by(),
            inputs=read_inputs(self._page, self._tree.values.get("inputs")),
            secrets=self._texts("secrets"),
            allow=self._texts("allow"),
            needs_approval=approval[0],
            approval_by=approval[1],
            defaults=self._defaults(),
            on_failure=groups.get("on_failure", ()),
            finally_=groups.get("finally", ()),
            outputs=self._outputs(),
        )
        if not self._is_part:
            self._warn_of_the_ledger_block(robot)
        return robot

    def _indented_full_width(self, listed: Node) -> bool:
        """Steps that YAML took for keys of the top, because their indent is full-width; that is told already."""
        return (
            isinstance(listed, Scalar)
            and listed.text is None
            and any(key[:1] == "\u3000" for key in self._tree.keys)
        )

    # The head ---------------------------------------------------------------------------------------------------

    def _check_version(self) -> None:
        self._need(
            "bofbot", Sentence(en="it is the version of the robot language", ja="ロボット言語の版を書きます")
        )
        node = self._tree.values.get("bofbot")
        if node is None:
            return
        text = self._page.literal(node, quoted("bofbot"))
        if text is not None and text.strip() != VERSION:
            message = Sentence(
                en=f"this bofbot knows version {VERSION} of the language",
                ja=f"このbofbotが分かるのは版 {VERSION} だけです",
            )
            self._page.fault(
                "E122",
                message,
                node,
                Sentence(en=f"write `bofbot: {VERSION}`", ja=f"`bofbot: {VERSION}` と書いてください"),
            )

    def _need(self, key: str, why: Sentence) -> None:
        if key in self._tree.keys:
            return
        fix = Sentence(
            en=f"add `{key}: {VERSION if key == 'bofbot' else '…'}`",
            ja=f"`{key}: {VERSION if key == 'bofbot' else '…'}` を加えてください",
        )
        place = Place(self._page.source.file, 1, 1)
        message = Sentence(en=f"`{key}` is missing: {why.en}", ja=f"`{key}` がありません。{why.ja}")
        self._page.findings.add(
            self._page.source, "E121", message, Place(place.file, self._tree.start.line + 1, 1), fix=fix
        )

    def _text(self, key: str) -> str:
        node = self._tree.values.get(key)
        return "" if node is None else (self._page.literal(node, quoted(key)) or "")

    def _texts(self, key: str) -> tuple[str, ...]:
        return tuple(text for text in self._page.literals(self._tree.values.get(key), key) if text)

    def _by_hand(self) -> float:
        node = self._tree.values.get("by_hand")
        return 0.0 if node is None else (read_seconds(self._page, node, "by_hand") or 0.0)

    def _approval(self) -> tuple[bool, str]:
        """(whether a person must approve, by whom: "", anyone or other)."""
        node = self._tree.values.get("approval")
        if node is None:
            return False, ""
        if not isinstance(node, Mapping):
            text = self._page.literal(node, quoted("approval"))
            return self._one_of(node, "approval", text, ("required",)) is not None, ""
        by = ""
        for key, value in node.items():
            if key != "by":
                self._page.unknown_key(
                    node.keys[key], ("by",), "E113", Sentence(en="in `approval`", ja="`approval` ")
                )
                continue
            text = self._page.literal(value, quoted("by"))
            by = self._one_of(value, "by", text, ("other", "anyone")) or ""
        return True, by

    def _one_of(self, node: Node, key: str, text: str | None, words: tuple[str, ...]) -> str | None:
        if text is None or text in words:
            return text
        message = Sentence(
            en=f"`{key}` can only be {' or '.join(f'`{word}`' for word in words)}",
            ja=f"`{key}` に書けるのは {'、'.join(f'`{word}`' for word in words)} だけです",
        )
        fix = Sentence(
            en="write `approval: required` or `approval: {by: other}`, or leave it out",
            ja="`approval: required` か `approval: {by: other}` と書くか、省略してください",
        )
        self._page.fault("E116", message, node, fix)
        return None

    def _review_by(self) -> date | None:
        node = self._tree.values.get("review_by")
        text = self._page.literal(node, quoted("review_by")) if node is not None else None
        if node is None or text is None:
            return None
        try:
            day = read_date(text)
        except BadValue as bad:
            self._page.fault("E116", bad.reason, node)
            return None
        if day < (self._today or datetime.now().astimezone().date()):
            message = Sentence(en=f"the review was due on {day}", ja=f"見直しの期限（{day}）が過ぎています")
            fix = Sentence(
                en="look at the robot again, then set a new `review_by`",
                ja="ロボットを見直して、新しい `review_by` を書いてください",
            )
            self._page.fault("W203", message, node, fix, severity="warning")
        return day

    def _warn_of_the_ledger_block(self, robot: Robot) -> None:
        """Robots that nobody answers for are what offices fear most (野良ロボット)."""
        for key, code, value in (("owner", "W201", robot.owner), ("purpose", "W202", robot.purpose)):
            if value or key in self._tree.keys:
                continue
            message = Sentence(
                en=f"`{key}` is missing: {ROBOT_KEYS[key].en[0].lower()}{ROBOT_KEYS[key].en[1:].rstrip('.')}",
                ja=f"`{key}` がありません（{ROBOT_KEYS[key].ja.rstrip('。')}）",
            )
            node = self._tree.keys.get("name") or next(iter(self._tree.keys.values()))
            place = self._page.place(node)
            fix = Sentence(en=f"add `{key}: …`", ja=f"`{key}: …` を加えてください")
            self._page.findings.add(
                self._page.source, code, message, place, len(node.text or ""), fix=fix, severity="warning"
            )

    def _defaults(self) -> AnyMapping[str, Any]:
        node = self._tree.values.get("defaults")
        mapping = self._page.mapping(node, quoted("defaults")) if node is not None else None
        values: dict[str, Any] = {}
        for key, value in mapping.items() if mapping else ():
            assert mapping
            if key in ("timeout", "run_timeout"):
                values[key] = read_seconds(self._page, value, key)
            elif key == "retry":
                values[key] = read_retry(self._page, value)
            elif key == "at":
                values[key] = self._page.value(value)
            elif key == "drift":
                values[key] = self._drift(value)
            else:
                self._page.unknown_key(
                    mapping.keys[key], DEFAULT_KEYS, "E113", Sentence(en="in `defaults`", ja="`defaults` ")
                )
        return {key: value for key, value in values.items() if value is not None}

    def _drift(self, node: Node) -> str | None:
        text = self._page.literal(node, quoted("drift"))
        if text is not None and text not in ("follow", "stop"):
            message = Sentence(en="`drift` is follow or stop", ja="`drift` は follow か stop です")
            self._page.fault("E116", message, node)
            return None
        return text

    def _outputs(self) -> dict[str, Any]:
        node = self._tree.values.get("outputs")
        mapping = self._page.mapping(node, quoted("outputs")) if node is not None else None
        if mapping is None:
            return {}
        named = [
            (self._page.name(mapping.keys[key], quoted("outputs"), taken=()), value)
            for key, value in mapping.items()
        ]
        return {name: self._page.value(value) for name, value in named if name}
