"""Which tests reach which function, and how long each takes: one run of the untouched code.

Owns: the first run with its coverage by test, and the order in which tests are asked about a change.
Refuses to know: mutants beyond the lines they touch.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import coverage
import pytest

from tests.mutation.scope import REPOSITORY, TESTS, TESTS_OF_DECLARATIONS

PLAIN = ("-q", "--noconftest", "-p", "no:django", "-p", "no:cacheprovider", "-p", "no:xdist")
PLAIN += ("-o", "addopts=--import-mode=importlib", "-W", "ignore", "--tb=no", "--no-header", "--no-summary")
FIRST_STAGE_SECONDS = 2.0
SECONDS_MAX = 10.0  # of tests for one change, the nearest first: what these do not notice counts as survived


@dataclass
class Suite:
    """What the first run saw: tests by file and line, and seconds by test."""

    tests_of_lines: dict[Path, dict[int, set[str]]]
    seconds: dict[str, float] = field(default_factory=dict)

    def stages(self, path: Path, lines: tuple[int, int] | None) -> list[list[str]]:
        """Return the tests that reach the lines: the quick ones of the module first, then all others.

        A table or a class is read when its module is imported: any test that reaches the module may notice.
        """
        by_line = self.tests_of_lines.get(path, {})
        span = range(lines[0], lines[1] + 1) if lines else by_line
        tests = {test for line in span for test in by_line.get(line, ())} & self.seconds.keys()
        tests |= {test for test in self.seconds if lines is None and test.startswith(TESTS_OF_DECLARATIONS)}
        ordered = sorted(tests, key=lambda test: (path.stem not in test, self.seconds[test], test))
        first, last = (self._within(ordered, seconds) for seconds in (FIRST_STAGE_SECONDS, SECONDS_MAX))
        return [stage for stage in (ordered[:first], ordered[first:last]) if stage]

    def _within(self, ordered: Sequence[str], seconds: float) -> int:
        """Return how many tests take so long together; at least one."""
        spent = 0.0
        for count, test in enumerate(ordered):
            spent += self.seconds[test]
            if spent > seconds:
                return max(count, 1)
        return len(ordered)


class _Stopwatch:
    """A plugin that adds up the seconds of every test, its parameters together."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()

    def pytest_runtest_logreport(self, report) -> None:
        name = function_of(report.nodeid)
        self.seconds[name] = self.seconds.get(name, 0.0) + report.duration
        if report.failed:
            self.failed.add(name)


def function_of(nodeid: str) -> str:
    """Return a test's name without its parameters and its phase."""
    return nodeid.split("|", 1)[0].split("[", 1)[0]


def first_run(*, bears_failures: bool) -> Suite:
    """Run every test on the untouched code. A test that fails ends the program, or is not asked any more."""
    stopwatch = _Stopwatch()
    measured = ("--cov=ledger/kernel", "--cov=ledger/domain", "--cov=ledger/policies", "--cov-context=test")
    strictness = ["--continue-on-collection-errors"] if bears_failures else ["-x", "--tb=short"]
    with tempfile.TemporaryDirectory() as directory:
        os.environ["COVERAGE_FILE"] = str(data_file := Path(directory) / "coverage")
        status = pytest.main([*PLAIN, *strictness, *measured, "--cov-report=", *TESTS], plugins=[stopwatch])
        tests_of_lines = _tests_of_lines(data_file)
    if status != 0 and not bears_failures:
        raise SystemExit("The tests do not pass on the untouched code; nothing can be said of changes to it.")
    asked = {test: spent for test, spent in stopwatch.seconds.items() if test not in stopwatch.failed}
    return Suite(tests_of_lines, asked)


def _tests_of_lines(data_file: Path) -> dict[Path, dict[int, set[str]]]:
    data = coverage.CoverageData(str(data_file))
    data.read()
    return {
        Path(name): {
            line: {function_of(context) for context in contexts if context}
            for line, contexts in data.contexts_by_lineno(name).items()
        }
        for name in data.measured_files()
        if Path(name).is_relative_to(REPOSITORY)
    }
