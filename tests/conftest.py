"""What the proofs counted is told at the end of a test run, also when workers ran them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

_FIGURES = "figures"


@pytest.fixture(autouse=True, scope="session")
def _own_configuration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keys and locks of tests stay out of the configuration of whoever runs them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
        yield


@pytest.fixture
def figures(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """`figures("kills: 30 tried, 0 doubled, 0 lost")`: one line of the summary."""
    return lambda line: record_property(_FIGURES, line)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [
        report for outcome in ("passed", "failed") for report in terminalreporter.stats.get(outcome, [])
    ]
    lines = [
        (line, report.duration)
        for report in reports
        for name, line in getattr(report, "user_properties", ())
        if name == _FIGURES and report.when == "call"
    ]
    if lines:
        terminalreporter.section("what the proofs counted")
    for line, seconds in lines:
        terminalreporter.write_line(f"{line}  ({seconds:.0f} s)")
