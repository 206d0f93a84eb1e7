"""Which addresses are one page to a robot."""

from __future__ import annotations

import pytest

from bofbot.known_pages import page_pattern


@pytest.mark.parametrize(
    ("url", "pattern"),
    [
        ("http://127.0.0.1:8080/claims/new?style=table#top", "http://127.0.0.1/claims/new"),
        ("https://x.example/claims/4711/edit", "https://x.example/claims/*/edit"),
        ("https://x.example/claims/3f2a9c1e-77aa", "https://x.example/claims/*"),
        ("https://x.example/v2/claims", "https://x.example/v2/claims"),
        ("https://x.example/%E7%94%B3%E8%AB%8B/new", "https://x.example/*/new"),
        ("https://x.example/app#/claims/12?tab=1", "https://x.example/app#/claims/*"),
        ("https://x.example", "https://x.example"),
        ("about:blank", "about://blank"),
        ("", "://"),
    ],
)
def test_an_address_without_what_differs_from_record_to_record(url: str, pattern: str) -> None:
    assert page_pattern(url) == pattern
