"""The robot behind `bofbot fill`: a table, a form and what was said of them, as steps that could stand in a file."""

from __future__ import annotations

import getpass
import json
import keyword
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from bofbot.errors import UsageError
from bofbot.recorder.rows import FirstRow
from bofbot.recorder.writing import lines, literal
from bofbot.values.text import find_name, nearest
from bofbot.words import Language, Sentence

_SCHEMA = "# yaml-language-server: $schema=../.bofbot/robot.schema.json"


@dataclass(frozen=True, slots=True)
class Form:
    """What was said on the command line; "" for what was not."""

    url: str
    key: str
    submit: str = ""
    expect: str = ""
    receipt: str = ""
    login: str = ""
    login_at: str = ""
    verify: str = ""
    control: str = ""
    mapped: Mapping[str, str] = field(default_factory=dict)
    skipped: Sequence[str] = ()


def robot_name(url: str) -> str:
    """The same for the same form, whatever file it is filled from: the ledger knows its rows by this name."""
    parts = urlsplit(url)
    return f"fill {parts.netloc.lower()}{parts.path.rstrip('/')}" + (f"?{parts.query}" if parts.query else "")


def robot_text(form: Form, table: FirstRow, language: Language) -> str:
    """The robot as a file. Raises UsageError for a column that the table has not."""
    key = _column(form.key, table)
    mapped = {_column(column, table): label for column, label in form.mapped.items()}
    skipped = {_column(column, table) for column in form.skipped}
    receipt = find_name(form.receipt, table.types) if form.receipt else None
    entered = [column for column in table.types if column not in skipped and column != receipt]
    if not entered:
        raise UsageError(Sentence(en="no column is left to enter", ja="入力する列が残っていません"))
    head: dict[str, Any] = {
        "bofbot": "1",
        "name": literal(robot_name(form.url)),
        "purpose": literal(_PURPOSE.said_in(language).format(file=table.file, url=form.url)),
        "owner": _person(),
    }
    if form.login:
        head["secrets"] = [form.login]
    types = {column: table.types[column] for column in table.types if column in entered or column == key}
    if types[key] in ("yen", "number", "integer"):
        types[key] = "code"
    reading: dict[str, Any] = {"read_table": literal(table.file)}
    if table.sheet:
        reading["sheet"] = literal(table.sheet)
    reading |= {"columns": types, "save_as": "rows"}
    steps: list[dict[str, Any]] = [reading]
    if form.login:
        steps.append({"login": form.login, "at": literal(form.login_at)})
    steps.append(
        {
            "name": literal(robot_name(form.url)),  # the ledger knows the loop by its name
            "for_each": "${rows}",
            "as": "row",
            "key": "${" + _cell(key) + "}",
            "on_error": "collect",
            "steps": _of_one_row(form, key, entered, mapped, whole=entered == list(types)),
        }
    )
    written = [*lines(head), "", "steps:", *(f"  {line}" for line in lines(steps))]
    return "\n".join([_SCHEMA, *written]) + "\n"


def _of_one_row(
    form: Form, key: str, entered: Sequence[str], mapped: Mapping[str, str], *, whole: bool
) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = [{"open": literal(form.url)}]
    if whole and not mapped:
        steps.append({"fill": "${row}"})
    else:
        labels = ", ".join(_quoted(mapped.get(column, column)) for column in entered)
        cells = ", ".join(_cell(column) for column in entered)
        steps.append({"fill": "${record([" + labels + "], [" + cells + "])}"})
    if not form.submit:
        return steps
    submit: dict[str, Any] = {"submit": literal(form.submit), "expect": literal(form.expect)}
    if form.receipt:
        submit["receipt"] = literal(form.receipt)
    if form.verify:
        hole = "${" + _cell(key) + "}"
        submit["verify"] = {"open": literal(form.verify).replace("{key}", hole), "see": hole}
        if form.control:
            submit["verify"]["control"] = literal(form.control)
    else:
        submit["on_unknown"] = "ask"
    steps.append(submit)
    if form.receipt:
        steps.append({"write_back": {form.receipt: "${receipt}"}, "add_columns": True})
    return steps


def _column(name: str, table: FirstRow) -> str:
    """The column that is meant. Raises UsageError with the nearest."""
    found = find_name(name, table.types)
    if found is not None:
        return found
    near = nearest(name, table.types, 1)
    raise UsageError(
        Sentence(en=f'{table.file} has no column "{name}"', ja=f"{table.file} に列「{name}」がありません"),
        fix=Sentence(en=f"did you mean {near[0]}?", ja=f"もしかして：{near[0]}")
        if near
        else Sentence(en=f"its columns: {', '.join(table.types)}", ja=f"列：{'、'.join(table.types)}"),
    )


def _cell(column: str) -> str:
    plain = column.isidentifier() and not keyword.iskeyword(column)
    return f"row.{column}" if plain else f"row[{_quoted(column)}]"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _person() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as containers have
        return "bofbot fill"


_PURPOSE = Sentence(en="enters the rows of {file} into {url}", ja="{file} の各行を {url} に入力する")
