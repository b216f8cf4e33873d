"""Every way in which one module can be changed in one place.

Owns: which of the changes that mutmut proposes are made, and how each is named. Properties and tables of a
module are changed too; sentences for people, annotations and decorators are not.
Refuses to know: tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.file_mutation import Mutation, MutationVisitor, OuterFunctionProvider, deep_replace
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode

from tests.mutation.scope import REPOSITORY


@dataclass(frozen=True)
class Mutant:
    """A module with one change: the changed line before and after, and the function it stands in, if any.

    ``in_body`` says that only what the function does is changed, not its parameters or their defaults.
    """

    path: Path
    line: int
    before: str
    after: str
    source: str
    function: str | None
    function_lines: tuple[int, int] | None
    in_body: bool

    @property
    def module(self) -> str:
        return ".".join(self.path.relative_to(REPOSITORY).with_suffix("").parts)

    @property
    def name(self) -> str:
        return f"{self.path.relative_to(REPOSITORY)}:{self.line}  {self.before}  ->  {self.after}"


class _Proposals(MutationVisitor):
    """Mutmut's visitor, let into properties and kept out of sentences."""

    def _skip_node_and_children(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.FunctionDef) and _is_property(node):
            return False
        return _is_sentence(node) or super()._skip_node_and_children(node)


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Yield the module's mutants in the order of its lines; one that cannot be compiled is none."""
    text = path.read_text(encoding="utf-8")
    wrapper = MetadataWrapper(cst.parse_module(text))
    visitor = _Proposals(mutation_operators, IgnoredCode(set(), set(), set()))
    wrapper.visit(visitor)
    functions = _Functions(wrapper)
    seen = {text}
    for proposal in visitor.mutations:
        if _drops_a_sentence(proposal.original_node, proposal.mutated_node):
            continue
        changed = _changed(wrapper.module, text, proposal)
        if changed not in seen and _compiles(changed):
            seen.add(changed)
            yield Mutant(
                path, *_difference(text, changed), changed, *functions.around(proposal.original_node)
            )


def _changed(module: cst.Module, text: str, proposal: Mutation) -> str:
    """Return the module's text with one change; only the function or class it stands in is written anew."""
    owner = proposal.contained_by_top_level_function
    statement = next((found for found in module.body if found is owner or _holds(found, owner)), module)
    changed = deep_replace(statement, proposal.original_node, proposal.mutated_node)
    if statement is module:
        return changed.code
    return text.replace(module.code_for_node(statement), module.code_for_node(changed), 1)


def _holds(statement: cst.CSTNode, owner: cst.CSTNode | None) -> bool:
    return isinstance(statement, cst.ClassDef) and any(found is owner for found in statement.body.body)


class _Functions:
    """Where the functions of a module are and what they are called."""

    def __init__(self, wrapper: MetadataWrapper) -> None:
        self._positions = wrapper.resolve(PositionProvider)
        self._owners = wrapper.resolve(OuterFunctionProvider)
        self._names = dict(_named_functions(wrapper.module.body, prefix=""))

    def around(self, node: cst.CSTNode) -> tuple[str | None, tuple[int, int] | None, bool]:
        """Return the name and the lines of the function a node is in, and whether it is in its body."""
        owner = self._owners.get(node)
        if not isinstance(owner, cst.FunctionDef):
            return None, None, False
        span, body, where = (self._positions.get(found) for found in (owner, owner.body, node))
        in_body = where is not None and (where.start.line, where.start.column) >= (
            body.start.line,
            body.start.column,
        )
        return self._names[owner], (span.start.line, span.end.line), in_body


def _named_functions(statements, prefix: str) -> Iterator[tuple[cst.FunctionDef, str]]:
    for statement in statements:
        if isinstance(statement, cst.FunctionDef):
            yield statement, f"{prefix}{statement.name.value}"
        elif isinstance(statement, cst.ClassDef):
            yield from _named_functions(statement.body.body, f"{prefix}{statement.name.value}.")


def _difference(text: str, changed: str) -> tuple[int, str, str]:
    """Return the number of the first changed line, and the changed lines before and after."""
    old, new = text.splitlines(), changed.splitlines()
    start = next(row for row, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1])
    end = next(row for row, pair in enumerate(zip(old[::-1], new[::-1], strict=False)) if pair[0] != pair[1])
    before, after = old[start : max(len(old) - end, start)], new[start : max(len(new) - end, start)]
    return start + 1, *(" ".join(line.strip() for line in lines) for lines in (before, after))


def _compiles(source: str) -> bool:
    try:
        compile(source, "mutant", "exec")
    except SyntaxError:
        return False
    return True


def _is_property(node: cst.FunctionDef) -> bool:
    names = [decorator.decorator for decorator in node.decorators]
    return len(names) == 1 and isinstance(names[0], cst.Name) and names[0].value == "property"


def _is_sentence(node: cst.CSTNode) -> bool:
    """Say whether a text is for people: it has words with spaces between them."""
    if isinstance(node, cst.FormattedString):
        return any(isinstance(part, cst.FormattedStringText) and " " in part.value for part in node.parts)
    if isinstance(node, cst.ConcatenatedString):
        return _is_sentence(node.left)
    return isinstance(node, cst.SimpleString) and " " in node.value


def _drops_a_sentence(before: cst.CSTNode, after: cst.CSTNode) -> bool:
    if not isinstance(before, cst.Call) or not isinstance(after, cst.Call):
        return False
    sentences = [argument.value for argument in before.args if _is_sentence(argument.value)]
    kept = [argument.value for argument in after.args]
    return any(all(sentence is not other for other in kept) for sentence in sentences)
