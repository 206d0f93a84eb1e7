"""Hostile expressions: each ends within 100 ms and 64 MB, as a plain value or a refusal; nothing of Python is reached."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

JUDGE = Path(__file__).with_name("judge.py")
LIMIT_MS = 100

ESCAPES = [
    "().__class__.__bases__[0].__subclasses__()", "''.__class__.__mro__[1].__subclasses__()", "[].__class__.__base__", "row.__class__", "rows.__class__.__init__.__globals__",
    "__import__('os').system('id')", "__builtins__", "__builtins__['eval']", "eval('1')", "exec('1')", "compile('1', '', 'eval')", "open('/etc/passwd')", "open('/etc/passwd').read()",
    "globals()", "locals()", "vars()", "dir()", "getattr(row, 'keys')", "setattr(row, 'a', 1)", "delattr(row, 'a')", "type(row)", "type('x', (), {})", "object()", "super()", "input()", "print(1)", "help()", "breakpoint()",
    "memoryview(b'')", "bytearray(9)", "id(row)", "hash(row)", "repr(row)", "str(row)", "iter(rows)", "next(rows)", "map(upper, rows)", "filter(none, rows)", "range(9)", "sorted(rows)", "chr(65)", "ord('a')", "callable(upper)",
    "upper.__globals__", "upper.__code__", "upper", "sum", "today", "upper(upper)", "[upper]", "len(upper)", "text(upper)", "row.keys", "row.keys()", "row.get('金額')", "row.items()", "row.pop('金額')", "rows.append(1)", "rows.clear()", "rows.sort()",
    "'{0.__class__}'.format(row)", "format(row, '{0.__class__}')", "format(n, '{0.__class__}')", "'%s' % row", "f'{row.__class__}'", "f'{secrets}'", "'a'.join(rows)", "'a'.encode()", "''.translate({})", "text.format_map(row)",
    "lambda: 1", "(lambda x: x)(1)", "[x for x in rows]", "{x for x in rows}", "{x: x for x in rows}", "(x for x in rows)", "[*rows]", "{**row}", "(a := 1)", "a := 1", "await row", "yield 1", "(yield)", "not (yield)",
    "import os", "from os import system", "del row", "assert 1", "raise Exception", "return 1", "pass", "class A: pass", "def f(): pass", "while true: 1", "1; 2", "1\n2", "row = 1", "row.金額 = 1", "row['金額'] += 1", "global row",
    "row.__dict__", "row.__getattribute__('x')", "row['__class__']", "row[\"__init__\"]", "inputs.__class__", "n.__class__", "n.real", "n.from_float(1)", "n.as_tuple()", "text.__len__()", "none.__class__", "true.__class__", "today().__class__", "today().fromtimestamp(0)",
    "secrets", "secrets.経費", "secrets.経費.password.reveal()", "secrets.経費.password.__class__", "secrets.経費.password._value", "text(secrets.経費.password)", "upper(secrets.経費.password)", "len(secrets.経費.password)", "left(secrets.経費.password, 1)", "secrets.経費.password == 'hunter22'",
    "contains(secrets.経費.password, 'h')", "secrets.経費.password + ''", "join([secrets.経費.password])", "secrets.経費.password in ['hunter22']", "secrets.経費.password < 'i'", "min(secrets.経費.password, 'z')", "default(secrets.経費.password, 1)", "[secrets.経費.password]", "keys(secrets)",
    "__clock__", "__clock__()", "self", "cls", "os", "sys", "subprocess", "builtins", "__name__", "__file__", "__loader__", "__spec__", "_", "__", "．．", "ｅｖａｌ('1')", "ｏｐｅｎ('/etc/passwd')", "row.＿＿class＿＿", "row.__ｃlass__", "\u202erow", "row\u200b.x", "\x00", "row\x00",
]  # fmt: skip
DEEP = 400
BOMBS = [
    "9 ** 9 ** 9", "9 * " * 300 + "9", "big * " * 39 + "big", "10 // 0", "10 % 0", "1 / 3 / 3 / 3", "1e999999999", "9" * 1900, "-" * 1900 + "1", "big * big * big * big", "round(big, 20)", "round(1, -999999999)", "round(1, 999999999)",
    "'a' * 999999999", "999999999 * 'a'", "[1] * 999999999", "rows * 999999", "text + text + text + text + text + text + text + text + text + text + text", "pad('a', 999999999)", "format(1, '999999999')", "format(1, '0999999999d')", "format(1, '.999999999')", "format(1, '>999999999')",
    "format(today(), '%Y' )", "format(today(), '" + "%A" * 900 + "')", "replace(text, 'x', 'xxxxxxxxxxxxxxxxxxxx')", "replace(replace(text, 'x', 'xxxxxxxxxx'), 'x', 'xxxxxxxxxx')", "replace(replace(replace(text, 'x', text), 'x', text), 'x', text)",
    "join(rows, text)", "join(column(rows, '科目'), text)", "join(split(text, 'x'), text)", "split(text, 'x')", "split(text, '')", "join(split(text, 'x'), 'xxxxxxxxxxxxxxx')", "upper(text)", "nfkc(text)", "nfkc(replace(text, 'x', '\ufdfa'))", "nfkc(replace(text, 'x', 'xxxxxxxxxx'))",
    "(" * DEEP + "1" + ")" * DEEP, "[" * DEEP + "1" + "]" * DEEP, "not " * DEEP + "true", "1 if 1 < 2 else " * 100 + "1", "row" + "[0]" * DEEP, "row" + ".a" * DEEP, "1 < " * DEEP + "1", "true and " * 200 + "true", "upper(" * 150 + "'a'" + ")" * 150, "-(" * DEEP + "1" + ")" * DEEP,
    "add_days(today(), 999999999)", "add_days(today(), -999999999)", "add_months(today(), 999999999)", "business_day(today(), 999999999)", "business_day(today(), -99999)", "business_day(today(), 3000)", "date(99999, 1, 1)", "date('9' * 99)", "date(text)", "number(text)", "number('" + "9" * 1900 + "')", "number('" + "1," * 900 + "')", "month(text)",
    "where(rows, '科目', text)", "sum(where(where(rows, '金額', 1), '金額', 1), '金額')", "min(rows, '金額')", "column(rows, text)", "column(rows, 'かね')", "row[text]", "text in text", "text == text", "contains(text, text)", "replace(text, text, text)", "'x' * 50 in text", "max(" + "1, " * 400 + "1)", "[" + "rows, " * 300 + "rows]", "rows == rows", "rows + rows + rows + rows",
    "left(text, 999999999)", "right(text, -999999999)", "text[999999999]", "rows[-999999999]", "rows[0.1]", "rows[big]", "pad(text, 100)", "pad(big, 100)", "text(big * big)", "era(date(1, 1, 1))", "weekday(date('9999-12-31'))", "month_end(date('9999-12-31'))", "'\\N{DIGIT ONE}'", "'\\ud800'", "'\ud83d'", "'" + "\\x41" * 450 + "'",
]  # fmt: skip


STILL_SECRET = {"secrets", "secrets.経費", "keys(secrets)", "[secrets.経費.password]"}
"""They name secrets without turning them into text; a robot that uses them so is refused before it plays."""


UNMEASURED = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
"""The judge measures CPU time; the measuring of coverage would be counted with it."""


def test_every_payload_ends_soon_and_small(figures: Callable[[str], None]) -> None:
    payloads = [*ESCAPES, *BOMBS]
    if not Path("/proc/self/statm").exists():
        pytest.skip("this system does not say how large a process is")
    done = subprocess.run(
        [sys.executable, str(JUDGE)],
        input=json.dumps(payloads),
        env=UNMEASURED,
        capture_output=True,
        text=True,
        timeout=120,
    )
    came = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(came) == len(payloads), (payloads[len(came)], done.stderr[-500:])
    wrong = [
        (payload[:80], outcome)
        for payload, (outcome, _) in zip(payloads, came, strict=True)
        if ":" in outcome
    ]
    slow = [
        (payload[:80], round(ms)) for payload, (_, ms) in zip(payloads, came, strict=True) if ms > LIMIT_MS
    ]
    figures(
        f"hostile expressions: {len(payloads)} tried, {len(wrong)} escaped or broke,"
        f" slowest {max(ms for _, ms in came):.0f} ms of CPU, within 64 MB"
    )
    assert wrong == []
    assert slow == []


def test_no_escape_yields_anything_but_data() -> None:
    done = subprocess.run(
        [sys.executable, str(JUDGE)], input=json.dumps(ESCAPES), capture_output=True, text=True, timeout=120
    )
    plain = [e for e, line in zip(ESCAPES, done.stdout.splitlines(), strict=True) if "plain" in line]
    assert set(plain) <= STILL_SECRET
