"""One-time codes: the published examples, short keys, whole addresses, and what is no key."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bofbot.adapters.credentials.totp import code_now
from bofbot.errors import NotReady
from bofbot.secret import Secret

RFC = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # the key "12345678901234567890" of RFC 6238, appendix B


@pytest.mark.parametrize(
    ("seconds", "code"), [(59, "94287082"), (1111111109, "07081804"), (2000000000, "69279037")]
)
def test_the_examples_of_rfc_6238(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert code_now(Secret(f"otpauth://totp/x?secret={RFC}&digits=8"), at) == code
    assert code_now(Secret(RFC), at) == code[2:]


def test_a_key_of_80_bits_as_many_sites_hand_out() -> None:
    at = datetime.fromtimestamp(59, UTC)
    assert code_now(Secret("JBSW Y3DP EHPK 3PXP"), at) == code_now(Secret("jbswy3dpehpk3pxp"), at)
    assert code_now(Secret("JBSWY3DPEHPK3PXP"), at) == "996554"


@pytest.mark.parametrize("key", ["", "not a key!", "otpauth://totp/x", "11111111"])
def test_what_is_no_key(key: str) -> None:
    with pytest.raises(NotReady):
        code_now(Secret(key), datetime.now(UTC))
