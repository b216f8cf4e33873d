"""Mutants that nobody can notice, because the changed code does the same: each with its reason.

Owns: reading the list in equivalents.toml. Refuses to know: groups of mutants; there is no wildcard. An
entry is one changed line of one module, and it has to be right: one that no mutant matches, or whose mutant
a test notices, fails the run.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass

from tests.mutation.mutants import Mutant
from tests.mutation.scope import REPOSITORY

LIST = REPOSITORY / "tests" / "mutation" / "equivalents.toml"


@dataclass(frozen=True)
class Equivalent:
    """One changed line that means the same as the line it replaces."""

    module: str
    before: str
    after: str
    reason: str

    def is_of(self, mutant: Mutant) -> bool:
        changed = (mutant.module, mutant.before, mutant.after)
        return (self.module, self.before, self.after) == changed


def equivalents() -> list[Equivalent]:
    """Return the list."""
    entries = tomllib.loads(LIST.read_text(encoding="utf-8")).get("equivalent", [])
    return [Equivalent(**entry) for entry in entries]
