"""The product's own source files, read and never run: which modules there are and what each imports.

Owns: parsing. Refuses to know: the rules that the tidy tests make of it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGES = ("config", "ledger", "lending", "collection")


@dataclass(frozen=True)
class Module:
    """One source file of the product."""

    name: str
    path: Path

    @property
    def where(self) -> str:
        return str(self.path.relative_to(REPOSITORY))

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def tree(self) -> ast.Module:
        return parsed(self.path)

    def is_in(self, *packages: str) -> bool:
        return any(self.name == package or self.name.startswith(f"{package}.") for package in packages)


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@cache
def modules() -> dict[str, Module]:
    """Return every module of the product by its name."""
    found = [REPOSITORY / "manage.py"]
    for package in PACKAGES:
        found += sorted((REPOSITORY / package).rglob("*.py"))
    named = (Module(_name_of(path), path) for path in found if "__pycache__" not in path.parts)
    return {module.name: module for module in named}


def _name_of(path: Path) -> str:
    parts = path.relative_to(REPOSITORY).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def imports_of(name: str) -> frozenset[str]:
    """Return the product's modules that a module names in an import, wherever in the file it stands."""
    module = modules()[name]
    package = name if module.path.name == "__init__.py" else name.rpartition(".")[0]
    return frozenset(_product_modules(_imported_names(ast.walk(module.tree), package)))


def _imported_names(nodes: Iterable[ast.AST], package: str) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.rsplit(".", node.level - 1)[0] if node.level > 1 else package
            base = ".".join(part for part in (above if node.level else "", node.module or "") if part)
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _product_modules(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        parts = name.split(".")
        for length in range(1, len(parts) + 1):
            if (prefix := ".".join(parts[:length])) in modules():
                yield prefix


def reachable_from(*names: str) -> set[str]:
    """Return every module that importing these leads to."""
    seen: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(imports_of(name))
    return seen
