"""One mutant on trial: in a process of its own the code is changed and the tests that reach it run.

Owns: the process with its limits, and the two ways to change code without writing a file: a function that
is imported already is given another body; a table, a class or a default is changed before it is imported.
Refuses to know: which tests and why.
"""

from __future__ import annotations

import importlib.abc
import importlib.util
import os
import resource
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from types import CodeType

import pytest
from _pytest.runner import runtestprotocol

from tests.mutation.mutants import Mutant
from tests.mutation.suite import PLAIN, Suite

MEMORY_MAX_BYTES = 4 * 2**30
GRACE_SECONDS = 4
SLOWER_THAN_BEFORE = 5


class Verdict(StrEnum):
    """What became of a mutant."""

    NOTICED = "noticed"
    TOO_LONG = "too long"  # noticed: it did not end
    SURVIVED = "survived"
    UNREACHED = "unreached"  # survived: no test comes there


class _ChangedSource(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds one module, and gives it the mutant's source."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(self, fullname, path, target=None):
        if fullname != self._mutant.module:
            return None
        return importlib.util.spec_from_loader(fullname, self, origin=str(self._mutant.path))

    def exec_module(self, module) -> None:
        module.__file__ = str(self._mutant.path)
        exec(compile(self._mutant.source, module.__file__, "exec"), module.__dict__)


def verdict_of(status: int) -> Verdict:
    """Read how the process of a trial ended."""
    if os.WIFSIGNALED(status):
        return Verdict.TOO_LONG
    return Verdict.SURVIVED if os.WEXITSTATUS(status) == 0 else Verdict.NOTICED


def from_the_import_on(mutant: Mutant, suite: Suite, stages: Sequence[Sequence[str]]) -> bool:
    """Import the changed module in place of the product's; say whether the tests pass.

    Only for a process that has not imported the product.
    """
    sys.meta_path.insert(0, _ChangedSource(mutant))
    for stage in stages:
        _limit_time(sum(suite.seconds[test] for test in stage))
        if pytest.main([*PLAIN, "-x", "-p", "no:pytest_cov", *stage]) != 0:
            return False
    return True


def in_place(
    mutant: Mutant, suite: Suite, stages: Sequence[Sequence[str]], items: Mapping[str, Sequence[pytest.Item]]
) -> bool:
    """Give the changed body to the function that is there; say whether the tests, collected before, pass."""
    give_body(mutant)
    for stage in stages:
        _limit_time(sum(suite.seconds[test] for test in stage))
        if not _pass([item for test in stage for item in items[test]]):
            return False
    return True


def give_body(mutant: Mutant) -> None:
    """Change what the mutant's function does for everybody who has it already."""
    owner = sys.modules[mutant.module]
    *classes, name = mutant.function.split(".")
    for part in classes:
        owner = getattr(owner, part)
    found = vars(owner)[name]
    function = found.fget if isinstance(found, property) else getattr(found, "__func__", found)
    module_code = compile(mutant.source, str(mutant.path), "exec", dont_inherit=True)
    function.__code__ = next(code for code in _codes(module_code) if code.co_qualname == mutant.function)


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)


def _pass(items: Sequence[pytest.Item]) -> bool:
    for item, following in zip(items, [*items[1:], None], strict=True):
        reports = runtestprotocol(item, log=False, nextitem=following)
        if any(report.failed for report in reports):
            return False
    return True


def in_a_process_of_its_own(trial: Callable[[], bool]) -> int:
    """Start a trial and return the number of its process."""
    process = os.fork()
    if process:
        return process
    passed = False
    try:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX_BYTES, MEMORY_MAX_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        passed = trial()
    except BaseException:
        passed = False
    os._exit(0 if passed else 1)


def _limit_time(usual_seconds: float) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = used.ru_utime + used.ru_stime + GRACE_SECONDS + SLOWER_THAN_BEFORE * usual_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (int(limit) + 1, resource.RLIM_INFINITY))
