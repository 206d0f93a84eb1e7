"""The redactor knows a secret in every dress that pages, mails, logs and Python put on it."""

from __future__ import annotations

import base64
import html
import json
import quopri
from collections.abc import Iterator
from urllib.parse import quote, quote_from_bytes, quote_plus

import pytest

from bofbot.secret import CHARSETS, Redactor, Secret

VALUES = ('Xq7"ca&na<ry> 42', "秘密の合言葉ソ表Pw-42", "ﾊﾟｽﾜｰﾄﾞＡ１", "c:\\新しい\\pass")


def dresses(value: str) -> Iterator[tuple[str, str]]:
    yield "plain", value
    yield "json", json.dumps(value)
    yield "json in json", json.dumps(json.dumps(value, ensure_ascii=False), ensure_ascii=False)
    yield "html", html.escape(value)
    yield "numbers", "".join(f"&#{ord(one)};" for one in value)
    yield "hex numbers", "".join(f"&#x{ord(one):X};" for one in value)
    yield "python", repr(value)
    for charset in CHARSETS:
        try:
            data = value.encode(charset)
        except UnicodeEncodeError:
            continue
        yield f"{charset} percent", quote_from_bytes(data)
        yield f"{charset} form", quote_plus(data)
        yield f"{charset} twice", quote(quote_from_bytes(data))
        yield f"{charset} every byte", "".join(f"%{byte:02x}" for byte in data)
        yield f"{charset} mail", quopri.encodestring(data).decode("latin-1")
        yield f"{charset} bytes", repr(data)
        yield f"{charset} hex", data.hex()
        for offset in range(3):
            coded = base64.b64encode(b"abc"[:offset] + data + b"xyz").decode()
            yield f"{charset} base64 at {offset}", coded


@pytest.mark.parametrize("value", VALUES)
def test_a_secret_is_replaced_in_every_dress(value: str) -> None:
    redact = Redactor([Secret(value, "x.password")])
    for name, dressed in dresses(value):
        told = redact(f"前 {dressed} 後")
        assert "●●●" in told, name
        assert len(told) < 24, f"{name}: much is left over: {told}"


def test_a_text_that_was_cut_off_keeps_no_beginning_of_it() -> None:
    redact = Redactor([Secret("keiri-password", "x.password")])
    assert redact("x" * 190 + "keiri-pass") == "x" * 190 + "●●●"
    assert redact("x" * 190 + "keiri-pass…") == "x" * 190 + "●●●"
    assert redact("経理 keiri") == "経理 keiri", "a short text is whole"


def test_what_is_no_secret_stays() -> None:
    redact = Redactor(
        [Secret("imap.example.com", "銀行.imap_host"), Secret("ab", "x.pin"), Secret("", "x.y")]
    )
    assert not redact.knows_any
    told = "https://imap.example.com/list?q=%E3%81%82&b=1 \\n"
    assert redact(told) == told
    redact.add(Secret("合言葉-77", "x.password"))
    assert redact(told) == told
    assert redact.values == ("合言葉-77",)


def test_a_secret_shows_nothing_and_is_never_pickled() -> None:
    secret = Secret("合言葉-77", "銀行.password")
    assert {str(secret), f"{secret:>9}", format(secret)} == {"●●●"}
    assert "合言葉" not in repr(secret)
    with pytest.raises(TypeError):
        secret.__reduce__()
