"""What is inside a value: a field of a record by its name, an entry of a list by its number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bofbot.language.functions import BadCall, as_number, kind_word
from bofbot.values.text import find_name, nearest
from bofbot.values.types import as_text
from bofbot.words import Sentence


def field_of(record: Any, name: str) -> Any:
    """A field of a record, by its name or the name that means the same. Raises BadCall listing the fields."""
    if not isinstance(record, Mapping):
        if isinstance(record, Sequence) and not isinstance(record, str | bytes):
            raise BadCall(_MANY_ROWS)
        what = kind_word(record)
        raise BadCall(
            Sentence(
                en=f"{what.en} has no fields, so no `{name}`",
                ja=f"{what.ja}には項目がなく、`{name}` もありません",
            )
        )
    try:
        return record[name]
    except KeyError:
        pass
    known = [key for key in record if isinstance(key, str)]
    meant = find_name(name, known)
    if meant is not None:
        return record[meant]
    near = nearest(name, known, 1)
    en, ja = f"there is no `{name}`", f"`{name}` はありません"
    if near:
        en, ja = f"{en}; did you mean `{near[0]}`?", f"{ja}。`{near[0]}` のことですか？"
    if known:
        listed = ", ".join(known[:30])
        en, ja = f"{en} (known: {listed})", f"{ja}（あるもの：{listed}）"
    raise BadCall(Sentence(en=en, ja=ja))


def member_of(holder: Any, key: Any) -> Any:
    """What `holder[key]` means. Raises BadCall when there is nothing of that name or number."""
    if isinstance(key, str):
        return field_of(holder, key)
    if isinstance(holder, Mapping):
        raise BadCall(Sentence(en="a field is named by a text", ja="項目は文字で指定してください"))
    if isinstance(holder, str | bytes) or not isinstance(holder, Sequence):
        what = kind_word(holder)
        raise BadCall(
            Sentence(
                en=f"{what.en} has no parts to choose from", ja=f"{what.ja}から一部を取り出すことはできません"
            )
        )
    number = as_number(key)
    if number != number.to_integral_value() or not -len(holder) <= number < len(holder):
        raise BadCall(
            Sentence(
                en=f"there is no number {as_text(key)}: it has {len(holder)}, counted from 0",
                ja=f"{as_text(key)} 番目はありません（0から数えて{len(holder)}個）",
            )
        )
    return holder[int(number)]


_MANY_ROWS = Sentence(
    en='a list has no single field; write sum(rows, "…"), column(rows, "…"), first(rows), or use for_each',
    ja='一覧に単独の項目はありません。sum(rows, "…")、column(rows, "…")、first(rows)、または for_each を使ってください',
)
