"""Labels that only the run knows: a whole mapping given by one expression, `fill: ${row}`; blank cells are left alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ModelWrapValidatorHandler, PrivateAttr, ValidationInfo, model_validator

from bofbot.action import Computed
from bofbot.actions.pages.on_page import OnPage
from bofbot.computed import WHOLE
from bofbot.secret import Secret
from bofbot.values.misfits import misfit
from bofbot.values.types import BadValue, is_blank
from bofbot.words import Sentence


class ByLabel(OnPage):
    """A web verb whose own value is a mapping from labels to values, or an expression that gives a record.

    In a record a blank cell says nothing about its field, so the field is left as the page has it; a value written
    under its own label is always entered, an empty text too. A record never carries a secret: its labels come from
    data, and data must not choose where a password goes."""

    _left_alone: tuple[str, ...] = PrivateAttr(())

    @property
    def left_alone(self) -> tuple[str, ...]:
        """Labels of the record whose cells are blank."""
        return self._left_alone

    @model_validator(mode="wrap")
    @classmethod
    def _only_what_the_record_says(
        cls, data: Any, handler: ModelWrapValidatorHandler[ByLabel], info: ValidationInfo
    ) -> ByLabel:
        whole = cls.verb in (info.context or {}).get(WHOLE, ())
        if not whole or not isinstance(data, Mapping) or not isinstance(data.get(cls.verb), Mapping):
            return handler(data)
        record = data[cls.verb]
        if any(isinstance(value, Secret) for value in record.values()):
            raise misfit(_SECRET)
        said = {str(label): cls._read(label, value) for label, value in record.items() if not is_blank(value)}
        if not said:
            raise misfit(_NOTHING)
        verb = handler({**data, cls.verb: said})
        verb._left_alone = tuple(str(label) for label, value in record.items() if is_blank(value))
        return verb

    @classmethod
    def _read(cls, label: Any, value: Any) -> Any:
        try:
            return cls.cell(value)
        except BadValue as bad:
            said = Sentence(en=f'"{label}": ', ja=f"「{label}」：") + bad.reason
            raise misfit(said) from None

    @classmethod
    def cell(cls, value: Any) -> Any:
        """What a cell of a record means to this verb."""
        return value


def named_by(source: Any, en: str, ja: str) -> Sentence | None:
    """How `plan` speaks of a computed mapping; None for labels that are written down."""
    if not isinstance(source, Computed):
        return None
    return Sentence(
        en=f"{en} the fields named by the columns of {source}", ja=f"{source} の列名と同じ名前の項目{ja}"
    )


def beside(said: Sentence, left_alone: tuple[str, ...]) -> Sentence:
    """A summary, and how many fields were left as the page has them."""
    if not left_alone:
        return said
    return said + Sentence(
        en=f", {len(left_alone)} left alone", ja=f"（空欄の{len(left_alone)}項目は変更なし）"
    )


_SECRET = Sentence(
    en="a record may not carry a secret into a form: write the label down, e.g. {Password: ${secrets.…}}",
    ja="秘密の値を含むレコードは入力できません。{パスワード: ${secrets.…}} のように項目名を書いてください",
)
_NOTHING = Sentence(
    en="the record says nothing: it has no columns, or every cell is blank",
    ja="レコードに入力する値がありません（列がない、またはすべて空欄）",
)
