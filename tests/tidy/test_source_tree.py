"""The tree stays in order: no dead module, no drawer for odds and ends, nothing too long, nothing unexplained.

Method: the source files are parsed, not run.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys

from tests.builders.source_tree import PACKAGES, REPOSITORY, imports_of, modules

LINES_MAX = 400
DRAWERS = {"utils", "util", "helpers", "helper", "misc", "common", "managers", "stuff", "tools"}
# Django, Celery and the command line find these by their name; state charts are tables that the tests prove.
FOUND_BY_NAME = re.compile(
    r"(^manage$)|\.(apps|models|admin|tasks|urls|wsgi|registry|__init__)$|\.migrations(\.|$)"
    r"|\.management\.commands\.|^config\.settings\.|^config\.formats\.|_matrix$"
)

product = sorted(modules())


def strings_of(name):
    return (
        node.value
        for node in ast.walk(modules()[name].tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


class TestAModule:
    def test_is_imported_by_another_or_found_by_its_name(self):
        imported = {found for name in product for found in imports_of(name) if found != name}
        dotted = {
            ".".join(parts[:length])
            for name in product
            for text in strings_of(name)
            if (parts := text.split("."))[0] in PACKAGES
            for length in range(1, len(parts) + 1)
        }
        packages = {name for name in product if modules()[name].path.name == "__init__.py"}
        dead = {name for name in product if not FOUND_BY_NAME.search(name)} - imported - dotted - packages
        assert sorted(dead) == []

    def test_says_what_it_is_for(self):
        written = (modules()[name] for name in product if "migrations" not in name)
        assert [m.where for m in written if m.text.strip() and not ast.get_docstring(m.tree)] == []

    def test_explains_what_others_may_call(self):
        assert [line for name in product for line in unexplained(modules()[name])] == []

    def test_is_not_too_long_to_be_read_in_one_go(self):
        long = {
            module.where: lines
            for module in modules().values()
            if (lines := module.text.count("\n")) > LINES_MAX and "migrations" not in module.name
        }
        assert long == {}

    def test_has_the_name_of_a_thing(self):
        assert [name for name in product if DRAWERS & set(name.split("."))] == []

    def test_prints_nothing_but_from_the_command_line(self):
        printing = [
            name
            for name in product
            for node in ast.walk(modules()[name].tree)
            if isinstance(node, ast.Name) and node.id in ("print", "breakpoint")
        ]
        assert printing == []


def unexplained(module):
    """Yield public functions, methods and classes without a docstring."""
    is_plain_data = re.compile(r"\.migrations\.|\.migrations$|^config\.settings")
    if is_plain_data.search(module.name):
        return
    for node in module.tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            if not ast.get_docstring(node) and not is_overload(node):
                yield f"{module.where}:{node.lineno} {node.name}"
            if isinstance(node, ast.ClassDef):
                yield from unexplained_methods(module, node)


def unexplained_methods(module, owner):
    """Methods of the language, of Django's inner classes and of protocols explain themselves by their name."""
    if any("Protocol" in ast.unparse(base) for base in owner.bases):
        return
    for node in owner.body:
        if (
            isinstance(node, ast.FunctionDef)
            and not node.name.startswith("_")
            and not ast.get_docstring(node)
            and node.name not in ("apply", "change", "clean", "save", "get_queryset", "validate")
        ):
            yield f"{module.where}:{node.lineno} {owner.name}.{node.name}"


def is_overload(node):
    return any("overload" in ast.unparse(decorator) for decorator in getattr(node, "decorator_list", ()))


class TestTheTopLevel:
    def test_shadows_nothing_of_the_standard_library(self):
        packages = {path.name for path in REPOSITORY.iterdir() if (path / "__init__.py").exists()}
        scripts = {path.stem for path in REPOSITORY.glob("*.py")}
        assert {*PACKAGES, "manage"} <= packages | scripts
        assert (packages | scripts) & set(sys.stdlib_module_names) == set()

    def test_keeps_the_import_rules(self):
        lint = "from importlinter.cli import lint_imports_command as lint; lint()"
        done = subprocess.run(
            [sys.executable, "-c", lint, "--no-cache"],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
