"""The fields of a form: what is asked, how it is labelled, and in which order it stands today."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from bofbot.practice.web import Request, office_of
from bofbot.words import Sentence

Kind = Literal["text", "date", "amount", "select", "radio", "checks", "area", "postal", "file", "day"]
Errors = dict[str, Sentence]
"""What is wrong, by the name of the field."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a form asks for. `kind` day is a date typed as text, date the browser's own date box."""

    name: str
    label: Sentence
    kind: Kind = "text"
    required: bool = True
    options: tuple[tuple[str, Sentence], ...] = ()
    hint: Sentence | None = None
    box: str = ""
    """The id in the page; another one at each load when fields move."""


def laid_out(request: Request, fields: Sequence[Field]) -> list[Field]:
    """The fields as they stand on this page: in order, or shuffled with new ids when `moved_fields` is on."""
    office = office_of(request)
    placed = [replace(field, box=field.name) for field in fields]
    if office.faults.look("moved_fields", request.url.path):
        office.random.shuffle(placed)
        placed = [replace(field, box=f"x{office.random.randrange(16**6):06x}") for field in placed]
    return placed


def missing(fields: Sequence[Field], form: Mapping[str, str]) -> Errors:
    """A sentence for every required field that is empty, and for every choice that is not offered."""
    errors: Errors = {}
    for field in fields:
        value = form.get(field.name, "")
        offered = [option for option, _ in field.options]
        if field.required and not value:
            errors[field.name] = Sentence(
                en=f"Enter “{field.label.en}”.", ja=f"「{field.label.ja}」を入力してください。"
            )
        elif value and offered and field.kind != "checks" and value not in offered:
            errors[field.name] = Sentence(
                en=f"“{value}” is not a choice of “{field.label.en}”.",
                ja=f"「{field.label.ja}」に「{value}」は選択できません。",
            )
    return errors


def amount_of(text: str) -> int | None:
    """Yen as people type them: 12300, 12,300, ￥１２，３００; None when it is no whole number."""
    plain = re.sub(r"[¥\\,円\s]", "", unicodedata.normalize("NFKC", text))
    return int(plain) if re.fullmatch(r"-?\d{1,12}", plain) else None


def day_of(text: str) -> date | None:
    """A day as 2026/10/01 or 2026-10-01; None when it is none."""
    found = re.fullmatch(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})", unicodedata.normalize("NFKC", text))
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None
