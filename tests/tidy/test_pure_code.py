"""Rules are pure: whole numbers only, no clock, nothing but the standard library below them.

Method: the source files are parsed, not run. What is forbidden is looked for in every file of the packages
that decide about money.
"""

from __future__ import annotations

import ast
import sys

from tests.builders.source_tree import PACKAGES, imports_of, modules, parsed

PURE = (
    "ledger.kernel",
    "ledger.domain",
    "ledger.policies",
    "ledger.postings",
    "ledger.settlement_postings",
    "lending.domain",
    "lending.policies",
    "lending.postings",
    "collection.domain",
    "collection.policies",
)
# The library whose base classes aggregates and events have; the standard library needs no permission.
LIBRARIES_OF_PURE_CODE = {"eventsourcing"}
NOT_FOR_PURE_CODE = {"random", "time", "os", "socket", "secrets", "locale", "threading", "pathlib", "logging"}
CLOCKS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
    ("time", "localtime"),
    ("time", "gmtime"),
    ("timezone", "now"),
    ("timezone", "localdate"),
    ("timezone", "localtime"),
}
# The edge: where the wall clock may be read, and what for.
READERS_OF_THE_CLOCK = {
    "ledger.tasks": "which business dates have passed",
    "lending.tasks": "which attempts of the automatic debit have come",
}

pure_modules = sorted(name for name, module in modules().items() if module.is_in(*PURE))


def readers_of_the_clock():
    for name, module in modules().items():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
                owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
                if (owner, node.attr) in CLOCKS:
                    yield name


def floats_of(name):
    """Yield the lines on which a floating-point number or its type is named, quoted annotations included."""
    for node in ast.walk(modules()[name].tree):
        is_float = isinstance(node, ast.Constant) and isinstance(node.value, float | complex)
        names_float = isinstance(node, ast.Name) and node.id in ("float", "complex")
        quotes_float = isinstance(node, ast.Constant) and node.value == "float"
        if is_float or names_float or quotes_float:
            yield node.lineno


class TestPureCode:
    def test_knows_no_floating_point_number(self):
        assert {name: lines for name in pure_modules if (lines := list(floats_of(name)))} == {}

    def test_stands_on_the_standard_library_alone(self):
        allowed = set(sys.stdlib_module_names) | LIBRARIES_OF_PURE_CODE | set(PACKAGES)
        assert {name: others for name in pure_modules if (others := imported_roots(name) - allowed)} == {}

    def test_asks_neither_chance_nor_the_machine(self):
        assert {name for name in pure_modules if imported_roots(name) & NOT_FOR_PURE_CODE} == set()

    def test_imports_no_module_of_ours_that_is_not_pure(self):
        found = {}
        for name in pure_modules:
            ours = {module for module in imports_of(name) if module not in PACKAGES}
            if impure := {module for module in ours if not modules()[module].is_in(*PURE)}:
                found[name] = impure
        assert found == {}


def imported_roots(name):
    roots = set()
    for node in ast.walk(modules()[name].tree):
        if isinstance(node, ast.Import):
            roots |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            roots.add((node.module or "").split(".")[0])
    return roots


class TestTheWallClock:
    def test_is_read_only_at_the_edge(self):
        inside = {name for name in readers_of_the_clock() if not modules()[name].is_in("config")}
        assert inside == set(READERS_OF_THE_CLOCK)

    def test_is_read_by_no_column(self):
        """A column that fills itself with the machine's time would be a clock in the tables."""
        found = []
        for name, module in modules().items():
            if module.is_in(*PACKAGES) and "migrations" not in name:
                calls = (node for node in ast.walk(module.tree) if isinstance(node, ast.keyword))
                found += [name for node in calls if node.arg in ("auto_now", "auto_now_add")]
        assert set(found) <= {"lending.models"}  # when an order file was taken in, for its reader only


class TestTheSearch:
    def test_finds_what_it_looks_for(self, tmp_path):
        """These tests read trees; one that was planted has to be seen."""
        planted = tmp_path / "planted.py"
        planted.write_text("rate: float = 0.144\n")
        nodes = list(ast.walk(parsed(planted)))
        assert any(isinstance(node, ast.Constant) and isinstance(node.value, float) for node in nodes)
        assert any(isinstance(node, ast.Name) and node.id == "float" for node in nodes)

    def test_looks_at_the_files_it_should(self):
        assert {"ledger.kernel.money", "ledger.domain.accrual", "lending.policies.limit"} <= set(pure_modules)
