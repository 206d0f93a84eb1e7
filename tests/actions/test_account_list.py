"""The accounts a site offers: the entries of its list as a person reads them, and nothing that cannot be chosen."""

from __future__ import annotations

from typing import Any

import pytest

from bofbot.actions.documents.account_list import accounts_offered
from bofbot.errors import ApplicationError

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LIST = """<p><label>口座 <select><option value="">選択してください</option><option>普通 0012345</option><option disabled>解約済</option>
<option value=2 label=" 当座 0099999 "></option></select></label></p><p><label>開始日 <input></label></p><p><label>通貨 <select></select></label></p>"""


async def offered(desk: Any, label: str) -> list[str]:
    await desk.open("/form")
    await desk.browser.page.set_content(LIST)
    async with desk.browser.step(desk.stage):
        return await accounts_offered(desk.browser, label)


async def test_the_entries_that_can_be_chosen_are_told_in_their_order(desk: Any) -> None:
    assert await offered(desk, "口座") == ["普通 0012345", "当座 0099999"]


@pytest.mark.parametrize("label", ["開始日", "通貨", "支店"])
async def test_what_is_no_list_of_accounts_is_said_with_the_way_out(desk: Any, label: str) -> None:
    with pytest.raises(ApplicationError) as missed:
        await offered(desk, label)
    assert missed.value.sighting.looked_for == label
    assert "accounts:" in str(missed.value.fix)
