"""The browser's door: finding one, foreign errors in our words, the gate's rules."""

from __future__ import annotations

import shutil

import pytest

from bofbot.adapters.browser import find_browser
from bofbot.adapters.browser.downloads import _name
from bofbot.adapters.browser.faults import mapped
from bofbot.adapters.browser.finder import no_browser
from bofbot.adapters.browser.gate import Gate, same_site, whole_body
from bofbot.errors import ApplicationError
from bofbot.settings import BrowserSettings


def test_a_named_browser_comes_first_and_a_wrong_name_is_told() -> None:
    shell = shutil.which("sh")
    assert shell is not None
    found = find_browser(BrowserSettings(executable=shell))
    assert found is not None
    assert found.executable == shell
    wrong = BrowserSettings(executable="/nowhere/chrome")
    assert find_browser(wrong) is None
    assert "/nowhere/chrome" in no_browser(wrong).message.en
    assert "doctor" in str(no_browser(BrowserSettings()).fix)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Page.goto: net::ERR_CONNECTION_REFUSED at http://a.example/\nCall log:\n  - navigating", "a.example does not answer"),
        ("Page.goto: net::ERR_NAME_NOT_RESOLVED at http://a.example/", "no such host"),
        ("Page.goto: net::ERR_CERT_AUTHORITY_INVALID at https://a.example/", "certificate"),
        ("Page.goto: net::ERR_PROXY_CONNECTION_FAILED at https://a.example/", "proxy"),
        ("Page.goto: net::ERR_SOMETHING_NEW at https://a.example/", "ERR_SOMETHING_NEW"),
        ("Page.click: Timeout 3000ms exceeded.\nCall log:\n  - waiting for locator", "did not answer in time"),
        ("Page.evaluate: Target page, context or browser has been closed", "was closed"),
        ("Page.goto: Page crashed", "crashed"),
        ("Page.goto: Protocol error (Page.navigate): Cannot navigate to invalid URL", "not a web address"),
        ("Frame.evaluate: something else", "could not do this"),
    ],
)  # fmt: skip
def test_foreign_errors_in_our_words(text: str, said: str) -> None:
    error = mapped(RuntimeError(text), "https://b.example/")
    assert isinstance(error, ApplicationError)
    assert said in error.message.en
    assert "Call log" not in error.message.en + error.message.ja
    assert error.detail == text


def test_the_gate_is_shut_at_first() -> None:
    gate = Gate()
    assert gate.mode == "shut"
    gate.begin("submit", lambda request: None)
    gate.end()
    assert (gate.mode, gate.arm, gate.catch) == ("shut", None, None)


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("https://app.example.co.jp/x", "https://api.example.co.jp/y", True), ("https://a.co.jp/", "https://b.co.jp/", False),
        ("https://www.example.com/", "https://stats.other.com/", False), ("http://127.0.0.1:80/", "http://127.0.0.1:90/", True),
        ("http://127.0.0.1/", "http://127.0.0.2/", False), ("https://example.com/", "https://sub.example.com/", True),
    ],
)  # fmt: skip
def test_one_site_or_two(left: str, right: str, same: bool) -> None:
    assert same_site(left, right) is same


def test_a_file_is_put_back_into_its_form() -> None:
    head = b'--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--B\r\nContent-Disposition: form-data; name="f"; filename="x.bin"\r\nContent-Type: application/octet-stream\r\n\r\n'
    assert whole_body(head + b"\r\n--B--\r\n", {"x.bin": b"DATA"}) == head + b"DATA\r\n--B--\r\n"
    assert whole_body(b"a=1", {}) is None
    with pytest.raises(FileNotFoundError):
        whole_body(head + b"\r\n--B--\r\n", {})


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("attachment; filename*=UTF-8''%E6%98%8E%E7%B4%B0.csv", "明細.csv"),
        ('attachment; filename="明細.csv"'.encode("cp932").decode("latin-1"), "明細.csv"),
        ('attachment; filename="明細.csv"'.encode().decode("latin-1"), "明細.csv"),
        ('attachment; filename="../../x"', "../../x"),
        ("", "last.pdf"),
    ],
)
def test_the_name_a_site_gives_is_read_as_it_was_meant(header: str, name: str) -> None:
    assert _name(header, "https://a.example/x/last.pdf?q=1") == name
