"""What `make chaos` found, in Markdown: each story, how it ended, what was compared and measured."""

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from _pytest.terminal import TerminalReporter

OUTCOMES = ("passed", "failed", "error")


def reports_of(reporter: TerminalReporter) -> list[pytest.TestReport]:
    """Return what came of each test, slowest first."""
    found = [report for outcome in OUTCOMES for report in reporter.stats.get(outcome, [])]
    return sorted(found, key=lambda report: -report.duration)


def line_of(report: pytest.TestReport) -> str:
    """Return a test's row: its name in words, its end, its seconds, what it wrote down."""
    name = report.nodeid.partition("::")[2].removeprefix("test_").replace("_", " ")
    found = ", ".join(f"{name}: {value}" for name, value in report.user_properties)
    return f"| {name} | {report.outcome} | {report.duration:.0f} | {found} |"


def written(reports: Iterable[pytest.TestReport]) -> str:
    """Return the whole report."""
    head = ["| story | end | seconds | found |", "| --- | --- | --- | --- |"]
    return "\n".join(
        [f"# Chaos, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC", "", *head, *map(line_of, reports), ""]
    )


def write_report(reporter: TerminalReporter) -> None:
    """Write the report to the file that `CHAOS_REPORT` names, and say where it is; nothing without one."""
    if name := os.environ.get("CHAOS_REPORT"):
        Path(name).write_text(written(reports_of(reporter)))
        reporter.write_line(f"The report: {name}")
