"""All trials of a run: those in place by one process that has collected the tests, the others after it.

Owns: processes and the order of trials. Refuses to know: how code is changed, and what is enough.
"""

from __future__ import annotations

import os
import pickle
import sys
import tempfile
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest

from tests.mutation.equivalents import Equivalent
from tests.mutation.mutants import Mutant
from tests.mutation.scope import TESTS
from tests.mutation.score import SURVIVORS
from tests.mutation.suite import PLAIN, Suite, function_of
from tests.mutation.trial import Verdict, from_the_import_on, in_a_process_of_its_own, in_place, verdict_of

AnswerT = TypeVar("AnswerT")
Verdicts = dict[Mutant, Verdict]


def verdicts_on(
    mutants: Sequence[Mutant], suite: Suite, *, jobs: int, known: Sequence[Equivalent]
) -> Verdicts:
    """Put every mutant on trial, some at a time, and tell of those nobody noticed as they are found."""
    court = _Court(suite, jobs, known)
    bodies = [mutant for mutant in mutants if mutant.in_body]
    others = [mutant for mutant in mutants if not mutant.in_body]
    found = apart(partial(court.try_in_place, bodies)) if bodies else {}
    found |= court.hold(others, lambda *case: partial(from_the_import_on, *case))
    if len(found) < len(mutants):
        raise SystemExit("Some trials were not held; nothing can be said of the score.")
    return found


def apart(work: Callable[[], AnswerT]) -> AnswerT:
    """Return the answer of work that is done in another process: what it imports stays there."""
    with tempfile.TemporaryDirectory() as directory:
        answer = Path(directory) / "answer"
        process = os.fork()
        if not process:
            _do(work, answer)
        if os.waitpid(process, 0)[1]:
            raise SystemExit(1)
        return pickle.loads(answer.read_bytes())


def _do(work: Callable[[], AnswerT], answer: Path) -> None:
    status = 1
    try:
        answer.write_bytes(pickle.dumps(work()))
        status = 0
    except SystemExit as failure:
        print(failure)
    finally:
        sys.stdout.flush()
        os._exit(status)


class _Court:
    """Holds trials, a few at a time."""

    def __init__(self, suite: Suite, jobs: int, known: Sequence[Equivalent]) -> None:
        self._suite = suite
        self._jobs = jobs
        self._known = known

    def try_in_place(self, mutants: Sequence[Mutant]) -> Verdicts:
        """Collect the tests once and hold all trials from there."""
        collected = _Collected(partial(self._hold_over, mutants))
        pytest.main(
            [*PLAIN, "-p", "no:pytest_cov", "--continue-on-collection-errors", *TESTS], plugins=[collected]
        )
        return collected.verdicts

    def _hold_over(self, mutants: Sequence[Mutant], items: dict[str, list[pytest.Item]]) -> Verdicts:
        return self.hold(mutants, lambda *case: partial(in_place, *case, items))

    def hold(self, mutants: Sequence[Mutant], trial: Callable[..., Callable[[], bool]]) -> Verdicts:
        """Hold the trials of some mutants."""
        verdicts: Verdicts = {}
        waiting, running = deque(mutants), {}
        while waiting or running:
            while waiting and len(running) < self._jobs:
                mutant = waiting.popleft()
                if stages := self._suite.stages(mutant.path, mutant.function_lines):
                    running[in_a_process_of_its_own(trial(mutant, self._suite, stages))] = mutant
                else:
                    self._keep(verdicts, mutant, Verdict.UNREACHED)
            if running:
                process, status = os.wait()
                self._keep(verdicts, running.pop(process), verdict_of(status))
        return verdicts

    def _keep(self, verdicts: Verdicts, mutant: Mutant, verdict: Verdict) -> None:
        verdicts[mutant] = verdict
        if verdict in SURVIVORS and not any(entry.is_of(mutant) for entry in self._known):
            print(f"{verdict}: {mutant.name}", flush=True)


class _Collected:
    """A plugin that has the tests collected, and holds trials instead of running them."""

    def __init__(self, hold: Callable[[dict[str, list[pytest.Item]]], Verdicts]) -> None:
        self._hold = hold
        self.verdicts: Verdicts = {}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = defaultdict(list)
        for item in session.items:
            items[function_of(item.nodeid)].append(item)
        self.verdicts = self._hold(items)
        return True
