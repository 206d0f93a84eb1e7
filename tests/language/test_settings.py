"""configs/bofbot.yaml and the BOFBOT_… variables over it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bofbot.language.settings import OVERRIDES, InvalidSettings, load_settings
from bofbot.settings import BrowserSettings, Settings

WHOLE = """
language: ja
logs: ../logs
store: sqlite:///bofbot.db
browser: {channel: chrome, headed: true, slow_mo: 200ms, width: 1600}
notify:
  経理チャット: {to: ["slack://${SLACK_TOKEN}", "mailto://keiri@example.co.jp"]}
secrets:
  経費システム: {env: KEIHI}
step_timeout: 45s
run_timeout: 2h
company_days: configs/company_days.csv
"""


def _written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "bofbot.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_whole_file(tmp_path: Path) -> None:
    settings = load_settings(_written(tmp_path, WHOLE), {})
    assert settings.browser.slow_mo == 0.2
    assert settings.browser.headed is True
    assert (settings.step_timeout, settings.run_timeout) == (45.0, 7200.0)
    assert (
        settings.notify["経理チャット"].to[0] == "slack://${SLACK_TOKEN}"
    )  # filled in by the notifier, kept out of sight here
    assert settings.secrets["経費システム"].env == "KEIHI"
    assert settings.company_days == Path("configs/company_days.csv")


def test_nothing_written_means_the_defaults(tmp_path: Path) -> None:
    assert load_settings(None, {}) == Settings()
    assert load_settings(_written(tmp_path, "# nothing yet\n"), {}) == Settings()


def test_the_environment_lies_over_the_file(tmp_path: Path) -> None:
    environ = {
        "BOFBOT_STEP_TIMEOUT": "1m",
        "BOFBOT_BROWSER_HEADED": "false",
        "BOFBOT_BROWSER_WIDTH": "800",
        "BOFBOT_LOGS": "/var/log/bofbot",
        "BOFBOT_PASSPHRASE": "x",
    }
    settings = load_settings(_written(tmp_path, WHOLE), environ)
    assert (settings.step_timeout, settings.browser.headed, settings.browser.width) == (60.0, False, 800)
    assert settings.logs == Path("/var/log/bofbot")
    assert settings.browser.channel == "chrome"
    assert all(name.startswith("BOFBOT_") for name in OVERRIDES)


def test_several_values_of_a_variable_are_parted_by_commas() -> None:
    settings = load_settings(None, {"BOFBOT_BROWSER_ALLOW": "a.example.com, *.b.example.com"})
    assert settings.browser.allow == ("a.example.com", "*.b.example.com")


def test_the_page_names_every_setting_and_every_variable() -> None:
    page = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")
    names = [
        *Settings.model_fields,
        *(f"browser.{name}" for name in BrowserSettings.model_fields),
        *OVERRIDES,
    ]
    assert not [name for name in names if f"`{name}`" not in page]


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "says"),
    [
        ("logz: a\n", "E120", 1, 1, "did you mean `logs`"), ("browser:\n  hedded: true\n", "E120", 2, 3, "did you mean `headed`"), ("language: jp\n", "E116", 1, 11, "`language`"),
        ("step_timeout: 30\n", "E117", 1, 15, "30s"), ("browser: {slow_mo: 200}\n", "E117", 1, 20, "unit"), ("notify: {a: {too: b}}\n", "E120", 1, 14, "did you mean `to`"),
        ("browser: chrome\n", "E116", 1, 10, "mapping"), ("- a\n", "E119", 1, 1, "mapping"), ("logs: a\nlogs: b\n", "E104", 2, 1, "twice"), ("logs:\n", "E118", 1, 6, "no value"), ("logs: &a b\n", "E105", 1, 7, "anchors"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_place(
    tmp_path: Path, text: str, code: str, line: int, column: int, says: str
) -> None:
    with pytest.raises(InvalidSettings) as caught:
        load_settings(_written(tmp_path, text), {})
    (one,) = caught.value.diagnostics
    assert (one.code, one.place.line, one.place.column) == (code, line, column)
    assert says in one.message.en + (one.fix.en if one.fix else "")


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [("BOFBOT_STEP_TIMEOUT", "30", "E117"), ("BOFBOT_BROWSER_WIDTH", "wide", "E116")],
)
def test_a_wrong_variable_is_named(name: str, value: str, code: str) -> None:
    with pytest.raises(InvalidSettings, match=name) as caught:
        load_settings(None, {name: value})
    assert caught.value.diagnostics[0].code == code
    assert caught.value.diagnostics[0].place.file == name


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match="cannot be read"):
        load_settings(tmp_path / "none.yaml", {})


ACCOUNT = """
browser: {language: ja-JP, channel: chrome}
accounts:
  経費システム: {language: en-US, executable: /usr/bin/chromium, proxy: "http://proxy:8080", proxy_secret: 社内プロキシー}
"""


def test_what_is_special_about_an_account(tmp_path: Path) -> None:
    settings = load_settings(_written(tmp_path, ACCOUNT), {})
    own = settings.accounts["経費システム"].browser(settings.browser)
    assert (own.language, own.executable, own.channel, own.proxy, own.time_zone) == (
        "en-US",
        "/usr/bin/chromium",
        "",
        "http://proxy:8080",
        "Asia/Tokyo",
    )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("proxy: http://u:p@proxy:8080", "proxy_secret"),
        ("proxy: socks5://proxy", "http://proxy:8080"),
        ("time_zone: Asia/Tokio", "Asia/Tokyo"),
        ("language: Japanese", "ja-JP"),
        ("certificate: a.txt", ".p12"),
        ("certificat: a.p12", "certificate"),
    ],
)
def test_what_an_account_cannot_have_is_told_in_its_place(tmp_path: Path, wrong: str, said: str) -> None:
    with pytest.raises(InvalidSettings) as caught:
        load_settings(_written(tmp_path, f"accounts:\n  経費: {{{wrong}}}\n"), {})
    (found,) = caught.value.diagnostics
    fix = found.fix.en if found.fix else ""
    assert said in found.message.en + fix
    assert found.place.line == 2


def test_how_long_things_are_kept(tmp_path: Path) -> None:
    keep = load_settings(_written(tmp_path, "keep: {evidence: 90d}"), {}).keep
    assert (keep.evidence, keep.history) == (90 * 86400.0, 0.0)
    for wrong in ("keep: {evidence: 90}", "keep: {evidence: 1h}", "keep: {runs: 90d}"):
        with pytest.raises(InvalidSettings):
            load_settings(_written(tmp_path, wrong), {})
